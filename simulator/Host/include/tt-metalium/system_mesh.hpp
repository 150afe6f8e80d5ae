//===- system_mesh.hpp - The mesh of the machine ----------------*- C++ -*-===//
#pragma once

#include <tt-metalium/mesh_coord.hpp>

namespace tt::tt_metal::distributed {

/// One chip, unless a program asks MeshDevice::create for more.
class SystemMesh {
public:
  static SystemMesh &instance() {
    static SystemMesh mesh;
    return mesh;
  }
  MeshShape shape() const { return MeshShape(1, 1); }
  MeshShape local_shape() const { return shape(); }
};

} // namespace tt::tt_metal::distributed
