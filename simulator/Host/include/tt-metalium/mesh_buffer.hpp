//===- mesh_buffer.hpp - A buffer on every device of a mesh -----*- C++ -*-===//
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/mesh_coord.hpp>
#include <tt-metalium/mesh_device.hpp>
#include <tt-metalium/shape2d.hpp>

namespace tt::tt_metal::distributed {

struct DeviceLocalBufferConfig {
  DeviceAddr page_size = 0;
  BufferType buffer_type = BufferType::DRAM;
  BufferShardingArgs sharding_args = {};
  std::optional<bool> bottom_up = std::nullopt;
  std::optional<SubDeviceId> sub_device_id = std::nullopt;
};

/// The same bytes on every device.
struct ReplicatedBufferConfig {
  DeviceAddr size = 0;
};

/// One shard a device; with one device the shard is the whole buffer.
struct ShardedBufferConfig {
  DeviceAddr global_size = 0;
  Shape2D global_buffer_shape = {0, 0};
  Shape2D shard_shape = {0, 0};
  ShardOrientation shard_orientation = ShardOrientation::ROW_MAJOR;
};

enum class MeshBufferLayout : uint8_t { REPLICATED, SHARDED };

using MeshBufferConfig =
    std::variant<ReplicatedBufferConfig, ShardedBufferConfig>;

class MeshBuffer {
public:
  static std::shared_ptr<MeshBuffer>
  create(const MeshBufferConfig &config, const DeviceLocalBufferConfig &local,
         MeshDevice *device, std::optional<DeviceAddr> address = std::nullopt);

  MeshDevice *device() const { return mesh; }
  DeviceAddr size() const { return backing->size(); }
  DeviceAddr device_local_size() const { return backing->size(); }
  DeviceAddr address() const { return backing->address(); }
  DeviceAddr page_size() const { return backing->page_size(); }
  uint32_t num_pages() const { return backing->num_pages(); }
  bool is_allocated() const { return backing->is_allocated(); }
  void deallocate() { DeallocateBuffer(*backing); }
  MeshBufferLayout global_layout() const {
    return std::holds_alternative<ReplicatedBufferConfig>(config)
               ? MeshBufferLayout::REPLICATED
               : MeshBufferLayout::SHARDED;
  }
  const MeshBufferConfig &global_config() const { return config; }
  const DeviceLocalBufferConfig &device_local_config() const { return local; }
  Buffer *get_device_buffer(const MeshCoordinate &) const {
    return backing.get();
  }
  Buffer *get_reference_buffer() const { return backing.get(); }
  Buffer *get_backing_buffer() const { return backing.get(); }

private:
  MeshBuffer(MeshBufferConfig config, DeviceLocalBufferConfig local,
             MeshDevice *mesh, std::shared_ptr<Buffer> backing)
      : config(std::move(config)), local(std::move(local)), mesh(mesh),
        backing(std::move(backing)) {}

  MeshBufferConfig config;
  DeviceLocalBufferConfig local;
  MeshDevice *mesh;
  std::shared_ptr<Buffer> backing;
};

} // namespace tt::tt_metal::distributed
