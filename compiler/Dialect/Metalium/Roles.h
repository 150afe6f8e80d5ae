//===- Roles.h - Which kernels of a program have work -----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_DIALECT_METALIUM_ROLES_H
#define TILEWRIGHT_COMPILER_DIALECT_METALIUM_ROLES_H

#include "compiler/Dialect/Metalium/Metalium.h"

namespace tilewright::metalium {

/// Whether the writer does all reads, and the reader is empty for that reason.
/// Reads of a tensor that the launch writes follow those writes in the writer;
/// a program may have no others.
bool isReaderIdle(ProgramOp program);

} // namespace tilewright::metalium

#endif // TILEWRIGHT_COMPILER_DIALECT_METALIUM_ROLES_H
