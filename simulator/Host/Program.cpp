//===- Program.cpp - Kernels, circular buffers, semaphores, arguments
//------===//
//
// The Create* and Set* functions of the host API on a program of the simulator.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <utility>

namespace sim = tilewright::sim;
using sim::FaultCode;
using sim::host::fail;
using sim::host::toCore;
using sim::host::toRanges;

namespace tilewright::sim::host {

void fail(FaultCode code, std::string message) {
  Fault fault;
  fault.code = code;
  fault.message = std::move(message);
  throw FaultError(std::move(fault));
}

std::vector<CoreRange> toRanges(const tt::tt_metal::CoreSpec &cores) {
  if (const auto *core = std::get_if<tt::tt_metal::CoreCoord>(&cores))
    return {{toCore(*core), toCore(*core)}};
  if (const auto *range = std::get_if<tt::tt_metal::CoreRange>(&cores))
    return {{toCore(range->start_coord), toCore(range->end_coord)}};
  std::vector<CoreRange> ranges;
  for (const auto &range : std::get<tt::tt_metal::CoreRangeSet>(cores).ranges())
    ranges.push_back({toCore(range.start_coord), toCore(range.end_coord)});
  return ranges;
}

} // namespace tilewright::sim::host

namespace tt::tt_metal {
namespace {

std::string &rootDir() {
  static std::string folder;
  return folder;
}

std::string findKernel(const std::string &fileName) {
  namespace fs = std::filesystem;
  std::vector<fs::path> folders = {fs::path()};
  if (const char *folder = std::getenv("TT_METAL_KERNEL_PATH"))
    folders.emplace_back(folder);
  if (!rootDir().empty())
    folders.emplace_back(rootDir());
  if (const char *folder = std::getenv("TT_METAL_HOME"))
    folders.emplace_back(folder);
  // Folders around the source of the host program, from `tilewright sim`.
  if (const char *list = std::getenv("TILEWRIGHT_KERNEL_DIRS")) {
    std::istringstream given(list);
    for (std::string folder; std::getline(given, folder, ':');)
      if (!folder.empty())
        folders.emplace_back(folder);
  }
  for (const fs::path &folder : folders) {
    std::error_code error;
    const fs::path path = folder / fileName;
    if (fs::is_regular_file(path, error))
      return path.string();
  }
  std::string places;
  for (const fs::path &folder : folders)
    places += "\n  " + (folder.empty() ? fs::current_path() : folder).string();
  fail(FaultCode::KernelUnreadable,
       "CreateKernel: the kernel source '" + fileName +
           "' is not a file; it was looked for from" + places);
}

sim::ComputeConfig toSim(const ComputeConfig &config) {
  sim::ComputeConfig result;
  result.fidelity = static_cast<sim::MathFidelity>(config.math_fidelity);
  result.fp32DestAcc = config.fp32_dest_acc_en;
  result.dstFullSync = config.dst_full_sync_en;
  result.mathApprox = config.math_approx_mode;
  result.bfpPackPrecise = config.bfp8_pack_precise;
  for (uint32_t i = 0; i < config.unpack_to_dest_mode.size(); ++i)
    if (config.unpack_to_dest_mode[i] == UnpackToDestMode::UnpackToDestFp32)
      result.unpackToDestFp32.push_back(i);
  return result;
}

/// A core that both lists of ranges hold.
std::optional<sim::CoreCoord>
sharedCore(const std::vector<sim::CoreRange> &first,
           const std::vector<sim::CoreRange> &second) {
  for (const sim::CoreRange &a : first)
    for (const sim::CoreRange &b : second) {
      const sim::CoreCoord at = {std::max(a.start.x, b.start.x),
                                 std::max(a.start.y, b.start.y)};
      if (at.x <= std::min(a.end.x, b.end.x) &&
          at.y <= std::min(a.end.y, b.end.y))
        return at;
    }
  return std::nullopt;
}

/// As in the SDK: each data movement kernel of a core has a NoC for itself,
/// whose counters nobody else changes.
void checkNoc(const detail::ProgramImpl &program, const sim::KernelSpec &spec) {
  const std::vector<sim::KernelSpec> &kernels = program.program.kernels();
  for (KernelHandle id = 0; id < kernels.size(); ++id) {
    const sim::KernelSpec &other = kernels[id];
    if (other.processor == sim::Processor::Compute ||
        other.processor == spec.processor || other.noc != spec.noc ||
        program.dynamicNoc.contains(id))
      continue;
    if (const auto core = sharedCore(other.cores, spec.cores))
      fail(FaultCode::BadProcessor,
           "CreateKernel: " + other.name + " and " + spec.name +
               " both use NoC " + std::to_string(spec.noc) + " on core " +
               std::to_string(core->x) + "," + std::to_string(core->y) +
               "; give one of them .noc = NOC::NOC_" +
               std::to_string(1 - spec.noc) + ", or both DM_DYNAMIC_NOC");
  }
}

KernelHandle addKernel(Program &program, sim::KernelSpec spec,
                       const CoreSpec &cores, const KernelConfig &config) {
  if (std::holds_alternative<EthernetConfig>(config))
    fail(FaultCode::Unsupported,
         "CreateKernel: " + spec.name +
             " has an EthernetConfig; ethernet cores are not simulated");
  spec.cores = toRanges(cores);
  std::visit(
      [&](const auto &given) {
        spec.compileTimeArgs = given.compile_args;
        spec.defines = given.defines;
        spec.namedCompileTimeArgs.insert(given.named_compile_args.begin(),
                                         given.named_compile_args.end());
      },
      config);
  if (const auto *mover = std::get_if<DataMovementConfig>(&config)) {
    spec.processor = mover->processor == DataMovementProcessor::RISCV_0
                         ? sim::Processor::Brisc
                         : sim::Processor::Ncrisc;
    spec.noc = mover->noc;
    if (mover->noc_mode == NOC_MODE::DM_DYNAMIC_NOC)
      program.impl().dynamicNoc.insert(
          static_cast<KernelHandle>(program.impl().program.kernels().size()));
    else
      checkNoc(program.impl(), spec);
  } else {
    spec.processor = sim::Processor::Compute;
    spec.compute = toSim(std::get<ComputeConfig>(config));
  }
  return program.impl().program.addKernel(std::move(spec));
}

sim::CircularBufferSpec toSim(const CircularBufferConfig &config) {
  sim::CircularBufferSpec spec;
  spec.totalBytes = config.total_size();
  spec.address = config.globally_allocated_address();
  spec.scratch = config.is_scratch();
  for (const uint8_t index : config.buffer_indices()) {
    const DataFormat format = *config.data_formats()[index];
    const Tile tile = config.tiles()[index].value_or(Tile());
    // As in the SDK, a page is a tile unless it is said otherwise.
    const auto &page = config.page_sizes()[index];
    spec.indices.push_back({index, static_cast<sim::DataFormat>(format),
                            page ? *page : tile.get_tile_size(format),
                            tile.shape()});
  }
  return spec;
}

sim::Program &checkKernel(const Program &program, KernelHandle kernel,
                          const char *function) {
  sim::Program &inner = program.impl().program;
  if (kernel >= inner.kernels().size())
    fail(FaultCode::BadPlan, std::string(function) + ": the program has no " +
                                 "kernel " + std::to_string(kernel));
  return inner;
}

void checkArgumentCount(const sim::KernelSpec &kernel, size_t words) {
  if (words > max_runtime_args)
    fail(FaultCode::TooManyArguments,
         kernel.name + " is given " + std::to_string(words) +
             " runtime argument words; the limit is " +
             std::to_string(max_runtime_args));
}

void setArgs(sim::Program &inner, KernelHandle kernel, const CoreCoord &core,
             std::vector<uint32_t> args) {
  const sim::KernelSpec &spec = inner.kernels()[kernel];
  const sim::CoreCoord place = toCore(core);
  if (std::none_of(spec.cores.begin(), spec.cores.end(),
                   [&](const sim::CoreRange &range) {
                     return range.start.x <= place.x &&
                            place.x <= range.end.x &&
                            range.start.y <= place.y && place.y <= range.end.y;
                   }))
    fail(FaultCode::BadCore, "SetRuntimeArgs: " + spec.name +
                                 " is not placed on core " + core.str());
  checkArgumentCount(spec, args.size() + inner.commonArgs(kernel).size());
  inner.setRuntimeArgs(kernel, place, std::move(args));
}

CircularBufferConfig &checkCircularBuffer(Program &program, CBHandle handle) {
  auto &configs = program.impl().circularBuffers;
  if (handle >= configs.size())
    fail(FaultCode::BadCircularBuffer,
         "the program has no circular buffer " + std::to_string(handle));
  return configs[handle];
}

/// Takes over a changed configuration.
void update(Program &program, CBHandle handle) {
  sim::CircularBufferSpec &spec = program.impl().program.circularBuffer(handle);
  sim::CircularBufferSpec changed =
      toSim(program.impl().circularBuffers[handle]);
  spec.indices = std::move(changed.indices);
  spec.totalBytes = changed.totalBytes;
  spec.address = changed.address;
}

} // namespace

//===----------------------------------------------------------------------===//
// Program and kernels
//===----------------------------------------------------------------------===//

Program::Program() : internal(std::make_shared<detail::ProgramImpl>()) {}
Program::~Program() = default;
Program::Program(Program &&other) noexcept = default;
Program &Program::operator=(Program &&other) noexcept = default;

Program CreateProgram() { return Program(); }

void SetRootDir(const std::string &root_dir) { rootDir() = root_dir; }

KernelHandle CreateKernel(Program &program, const std::string &file_name,
                          const CoreSpec &cores, const KernelConfig &config) {
  sim::KernelSpec spec;
  spec.path = findKernel(file_name);
  spec.name = std::filesystem::path(spec.path).filename().string();
  return addKernel(program, std::move(spec), cores, config);
}

KernelHandle CreateKernelFromString(Program &program, const std::string &source,
                                    const CoreSpec &cores,
                                    const KernelConfig &config) {
  const size_t number = program.impl().program.kernels().size();
  return detail::createNamedKernel(program, "kernel " + std::to_string(number),
                                   source, cores, config);
}

KernelHandle detail::createNamedKernel(Program &program,
                                       const std::string &name,
                                       const std::string &source,
                                       const CoreSpec &cores,
                                       const KernelConfig &config) {
  sim::KernelSpec spec;
  spec.name = name;
  spec.path = name;
  spec.text = source;
  return addKernel(program, std::move(spec), cores, config);
}

//===----------------------------------------------------------------------===//
// Circular buffers
//===----------------------------------------------------------------------===//

CircularBufferConfig::CircularBufferConfig(uint32_t total_size)
    : total_size_(total_size) {}

CircularBufferConfig::CircularBufferConfig(
    uint32_t total_size, const std::map<uint8_t, tt::DataFormat> &formats)
    : total_size_(total_size) {
  for (const auto &[index, format] : formats)
    setFormat(index, format);
}

CircularBufferConfig::CircularBufferConfig(
    uint32_t total_size, const std::map<uint8_t, tt::DataFormat> &formats,
    const Buffer &buffer)
    : CircularBufferConfig(total_size, formats) {
  set_globally_allocated_address(buffer);
}

void CircularBufferConfig::setFormat(uint8_t index, tt::DataFormat format) {
  if (index >= NUM_CIRCULAR_BUFFERS)
    fail(FaultCode::BadCircularBuffer,
         "circular buffer index " + std::to_string(index) +
             " is beyond the limit of " + std::to_string(NUM_CIRCULAR_BUFFERS));
  indices_.insert(index);
  formats_[index] = format;
}

CircularBufferConfig &CircularBufferConfig::set_page_size(uint8_t index,
                                                          uint32_t page_size) {
  if (!indices_.contains(index))
    fail(FaultCode::BadCircularBuffer,
         "set_page_size: circular buffer " + std::to_string(index) +
             " has no data format in this configuration");
  if (page_size == 0 || total_size_ % page_size != 0)
    fail(FaultCode::BadCircularBuffer,
         "set_page_size: circular buffer " + std::to_string(index) + " has " +
             std::to_string(total_size_) + " bytes, which is no multiple of " +
             "a page of " + std::to_string(page_size));
  page_sizes_[index] = page_size;
  return *this;
}

CircularBufferConfig &CircularBufferConfig::set_tile_dims(uint8_t index,
                                                          const Tile &tile) {
  if (!indices_.contains(index))
    fail(FaultCode::BadCircularBuffer,
         "set_tile_dims: circular buffer " + std::to_string(index) +
             " has no data format in this configuration");
  if (tile.get_height() < 16 && tile.get_width() < 32)
    fail(FaultCode::Unsupported, "set_tile_dims: circular buffer " +
                                     std::to_string(index) + " has tiles of " +
                                     std::to_string(tile.get_height()) + "x" +
                                     std::to_string(tile.get_width()) +
                                     ", which the compute units do not take");
  tiles_[index] = tile;
  return *this;
}

CircularBufferConfig &
CircularBufferConfig::set_total_size(uint32_t total_size) {
  total_size_ = total_size;
  return *this;
}

CircularBufferConfig &
CircularBufferConfig::set_globally_allocated_address(const Buffer &buffer) {
  if (!buffer.is_l1())
    fail(FaultCode::BadCircularBuffer,
         "set_globally_allocated_address: the buffer is not in L1");
  if (const DeviceAddr room = buffer.aligned_size_per_bank();
      total_size_ > room)
    fail(FaultCode::BadCircularBuffer,
         "set_globally_allocated_address: the circular buffer has " +
             std::to_string(total_size_) + " bytes, its L1 buffer " +
             std::to_string(room) + " on a core");
  address_ = buffer.address();
  return *this;
}

CircularBufferConfig &
CircularBufferConfig::set_globally_allocated_address_and_total_size(
    const Buffer &buffer, uint32_t total_size) {
  return set_total_size(total_size).set_globally_allocated_address(buffer);
}

using Builder = CircularBufferConfig::Builder;

const Builder &Builder::set_data_format(tt::DataFormat format) const {
  parent.setFormat(bufferIndex, format);
  return *this;
}
const Builder &Builder::set_page_size(uint32_t page_size) const {
  parent.set_page_size(bufferIndex, page_size);
  return *this;
}
const Builder &Builder::set_total_size(uint32_t total_size) const {
  parent.set_total_size(total_size);
  return *this;
}
const Builder &Builder::set_tile_dims(const Tile &tile) const {
  parent.set_tile_dims(bufferIndex, tile);
  return *this;
}

/// An index of a core names one circular buffer.
static void checkIndices(const detail::ProgramImpl &program,
                         const sim::CircularBufferSpec &spec) {
  for (CBHandle id = 0; id < program.circularBuffers.size(); ++id) {
    const sim::CircularBufferSpec &other =
        program.program.circularBuffers()[id];
    for (const auto &index : spec.indices)
      for (const auto &taken : other.indices)
        if (index.index == taken.index)
          if (const auto core = sharedCore(other.cores, spec.cores))
            fail(FaultCode::BadCircularBuffer,
                 "CreateCircularBuffer: core " + std::to_string(core->x) + "," +
                     std::to_string(core->y) + " has a circular buffer " +
                     std::to_string(index.index) + " already");
  }
}

CBHandle CreateCircularBuffer(Program &program, const CoreSpec &cores,
                              const CircularBufferConfig &config) {
  if (config.buffer_indices().empty())
    fail(FaultCode::BadCircularBuffer,
         "CreateCircularBuffer: the configuration has no buffer index");
  sim::CircularBufferSpec spec = toSim(config);
  spec.cores = toRanges(cores);
  checkIndices(program.impl(), spec);
  program.impl().circularBuffers.push_back(config);
  return program.impl().program.addCircularBuffer(std::move(spec));
}

const CircularBufferConfig &GetCircularBufferConfig(Program &program,
                                                    CBHandle handle) {
  return checkCircularBuffer(program, handle);
}

void UpdateCircularBufferTotalSize(Program &program, CBHandle handle,
                                   uint32_t total_size) {
  checkCircularBuffer(program, handle).set_total_size(total_size);
  update(program, handle);
}

void UpdateCircularBufferPageSize(Program &program, CBHandle handle,
                                  uint8_t index, uint32_t page_size) {
  checkCircularBuffer(program, handle).set_page_size(index, page_size);
  update(program, handle);
}

void UpdateDynamicCircularBufferAddress(Program &program, CBHandle handle,
                                        const Buffer &buffer) {
  checkCircularBuffer(program, handle).set_globally_allocated_address(buffer);
  update(program, handle);
}

void UpdateDynamicCircularBufferAddressAndTotalSize(Program &program,
                                                    CBHandle handle,
                                                    const Buffer &buffer,
                                                    uint32_t total_size) {
  checkCircularBuffer(program, handle)
      .set_globally_allocated_address_and_total_size(buffer, total_size);
  update(program, handle);
}

//===----------------------------------------------------------------------===//
// Semaphores and arguments
//===----------------------------------------------------------------------===//

uint32_t CreateSemaphore(Program &program,
                         const std::variant<CoreRange, CoreRangeSet> &cores,
                         uint32_t initial_value) {
  const CoreSpec spec =
      std::visit([](const auto &given) { return CoreSpec(given); }, cores);
  return program.impl().program.addSemaphore(toRanges(spec), initial_value);
}

uint32_t CreateSemaphore(Program &program,
                         const std::variant<CoreRange, CoreRangeSet> &cores,
                         uint32_t initial_value, CoreType) {
  return CreateSemaphore(program, cores, initial_value);
}

GlobalSemaphore::GlobalSemaphore(IDevice *device, const CoreRangeSet &cores,
                                 uint32_t initial_value, BufferType type)
    : owner(device), cores(cores) {
  const CoreCoord grid = device->compute_with_storage_grid_size();
  for (const CoreRange &range : cores.ranges())
    if (range.end_coord.x >= grid.x || range.end_coord.y >= grid.y)
      fail(FaultCode::BadCore, "CreateGlobalSemaphore: " + range.str() +
                                   " is outside the compute grid");
  const sim::Device &chip = device->simulated();
  const DeviceAddr unit = chip.pageAlignment(sim::BufferType::L1);
  word = Buffer::create(device, unit * grid.x * grid.y, unit, type);
  reset_semaphore_value(initial_value);
}

void GlobalSemaphore::reset_semaphore_value(uint32_t value) const {
  for (const CoreRange &range : cores.ranges())
    for (const CoreCoord core : range)
      std::memcpy(owner->simulated().l1(toCore(core)).data() + word->address(),
                  &value, sizeof(value));
}

GlobalSemaphore CreateGlobalSemaphore(IDevice *device,
                                      const CoreRangeSet &cores,
                                      uint32_t initial_value, BufferType type) {
  return {device, cores, initial_value, type};
}

void AssignGlobalBufferToProgram(const std::shared_ptr<Buffer> &buffer,
                                 Program &program) {
  program.impl().buffers.push_back(buffer);
}

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores, tt::stl::Span<const uint32_t> args) {
  sim::Program &inner = checkKernel(program, kernel, "SetRuntimeArgs");
  for (const sim::CoreRange &range : toRanges(cores))
    for (uint32_t y = range.start.y; y <= range.end.y; ++y)
      for (uint32_t x = range.start.x; x <= range.end.x; ++x)
        setArgs(inner, kernel, {x, y}, {args.begin(), args.end()});
}

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const CoreSpec &cores,
                    std::initializer_list<uint32_t> args) {
  SetRuntimeArgs(program, kernel, cores,
                 tt::stl::Span<const uint32_t>(args.begin(), args.size()));
}

void SetRuntimeArgs(const Program &program, KernelHandle kernel,
                    const std::vector<CoreCoord> &cores,
                    const std::vector<std::vector<uint32_t>> &args) {
  if (cores.size() != args.size())
    fail(FaultCode::BadCore, "SetRuntimeArgs: " + std::to_string(cores.size()) +
                                 " cores are given " +
                                 std::to_string(args.size()) +
                                 " lists of arguments");
  sim::Program &inner = checkKernel(program, kernel, "SetRuntimeArgs");
  for (size_t i = 0; i < cores.size(); ++i)
    setArgs(inner, kernel, cores[i], args[i]);
}

void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          tt::stl::Span<const uint32_t> args) {
  sim::Program &inner = checkKernel(program, kernel, "SetCommonRuntimeArgs");
  checkArgumentCount(inner.kernels()[kernel], args.size());
  inner.setCommonRuntimeArgs(kernel, {args.begin(), args.end()});
}

void SetCommonRuntimeArgs(const Program &program, KernelHandle kernel,
                          std::initializer_list<uint32_t> args) {
  SetCommonRuntimeArgs(
      program, kernel,
      tt::stl::Span<const uint32_t>(args.begin(), args.size()));
}

RuntimeArgsData &GetRuntimeArgs(const Program &program, KernelHandle kernel,
                                const CoreCoord &core) {
  sim::Program &inner = checkKernel(program, kernel, "GetRuntimeArgs");
  RuntimeArgsData &view =
      program.impl().arguments[kernel].byCore[{core.x, core.y}];
  view.words = &inner.runtimeArgs(kernel, toCore(core));
  return view;
}

std::vector<std::vector<RuntimeArgsData>> &
GetRuntimeArgs(const Program &program, KernelHandle kernel) {
  sim::Program &inner = checkKernel(program, kernel, "GetRuntimeArgs");
  auto &grid = program.impl().arguments[kernel].grid;
  for (const sim::CoreRange &range : inner.kernels()[kernel].cores) {
    if (grid.size() <= range.end.x)
      grid.resize(range.end.x + 1);
    for (uint32_t x = range.start.x; x <= range.end.x; ++x)
      for (uint32_t y = range.start.y; y <= range.end.y; ++y) {
        if (grid[x].size() <= y)
          grid[x].resize(y + 1);
        grid[x][y].words = &inner.runtimeArgs(kernel, {x, y});
      }
  }
  return grid;
}

RuntimeArgsData &GetCommonRuntimeArgs(const Program &program,
                                      KernelHandle kernel) {
  sim::Program &inner = checkKernel(program, kernel, "GetCommonRuntimeArgs");
  RuntimeArgsData &view = program.impl().arguments[kernel].common;
  view.words = &inner.commonRuntimeArgs(kernel);
  return view;
}

} // namespace tt::tt_metal
