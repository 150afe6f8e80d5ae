//===- Device.cpp - The device, its queue and raw memory
//-------------------===//
//
// A mesh of one simulated chip. Commands run when they are enqueued.
//
//===----------------------------------------------------------------------===//

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

struct ChipChoice {
  const arch::Chip *chip;
  uint32_t gridX = 0;
  uint32_t gridY = 0;
};

/// "n150" or "p150:14x10".
ChipChoice parseChip(const std::string &text) {
  const size_t colon = text.find(':');
  ChipChoice choice{.chip = arch::findChip(text.substr(0, colon))};
  if (!choice.chip) {
    std::string known;
    for (const arch::Chip *chip : arch::allChips())
      known += (known.empty() ? "" : ", ") + std::string(chip->name);
    fail(FaultCode::BadCore, "TILEWRIGHT_DEVICE: there is no chip '" +
                                 text.substr(0, colon) + "'; known are " +
                                 known);
  }
  if (colon == std::string::npos)
    return choice;
  const char *end = text.data() + text.size();
  const auto x = std::from_chars(text.data() + colon + 1, end, choice.gridX);
  const bool cross = x.ec == std::errc() && x.ptr != end && *x.ptr == 'x';
  const auto y = cross ? std::from_chars(x.ptr + 1, end, choice.gridY) : x;
  if (!cross || y.ec != std::errc() || y.ptr != end || choice.gridX == 0 ||
      choice.gridY == 0 || choice.gridX > choice.chip->maxGrid[0] ||
      choice.gridY > choice.chip->maxGrid[1])
    fail(FaultCode::BadCore,
         "TILEWRIGHT_DEVICE: '" + text.substr(colon + 1) + "' is no grid of " +
             std::string(choice.chip->name) + ", which has up to " +
             std::to_string(choice.chip->maxGrid[0]) + "x" +
             std::to_string(choice.chip->maxGrid[1]) + " cores");
  return choice;
}

std::string deviceFromEnvironment() {
  const char *name = std::getenv("TILEWRIGHT_DEVICE");
  return name && *name ? name : "n150";
}

/// Devices opened by CreateDevice.
std::vector<std::shared_ptr<tt::tt_metal::distributed::MeshDevice>> &
openDevices() {
  static std::vector<std::shared_ptr<tt::tt_metal::distributed::MeshDevice>>
      devices;
  return devices;
}

void appendReport(const sim::RunResult &result) {
  const char *path = std::getenv("TILEWRIGHT_REPORT");
  if (!path || !*path)
    return;
  // One line a launch; the first launch of the process starts the file.
  static bool started = false;
  std::FILE *file = std::fopen(path, started ? "a" : "w");
  started = true;
  if (!file) {
    std::fprintf(stderr, "TILEWRIGHT_REPORT: %s cannot be written\n", path);
    return;
  }
  std::string json = result.json();
  std::replace(json.begin(), json.end(), '\n', ' ');
  std::fprintf(file, "%s\n", json.c_str());
  std::fclose(file);
}

} // namespace

void sim::host::launch(Device &device, const Program &program) {
  const RunResult result = run(device, program);
  std::fwrite(result.output.data(), 1, result.output.size(), stdout);
  for (const Fault &warning : result.warnings)
    std::fprintf(stderr, "%s\n", warning.render().c_str());
  appendReport(result);
  if (result.ok())
    return;
  std::string text;
  for (const Fault &fault : result.faults)
    text += (text.empty() ? "" : "\n") + fault.render();
  throw std::runtime_error(text);
}

namespace tt::tt_metal {

//===----------------------------------------------------------------------===//
// IDevice
//===----------------------------------------------------------------------===//

uint32_t Allocator::get_alignment(BufferType type) const {
  return device.pageAlignment(type == BufferType::DRAM
                                  ? tilewright::sim::BufferType::Dram
                                  : tilewright::sim::BufferType::L1);
}

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

std::size_t GetNumAvailableDevices() { return 1; }
std::size_t GetNumPCIeDevices() { return 1; }

IDevice *CreateDevice(ChipId device_id, uint8_t, std::size_t, std::size_t) {
  openDevices().push_back(distributed::MeshDevice::create_unit_mesh(device_id));
  return openDevices().back().get();
}

bool CloseDevice(IDevice *device) {
  return std::erase_if(openDevices(), [&](const auto &open) {
           return open.get() == device;
         }) > 0;
}

//===----------------------------------------------------------------------===//
// Mesh
//===----------------------------------------------------------------------===//

namespace distributed {

std::size_t MeshShape::mesh_size() const {
  std::size_t size = 1;
  for (const uint32_t dim : dims_)
    size *= dim;
  return size;
}

MeshCoordinate MeshCoordinate::zero_coordinate(std::size_t dims) {
  const std::vector<uint32_t> zeros(dims, 0);
  return MeshCoordinate(tt::stl::Span<const uint32_t>(zeros));
}

namespace {
MeshCoordinate lastCoordinate(const MeshShape &shape) {
  std::vector<uint32_t> last;
  for (std::size_t i = 0; i < shape.dims(); ++i)
    last.push_back(shape[static_cast<std::ptrdiff_t>(i)] - 1);
  return MeshCoordinate(tt::stl::Span<const uint32_t>(last));
}
} // namespace

MeshCoordinateRange::MeshCoordinateRange(const MeshShape &shape)
    : start(MeshCoordinate::zero_coordinate(shape.dims())),
      end_(lastCoordinate(shape)) {}

std::shared_ptr<MeshDevice>
MeshDevice::createSimulated(const std::string &name) {
  const ChipChoice choice = parseChip(name);
  std::shared_ptr<MeshDevice> mesh(new MeshDevice());
  mesh->device =
      std::make_unique<sim::Device>(*choice.chip, choice.gridX, choice.gridY);
  mesh->queue = std::make_unique<MeshCommandQueue>(mesh.get());
  return mesh;
}

std::shared_ptr<MeshDevice> MeshDevice::create_unit_mesh(int device_id,
                                                         std::size_t,
                                                         std::size_t,
                                                         std::size_t) {
  if (device_id != 0)
    fail(FaultCode::Unsupported, "create_unit_mesh: the simulator has device " +
                                     std::string("0, not ") +
                                     std::to_string(device_id));
  return createSimulated(deviceFromEnvironment());
}

std::shared_ptr<MeshDevice> MeshDevice::create(const MeshDeviceConfig &config,
                                               std::size_t, std::size_t,
                                               std::size_t) {
  if (config.mesh_shape() && config.mesh_shape()->mesh_size() != 1)
    fail(FaultCode::Unsupported,
         "MeshDevice::create: the simulator has one device; a mesh of " +
             std::to_string(config.mesh_shape()->mesh_size()) +
             " is asked for");
  return createSimulated(deviceFromEnvironment());
}

MeshDevice::~MeshDevice() = default;

bool MeshDevice::close() { return true; }

MeshCommandQueue &MeshDevice::mesh_command_queue(std::optional<uint8_t>) const {
  return *queue;
}

std::shared_ptr<MeshBuffer>
MeshBuffer::create(const MeshBufferConfig &config,
                   const DeviceLocalBufferConfig &local, MeshDevice *device,
                   std::optional<DeviceAddr> address) {
  const auto *sharded = std::get_if<ShardedBufferConfig>(&config);
  const DeviceAddr size = sharded
                              ? sharded->global_size
                              : std::get<ReplicatedBufferConfig>(config).size;
  auto backing =
      address ? Buffer::create(device, *address, size, local.page_size,
                               local.buffer_type, local.sharding_args)
              : Buffer::create(device, size, local.page_size, local.buffer_type,
                               local.sharding_args, local.bottom_up);
  return std::shared_ptr<MeshBuffer>(
      new MeshBuffer(config, local, device, std::move(backing)));
}

void MeshWorkload::add_program(const MeshCoordinateRange &range,
                               Program &&program) {
  if (!programs.emplace(range, std::move(program)).second)
    fail(FaultCode::BadProcessor,
         "MeshWorkload::add_program: the range has a program already");
}

void AddProgramToMeshWorkload(MeshWorkload &workload, Program &&program,
                              const MeshCoordinateRange &range) {
  workload.add_program(range, std::move(program));
}

void MeshCommandQueue::enqueue_mesh_workload(MeshWorkload &workload, bool) {
  for (auto &[range, program] : workload.get_programs())
    sim::host::launch(mesh->simulated(), program.impl().program);
}

void MeshCommandQueue::enqueue_write_mesh_buffer(
    const std::shared_ptr<MeshBuffer> &buffer, const void *data,
    std::size_t bytes, bool) {
  buffer->get_backing_buffer()->write(data, bytes);
}

void MeshCommandQueue::enqueue_read_mesh_buffer(
    void *data, const std::shared_ptr<MeshBuffer> &buffer, bool) {
  buffer->get_backing_buffer()->read(data);
}

void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking) {
  queue.enqueue_mesh_workload(workload, blocking);
}

void Finish(MeshCommandQueue &queue) { queue.finish(); }

void Synchronize(MeshDevice *, std::optional<uint8_t>) {}

} // namespace distributed

//===----------------------------------------------------------------------===//
// Launch and raw memory
//===----------------------------------------------------------------------===//

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
  sim::host::launch(device->simulated(), program.impl().program);
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

std::string get_platform_architecture_name() {
  return std::string(parseChip(deviceFromEnvironment()).chip->archName);
}

} // namespace detail
} // namespace tt::tt_metal
