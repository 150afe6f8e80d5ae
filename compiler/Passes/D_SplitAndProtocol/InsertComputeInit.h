//===- InsertComputeInit.h - Parts of pass D4 -------------------*- C++ -*-===//
//
// The steps of `tt-insert-compute-init`, one file each.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_INSERTCOMPUTEINIT_H
#define TILEWRIGHT_COMPILER_PASSES_D_INSERTCOMPUTEINIT_H

#include "compiler/Analysis/TileCalls.h"
#include "compiler/Dialect/Metalium/Registry.h"

namespace tilewright {

/// Rewrites the body of a section until each operation is one call: operands
/// from circular buffers are loaded, nothing overwrites a block that is used
/// later, and the sub-block fits `capacity` tiles of DST. What `api` has no call
/// for becomes calls that it has.
mlir::LogicalResult prepareSection(tt::SectionOp section, int64_t capacity,
                                   metalium::ApiGeneration api);

/// Replaces the operations of a section that have no call in the generation
/// 2026-03.
void rewriteForApi2026_03(tt::SectionOp section);

/// Switches packer accumulation on and off around the accumulating sections of
/// a kernel: around each, or with `elide` once a loop.
mlir::LogicalResult insertL1Accumulate(metalium::KernelOp kernel, bool elide);

/// Moves init and reconfig calls out of loops and sections that need one value
/// of a resource, and removes those that set what is set already.
void elideInits(metalium::KernelOp kernel);

/// Makes one call of neighbouring calls that set SrcA and SrcB.
void mergeReconfigs(metalium::KernelOp kernel);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_INSERTCOMPUTEINIT_H
