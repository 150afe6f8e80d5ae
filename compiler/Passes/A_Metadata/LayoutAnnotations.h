//===- LayoutAnnotations.h - Layouts that the user decided ------*- C++ -*-===//
//
// Reads the `tile.annotate_layout` ops of a program, for pass A1.
//
//   1. Fields of all annotations of one buffer are merged, those of `nd_shard`
//      one by one. Two values for one field are an error that shows both
//      places.
//   2. `apply` turns the fields into a #tt.layout, which must fit the tensor
//      and the chip:
//      - `nd_shard.axes` are dimensions, or a name for each dimension in
//        order, or some of "M" and "N", rows and columns of the tile plane;
//        `grid` is the number of shards along each;
//      - `shard_shape_elems` is by default the extent over the number of
//        shards, rounded up to tiles in the tile plane;
//      - `projected_grid` [rows, columns] of cores is by default the last two
//        extents of `grid`, or [1, g]; in DRAM it is a row of banks;
//      - `projected_shard_tiles` follows from the shape of a shard.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_LAYOUTANNOTATIONS_H
#define TILEWRIGHT_COMPILER_PASSES_LAYOUTANNOTATIONS_H

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "tilewright/arch/Chip.h"
#include "llvm/ADT/MapVector.h"

#include <array>

namespace tilewright {

class LayoutAnnotations {
public:
  LayoutAnnotations(const arch::Chip &chip, std::array<int64_t, 2> coreGrid)
      : chip(chip), coreGrid(coreGrid) {}

  /// Reads and erases the annotations of `func`.
  mlir::LogicalResult collect(tile::FuncOp func);

  /// Adds to the location of `memref` where the user cut it into shards, for
  /// messages about them.
  void locateShards(mlir::Value memref) const;

  /// Whether the user decided something about `memref`.
  bool has(mlir::Value memref) const { return byBuffer.contains(memref); }

  /// `inferred` with what the user decided about `memref`.
  mlir::FailureOr<tt::LayoutAttr> apply(mlir::Value memref,
                                        tt::LayoutAttr inferred) const;

  /// The tensors that lie in L1 leave room in it.
  mlir::LogicalResult checkCapacity(tile::FuncOp func) const;

private:
  /// A field's value and where it was written.
  struct Field {
    mlir::Attribute value;
    mlir::Location where;
  };
  using Fields = llvm::MapVector<mlir::StringAttr, Field>;

  mlir::LogicalResult merge(Fields &fields, mlir::DictionaryAttr given,
                            mlir::StringRef prefix, tile::AnnotateLayoutOp op);
  mlir::FailureOr<tt::ShardAttr> readShard(mlir::Value memref,
                                           tt::LayoutAttr layout,
                                           const Fields &fields,
                                           mlir::Location where) const;

  const arch::Chip &chip;
  std::array<int64_t, 2> coreGrid; ///< columns, rows
  llvm::MapVector<mlir::Value, Fields> byBuffer;
};

/// The size k of an order "block_linear(k)", 0 for another known order, or
/// nothing for a name that is no order.
std::optional<int64_t> parseOrder(mlir::StringRef name);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_LAYOUTANNOTATIONS_H
