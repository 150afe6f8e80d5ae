//===- BuildTileDFG.h - Parts of pass C3 ----------------------- *- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_BUILDTILEDFG_H
#define TILEWRIGHT_COMPILER_PASSES_C_BUILDTILEDFG_H

#include "compiler/Dialect/TT/TT.h"
#include "tilewright/arch/Chip.h"
#include "llvm/ADT/StringMap.h"

namespace tilewright {

/// What the parts of C3 share while they work on one core program.
class DataflowBuilder {
public:
  /// `reservedL1`: bytes of each core that are not free for this program.
  DataflowBuilder(tt::CoreProgramOp program, const arch::Chip &chip,
                  int64_t dstTiles, int64_t reservedL1);

  /// Turns the accumulators of matmul loops into sections inside the loop where
  /// they do not fit DST, and gives every other block that a loop carries a
  /// circular buffer.
  mlir::LogicalResult lowerLoops();

  /// Groups the remaining tile operations of every block into sections.
  mlir::LogicalResult fuse();

  /// Proves that the circular buffers fit L1 and the chip, after reducing
  /// depths that no user asked for.
  mlir::LogicalResult mapMemory();

private:
  friend class Fuser;

  /// A new circular buffer for one block of `type`, named after its source,
  /// and why the block does not stay in DST.
  mlir::Value createCB(mlir::Location loc, tt::BlockType type, int64_t depth,
                       llvm::ArrayRef<tt::SpillAttr> spills);
  std::string uniqueName(llvm::StringRef wanted);

  bool isDstLoop(mlir::scf::ForOp loop);
  tt::SpillReason whyNotInDst(mlir::scf::ForOp loop) const;
  int64_t getFreeL1() const;
  mlir::LogicalResult lowerLoop(mlir::scf::ForOp loop);
  mlir::LogicalResult lowerAccumulator(mlir::scf::ForOp loop, unsigned index);
  mlir::LogicalResult lowerCarried(mlir::scf::ForOp loop, unsigned index);
  mlir::Value packInit(mlir::OpBuilder &builder, mlir::Value init,
                       mlir::Value cb);
  mlir::LogicalResult reportOverflow(int64_t total);

  tt::CoreProgramOp program;
  const arch::Chip &chip;
  int64_t dstTiles, reservedL1;
  llvm::StringMap<unsigned> names;
  /// Carried blocks and the circular buffer through which each goes round.
  llvm::DenseMap<mlir::Value, mlir::Value> carriedCBs;
};

/// Whether `op` computes on blocks and belongs into a section.
bool isTileOp(mlir::Operation *op);

/// Whether `use` takes the block through SrcA or SrcB, where fp32 has the ten
/// bits of mantissa of TF32.
bool isRoundedToTf32(mlir::OpOperand &use);

/// Why a block is in a circular buffer, and the operation that reads it there.
tt::SpillAttr makeSpill(tt::SpillReason reason, mlir::Operation *reader);

/// The sub-block of a section over `rows` x `cols` tiles that needs `slots` DST
/// tiles a tile. With `matmul`, the one that loads fewest operand tiles a
/// product, (h + w) / (h * w); else whole rows where they fit.
tt::SubblockAttr chooseSubblock(mlir::MLIRContext *context, int64_t rows,
                                int64_t cols, int64_t slots, int64_t dstTiles,
                                bool matmul);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_BUILDTILEDFG_H
