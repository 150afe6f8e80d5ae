//===- IndexRange.h - Bounds of index values --------------------*- C++ -*-===//
//
// Closed intervals for the index arithmetic of kernels: block ids, loop
// counters and what is computed from them.
//
// The range of a value follows from how it is made:
//   1. a constant is itself;
//   2. a loop counter lies between the least lower bound and the last value
//      below the greatest upper bound of its loop; the counter of the loop over
//      work items is one of the items of the launch;
//   3. a sum, product, quotient, remainder, minimum or maximum has the interval
//      of that operation on the intervals of its operands.
// Anything else is unknown. Intervals are exact when no value occurs twice.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_ANALYSIS_INDEXRANGE_H
#define TILEWRIGHT_COMPILER_ANALYSIS_INDEXRANGE_H

#include "mlir/IR/Value.h"

#include <cstdint>
#include <optional>

namespace tilewright {

/// All values from `min` to `max`, both included.
struct IndexRange {
  int64_t min = 0;
  int64_t max = 0;
  bool operator==(const IndexRange &) const = default;
};

/// Bounds of an index value inside a `tt.core_program` or a `metalium.kernel`,
/// or nullopt.
std::optional<IndexRange> getIndexRange(mlir::Value value);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_ANALYSIS_INDEXRANGE_H
