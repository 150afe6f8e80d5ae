//===- sub_device_types.hpp - Names of sub-devices --------------*- C++ -*-===//
//
// The simulator has one sub-device, the whole compute grid, with id 0.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace tt::tt_metal {

class SubDeviceId {
public:
  constexpr explicit SubDeviceId(uint8_t id = 0) : id(id) {}
  constexpr uint8_t operator*() const { return id; }
  constexpr uint8_t get() const { return id; }
  constexpr auto operator<=>(const SubDeviceId &) const = default;

private:
  uint8_t id;
};

class SubDeviceManagerId {
public:
  constexpr explicit SubDeviceManagerId(uint64_t id = 0) : id(id) {}
  constexpr uint64_t operator*() const { return id; }
  constexpr auto operator<=>(const SubDeviceManagerId &) const = default;

private:
  uint64_t id;
};

} // namespace tt::tt_metal

template <> struct std::hash<tt::tt_metal::SubDeviceId> {
  std::size_t operator()(tt::tt_metal::SubDeviceId id) const noexcept {
    return *id;
  }
};
