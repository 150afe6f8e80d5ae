//===- Ramps.h - Vectors of evenly spaced numbers ---------------*- C++ -*-===//
//
// Loop indices that are used as values, and the masks of conditions on them,
// are computed from vectors base, base + step, ... that the reader writes into
// circular buffers (tt.ramp_to_cb). A vector is made as far outside as its base
// allows: constant ones once a kernel, others in front of the outermost loop
// in which the base does not change.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_RAMPS_H
#define TILEWRIGHT_COMPILER_PASSES_C_RAMPS_H

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/TT/TT.h"

namespace tilewright {

class Ramps {
public:
  explicit Ramps(tt::CoreProgramOp program) : program(program) {}

  /// The vector of `tiles` tiles along a row or a column that starts with
  /// `base`, for use at `user`. `along` Scalar: the one number `base`.
  mlir::Value get(mlir::Operation *user, const IndexExpr &base, int64_t step,
                  tt::Broadcast along, int64_t tiles);

  /// `base`, or the nearer of -far and far where it lies beyond.
  IndexExpr clamp(mlir::Operation *user, const IndexExpr &base, int64_t far);

private:
  /// The operation in front of which the vector is made.
  mlir::Operation *findPlace(mlir::Operation *user, const IndexExpr &base);

  struct Made {
    IndexExpr base;
    int64_t step;
    tt::Broadcast along;
    int64_t tiles;
    mlir::Value block;
  };
  tt::CoreProgramOp program;
  std::vector<Made> made;
  std::vector<std::pair<IndexExpr, mlir::Value>> clamped;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_RAMPS_H
