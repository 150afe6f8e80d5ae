//===- Elements.h - Tensors of scalar programs ------------------*- C++ -*-===//
//
// How `metalium.elements` keeps a tensor in L1: a few lines, each one page (a
// tile) and a mask with one bit for each element that was stored but is not in
// DRAM yet. The mask has 16 bits for each row of a face. Where blocks are
// gathered nothing is stored: the lines are pages only.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DIALECT_METALIUM_ELEMENTS_H
#define TILEWRIGHT_COMPILER_DIALECT_METALIUM_ELEMENTS_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"

namespace tilewright::metalium {

/// Pages of a tensor that are kept in L1.
inline constexpr int64_t kElementLines = 4;
/// Bytes of the mask of one page: 1024 elements.
inline constexpr int64_t kElementMaskBytes = 128;

/// Pages of a tensor that a kernel keeps while it gathers blocks.
inline constexpr int64_t kElementReaderLines = 16;

/// Bytes of L1 that `metalium.elements` takes for a tensor of that layout.
inline int64_t getElementCacheBytes(tt::LayoutAttr layout) {
  return kElementLines *
         (tt::getTileBytes(layout.getFormat()) + kElementMaskBytes);
}

/// Format in which a tensor of elements of `type` lies in memory. Types that
/// no engine computes on are stored by their bits.
inline std::optional<tt::DataFormat> getStorageFormat(mlir::Type type) {
  if (auto format = tt::getDataFormat(type))
    return format;
  if (!type.isIntOrFloat())
    return std::nullopt;
  switch (type.getIntOrFloatBitWidth()) {
  case 1:
  case 8:
    return tt::DataFormat::UInt8;
  case 16:
    return tt::DataFormat::UInt16;
  default:
    return std::nullopt;
  }
}

/// Whether `op` belongs to a part of a tile program's kernel that moves single
/// elements. Within it there is all that a scalar program may have.
inline bool isOfElements(mlir::Operation *op) {
  return mlir::isa<ElementsOp, L1TilesOp, ByElementOp, FlushElementsOp>(op) ||
         op->getParentOfType<ByElementOp>();
}

} // namespace tilewright::metalium

#endif // TILEWRIGHT_COMPILER_DIALECT_METALIUM_ELEMENTS_H
