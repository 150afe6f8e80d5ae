//===- TileCalls.h - Which call does a tile operation -----------*- C++ -*-===//
//
// Between passes C3 and D5 a DST section holds tt operations on blocks. Each of
// them becomes one TT-Metalium call a tile (or one a row of a block matmul).
// This library says which: pass D4 sets the engine up for that call, pass D5
// makes it, and the validator asks it what a call that is there needs.
//
// A block that comes from a circular buffer and is used in DST is loaded first.
// The load is a `tt.cast` of the received block (to its own type, or to a wider
// one).
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_TILECALLS_H
#define TILEWRIGHT_COMPILER_ANALYSIS_TILECALLS_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"

#include <optional>

namespace tilewright {

/// Extents of a sub-block, in tiles.
struct TileShape {
  int64_t rows = 1;
  int64_t cols = 1;
  int64_t tiles() const { return rows * cols; }
  bool operator==(const TileShape &other) const = default;
};

/// A call of the compute engine without its tile and DST indices.
struct TileCall {
  llvm::StringRef mnemonic;              ///< "copy_tile"
  llvm::SmallVector<mlir::Value, 2> cbs; ///< operands, in the call's order
  llvm::SmallVector<mlir::NamedAttribute, 4> attributes;

  const metalium::CallRecord &record(mlir::MLIRContext *context) const;
};

/// The circular buffer that a block comes from, or null for a block in DST.
mlir::Value getSourceCB(mlir::Value block);

/// Whether `op` loads a block from a circular buffer into DST.
bool isLoad(mlir::Operation *op);

/// Whether `cast` changes bits of a tile in DST: between integers and floats.
bool isConversion(tt::CastOp cast);

/// Whether `op` is a cast in DST that changes no bit: its result is the tiles
/// of its operand, which the packer will round.
bool isAlias(mlir::Operation *op);

/// The call that does one tile of `op`, for sub-blocks of `shape`; nothing
/// where no call is needed (a cast between floats in DST, a fill that a matmul
/// replaces) or where no call can do it. `fast` chooses approximate functions.
std::optional<TileCall> getTileCall(mlir::Operation *op, TileShape shape,
                                    bool fast);

/// All calls that do one tile of `op`: those of getTileCall, and for a fold the
/// load of a tile and then what combines it.
llvm::SmallVector<TileCall, 2> getTileCalls(mlir::Operation *op,
                                            TileShape shape, bool fast);

/// The call that `op`, a metalium op, is.
TileCall getTileCall(metalium::MetaliumCallOpInterface op);

/// Whether the zeros of `fill` are those that DST has when a matmul starts, so
/// that nothing has to write them.
bool isImplicitZero(tt::FillOp fill);

/// Makes the call with its indices (tiles of circular buffers, then DST).
mlir::Operation *createCall(mlir::OpBuilder &builder, mlir::Location loc,
                            const TileCall &call, mlir::ValueRange indices);

/// Makes the op that sets the engine up for `call`, or nothing if it needs
/// none. `out` is the circular buffer that is packed to.
mlir::Operation *createInit(mlir::OpBuilder &builder, mlir::Location loc,
                            const TileCall &call, mlir::Value out);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_TILECALLS_H
