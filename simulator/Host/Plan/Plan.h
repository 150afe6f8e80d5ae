//===- Plan.h - What tt.plan.json says --------------------------*- C++ -*-===//
//
// A plan describes a program completely: tensors, cores, work, circular
// buffers, kernels and their arguments. The schema is published as
// docs/reference/plan.schema.json; readPlan checks what the schema says, and
// checkPlan what a schema cannot say (references, sums, overlaps, the limits of
// the chip). Both name the field and the value.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_PLAN_PLAN_H
#define TILEWRIGHT_SIMULATOR_HOST_PLAN_PLAN_H

#include "Runtime/Program.h"
#include "Tilize.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tilewright::sim::plan {

/// The newest schema_version that is read: that of a plan with several
/// launches. One with a single launch has version 1.
constexpr uint32_t SchemaVersion = 2;

/// How a tensor is cut into shards; all extents are at least 1.
struct Shard {
  std::string kind;
  std::vector<uint32_t> axes, grid, shape;
  std::array<uint32_t, 2> cores{}; ///< rows and columns
  std::vector<uint32_t> tensorPages, shardPages;

  bool operator==(const Shard &) const = default;
};

/// Integers of 8 and 16 bits and Booleans.
bool isNarrowInteger(std::string_view dtype);

struct Tensor {
  std::string name;
  std::vector<uint32_t> shape;
  std::string dtype;  ///< "bfloat16" and the like
  std::string role;   ///< input, output, inout; workspace of launches
  std::string memory; ///< dram, l1
  std::string layout; ///< interleaved, sharded
  std::optional<Shard> shard;
  std::array<int, 2> plane{};
  std::array<uint32_t, 2> tile{};
  DataFormat format = DataFormat::Invalid;
  uint32_t pageBytes = 0;
  uint32_t outer = 0;
  uint32_t tileRows = 0;
  uint32_t tileCols = 0;
  uint64_t pages = 0;

  bool isInput() const { return role == "input" || role == "inout"; }
  bool isOutput() const { return role == "output" || role == "inout"; }
  /// Whether the bytes of `other` in memory mean the same elements.
  bool liesAs(const Tensor &other) const {
    return plane == other.plane && memory == other.memory &&
           format == other.format && shard == other.shard;
  }
  /// Narrow integers that take 32 bits each on the device.
  bool isHeldAsInt32() const {
    return format == DataFormat::Int32 && isNarrowInteger(dtype);
  }
  host::PlaneView view() const { return host::makePlaneView(shape, plane); }
};

/// Work items [start, start + count) of one core.
struct CoreWork {
  CoreCoord core;
  uint32_t start = 0;
  uint32_t count = 0;
  std::vector<uint32_t> blocks; ///< in order listed
  uint32_t shard = 0; ///< in mode local_shard: the first one of this core
};

struct Work {
  std::string mode; ///< global, local_shard
  std::vector<uint32_t> launchGrid;
  uint32_t items = 0;
  std::string order;
  std::vector<uint32_t> orderSizes;
  uint64_t shards = 1; ///< in mode local_shard
  std::vector<CoreWork> perCore;
};

struct CircularBuffer {
  std::string name;
  uint32_t index = 0;
  DataFormat format = DataFormat::Invalid;
  uint32_t pageBytes = 0;
  uint32_t pages = 0;
  uint32_t bytes = 0;
  uint32_t address = 0;
  std::string producer; ///< role of a kernel
  std::string consumer;
  bool unpackToDestFp32 = false;
  bool scratch = false; ///< plain memory of the kernel at both ends
};

struct L1 {
  uint32_t capacity = 0;
  uint32_t used = 0;
  uint32_t base = 0;
};

struct Semaphore {
  uint32_t id = 0;
  uint32_t initial = 0;
};

/// One compile-time or run-time argument.
struct Argument {
  enum class Kind {
    Accessor,
    TensorAddress,
    WorkStart,
    WorkCount,
    WorkItems,
    WorkTable,
    Scalar,
    Value
  };
  Kind kind = Kind::Value;
  std::string name;
  std::string type = "uint32"; ///< uint32, int32, float32
  std::string tensor;
  uint32_t value = 0;
};

struct Kernel {
  std::string role; ///< reader, compute, writer
  std::string file;
  std::string sha256;
  Processor processor = Processor::Brisc;
  uint8_t noc = 0;
  ComputeConfig compute;
  std::map<std::string, std::string> defines;
  std::vector<Argument> compileTimeArgs;
  std::vector<Argument> runtimeArgs;
  std::vector<Argument> commonArgs; ///< the same on all cores
};

/// A file of the folder that no kernel is, and its checksum.
struct HostFile {
  std::string file;
  std::string sha256;
};

struct Plan {
  std::string name;
  /// The checksum of what kernels rely on (Interface.h): that of the text, and
  /// what the text says it is, empty where it says nothing.
  std::string interface;
  std::string statedInterface;
  std::string chip;
  std::string arch;
  std::vector<Tensor> tensors;
  std::array<uint32_t, 2> coreGrid{};
  std::vector<CoreRange> coreRanges;
  Work work;
  std::vector<CircularBuffer> circularBuffers;
  L1 l1;
  std::vector<Semaphore> semaphores;
  std::vector<Kernel> kernels;
  std::vector<HostFile> hostFiles;
  /// Of several launches: a plan each, in order. Then the fields above are
  /// name, chip and tensors only, the latter without their place in memory.
  std::vector<Plan> launches;

  /// The launches, or the plan itself where it is one.
  std::span<const Plan> each() const {
    return launches.empty() ? std::span<const Plan>(this, 1)
                            : std::span<const Plan>(launches);
  }
  const Tensor *findTensor(std::string_view name) const;
};

/// What is wrong with a plan, one line each, "field: value is not ...".
using Errors = std::vector<std::string>;

/// Values of the sizes that a plan names, in elements.
using Sizes = std::map<std::string, int64_t>;

/// Parses the text; nothing when there are errors. A plan with sizes is read
/// for `sizes`, or for a sample where that is null.
std::optional<Plan> readPlan(std::string_view json, Errors &errors,
                             const Sizes *sizes = nullptr);

/// The text of the plan for these sizes, without expressions over them; empty
/// when there are errors.
std::string resolvePlan(std::string_view json, const Sizes &sizes,
                        Errors &errors);

/// Appends what is wrong with a plan that readPlan accepted: checkProgram for
/// each program, and what launches share.
void checkProgram(const Plan &plan, Errors &errors);
void checkPlan(const Plan &plan, Errors &errors);

/// Appends what is wrong with the name and checksum of a file, fields of `path`.
void checkFile(const std::string &path, const std::string &file,
               const std::string &sha256, Errors &errors);

/// Appends what is wrong with the kernel sources: missing files, and checksums
/// other than those of the plan.
void checkSources(const Plan &plan,
                  const std::map<std::string, std::string> &sources,
                  Errors &errors);

/// Bytes of an element of a dtype; 0 for an unknown one.
uint32_t dtypeBytes(std::string_view dtype);
/// The tile format of a dtype; Invalid for an unknown one.
DataFormat dtypeFormat(std::string_view dtype);

} // namespace tilewright::sim::plan

#endif // TILEWRIGHT_SIMULATOR_HOST_PLAN_PLAN_H
