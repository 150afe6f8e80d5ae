//===- buffer.hpp - Buffers in device memory --------------------*- C++ -*-===//
//
// A buffer is a sequence of pages in DRAM or L1. Interleaved: page p lies in
// bank p mod banks. Sharded: the pages of a shard lie together in the L1 of one
// core, or in one DRAM bank, at an address common to all cores or banks. Cores
// of a DRAM sharded buffer are (bank, 0).
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/buffer_distribution_spec.hpp>
#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/sub_device_types.hpp>

namespace tt::tt_metal {

class IDevice;

/// Shards of `shape` elements on the cores of `grid`.
struct ShardSpec {
  CoreRangeSet grid;
  std::array<uint32_t, 2> shape;
  ShardOrientation orientation = ShardOrientation::ROW_MAJOR;

  ShardSpec(const CoreRangeSet &grid, const std::array<uint32_t, 2> &shape,
            ShardOrientation orientation = ShardOrientation::ROW_MAJOR)
      : grid(grid), shape(shape), orientation(orientation) {}

  uint32_t num_cores() const { return grid.num_cores(); }
  uint32_t numel() const { return shape[0] * shape[1]; }
};

/// The same with the shape of a page (elements) and of the tensor (pages).
struct ShardSpecBuffer {
  ShardSpec tensor_shard_spec;
  std::array<uint32_t, 2> page_shape;
  std::array<uint32_t, 2> tensor2d_shape_in_pages;

  ShardSpecBuffer(const CoreRangeSet &grid,
                  const std::array<uint32_t, 2> &shard_shape,
                  ShardOrientation orientation,
                  const std::array<uint32_t, 2> &page_shape,
                  const std::array<uint32_t, 2> &tensor2d_shape_in_pages)
      : tensor_shard_spec(grid, shard_shape, orientation),
        page_shape(page_shape),
        tensor2d_shape_in_pages(tensor2d_shape_in_pages) {}
  ShardSpecBuffer(const ShardSpec &spec,
                  const std::array<uint32_t, 2> &page_shape,
                  const std::array<uint32_t, 2> &tensor2d_shape_in_pages)
      : tensor_shard_spec(spec), page_shape(page_shape),
        tensor2d_shape_in_pages(tensor2d_shape_in_pages) {}

  CoreRangeSet grid() const { return tensor_shard_spec.grid; }
  std::array<uint32_t, 2> shape() const { return tensor_shard_spec.shape; }
  ShardOrientation orientation() const { return tensor_shard_spec.orientation; }
  std::array<uint32_t, 2> shape_in_pages() const {
    return {shape()[0] / page_shape[0], shape()[1] / page_shape[1]};
  }
  DeviceAddr num_pages() const {
    return DeviceAddr(shape_in_pages()[0]) * shape_in_pages()[1];
  }
};

struct InterleavedBufferConfig {
  IDevice *device;
  DeviceAddr size;      ///< bytes
  DeviceAddr page_size; ///< bytes
  BufferType buffer_type = BufferType::DRAM;
};
using BufferConfig = InterleavedBufferConfig;

struct ShardedBufferConfig {
  IDevice *device{};
  DeviceAddr size{};
  DeviceAddr page_size{};
  BufferType buffer_type = BufferType::L1;
  TensorMemoryLayout buffer_layout = TensorMemoryLayout::HEIGHT_SHARDED;
  ShardSpecBuffer shard_parameters;
};

/// How a buffer is sharded: over a distribution of N dimensions, or by a
/// specification of two. With both, the distribution places the pages.
class BufferShardingArgs {
public:
  BufferShardingArgs() = default;
  BufferShardingArgs(std::nullopt_t) {}
  BufferShardingArgs(std::optional<BufferDistributionSpec> distribution)
      : distribution(std::move(distribution)),
        layout(this->distribution ? TensorMemoryLayout::BLOCK_SHARDED
                                  : TensorMemoryLayout::INTERLEAVED) {}
  BufferShardingArgs(BufferDistributionSpec distribution)
      : BufferShardingArgs(std::optional(std::move(distribution))) {}
  BufferShardingArgs(std::optional<ShardSpecBuffer> spec,
                     TensorMemoryLayout layout)
      : spec(std::move(spec)), layout(layout) {}
  BufferShardingArgs(ShardSpecBuffer spec, TensorMemoryLayout layout)
      : spec(std::move(spec)), layout(layout) {}
  BufferShardingArgs(std::optional<BufferDistributionSpec> distribution,
                     std::optional<ShardSpecBuffer> spec,
                     TensorMemoryLayout layout)
      : distribution(std::move(distribution)), spec(std::move(spec)),
        layout(layout) {}

  const std::optional<BufferDistributionSpec> &
  buffer_distribution_spec() const {
    return distribution;
  }
  const std::optional<ShardSpecBuffer> &shard_spec() const { return spec; }
  TensorMemoryLayout buffer_layout() const { return layout; }

private:
  std::optional<BufferDistributionSpec> distribution;
  std::optional<ShardSpecBuffer> spec;
  TensorMemoryLayout layout = TensorMemoryLayout::INTERLEAVED;
};

inline bool is_sharded(TensorMemoryLayout layout) {
  return layout != TensorMemoryLayout::INTERLEAVED;
}

/// Bytes, counted over the pages in order.
struct BufferRegion {
  DeviceAddr offset;
  DeviceAddr size;
};

class Buffer : public std::enable_shared_from_this<Buffer> {
public:
  /// Allocates: DRAM from the low end, L1 from the high end unless `bottom_up`
  /// says otherwise. Throws std::runtime_error when the memory is full or a
  /// size does not fit.
  static std::shared_ptr<Buffer>
  create(IDevice *device, DeviceAddr size, DeviceAddr page_size,
         BufferType buffer_type, const BufferShardingArgs &sharding = {},
         std::optional<bool> bottom_up = std::nullopt,
         std::optional<SubDeviceId> sub_device_id = std::nullopt);
  /// At an address that the caller answers for.
  static std::shared_ptr<Buffer>
  create(IDevice *device, DeviceAddr address, DeviceAddr size,
         DeviceAddr page_size, BufferType buffer_type,
         const BufferShardingArgs &sharding = {},
         std::optional<bool> bottom_up = std::nullopt,
         std::optional<SubDeviceId> sub_device_id = std::nullopt);
  ~Buffer();
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;

  IDevice *device() const { return device_; }
  DeviceAddr size() const { return size_; }
  /// Byte address, the same in every bank.
  uint32_t address() const { return static_cast<uint32_t>(address_); }
  DeviceAddr page_size() const { return page_size_; }
  uint32_t num_pages() const {
    return static_cast<uint32_t>(page_size_ ? size_ / page_size_ : 0);
  }
  /// Pages with those of shards that reach beyond the tensor.
  uint32_t num_dev_pages() const;
  /// The page rounded up to the alignment of the memory.
  DeviceAddr aligned_page_size() const;
  DeviceAddr aligned_size() const {
    return num_dev_pages() * aligned_page_size();
  }
  DeviceAddr aligned_size_per_bank() const;
  uint32_t alignment() const;
  BufferType buffer_type() const { return buffer_type_; }
  TensorMemoryLayout buffer_layout() const { return sharding.buffer_layout(); }
  bool is_allocated() const { return allocated; }
  bool is_l1() const {
    return buffer_type_ == BufferType::L1 ||
           buffer_type_ == BufferType::L1_SMALL;
  }
  bool is_dram() const { return !is_l1(); }
  bool bottom_up() const { return bottomUp; }
  /// Cores or banks that hold shards; nothing when interleaved.
  std::optional<uint32_t> num_cores() const;
  bool has_shard_spec() const { return sharding.shard_spec().has_value(); }
  ShardSpecBuffer shard_spec() const;
  const std::optional<BufferDistributionSpec> &
  buffer_distribution_spec() const {
    return sharding.buffer_distribution_spec();
  }

  /// A buffer over whole pages of this one, which it keeps allocated. Throws
  /// std::runtime_error for a region that does not consist of whole pages.
  std::shared_ptr<Buffer> view(const BufferRegion &region);
  std::shared_ptr<Buffer> root_buffer() {
    return root ? root : shared_from_this();
  }
  BufferRegion root_buffer_region() const { return {rootOffset, size_}; }

  /// Where kernels find bank 0, or DRAM bank `bank`, on the NoC.
  CoreCoord noc_coordinates(uint32_t bank = 0) const;

  /// Host access, pages in order: `bytes` of the buffer from byte `offset` on,
  /// or all of it. Throws std::runtime_error for bytes that it does not have.
  void write(const void *data, DeviceAddr bytes, DeviceAddr offset = 0);
  void read(void *data) const { read(data, size_, 0); }
  void read(void *data, DeviceAddr bytes, DeviceAddr offset) const;

private:
  Buffer() = default;
  friend void DeallocateBuffer(Buffer &buffer);

  static std::shared_ptr<Buffer>
  make(IDevice *device, std::optional<DeviceAddr> address, DeviceAddr size,
       DeviceAddr page_size, BufferType buffer_type,
       const BufferShardingArgs &sharding, std::optional<bool> bottom_up);
  void checkRange(const char *what, DeviceAddr bytes, DeviceAddr offset) const;
  /// Where a page lies in the memory of the device.
  std::span<uint8_t> pageMemory(DeviceAddr page) const;
  void deallocate();

  IDevice *device_ = nullptr;
  std::shared_ptr<const IDevice> keepAlive;
  DeviceAddr size_ = 0;
  DeviceAddr page_size_ = 0;
  DeviceAddr address_ = 0;
  BufferType buffer_type_ = BufferType::DRAM;
  BufferShardingArgs sharding;
  /// What places the pages of a sharded buffer.
  std::optional<BufferDistributionSpec> placement;
  bool bottomUp = false;
  bool allocated = false;
  bool owned = false;
  std::shared_ptr<Buffer> root;
  DeviceAddr rootOffset = 0;
};

UncompressedBufferPageMapping
generate_buffer_page_mapping(const Buffer &buffer);

} // namespace tt::tt_metal
