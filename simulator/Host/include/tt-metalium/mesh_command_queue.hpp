//===- mesh_command_queue.hpp - The queue of a mesh -------------*- C++ -*-===//
//
// The simulator does what is enqueued at once, in order; there is nothing left
// to wait for when a call returns.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <tt-metalium/mesh_buffer.hpp>
#include <tt-metalium/mesh_workload.hpp>

namespace tt::tt_metal::distributed {

class MeshCommandQueue {
public:
  explicit MeshCommandQueue(MeshDevice *device) : mesh(device) {}
  MeshCommandQueue(const MeshCommandQueue &) = delete;
  MeshCommandQueue &operator=(const MeshCommandQueue &) = delete;

  MeshDevice *device() const { return mesh; }
  uint32_t id() const { return 0; }
  /// Runs the programs. Throws std::runtime_error for their faults.
  void enqueue_mesh_workload(MeshWorkload &workload, bool blocking);
  void enqueue_write_mesh_buffer(const std::shared_ptr<MeshBuffer> &buffer,
                                 const void *data, std::size_t bytes,
                                 bool blocking);
  void enqueue_read_mesh_buffer(void *data,
                                const std::shared_ptr<MeshBuffer> &buffer,
                                bool blocking);
  void finish() {}

private:
  MeshDevice *mesh;
};

} // namespace tt::tt_metal::distributed
