//===- Run.cpp - launch, run, and what is said afterwards -----------------===//

#include "Build/KernelBuild.h"
#include "Machine/Checks/Endings.h"
#include "Machine/Machine.h"
#include "Machine/Noc.h"
#include "Machine/Profile.h"
#include "Machine/Signals.h"
#include "Runtime/Collect.h"
#include "Runtime/Environment.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <tuple>

namespace tilewright::sim {
namespace {

using Clock = std::chrono::steady_clock;
double millisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start)
      .count();
}

/// Computing time of this thread.
double threadMilliseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e3 + double(time.tv_nsec) * 1e-6;
}

bool contains(const std::vector<CoreRange> &ranges, CoreCoord core) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const CoreRange &r) {
    return core.x >= r.start.x && core.x <= r.end.x && core.y >= r.start.y &&
           core.y <= r.end.y;
  });
}

Fault launchFault(FaultCode code, std::string message,
                  std::vector<std::string> notes = {}) {
  Fault fault;
  fault.code = code;
  fault.message = std::move(message);
  fault.notes = std::move(notes);
  return fault;
}

/// One fault for all cores whose circular buffers lie alike: the first core's,
/// with the number of the others.
void mergeAlike(std::vector<Fault> &faults) {
  std::map<std::pair<FaultCode, std::vector<std::string>>, size_t> first;
  std::vector<Fault> kept;
  std::vector<uint32_t> others;
  for (Fault &fault : faults) {
    const auto [at, isNew] =
        first.try_emplace({fault.code, fault.notes}, kept.size());
    if (isNew) {
      kept.push_back(std::move(fault));
      others.push_back(0);
    } else {
      ++others[at->second];
    }
  }
  for (size_t i = 0; i < kept.size(); ++i)
    if (others[i])
      kept[i].message += "; the same on " + std::to_string(others[i]) +
                         (others[i] == 1 ? " other core" : " other cores");
  faults = std::move(kept);
}

std::string bufferName(const CircularBufferSpec &spec) {
  if (!spec.name.empty())
    return spec.name;
  std::string indices;
  for (const CircularBufferSpec::Index &one : spec.indices)
    indices += (indices.empty() ? "" : " and ") + std::to_string(one.index);
  return "circular buffer " + (indices.empty() ? "?" : indices);
}

//===----------------------------------------------------------------------===//
// Checks and placement
//===----------------------------------------------------------------------===//

/// Checks that need no core: ranges, geometry, processors, arguments.
std::vector<Fault> checkProgram(const Device &device, const Program &program) {
  std::vector<Fault> faults;
  const arch::Chip &chip = device.chip();
  const CoreCoord grid = device.grid();
  auto checkRanges = [&](const std::vector<CoreRange> &ranges,
                         const std::string &what) {
    for (const CoreRange &r : ranges)
      if (r.start.x > r.end.x || r.start.y > r.end.y || r.end.x >= grid.x ||
          r.end.y >= grid.y)
        faults.push_back(launchFault(
            FaultCode::BadCore,
            what + " uses cores (" + std::to_string(r.start.x) + "," +
                std::to_string(r.start.y) + ") to (" + std::to_string(r.end.x) +
                "," + std::to_string(r.end.y) + "); the grid is " +
                std::to_string(grid.x) + "x" + std::to_string(grid.y)));
  };
  for (const CircularBufferSpec &spec : program.circularBuffers()) {
    checkRanges(spec.cores, bufferName(spec));
    if (spec.indices.empty() || spec.totalBytes == 0)
      faults.push_back(launchFault(FaultCode::BadCircularBuffer,
                                   bufferName(spec) + " has no pages"));
    for (const CircularBufferSpec::Index &index : spec.indices) {
      if (index.index >= chip.circularBuffers)
        faults.push_back(launchFault(FaultCode::BadCircularBuffer,
                                     bufferName(spec) + " has index " +
                                         std::to_string(index.index) + "; " +
                                         std::string(chip.name) + " has " +
                                         std::to_string(chip.circularBuffers)));
      if (index.pageBytes == 0 || spec.totalBytes % index.pageBytes != 0)
        faults.push_back(launchFault(FaultCode::BadCircularBuffer,
                                     bufferName(spec) + " has " +
                                         std::to_string(spec.totalBytes) +
                                         " bytes, no multiple of its page of " +
                                         std::to_string(index.pageBytes)));
    }
  }
  for (const Program::Semaphore &semaphore : program.semaphores())
    if (semaphore.id >= chip.semaphores)
      faults.push_back(launchFault(FaultCode::BadSemaphore,
                                   "semaphore " + std::to_string(semaphore.id) +
                                       " is created; " +
                                       std::string(chip.name) + " has " +
                                       std::to_string(chip.semaphores)));
  for (KernelId id = 0; id < program.kernels().size(); ++id) {
    const KernelSpec &kernel = program.kernels()[id];
    checkRanges(kernel.cores, kernel.name);
    for (const auto &[core, args] : program.allRuntimeArgs(id))
      if (args.size() + program.commonArgs(id).size() > chip.runtimeArgWords)
        faults.push_back(launchFault(
            FaultCode::TooManyArguments,
            kernel.name + " has " +
                std::to_string(args.size() + program.commonArgs(id).size()) +
                " runtime argument words on core " + std::to_string(core.x) +
                "," + std::to_string(core.y)));
  }
  for (size_t a = 0; a < program.kernels().size(); ++a)
    for (size_t b = a + 1; b < program.kernels().size(); ++b) {
      const KernelSpec &first = program.kernels()[a];
      const KernelSpec &second = program.kernels()[b];
      if (first.processor != second.processor)
        continue;
      for (const CoreRange &r : first.cores)
        for (const CoreRange &s : second.cores)
          if (r.start.x <= s.end.x && s.start.x <= r.end.x &&
              r.start.y <= s.end.y && s.start.y <= r.end.y) {
            faults.push_back(launchFault(FaultCode::BadProcessor,
                                         first.name + " and " + second.name +
                                             " use the same processor"));
            return faults;
          }
    }
  return faults;
}

/// Places the circular buffers of a core, in the order of declaration, and
/// fills those in free L1 with what shows as not-a-number when read unwritten.
/// A buffer whose address lies among the L1 buffers shares their memory.
void placeBuffers(Machine &m, const Program &program,
                  const std::vector<std::string> &names,
                  const std::vector<std::string> &indexNames, Core &core) {
  struct Placed {
    uint64_t base, end;
    size_t spec;
  };
  const uint32_t limit = m.device.l1Limit();
  const uint32_t align = m.device.pageAlignment(BufferType::Dram);
  uint64_t next = m.device.l1Base();
  std::vector<Placed> placed;
  core.cbs.resize(m.chip.circularBuffers);
  for (size_t i = 0; i < program.circularBuffers().size(); ++i) {
    const CircularBufferSpec &spec = program.circularBuffers()[i];
    if (!contains(spec.cores, core.coord))
      continue;
    const uint64_t base =
        spec.address ? *spec.address : (next + align - 1) / align * align;
    const uint64_t end = base + spec.totalBytes;
    const bool shares = spec.address && base >= limit;
    if (!shares) {
      next = std::max(next, end);
      placed.push_back({base, end, i});
    }
    for (const CircularBufferSpec::Index &index : spec.indices) {
      CircularBuffer &cb = core.cbs[index.index];
      cb.exists = true;
      cb.base = static_cast<uint32_t>(base);
      cb.pageBytes = index.pageBytes;
      cb.pages = spec.totalBytes / index.pageBytes;
      cb.format = index.format;
      cb.shape = index.tile;
      const bool shared = spec.name.empty() && spec.indices.size() > 1;
      cb.name = shared ? &indexNames[index.index] : &names[i];
      cb.scratch = spec.scratch;
      cb.shares = shares;
      cb.aliased = spec.indices.size() > 1;
    }
  }
  // One core stands for all whose circular buffers lie alike.
  auto overflow = [&](Fault fault) {
    for (Fault &other : m.result.faults)
      if (other.code == fault.code &&
          other.notes.size() >= fault.notes.size() &&
          std::equal(
              fault.notes.begin(), fault.notes.end(), other.notes.begin(),
              other.notes.begin() + std::ptrdiff_t(fault.notes.size()))) {
        if (other.notes.size() == fault.notes.size())
          other.notes.push_back("other cores lie alike");
        return;
      }
    m.result.faults.push_back(std::move(fault));
  };
  auto table = [&] {
    std::vector<std::string> lines;
    for (const Placed &one : placed)
      lines.push_back(names[one.spec] + ": " +
                      std::to_string(one.end - one.base) + " bytes at " +
                      std::to_string(one.base));
    return lines;
  };
  const std::string where = "core " + std::to_string(core.coord.x) + "," +
                            std::to_string(core.coord.y);
  std::sort(placed.begin(), placed.end(), [](const Placed &a, const Placed &b) {
    return std::tie(a.base, a.end, a.spec) < std::tie(b.base, b.end, b.spec);
  });
  for (size_t i = 0; i < placed.size(); ++i) {
    if (placed[i].base < m.device.l1Base())
      return m.result.faults.push_back(
          launchFault(FaultCode::BadCircularBuffer,
                      names[placed[i].spec] + " begins at " +
                          std::to_string(placed[i].base) +
                          ", in the part of L1 that is not free",
                      table()));
    if (placed[i].end > limit) {
      std::vector<std::string> lines = table();
      lines.push_back(
          limit < m.chip.l1Bytes
              ? "L1 buffers of the program: from " + std::to_string(limit) +
                    " on, " + std::to_string(m.chip.l1Bytes - limit) + " bytes"
              : "L1 ends at " + std::to_string(limit));
      return overflow(launchFault(
          FaultCode::L1Overflow,
          "the circular buffers of " + where + " end at " +
              std::to_string(placed[i].end) +
              ", beyond the end of free L1 at " + std::to_string(limit),
          std::move(lines)));
    }
    if (i > 0 && placed[i].base < placed[i - 1].end)
      return m.result.faults.push_back(
          launchFault(FaultCode::BadCircularBuffer,
                      names[placed[i].spec] + " overlaps " +
                          names[placed[i - 1].spec] + " on " + where,
                      table()));
    if (m.options.withData)
      std::memset(core.l1.data() + placed[i].base, 0xff,
                  placed[i].end - placed[i].base);
  }
}

//===----------------------------------------------------------------------===//
// Launch
//===----------------------------------------------------------------------===//

void runKernel(void *argument) {
  auto &agent = *static_cast<Agent *>(argument);
  if (agent.construct)
    agent.construct();
  agent.entry();
  // What follows the last call ends here, as work that is counted ahead.
  const Time begin = agent.now, busy = agent.busy;
  agent.settle();
  agent.machine->profile->called(agent, "end of the kernel", {}, begin, busy);
  agent.sync();
  checkEnd(agent);
  agent.end();
}

/// What the kernel is told of the circular buffers on its cores.
void describeBuffers(BuildRequest &request, const Program &program,
                     uint32_t limit) {
  const KernelSpec &kernel = *request.kernel;
  std::vector<uint8_t> &formats = request.formats;
  for (const CircularBufferSpec &spec : program.circularBuffers()) {
    const bool shared = std::any_of(
        spec.cores.begin(), spec.cores.end(), [&](const CoreRange &r) {
          return std::any_of(kernel.cores.begin(), kernel.cores.end(),
                             [&](const CoreRange &k) {
                               return r.start.x <= k.end.x &&
                                      k.start.x <= r.end.x &&
                                      r.start.y <= k.end.y &&
                                      k.start.y <= r.end.y;
                             });
        });
    if (!shared)
      continue;
    for (const CircularBufferSpec::Index &index : spec.indices) {
      if (index.index >= limit)
        continue;
      if (formats.size() <= index.index)
        formats.resize(index.index + 1, 255);
      formats[index.index] = static_cast<uint8_t>(index.format);
      if (index.tile.whole())
        continue;
      if (request.tiles.size() <= index.index)
        request.tiles.resize(index.index + 1);
      request.tiles[index.index] =
          uint32_t(index.tile.rows) << 8 | index.tile.cols;
    }
  }
}

std::vector<BuildRequest> requestsOf(const Device &device,
                                     const Program &program) {
  std::vector<BuildRequest> requests;
  for (const KernelSpec &kernel : program.kernels()) {
    requests.push_back({&kernel, {}, {}, &device.chip()});
    describeBuffers(requests.back(), program, device.chip().circularBuffers);
  }
  return requests;
}

class Launch {
public:
  Launch(Machine &m, const Program &program, const BuildOutcome &build)
      : m(m), program(program), build(build) {}

  void place() {
    const CoreCoord grid = m.device.grid();
    names.reserve(program.circularBuffers().size());
    for (const CircularBufferSpec &spec : program.circularBuffers())
      names.push_back(bufferName(spec));
    for (uint32_t index = 0; index < m.chip.circularBuffers; ++index)
      indexNames.push_back("circular buffer " + std::to_string(index));
    for (uint32_t y = 0; y < grid.y; ++y)
      for (uint32_t x = 0; x < grid.x; ++x)
        placeCore({x, y});
    mergeAlike(m.result.faults);
  }

private:
  void placeCore(CoreCoord coord) {
    Core *core = nullptr;
    for (KernelId id = 0; id < program.kernels().size(); ++id) {
      const KernelSpec &kernel = program.kernels()[id];
      if (!contains(kernel.cores, coord))
        continue;
      if (!core)
        core = &addCore(coord);
      if (kernel.processor == Processor::Compute) {
        prepareCompute(*core, kernel);
        for (uint32_t slot = 0; slot < 3; ++slot)
          addAgent(*core, static_cast<AgentKind>(2 + slot), id, slot);
      } else {
        addAgent(*core,
                 kernel.processor == Processor::Brisc ? AgentKind::Brisc
                                                      : AgentKind::Ncrisc,
                 id, 0);
      }
    }
  }

  Core &addCore(CoreCoord coord) {
    m.cores.push_back(std::make_unique<Core>());
    Core &core = *m.cores.back();
    core.coord = coord;
    core.index = coord.y * m.device.grid().x + coord.x;
    core.l1 = m.device.l1(coord);
    m.coreAt[core.index] = &core;
    placeBuffers(m, program, names, indexNames, core);
    core.semaphores.resize(m.chip.semaphores);
    for (const Program::Semaphore &semaphore : program.semaphores())
      if (contains(semaphore.cores, coord)) {
        core.semaphores[semaphore.id] = true;
        std::memcpy(core.l1.data() + semaphoreBase(m.chip) + semaphore.id * 16,
                    &semaphore.initial, 4);
      }
    std::memset(core.l1.data() + m.chip.l1ZerosBase, 0, m.chip.l1ZerosBytes);
    return core;
  }

  void prepareCompute(Core &core, const KernelSpec &kernel) {
    core.config = &kernel.compute;
    core.unpackExact.assign(m.chip.circularBuffers, false);
    for (uint32_t index : kernel.compute.unpackToDestFp32)
      if (index < core.unpackExact.size())
        core.unpackExact[index] = true;
    DstState &dst = core.dst;
    dst.fp32 = kernel.compute.fp32DestAcc;
    dst.sections = kernel.compute.dstFullSync ? 1 : 2;
    dst.capacity =
        arch::dstTiles(kernel.compute.fp32DestAcc, kernel.compute.dstFullSync);
    if (m.options.withData)
      dst.data.resize(size_t(dst.sections) * dst.capacity * TileElements);
  }

  void addAgent(Core &core, AgentKind kind, KernelId id, uint32_t slot) {
    const KernelSpec &kernel = program.kernels()[id];
    const KernelImage &image = build.images[id][slot];
    auto &agent = core.agents[static_cast<uint32_t>(kind)];
    agent = std::make_unique<Agent>();
    agent->machine = &m;
    agent->core = &core;
    agent->kind = kind;
    agent->clock.own(static_cast<uint32_t>(kind)) = 1;
    agent->order = 1 + core.index * AgentKinds + static_cast<uint32_t>(kind);
    agent->kernel = &kernel;
    agent->entry = image.entry;
    agent->construct = image.construct;
    *image.api = &m.api;
    const uint32_t processor = std::min(static_cast<uint32_t>(kind), 2u);
    agent->argAddress = argumentBase(m.chip, processor);
    uint8_t *args = core.l1.data() + agent->argAddress;
    const auto &unique = program.allRuntimeArgs(id);
    if (const auto found = unique.find(core.coord); found != unique.end()) {
      agent->argCount = static_cast<uint32_t>(found->second.size());
      std::copy_n(reinterpret_cast<const uint8_t *>(found->second.data()),
                  agent->argCount * 4, args);
    }
    const auto &common = program.commonArgs(id);
    agent->commonArgCount = static_cast<uint32_t>(common.size());
    std::copy_n(reinterpret_cast<const uint8_t *>(common.data()),
                common.size() * 4, args + agent->argCount * 4);
    if (image.globalBytes)
      agent->globals.assign(image.globals, image.globals + image.globalBytes);
    agent->report.core = core.coord;
    agent->report.agent = agentName(kind);
    agent->report.kernel = kernel.name;
    agent->now = cycles(m.chip.launchCycles) + m.jitter(1000);
    agent->report.start = wholeCycles(agent->now);
    agent->fiber.prepare(m.stacks, runKernel, agent.get());
    m.events.post(agent->now, agent->order, agent.get());
  }

  Machine &m;
  const Program &program;
  const BuildOutcome &build;
  std::vector<std::string> names;      ///< of allocations
  std::vector<std::string> indexNames; ///< where several share one
};

//===----------------------------------------------------------------------===//
// Afterwards
//===----------------------------------------------------------------------===//

/// Writes what options.reportFolder (or the environment) asks for. A folder
/// that cannot be written is a warning: the run itself is whole.
void writeReport(RunResult &result, const std::string &folder) {
  static std::atomic<uint32_t> runs{0};
  const std::string stem = folder + "/run-" + std::to_string(runs++);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (writeWhole(stem + ".json", result.json()) &&
      (result.trace.empty() || writeWhole(stem + ".trace.json", result.trace)))
    return;
  Fault fault;
  fault.code = FaultCode::ReportNotWritten;
  fault.message = "the report cannot be written to " + stem + ".json";
  result.warnings.push_back(std::move(fault));
}

std::map<std::string, std::string> sourcesOf(const Program &program) {
  std::map<std::string, std::string> sources;
  for (const KernelSpec &kernel : program.kernels()) {
    std::string &text = sources[kernel.name];
    if (kernel.text) {
      text = *kernel.text;
      continue;
    }
    std::ifstream file(kernel.path);
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  return sources;
}

std::string reportFolder(const RunOptions &options) {
  if (!options.reportFolder.empty())
    return options.reportFolder;
  const char *folder = std::getenv("TILEWRIGHT_REPORT_DIR");
  return folder ? folder : "";
}

} // namespace

std::vector<Fault> buildKernels(const Device &device, const Program &program) {
  return buildKernelImages(requestsOf(device, program)).faults;
}

/// A run without data carries all transfers when a kernel may be steered by
/// what it reads from L1.
static void carryControl(Machine &m, const Program &program,
                         const BuildOutcome &build) {
  m.carriesData = false;
  for (KernelId id = 0; id < program.kernels().size(); ++id) {
    const auto &images = build.images[id];
    if (std::none_of(images.begin(), images.end(),
                     [](const KernelImage &image) { return image.readsL1; }))
      continue;
    m.carriesData = true;
    Fault fault;
    fault.code = FaultCode::NoDataControl;
    fault.file = program.kernels()[id].name;
    fault.message = "the kernel reads L1 through a pointer, so transfers carry "
                    "their bytes in this run without data; tiles that compute "
                    "kernels make are missing";
    m.result.warnings.push_back(std::move(fault));
  }
}

RunResult run(Device &device, const Program &program, const RunOptions &given) {
  // One simulation at a time: kernels reach it through one table.
  static std::mutex lock;
  const std::scoped_lock hold(lock);
  RunResult result;
  result.faults = checkProgram(device, program);
  const RunOptions options = withEnvironment(given, result.faults);
  if (!result.ok())
    return result;
  const auto start = Clock::now();
  BuildOutcome build = buildKernelImages(requestsOf(device, program));
  result.buildMs = millisecondsSince(start);
  result.kernelsBuilt = build.built;
  result.kernelsCached = build.cached;
  result.faults = std::move(build.faults);
  if (!result.ok())
    return result;

  const auto launched = Clock::now();
  const double computed = threadMilliseconds();
  const std::string folder = reportFolder(options);
  RunOptions chosen = options;
  chosen.trace |= !folder.empty();
  chosen.collectReport |= chosen.trace;
  Machine m(device, chosen);
  m.result = std::move(result);
  if (!chosen.withData)
    carryControl(m, program, build);
  Launch launch(m, program, build);
  checkStalePages(m, program);
  launch.place();
  if (m.result.ok()) {
    {
      const CrashGuard guard;
      m.drain();
    }
    for (const auto &core : m.cores)
      for (const auto &agent : core->agents)
        if (agent)
          m.endLine(*agent);
    if (m.result.ok())
      reportDeadlock(m);
    if (m.result.ok())
      reportPagesLeft(m, program);
    collectReport(m);
  }
  m.result.simMs = millisecondsSince(launched);
  m.result.simCpuMs = threadMilliseconds() - computed;
  if (!folder.empty()) {
    m.result.sources = sourcesOf(program);
    writeReport(m.result, folder);
  }
  return std::move(m.result);
}

} // namespace tilewright::sim
