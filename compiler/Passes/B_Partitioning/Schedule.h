//===- Schedule.h - What the user decided about a launch --------*- C++ -*-===//
//
// Reads the `tile.annotate_schedule` ops of a launch, for pass B1: fields of
// several are merged, two values for one field are an error.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_SCHEDULE_H
#define TILEWRIGHT_COMPILER_PASSES_SCHEDULE_H

#include "compiler/Dialect/TT/TT.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "tilewright/arch/Chip.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace tilewright {

/// Column and row.
using Core = std::array<int64_t, 2>;

struct Schedule {
  std::string order = "row_major";
  bool isStrided = false;      ///< item i goes to core i mod cores
  Core grid = {0, 0};          ///< columns, rows that cores are numbered in
  std::vector<Core> cores;     ///< in the order in which they get work
  /// Row-major block numbers of each of `cores`, when the user gave them.
  std::optional<std::vector<std::vector<int64_t>>> partition;
  mlir::Location where;        ///< of the annotation, or of the launch

  explicit Schedule(mlir::Location where) : where(where) {}
};

/// Reads and erases the annotations of `launch`, whose constant extents are
/// `extents`. Without any, all cores of `coreGrid` in row-major order.
mlir::FailureOr<Schedule> readSchedule(tile::LaunchOp launch,
                                       mlir::ArrayRef<int64_t> extents,
                                       const arch::Chip &chip,
                                       std::array<int64_t, 2> coreGrid);

/// Blocks of `extents` in the order of that name: `blocks[i]` is the row-major
/// number of item i. `z_order` interleaves the bits of row and column.
std::vector<int64_t> orderBlocks(mlir::StringRef order,
                                 mlir::ArrayRef<int64_t> extents);

/// The attribute of an order, null for row-major.
tt::OrderAttr getOrderAttr(mlir::MLIRContext *context, mlir::StringRef order,
                           mlir::ArrayRef<int64_t> extents);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_SCHEDULE_H
