//===- ValidateSplitKernels.h - Rules of the validator ---------*- C++ -*-===//
//
// Each function checks one family of rules over the three kernels of a program,
// reports every violation that it finds, and fails if there was one.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_E_VALIDATESPLITKERNELS_H
#define TILEWRIGHT_COMPILER_PASSES_E_VALIDATESPLITKERNELS_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "tilewright/arch/Chip.h"

namespace tilewright {

/// Three kernels; the reader reads, compute computes, the writer writes.
mlir::LogicalResult validateRoles(metalium::ProgramOp program);
/// Every argument that a kernel reads stands in its list and exists.
mlir::LogicalResult validateArguments(metalium::ProgramOp program);
/// Circular buffers: number, size, ends, blocks; the L1 map.
mlir::LogicalResult validateBuffers(metalium::ProgramOp program);
/// As many pages are popped as pushed, whatever the arguments.
mlir::LogicalResult validateBalance(metalium::ProgramOp program);
/// Push what was reserved, pop what was waited for, and never wait for each
/// other.
mlir::LogicalResult validateProtocol(metalium::ProgramOp program);
/// Pages are used while the kernel holds them.
mlir::LogicalResult validateHeld(metalium::KernelOp kernel);
/// A barrier stands between a transfer and the hand-over of its pages.
mlir::LogicalResult validateBarriers(metalium::KernelOp kernel);
/// Acquire, compute, commit, wait, pack, release; within the capacity of DST.
mlir::LogicalResult validateDst(metalium::KernelOp compute);
/// A scalar program: one kernel, a writer that stores to a tensor; scratch
/// that is reserved, and arrays and tensors apart from each other inside it.
mlir::LogicalResult validateScalar(metalium::ProgramOp program);
/// One start-up; every compute call finds the engine set up for it.
mlir::LogicalResult validateEngine(metalium::KernelOp compute);

/// The circular buffers of `program` as a table: name, source line, tiles,
/// bytes.
std::string formatBufferTable(metalium::ProgramOp program);

/// More than nine tenths of the circular buffers of the chip.
bool areNearlyUsed(size_t buffers, const arch::Chip &chip);

/// "cb_A (gemm.py:24)", or the name alone where there is no source line.
std::string nameWithSource(metalium::CircularBufferOp buffer);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_E_VALIDATESPLITKERNELS_H
