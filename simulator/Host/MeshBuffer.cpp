//===- MeshBuffer.cpp - Buffers of a mesh and their transfers -------------===//
//
// A buffer of the mesh is allocated on every device in the same order, so that
// it has one address. Replicated ones hold the same bytes everywhere; sharded
// ones a rectangle of the whole each.
//
//===----------------------------------------------------------------------===//

#include "MeshState.h"

#include <tt-metalium/tt_metal.hpp>

#include <algorithm>
#include <cstring>

namespace sim = tilewright::sim;
using sim::FaultCode;
using sim::host::fail;

namespace tt::tt_metal::distributed {

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

namespace {
/// How many shards lie in each direction, and the bytes of one.
struct ShardGrid {
  size_t down, across, bytes;
};
ShardGrid gridOf(const ShardedBufferConfig &config) {
  const Shape2D whole = config.global_buffer_shape;
  const Shape2D shard = config.physical_shard_shape();
  if (whole.height() == 0 || whole.width() == 0 || shard.height() == 0 ||
      whole.height() % shard.height() != 0 ||
      whole.width() % shard.width() != 0 ||
      config.global_size % (whole.height() * whole.width()) != 0)
    fail(FaultCode::BadBufferAccess,
         "a mesh buffer of " + std::to_string(whole.height()) + "x" +
             std::to_string(whole.width()) + " elements in " +
             std::to_string(config.global_size) +
             " bytes does not consist of shards of " +
             std::to_string(shard.height()) + "x" +
             std::to_string(shard.width()));
  return {whole.height() / shard.height(), whole.width() / shard.width(),
          shard.height() * shard.width() * config.compute_datum_size_bytes()};
}
} // namespace

std::shared_ptr<MeshBuffer>
MeshBuffer::create(const MeshBufferConfig &config,
                   const DeviceLocalBufferConfig &local, MeshDevice *device,
                   std::optional<DeviceAddr> address) {
  if (!device)
    fail(FaultCode::BadBufferAccess, "a buffer is created without a device");
  const auto *sharded = std::get_if<ShardedBufferConfig>(&config);
  DeviceAddr bytes = 0;
  if (!sharded) {
    bytes = std::get<ReplicatedBufferConfig>(config).size;
  } else if (device->num_devices() == 1 &&
             sharded->global_buffer_shape == Shape2D(0, 0)) {
    bytes = sharded->global_size; // one device holds it all
  } else {
    const ShardGrid grid = gridOf(*sharded);
    const auto [sharedRows, sharedCols] = sharded->replicated_dims();
    const size_t shards = grid.down * grid.across;
    if (!sharedRows && !sharedCols && shards > device->num_devices())
      fail(FaultCode::BadBufferAccess,
           std::to_string(shards) + " shards of a mesh buffer are placed on " +
               std::to_string(device->num_devices()) + " devices");
    bytes = grid.bytes;
  }
  std::shared_ptr<MeshBuffer> buffer(new MeshBuffer(config, local, device));
  const BufferShardingArgs sharding =
      local.shard_parameters
          ? BufferShardingArgs(local.shard_parameters, local.buffer_layout)
          : local.sharding_args;
  for (IDevice *chip : device->get_devices()) {
    buffer->parts.push_back(
        address ? Buffer::create(chip, *address, bytes, local.page_size,
                                 local.buffer_type, sharding)
                : Buffer::create(chip, bytes, local.page_size,
                                 local.buffer_type, sharding, local.bottom_up));
    if (buffer->parts.back()->address() != buffer->address())
      fail(FaultCode::OutOfMemory,
           "a buffer of the mesh finds no address that is free on every "
           "device: buffers of single devices are in the way");
  }
  return buffer;
}

DeviceAddr MeshBuffer::size() const {
  if (const auto *sharded = std::get_if<ShardedBufferConfig>(&config))
    return sharded->global_size;
  return device_local_size();
}

void MeshBuffer::deallocate() {
  for (const auto &part : parts)
    DeallocateBuffer(*part);
}

Buffer *MeshBuffer::get_device_buffer(const MeshCoordinate &coord) const {
  return parts[mesh->state().index(coord)].get();
}

template <typename Move> void MeshBuffer::eachShard(Move move) const {
  const ShardedBufferConfig &spec = global_shard_spec();
  const ShardGrid grid = gridOf(spec);
  const Shape2D shard = spec.physical_shard_shape();
  const auto [sharedRows, sharedCols] = spec.replicated_dims();
  const bool rowMajor = spec.shard_orientation == ShardOrientation::ROW_MAJOR;
  for (size_t device = 0; device < parts.size(); ++device) {
    size_t row = 0, col = 0;
    if (sharedRows || sharedCols) {
      // A direction that is not shared follows the mesh in that direction.
      const size_t across = mesh->num_cols();
      row = sharedRows ? 0 : device / across;
      col = sharedCols ? 0 : device % across;
      if (row >= grid.down || col >= grid.across)
        continue;
    } else {
      if (device >= grid.down * grid.across)
        break;
      row = rowMajor ? device / grid.across : device % grid.down;
      col = rowMajor ? device % grid.across : device / grid.down;
    }
    move(device, row * shard.height(), col * shard.width());
  }
}

AnyBuffer AnyBuffer::create(const tt::tt_metal::ShardedBufferConfig &config,
                            std::optional<uint64_t> address) {
  AnyBuffer any;
  any.buffer = address ? CreateBuffer(config, *address) : CreateBuffer(config);
  return any;
}
AnyBuffer AnyBuffer::create(const InterleavedBufferConfig &config,
                            std::optional<uint64_t> address) {
  AnyBuffer any;
  any.buffer = address ? CreateBuffer(config, *address) : CreateBuffer(config);
  return any;
}

//===----------------------------------------------------------------------===//
// Transfers
//===----------------------------------------------------------------------===//

void MeshCommandQueue::refuseInTrace(const char *call) const {
  if (mesh->state().capturing)
    fail(FaultCode::Unsupported,
         std::string(call) + " cannot be part of a trace");
}

void MeshCommandQueue::enqueue_write_mesh_buffer(
    const std::shared_ptr<MeshBuffer> &buffer, const void *data, bool,
    std::optional<std::size_t> bytes) {
  refuseInTrace("a write");
  if (buffer->global_layout() == MeshBufferLayout::REPLICATED ||
      buffer->parts.size() == 1) {
    for (const auto &part : buffer->parts)
      part->write(data, bytes.value_or(part->size()));
    return;
  }
  if (bytes.value_or(buffer->size()) != buffer->size())
    fail(FaultCode::BadBufferAccess,
         std::to_string(*bytes) + " bytes are written to a mesh buffer of " +
             std::to_string(buffer->size()));
  const size_t datum = buffer->datum_size_bytes();
  const size_t pitch =
      buffer->global_shard_spec().global_buffer_shape.width() * datum;
  const Shape2D shard = buffer->physical_shard_shape();
  buffer->eachShard([&](size_t device, size_t row, size_t col) {
    std::vector<uint8_t> bytes(buffer->parts[device]->size());
    for (size_t i = 0; i < shard.height(); ++i)
      std::memcpy(bytes.data() + i * shard.width() * datum,
                  static_cast<const uint8_t *>(data) + (row + i) * pitch +
                      col * datum,
                  shard.width() * datum);
    buffer->parts[device]->write(bytes.data(), bytes.size());
  });
}

void MeshCommandQueue::enqueue_read_mesh_buffer(
    void *data, const std::shared_ptr<MeshBuffer> &buffer, bool) {
  refuseInTrace("a read");
  if (buffer->global_layout() == MeshBufferLayout::REPLICATED ||
      buffer->parts.size() == 1) {
    buffer->parts.front()->read(data);
    return;
  }
  const size_t datum = buffer->datum_size_bytes();
  const size_t pitch =
      buffer->global_shard_spec().global_buffer_shape.width() * datum;
  const Shape2D shard = buffer->physical_shard_shape();
  buffer->eachShard([&](size_t device, size_t row, size_t col) {
    std::vector<uint8_t> bytes(buffer->parts[device]->size());
    buffer->parts[device]->read(bytes.data());
    for (size_t i = 0; i < shard.height(); ++i)
      std::memcpy(
          static_cast<uint8_t *>(data) + (row + i) * pitch + col * datum,
          bytes.data() + i * shard.width() * datum, shard.width() * datum);
  });
}

namespace {
BufferRegion regionOf(const Buffer &part,
                      const std::optional<BufferRegion> &region) {
  return region.value_or(BufferRegion{0, part.size()});
}
} // namespace

void MeshCommandQueue::enqueue_write_shard_to_sub_grid(
    const MeshBuffer &buffer, const void *data,
    const MeshCoordinateRange &devices, bool,
    std::optional<BufferRegion> region) {
  refuseInTrace("a write");
  for (size_t i = 0; i < buffer.parts.size(); ++i)
    if (devices.contains(mesh->state().place(i))) {
      const BufferRegion part = regionOf(*buffer.parts[i], region);
      buffer.parts[i]->write(data, part.size, part.offset);
    }
}

void MeshCommandQueue::enqueue_write_shards(
    const std::shared_ptr<MeshBuffer> &buffer,
    const std::vector<distributed::ShardDataTransfer> &transfers, bool) {
  refuseInTrace("a write");
  for (const auto &transfer : transfers) {
    Buffer *part = buffer->get_device_buffer(transfer.shard_coord());
    const BufferRegion region = regionOf(*part, transfer.region());
    part->write(transfer.host_data(), region.size, region.offset);
  }
}

void MeshCommandQueue::enqueue_read_shards(
    const std::vector<distributed::ShardDataTransfer> &transfers,
    const std::shared_ptr<MeshBuffer> &buffer, bool) {
  refuseInTrace("a read");
  for (const auto &transfer : transfers) {
    const Buffer *part = buffer->get_device_buffer(transfer.shard_coord());
    const BufferRegion region = regionOf(*part, transfer.region());
    part->read(transfer.host_data(), region.size, region.offset);
  }
}

namespace {
std::vector<ShardDataTransfer>
convert(const std::vector<MeshCommandQueue::ShardDataTransfer> &transfers) {
  std::vector<ShardDataTransfer> converted;
  for (const auto &one : transfers)
    converted.push_back(ShardDataTransfer(one.shard_coord)
                            .host_data(one.host_data)
                            .region(one.region));
  return converted;
}
} // namespace

void MeshCommandQueue::enqueue_write_shards(
    const std::shared_ptr<MeshBuffer> &buffer,
    const std::vector<ShardDataTransfer> &transfers, bool blocking) {
  enqueue_write_shards(buffer, convert(transfers), blocking);
}
void MeshCommandQueue::enqueue_read_shards(
    const std::vector<ShardDataTransfer> &transfers,
    const std::shared_ptr<MeshBuffer> &buffer, bool blocking) {
  enqueue_read_shards(convert(transfers), buffer, blocking);
}

void MeshCommandQueue::enqueue_trace(const MeshTraceId &id, bool blocking) {
  mesh->replay_mesh_trace(static_cast<uint8_t>(number), id, blocking);
}

void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking) {
  queue.enqueue_mesh_workload(workload, blocking);
}

void Finish(MeshCommandQueue &queue, tt::stl::Span<const SubDeviceId>) {
  queue.finish();
}

void Synchronize(MeshDevice *, std::optional<uint8_t>,
                 tt::stl::Span<const SubDeviceId>) {}

} // namespace tt::tt_metal::distributed
