//===- Program.h - the device, a program, and a run -------------*- C++ -*-===//
//
// The one interface of the simulator's core: a Device (memory of one chip), a
// Program (kernels, circular buffers, semaphores, arguments), and run(). The
// host API headers, the plan runner and the Python module stand on it.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_RUNTIME_PROGRAM_H
#define TILEWRIGHT_SIMULATOR_RUNTIME_PROGRAM_H

#include "DeviceApi/include/tilewright/formats.h"
#include "Runtime/Report.h"
#include "Support/Faults.h"

#include <bitset>
#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tilewright::arch {
struct Chip;
}

namespace tilewright::sim {

/// Rectangle of cores, both corners included.
struct CoreRange {
  CoreCoord start;
  CoreCoord end;
};

using tilewright::tileBytes;
using tilewright::TileShape;
using tt::DataFormat;

/// "Float16_b" and the like; parse returns nothing for an unknown name.
std::string_view formatName(DataFormat format);
std::optional<DataFormat> parseFormat(std::string_view name);

enum class BufferType : uint8_t { Dram, L1 };

//===----------------------------------------------------------------------===//
// Device
//===----------------------------------------------------------------------===//

/// The memory of one chip: DRAM banks and the L1 of every core of the compute
/// grid. Interleaved buffers put page p at bank p mod banks, at the same
/// address in every bank.
class Device {
public:
  /// `gridX` and `gridY` select a compute grid other than the default one of
  /// the chip (0: the default).
  explicit Device(const arch::Chip &chip, uint32_t gridX = 0,
                  uint32_t gridY = 0);
  ~Device();
  Device(const Device &) = delete;
  Device &operator=(const Device &) = delete;

  const arch::Chip &chip() const;
  CoreCoord grid() const;
  uint32_t dramBanks() const;
  /// Alignment of a page in the memory (WH 32, BH 64 bytes; L1 16).
  uint32_t pageAlignment(BufferType type) const;

  /// Allocates an interleaved buffer; returns its address, common to all banks.
  /// Throws FaultError (OutOfMemory).
  uint64_t allocate(uint64_t bytes, uint32_t pageBytes, BufferType type);
  /// Allocates `bytes` in every bank (or in the L1 of every core), at one
  /// address. Throws FaultError (OutOfMemory).
  uint64_t allocateInBanks(uint64_t bytes, BufferType type, bool fromLowEnd);
  /// Says that the block at `address` is an interleaved buffer of `count`
  /// pages, `stride` bytes apart in a bank: kernels must stay inside.
  void setPages(uint64_t address, uint64_t count, uint64_t stride,
                BufferType type);
  void deallocate(uint64_t address, BufferType type);
  /// Page `page` of an interleaved buffer. Throws FaultError (BadBufferAccess).
  std::span<uint8_t> page(uint64_t address, uint32_t pageBytes, BufferType type,
                          uint64_t page);

  /// Host access to page `page` of an interleaved buffer. `data` may be shorter
  /// than a page. Throws FaultError (BadBufferAccess).
  void writePage(uint64_t address, uint32_t pageBytes, BufferType type,
                 uint64_t page, std::span<const uint8_t> data);
  void readPage(uint64_t address, uint32_t pageBytes, BufferType type,
                uint64_t page, std::span<uint8_t> data) const;

  /// Host access to the L1 of one core, and to one DRAM bank.
  std::span<uint8_t> l1(CoreCoord core);
  std::span<uint8_t> dram(uint32_t bank, uint64_t address, uint64_t bytes);

  /// First L1 byte that circular buffers may use, and the end of L1 minus what
  /// L1 buffers occupy.
  uint32_t l1Base() const;
  uint32_t l1Limit() const;

  /// Coordinates that kernels use in NoC addresses (translated coordinates).
  CoreCoord virtualCoord(CoreCoord logical) const;

  struct Impl;
  Impl &impl() { return *state; }
  const Impl &impl() const { return *state; }

private:
  std::unique_ptr<Impl> state;
};

//===----------------------------------------------------------------------===//
// Program
//===----------------------------------------------------------------------===//

enum class Processor : uint8_t {
  Brisc,  ///< RISCV_0, by custom the writer
  Ncrisc, ///< RISCV_1, by custom the reader
  Compute ///< the three TRISCs
};

using ::MathFidelity;

struct ComputeConfig {
  MathFidelity fidelity = MathFidelity::HiFi4;
  bool fp32DestAcc = false;
  bool dstFullSync = false;
  bool mathApprox = false;
  /// Block formats are packed from 7 mantissa bits, not from 6.
  bool bfpPackPrecise = false;
  /// Circular buffers whose fp32 tiles are unpacked to DST without loss.
  std::vector<uint32_t> unpackToDestFp32;
};

struct KernelSpec {
  /// What messages call the kernel, e.g. "reader.cpp".
  std::string name;
  /// Path of the source; when `text` is set it is only a name for messages.
  std::string path;
  /// The source itself, instead of a path.
  std::optional<std::string> text;
  Processor processor = Processor::Brisc;
  /// NoC of a data-movement kernel (0 or 1).
  uint8_t noc = 0;
  std::vector<CoreRange> cores;
  std::vector<uint32_t> compileTimeArgs;
  std::map<std::string, uint32_t> namedCompileTimeArgs;
  std::map<std::string, std::string> defines;
  ComputeConfig compute;
};

struct CircularBufferSpec {
  struct Index {
    uint32_t index;
    DataFormat format;
    uint32_t pageBytes;
    TileShape tile = {};
  };
  /// One or more indices that share the memory.
  std::vector<Index> indices;
  uint32_t totalBytes = 0;
  /// Address in L1; allocated after the circular buffers before it when unset.
  std::optional<uint32_t> address;
  std::vector<CoreRange> cores;
  /// What messages call it, e.g. "cb_A_shared"; "cb <index>" when empty.
  std::string name;
  /// Used as plain memory of the core: pages may be left in it, and any agent
  /// may push and pop.
  bool scratch = false;
};

using KernelId = uint32_t;
using CircularBufferId = uint32_t;

/// What is launched on the cores of one device. Declarations are checked when
/// the program runs. Arguments may be changed between runs.
class Program {
public:
  /// The same for copies; other programs have other ones.
  uint64_t id() const { return serial; }
  KernelId addKernel(KernelSpec spec);
  CircularBufferId addCircularBuffer(CircularBufferSpec spec);
  /// Returns the semaphore id: the lowest that is free on all cores. Throws
  /// FaultError (BadSemaphore) when no chip has one left; run() checks the
  /// limit of its own chip.
  uint32_t addSemaphore(const std::vector<CoreRange> &cores, uint32_t initial);

  void setRuntimeArgs(KernelId kernel, CoreCoord core,
                      std::vector<uint32_t> args);
  void setCommonRuntimeArgs(KernelId kernel, std::vector<uint32_t> args);
  /// Arguments of a kernel on a core; empty when never set.
  std::vector<uint32_t> &runtimeArgs(KernelId kernel, CoreCoord core);
  std::vector<uint32_t> &commonRuntimeArgs(KernelId kernel);
  CircularBufferSpec &circularBuffer(CircularBufferId id);

  struct Semaphore {
    std::vector<CoreRange> cores;
    uint32_t id;
    uint32_t initial;
  };
  const std::vector<KernelSpec> &kernels() const { return kernelSpecs; }
  const std::vector<CircularBufferSpec> &circularBuffers() const {
    return cbSpecs;
  }
  const std::vector<Semaphore> &semaphores() const { return semaphoreSpecs; }
  const std::map<CoreCoord, std::vector<uint32_t>> &
  allRuntimeArgs(KernelId kernel) const {
    return uniqueArgs[kernel];
  }
  const std::vector<uint32_t> &commonArgs(KernelId kernel) const {
    return sharedArgs[kernel];
  }

private:
  uint64_t serial = nextSerial();
  static uint64_t nextSerial();
  std::vector<KernelSpec> kernelSpecs;
  std::vector<CircularBufferSpec> cbSpecs;
  std::vector<Semaphore> semaphoreSpecs;
  std::vector<std::map<CoreCoord, std::vector<uint32_t>>> uniqueArgs;
  std::deque<std::vector<uint32_t>> sharedArgs;
};

//===----------------------------------------------------------------------===//
// Run
//===----------------------------------------------------------------------===//

struct RunOptions {
  /// Seeded extra delays on every agent and transfer. The results must equal
  /// those of a run without.
  bool adversarial = false;
  uint64_t seed = 0;
  /// False: time only. No tile is computed and no tile moves, so results are
  /// not made and tensors may be left unwritten. What kernels control
  /// themselves with stays: semaphores, circular buffers, words that kernels
  /// store, and transfers of up to 64 bytes. Where a kernel reads L1 through a
  /// pointer, what it reads may steer it: then every transfer carries its
  /// bytes, and the warning NoDataControl says that tiles made by compute
  /// kernels are still missing. TILEWRIGHT_NO_DATA=1 has the same effect.
  bool withData = true;
  /// The matrix unit bit for bit, a hundred times slower: for tests. The
  /// environment's TILEWRIGHT_NUMERICS=exact asks for it too.
  bool exactNumerics = false;
  bool collectReport = true;
  /// Warn of a call that is missing where that has no effect in this run,
  /// instead of stopping: a reserve or wait when the pages are free or there, a
  /// write barrier at the end of a kernel.
  bool tolerant = false;
  /// Record every call for RunResult::trace.
  bool trace = false;
  /// Folder for the report (run-N.json) and the trace (run-N.trace.json) of
  /// this run, N counting the runs of the process; "" writes nothing. The
  /// environment's TILEWRIGHT_REPORT_DIR stands in for an empty one.
  std::string reportFolder;
  /// Stop with TimeLimit after this many cycles (0: no limit).
  uint64_t maxCycles = 0;
  /// Look for accesses to L1 that nothing orders (with data only).
  bool checkMemory = true;
  /// Warn about the first NaN or infinity that an operation makes from finite
  /// operands.
  bool trackNonFinite = false;
  /// Stop with EndlessLoop after this many turns of a loop that makes no call
  /// (0: no limit).
  uint64_t loopBudget = uint64_t(1) << 30;
};

/// A line that a kernel printed (DPRINT), with its end.
struct PrintedLine {
  CoreCoord core;
  std::string_view agent; ///< BRISC, NCRISC, UNPACK, MATH, PACK
  std::string text;
};

/// A line that makes NaNs or infinities of finite numbers: its first operation
/// that does, and the elements of tiles, row by row, in which it does.
struct NonFiniteOrigin {
  Fault fault;
  std::bitset<1024> elements;
};

struct RunResult {
  /// No fault that stops the run.
  bool ok() const { return faults.empty(); }
  /// From launch to the end of the last agent.
  uint64_t cycles = 0;
  /// Kernel builds: wall milliseconds, and how many came from the cache.
  double buildMs = 0;
  uint32_t kernelsBuilt = 0;
  uint32_t kernelsCached = 0;
  /// Wall milliseconds of the simulation itself.
  double simMs = 0;
  /// The same of the computing time of its thread, which other work on the
  /// computer does not stretch.
  double simCpuMs = 0;
  std::vector<Fault> faults;
  std::vector<Fault> warnings;
  /// In the order of events, with trackNonFinite; the first one is a warning.
  std::vector<NonFiniteOrigin> nonFinite;
  std::vector<AgentReport> agents;
  std::vector<LineReport> lines; ///< by kernel, agent, file and line
  std::vector<ZoneReport> zones; ///< that kernels name
  std::vector<BufferReport> buffers;
  std::vector<DstReport> dst;
  NocReport noc;
  /// The chip's name and clock (GHz), for who reads cycles.
  std::string chip;
  double clockGHz = 0;
  CoreCoord grid;
  /// Text of each kernel by name, for who shows lines; with a trace only.
  std::map<std::string, std::string> sources;
  /// Events for Perfetto; "" unless asked for.
  std::string trace;
  uint64_t tileMultiplyAdds = 0;
  /// Inits and reconfigurations of compute kernels that set what was set
  /// already, over all cores, by file and line. Inits of matmuls are not
  /// looked at: they also carry block sizes.
  std::map<std::pair<std::string, uint32_t>, uint64_t> redundantInits;
  uint64_t dramReadBytes = 0;
  uint64_t dramWriteBytes = 0;
  uint64_t nocBytes = 0;
  /// What bounds the run: "math", "unpack", "pack", "dram", "noc", "latency".
  std::string bound;
  /// What kernels printed (DPRINT): whole lines as they end, and their text.
  std::vector<PrintedLine> printed;
  std::string output;

  /// What the program did as JSON, the same to the byte for equal programs and
  /// seeds: without what this process built and how long it took.
  std::string json() const;
};

/// Builds the kernels (or takes them from the cache), launches the program on
/// the device and runs it to the end. Memory of the device keeps its contents
/// from run to run. Never throws for what a program does.
RunResult run(Device &device, const Program &program,
              const RunOptions &options = {});

/// Only builds the kernels; returns the faults of the compiler.
std::vector<Fault> buildKernels(const Device &device, const Program &program);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_RUNTIME_PROGRAM_H
