//===- Mesh.cpp - A mesh of devices, its buffers and queues ---------------===//
//
// Every device of a mesh has its own memory. A buffer of the mesh is allocated
// on all of them in the same order, so that it has one address.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"
#include "tilewright/arch/Chip.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <map>

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

namespace {
/// One chip of a mesh as a device of its own.
class ChipDevice : public IDevice {
public:
  ChipDevice(const arch::Chip &chip, uint32_t gridX, uint32_t gridY,
             ChipId number)
      : device(chip, gridX, gridY), number(number) {}
  tilewright::sim::Device &simulated() const override { return device; }
  std::shared_ptr<const IDevice> keepAlive() const override {
    const auto held = mesh.lock();
    return held ? std::shared_ptr<const IDevice>(held, this) : nullptr;
  }
  bool close() override { return true; }
  ChipId id() const override { return number; }

  std::weak_ptr<const MeshDevice> mesh;

private:
  mutable tilewright::sim::Device device;
  ChipId number;
};

/// What one enqueued workload of a trace runs.
struct TracedLaunch {
  size_t device;
  sim::Program program;
};
} // namespace

struct MeshState {
  MeshShape shape{1, 1};
  std::vector<std::unique_ptr<ChipDevice>> chips;
  std::vector<std::unique_ptr<MeshCommandQueue>> queues;
  std::map<uint32_t, std::vector<TracedLaunch>> traces;
  std::optional<uint32_t> capturing;
  uint32_t nextTrace = 0;
  std::vector<size_t> subDevices; ///< of each manager, how many
  std::optional<uint64_t> loaded;

  /// The number of the device at a place of the mesh.
  size_t index(const MeshCoordinate &coord) const {
    size_t number = 0;
    bool inside = coord.dims() == shape.dims();
    for (size_t i = 0; inside && i < coord.dims(); ++i) {
      const auto dim = static_cast<std::ptrdiff_t>(i);
      inside = coord[dim] < shape[dim];
      number = number * shape[dim] + coord[dim];
    }
    if (!inside)
      fail(FaultCode::BadCore, "a device outside the mesh is asked for");
    return number;
  }
  MeshCoordinate place(size_t number) const {
    std::vector<uint32_t> dims(shape.dims());
    for (size_t i = dims.size(); i-- > 0;) {
      const uint32_t extent = shape[static_cast<std::ptrdiff_t>(i)];
      dims[i] = static_cast<uint32_t>(number % extent);
      number /= extent;
    }
    return MeshCoordinate(tt::stl::Span<const uint32_t>(dims));
  }
};

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
  for (IDevice *chip : device->get_devices()) {
    buffer->parts.push_back(
        address
            ? Buffer::create(chip, *address, bytes, local.page_size,
                             local.buffer_type, local.sharding_args)
            : Buffer::create(chip, bytes, local.page_size, local.buffer_type,
                             local.sharding_args, local.bottom_up));
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

} // namespace distributed
} // namespace tt::tt_metal
