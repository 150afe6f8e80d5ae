//===- DstAllocation.h - Which DST tiles hold which block -------*- C++ -*-===//
//
// Within one sub-block of a section every block that is defined in the section
// holds as many DST tiles as the sub-block has, next to each other. The
// allocation walks the operations in order:
//
//   1. An operation that works in place (a unary or scalar function, a cast
//      between integers and floats, the accumulator of a matmul) keeps the
//      tiles of its operand; a cast between floats is its operand.
//   2. A function of two or three blocks writes to the tiles of an operand that
//      is not used later, else to free ones. A fold takes one tile more than
//      its result, to load into.
//   3. Anything else takes the first free tiles. Where the matrix unit adds to
//      what DST holds (matmul from zero, binary operations) the tiles must be
//      ones that nothing has written in this section.
//   4. Tiles are free after the last use of their block. What a loop reads from
//      outside stays until the loop ends; what it carries keeps its tiles.
//
// Pass C3 plans sub-blocks with it, D4 checks them, D5 takes the tiles from it.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_DSTALLOCATION_H
#define TILEWRIGHT_COMPILER_ANALYSIS_DSTALLOCATION_H

#include "compiler/Analysis/TileCalls.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"

namespace tilewright {

/// Shape of the blocks of a section: that of its first result.
TileShape getSectionShape(tt::SectionOp section);

/// Shape of `block`, a block of `section`.
TileShape getBlockShape(mlir::Value block);

/// The part of `block` that one sub-block of `shape` of a section of shape
/// `section` holds. A section that runs once may hold blocks of different
/// shapes.
TileShape getPart(mlir::Value block, TileShape section, TileShape shape);

/// Whether sub-blocks of `shape` keep the running sums of a section whole: a
/// line of tiles that does not fit one of them is worked on alone.
bool keepsRunningSums(tt::CumsumOp op, TileShape shape);

/// Whether `user` is the last operation that uses `block`, so that it may
/// overwrite the block's DST tiles. False in a loop that will use the block
/// again.
bool isLastUse(mlir::Value block, mlir::Operation *user);

/// The operand whose tiles `op` overwrites, or null.
mlir::Value getInPlaceOperand(mlir::Operation *op);

class DstAllocation {
public:
  /// Allocates for sub-blocks of `shape` in `section`, all of whose operands
  /// from circular buffers are loaded (see TileCalls.h).
  DstAllocation(tt::SectionOp section, TileShape shape);

  /// Tiles of DST that one sub-block takes.
  int64_t getNumTiles() const { return highWater; }
  /// First tile of a block that lives in DST.
  int64_t getTile(mlir::Value block) const { return tiles.lookup(block); }
  bool contains(mlir::Value block) const { return tiles.contains(block); }
  /// The tile that a fold loads into beside its result.
  int64_t getTemporary(mlir::Operation *op) const {
    return temporaries.lookup(op);
  }
  /// An operation whose operand is still used after it overwrites it, or that
  /// carries blocks out of their places; null when the allocation is right.
  mlir::Operation *getConflict() const { return conflict; }

private:
  int64_t size(mlir::Value block) const {
    return getPart(block, section, shape).tiles();
  }
  int64_t allocate(int64_t count, bool fresh);
  void release(mlir::Value block);
  void releaseOperands(mlir::Operation *op);
  void visit(mlir::Block &block);
  void visit(mlir::Operation &op);
  void visitLoop(mlir::scf::ForOp loop);

  TileShape section;
  TileShape shape;
  llvm::DenseMap<mlir::Value, int64_t> tiles;
  llvm::DenseMap<mlir::Operation *, int64_t> temporaries;
  llvm::BitVector used;
  llvm::BitVector written;
  int64_t highWater = 0;
  mlir::Operation *conflict = nullptr;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_DSTALLOCATION_H
