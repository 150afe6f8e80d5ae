//===- Device.cpp - the memory of a simulated chip ------------------------===//

#include "Runtime/DeviceImpl.h"

#include <cstring>
#include <new>
#include <sys/mman.h>

namespace tilewright::sim {
namespace {

constexpr uint64_t kGuardBytes = 1 << 16;
/// DRAM below this is kept free, so that no buffer has address 0.
constexpr uint64_t kDramBase = 1 << 10;

[[noreturn]] void fail(FaultCode code, std::string message) {
  Fault fault;
  fault.code = code;
  fault.message = std::move(message);
  throw FaultError(std::move(fault));
}

uint64_t roundUp(uint64_t value, uint64_t align) {
  return (value + align - 1) / align * align;
}

} // namespace

Memory::Memory(uint64_t size, uint64_t guardBytes)
    : bytes(size), mapped(roundUp(size, 4096) + guardBytes) {
  void *memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc();
  data = static_cast<uint8_t *>(memory);
  if (guardBytes)
    mprotect(data + roundUp(size, 4096), guardBytes, PROT_NONE);
}
Memory::~Memory() {
  if (data)
    munmap(data, mapped);
}
Memory::Memory(Memory &&other) noexcept
    : data(other.data), bytes(other.bytes), mapped(other.mapped) {
  other.data = nullptr;
}

uint64_t Blocks::allocate(uint64_t bytes, uint64_t align, bool fromTop) {
  bytes = roundUp(bytes ? bytes : 1, align);
  if (fromTop) {
    uint64_t end = high;
    for (auto block = used.rbegin(); block != used.rend(); ++block) {
      if (end >= bytes &&
          (end - bytes) / align * align >= block->first + block->second)
        break;
      end = block->first;
    }
    if (end < bytes)
      return 0;
    const uint64_t start = (end - bytes) / align * align;
    if (start < low)
      return 0;
    used[start] = bytes;
    return start;
  }
  uint64_t start = roundUp(low, align);
  for (const auto &[address, size] : used) {
    if (start + bytes <= address)
      break;
    start = roundUp(address + size, align);
  }
  if (start + bytes > high)
    return 0;
  used[start] = bytes;
  return start;
}

bool Blocks::free(uint64_t address) {
  const auto block = used.find(address);
  if (block == used.end())
    return false;
  freed[block->first] = block->second;
  pages.erase(address);
  used.erase(block);
  return true;
}

bool Blocks::wasFreed(uint64_t address) const {
  const auto after = freed.upper_bound(address);
  if (after == freed.begin())
    return false;
  const auto &[start, size] = *std::prev(after);
  return address < start + size;
}

uint32_t semaphoreBase(const arch::Chip &chip) {
  return (chip.l1Base - chip.semaphores * 16) / 16 * 16;
}

uint32_t argumentBase(const arch::Chip &chip, uint32_t processor) {
  const uint32_t bytes = (chip.runtimeArgWords * 4 + 15) / 16 * 16;
  return semaphoreBase(chip) - (3 - processor) * bytes;
}

Device::Impl::Impl(const arch::Chip &chip, uint32_t gridX, uint32_t gridY)
    : chip(chip),
      grid{gridX ? gridX : chip.grid[0], gridY ? gridY : chip.grid[1]},
      dramBlocks(kDramBase, chip.dram.bytesPerBank),
      l1Blocks(chip.l1Base, chip.l1Bytes) {
  if (grid.x > chip.maxGrid[0] || grid.y > chip.maxGrid[1])
    fail(FaultCode::BadCore,
         "a grid of " + std::to_string(grid.x) + "x" + std::to_string(grid.y) +
             " cores is larger than " + std::string(chip.name) + " has (" +
             std::to_string(chip.maxGrid[0]) + "x" +
             std::to_string(chip.maxGrid[1]) + ")");
  l1.reserve(size_t(grid.x) * grid.y);
  for (uint32_t i = 0; i < grid.x * grid.y; ++i)
    l1.emplace_back(chip.l1Bytes, kGuardBytes);
  dram.reserve(chip.dram.banks);
  for (uint32_t bank = 0; bank < chip.dram.banks; ++bank)
    dram.emplace_back(chip.dram.bytesPerBank, 0);
}

Device::Device(const arch::Chip &chip, uint32_t gridX, uint32_t gridY)
    : state(std::make_unique<Impl>(chip, gridX, gridY)) {}
Device::~Device() = default;

const arch::Chip &Device::chip() const { return state->chip; }
CoreCoord Device::grid() const { return state->grid; }
uint32_t Device::dramBanks() const { return state->chip.dram.banks; }
uint32_t Device::pageAlignment(BufferType type) const {
  return type == BufferType::Dram ? state->chip.noc.dramReadAlignment
                                  : state->chip.noc.l1Alignment;
}

uint64_t Device::allocate(uint64_t bytes, uint32_t pageBytes, BufferType type) {
  const bool dram = type == BufferType::Dram;
  const uint64_t banks =
      dram ? state->chip.dram.banks : uint64_t(state->grid.x) * state->grid.y;
  if (pageBytes == 0)
    fail(FaultCode::OutOfMemory, "a buffer with pages of 0 bytes");
  const uint64_t align = pageAlignment(type);
  const uint64_t pages = (bytes + pageBytes - 1) / pageBytes;
  const uint64_t stride = roundUp(pageBytes, align);
  const uint64_t perBank = (pages + banks - 1) / banks * stride;
  const uint64_t address = allocateInBanks(perBank, type, dram);
  setPages(address, pages, stride, type);
  return address;
}

void Device::setPages(uint64_t address, uint64_t count, uint64_t stride,
                      BufferType type) {
  (type == BufferType::Dram ? state->dramBlocks : state->l1Blocks)
      .pages[address] = {count, stride};
}

uint64_t Device::allocateInBanks(uint64_t bytes, BufferType type,
                                 bool fromLowEnd) {
  const bool dram = type == BufferType::Dram;
  Blocks &blocks = dram ? state->dramBlocks : state->l1Blocks;
  const uint64_t address = blocks.allocate(bytes, 64, !fromLowEnd);
  if (!address)
    fail(FaultCode::OutOfMemory,
         "a buffer that takes " + std::to_string(bytes) + " bytes in every " +
             (dram ? "DRAM bank" : "core's L1") +
             " does not fit: " + std::to_string(blocks.high - blocks.low) +
             " bytes are there, of which other buffers use some");
  return address;
}

void Device::deallocate(uint64_t address, BufferType type) {
  (type == BufferType::Dram ? state->dramBlocks : state->l1Blocks)
      .free(address);
}

namespace {
std::span<uint8_t> page(Device::Impl &impl, uint64_t address,
                        uint32_t pageBytes, uint32_t align, BufferType type,
                        uint64_t index, uint64_t bytes) {
  auto &memory = type == BufferType::Dram ? impl.dram : impl.l1;
  const uint64_t banks = memory.size();
  const uint64_t offset = address + index / banks * roundUp(pageBytes, align);
  Memory &bank = memory[index % banks];
  if (bytes > pageBytes || offset + bytes > bank.bytes)
    fail(FaultCode::BadBufferAccess,
         "page " + std::to_string(index) + " of a buffer at " +
             std::to_string(address) + " lies outside the memory");
  return {bank.data + offset, bytes};
}
} // namespace

std::span<uint8_t> Device::page(uint64_t address, uint32_t pageBytes,
                                BufferType type, uint64_t index) {
  return sim::page(*state, address, pageBytes, pageAlignment(type), type, index,
                   pageBytes);
}

void Device::writePage(uint64_t address, uint32_t pageBytes, BufferType type,
                       uint64_t index, std::span<const uint8_t> data) {
  auto to = sim::page(*state, address, pageBytes, pageAlignment(type), type,
                      index, data.size());
  std::memcpy(to.data(), data.data(), data.size());
}

void Device::readPage(uint64_t address, uint32_t pageBytes, BufferType type,
                      uint64_t index, std::span<uint8_t> data) const {
  auto from = sim::page(*state, address, pageBytes, pageAlignment(type), type,
                        index, data.size());
  std::memcpy(data.data(), from.data(), data.size());
}

std::span<uint8_t> Device::l1(CoreCoord core) {
  if (core.x >= state->grid.x || core.y >= state->grid.y)
    fail(FaultCode::BadCore, "no core " + std::to_string(core.x) + "," +
                                 std::to_string(core.y) + " in the grid");
  return {state->l1Of(core), state->chip.l1Bytes};
}

std::span<uint8_t> Device::dram(uint32_t bank, uint64_t address,
                                uint64_t bytes) {
  if (bank >= state->dram.size() || address + bytes > state->dram[bank].bytes)
    fail(FaultCode::BadBufferAccess,
         "no such bytes in DRAM bank " + std::to_string(bank));
  return {state->dram[bank].data + address, bytes};
}

uint32_t Device::l1Base() const { return state->chip.l1Base; }
uint32_t Device::l1Limit() const {
  return static_cast<uint32_t>(state->l1Blocks.lowest());
}

CoreCoord Device::virtualCoord(CoreCoord logical) const {
  // Wormhole translates Tensix coordinates to 18.. in both directions;
  // Blackhole's are the physical ones of NoC 0.
  if (state->chip.arch == arch::Arch::WormholeB0)
    return {18 + logical.x, 18 + logical.y};
  const arch::NocCoord at = state->chip.physical(logical.x, logical.y);
  return {at.x, at.y};
}

//===----------------------------------------------------------------------===//
// Formats
//===----------------------------------------------------------------------===//

namespace {
constexpr std::pair<DataFormat, std::string_view> kFormatNames[] = {
    {DataFormat::Float32, "Float32"},
    {DataFormat::Float16, "Float16"},
    {DataFormat::Bfp8, "Bfp8"},
    {DataFormat::Bfp4, "Bfp4"},
    {DataFormat::Tf32, "Tf32"},
    {DataFormat::Float16_b, "Float16_b"},
    {DataFormat::Bfp8_b, "Bfp8_b"},
    {DataFormat::Bfp4_b, "Bfp4_b"},
    {DataFormat::Int32, "Int32"},
    {DataFormat::UInt16, "UInt16"},
    {DataFormat::Lf8, "Lf8"},
    {DataFormat::Bfp2, "Bfp2"},
    {DataFormat::Int8, "Int8"},
    {DataFormat::Bfp2_b, "Bfp2_b"},
    {DataFormat::UInt32, "UInt32"},
    {DataFormat::UInt8, "UInt8"},
    {DataFormat::Fp8_e4m3, "Fp8_e4m3"},
    {DataFormat::RawUInt8, "RawUInt8"},
    {DataFormat::RawUInt16, "RawUInt16"},
    {DataFormat::RawUInt32, "RawUInt32"},
    {DataFormat::Invalid, "Invalid"},
};
} // namespace

std::string_view formatName(DataFormat format) {
  for (const auto &[value, name] : kFormatNames)
    if (value == format)
      return name;
  return "Invalid";
}

std::optional<DataFormat> parseFormat(std::string_view text) {
  for (const auto &[value, name] : kFormatNames)
    if (name == text)
      return value;
  return std::nullopt;
}

} // namespace tilewright::sim
