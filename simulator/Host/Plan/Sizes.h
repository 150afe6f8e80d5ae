//===- Sizes.h - Plans with sizes that only a call knows --------*- C++ -*-===//
//
// A plan may name sizes: dimensions of tensors that are known when it is run.
// Shapes, pages, the launch grid and the number of work items are then
// expressions over them, and the work is cut when they are known.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_PLAN_SIZES_H
#define TILEWRIGHT_SIMULATOR_HOST_PLAN_SIZES_H

#include "Plan/Plan.h"

#include <nlohmann/json.hpp>

namespace tilewright::sim::plan {

/// The largest value of a size, in elements, and the most work items of a
/// launch: kernels compute with 32 bits.
constexpr int64_t MaxSize = int64_t(1) << 30;
constexpr int64_t MaxItems = (int64_t(1) << 31) - 1;
/// What a size is taken for where a plan is checked and nobody gives it.
constexpr int64_t SampleSize = 64;

/// Makes `plan` one without expressions: numbers in their place, and the work
/// of each core. `sizes` null: SampleSize, and 32 more for each next one.
/// Appends what is wrong.
///
/// The work is dealt out balanced: of `used` = min(items, cores) cores in
/// row-major order, core i gets items / used, one more where i < items mod
/// used, one run after the other.
void resolveSizes(nlohmann::json &plan, const Sizes *sizes, Errors &errors);

} // namespace tilewright::sim::plan

#endif // TILEWRIGHT_SIMULATOR_HOST_PLAN_SIZES_H
