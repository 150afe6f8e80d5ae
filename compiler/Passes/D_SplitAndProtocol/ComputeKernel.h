//===- ComputeKernel.h - Blocks of the compute kernel -----------*- C++ -*-===//
//
// How blocks move through circular buffers (CBs) inside the compute kernel.
// Pass D1 decides with it where blocks are received, pass D3 where the protocol
// around each section begins and ends.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_COMPUTEKERNEL_H
#define TILEWRIGHT_COMPILER_PASSES_D_COMPUTEKERNEL_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"

namespace tilewright {

/// The CB that holds a block outside sections: where a read, a receive, a
/// section or a loop that carries it put it. Null for a fill.
mlir::Value getBufferOf(mlir::Value block);

/// Whether the packer adds onto this block in its CB, here or in a loop that
/// carries it.
bool isAccumulatedOnto(mlir::Value block);

/// Gives reads into one CB whose blocks would be in use at the same time CBs of
/// their own: the compute kernel sees only the block in front of a CB.
void separateOverlappingReads(tt::CoreProgramOp program);

/// Turns reads into receives, removes writes, and receives what sections
/// produced before its first user. Loops then carry only blocks that the packer
/// accumulates onto.
mlir::LogicalResult insertReceives(metalium::KernelOp kernel);

/// Sets `unpack_to_dest_fp32` on the fp32 CBs whose tiles the kernel only
/// copies to DST.
void markUnpackToDest(metalium::KernelOp kernel);

/// The operation of `block` under which the last use of `value` stands, or the
/// defining operation when there is none.
mlir::Operation *getLastUser(mlir::Value value);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_COMPUTEKERNEL_H
