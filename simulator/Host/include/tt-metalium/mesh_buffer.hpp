//===- mesh_buffer.hpp - A buffer on every device of a mesh -----*- C++ -*-===//
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

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
  /// How programs of mid-2025 say what `sharding_args` holds.
  TensorMemoryLayout buffer_layout = TensorMemoryLayout::INTERLEAVED;
  std::optional<ShardSpecBuffer> shard_parameters = std::nullopt;
};

/// The same bytes on every device.
struct ReplicatedBufferConfig {
  DeviceAddr size = 0;
};

/// A matrix of elements cut into shards, one for each device in turn: row by
/// row of the grid of shards, or column by column. An extent of 0 of a shard
/// stands for the whole extent: the devices in that direction share a shard.
struct ShardedBufferConfig {
  DeviceAddr global_size = 0; ///< bytes
  Shape2D global_buffer_shape = {0, 0};
  Shape2D shard_shape = {0, 0};
  ShardOrientation shard_orientation = ShardOrientation::ROW_MAJOR;

  uint32_t compute_datum_size_bytes() const {
    return static_cast<uint32_t>(global_size / (global_buffer_shape.height() *
                                                global_buffer_shape.width()));
  }
  Shape2D physical_shard_shape() const {
    return {shard_shape.height() ? shard_shape.height()
                                 : global_buffer_shape.height(),
            shard_shape.width() ? shard_shape.width()
                                : global_buffer_shape.width()};
  }
  /// Whether the height and the width are shared.
  std::pair<bool, bool> replicated_dims() const {
    return {shard_shape.height() == 0, shard_shape.width() == 0};
  }
};

enum class MeshBufferLayout : uint8_t { REPLICATED, SHARDED };

using MeshBufferConfig =
    std::variant<ReplicatedBufferConfig, ShardedBufferConfig>;

class MeshBuffer {
public:
  /// Throws std::runtime_error when the shards do not fit the mesh.
  static std::shared_ptr<MeshBuffer>
  create(const MeshBufferConfig &config, const DeviceLocalBufferConfig &local,
         MeshDevice *device, std::optional<DeviceAddr> address = std::nullopt);

  MeshDevice *device() const { return mesh; }
  /// Bytes of the whole buffer; of one device when it is replicated.
  DeviceAddr size() const;
  DeviceAddr device_local_size() const { return parts.front()->size(); }
  /// The same on every device.
  DeviceAddr address() const { return parts.front()->address(); }
  uint32_t page_size() const {
    return static_cast<uint32_t>(parts.front()->page_size());
  }
  uint32_t num_pages() const { return parts.front()->num_pages(); }
  bool is_allocated() const { return parts.front()->is_allocated(); }
  void deallocate();
  MeshBufferLayout global_layout() const {
    return std::holds_alternative<ReplicatedBufferConfig>(config)
               ? MeshBufferLayout::REPLICATED
               : MeshBufferLayout::SHARDED;
  }
  const MeshBufferConfig &global_config() const { return config; }
  const ShardedBufferConfig &global_shard_spec() const {
    return std::get<ShardedBufferConfig>(config);
  }
  uint32_t datum_size_bytes() const {
    return global_shard_spec().compute_datum_size_bytes();
  }
  Shape2D physical_shard_shape() const {
    return global_shard_spec().physical_shard_shape();
  }
  std::pair<bool, bool> replicated_dims() const {
    return global_shard_spec().replicated_dims();
  }
  const DeviceLocalBufferConfig &device_local_config() const { return local; }
  Buffer *get_device_buffer(const MeshCoordinate &coord) const;
  Buffer *get_reference_buffer() const { return parts.front().get(); }
  Buffer *get_backing_buffer() const { return parts.front().get(); }

private:
  friend class MeshCommandQueue;
  MeshBuffer(MeshBufferConfig config, DeviceLocalBufferConfig local,
             MeshDevice *mesh)
      : config(std::move(config)), local(std::move(local)), mesh(mesh) {}
  /// Calls `move(device, row, col)` with the place of each device's shard in
  /// the matrix, in elements.
  template <typename Move> void eachShard(Move move) const;

  MeshBufferConfig config;
  DeviceLocalBufferConfig local;
  MeshDevice *mesh;
  std::vector<std::shared_ptr<Buffer>> parts; ///< by device
};

/// A buffer of one device, or of a mesh, by its configuration.
class AnyBuffer {
public:
  AnyBuffer() = default;
  static AnyBuffer create(const tt::tt_metal::ShardedBufferConfig &config,
                          std::optional<uint64_t> address = std::nullopt);
  static AnyBuffer create(const InterleavedBufferConfig &config,
                          std::optional<uint64_t> address = std::nullopt);
  Buffer *get_buffer() const { return buffer.get(); }
  bool is_mesh_buffer() const { return false; }
  std::shared_ptr<MeshBuffer> get_mesh_buffer() const { return nullptr; }

private:
  std::shared_ptr<Buffer> buffer;
};

} // namespace tt::tt_metal::distributed
