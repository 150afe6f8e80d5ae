//===- dispatch_core_common.hpp - Where dispatch runs -----------*- C++ -*-===//
//
// The simulator launches programs itself: it takes no cores for dispatch.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <optional>

namespace tt::tt_metal {

enum class DispatchCoreType : uint32_t { WORKER, ETH };
enum class DispatchCoreAxis { ROW, COL };

class DispatchCoreConfig {
public:
  DispatchCoreConfig() = default;
  DispatchCoreConfig(DispatchCoreType type) : type(type) {}
  DispatchCoreConfig(DispatchCoreType type,
                     std::optional<DispatchCoreAxis> axis)
      : type(type), axis(axis) {}
  DispatchCoreType get_dispatch_core_type() const { return type; }
  std::optional<DispatchCoreAxis> get_dispatch_core_axis() const {
    return axis;
  }

private:
  DispatchCoreType type = DispatchCoreType::WORKER;
  std::optional<DispatchCoreAxis> axis;
};

} // namespace tt::tt_metal
