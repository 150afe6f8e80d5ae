//===- Buffer.cpp - Buffers and accessor arguments
//-------------------------===//
//
// Interleaved buffers are the device's own. A sharded L1 buffer takes the bytes
// of one shard on every core, at one address; the pages of shard i lie, row by
// row of the shard, on core i of its grid.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"
#include "Runtime/AccessorArgs.h"

#include <tt-metalium/mesh_buffer.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>

#include <algorithm>
#include <cstring>

namespace sim = tilewright::sim;
using sim::FaultCode;
using sim::host::fail;
using sim::host::toCore;

namespace tt::tt_metal {
namespace {

sim::BufferType toSim(BufferType type) {
  switch (type) {
  case BufferType::DRAM:
    return sim::BufferType::Dram;
  case BufferType::L1:
  case BufferType::L1_SMALL:
    return sim::BufferType::L1;
  default:
    fail(FaultCode::Unsupported,
         "buffers in system memory and trace buffers are not simulated");
  }
}

void checkShards(const ShardSpecBuffer &spec, const CoreCoord &grid) {
  const auto [pageRows, pageCols] = spec.page_shape;
  const auto [rows, cols] = spec.shape();
  if (pageRows == 0 || pageCols == 0 || rows == 0 || cols == 0 ||
      rows % pageRows != 0 || cols % pageCols != 0)
    fail(FaultCode::BadBufferAccess,
         "a shard of " + std::to_string(rows) + "x" + std::to_string(cols) +
             " elements does not consist of pages of " +
             std::to_string(pageRows) + "x" + std::to_string(pageCols));
  for (const CoreRange &range : spec.grid().ranges())
    if (range.end_coord.x >= grid.x || range.end_coord.y >= grid.y)
      fail(FaultCode::BadCore, "the shard grid " + range.str() +
                                   " is outside the " + std::to_string(grid.x) +
                                   "x" + std::to_string(grid.y) +
                                   " compute grid");
  const auto [tensorRows, tensorCols] = spec.tensor2d_shape_in_pages;
  const auto [shardRows, shardCols] = spec.shape_in_pages();
  const uint64_t shards = uint64_t((tensorRows + shardRows - 1) / shardRows) *
                          ((tensorCols + shardCols - 1) / shardCols);
  if (shards > spec.grid().num_cores())
    fail(FaultCode::BadBufferAccess,
         std::to_string(shards) + " shards are placed on " +
             std::to_string(spec.grid().num_cores()) + " cores");
}

} // namespace

std::shared_ptr<Buffer> Buffer::create(IDevice *device, DeviceAddr size,
                                       DeviceAddr page_size,
                                       BufferType buffer_type,
                                       const BufferShardingArgs &sharding,
                                       std::optional<DeviceAddr> address) {
  if (!device)
    fail(FaultCode::BadBufferAccess, "a buffer is created without a device");
  if (size == 0 || page_size == 0 || size % page_size != 0)
    fail(FaultCode::BadBufferAccess,
         "a buffer of " + std::to_string(size) +
             " bytes does not consist of pages of " +
             std::to_string(page_size) + " bytes");
  std::shared_ptr<Buffer> buffer(new Buffer());
  buffer->device_ = device;
  buffer->keepAlive = device->keepAlive();
  buffer->size_ = size;
  buffer->page_size_ = page_size;
  buffer->buffer_type_ = buffer_type;
  buffer->sharding = sharding;

  DeviceAddr bytes = size;
  DeviceAddr unit = page_size;
  const sim::BufferType type = toSim(buffer_type);
  if (const auto &spec = sharding.shard_spec()) {
    if (type != sim::BufferType::L1)
      fail(FaultCode::Unsupported, "DRAM sharded buffers are not simulated");
    const CoreCoord grid = device->compute_with_storage_grid_size();
    checkShards(*spec, grid);
    unit = spec->num_pages() * buffer->aligned_page_size();
    bytes = unit * grid.x * grid.y;
  }
  if (address) {
    buffer->address_ = *address;
  } else {
    buffer->address_ =
        device->simulated().allocate(bytes, static_cast<uint32_t>(unit), type);
    buffer->owned = true;
  }
  buffer->allocated = true;
  return buffer;
}

Buffer::~Buffer() { deallocate(); }

void Buffer::deallocate() {
  if (allocated && owned)
    device_->simulated().deallocate(address_, toSim(buffer_type_));
  allocated = false;
}

uint32_t Buffer::alignment() const {
  return device_->simulated().pageAlignment(toSim(buffer_type_));
}

DeviceAddr Buffer::aligned_page_size() const {
  return (page_size_ + alignment() - 1) / alignment() * alignment();
}

ShardSpecBuffer Buffer::shard_spec() const {
  if (!sharding.shard_spec())
    fail(FaultCode::BadBufferAccess, "the buffer is not sharded");
  return *sharding.shard_spec();
}

std::pair<CoreCoord, DeviceAddr> Buffer::shardOfPage(uint32_t page) const {
  const ShardSpecBuffer &spec = *sharding.shard_spec();
  const auto [shardRows, shardCols] = spec.shape_in_pages();
  const uint32_t tensorCols = spec.tensor2d_shape_in_pages[1];
  const uint32_t row = page / tensorCols;
  const uint32_t col = page % tensorCols;
  const uint32_t shardsAcross = (tensorCols + shardCols - 1) / shardCols;
  const uint32_t shard = row / shardRows * shardsAcross + col / shardCols;
  const std::vector<CoreCoord> cores =
      corerange_to_cores(spec.grid(), std::nullopt,
                         spec.orientation() == ShardOrientation::ROW_MAJOR);
  return {cores.at(shard), (row % shardRows * shardCols + col % shardCols) *
                               aligned_page_size()};
}

void Buffer::write(const void *data, DeviceAddr bytes) {
  if (bytes > size_)
    fail(FaultCode::BadBufferAccess, std::to_string(bytes) +
                                         " bytes are written to a buffer of " +
                                         std::to_string(size_));
  const auto *from = static_cast<const uint8_t *>(data);
  sim::Device &device = device_->simulated();
  for (uint32_t page = 0; page * page_size_ < bytes; ++page) {
    const DeviceAddr start = page * page_size_;
    const std::span<const uint8_t> source(from + start,
                                          std::min(page_size_, bytes - start));
    if (has_shard_spec()) {
      const auto [core, offset] = shardOfPage(page);
      std::copy(source.begin(), source.end(),
                device.l1(toCore(core)).begin() + address_ + offset);
    } else {
      device.writePage(address_, static_cast<uint32_t>(page_size_),
                       toSim(buffer_type_), page, source);
    }
  }
}

void Buffer::read(void *data) const {
  auto *to = static_cast<uint8_t *>(data);
  sim::Device &device = device_->simulated();
  for (uint32_t page = 0; page < num_pages(); ++page) {
    const std::span<uint8_t> target(to + page * page_size_, page_size_);
    if (has_shard_spec()) {
      const auto [core, offset] = shardOfPage(page);
      std::memcpy(target.data(),
                  device.l1(toCore(core)).data() + address_ + offset,
                  target.size());
    } else {
      device.readPage(address_, static_cast<uint32_t>(page_size_),
                      toSim(buffer_type_), page, target);
    }
  }
}

std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config) {
  return Buffer::create(config.device, config.size, config.page_size,
                        config.buffer_type);
}

std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config,
                                     DeviceAddr address) {
  return Buffer::create(config.device, config.size, config.page_size,
                        config.buffer_type, {}, address);
}

std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config) {
  return Buffer::create(
      config.device, config.size, config.page_size, config.buffer_type,
      BufferShardingArgs(config.shard_parameters, config.buffer_layout));
}

std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config,
                                     DeviceAddr address) {
  return Buffer::create(
      config.device, config.size, config.page_size, config.buffer_type,
      BufferShardingArgs(config.shard_parameters, config.buffer_layout),
      address);
}

void DeallocateBuffer(Buffer &buffer) { buffer.deallocate(); }

//===----------------------------------------------------------------------===//
// Accessor arguments
//===----------------------------------------------------------------------===//

TensorAccessorArgs::TensorAccessorArgs(const Buffer &buffer)
    : inDram(buffer.is_dram()),
      alignedPageBytes(static_cast<uint32_t>(buffer.aligned_page_size())) {
  if (buffer.has_shard_spec())
    fail(FaultCode::Unsupported,
         "TensorAccessorArgs: accessors of sharded buffers are not simulated");
}
TensorAccessorArgs::TensorAccessorArgs(const Buffer *buffer) {
  if (buffer)
    *this = TensorAccessorArgs(*buffer);
}
TensorAccessorArgs::TensorAccessorArgs(const std::shared_ptr<Buffer> &buffer)
    : TensorAccessorArgs(buffer.get()) {}
TensorAccessorArgs::TensorAccessorArgs(const distributed::MeshBuffer &buffer)
    : TensorAccessorArgs(*buffer.get_reference_buffer()) {}
TensorAccessorArgs::TensorAccessorArgs(const distributed::MeshBuffer *buffer) {
  if (buffer)
    *this = TensorAccessorArgs(*buffer);
}
TensorAccessorArgs::TensorAccessorArgs(
    const std::shared_ptr<distributed::MeshBuffer> &buffer)
    : TensorAccessorArgs(buffer.get()) {}

TensorAccessorArgs TensorAccessorArgs::create_dram_interleaved() {
  TensorAccessorArgs args;
  args.inDram = true;
  return args;
}

TensorAccessorArgs TensorAccessorArgs::create_l1_interleaved() { return {}; }

void TensorAccessorArgs::append_to(
    std::vector<uint32_t> &compile_time_args) const {
  sim::appendInterleavedAccessor(compile_time_args, inDram, alignedPageBytes);
}

void TensorAccessorArgs::append_to(std::vector<uint32_t> &compile_time_args,
                                   std::vector<uint32_t> &) const {
  append_to(compile_time_args);
}

std::vector<uint32_t> TensorAccessorArgs::get_compile_time_args() const {
  std::vector<uint32_t> args;
  append_to(args);
  return args;
}

} // namespace tt::tt_metal
