//===- mesh_config.hpp - Which mesh to open ---------------------*- C++ -*-===//
//
// Early in 2025 the configuration was an aggregate, later a class with a
// constructor and functions that read it. An aggregate whose members can be
// called, too, is both.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <tt-metalium/mesh_coord.hpp>

namespace tt::tt_metal::distributed {

/// A member of MeshDeviceConfig: `config.member = value` and `config.member()`.
template <typename T> class MeshDeviceSetting {
public:
  MeshDeviceSetting() = default;
  MeshDeviceSetting(T value) : value(std::move(value)) {}
  template <typename U>
    requires std::is_convertible_v<U, T>
  MeshDeviceSetting(U &&given) : value(std::forward<U>(given)) {}
  /// Rows and columns.
  template <typename U>
    requires std::is_integral_v<U> &&
             std::is_constructible_v<typename T::value_type, uint32_t, uint32_t>
  MeshDeviceSetting(U rows, U columns)
      : value(typename T::value_type(static_cast<uint32_t>(rows),
                                     static_cast<uint32_t>(columns))) {}
  MeshDeviceSetting(std::initializer_list<int> ids)
    requires std::is_same_v<T, std::vector<int>>
      : value(ids) {}
  const T &operator()() const { return value; }

private:
  T value;
};

struct MeshDeviceConfig {
  MeshDeviceSetting<std::optional<MeshShape>> mesh_shape;
  MeshDeviceSetting<std::optional<MeshCoordinate>> offset = {};
  MeshDeviceSetting<std::vector<int>> physical_device_ids = {};
};

} // namespace tt::tt_metal::distributed
