//===- Device.cpp - One device, its queue and raw memory ------------------===//

#include "ProgramImpl.h"
#include "tilewright/arch/Chip.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace sim = tilewright::sim;
namespace arch = tilewright::arch;
using sim::FaultCode;
using sim::host::fail;
using sim::host::toCore;

namespace {

/// Devices opened by CreateDevice.
std::vector<std::shared_ptr<tt::tt_metal::distributed::MeshDevice>> &
openDevices() {
  static std::vector<std::shared_ptr<tt::tt_metal::distributed::MeshDevice>>
      devices;
  return devices;
}

} // namespace

namespace tt::tt_metal {

//===----------------------------------------------------------------------===//
// IDevice
//===----------------------------------------------------------------------===//

uint32_t Allocator::get_alignment(BufferType type) const {
  return device.pageAlignment(type == BufferType::DRAM
                                  ? tilewright::sim::BufferType::Dram
                                  : tilewright::sim::BufferType::L1);
}

uint32_t Allocator::get_num_banks(BufferType type) const {
  return type == BufferType::DRAM ? device.dramBanks()
                                  : device.grid().x * device.grid().y;
}

DeviceAddr Allocator::get_base_allocator_addr(BufferType type) const {
  return type == BufferType::DRAM ? 0 : device.l1Base();
}

IDevice::~IDevice() = default;

const std::unique_ptr<Allocator> &IDevice::allocator() const {
  if (!memory)
    memory = std::make_unique<Allocator>(simulated());
  return memory;
}

tt::ARCH IDevice::arch() const {
  return simulated().chip().arch == arch::Arch::WormholeB0
             ? tt::ARCH::WORMHOLE_B0
             : tt::ARCH::BLACKHOLE;
}

int IDevice::num_dram_channels() const {
  return static_cast<int>(simulated().dramBanks());
}

uint32_t IDevice::l1_size_per_core() const {
  return simulated().chip().l1Bytes;
}

int IDevice::get_clock_rate_mhz() const {
  return static_cast<int>(simulated().chip().clockGHz * 1000);
}

CoreCoord IDevice::compute_with_storage_grid_size() const {
  const sim::CoreCoord grid = simulated().grid();
  return {grid.x, grid.y};
}

CoreCoord IDevice::dram_grid_size() const {
  return {simulated().dramBanks(), 1};
}

CoreCoord IDevice::worker_core_from_logical_core(const CoreCoord &core) const {
  const CoreCoord grid = compute_with_storage_grid_size();
  if (core.x >= grid.x || core.y >= grid.y)
    fail(FaultCode::BadCore, "core " + core.str() + " is outside the " +
                                 std::to_string(grid.x) + "x" +
                                 std::to_string(grid.y) + " compute grid");
  const sim::CoreCoord place = simulated().virtualCoord(toCore(core));
  return {place.x, place.y};
}

std::vector<CoreCoord> IDevice::worker_cores_from_logical_cores(
    const std::vector<CoreCoord> &cores) const {
  std::vector<CoreCoord> result;
  for (const CoreCoord &core : cores)
    result.push_back(worker_core_from_logical_core(core));
  return result;
}

CoreCoord IDevice::virtual_core_from_logical_core(const CoreCoord &core,
                                                  const CoreType &type) const {
  if (type != CoreType::WORKER)
    fail(FaultCode::Unsupported, "virtual_core_from_logical_core: only worker "
                                 "cores are simulated");
  return worker_core_from_logical_core(core);
}

CoreCoord IDevice::virtual_core_from_dram_bank(uint32_t bank) const {
  if (bank >= simulated().dramBanks())
    fail(FaultCode::BadCore, "there is no DRAM bank " + std::to_string(bank));
  const arch::NocCoord at = simulated().chip().dramEndpoints[0][bank];
  return {at.x, at.y};
}

CoreRangeSet IDevice::worker_cores(HalProgrammableCoreType type,
                                   SubDeviceId) const {
  if (type != HalProgrammableCoreType::TENSIX)
    return {};
  const CoreCoord grid = compute_with_storage_grid_size();
  return CoreRangeSet(CoreRange({0, 0}, {grid.x - 1, grid.y - 1}));
}

CoreCoord IDevice::ethernet_core_from_logical_core(const CoreCoord &) const {
  fail(FaultCode::Unsupported, "ethernet cores are not simulated");
}

CommandQueue &IDevice::command_queue(std::size_t id) {
  while (queues.size() <= id)
    queues.push_back(std::make_unique<CommandQueue>(
        this, static_cast<uint32_t>(queues.size())));
  return *queues[id];
}

std::size_t GetNumAvailableDevices() { return 1; }
std::size_t GetNumPCIeDevices() { return 1; }

IDevice *CreateDevice(ChipId device_id, uint8_t, std::size_t, std::size_t,
                      const DispatchCoreConfig &) {
  openDevices().push_back(distributed::MeshDevice::create_unit_mesh(device_id));
  return openDevices().back().get();
}

bool CloseDevice(IDevice *device) {
  return std::erase_if(openDevices(), [&](const auto &open) {
           return open.get() == device;
         }) > 0;
}

//===----------------------------------------------------------------------===//
// Launch and raw memory
//===----------------------------------------------------------------------===//

Buffer &detail::toBuffer(const BufferRef &buffer) {
  if (const auto *shared = std::get_if<std::shared_ptr<Buffer>>(&buffer))
    return **shared;
  return std::get<std::reference_wrapper<Buffer>>(buffer);
}

void EnqueueWriteBuffer(CommandQueue &, const BufferRef &buffer,
                        const void *data, bool) {
  Buffer &to = detail::toBuffer(buffer);
  to.write(data, to.size());
}

void EnqueueReadBuffer(CommandQueue &, const BufferRef &buffer, void *data,
                       bool) {
  detail::toBuffer(buffer).read(data);
}

void EnqueueProgram(CommandQueue &queue, const ProgramRef &program, bool) {
  Program *given = nullptr;
  if (const auto *shared = std::get_if<std::shared_ptr<Program>>(&program))
    given = shared->get();
  else
    given = &std::get<std::reference_wrapper<Program>>(program).get();
  sim::host::launch(queue.device()->simulated(), given->impl().program,
                    queue.device()->id());
}

namespace detail {
namespace {

std::span<uint8_t> l1Bytes(IDevice *device, const CoreCoord &core,
                           uint32_t address, size_t bytes) {
  device->worker_core_from_logical_core(core);
  const std::span<uint8_t> l1 = device->simulated().l1(toCore(core));
  if (address > l1.size() || bytes > l1.size() - address)
    fail(FaultCode::BadBufferAccess,
         std::to_string(bytes) + " bytes at L1 address " +
             std::to_string(address) + " are beyond the L1 of a core");
  return l1.subspan(address, bytes);
}

std::span<const uint8_t> asBytes(const std::vector<uint32_t> &data) {
  return {reinterpret_cast<const uint8_t *>(data.data()),
          data.size() * sizeof(uint32_t)};
}

std::span<uint8_t> resized(std::vector<uint32_t> &data, uint32_t bytes) {
  data.resize(bytes / sizeof(uint32_t));
  return {reinterpret_cast<uint8_t *>(data.data()),
          data.size() * sizeof(uint32_t)};
}

} // namespace

void LaunchProgram(IDevice *device, Program &program, bool, bool) {
  sim::host::launch(device->simulated(), program.impl().program, device->id());
}

void WaitProgramDone(IDevice *, Program &, bool) {}

void CompileProgram(IDevice *device, Program &program, bool) {
  std::string text;
  for (const sim::Fault &fault :
       sim::buildKernels(device->simulated(), program.impl().program))
    text += (text.empty() ? "" : "\n") + fault.render();
  if (!text.empty())
    throw std::runtime_error(text);
}

bool WriteToDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                              std::span<const uint8_t> data) {
  const std::span<uint8_t> bank =
      device->simulated().dram(channel, address, data.size());
  std::copy(data.begin(), data.end(), bank.begin());
  return true;
}

bool WriteToDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                              std::vector<uint32_t> &data) {
  return WriteToDeviceDRAMChannel(device, channel, address, asBytes(data));
}

bool ReadFromDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                               std::span<uint8_t> data) {
  const std::span<uint8_t> bank =
      device->simulated().dram(channel, address, data.size());
  std::copy(bank.begin(), bank.end(), data.begin());
  return true;
}

bool ReadFromDeviceDRAMChannel(IDevice *device, int channel, uint32_t address,
                               uint32_t size, std::vector<uint32_t> &data) {
  return ReadFromDeviceDRAMChannel(device, channel, address,
                                   resized(data, size));
}

bool WriteToDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                     std::span<const uint8_t> data, CoreType) {
  std::copy(data.begin(), data.end(),
            l1Bytes(device, core, address, data.size()).begin());
  return true;
}

bool WriteToDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                     std::vector<uint32_t> &data, CoreType type) {
  return WriteToDeviceL1(device, core, address, asBytes(data), type);
}

bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                      std::span<uint8_t> data, CoreType) {
  const std::span<uint8_t> l1 = l1Bytes(device, core, address, data.size());
  std::copy(l1.begin(), l1.end(), data.begin());
  return true;
}

bool ReadFromDeviceL1(IDevice *device, const CoreCoord &core, uint32_t address,
                      uint32_t size, std::vector<uint32_t> &data,
                      CoreType type) {
  return ReadFromDeviceL1(device, core, address, resized(data, size), type);
}

} // namespace detail
} // namespace tt::tt_metal
