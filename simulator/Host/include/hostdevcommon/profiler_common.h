//===- profiler_common.h - Sizes of the device profiler ---------*- C++ -*-===//
#pragma once

#include <cstdint>

/// Operations that one read of the SDK's profiler holds.
constexpr static std::uint32_t PROFILER_OP_SUPPORT_COUNT = 1000;

namespace kernel_profiler {
constexpr static std::uint32_t PROFILER_L1_OPTIONAL_MARKER_COUNT = 250;
constexpr static std::uint32_t PROFILER_L1_GUARANTEED_MARKER_COUNT = 4;
} // namespace kernel_profiler
