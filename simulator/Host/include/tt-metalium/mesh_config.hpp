//===- mesh_config.hpp - Which mesh to open ---------------------*- C++ -*-===//
#pragma once

#include <optional>

#include <tt-metalium/mesh_coord.hpp>

namespace tt::tt_metal::distributed {

class MeshDeviceConfig {
public:
  MeshDeviceConfig(const std::optional<MeshShape> &mesh_shape)
      : shape(mesh_shape) {}
  const std::optional<MeshShape> &mesh_shape() const { return shape; }

private:
  std::optional<MeshShape> shape;
};

} // namespace tt::tt_metal::distributed
