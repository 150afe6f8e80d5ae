//===- sub_device.hpp - A part of the cores ---------------------*- C++ -*-===//
//
// Programs of different sub-devices run one after the other here; what they
// compute does not depend on that.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <vector>

#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/hal_types.hpp>
#include <tt-metalium/sub_device_types.hpp>
#include <tt_stl/span.hpp>

namespace tt::tt_metal {

class SubDevice {
public:
  /// One set of cores for each kind of core, Tensix first.
  explicit SubDevice(tt::stl::Span<const CoreRangeSet> cores)
      : sets(cores.begin(), cores.end()) {}
  const CoreRangeSet &cores(HalProgrammableCoreType type) const {
    static const CoreRangeSet none;
    const auto index = static_cast<std::size_t>(type);
    return index < sets.size() ? sets[index] : none;
  }

private:
  std::vector<CoreRangeSet> sets;
};

} // namespace tt::tt_metal
