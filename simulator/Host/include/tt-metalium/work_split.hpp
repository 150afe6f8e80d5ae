//===- work_split.hpp - Units of work over cores ----------------*- C++ -*-===//
#pragma once

#include <cstdint>
#include <tuple>

#include <tt-metalium/core_coord.hpp>

namespace tt::tt_metal {

/// The first `target_num_cores` cores of the grid from `start_core` on, column
/// by column, or row by row (`row_wise`).
CoreRangeSet num_cores_to_corerangeset(CoreCoord start_core,
                                       uint32_t target_num_cores,
                                       CoreCoord grid_size,
                                       bool row_wise = false);
CoreRangeSet num_cores_to_corerangeset(uint32_t target_num_cores,
                                       CoreCoord grid_size,
                                       bool row_wise = false);

/// Splits `units` over a grid as evenly as possible: {cores used, all cores,
/// cores of group 1, cores of group 2, units of a core of group 1, of group 2}.
/// Group 1 has one unit a core more than group 2; group 2 may be empty.
std::tuple<uint32_t, CoreRangeSet, CoreRangeSet, CoreRangeSet, uint32_t,
           uint32_t>
split_work_to_cores(CoreCoord grid_size, uint32_t units, bool row_wise = false);
std::tuple<uint32_t, CoreRangeSet, CoreRangeSet, CoreRangeSet, uint32_t,
           uint32_t>
split_work_to_cores(const CoreRangeSet &core_grid, uint32_t units,
                    bool row_wise = false);

/// The largest divisor of `value` that is at most `start`.
int find_max_divisor(uint32_t value, uint32_t start);

} // namespace tt::tt_metal
