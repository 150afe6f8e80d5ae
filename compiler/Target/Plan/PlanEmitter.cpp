//===- PlanEmitter.cpp - tt.plan.json -------------------------------------===//
//
// llvm::json's stream keeps keys in the order they are written. One function
// for each part of the plan, in the schema's order.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Plan/PlanEmitter.h"

#include "compiler/Support/Version.h"
#include "compiler/Target/Plan/Estimate.h"
#include "compiler/Target/SizeText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using llvm::json::OStream;

namespace tilewright {

/// `schema_version` of the plan of one program, and of several: readers that
/// know the first only refuse the second.
static constexpr int kSingleVersion = 1, kLaunchesVersion = 2;

static std::string sha256(llvm::StringRef content) {
  return llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(content)),
                     true);
}

/// Fields that hosts may change, those for readers only, and the checksums of
/// files, which are compared with these: no text of a kernel relies on them.
static constexpr llvm::StringLiteral kFreeFields[] = {
    "core_grid", "core_ranges",  "per_core",         "generator",
    "source",    "host_files",   "dst_sections",     "estimate",
    "spilled",   "metalium_api", "interface_sha256", "sha256"};

static void dropFreeFields(llvm::json::Value &value) {
  if (auto *object = value.getAsObject()) {
    for (llvm::StringRef field : kFreeFields)
      object->erase(field);
    for (auto &[key, each] : *object)
      dropFreeFields(each);
  } else if (auto *array = value.getAsArray()) {
    for (llvm::json::Value &each : *array)
      dropFreeFields(each);
  }
}

/// Checksum of what the text of the kernels relies on: the plan without its
/// free fields, keys sorted, without white space. The reader computes the same.
static std::string interfaceChecksum(llvm::StringRef plan) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(plan);
  if (!value)
    llvm::report_fatal_error(value.takeError());
  dropFreeFields(*value);
  return sha256(llvm::formatv("{0}", *value).str());
}

/// Writes the plan twice, since its checksum stands in it.
static void
writeWithChecksum(llvm::raw_ostream &os,
                  llvm::function_ref<void(OStream &, llvm::StringRef)> write) {
  std::string bare;
  {
    llvm::raw_string_ostream text(bare);
    OStream json(text);
    write(json, "");
  }
  OStream json(os, /*IndentSize=*/2);
  write(json, interfaceChecksum(bare));
  json.flush();
  os << '\n';
}

/// "[8, 8]" on one line.
static std::string inlineArray(ArrayRef<int64_t> numbers) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(numbers, os);
  os << ']';
  return text;
}

static void writeNumbers(OStream &json, llvm::StringRef key,
                         ArrayRef<int64_t> numbers) {
  json.attributeBegin(key);
  json.rawValue(inlineArray(numbers));
  json.attributeEnd();
}

/// A number or an expression over the sizes of the program.
static void writeSize(OStream &json, llvm::StringRef key, AffineExpr expr,
                      const ProgramView &program) {
  json.attributeBegin(key);
  json.rawValue(sizeAsJson(expr, program.sizeNames()));
  json.attributeEnd();
}

static void writeSizes(OStream &json, llvm::StringRef key,
                       ArrayRef<AffineExpr> exprs, const ProgramView &program) {
  std::vector<std::string> names = program.sizeNames(), texts;
  for (AffineExpr expr : exprs)
    texts.push_back(sizeAsJson(expr, names));
  json.attributeBegin(key);
  json.rawValue("[" + llvm::join(texts, ", ") + "]");
  json.attributeEnd();
}

/// An object on one line; values are JSON already.
using InlineFields = ArrayRef<std::pair<llvm::StringRef, std::string>>;
static void writeInline(OStream &json, InlineFields fields) {
  json.rawValue([&](llvm::raw_ostream &os) {
    os << '{';
    llvm::interleaveComma(fields, os, [&](const auto &field) {
      os << '"' << field.first << "\": " << field.second;
    });
    os << '}';
  });
}

/// A string as JSON.
static std::string quote(llvm::StringRef text) {
  std::string quoted;
  llvm::raw_string_ostream os(quoted);
  os << llvm::json::Value(text);
  return quoted;
}

static void writeSource(OStream &json, llvm::StringRef source) {
  if (!source.empty())
    json.attribute("source", source);
}

static void writeShard(OStream &json, const TensorView &tensor) {
  tt::ShardAttr shard = tensor.shard;
  json.attribute("kind", tensor.placement());
  writeNumbers(json, "axes", shard.getAxes());
  writeNumbers(json, "grid", shard.getGrid());
  writeNumbers(json, "shape", shard.getShape());
  writeNumbers(json, "cores", shard.getCores());
  writeNumbers(json, "tensor_pages", tensor.tensorPages);
  writeNumbers(json, "shard_pages", tensor.shardPages);
}

static void writeTensor(OStream &json, const TensorView &tensor,
                        const ProgramView &program) {
  json.attribute("name", tensor.name);
  writeSizes(json, "shape", tensor.dims, program);
  json.attribute("dtype", tensor.type.dtype);
  json.attribute("role", tensor.isRead ? tensor.isWritten ? "inout" : "input"
                                       : "output");
  json.attribute("memory", tt::stringifyMemory(tensor.memory));
  json.attribute("layout", tensor.shard ? "sharded" : "interleaved");
  writeNumbers(json, "plane", tensor.plane);
  writeNumbers(json, "tile", {tt::kTileDim, tt::kTileDim});
  json.attribute("data_format", tt::stringifyDataFormat(tensor.format));
  json.attribute("page_bytes", tensor.pageBytes);
  AffineExpr tileRows = tensor.rowsExpr.ceilDiv(tt::kTileDim);
  AffineExpr tileCols = tensor.colsExpr.ceilDiv(tt::kTileDim);
  writeSize(json, "outer", tensor.outerExpr, program);
  writeSize(json, "tile_rows", tileRows, program);
  writeSize(json, "tile_cols", tileCols, program);
  writeSize(json, "pages", tensor.outerExpr * tileRows * tileCols, program);
  if (tensor.shard)
    json.attributeObject("shard", [&] { writeShard(json, tensor); });
  writeSource(json, tensor.source);
}

static void writeWork(OStream &json, const ProgramView &program) {
  tt::ShardAttr shard = program.partition.getShard();
  tt::OrderAttr order = program.partition.getOrder();
  json.attribute("mode",
                 tt::stringifyPartitionMode(program.partition.getMode()));
  writeSizes(json, "launch_grid", program.launchExprs, program);
  AffineExpr items = program.launchExprs.front();
  for (AffineExpr extent : ArrayRef(program.launchExprs).drop_front())
    items = items * extent;
  writeSize(json, "items", items, program);
  json.attribute("order", order ? tt::stringifyOrderKind(order.getKind())
                                : StringRef("row_major"));
  if (order && !order.getSizes().empty())
    writeNumbers(json, "order_sizes", order.getSizes());
  if (order && order.getStride())
    json.attribute("stride", order.getStride());
  if (shard) {
    writeNumbers(json, "shard_grid", shard.getGrid());
    writeNumbers(json, "shard_tiles", shard.getTiles());
  }
  if (program.isCutByHost) {
    json.attribute("split", "balanced");
    return;
  }
  json.attributeArray("per_core", [&] {
    for (const CoreWork &work : program.work) {
      SmallVector<std::pair<llvm::StringRef, std::string>> fields = {
          {"core", inlineArray(work.core)},
          {"start", std::to_string(work.start)},
          {"count", std::to_string(work.count)}};
      // Core c of the projected grid has shards c, c + cores, ...
      if (shard && work.core[0] < shard.getCores()[1] &&
          work.core[1] < shard.getCores()[0])
        fields.emplace_back(
            "shard",
            std::to_string(work.core[1] * shard.getCores()[1] + work.core[0]));
      if (program.isListed)
        fields.emplace_back("blocks", inlineArray(work.blocks));
      writeInline(json, fields);
    }
  });
}

static void writeCircularBuffer(OStream &json, const CircularBufferView &cb) {
  json.attribute("name", cb.name);
  json.attribute("index", cb.index);
  json.attribute("data_format", tt::stringifyDataFormat(cb.format));
  json.attribute("page_bytes", cb.pageBytes);
  json.attribute("pages", cb.pages);
  json.attribute("bytes", cb.bytes);
  json.attribute("l1_address", cb.address);
  if (!cb.buffer.empty())
    json.attribute("buffer", cb.buffer);
  writeSource(json, cb.source);
  json.attribute("producer", metalium::stringifyKernelRole(cb.producer));
  json.attribute("consumer", metalium::stringifyKernelRole(cb.consumer));
  json.attribute("unpack_to_dest_fp32", cb.unpackToDestFp32);
  if (cb.scratch)
    json.attribute("scratch", true);
  if (cb.spills.empty())
    return;
  json.attributeArray("spilled", [&] {
    for (tt::SpillAttr spill : cb.spills) {
      SmallVector<std::pair<llvm::StringRef, std::string>> fields = {
          {"reason", quote(tt::stringifySpillReason(spill.getReason()))}};
      if (!spill.getReader().empty())
        fields.emplace_back("reader", quote(spill.getReader()));
      writeInline(json, fields);
    }
  });
}

/// The kinds of the schema are spelled as those of the dialect.
static void writeArguments(OStream &json, const KernelView &kernel) {
  auto kind = [](metalium::ArgAttr arg) {
    return quote(metalium::stringifyArgKind(arg.getKind()));
  };
  json.attributeArray("compile_time_args", [&] {
    for (metalium::ArgAttr arg : kernel.ctArgs)
      writeInline(json, {{"kind", kind(arg)},
                         {"tensor", quote(arg.getTensor().getValue())}});
  });
  json.attributeArray("runtime_args", [&] {
    for (metalium::ArgAttr arg : kernel.args) {
      SmallVector<std::pair<llvm::StringRef, std::string>> fields = {
          {"name", quote(arg.getName())},
          {"type", quote("uint32")},
          {"kind", kind(arg)}};
      if (arg.getTensor())
        fields.emplace_back("tensor", quote(arg.getTensor().getValue()));
      writeInline(json, fields);
    }
  });
  if (kernel.commonArgs.empty())
    return;
  json.attributeArray("common_runtime_args", [&] {
    for (metalium::ArgAttr arg : kernel.commonArgs)
      writeInline(json, {{"name", quote(arg.getName())},
                         {"type", quote("uint32")},
                         {"kind", kind(arg)}});
  });
}

static void writeComputeConfig(OStream &json,
                               metalium::ComputeConfigAttr config) {
  json.attribute("math_fidelity",
                 metalium::stringifyMathFidelity(config.getMathFidelity()));
  json.attribute("fp32_dest_acc_en", config.getFp32DestAccEn());
  json.attribute("dst_full_sync_en", config.getDstFullSyncEn());
  json.attribute("math_approx_mode", config.getMathApproxMode());
}

static void writeKernel(OStream &json, const ProgramView &program,
                        const KernelView &kernel, llvm::StringRef checksum) {
  json.attribute("role", kernel.name);
  json.attribute("file", kernel.file);
  json.attribute("sha256", checksum);
  if (kernel.role == metalium::KernelRole::Compute) {
    json.attributeObject("config",
                         [&] { writeComputeConfig(json, program.config); });
  } else {
    bool isReader = kernel.role == metalium::KernelRole::Reader;
    json.attribute("processor", isReader ? "RISCV_1" : "RISCV_0");
    json.attribute("noc", isReader ? 0 : 1);
  }
  json.attributeObject("defines", [] {});
  writeArguments(json, kernel);
}

/// [[number, count], ...], on one line.
static std::string termsAsJson(const EstimateTerms &terms,
                               const ProgramView &program) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '[';
  llvm::interleaveComma(terms.get(), os, [&](const auto &term) {
    os << '[' << llvm::json::Value(term.first) << ", "
       << sizeAsJson(term.second, program.sizeNames()) << ']';
  });
  os << ']';
  return text;
}

/// From which the estimate is made again when the sizes are known.
static void writeTerms(OStream &json, const ProgramView &program,
                       const Estimate &expected) {
  auto write = [&](llvm::StringRef key, const std::string &text) {
    json.attributeBegin(key);
    json.rawValue(text);
    json.attributeEnd();
  };
  json.attribute("launch_cycles", int64_t(program.chip->launchCycles));
  write("compute", termsAsJson(expected.compute, program));
  std::vector<std::string> kernels;
  for (const EstimateTerms &terms : expected.noc)
    kernels.push_back(termsAsJson(terms, program));
  write("noc", "[" + llvm::join(kernels, ", ") + "]");
  write("read_bytes", termsAsJson(expected.readBytes, program));
  write("write_bytes", termsAsJson(expected.writtenBytes, program));
  json.attribute("dram_read_rate", expected.dramReadRate);
  json.attribute("dram_write_rate", expected.dramWriteRate);
}

static void writeEstimate(OStream &json, const ProgramView &program) {
  Estimate expected = estimate(program);
  if (!program.sizes.empty())
    json.attribute("size", kSampleSize);
  json.attribute("cycles", expected.cycles);
  json.attribute("bound", expected.bound);
  json.attribute("compute_cycles", expected.computeCycles);
  json.attribute("dram_cycles", expected.dramCycles);
  json.attribute("noc_cycles", expected.nocCycles);
  json.attribute("dram_read_bytes", expected.dramReadBytes);
  json.attribute("dram_write_bytes", expected.dramWriteBytes);
  if (!program.sizes.empty())
    json.attributeObject("terms", [&] { writeTerms(json, program, expected); });
}

/// A tensor of several launches: its elements, not its place.
static void writeShared(OStream &json, const SharedTensor &tensor,
                        const ProgramView &program) {
  const TensorView &form = tensor.forms.front();
  json.attribute("name", tensor.name);
  writeSizes(json, "shape", form.dims, program);
  json.attribute("dtype", form.type.dtype);
  json.attribute("role", tensor.isWorkspace ? "workspace"
                         : !tensor.isRead   ? "output"
                         : tensor.isWritten ? "inout"
                                            : "input");
}

namespace {

/// What one program and several have in common.
class PlanWriter {
public:
  using Files = ArrayRef<std::pair<std::string, std::string>>;

  PlanWriter(OStream &json, metalium::ApiGeneration api, Files files)
      : json(json), api(api), files(files) {}

  void writeHead(int version, llvm::StringRef name, llvm::StringRef checksum,
                 const ProgramView &first) {
    const arch::Chip &chip = *first.chip;
    json.attribute("schema_version", version);
    json.attribute("generator", kGenerator);
    json.attribute("name", name);
    json.attributeObject("chip", [&] {
      json.attribute("name", llvm::StringRef(chip.name));
      json.attribute("arch", llvm::StringRef(chip.archName));
    });
    json.attribute("metalium_api", metalium::stringifyApiGeneration(api));
    json.attribute("interface_sha256", checksum);
    if (first.sizes.empty())
      return;
    json.attributeArray("sizes", [&] {
      for (const SizeView &size : first.sizes)
        writeInline(json, {{"name", quote(size.name)},
                           {"tensor", quote(size.tensor)},
                           {"dim", std::to_string(size.dim)}});
    });
  }
  void writeBody(const ProgramView &program);
  void writeHostFiles() {
    objects("host_files", std::array{"main.cpp", "CMakeLists.txt"},
            [&](llvm::StringRef name) {
              json.attribute("file", name);
              json.attribute("sha256", checksum(name));
            });
  }
  void writeEstimateOf(const ProgramView &program) {
    json.attributeObject("estimate", [&] { writeEstimate(json, program); });
  }

private:
  std::string checksum(llvm::StringRef name) const {
    for (const auto &[file, content] : files)
      if (file == name)
        return sha256(content);
    return std::string();
  }
  template <typename List, typename Fn>
  void objects(llvm::StringRef key, const List &list, Fn write) {
    json.attributeArray(key, [&] {
      for (const auto &each : list)
        json.object([&] { write(each); });
    });
  }

  OStream &json;
  metalium::ApiGeneration api;
  Files files;
};

} // namespace

void PlanWriter::writeBody(const ProgramView &program) {
  objects("tensors", program.tensors, [&](const TensorView &tensor) {
    writeTensor(json, tensor, program);
  });
  writeNumbers(json, "core_grid", program.coreGrid);
  json.attributeArray("core_ranges", [&] {
    for (const CoreRangeView &range : program.coreRanges)
      writeInline(json, {{"start", inlineArray(range.start)},
                         {"end", inlineArray(range.end)}});
  });
  json.attributeObject("work", [&] { writeWork(json, program); });
  objects("circular_buffers", program.circularBuffers,
          [&](const CircularBufferView &cb) { writeCircularBuffer(json, cb); });
  json.attributeObject("l1", [&] {
    json.attribute("capacity", program.chip->l1Free());
    json.attribute("used", program.l1Used);
    json.attribute("base", program.chip->l1Base);
  });
  if (!program.dstSections.empty())
    json.attributeArray("dst_sections", [&] {
      for (metalium::DstSectionAttr section : program.dstSections)
        writeInline(
            json,
            {{"source", quote(section.getSource())},
             {"block", inlineArray(section.getBlock())},
             {"subblock", inlineArray(section.getSubblock())},
             {"tiles", std::to_string(section.getTiles())},
             {"capacity", std::to_string(section.getCapacity())},
             {"rule", quote(tt::stringifySubblockRule(section.getRule()))}});
    });
  json.attributeArray("semaphores", [] {});
  objects("kernels", program.kernels, [&](const KernelView &kernel) {
    writeKernel(json, program, kernel, checksum(kernel.file));
  });
}

void emitPlan(const LaunchesView &launches, metalium::ApiGeneration api,
              ArrayRef<std::pair<std::string, std::string>> files,
              llvm::raw_ostream &os) {
  writeWithChecksum(os, [&](OStream &json, llvm::StringRef checksum) {
    PlanWriter writer(json, api, files);
    json.object([&] {
      const ProgramView &first = launches.programs.front();
      writer.writeHead(kLaunchesVersion, launches.name, checksum, first);
      json.attributeArray("tensors", [&] {
        for (const SharedTensor &tensor : launches.tensors)
          json.object([&] { writeShared(json, tensor, first); });
      });
      json.attributeArray("launches", [&] {
        for (const ProgramView &program : launches.programs)
          json.object([&] {
            json.attribute("name", program.name);
            writer.writeBody(program);
            writer.writeEstimateOf(program);
          });
      });
      writer.writeHostFiles();
    });
  });
}

void emitPlan(const ProgramView &program, metalium::ApiGeneration api,
              ArrayRef<std::pair<std::string, std::string>> files,
              llvm::raw_ostream &os) {
  writeWithChecksum(os, [&](OStream &json, llvm::StringRef checksum) {
    PlanWriter writer(json, api, files);
    json.object([&] {
      writer.writeHead(kSingleVersion, program.name, checksum, program);
      writer.writeBody(program);
      writer.writeHostFiles();
      writer.writeEstimateOf(program);
    });
  });
}

} // namespace tilewright
