//===- KernelBuild.cpp - kernels to shared objects ------------------------===//

#include "Build/KernelBuild.h"

#include "Build/BuildFiles.h"
#include "DeviceTable.h"

#include "tilewright/arch/Chip.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char **environ;

namespace tilewright::sim {
namespace {

namespace fs = std::filesystem;

/// Headers that the vendor's build brings to every kernel and that take long to
/// read: they are included where something of theirs is named.
struct Wanted {
  bool standard = false, print = false, vectors = false;

  void look(const std::string &text) {
    const auto names = [&](const char *name) {
      return text.find(name) != std::string::npos;
    };
    standard |= names("std::") || names("make_tensor_accessor");
    print |= names("DPRINT");
    vectors |=
        names("sfpi") || names("dst_reg") || names("vFloat") || names("_sfpu_");
  }
  void add(std::vector<std::string> &flags, bool compute) const {
    const auto include = [&](bool wanted, const char *header) {
      if (wanted)
        flags.insert(flags.end(), {"-include", header});
    };
    // Ahead of the other headers, which have more to give with it.
    if (standard)
      flags.insert(flags.begin(), {"-include", "tilewright/standard.h"});
    include(print && !compute, "api/debug/dprint.h");
    include(vectors && compute, "tilewright/llk_sfpu.h");
  }
};

/// The content of files that a source includes from beside itself.
void addIncludes(const fs::path &source, const std::string &text, Hash &hash,
                 Wanted &wanted, uint32_t depth = 0) {
  constexpr uint32_t kDepth = 16;
  std::istringstream lines(text);
  for (std::string line; depth < kDepth && std::getline(lines, line);) {
    const size_t at = line.find_first_not_of(" \t");
    if (at == std::string::npos || line[at] != '#' ||
        line.find("include") == std::string::npos)
      continue;
    const size_t open = line.find('"');
    const size_t close = line.find('"', open + 1);
    if (open == std::string::npos || close == std::string::npos)
      continue;
    const std::string name = line.substr(open + 1, close - open - 1);
    fs::path file = source.parent_path() / name;
    std::error_code ignored;
    if (const char *home = std::getenv("TT_METAL_HOME");
        home && *home && !fs::exists(file, ignored))
      for (const char *below : {"ttnn/cpp", "."})
        if (fs::exists(fs::path(home) / below / name, ignored))
          file = fs::path(home) / below / name;
    if (const auto content = readFile(file)) {
      hash.add(file.string());
      hash.add(*content);
      wanted.look(*content);
      addIncludes(file, *content, hash, wanted, depth + 1);
    }
  }
}

/// Whether the device headers are those that this simulator was built with: a
/// kernel built against others calls through a table of another shape.
bool headersFit() {
  static const bool fit = [] {
    std::string text;
    for (const char *header : {"table.h", "formats.h"})
      text += readFile(deviceHeaders() / "tilewright" / header).value_or("");
    return text == DeviceTableText;
  }();
  return fit;
}

/// Content of the device headers and the identity of the plugin and compiler.
const std::string &toolKey() {
  static const std::string key = [] {
    Hash hash;
    std::vector<fs::path> files;
    std::error_code ignored;
    for (const auto &entry :
         fs::recursive_directory_iterator(deviceHeaders(), ignored))
      if (entry.is_regular_file())
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path &file : files) {
      hash.add(file.string());
      hash.add(readFile(file).value_or(""));
    }
    hash.add(readFile(pluginPath()).value_or(""));
    hash.add(compiler());
    hash.add(std::to_string(TwApiVersion));
    hash.add("sealed");
    return hash.hex();
  }();
  return key;
}

//===----------------------------------------------------------------------===//
// One compilation
//===----------------------------------------------------------------------===//

struct Job {
  size_t request = 0;
  size_t slot = 0;
  std::vector<std::string> flags;
  std::string source; ///< path given to the compiler
  std::string key;
  fs::path object;
  bool cached = false;
  std::optional<Fault> fault;
};

std::string list(const auto &values) {
  std::string text;
  for (auto value : values)
    text += (text.empty() ? "" : ",") + std::to_string(uint32_t(value)) + "u";
  return text;
}

std::vector<std::string> flagsFor(const BuildRequest &request, size_t slot) {
  const KernelSpec &kernel = *request.kernel;
  std::vector<std::string> flags = {
      "-std=c++20", "-O2", "-g1", "-fPIC", "-shared", "-nostdlib",
      "-fuse-ld=lld", "-Wl,-Bsymbolic", "-fno-exceptions", "-fno-rtti",
      "-fno-threadsafe-statics", "-w",
      "-Wno-missing-template-arg-list-after-template-kw",
      // Pointers have 32 bits on the chip.
      "-fms-extensions", "-fno-strict-aliasing", "-fno-finite-loops",
      "-fno-stack-protector", "-ffp-contract=off",
      // Address 0 is a place of L1.
      "-fno-delete-null-pointer-checks"};
  flags.push_back("-fpass-plugin=" + pluginPath().string());
  flags.push_back("-I" + deviceHeaders().string());
  flags.push_back("-include");
  flags.push_back("tilewright/prelude.h");
  // Kernels of the SDK's own tree include one another from its root.
  if (const char *home = std::getenv("TT_METAL_HOME"); home && *home)
    for (const char *below : {"/ttnn/cpp", ""}) {
      flags.push_back("-idirafter");
      flags.push_back(std::string(home) + below);
    }
  auto define = [&](std::string text) {
    flags.push_back("-D" + std::move(text));
  };
  if (kernel.processor == Processor::Compute) {
    constexpr const char *threads[] = {"UNPACK", "MATH", "PACK"};
    define(std::string("TRISC_") + threads[slot]);
    define("COMPILE_FOR_TRISC=" + std::to_string(slot));
    define("TW_MATH_FIDELITY=" +
           std::to_string(uint32_t(kernel.compute.fidelity)));
    define(std::string("TW_DST_ACCUM_MODE=") +
           (kernel.compute.fp32DestAcc ? "true" : "false"));
    if (kernel.compute.fp32DestAcc)
      define("FP32_DEST_ACC_EN=1");
    define(std::string("APPROX=") +
           (kernel.compute.mathApprox ? "true" : "false"));
    constexpr const char *spaces[] = {"chlkc_unpack", "chlkc_math",
                                      "chlkc_pack"};
    define(std::string("NAMESPACE=") + spaces[slot]);
    define(std::string("MAIN=") + "tw_main()");
  } else {
    const bool brisc = kernel.processor == Processor::Brisc;
    define(brisc ? "COMPILE_FOR_BRISC=1" : "COMPILE_FOR_NCRISC=1");
    define("NOC_INDEX=" + std::to_string(kernel.noc));
    const arch::RiscParameters &risc = request.chip->risc;
    const char *timed = std::getenv("TILEWRIGHT_INSTRUCTION_TIME");
    if (!timed || std::string_view(timed) != "0")
      define("TW_RISC_CYCLES=" +
             list(std::vector<uint32_t>{risc.simple, risc.multiply, risc.divide,
                                        risc.localAccess, risc.l1Load,
                                        risc.l1Store, risc.floatSimple,
                                        risc.floatDivide}));
    // As in the SDK, kernels need not include what they always need.
    flags.push_back("-include");
    flags.push_back("api/dataflow/dataflow_api.h");
  }
  define(request.chip->arch == arch::Arch::Blackhole ? "ARCH_BLACKHOLE=1"
                                                     : "ARCH_WORMHOLE=1");
  define("TW_ZEROS_BASE=" + std::to_string(request.chip->l1ZerosBase) + "u");
  define("TW_ZEROS_SIZE=" + std::to_string(request.chip->l1ZerosBytes) + "u");
  const auto &noc = request.chip->noc;
  define("TW_DRAM_ALIGNMENT=" + std::to_string(noc.dramReadAlignment) + "u");
  define("TW_L1_ALIGNMENT=" + std::to_string(noc.l1Alignment) + "u");
  define("TW_MAX_PACKET=" + std::to_string(noc.maxPacketBytes) + "u");
  define("KERNEL_COMPILE_TIME_ARGS=" + list(kernel.compileTimeArgs));
  define("TW_CB_FORMATS=" + list(request.formats));
  if (!request.tiles.empty())
    define("TW_CB_TILES=" + list(request.tiles));
  if (!kernel.namedCompileTimeArgs.empty()) {
    std::string map;
    for (const auto &[name, value] : kernel.namedCompileTimeArgs)
      map += (map.empty() ? "" : ",") +
             ("{\"" + name + "\"," + std::to_string(value) + "u}");
    define("KERNEL_COMPILE_TIME_ARG_MAP=" + map);
  }
  for (const auto &[name, value] : kernel.defines)
    define(name + "=" + value);
  return flags;
}

/// Runs the compiler; its diagnostics go to `text`. False when it failed.
bool runCompiler(const std::vector<std::string> &arguments, std::string &text) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    text = std::strerror(errno);
    return false;
  }
  std::vector<char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    text = arguments[0] + ": " + std::strerror(error);
    return false;
  }
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) != 0;) {
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      break;
    text.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Fault makeFault(FaultCode code, std::string message, const KernelSpec &kernel) {
  Fault fault;
  fault.code = code;
  fault.message = std::move(message);
  fault.file = kernel.name.empty() ? kernel.path : kernel.name;
  return fault;
}

/// The first "file:line:" of the compiler's text.
uint32_t firstLine(const std::string &text, const std::string &file) {
  const size_t at = text.find(file + ":");
  if (at == std::string::npos)
    return 0;
  return static_cast<uint32_t>(
      std::strtoul(text.c_str() + at + file.size() + 1, nullptr, 10));
}

void compile(Job &job, const KernelSpec &kernel) {
  std::error_code error;
  if (isSealed(job.object)) {
    job.cached = true;
    return;
  }
  if (fs::exists(job.object, error))
    std::fprintf(stderr,
                 "warning: the kept kernel %s is damaged; it is built again\n",
                 job.object.c_str());
  // One program may ask for the same object twice, at the same time.
  static std::atomic<uint32_t> number = 0;
  const fs::path part = job.object.string() + "." + std::to_string(getpid()) +
                        "." + std::to_string(number++) + ".part";
  std::vector<std::string> arguments = {compiler()};
  arguments.insert(arguments.end(), job.flags.begin(), job.flags.end());
  arguments.insert(arguments.end(),
                   {"-x", "c++", job.source, "-o", part.string()});
  std::string text;
  if (!runCompiler(arguments, text)) {
    fs::remove(part, error);
    for (const fs::path &place :
         {job.object.parent_path(), fs::temp_directory_path(error)})
      if (const std::string why = fullDisk(place); !why.empty()) {
        job.fault = makeFault(FaultCode::KernelToolFailure,
                              "the kernel cannot be compiled: " + why, kernel);
        return;
      }
    // Errors in the kernel, not of the driver or of loading the plugin.
    const bool started =
        text.find("error:") != std::string::npos &&
        text.find("unable to load plugin") == std::string::npos &&
        text.find("++-22: error:") == std::string::npos;
    // Say the kernel's name, not the place of its copy.
    const std::string shown = kernel.name.empty() ? kernel.path : kernel.name;
    for (size_t at; job.source != shown &&
                    (at = text.find(job.source)) != std::string::npos;)
      text.replace(at, job.source.size(), shown);
    Fault fault = makeFault(
        started ? FaultCode::KernelCompileError : FaultCode::KernelToolFailure,
        started ? "the kernel does not compile" : "the kernel compiler failed",
        kernel);
    fault.line = firstLine(text, fault.file);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      fault.notes.push_back(line);
    job.fault = std::move(fault);
    return;
  }
  if (!seal(part))
    error = std::make_error_code(std::errc::io_error);
  else
    fs::rename(part, job.object, error);
  if (error)
    job.fault = makeFault(
        FaultCode::KernelToolFailure,
        "cannot write " + job.object.string() + ": " + error.message(), kernel);
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// Objects stay loaded: a kernel is often run again.
std::optional<KernelImage> load(const fs::path &object, bool legacy,
                                size_t slot, std::string &why) {
  static std::mutex lock;
  static std::map<std::string, KernelImage> loaded;
  const std::scoped_lock hold(lock);
  if (auto known = loaded.find(object.string()); known != loaded.end())
    return known->second;
  void *library = dlopen(object.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    why = dlerror();
    return std::nullopt;
  }
  constexpr const char *legacyNames[] = {"_ZN12chlkc_unpack7tw_mainEv",
                                         "_ZN10chlkc_math7tw_mainEv",
                                         "_ZN10chlkc_pack7tw_mainEv"};
  KernelImage image;
  image.entry = reinterpret_cast<void (*)()>(
      dlsym(library, legacy ? legacyNames[slot] : "_Z11kernel_mainv"));
  image.api = static_cast<TwApi **>(dlsym(library, "tw_api"));
  const auto *version =
      static_cast<const unsigned *>(dlsym(library, "tw_version"));
  if (!image.entry || !image.api || !version) {
    why = "the kernel has no void kernel_main()";
    return std::nullopt;
  }
  if (*version != TwApiVersion) {
    why = "the kernel was built for version " + std::to_string(*version) +
          " of the simulator's table, not " + std::to_string(TwApiVersion);
    return std::nullopt;
  }
  const auto *table =
      static_cast<const uint64_t *>(dlsym(library, "tw_plugin_table"));
  if (!table || *table != tableStamp()) {
    why = "the plugin " + pluginPath().string() +
          " is not of the same build as the simulator; build it again";
    return std::nullopt;
  }
  image.globals =
      static_cast<const unsigned char *>(dlsym(library, "tw_globals_image"));
  if (const auto *bytes =
          static_cast<const uint64_t *>(dlsym(library, "tw_globals_bytes")))
    image.globalBytes = *bytes;
  image.construct =
      reinterpret_cast<void (*)()>(dlsym(library, "tw_globals_construct"));
  image.readsL1 = dlsym(library, "tw_reads_l1") != nullptr;
  loaded[object.string()] = image;
  return image;
}

} // namespace

BuildOutcome buildKernelImages(const std::vector<BuildRequest> &requests) {
  BuildOutcome outcome;
  outcome.images.resize(requests.size());
  if (!requests.empty() && !headersFit()) {
    outcome.faults.push_back(makeFault(
        FaultCode::KernelToolFailure,
        "the device headers in " + deviceHeaders().string() +
            " are not those that this simulator was built with; build it again",
        *requests.front().kernel));
    return outcome;
  }
  std::vector<Job> jobs;
  std::vector<bool> legacy(requests.size());
  const fs::path kept = cacheFolder(), folder = writableCacheFolder();
  std::error_code error;
  for (size_t r = 0; r < requests.size(); ++r) {
    const KernelSpec &kernel = *requests[r].kernel;
    const std::optional<std::string> text =
        kernel.text ? kernel.text : readFile(kernel.path);
    if (!text) {
      outcome.faults.push_back(makeFault(FaultCode::KernelUnreadable,
                                         "cannot read " + kernel.path, kernel));
      continue;
    }
    legacy[r] = kernel.processor == Processor::Compute &&
                text->find("void MAIN") != std::string::npos;
    const std::string shown = kernel.name.empty() ? kernel.path : kernel.name;
    std::string source = kernel.path;
    if (kernel.text) {
      Hash hash;
      hash.add(*kernel.text);
      const fs::path place = folder / ("text-" + hash.hex());
      source = (place / "kernel.cpp").string();
      if (readFile(source) != kernel.text) {
        fs::create_directories(place, error);
        if (const std::string why = writeWhole(source, *kernel.text);
            !why.empty()) {
          outcome.faults.push_back(
              makeFault(FaultCode::KernelToolFailure, why, kernel));
          continue;
        }
      }
    }
    const size_t slots = kernel.processor == Processor::Compute ? 3 : 1;
    for (size_t slot = 0; slot < slots; ++slot) {
      Job job;
      job.request = r;
      job.slot = slot;
      job.source = source;
      job.flags = flagsFor(requests[r], slot);
      Hash hash;
      Wanted wanted;
      wanted.look(*text);
      hash.add(toolKey());
      hash.add(*text);
      hash.add(shown);
      if (!kernel.text)
        addIncludes(kernel.path, *text, hash, wanted);
      wanted.add(job.flags, slots > 1);
      for (const std::string &flag : job.flags)
        hash.add(flag);
      // Not part of the key: the same kernel elsewhere is the same object.
      job.flags.push_back("-ffile-prefix-map=" + source + "=" + shown);
      job.object = kept / (hash.hex() + ".so");
      if (folder != kept && !isSealed(job.object))
        job.object = folder / (hash.hex() + ".so");
      jobs.push_back(std::move(job));
    }
  }

  std::atomic<size_t> next = 0;
  auto work = [&] {
    for (size_t i; (i = next++) < jobs.size();)
      compile(jobs[i], *requests[jobs[i].request].kernel);
  };
  const size_t missing = static_cast<size_t>(
      std::count_if(jobs.begin(), jobs.end(), [](const Job &job) {
        std::error_code ignored;
        return !fs::exists(job.object, ignored);
      }));
  const size_t threads = std::min<size_t>(
      missing, std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::thread> helpers;
  for (size_t i = 1; i < threads; ++i)
    helpers.emplace_back(work);
  work();
  for (std::thread &helper : helpers)
    helper.join();

  std::vector<bool> failed(requests.size());
  for (Job &job : jobs) {
    const KernelSpec &kernel = *requests[job.request].kernel;
    if (!job.fault) {
      ++(job.cached ? outcome.cached : outcome.built);
      std::string why;
      const auto image = load(job.object, legacy[job.request], job.slot, why);
      if (image)
        outcome.images[job.request][job.slot] = *image;
      else
        job.fault = makeFault(FaultCode::KernelToolFailure,
                              "the kernel cannot be loaded: " + why, kernel);
    }
    // The three compute threads fail alike: say it once.
    if (job.fault && !failed[job.request]) {
      failed[job.request] = true;
      outcome.faults.push_back(std::move(*job.fault));
    }
  }
  return outcome;
}

} // namespace tilewright::sim
