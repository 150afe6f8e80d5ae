//===- Mesh.cpp - A mesh of devices, its queues and traces ----------------===//
//
// Every device of a mesh has its own memory; buffers are in MeshBuffer.cpp.
//
//===----------------------------------------------------------------------===//

#include "MeshState.h"
#include "tilewright/arch/Chip.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace sim = tilewright::sim;
namespace arch = tilewright::arch;
using sim::FaultCode;
using sim::host::fail;

namespace {

constexpr size_t kMaxDevices = 32;

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

} // namespace

namespace tt::tt_metal {

std::string detail::get_platform_architecture_name() {
  return std::string(parseChip(deviceFromEnvironment()).chip->archName);
}

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

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

MeshDevice::MeshDevice() : inner(std::make_unique<MeshState>()) {}
MeshDevice::~MeshDevice() = default;

std::shared_ptr<MeshDevice> MeshDevice::createSimulated(const std::string &name,
                                                        const MeshShape &shape,
                                                        std::size_t queues) {
  const ChipChoice choice = parseChip(name);
  if (shape.mesh_size() == 0 || shape.mesh_size() > kMaxDevices)
    fail(FaultCode::Unsupported,
         "MeshDevice::create: a mesh of " + std::to_string(shape.mesh_size()) +
             " devices; 1 to " + std::to_string(kMaxDevices) +
             " are simulated");
  std::shared_ptr<MeshDevice> mesh(new MeshDevice());
  mesh->inner->shape = shape;
  for (size_t i = 0; i < shape.mesh_size(); ++i) {
    mesh->inner->chips.push_back(std::make_unique<ChipDevice>(
        *choice.chip, choice.gridX, choice.gridY, static_cast<ChipId>(i)));
    mesh->inner->chips.back()->mesh = mesh;
  }
  for (size_t i = 0; i < std::max<size_t>(queues, 1); ++i)
    mesh->inner->queues.push_back(std::make_unique<MeshCommandQueue>(
        mesh.get(), static_cast<uint32_t>(i)));
  return mesh;
}

std::shared_ptr<MeshDevice>
MeshDevice::create_unit_mesh(int device_id, std::size_t, std::size_t,
                             std::size_t queues, const DispatchCoreConfig &) {
  if (device_id != 0)
    fail(FaultCode::Unsupported, "create_unit_mesh: the simulator has device " +
                                     std::string("0, not ") +
                                     std::to_string(device_id));
  return createSimulated(deviceFromEnvironment(), MeshShape(1, 1), queues);
}

std::shared_ptr<MeshDevice> MeshDevice::create(const MeshDeviceConfig &config,
                                               std::size_t, std::size_t,
                                               std::size_t queues,
                                               const DispatchCoreConfig &) {
  return createSimulated(deviceFromEnvironment(),
                         config.mesh_shape().value_or(MeshShape(1, 1)), queues);
}

bool MeshDevice::close() { return true; }

const MeshShape &MeshDevice::shape() const { return inner->shape; }

tilewright::sim::Device &MeshDevice::simulated() const {
  return inner->chips.front()->simulated();
}

std::vector<IDevice *> MeshDevice::get_devices() const {
  std::vector<IDevice *> devices;
  for (const auto &chip : inner->chips)
    devices.push_back(chip.get());
  return devices;
}

std::vector<ChipId> MeshDevice::get_device_ids() const {
  std::vector<ChipId> ids;
  for (const auto &chip : inner->chips)
    ids.push_back(chip->id());
  return ids;
}

IDevice *MeshDevice::get_device(const MeshCoordinate &coord) const {
  return inner->chips[inner->index(coord)].get();
}

MeshCommandQueue &
MeshDevice::mesh_command_queue(std::optional<uint8_t> id) const {
  const size_t number = id.value_or(0);
  if (number >= inner->queues.size())
    fail(FaultCode::Unsupported,
         "mesh_command_queue: queue " + std::to_string(number) + " of " +
             std::to_string(inner->queues.size()) +
             "; give the number of queues when the mesh is opened");
  return *inner->queues[number];
}

SubDeviceManagerId MeshDevice::create_sub_device_manager(
    tt::stl::Span<const SubDevice> sub_devices, DeviceAddr) {
  inner->subDevices.push_back(sub_devices.size());
  return SubDeviceManagerId(inner->subDevices.size() - 1);
}
SubDeviceManagerId MeshDevice::create_sub_device_manager(
    std::initializer_list<SubDevice> sub_devices, DeviceAddr bytes) {
  return create_sub_device_manager(
      tt::stl::Span<const SubDevice>(sub_devices.begin(), sub_devices.size()),
      bytes);
}
void MeshDevice::load_sub_device_manager(SubDeviceManagerId id) {
  if (*id >= inner->subDevices.size())
    fail(FaultCode::Unsupported,
         "load_sub_device_manager: there is no manager " + std::to_string(*id));
  inner->loaded = *id;
}
void MeshDevice::remove_sub_device_manager(SubDeviceManagerId) {}
void MeshDevice::clear_loaded_sub_device_manager() { inner->loaded.reset(); }
std::vector<SubDeviceId> MeshDevice::get_sub_device_ids() const {
  std::vector<SubDeviceId> ids;
  const size_t count = inner->loaded ? inner->subDevices[*inner->loaded] : 1;
  for (size_t i = 0; i < count; ++i)
    ids.emplace_back(static_cast<uint8_t>(i));
  return ids;
}

//===----------------------------------------------------------------------===//
// Workloads and traces
//===----------------------------------------------------------------------===//

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
  MeshState &state = mesh->state();
  for (auto &[range, program] : workload.get_programs())
    for (size_t i = 0; i < state.chips.size(); ++i) {
      if (!range.contains(state.place(i)))
        continue;
      if (state.capturing)
        state.traces[*state.capturing].push_back({i, program.impl().program});
      else
        sim::host::launch(state.chips[i]->simulated(), program.impl().program,
                          static_cast<int>(i));
    }
}

MeshTraceId MeshDevice::begin_mesh_trace(uint8_t queue) {
  const MeshTraceId id(inner->nextTrace++);
  begin_mesh_trace(queue, id);
  return id;
}
void MeshDevice::begin_mesh_trace(uint8_t, const MeshTraceId &id) {
  if (inner->capturing)
    fail(FaultCode::Unsupported, "a trace is being captured already");
  inner->traces[*id].clear();
  inner->capturing = *id;
}
void MeshDevice::end_mesh_trace(uint8_t, const MeshTraceId &id) {
  if (inner->capturing != *id)
    fail(FaultCode::Unsupported,
         "trace " + std::to_string(*id) + " is not being captured");
  inner->capturing.reset();
}
void MeshDevice::replay_mesh_trace(uint8_t, const MeshTraceId &id, bool) {
  const auto found = inner->traces.find(*id);
  if (found == inner->traces.end() || inner->capturing == *id)
    fail(FaultCode::Unsupported,
         "there is no captured trace " + std::to_string(*id));
  for (const TracedLaunch &launch : found->second)
    sim::host::launch(inner->chips[launch.device]->simulated(), launch.program,
                      static_cast<int>(launch.device));
}
void MeshDevice::release_mesh_trace(const MeshTraceId &id) {
  inner->traces.erase(*id);
}

MeshTraceId BeginTraceCapture(MeshDevice *device, uint8_t queue) {
  return device->begin_mesh_trace(queue);
}
void EndTraceCapture(MeshDevice *device, uint8_t queue, const MeshTraceId &id) {
  device->end_mesh_trace(queue, id);
}
void ReplayTrace(MeshDevice *device, uint8_t queue, const MeshTraceId &id,
                 bool blocking) {
  device->replay_mesh_trace(queue, id, blocking);
}
void ReleaseTrace(MeshDevice *device, const MeshTraceId &id) {
  device->release_mesh_trace(id);
}

} // namespace distributed
} // namespace tt::tt_metal
