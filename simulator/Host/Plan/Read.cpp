//===- Read.cpp - From JSON text to a Plan
//---------------------------------===//
//
// What the schema says: fields that must be there, their types and the words
// they may be. Every error names the field by its path ("kernels[1].noc") and
// the value found. Reading goes on after an error, so that one look shows all.
//
//===----------------------------------------------------------------------===//

#include "Plan/Interface.h"
#include "Plan/Plan.h"
#include "Plan/Sizes.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <set>

namespace tilewright::sim::plan {
namespace {

using Json = nlohmann::json;

std::string shown(const Json &value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 60)
    text = text.substr(0, 57) + "...";
  return text;
}

/// A value of the document, its path, and where errors go.
class Node {
  static const Json &nothing() {
    static const Json value;
    return value;
  }

public:
  Node(const Json &value, std::string path, Errors &errors)
      : value(&value), path(std::move(path)), errors(&errors) {}

  void fail(const std::string &text) const {
    errors->push_back((path.empty() ? "the plan" : path) + ": " + text);
  }

  bool has(const std::string &key) const {
    return value->is_object() && value->contains(key);
  }

  /// A member that must be there; otherwise an error and a null value.
  Node operator[](const std::string &key) const {
    const std::string inner = path.empty() ? key : path + "." + key;
    if (has(key))
      return Node((*value)[key], inner, *errors);
    if (value->is_object())
      errors->push_back(inner + ": missing");
    else if (!isMissing())
      fail(shown(*value) + " is not an object");
    return Node(nothing(), inner, *errors);
  }

  /// A field that is not there, which was said where it was looked for; a field
  /// that is null is there.
  bool isMissing() const { return value == &nothing(); }

  std::vector<Node> list() const {
    std::vector<Node> nodes;
    if (value->is_array())
      for (size_t i = 0; i < value->size(); ++i)
        nodes.emplace_back((*value)[i], path + "[" + std::to_string(i) + "]",
                           *errors);
    else if (!isMissing())
      fail(shown(*value) + " is not a list");
    return nodes;
  }

  std::string string() const {
    if (value->is_string())
      return value->get<std::string>();
    if (!isMissing())
      fail(shown(*value) + " is not a text");
    return "";
  }

  /// A text that must be one of `words`.
  std::string word(std::initializer_list<std::string_view> words) const {
    const size_t before = errors->size();
    const std::string text = string();
    if (isMissing() || errors->size() != before ||
        std::find(words.begin(), words.end(), text) != words.end())
      return text;
    std::string known;
    for (const std::string_view each : words)
      known += (known.empty() ? "" : ", ") + std::string(each);
    fail(shown(*value) + " is not one of " + known);
    return text;
  }

  int64_t integer(int64_t low, int64_t high) const {
    if (value->is_number_integer()) {
      const bool huge = value->is_number_unsigned() &&
                        value->get<uint64_t>() >
                            uint64_t(std::numeric_limits<int64_t>::max());
      if (!huge && value->get<int64_t>() >= low &&
          value->get<int64_t>() <= high)
        return value->get<int64_t>();
    }
    if (!isMissing())
      fail(shown(*value) + " is not a whole number from " +
           std::to_string(low) + " to " + std::to_string(high));
    return low;
  }

  uint32_t u32(uint32_t low = 0) const {
    return static_cast<uint32_t>(
        integer(low, std::numeric_limits<uint32_t>::max()));
  }

  bool boolean() const {
    if (value->is_boolean())
      return value->get<bool>();
    if (!isMissing())
      fail(shown(*value) + " is not true or false");
    return false;
  }

  /// Two whole numbers.
  std::array<int64_t, 2> pair(int64_t low) const {
    const std::vector<Node> nodes = list();
    if (nodes.size() == 2)
      return {nodes[0].integer(low, 0xffff), nodes[1].integer(low, 0xffff)};
    if (value->is_array())
      fail(shown(*value) + " is not a list of two");
    return {low, low};
  }

  CoreCoord core() const {
    const auto [x, y] = pair(0);
    return {static_cast<uint32_t>(x), static_cast<uint32_t>(y)};
  }

  DataFormat format() const {
    const size_t before = errors->size();
    const std::string name = string();
    const std::optional<DataFormat> found = parseFormat(name);
    if (!found && !isMissing() && errors->size() == before)
      fail(shown(*value) + " is not a data format");
    return found.value_or(DataFormat::Invalid);
  }

  std::map<std::string, std::string> texts() const {
    std::map<std::string, std::string> result;
    if (value->is_object())
      for (const auto &[key, each] : value->items())
        result[key] = Node(each, path + "." + key, *errors).string();
    else if (!isMissing())
      fail(shown(*value) + " is not an object");
    return result;
  }

private:
  const Json *value;
  std::string path;
  Errors *errors;
};

std::vector<uint32_t> readExtents(const Node &node, uint32_t low = 1) {
  std::vector<uint32_t> extents;
  for (const Node &each : node.list())
    extents.push_back(each.u32(low));
  return extents;
}

/// Fields that no host needs, where they are there.
void readTexts(const Node &node, std::initializer_list<const char *> fields) {
  for (const char *field : fields)
    if (node.has(field))
      node[field].string();
}

void readDstSection(const Node &node) {
  readTexts(node, {"source"});
  for (const char *field : {"block", "subblock"})
    node[field].pair(1);
  for (const char *field : {"tiles", "capacity"})
    node[field].u32(1);
  node["rule"].word({"rows", "operands", "block", "sums", "reduced"});
}

/// Every number of an estimate counts something.
void readEstimate(const Node &node) {
  readTexts(node, {"bound"});
  node["cycles"].integer(0, std::numeric_limits<int64_t>::max());
  for (const char *field : {"compute_cycles", "dram_cycles", "noc_cycles",
                            "dram_read_bytes", "dram_write_bytes"})
    if (node.has(field))
      node[field].integer(0, std::numeric_limits<int64_t>::max());
}

Shard readShard(const Node &node) {
  Shard shard;
  shard.kind = node["kind"].word(
      {"height_sharded", "width_sharded", "block_sharded", "nd_sharded"});
  shard.axes = readExtents(node["axes"], 0);
  shard.grid = readExtents(node["grid"]);
  shard.shape = readExtents(node["shape"]);
  const auto cores = node["cores"].pair(1);
  shard.cores = {static_cast<uint32_t>(cores[0]),
                 static_cast<uint32_t>(cores[1])};
  shard.tensorPages = readExtents(node["tensor_pages"]);
  shard.shardPages = readExtents(node["shard_pages"]);
  return shard;
}

/// What a tensor of several launches has: its elements, not its place.
Tensor readShared(const Node &node,
                  std::initializer_list<std::string_view> roles) {
  Tensor tensor;
  tensor.name = node["name"].string();
  for (const Node &dim : node["shape"].list())
    tensor.shape.push_back(dim.u32(1));
  tensor.dtype = node["dtype"].word(
      {"bfloat16", "float16", "float32", "int32", "uint32", "uint16", "int8",
       "uint8", "int16", "bool", "float8_e4m3fn", "float8_e5m2"});
  tensor.role = node["role"].word(roles);
  return tensor;
}

Tensor readTensor(const Node &node) {
  Tensor tensor = readShared(node, {"input", "output", "inout"});
  readTexts(node, {"source"});
  tensor.memory = node["memory"].word({"dram", "l1"});
  tensor.layout = node["layout"].word({"interleaved", "sharded"});
  if (tensor.layout == "sharded")
    tensor.shard = readShard(node["shard"]);
  else if (node.has("shard"))
    node["shard"].fail("an interleaved tensor has no shards");
  const auto plane = node["plane"].pair(-1);
  tensor.plane = {static_cast<int>(plane[0]), static_cast<int>(plane[1])};
  const auto tile = node["tile"].pair(1);
  tensor.tile = {static_cast<uint32_t>(tile[0]),
                 static_cast<uint32_t>(tile[1])};
  tensor.format = node["data_format"].format();
  tensor.pageBytes = node["page_bytes"].u32(1);
  tensor.outer = node["outer"].u32(1);
  tensor.tileRows = node["tile_rows"].u32(1);
  tensor.tileCols = node["tile_cols"].u32(1);
  tensor.pages = node["pages"].u32(1);
  return tensor;
}

Work readWork(const Node &node) {
  Work work;
  work.mode = node["mode"].word({"global", "local_shard"});
  for (const Node &size : node["launch_grid"].list())
    work.launchGrid.push_back(size.u32(1));
  work.items = node["items"].u32(1);
  work.order = node["order"].word({"row_major", "column_major", "block_linear",
                                   "match_shard", "z_order", "listed"});
  if (node.has("order_sizes"))
    work.orderSizes = readExtents(node["order_sizes"]);
  const bool isLocal = work.mode == "local_shard";
  if (isLocal || node.has("shard_grid"))
    for (const uint32_t extent : readExtents(node["shard_grid"]))
      work.shards *= extent;
  if (isLocal || node.has("shard_tiles"))
    node["shard_tiles"].pair(1);
  for (const Node &each : node["per_core"].list()) {
    CoreWork core{
        each["core"].core(), each["start"].u32(), each["count"].u32(), {}, {}};
    if (isLocal && core.count)
      core.shard = each["shard"].u32();
    if (work.order == "listed")
      core.blocks = readExtents(each["blocks"], 0);
    work.perCore.push_back(std::move(core));
  }
  return work;
}

CircularBuffer readCircularBuffer(const Node &node) {
  CircularBuffer cb;
  readTexts(node, {"source", "buffer"});
  cb.name = node["name"].string();
  cb.index = node["index"].u32();
  cb.format = node["data_format"].format();
  cb.pageBytes = node["page_bytes"].u32(1);
  cb.pages = node["pages"].u32(1);
  cb.bytes = node["bytes"].u32(1);
  cb.address = node["l1_address"].u32();
  cb.producer = node["producer"].word({"reader", "compute", "writer"});
  cb.consumer = node["consumer"].word({"reader", "compute", "writer"});
  if (node.has("unpack_to_dest_fp32"))
    cb.unpackToDestFp32 = node["unpack_to_dest_fp32"].boolean();
  if (node.has("scratch"))
    cb.scratch = node["scratch"].boolean();
  return cb;
}

Argument readCompileTimeArg(const Node &node) {
  Argument arg;
  const std::string kind = node["kind"].word({"accessor", "value"});
  if (kind == "accessor") {
    arg.kind = Argument::Kind::Accessor;
    arg.tensor = node["tensor"].string();
  } else if (kind == "value") {
    arg.value = node["value"].u32();
  }
  return arg;
}

Argument readRuntimeArg(const Node &node) {
  Argument arg;
  arg.name = node["name"].string();
  arg.type = node["type"].word({"uint32", "int32", "float32"});
  const std::string kind =
      node["kind"].word({"tensor_address", "work_start", "work_count",
                         "work_items", "work_table", "scalar", "value"});
  if (kind == "tensor_address") {
    arg.kind = Argument::Kind::TensorAddress;
    arg.tensor = node["tensor"].string();
  } else if (kind == "work_start") {
    arg.kind = Argument::Kind::WorkStart;
  } else if (kind == "work_count") {
    arg.kind = Argument::Kind::WorkCount;
  } else if (kind == "work_items") {
    arg.kind = Argument::Kind::WorkItems;
  } else if (kind == "work_table") {
    arg.kind = Argument::Kind::WorkTable;
  } else if (kind == "scalar") {
    arg.kind = Argument::Kind::Scalar;
  } else if (kind == "value") {
    arg.value = node["value"].u32();
  }
  return arg;
}

ComputeConfig readComputeConfig(const Node &node) {
  ComputeConfig config;
  const std::string fidelity =
      node["math_fidelity"].word({"LoFi", "HiFi2", "HiFi3", "HiFi4"});
  config.fidelity = fidelity == "LoFi"    ? MathFidelity::LoFi
                    : fidelity == "HiFi2" ? MathFidelity::HiFi2
                    : fidelity == "HiFi3" ? MathFidelity::HiFi3
                                          : MathFidelity::HiFi4;
  config.fp32DestAcc = node["fp32_dest_acc_en"].boolean();
  config.dstFullSync = node["dst_full_sync_en"].boolean();
  config.mathApprox = node["math_approx_mode"].boolean();
  return config;
}

Kernel readKernel(const Node &node) {
  Kernel kernel;
  kernel.role = node["role"].word({"reader", "compute", "writer"});
  kernel.file = node["file"].string();
  kernel.sha256 = node["sha256"].string();
  if (kernel.role == "compute") {
    kernel.processor = Processor::Compute;
    kernel.compute = readComputeConfig(node["config"]);
  } else {
    kernel.processor =
        node["processor"].word({"RISCV_0", "RISCV_1"}) == "RISCV_1"
            ? Processor::Ncrisc
            : Processor::Brisc;
    kernel.noc = static_cast<uint8_t>(node["noc"].integer(0, 1));
  }
  if (node.has("defines"))
    kernel.defines = node["defines"].texts();
  for (const Node &arg : node["compile_time_args"].list())
    kernel.compileTimeArgs.push_back(readCompileTimeArg(arg));
  for (const Node &arg : node["runtime_args"].list())
    kernel.runtimeArgs.push_back(readRuntimeArg(arg));
  if (node.has("common_runtime_args"))
    for (const Node &arg : node["common_runtime_args"].list())
      kernel.commonArgs.push_back(readRuntimeArg(arg));
  return kernel;
}

/// The part of a plan that each launch has.
void readLaunch(const Node &root, Plan &plan) {
  for (const Node &tensor : root["tensors"].list())
    plan.tensors.push_back(readTensor(tensor));
  const CoreCoord grid = root["core_grid"].core();
  plan.coreGrid = {grid.x, grid.y};
  for (const Node &range : root["core_ranges"].list())
    plan.coreRanges.push_back({range["start"].core(), range["end"].core()});
  plan.work = readWork(root["work"]);
  for (const Node &cb : root["circular_buffers"].list())
    plan.circularBuffers.push_back(readCircularBuffer(cb));
  const Node l1 = root["l1"];
  plan.l1 = {l1["capacity"].u32(), l1["used"].u32(), l1["base"].u32()};
  if (root.has("semaphores"))
    for (const Node &semaphore : root["semaphores"].list())
      plan.semaphores.push_back(
          {semaphore["id"].u32(), semaphore["initial"].u32()});
  for (const Node &kernel : root["kernels"].list())
    plan.kernels.push_back(readKernel(kernel));
  if (root.has("dst_sections"))
    for (const Node &section : root["dst_sections"].list())
      readDstSection(section);
  if (root.has("estimate"))
    readEstimate(root["estimate"]);
}

Plan readAll(const Node &root) {
  Plan plan;
  plan.name = root["name"].string();
  plan.chip = root["chip"]["name"].string();
  plan.arch = root["chip"]["arch"].string();
  readTexts(root, {"generator"});
  if (root.has("metalium_api"))
    root["metalium_api"].word({"2026-03", "2026-08"});
  if (root.has("interface_sha256"))
    plan.statedInterface = root["interface_sha256"].string();
  if (root.has("host_files"))
    for (const Node &file : root["host_files"].list())
      plan.hostFiles.push_back(
          {file["file"].string(), file["sha256"].string()});
  if (!root.has("launches")) {
    readLaunch(root, plan);
    return plan;
  }
  for (const Node &tensor : root["tensors"].list())
    plan.tensors.push_back(
        readShared(tensor, {"input", "output", "inout", "workspace"}));
  for (const Node &node : root["launches"].list()) {
    Plan launch;
    launch.name = node["name"].string();
    launch.chip = plan.chip;
    launch.arch = plan.arch;
    readLaunch(node, launch);
    plan.launches.push_back(std::move(launch));
  }
  if (plan.launches.empty())
    root["launches"].fail("no launches");
  return plan;
}

/// Plans nest about ten deep; expressions over sizes a few more.
constexpr int MaxDepth = 100;
struct TooDeep {};

/// Parses and notes keys that stand twice in one object.
Json parse(std::string_view text, Errors &errors) {
  std::vector<std::set<std::string>> open;
  const auto watch = [&](int depth, Json::parse_event_t event, Json &parsed) {
    // Values inside values are read, compared and shown by recursion.
    if (depth > MaxDepth)
      throw TooDeep();
    if (event == Json::parse_event_t::object_start)
      open.emplace_back();
    else if (event == Json::parse_event_t::object_end)
      open.pop_back();
    else if (event == Json::parse_event_t::key &&
             !open.back().insert(parsed.get<std::string>()).second)
      errors.push_back("the plan: the key " + shown(parsed) +
                       " stands twice in one object");
    return true;
  };
  try {
    return Json::parse(text, watch);
  } catch (const Json::parse_error &error) {
    const size_t at = std::min<size_t>(error.byte, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + at, '\n');
    errors.push_back(
        "the plan: line " + std::to_string(line) + " is not JSON" +
        (error.byte > text.size() ? " (the text ends too early)" : ""));
    return Json();
  } catch (const TooDeep &) {
    errors.push_back("the plan: values stand more than " +
                     std::to_string(MaxDepth) + " deep in one another");
    return Json();
  }
}

} // namespace

std::optional<Plan> readPlan(std::string_view text, Errors &errors,
                             const Sizes *sizes) {
  const size_t before = errors.size();
  Json json = parse(text, errors);
  if (errors.size() != before)
    return std::nullopt;
  const Node root(json, "", errors);
  if (!json.is_object()) {
    root.fail(shown(json) + " is not an object");
    return std::nullopt;
  }
  const Node version = root["schema_version"];
  const uint32_t number = version.u32(1);
  // The fields of another version may mean something else.
  if (errors.size() == before && number > SchemaVersion)
    version.fail(std::to_string(number) + " is newer than " +
                 std::to_string(SchemaVersion) +
                 ", the newest that this version reads");
  if (errors.size() == before && (number == 2) != json.contains("launches"))
    version.fail(std::to_string(number) + " is not the version of a plan " +
                 (number == 2 ? "without" : "with") + " launches, which is " +
                 (number == 2 ? "1" : "2"));
  if (errors.size() != before)
    return std::nullopt;
  const std::string interface = interfaceChecksum(json);
  resolveSizes(json, sizes, errors);
  if (errors.size() != before)
    return std::nullopt;
  Plan plan = readAll(root);
  plan.interface = interface;
  if (errors.size() != before)
    return std::nullopt;
  return plan;
}

} // namespace tilewright::sim::plan
