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
#include <optional>
#include <vector>

#include <tt-metalium/mesh_buffer.hpp>
#include <tt-metalium/mesh_event.hpp>
#include <tt-metalium/mesh_workload.hpp>
#include <tt-metalium/sub_device_types.hpp>
#include <tt_stl/span.hpp>

namespace tt::tt_metal::distributed {

/// Data of one device's part of a buffer, or of a region of it.
class ShardDataTransfer {
public:
  explicit ShardDataTransfer(const MeshCoordinate &coord) : coord(coord) {}

  MeshCoordinate shard_coord() const { return coord; }
  void *host_data() const { return data; }
  std::optional<BufferRegion> region() const { return part; }
  ShardDataTransfer &shard_coord(const MeshCoordinate &given) {
    coord = given;
    return *this;
  }
  ShardDataTransfer &host_data(void *given) {
    data = given;
    return *this;
  }
  ShardDataTransfer &region(std::optional<BufferRegion> given) {
    part = given;
    return *this;
  }

private:
  MeshCoordinate coord;
  void *data = nullptr;
  std::optional<BufferRegion> part;
};

class MeshCommandQueue {
public:
  MeshCommandQueue(MeshDevice *device, uint32_t id)
      : mesh(device), number(id) {}
  MeshCommandQueue(const MeshCommandQueue &) = delete;
  MeshCommandQueue &operator=(const MeshCommandQueue &) = delete;

  /// The aggregate of the years before the class of the same name.
  struct ShardDataTransfer {
    MeshCoordinate shard_coord;
    void *host_data = nullptr;
    std::optional<BufferRegion> region = std::nullopt;
  };

  MeshDevice *device() const { return mesh; }
  uint32_t id() const { return number; }
  /// Runs the programs, or adds them to the trace that is being captured.
  /// Throws std::runtime_error for their faults.
  void enqueue_mesh_workload(MeshWorkload &workload, bool blocking);
  /// `bytes` is given by callers that know it; all of the buffer otherwise.
  void
  enqueue_write_mesh_buffer(const std::shared_ptr<MeshBuffer> &buffer,
                            const void *data, bool blocking,
                            std::optional<std::size_t> bytes = std::nullopt);
  void enqueue_read_mesh_buffer(void *data,
                                const std::shared_ptr<MeshBuffer> &buffer,
                                bool blocking);
  void enqueue_write_shard_to_sub_grid(
      const MeshBuffer &buffer, const void *data,
      const MeshCoordinateRange &devices, bool blocking,
      std::optional<BufferRegion> region = std::nullopt);
  void enqueue_write_shards(
      const std::shared_ptr<MeshBuffer> &buffer,
      const std::vector<distributed::ShardDataTransfer> &transfers,
      bool blocking);
  void enqueue_write_shards(const std::shared_ptr<MeshBuffer> &buffer,
                            const std::vector<ShardDataTransfer> &transfers,
                            bool blocking);
  void enqueue_read_shards(
      const std::vector<distributed::ShardDataTransfer> &transfers,
      const std::shared_ptr<MeshBuffer> &buffer, bool blocking);
  void enqueue_read_shards(const std::vector<ShardDataTransfer> &transfers,
                           const std::shared_ptr<MeshBuffer> &buffer,
                           bool blocking);

  MeshEvent enqueue_record_event(
      tt::stl::Span<const SubDeviceId> = {},
      const std::optional<MeshCoordinateRange> & = std::nullopt) {
    return {++events, mesh, number};
  }
  MeshEvent enqueue_record_event_to_host(
      tt::stl::Span<const SubDeviceId> = {},
      const std::optional<MeshCoordinateRange> & = std::nullopt) {
    return {++events, mesh, number};
  }
  void enqueue_wait_for_event(const MeshEvent &) {}
  void enqueue_trace(const MeshTraceId &id, bool blocking);
  void finish(tt::stl::Span<const SubDeviceId> = {}) {}

private:
  void refuseInTrace(const char *call) const;

  MeshDevice *mesh;
  uint32_t number;
  uint32_t events = 0;
};

} // namespace tt::tt_metal::distributed
