//===- Metalium.h - The metalium dialect ---------------------- -*- C++ -*-===//
//
// One op for each TT-Metalium call of a device kernel, and the program that
// holds the kernels. Registry.h has what the ops' records say.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DIALECT_METALIUM_H
#define TILEWRIGHT_COMPILER_DIALECT_METALIUM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "compiler/Dialect/Metalium/Registry.h"
#include "compiler/Dialect/TT/TT.h"

#include "compiler/Dialect/Metalium/MetaliumEnums.h.inc"

#include "compiler/Dialect/Metalium/MetaliumDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/Metalium/MetaliumAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "compiler/Dialect/Metalium/MetaliumTypes.h.inc"

namespace tilewright::metalium {

class KernelOp;

/// Most tiles that DST holds in any mode; a call's DST index is below.
inline constexpr int64_t kMaxDstTiles = 16;

/// Name of the run-time argument that holds the first of the listed blocks.
inline constexpr llvm::StringLiteral kItemsArg = "items";

namespace detail {
/// What every call must satisfy: the kernel's role has a thread for it, and
/// constant operands are in the range of their kind.
mlir::LogicalResult verifyCall(mlir::Operation *op);
} // namespace detail

} // namespace tilewright::metalium

#include "compiler/Dialect/Metalium/MetaliumInterfaces.h.inc"

#define GET_OP_CLASSES
#include "compiler/Dialect/Metalium/MetaliumOps.h.inc"

#endif // TILEWRIGHT_COMPILER_DIALECT_METALIUM_H
