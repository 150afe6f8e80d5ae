//===- VectorOrientation.h - Row or column for 1-D data ---------*- C++ -*-===//
//
// A tile has two dimensions, so a vector lies along a row or along a column.
// Which one follows from use.
//
// 1. Every one-dimensional memref of the program is a node.
// 2. Nodes that must agree are united: the two sides of a copy between vectors,
//    and vectors that one iteration of a one-dimensional parallel loop reads
//    and writes with the same index.
// 3. Each access gives a vote: indexed by the last of several parallel loops,
//    or copied from a row of a matrix, is a row; indexed by the one before the
//    last, copied from a column, or the result of a reduction along the last
//    dimension, is a column.
// 4. Where votes differ, the first that says how the vector is made (a copy or
//    a reduction) counts, else the first; stage C transposes for the others. A
//    class with no vote is a row.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_VECTORORIENTATION_H
#define TILEWRIGHT_COMPILER_PASSES_VECTORORIENTATION_H

#include "compiler/Dialect/Tile/Tile.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace tilewright {

class VectorOrientation {
public:
  /// Collects the votes of `func`.
  void analyze(tile::FuncOp func);

  /// Whether a one-dimensional memref lies along a column.
  bool isColumn(mlir::Value vector) const;

private:
  void vote(mlir::Value vector, bool column, bool makes);
  void unite(mlir::Value a, mlir::Value b);
  void visitCopy(tile::CopyOp copy);
  void visitParallel(tile::ParallelOp parallel);

  struct Vote {
    bool column = false;
    bool makes = false; ///< says how the vector is made
  };
  mlir::Value leader(mlir::Value vector) const;

  // Deterministic: members are looked up, never iterated.
  mutable llvm::DenseMap<mlir::Value, mlir::Value> parent;
  llvm::DenseMap<mlir::Value, Vote> votes;
};

/// Source name of a buffer or tensor; "buffer" when it has none.
std::string getBufferName(mlir::Value memref);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_VECTORORIENTATION_H
