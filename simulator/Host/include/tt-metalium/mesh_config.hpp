//===- mesh_config.hpp - Which mesh to open ---------------------*- C++ -*-===//
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <tt-metalium/mesh_coord.hpp>

namespace tt::tt_metal::distributed {

class MeshDeviceConfig {
public:
  MeshDeviceConfig(const std::optional<MeshShape> &mesh_shape,
                   std::optional<MeshCoordinate> offset = std::nullopt,
                   std::vector<int> physical_device_ids = {})
      : shape(mesh_shape), place(std::move(offset)),
        ids(std::move(physical_device_ids)) {}
  const std::optional<MeshShape> &mesh_shape() const { return shape; }
  const std::optional<MeshCoordinate> &offset() const { return place; }
  const std::vector<int> &physical_device_ids() const { return ids; }

private:
  std::optional<MeshShape> shape;
  std::optional<MeshCoordinate> place;
  std::vector<int> ids;
};

} // namespace tt::tt_metal::distributed
