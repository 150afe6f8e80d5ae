//===- ScalarReads.h - Integers that steer the three kernels ----*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_SCALARREADS_H
#define TILEWRIGHT_COMPILER_PASSES_D_SCALARREADS_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"

namespace tilewright {

/// Decides which kernels need the integers that `program` reads, and gives each
/// `tt.read_scalar` the circular buffers it goes through. Their pages hold what
/// is read at once, `chunkBytes`: the alignment of reads from DRAM, so that the
/// tensor's page need not be read whole.
void assignScalarBuffers(tt::CoreProgramOp program, int64_t chunkBytes);

/// In `copy`, a `tt.read_scalar` in a kernel of `role`, drops the circular
/// buffers of other kernels.
void keepBufferOf(tt::ReadScalarOp copy, metalium::KernelRole role);

/// Writes the transfers of `tt.read_scalar` in a reader or writer: the bytes
/// around the element go to the buffer's page, from which it is loaded.
mlir::LogicalResult lowerScalarReads(metalium::KernelOp kernel);

/// Writes what `tt.receive_scalar` does in a compute kernel.
void lowerScalarReceives(metalium::KernelOp kernel);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_SCALARREADS_H
