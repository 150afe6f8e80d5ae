//===- Check.cpp - What a schema cannot say about a plan
//-------------------===//
//
// References, sums, overlaps and the limits of the chip. One function for each
// part of a plan; each error names the field by its path and the value found.
//
//===----------------------------------------------------------------------===//

#include "Plan/Plan.h"
#include "Plan/Sha256.h"
#include "tilewright/arch/Chip.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace tilewright::sim::plan {

const Tensor *Plan::findTensor(std::string_view name) const {
  for (const Tensor &tensor : tensors)
    if (tensor.name == name)
      return &tensor;
  return nullptr;
}

namespace {

struct DtypeEntry {
  std::string_view name;
  uint32_t bytes;
  DataFormat format;
};

constexpr DtypeEntry kDtypes[] = {
    {"bfloat16", 2, DataFormat::Float16_b},
    {"float16", 2, DataFormat::Float16},
    {"float32", 4, DataFormat::Float32},
    {"int32", 4, DataFormat::Int32},
    {"uint32", 4, DataFormat::UInt32},
    {"uint16", 2, DataFormat::UInt16},
    {"int8", 1, DataFormat::Int8},
    {"uint8", 1, DataFormat::UInt8},
    // Types that no engine computes on lie in memory by their bits.
    {"int16", 2, DataFormat::UInt16},
    {"bool", 1, DataFormat::UInt8},
    {"float8_e4m3fn", 1, DataFormat::UInt8},
    {"float8_e5m2", 1, DataFormat::UInt8},
};

/// A tile as a message shows it.
std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string pairText(uint64_t x, uint64_t y) {
  return "[" + std::to_string(x) + ", " + std::to_string(y) + "]";
}

// Letters beyond ASCII, which Python allows in names, are bytes of 128 and
// more.
bool isIdentifier(std::string_view name) {
  return !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '_' || c >= 0x80;
         });
}

class Checker {
public:
  Checker(const Plan &plan, Errors &errors) : plan(plan), errors(errors) {}

  void run() {
    checkChip();
    if (!chip)
      return;
    checkCores();
    checkTensors();
    checkWork();
    checkCircularBuffers();
    checkSemaphores();
    checkKernels();
  }

private:
  void fail(const std::string &path, const std::string &text) {
    errors.push_back(path + ": " + text);
  }

  static std::string at(const char *list, size_t i, const char *field = "") {
    return std::string(list) + "[" + std::to_string(i) + "]" +
           (*field ? "." : "") + field;
  }

  /// `field` must be `expected`; `why` says where the expected value is from.
  void expect(const std::string &path, uint64_t value, uint64_t expected,
              const std::string &why) {
    if (value != expected)
      fail(path, std::to_string(value) + " is not " + std::to_string(expected) +
                     ", " + why);
  }

  void checkChip() {
    chip = arch::findChip(plan.chip);
    if (!chip) {
      std::string known;
      for (const arch::Chip *each : arch::allChips())
        known += (known.empty() ? "" : ", ") + std::string(each->name);
      return fail("chip.name", quoted(plan.chip) + " is not one of " + known);
    }
    if (plan.arch != chip->archName)
      fail("chip.arch", quoted(plan.arch) + " is not the architecture of " +
                            plan.chip + ", which is " +
                            std::string(chip->archName));
  }

  void checkCores() {
    const auto [x, y] = plan.coreGrid;
    if (x == 0 || y == 0 || x > chip->maxGrid[0] || y > chip->maxGrid[1]) {
      fail("core_grid", pairText(x, y) + " is not a grid of " + plan.chip +
                            ", which has up to " +
                            pairText(chip->maxGrid[0], chip->maxGrid[1]) +
                            " cores");
      return;
    }
    if (plan.coreRanges.empty())
      fail("core_ranges", "no cores");
    for (size_t i = 0; i < plan.coreRanges.size(); ++i) {
      const CoreRange &range = plan.coreRanges[i];
      if (range.end.x < range.start.x || range.end.y < range.start.y) {
        fail(at("core_ranges", i), "the end " +
                                       pairText(range.end.x, range.end.y) +
                                       " is before the start " +
                                       pairText(range.start.x, range.start.y));
        continue;
      }
      if (range.end.x >= x || range.end.y >= y) {
        fail(at("core_ranges", i, "end"), pairText(range.end.x, range.end.y) +
                                              " is outside the core grid " +
                                              pairText(x, y));
        continue;
      }
      for (uint32_t row = range.start.y; row <= range.end.y; ++row)
        for (uint32_t col = range.start.x; col <= range.end.x; ++col)
          if (!cores.insert({col, row}).second)
            return fail(at("core_ranges", i),
                        "core " + pairText(col, row) +
                            " is in an earlier range already");
    }
  }

  void checkTensors() {
    std::set<std::string> names;
    if (plan.tensors.empty())
      fail("tensors", "no tensors");
    for (size_t i = 0; i < plan.tensors.size(); ++i) {
      const Tensor &tensor = plan.tensors[i];
      if (!isIdentifier(tensor.name))
        fail(at("tensors", i, "name"),
             quoted(tensor.name) + " is not an identifier");
      if (!names.insert(tensor.name).second)
        fail(at("tensors", i, "name"),
             quoted(tensor.name) + " is the name of an earlier tensor");
      checkPlane(tensor, i);
    }
  }

  void checkPlane(const Tensor &tensor, size_t i) {
    const int rank = static_cast<int>(tensor.shape.size());
    const auto [row, col] = tensor.plane;
    if (rank == 0)
      return fail(at("tensors", i, "shape"), "no dimensions");
    if (row >= rank || col >= rank || row == col)
      return fail(at("tensors", i, "plane"),
                  "[" + std::to_string(row) + ", " + std::to_string(col) +
                      "] does not name two dimensions of a shape of rank " +
                      std::to_string(rank));
    // Refused here, before anything is made of that size.
    const uint64_t memory = chip->dram.banks * chip->dram.bytesPerBank;
    uint64_t pages = 1;
    for (int dim = 0; dim < rank; ++dim) {
      const bool tiled = dim == row || dim == col;
      const uint64_t extent =
          tiled ? (uint64_t(tensor.shape[dim]) + 31) / 32 : tensor.shape[dim];
      if (extent > memory / 1024 / pages)
        return fail(at("tensors", i, "shape"),
                    "the tensor is larger than the memory of " + plan.chip);
      pages *= extent;
    }
    if (tensor.tile != std::array<uint32_t, 2>{32, 32})
      fail(at("tensors", i, "tile"),
           pairText(tensor.tile[0], tensor.tile[1]) + " is not [32, 32]");
    const DataFormat format =
        tensor.isHeldAsInt32() ? DataFormat::Int32 : dtypeFormat(tensor.dtype);
    if (tensor.format != format)
      fail(at("tensors", i, "data_format"),
           quoted(formatName(tensor.format)) + " is not the format of " +
               tensor.dtype + ", which is " + std::string(formatName(format)));
    expect(at("tensors", i, "page_bytes"), tensor.pageBytes, tileBytes(format),
           "the bytes of a " + std::string(formatName(format)) + " tile");
    const host::PlaneView view = tensor.view();
    const std::string why = "as the shape and the plane say";
    expect(at("tensors", i, "outer"), tensor.outer, view.outer, why);
    expect(at("tensors", i, "tile_rows"), tensor.tileRows, view.tileRows(),
           why);
    expect(at("tensors", i, "tile_cols"), tensor.tileCols, view.tileCols(),
           why);
    expect(at("tensors", i, "pages"), tensor.pages, view.pages(),
           "outer * tile_rows * tile_cols");
    if (tensor.shard)
      checkShard(tensor, *tensor.shard, at("tensors", i, "shard."));
  }

  /// Shards cover the tensor, consist of whole tiles, and go to cores or banks
  /// that are there.
  void checkShard(const Tensor &tensor, const Shard &shard,
                  const std::string &path) {
    const size_t rank = tensor.shape.size();
    if (shard.grid.size() != shard.axes.size() ||
        shard.shape.size() != shard.axes.size())
      return fail(path + "grid", "grid and shape have one number for each of "
                                 "the " +
                                     std::to_string(shard.axes.size()) +
                                     " axes");
    std::vector<uint32_t> whole(tensor.shape), part(tensor.shape);
    std::set<uint32_t> seen;
    for (size_t a = 0; a < shard.axes.size(); ++a) {
      const uint32_t axis = shard.axes[a];
      if (axis >= rank || !seen.insert(axis).second)
        return fail(path + "axes", std::to_string(axis) +
                                       " is no dimension of its own of a shape "
                                       "of rank " +
                                       std::to_string(rank));
      part[axis] = shard.shape[a];
      const uint64_t needed =
          (uint64_t(tensor.shape[axis]) + shard.shape[a] - 1) / shard.shape[a];
      expect(path + "grid[" + std::to_string(a) + "]", shard.grid[a], needed,
             "shards of " + std::to_string(shard.shape[a]) +
                 " elements that cover " + std::to_string(tensor.shape[axis]));
    }
    const auto toPages = [&](const std::vector<uint32_t> &extents) {
      std::vector<uint32_t> pages;
      for (size_t dim = 0; dim < rank; ++dim)
        if (int(dim) != tensor.plane[0] && int(dim) != tensor.plane[1])
          pages.push_back(extents[dim]);
      for (const int dim : tensor.plane)
        pages.push_back(dim < 0 ? 1 : (extents[dim] + 31) / 32);
      return pages;
    };
    if (shard.tensorPages != toPages(whole))
      fail(path + "tensor_pages", "not the tensor's shape in pages");
    if (shard.shardPages != toPages(part))
      fail(path + "shard_pages", "not the shape of a shard in pages");
    const auto [rows, columns] = shard.cores;
    if (tensor.memory == "l1"
            ? rows > plan.coreGrid[1] || columns > plan.coreGrid[0]
            : uint64_t(rows) * columns > chip->dram.banks)
      fail(path + "cores",
           pairText(rows, columns) + " is more than the chip has");
  }

  void checkWork() {
    const Work &work = plan.work;
    uint64_t items = 1;
    for (const uint32_t size : work.launchGrid)
      items *= size;
    if (work.launchGrid.empty() || work.launchGrid.size() > 3)
      fail("work.launch_grid", std::to_string(work.launchGrid.size()) +
                                   " dimensions are not one to three");
    else
      expect("work.items", work.items, items,
             "the product of work.launch_grid");

    std::set<CoreCoord> seen;
    struct Interval {
      uint64_t start, end;
      size_t index;
    };
    std::vector<Interval> intervals;
    for (size_t i = 0; i < work.perCore.size(); ++i) {
      const CoreWork &each = work.perCore[i];
      const std::string core = pairText(each.core.x, each.core.y);
      if (!cores.contains(each.core))
        fail(at("work.per_core", i, "core"),
             core + " is in none of core_ranges");
      if (!seen.insert(each.core).second)
        fail(at("work.per_core", i, "core"), core + " has an earlier entry");
      const uint64_t end = uint64_t(each.start) + each.count;
      if (end > work.items)
        fail(at("work.per_core", i), "items " + std::to_string(each.start) +
                                         " to " + std::to_string(end - 1) +
                                         " are beyond the " +
                                         std::to_string(work.items) + " items");
      else if (each.count != 0)
        intervals.push_back({each.start, end, i});
      if (work.order == "listed")
        checkBlocks(each, i);
      if (work.mode == "local_shard" && each.count)
        checkShardOf(each, i);
    }
    for (const CoreCoord &core : cores)
      if (!seen.contains(core))
        fail("work.per_core", "core " + pairText(core.x, core.y) +
                                  " of core_ranges has no entry");
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval &a, const Interval &b) {
                return std::pair(a.start, a.index) <
                       std::pair(b.start, b.index);
              });
    uint64_t covered = 0;
    for (const Interval &each : intervals) {
      if (each.start < covered)
        fail(at("work.per_core", each.index),
             "item " + std::to_string(each.start) + " is given to two cores");
      else if (each.start > covered)
        fail("work.per_core",
             "item " + std::to_string(covered) + " is given to no core");
      covered = std::max(covered, each.end);
    }
    if (covered < work.items)
      fail("work.per_core",
           "item " + std::to_string(covered) + " is given to no core");
  }

  /// The first shard of a core is one of the tensor's, and no other core's.
  void checkShardOf(const CoreWork &core, size_t i) {
    if (core.shard >= plan.work.shards)
      fail(at("work.per_core", i, "shard"),
           std::to_string(core.shard) + " is not below the " +
               std::to_string(plan.work.shards) + " shards of work.shard_grid");
    else if (!shards.insert(core.shard).second)
      fail(at("work.per_core", i, "shard"),
           std::to_string(core.shard) + " is that of an earlier core");
  }

  /// A core's list has one block an item, and no block stands in two lists.
  void checkBlocks(const CoreWork &core, size_t i) {
    if (core.blocks.size() != core.count)
      fail(at("work.per_core", i, "blocks"),
           std::to_string(core.blocks.size()) + " blocks are not the count, " +
               std::to_string(core.count));
    for (const uint32_t block : core.blocks)
      if (block >= plan.work.items)
        fail(at("work.per_core", i, "blocks"),
             std::to_string(block) + " is not below the " +
                 std::to_string(plan.work.items) + " items");
      else if (!blocks.insert(block).second)
        fail(at("work.per_core", i, "blocks"),
             "block " + std::to_string(block) + " is given to two cores");
  }

  void checkCircularBuffers() {
    const uint32_t end = chip->l1Base + chip->l1Free();
    const std::string chipName(chip->name);
    expect("l1.base", plan.l1.base, chip->l1Base,
           "the first free byte of " + chipName);
    expect("l1.capacity", plan.l1.capacity, chip->l1Free(),
           "the free bytes of " + chipName);
    if (plan.l1.used > plan.l1.capacity)
      fail("l1.used", std::to_string(plan.l1.used) + " is more than the " +
                          std::to_string(plan.l1.capacity) +
                          " bytes of l1.capacity");

    std::set<uint32_t> indices;
    std::set<std::string> names;
    for (size_t i = 0; i < plan.circularBuffers.size(); ++i) {
      const CircularBuffer &cb = plan.circularBuffers[i];
      const auto path = [&](const char *field) {
        return at("circular_buffers", i, field);
      };
      if (cb.name.empty())
        fail(path("name"), "no name");
      if (!names.insert(cb.name).second)
        fail(path("name"),
             quoted(cb.name) + " is the name of an earlier circular buffer");
      if (cb.index >= chip->circularBuffers)
        fail(path("index"), std::to_string(cb.index) + " is not below " +
                                std::to_string(chip->circularBuffers) +
                                ", the circular buffers of " + chipName);
      if (!indices.insert(cb.index).second)
        fail(path("index"), std::to_string(cb.index) +
                                " is the index of an earlier circular buffer");
      if (cb.pageBytes % 16 != 0)
        fail(path("page_bytes"),
             std::to_string(cb.pageBytes) + " is not a multiple of 16");
      expect(path("bytes"), cb.bytes, uint64_t(cb.pages) * cb.pageBytes,
             "pages * page_bytes");
      if (cb.address % 16 != 0)
        fail(path("l1_address"),
             std::to_string(cb.address) + " is not a multiple of 16");
      if (cb.address < chip->l1Base || uint64_t(cb.address) + cb.bytes > end)
        fail(path("l1_address"),
             std::to_string(cb.address) + " and " + std::to_string(cb.bytes) +
                 " bytes are not within the free L1 of " + chipName + ", " +
                 std::to_string(chip->l1Base) + " to " + std::to_string(end));
      for (size_t j = 0; j < i; ++j)
        checkOverlap(plan.circularBuffers[j], cb, path("l1_address"));
      if (!hasKernel(cb.producer))
        fail(path("producer"),
             quoted(cb.producer) + " is the role of no kernel");
      if (!hasKernel(cb.consumer))
        fail(path("consumer"),
             quoted(cb.consumer) + " is the role of no kernel");
      if (cb.unpackToDestFp32 && cb.format != DataFormat::Float32)
        fail(path("unpack_to_dest_fp32"),
             "a circular buffer of " + std::string(formatName(cb.format)) +
                 " has no fp32 tiles");
      if (cb.scratch && cb.producer != cb.consumer)
        fail(path("scratch"), "scratch memory belongs to one kernel, but " +
                                  quoted(cb.producer) + " fills it and " +
                                  quoted(cb.consumer) + " empties it");
    }
  }

  /// Circular buffers share memory wholly (one allocation) or not at all.
  void checkOverlap(const CircularBuffer &first, const CircularBuffer &second,
                    const std::string &path) {
    if (first.address == second.address && first.bytes == second.bytes)
      return;
    if (first.address < uint64_t(second.address) + second.bytes &&
        second.address < uint64_t(first.address) + first.bytes)
      fail(path, std::to_string(second.address) + " and " +
                     std::to_string(second.bytes) + " bytes overlap " +
                     first.name + " at " + std::to_string(first.address));
  }

  void checkSemaphores() {
    std::set<uint32_t> ids;
    for (size_t i = 0; i < plan.semaphores.size(); ++i) {
      const uint32_t id = plan.semaphores[i].id;
      if (id >= chip->semaphores)
        fail(at("semaphores", i, "id"), std::to_string(id) + " is not below " +
                                            std::to_string(chip->semaphores));
      if (!ids.insert(id).second)
        fail(at("semaphores", i, "id"),
             std::to_string(id) + " is the id of an earlier semaphore");
      // Ids are given in order, so that a host program gets the same ones.
      else if (id != i && id < chip->semaphores)
        fail(at("semaphores", i, "id"), std::to_string(id) + " is not " +
                                            std::to_string(i) +
                                            ", the next id");
    }
  }

  void checkKernels() {
    std::set<std::string> roles;
    std::set<Processor> processors;
    if (plan.kernels.empty())
      fail("kernels", "no kernels");
    for (size_t i = 0; i < plan.kernels.size(); ++i) {
      const Kernel &kernel = plan.kernels[i];
      if (!roles.insert(kernel.role).second)
        fail(at("kernels", i, "role"),
             quoted(kernel.role) + " is the role of an earlier kernel");
      else if (!processors.insert(kernel.processor).second)
        fail(at("kernels", i, "processor"),
             "an earlier kernel is on the same processor");
      checkFile(at("kernels", i), kernel.file, kernel.sha256, errors);
      checkArguments(kernel.compileTimeArgs,
                     at("kernels", i, "compile_time_args"));
      checkArguments(kernel.runtimeArgs, at("kernels", i, "runtime_args"));
      for (size_t j = 0; j < kernel.commonArgs.size(); ++j)
        if (kernel.commonArgs[j].kind != Argument::Kind::Value)
          fail(at("kernels", i, "common_runtime_args"),
               quoted(kernel.commonArgs[j].name) +
                   " is neither a size nor a value");
      const size_t words = argumentWords(kernel);
      if (words > chip->runtimeArgWords)
        fail(at("kernels", i, "runtime_args"),
             std::to_string(words) + " arguments are more than " +
                 std::to_string(chip->runtimeArgWords));
      const bool isListed = plan.work.order == "listed";
      for (size_t j = 0; j < kernel.runtimeArgs.size(); ++j)
        if (const auto kind = kernel.runtimeArgs[j].kind;
            !isListed && (kind == Argument::Kind::WorkItems ||
                          kind == Argument::Kind::WorkTable))
          fail(at("kernels", i, "runtime_args") + "[" + std::to_string(j) +
                   "].kind",
               "work.order is " + quoted(plan.work.order) +
                   ", which has no lists");
    }
  }

  /// Words of the arguments of the core that has most.
  size_t argumentWords(const Kernel &kernel) const {
    size_t longest = 0, words = 0;
    for (const CoreWork &work : plan.work.perCore)
      longest = std::max(longest, work.blocks.size());
    for (const Argument &arg : kernel.runtimeArgs)
      words += arg.kind == Argument::Kind::WorkItems ? longest : 1;
    return words;
  }

  void checkArguments(const std::vector<Argument> &args,
                      const std::string &path) {
    std::set<std::string> names;
    for (size_t i = 0; i < args.size(); ++i) {
      const Argument &arg = args[i];
      if (!arg.name.empty() && !names.insert(arg.name).second)
        fail(at(path.c_str(), i, "name"),
             quoted(arg.name) + " is the name of an earlier argument");
      const bool refers = arg.kind == Argument::Kind::Accessor ||
                          arg.kind == Argument::Kind::TensorAddress;
      if (refers && !plan.findTensor(arg.tensor))
        fail(at(path.c_str(), i, "tensor"),
             quoted(arg.tensor) + " is the name of no tensor");
    }
  }

  bool hasKernel(std::string_view role) const {
    return std::any_of(plan.kernels.begin(), plan.kernels.end(),
                       [&](const Kernel &each) { return each.role == role; });
  }

  const Plan &plan;
  Errors &errors;
  const arch::Chip *chip = nullptr;
  std::set<CoreCoord> cores;
  std::set<uint32_t> blocks;
  std::set<uint32_t> shards;
};

} // namespace

uint32_t dtypeBytes(std::string_view dtype) {
  for (const DtypeEntry &entry : kDtypes)
    if (entry.name == dtype)
      return entry.bytes;
  return 0;
}

DataFormat dtypeFormat(std::string_view dtype) {
  for (const DtypeEntry &entry : kDtypes)
    if (entry.name == dtype)
      return entry.format;
  return DataFormat::Invalid;
}

void checkFile(const std::string &path, const std::string &file,
               const std::string &sha256, Errors &errors) {
  if (file.empty() || file.find('/') != std::string::npos)
    errors.push_back(path + ".file: " + quoted(file) +
                     " is not the name of a file");
  if (sha256.size() != 64 ||
      sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
    errors.push_back(path + ".sha256: " + quoted(sha256) +
                     " is not 64 lower-case hexadecimal digits");
}

void checkProgram(const Plan &plan, Errors &errors) {
  Checker(plan, errors).run();
}

void checkSources(const Plan &plan,
                  const std::map<std::string, std::string> &sources,
                  Errors &errors) {
  for (size_t i = 0; i < plan.launches.size(); ++i) {
    Errors found;
    checkSources(plan.launches[i], sources, found);
    for (const std::string &error : found)
      errors.push_back("launches[" + std::to_string(i) + "]." + error);
  }
  for (size_t i = 0; i < plan.kernels.size(); ++i) {
    const Kernel &kernel = plan.kernels[i];
    const std::string path = "kernels[" + std::to_string(i) + "].";
    const auto found = sources.find(kernel.file);
    if (found == sources.end()) {
      errors.push_back(path + "file: " + quoted(kernel.file) + " is not there");
      continue;
    }
    const std::string sum = sha256(found->second);
    if (sum != kernel.sha256)
      errors.push_back(path + "sha256: " + kernel.file +
                       " has been changed: its checksum is " + sum + ", not " +
                       kernel.sha256);
  }
}

} // namespace tilewright::sim::plan
