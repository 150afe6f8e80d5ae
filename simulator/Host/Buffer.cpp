//===- Buffer.cpp - Buffers and accessor arguments ------------------------===//
//
// Interleaved buffers are the device's own. A sharded buffer takes the bytes of
// its fullest core, or bank, in every one, at one address.
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

/// The distribution that a specification of two dimensions stands for. Height
/// sharding counts pages through, whatever the width of its shards. Rows of a
/// tensor beyond the `pages` pages of the buffer place nothing.
BufferDistributionSpec distributionOf(const ShardSpecBuffer &spec,
                                      TensorMemoryLayout layout,
                                      uint64_t pages) {
  const auto [pageRows, pageCols] = spec.page_shape;
  const auto [rows, cols] = spec.shape();
  if (pageRows == 0 || pageCols == 0 || rows == 0 || cols == 0 ||
      rows % pageRows != 0 || cols % pageCols != 0)
    fail(FaultCode::BadBufferAccess,
         "a shard of " + std::to_string(rows) + "x" + std::to_string(cols) +
             " elements does not consist of pages of " +
             std::to_string(pageRows) + "x" + std::to_string(pageCols));
  auto [tensorRows, tensorCols] = spec.tensor2d_shape_in_pages;
  if (tensorCols != 0 && pages % tensorCols == 0 && pages != 0 &&
      uint64_t(tensorRows) * tensorCols > pages)
    tensorRows = static_cast<uint32_t>(pages / tensorCols);
  const auto [shardRows, shardCols] = spec.shape_in_pages();
  const bool counted = layout == TensorMemoryLayout::HEIGHT_SHARDED;
  BufferDistributionSpec distribution(counted ? Shape({tensorRows * tensorCols})
                                              : Shape({tensorRows, tensorCols}),
                                      counted ? Shape({shardRows * shardCols})
                                              : Shape({shardRows, shardCols}),
                                      spec.grid(), spec.orientation());
  if (distribution.num_shards() > spec.grid().num_cores())
    fail(FaultCode::BadBufferAccess,
         std::to_string(distribution.num_shards()) + " shards are placed on " +
             std::to_string(spec.grid().num_cores()) + " cores");
  return distribution;
}

void checkPlaces(const BufferDistributionSpec &distribution,
                 const CoreCoord &grid, bool dram) {
  for (const CoreCoord &core : distribution.cores())
    if (core.x >= grid.x || core.y >= grid.y)
      fail(FaultCode::BadCore,
           dram ? "a shard is placed in DRAM bank " + core.str() +
                      "; the banks are (0,0) to (" +
                      std::to_string(grid.x - 1) + ",0)"
                : "a shard is placed on core " + core.str() + ", outside the " +
                      std::to_string(grid.x) + "x" + std::to_string(grid.y) +
                      " compute grid");
}

} // namespace

std::shared_ptr<Buffer> Buffer::make(IDevice *device,
                                     std::optional<DeviceAddr> address,
                                     DeviceAddr size, DeviceAddr page_size,
                                     BufferType buffer_type,
                                     const BufferShardingArgs &sharding,
                                     std::optional<bool> bottom_up) {
  if (!device)
    fail(FaultCode::BadBufferAccess, "a buffer is created without a device");
  if (size != 0 && (page_size == 0 || size % page_size != 0))
    fail(FaultCode::BadBufferAccess,
         "a buffer of " + std::to_string(size) +
             " bytes does not consist of pages of " +
             std::to_string(page_size) + " bytes");
  const bool described =
      sharding.shard_spec() || sharding.buffer_distribution_spec();
  if (is_sharded(sharding.buffer_layout()) != described)
    fail(FaultCode::BadBufferAccess,
         described ? "an interleaved buffer is given a shard specification"
                   : "a sharded buffer is given no shard specification");
  std::shared_ptr<Buffer> buffer(new Buffer());
  buffer->device_ = device;
  buffer->keepAlive = device->keepAlive();
  buffer->size_ = size;
  buffer->page_size_ = page_size;
  buffer->buffer_type_ = buffer_type;
  buffer->sharding = sharding;
  const sim::BufferType type = toSim(buffer_type);
  const bool dram = type == sim::BufferType::Dram;
  buffer->bottomUp = bottom_up.value_or(dram);
  if (described) {
    buffer->placement =
        sharding.buffer_distribution_spec()
            ? sharding.buffer_distribution_spec()
            : distributionOf(*sharding.shard_spec(), sharding.buffer_layout(),
                             page_size ? size / page_size : 0);
    checkPlaces(*buffer->placement,
                dram ? device->dram_grid_size()
                     : device->compute_with_storage_grid_size(),
                dram);
    if (buffer->placement->tensor_shape_in_pages().volume() <
        buffer->num_pages())
      fail(FaultCode::BadBufferAccess,
           "a buffer of " + std::to_string(buffer->num_pages()) +
               " pages is sharded as one of " +
               std::to_string(
                   buffer->placement->tensor_shape_in_pages().volume()));
  }
  if (address) {
    buffer->address_ = *address;
  } else if (size != 0) {
    buffer->address_ = device->simulated().allocateInBanks(
        buffer->aligned_size_per_bank(), type, buffer->bottomUp);
    buffer->owned = true;
    if (!described)
      device->simulated().setPages(buffer->address_, buffer->num_pages(),
                                   buffer->aligned_page_size(), type);
  }
  buffer->allocated = true;
  return buffer;
}

std::shared_ptr<Buffer>
Buffer::create(IDevice *device, DeviceAddr size, DeviceAddr page_size,
               BufferType buffer_type, const BufferShardingArgs &sharding,
               std::optional<bool> bottom_up, std::optional<SubDeviceId>) {
  return make(device, std::nullopt, size, page_size, buffer_type, sharding,
              bottom_up);
}

std::shared_ptr<Buffer> Buffer::create(IDevice *device, DeviceAddr address,
                                       DeviceAddr size, DeviceAddr page_size,
                                       BufferType buffer_type,
                                       const BufferShardingArgs &sharding,
                                       std::optional<bool> bottom_up,
                                       std::optional<SubDeviceId>) {
  return make(device, address, size, page_size, buffer_type, sharding,
              bottom_up);
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

std::optional<uint32_t> Buffer::num_cores() const {
  if (!placement)
    return std::nullopt;
  return static_cast<uint32_t>(sharding.buffer_distribution_spec()
                                   ? placement->num_cores_with_data()
                                   : placement->num_cores());
}

uint32_t Buffer::num_dev_pages() const {
  return placement
             ? static_cast<uint32_t>(placement->max_num_dev_pages_per_core()) *
                   *num_cores()
             : num_pages();
}

DeviceAddr Buffer::aligned_size_per_bank() const {
  if (placement)
    return placement->max_num_dev_pages_per_core() * aligned_page_size();
  const sim::Device &device = device_->simulated();
  const uint64_t banks = is_dram()
                             ? device.dramBanks()
                             : uint64_t(device.grid().x) * device.grid().y;
  return (num_pages() + banks - 1) / banks * aligned_page_size();
}

ShardSpecBuffer Buffer::shard_spec() const {
  if (!sharding.shard_spec())
    fail(FaultCode::BadBufferAccess, "the buffer is not sharded");
  return *sharding.shard_spec();
}

std::shared_ptr<Buffer> Buffer::view(const BufferRegion &region) {
  if (region.offset % page_size_ != 0 || region.size % page_size_ != 0 ||
      region.offset + region.size > size_)
    fail(FaultCode::BadBufferAccess,
         "a view of " + std::to_string(region.size) + " bytes from byte " +
             std::to_string(region.offset) + " on does not consist of pages " +
             "of the buffer");
  if (region.offset == 0 && region.size == size_)
    return shared_from_this();
  auto part = make(device_, address_, region.size, page_size_, buffer_type_,
                   sharding, bottomUp);
  part->root = root_buffer();
  part->rootOffset = rootOffset + region.offset;
  return part;
}

std::span<uint8_t> Buffer::pageMemory(DeviceAddr page) const {
  sim::Device &device = device_->simulated();
  page += rootOffset / page_size_;
  if (!placement)
    return device.page(address_, static_cast<uint32_t>(page_size_),
                       toSim(buffer_type_), page);
  const auto [index, place] = placement->placeOfPage(page);
  const CoreCoord &core = placement->cores()[index];
  const DeviceAddr at = address_ + place * aligned_page_size();
  if (is_dram())
    return device.dram(static_cast<uint32_t>(core.x), at, page_size_);
  const std::span<uint8_t> l1 = device.l1(toCore(core));
  if (at > l1.size() || page_size_ > l1.size() - at)
    fail(FaultCode::BadBufferAccess,
         "page " + std::to_string(page) + " of a buffer at " +
             std::to_string(address_) + " lies outside the memory");
  return l1.subspan(at, page_size_);
}

void Buffer::checkRange(const char *what, DeviceAddr bytes,
                        DeviceAddr offset) const {
  if (offset > size_ || bytes > size_ - offset)
    fail(FaultCode::BadBufferAccess,
         std::to_string(bytes) + " bytes are " + what + " a buffer of " +
             std::to_string(size_) +
             (offset ? " from byte " + std::to_string(offset) + " on" : ""));
}

void Buffer::write(const void *data, DeviceAddr bytes, DeviceAddr offset) {
  checkRange("written to", bytes, offset);
  const auto *from = static_cast<const uint8_t *>(data);
  for (DeviceAddr done = 0; done < bytes;) {
    const DeviceAddr inPage = (offset + done) % page_size_;
    const DeviceAddr part = std::min(page_size_ - inPage, bytes - done);
    std::memcpy(pageMemory((offset + done) / page_size_).data() + inPage,
                from + done, part);
    done += part;
  }
}

void Buffer::read(void *data, DeviceAddr bytes, DeviceAddr offset) const {
  checkRange("read from", bytes, offset);
  auto *to = static_cast<uint8_t *>(data);
  for (DeviceAddr done = 0; done < bytes;) {
    const DeviceAddr inPage = (offset + done) % page_size_;
    const DeviceAddr part = std::min(page_size_ - inPage, bytes - done);
    std::memcpy(to + done,
                pageMemory((offset + done) / page_size_).data() + inPage, part);
    done += part;
  }
}

UncompressedBufferPageMapping
generate_buffer_page_mapping(const Buffer &buffer) {
  if (buffer.buffer_distribution_spec())
    return buffer.buffer_distribution_spec()->compute_page_mapping();
  return distributionOf(buffer.shard_spec(), buffer.buffer_layout(),
                        buffer.num_pages())
      .compute_page_mapping();
}

CoreCoord Buffer::noc_coordinates(uint32_t bank) const {
  if (is_dram())
    return device_->virtual_core_from_dram_bank(bank);
  const CoreCoord grid = device_->compute_with_storage_grid_size();
  return device_->worker_core_from_logical_core({bank % grid.x, bank / grid.x});
}

std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config) {
  return Buffer::create(config.device, config.size, config.page_size,
                        config.buffer_type);
}

std::shared_ptr<Buffer> CreateBuffer(const InterleavedBufferConfig &config,
                                     DeviceAddr address) {
  return Buffer::create(config.device, address, config.size, config.page_size,
                        config.buffer_type);
}

std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config) {
  return Buffer::create(
      config.device, config.size, config.page_size, config.buffer_type,
      BufferShardingArgs(config.shard_parameters, config.buffer_layout));
}

std::shared_ptr<Buffer> CreateBuffer(const ShardedBufferConfig &config,
                                     DeviceAddr address) {
  return Buffer::create(
      config.device, address, config.size, config.page_size, config.buffer_type,
      BufferShardingArgs(config.shard_parameters, config.buffer_layout));
}

void DeallocateBuffer(Buffer &buffer) { buffer.deallocate(); }

//===----------------------------------------------------------------------===//
// Accessor arguments
//===----------------------------------------------------------------------===//

namespace {
using tensor_accessor::ArgConfig;

sim::ShardedTensor describe(const Buffer &buffer) {
  const BufferDistributionSpec &spec = *buffer.buffer_distribution_spec();
  sim::ShardedTensor tensor;
  tensor.tensor.assign(spec.tensor_shape_in_pages().begin(),
                       spec.tensor_shape_in_pages().end());
  tensor.shard.assign(spec.shard_shape_in_pages().begin(),
                      spec.shard_shape_in_pages().end());
  for (const CoreCoord &core : spec.cores()) {
    // A DRAM bank is called by its number, a core as kernels address it.
    const CoreCoord at =
        buffer.is_dram() ? core
                         : buffer.device()->worker_core_from_logical_core(core);
    tensor.banks.push_back(
        {static_cast<uint32_t>(at.x), static_cast<uint32_t>(at.y)});
  }
  return tensor;
}
} // namespace

TensorAccessorArgs::TensorAccessorArgs(const Buffer &buffer,
                                       tensor_accessor::ArgsConfig config)
    : buffer(&buffer) {
  if (buffer.buffer_distribution_spec()) {
    flags = config.raw() | uint8_t(ArgConfig::Sharded);
    if (buffer.buffer_distribution_spec()->tensor_shape_in_pages().rank() >
        MAX_NUM_DIMENSIONS)
      fail(FaultCode::Unsupported,
           "TensorAccessorArgs: a tensor has at most 8 dimensions");
    if (config.test(ArgConfig::RuntimeRank) &&
        !(config.test(ArgConfig::RuntimeTensorShape) &&
          config.test(ArgConfig::RuntimeShardShape)))
      fail(FaultCode::Unsupported, "TensorAccessorArgs: with a rank at run "
                                   "time both shapes are at run time too");
    if (config.test(ArgConfig::RuntimeNumBanks) &&
        !config.test(ArgConfig::RuntimeBankCoords))
      fail(FaultCode::Unsupported,
           "TensorAccessorArgs: with the number of banks at run time their "
           "coordinates are at run time too");
  } else if (is_sharded(buffer.buffer_layout())) {
    // The SDK would describe the buffer as interleaved.
    fail(FaultCode::Unsupported,
         "TensorAccessorArgs: the buffer is sharded by a ShardSpecBuffer "
         "alone; give its BufferShardingArgs a BufferDistributionSpec");
  }
  if (buffer.is_dram())
    flags |= uint8_t(ArgConfig::IsDram);
}
TensorAccessorArgs::TensorAccessorArgs(const Buffer *buffer,
                                       tensor_accessor::ArgsConfig config) {
  if (buffer)
    *this = TensorAccessorArgs(*buffer, config);
}
TensorAccessorArgs::TensorAccessorArgs(const std::shared_ptr<Buffer> &buffer,
                                       tensor_accessor::ArgsConfig config)
    : TensorAccessorArgs(buffer.get(), config) {}
TensorAccessorArgs::TensorAccessorArgs(const distributed::MeshBuffer &buffer,
                                       tensor_accessor::ArgsConfig config)
    : TensorAccessorArgs(*buffer.get_reference_buffer(), config) {}
TensorAccessorArgs::TensorAccessorArgs(const distributed::MeshBuffer *buffer,
                                       tensor_accessor::ArgsConfig config) {
  if (buffer)
    *this = TensorAccessorArgs(*buffer, config);
}
TensorAccessorArgs::TensorAccessorArgs(
    const std::shared_ptr<distributed::MeshBuffer> &buffer,
    tensor_accessor::ArgsConfig config)
    : TensorAccessorArgs(buffer.get(), config) {}

TensorAccessorArgs TensorAccessorArgs::create_dram_interleaved() {
  TensorAccessorArgs args;
  args.flags = uint8_t(ArgConfig::IsDram);
  return args;
}

TensorAccessorArgs TensorAccessorArgs::create_l1_interleaved() { return {}; }

void TensorAccessorArgs::append_to(
    std::vector<uint32_t> &compile_time_args) const {
  if (flags & uint8_t(ArgConfig::Runtime))
    fail(FaultCode::Unsupported,
         "TensorAccessorArgs: arguments at run time need append_to with the "
         "common runtime arguments");
  std::vector<uint32_t> none;
  append_to(compile_time_args, none);
}

void TensorAccessorArgs::append_to(
    std::vector<uint32_t> &compile_time_args,
    std::vector<uint32_t> &common_runtime_args) const {
  const auto bytes =
      static_cast<uint32_t>(buffer ? buffer->aligned_page_size() : 0);
  if (flags & uint8_t(ArgConfig::Sharded))
    sim::appendShardedAccessor(compile_time_args, common_runtime_args, flags,
                               bytes, describe(*buffer));
  else
    sim::appendInterleavedAccessor(compile_time_args,
                                   flags & uint8_t(ArgConfig::IsDram), bytes);
}

std::vector<uint32_t> TensorAccessorArgs::get_compile_time_args() const {
  std::vector<uint32_t> args, common;
  append_to(args, common);
  return args;
}

std::vector<uint32_t> TensorAccessorArgs::get_common_runtime_args() const {
  std::vector<uint32_t> args, common;
  append_to(args, common);
  return common;
}

} // namespace tt::tt_metal
