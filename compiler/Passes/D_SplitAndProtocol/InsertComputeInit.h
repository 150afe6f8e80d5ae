//===- InsertComputeInit.h - Parts of pass D4 -------------------*- C++ -*-===//
//
// The steps of `tt-insert-compute-init`, one file each.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_INSERTCOMPUTEINIT_H
#define TILEWRIGHT_COMPILER_PASSES_D_INSERTCOMPUTEINIT_H

#include "compiler/Analysis/EngineState.h"
#include "compiler/Analysis/TileCalls.h"
#include "compiler/Dialect/Metalium/Registry.h"

namespace tilewright {

/// Rewrites the body of a section until each operation is one call: operands
/// from circular buffers are loaded, nothing overwrites a block that is used
/// later, and the sub-block fits `capacity` tiles of DST. What `api` has no
/// call for becomes calls that it has.
mlir::LogicalResult prepareSection(tt::SectionOp section, int64_t capacity,
                                   metalium::ApiGeneration api);

/// Replaces the operations of a section that have no call in the generation
/// 2026-03.
void rewriteForApi2026_03(tt::SectionOp section);

/// Switches packer accumulation on and off around the accumulating sections of
/// a kernel: around each, or with `elide` once a loop.
mlir::LogicalResult insertL1Accumulate(metalium::KernelOp kernel, bool elide);

/// The calls that do `op` of a prepared section; none if it needs none or is
/// not in a section. `fast`: the approximate functions of the vector unit.
llvm::SmallVector<TileCall, 2> getSectionCalls(mlir::Operation *op, bool fast);

/// Creates the call that sets `resource` up for `call`, which does `op` of a
/// section. The packer's resources are set by section, not here.
void createSetUp(mlir::OpBuilder &builder, mlir::Operation *op,
                 const TileCall &call, EngineResource resource);

/// Moves init and reconfig calls out of loops and sections that need one value
/// of a resource, and removes those that set what is set already. `fast` as in
/// getSectionCalls.
void elideInits(metalium::KernelOp kernel, bool fast);

/// Makes one call of neighbouring calls that set SrcA and SrcB.
void mergeReconfigs(metalium::KernelOp kernel);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_INSERTCOMPUTEINIT_H
