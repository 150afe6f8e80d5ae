//===- Roles.h - Which kernels of a program have work -----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_DIALECT_METALIUM_ROLES_H
#define TILEWRIGHT_COMPILER_DIALECT_METALIUM_ROLES_H

#include "compiler/Dialect/Metalium/Metalium.h"

namespace tilewright::metalium {

/// Whether the reader is empty because no circular buffer is its to fill: the
/// program reads nothing, or the writer makes all reads, since those of tensors
/// that the launch writes follow the writes there.
bool isReaderIdle(ProgramOp program);

} // namespace tilewright::metalium

#endif // TILEWRIGHT_COMPILER_DIALECT_METALIUM_ROLES_H
