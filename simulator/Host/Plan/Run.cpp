//===- Run.cpp - Running a plan
//--------------------------------------------===//
//
// The plan takes the path of a host program: device, buffers, circular buffers,
// kernels, arguments, launch, read back, all through the host API.
//
//===----------------------------------------------------------------------===//

#include "Plan/Run.h"
#include "Plan/Elements.h"
#include "ProgramImpl.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>

#include <algorithm>
#include <bit>
#include <bitset>
#include <chrono>
#include <map>
#include <new>
#include <set>
#include <utility>

namespace tilewright::sim::plan {
namespace {

namespace tm = tt::tt_metal;
using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start)
      .count();
}

Fault planFault(std::string message) {
  Fault fault;
  fault.code = FaultCode::BadPlan;
  fault.message = std::move(message);
  return fault;
}

/// The plan of `inputs`, or nothing and what is wrong.
std::optional<Plan> readAndCheck(const PlanInputs &inputs, Errors &errors) {
  std::optional<Plan> plan = readPlan(inputs.json, errors, &inputs.sizes);
  if (!plan)
    return plan;
  checkPlan(*plan, errors);
  checkSources(*plan, inputs.sources, errors);
  if (!errors.empty())
    return std::nullopt;
  for (const Tensor &tensor : plan->tensors) {
    const auto given = inputs.tensors.find(tensor.name);
    uint64_t bytes = dtypeBytes(tensor.dtype);
    for (const uint32_t extent : tensor.shape)
      bytes *= extent;
    if (given == inputs.tensors.end() && !tensor.isInput())
      continue;
    if (given == inputs.tensors.end())
      errors.push_back("tensor " + tensor.name + ": no data is given");
    else if (given->second.size() != bytes)
      errors.push_back("tensor " + tensor.name + ": " +
                       std::to_string(given->second.size()) +
                       " bytes are given, the plan has " +
                       std::to_string(bytes));
  }
  for (const Plan &launch : plan->each())
    for (const Kernel &kernel : launch.kernels)
      for (const Argument &arg : kernel.runtimeArgs)
        if (arg.kind == Argument::Kind::Scalar &&
            !inputs.scalars.contains(arg.name))
          errors.push_back("scalar " + arg.name + ": no value is given");
  if (!errors.empty())
    return std::nullopt;
  return plan;
}

/// Tensors in the memory of a device, as the launch that last used them has
/// them.
struct DeviceState {
  struct Held {
    Tensor tensor;
    std::shared_ptr<tm::distributed::MeshBuffer> buffer;
    bool written = false; ///< by a launch, since it came here
  };
  std::shared_ptr<tm::distributed::MeshDevice> mesh;
  std::map<std::string, Held> tensors;
};

/// Runs one launch.
class Runner {
public:
  Runner(const Plan &plan, const PlanInputs &inputs, PlanResult &result,
         DeviceState &device)
      : plan(plan), inputs(inputs), result(result), device(device),
        mesh(device.mesh) {}

  void run() {
    const Clock::time_point start = Clock::now();
    for (const Tensor &tensor : plan.tensors)
      provide(tensor);
    result.wall.upload += millisecondsSince(start);

    if (usesTable())
      uploadTable();
    createCircularBuffers();
    for (const Semaphore &semaphore : plan.semaphores)
      tm::CreateSemaphore(program, cores(), semaphore.initial);
    for (const Kernel &kernel : plan.kernels)
      createKernel(kernel);
    result.run =
        sim::run(mesh->simulated(), program.impl().program, inputs.options);
    result.wall.build += result.run.buildMs;
    result.wall.simulate += result.run.simMs;
    result.wall.simulateCpu += result.run.simCpuMs;
    for (const Tensor &tensor : plan.tensors)
      if (tensor.isOutput())
        device.tensors.at(tensor.name).written = true;
  }

  /// Elements of a tensor, from where it lies.
  static std::vector<uint8_t> download(const DeviceState::Held &held) {
    std::vector<uint8_t> tiles(held.buffer->size());
    held.buffer->get_backing_buffer()->read(tiles.data());
    return elementsOf(held.tensor, tiles);
  }

private:
  tm::CoreRangeSet cores() const {
    std::vector<tm::CoreRange> ranges;
    for (const CoreRange &range : plan.coreRanges)
      ranges.emplace_back(tm::CoreCoord(range.start.x, range.start.y),
                          tm::CoreCoord(range.end.x, range.end.y));
    return tm::CoreRangeSet(std::move(ranges));
  }

  static tm::BufferShardingArgs shardingOf(const Tensor &tensor) {
    if (!tensor.shard)
      return {};
    const Shard &shard = *tensor.shard;
    const tm::CoreRange cores(
        tm::CoreCoord(0, 0),
        tm::CoreCoord(shard.cores[1] - 1, shard.cores[0] - 1));
    return tm::BufferDistributionSpec(
        tm::Shape(tt::stl::Span<const uint32_t>(shard.tensorPages)),
        tm::Shape(tt::stl::Span<const uint32_t>(shard.shardPages)),
        tm::CoreRangeSet(cores), tm::ShardOrientation::ROW_MAJOR);
  }

  /// Sees to it that the device has the tensor as this launch wants it.
  void provide(const Tensor &tensor) {
    const auto known = device.tensors.find(tensor.name);
    if (known != device.tensors.end()) {
      // Launches write whole tiles: what lies behind the end is zero again
      // for the next one.
      const DeviceState::Held &held = known->second;
      const bool isUnclean =
          held.written && tensor.isInput() && isCutByTiles(tensor);
      if (isUnclean || !held.tensor.liesAs(tensor)) {
        const std::vector<uint8_t> elements = download(held);
        device.tensors.erase(known);
        upload(tensor, elements);
      }
    } else if (const auto given = inputs.tensors.find(tensor.name);
               given != inputs.tensors.end()) {
      // What an output holds before the run shows where nothing is written.
      upload(tensor, given->second);
    } else if (tensor.isInput()) { // nothing was written to it yet
      const std::vector<uint8_t> zeros(tensor.view().elements() *
                                       dtypeBytes(tensor.dtype));
      upload(tensor, zeros);
    } else {
      upload(tensor, {});
    }
    buffers[tensor.name] = device.tensors.at(tensor.name).buffer;
  }

  /// Whether the last tiles of a plane reach over its end.
  static bool isCutByTiles(const Tensor &tensor) {
    const host::PlaneView view = tensor.view();
    return view.rows % 32 != 0 || view.cols % 32 != 0;
  }

  void upload(const Tensor &tensor, std::span<const uint8_t> elements) {
    auto buffer = tm::distributed::MeshBuffer::create(
        tm::distributed::ReplicatedBufferConfig{.size = tensor.pages *
                                                        tensor.pageBytes},
        tm::distributed::DeviceLocalBufferConfig{
            .page_size = tensor.pageBytes,
            .buffer_type = tensor.memory == "l1" ? tm::BufferType::L1
                                                 : tm::BufferType::DRAM,
            .sharding_args = shardingOf(tensor)},
        mesh.get());
    if (!elements.empty()) {
      const std::vector<uint8_t> tiles = tilesOf(tensor, elements);
      buffer->get_backing_buffer()->write(tiles.data(), tiles.size());
    }
    device.tensors[tensor.name] = {tensor, std::move(buffer), false};
  }

  bool usesTable() const {
    for (const Kernel &kernel : plan.kernels)
      for (const Argument &arg : kernel.runtimeArgs)
        if (arg.kind == Argument::Kind::WorkTable)
          return true;
    return false;
  }

  /// The blocks of each core, in a page of its L1.
  void uploadTable() {
    constexpr uint32_t alignment = 32;
    const auto [columns, rows] = plan.coreGrid;
    size_t longest = 0;
    for (const CoreWork &work : plan.work.perCore)
      longest = std::max(longest, work.blocks.size());
    const uint32_t bytes =
        (static_cast<uint32_t>(longest) * 4 + alignment - 1) / alignment *
        alignment;
    const tm::CoreRange cores(tm::CoreCoord(0, 0),
                              tm::CoreCoord(columns - 1, rows - 1));
    table = tm::distributed::MeshBuffer::create(
        tm::distributed::ReplicatedBufferConfig{.size = uint64_t(columns) *
                                                        rows * bytes},
        tm::distributed::DeviceLocalBufferConfig{
            .page_size = bytes,
            .buffer_type = tm::BufferType::L1,
            .sharding_args = tm::BufferDistributionSpec(
                tm::Shape({rows, columns}), tm::Shape({1, 1}),
                tm::CoreRangeSet(cores), tm::ShardOrientation::ROW_MAJOR)},
        mesh.get());
    std::vector<uint32_t> words(size_t(columns) * rows * bytes / 4);
    for (const CoreWork &work : plan.work.perCore)
      std::copy(work.blocks.begin(), work.blocks.end(),
                words.begin() +
                    (size_t(work.core.y) * columns + work.core.x) * bytes / 4);
    table->get_backing_buffer()->write(
        reinterpret_cast<const uint8_t *>(words.data()), words.size() * 4);
  }

  /// Circular buffers at one address are one allocation with several indices.
  void createCircularBuffers() {
    std::set<uint32_t> done;
    for (const CircularBuffer &first : plan.circularBuffers) {
      if (!done.insert(first.address).second)
        continue;
      tm::CircularBufferConfig config(first.bytes);
      std::string name;
      for (const CircularBuffer &cb : plan.circularBuffers) {
        if (cb.address != first.address)
          continue;
        config.index(static_cast<uint8_t>(cb.index))
            .set_data_format(static_cast<tt::DataFormat>(cb.format))
            .set_page_size(cb.pageBytes);
        if (cb.scratch)
          config.set_scratch();
        name += (name.empty() ? "" : ", ") + cb.name;
      }
      const tm::CBHandle handle =
          tm::CreateCircularBuffer(program, cores(), config);
      CircularBufferSpec &spec = program.impl().program.circularBuffer(handle);
      spec.name = name;
      spec.address = first.address;
    }
  }

  void createKernel(const Kernel &kernel) {
    std::vector<uint32_t> compileArgs;
    for (const Argument &arg : kernel.compileTimeArgs)
      if (arg.kind == Argument::Kind::Accessor)
        tm::TensorAccessorArgs(*buffers.at(arg.tensor)).append_to(compileArgs);
      else
        compileArgs.push_back(arg.value);

    tm::KernelConfig config;
    if (kernel.processor == Processor::Compute)
      config = computeConfig(kernel, std::move(compileArgs));
    else
      config = tm::DataMovementConfig{
          .processor = kernel.processor == Processor::Brisc
                           ? tm::DataMovementProcessor::RISCV_0
                           : tm::DataMovementProcessor::RISCV_1,
          .noc = kernel.noc == 0 ? tm::NOC::NOC_0 : tm::NOC::NOC_1,
          .compile_args = std::move(compileArgs),
          .defines = kernel.defines};
    const tm::KernelHandle handle = tm::detail::createNamedKernel(
        program, kernel.file, inputs.sources.at(kernel.file), cores(), config);
    if (!kernel.commonArgs.empty()) {
      std::vector<uint32_t> common;
      for (const Argument &arg : kernel.commonArgs)
        common.push_back(arg.value);
      tm::SetCommonRuntimeArgs(program, handle, common);
    }
    for (const CoreWork &work : plan.work.perCore)
      tm::SetRuntimeArgs(program, handle,
                         tm::CoreCoord(work.core.x, work.core.y),
                         runtimeArgs(kernel, work));
  }

  tm::ComputeConfig computeConfig(const Kernel &kernel,
                                  std::vector<uint32_t> compileArgs) const {
    tm::ComputeConfig config{
        .math_fidelity = static_cast<::MathFidelity>(kernel.compute.fidelity),
        .fp32_dest_acc_en = kernel.compute.fp32DestAcc,
        .dst_full_sync_en = kernel.compute.dstFullSync,
        .math_approx_mode = kernel.compute.mathApprox,
        .compile_args = std::move(compileArgs),
        .defines = kernel.defines};
    config.unpack_to_dest_mode.assign(NUM_CIRCULAR_BUFFERS,
                                      UnpackToDestMode::Default);
    for (const CircularBuffer &cb : plan.circularBuffers)
      if (cb.unpackToDestFp32)
        config.unpack_to_dest_mode[cb.index] =
            UnpackToDestMode::UnpackToDestFp32;
    return config;
  }

  std::vector<uint32_t> runtimeArgs(const Kernel &kernel,
                                    const CoreWork &work) const {
    std::vector<uint32_t> words;
    for (const Argument &arg : kernel.runtimeArgs)
      switch (arg.kind) {
      case Argument::Kind::TensorAddress:
        words.push_back(
            static_cast<uint32_t>(buffers.at(arg.tensor)->address()));
        break;
      case Argument::Kind::WorkStart:
        words.push_back(work.start);
        break;
      case Argument::Kind::WorkCount:
        words.push_back(work.count);
        break;
      case Argument::Kind::WorkItems:
        words.insert(words.end(), work.blocks.begin(), work.blocks.end());
        break;
      case Argument::Kind::WorkTable:
        words.push_back(static_cast<uint32_t>(table->address()));
        break;
      case Argument::Kind::Scalar:
        words.push_back(inputs.scalars.at(arg.name).word(arg.type));
        break;
      case Argument::Kind::Accessor:
      case Argument::Kind::Value:
        words.push_back(arg.value);
        break;
      }
    return words;
  }

  const Plan &plan;
  const PlanInputs &inputs;
  PlanResult &result;
  DeviceState &device;
  std::shared_ptr<tm::distributed::MeshDevice> mesh;
  tm::Program program;
  std::map<std::string, std::shared_ptr<tm::distributed::MeshBuffer>> buffers;
  std::shared_ptr<tm::distributed::MeshBuffer> table; ///< of blocks
};

/// What the kernels printed, core by core: the lines of a block stay together.
std::string byCore(const std::vector<PrintedLine> &lines) {
  std::map<std::pair<uint32_t, uint32_t>, std::string> texts;
  for (const PrintedLine &line : lines)
    texts[{line.core.y, line.core.x}] += line.text;
  std::string text;
  for (const auto &[core, printed] : texts)
    text += printed;
  return text;
}

/// Whether the bits of a float of 2 or 4 bytes are those of a NaN or infinity.
bool isNonFinite(const uint8_t *bytes, std::string_view dtype) {
  uint32_t bits = 0;
  std::copy_n(bytes, dtypeBytes(dtype), reinterpret_cast<uint8_t *>(&bits));
  const uint32_t exponent = dtype == "float32"   ? 0x7f800000
                            : dtype == "float16" ? 0x7c00
                                                 : 0x7f80;
  return (bits & exponent) == exponent;
}

/// Names the line whose NaNs and infinities are where those of the results are:
/// others may lie in the padding of tiles. None where the results are finite.
void nameOrigin(const Plan &plan, PlanResult &result) {
  RunResult &run = result.run;
  if (run.nonFinite.empty())
    return;
  bool known = false;
  std::bitset<1024> shown;
  for (const Tensor &tensor : plan.tensors) {
    const auto found = result.outputs.find(tensor.name);
    if (found == result.outputs.end() ||
        (tensor.dtype != "float32" && tensor.dtype != "bfloat16" &&
         tensor.dtype != "float16"))
      continue;
    known = true;
    const host::PlaneView view = tensor.view();
    const size_t size = dtypeBytes(tensor.dtype);
    for (uint64_t origin : view.origins)
      for (uint32_t r = 0; r < view.rows; ++r)
        for (uint32_t c = 0; c < view.cols; ++c) {
          const uint64_t at = origin + r * view.rowStride + c * view.colStride;
          if (isNonFinite(&found->second[at * size], tensor.dtype))
            shown.set(r % 32 * 32 + c % 32);
        }
  }
  if (!known)
    return;
  std::erase_if(run.warnings, [](const Fault &warning) {
    return warning.code == FaultCode::NonFinite;
  });
  if (shown.none())
    return;
  const NonFiniteOrigin *named = &run.nonFinite.front();
  for (const NonFiniteOrigin &origin : run.nonFinite)
    if ((origin.elements & shown).any()) {
      named = &origin;
      break;
    }
  run.warnings.push_back(named->fault);
}

/// Runs the launches in order on one device. The result has the sums of their
/// cycles and times; the rest of the report is that of the last one.
void runLaunches(const Plan &plan, const PlanInputs &inputs,
                 PlanResult &result) {
  const Clock::time_point start = Clock::now();
  std::array<uint32_t, 2> grid{};
  for (const Plan &launch : plan.each())
    for (int i : {0, 1})
      grid[i] = std::max(grid[i], launch.coreGrid[i]);
  DeviceState device;
  device.mesh = tm::distributed::MeshDevice::createSimulated(
      plan.chip + ":" + std::to_string(grid[0]) + "x" +
      std::to_string(grid[1]));
  result.wall.upload = millisecondsSince(start);
  RunResult sum;
  for (const Plan &launch : plan.each()) {
    Runner(launch, inputs, result, device).run();
    RunResult &run = result.run;
    run.cycles = sum.cycles += run.cycles;
    run.buildMs = sum.buildMs += run.buildMs;
    run.simMs = sum.simMs += run.simMs;
    run.simCpuMs = sum.simCpuMs += run.simCpuMs;
    run.output = sum.output += byCore(run.printed);
    sum.warnings.insert(sum.warnings.end(), run.warnings.begin(),
                        run.warnings.end());
    run.warnings = sum.warnings;
    sum.nonFinite.insert(sum.nonFinite.end(), run.nonFinite.begin(),
                         run.nonFinite.end());
    run.nonFinite = sum.nonFinite;
    if (!run.ok())
      return;
  }
  const Clock::time_point done = Clock::now();
  for (const Tensor &tensor : plan.tensors)
    if (const auto held = device.tensors.find(tensor.name);
        tensor.isOutput() && held != device.tensors.end())
      result.outputs[tensor.name] = Runner::download(held->second);
  result.wall.download = millisecondsSince(done);
  nameOrigin(plan, result);
}

} // namespace

uint32_t Scalar::word(std::string_view type) const {
  if (type == "float32")
    return std::bit_cast<uint32_t>(isFloat ? static_cast<float>(real)
                                           : static_cast<float>(integer));
  return static_cast<uint32_t>(isFloat ? static_cast<int64_t>(real) : integer);
}

PlanResult runPlan(const PlanInputs &inputs) {
  const Clock::time_point start = Clock::now();
  PlanResult result;
  Errors errors;
  const std::optional<Plan> plan = readAndCheck(inputs, errors);
  for (std::string &error : errors)
    result.run.faults.push_back(planFault(std::move(error)));
  result.wall.read = millisecondsSince(start);
  if (plan) {
    try {
      runLaunches(*plan, inputs, result);
    } catch (const FaultError &error) {
      result.run.faults.push_back(error.fault);
    } catch (const std::bad_alloc &) {
      Fault fault = planFault("the host has not enough memory for the device");
      fault.code = FaultCode::OutOfMemory;
      result.run.faults.push_back(std::move(fault));
    } catch (const std::exception &error) {
      result.run.faults.push_back(planFault(error.what()));
    }
  }
  if (!result.run.ok())
    result.outputs.clear();
  result.wall.total = millisecondsSince(start);
  return result;
}

} // namespace tilewright::sim::plan
