//===- buffer.hpp - Buffers in device memory --------------------*- C++ -*-===//
//
// A buffer is a sequence of pages in DRAM or L1. Interleaved: page p lies in
// bank p mod banks. Sharded (L1 only): the pages of a shard lie together in the
// L1 of one core, at the same address on every core.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/core_coord.hpp>

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

class BufferShardingArgs {
public:
  BufferShardingArgs() = default;
  BufferShardingArgs(std::nullopt_t) {}
  BufferShardingArgs(std::optional<ShardSpecBuffer> spec,
                     TensorMemoryLayout layout)
      : spec(std::move(spec)), layout(layout) {}

  const std::optional<ShardSpecBuffer> &shard_spec() const { return spec; }
  TensorMemoryLayout buffer_layout() const { return layout; }

private:
  std::optional<ShardSpecBuffer> spec;
  TensorMemoryLayout layout = TensorMemoryLayout::INTERLEAVED;
};

struct BufferRegion {
  DeviceAddr offset;
  DeviceAddr size;
};

class Buffer {
public:
  /// Allocates unless an address is given. Throws std::runtime_error when the
  /// memory is full or a size does not fit.
  static std::shared_ptr<Buffer>
  create(IDevice *device, DeviceAddr size, DeviceAddr page_size,
         BufferType buffer_type, const BufferShardingArgs &sharding = {},
         std::optional<DeviceAddr> address = std::nullopt);
  ~Buffer();
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;

  IDevice *device() const { return device_; }
  DeviceAddr size() const { return size_; }
  /// Byte address, the same in every bank.
  uint32_t address() const { return static_cast<uint32_t>(address_); }
  DeviceAddr page_size() const { return page_size_; }
  uint32_t num_pages() const {
    return static_cast<uint32_t>(size_ / page_size_);
  }
  /// The page rounded up to the alignment of the memory.
  DeviceAddr aligned_page_size() const;
  uint32_t alignment() const;
  BufferType buffer_type() const { return buffer_type_; }
  TensorMemoryLayout buffer_layout() const { return sharding.buffer_layout(); }
  bool is_allocated() const { return allocated; }
  bool is_l1() const {
    return buffer_type_ == BufferType::L1 ||
           buffer_type_ == BufferType::L1_SMALL;
  }
  bool is_dram() const { return !is_l1(); }
  bool has_shard_spec() const { return sharding.shard_spec().has_value(); }
  ShardSpecBuffer shard_spec() const;

  /// Host access, pages in order: the first `bytes` of the buffer, or all of
  /// it. Throws std::runtime_error for more bytes than the buffer has.
  void write(const void *data, DeviceAddr bytes);
  void read(void *data) const;

private:
  Buffer() = default;
  friend void DeallocateBuffer(Buffer &buffer);

  /// Core and byte offset of a page of a sharded buffer.
  std::pair<CoreCoord, DeviceAddr> shardOfPage(uint32_t page) const;
  void deallocate();

  IDevice *device_ = nullptr;
  std::shared_ptr<const IDevice> keepAlive;
  DeviceAddr size_ = 0;
  DeviceAddr page_size_ = 0;
  DeviceAddr address_ = 0;
  BufferType buffer_type_ = BufferType::DRAM;
  BufferShardingArgs sharding;
  bool allocated = false;
  bool owned = false;
};

} // namespace tt::tt_metal
