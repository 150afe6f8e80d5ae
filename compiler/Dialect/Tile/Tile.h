//===- Tile.h - The tile dialect --------------------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_DIALECT_TILE_H
#define TILEWRIGHT_COMPILER_DIALECT_TILE_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "compiler/Dialect/Tile/TileEnums.h.inc"

#include "compiler/Dialect/Tile/TileDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "compiler/Dialect/Tile/TileAttrs.h.inc"

#define GET_OP_CLASSES
#include "compiler/Dialect/Tile/TileOps.h.inc"

namespace tilewright::tile {

/// Zero of the element type `type`. Constants have no sign, so that of an
/// unsigned type is a cast.
mlir::Value createZero(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Type type);

} // namespace tilewright::tile

#endif // TILEWRIGHT_COMPILER_DIALECT_TILE_H
