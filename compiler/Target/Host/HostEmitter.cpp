//===- HostEmitter.cpp - The host program of a device program -------------===//
//
// Fixed text stands in HostText.cpp; here is what depends on the program:
// tensors, circular buffers, kernels with their arguments, and the work of each
// core.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Host/HostEmitter.h"

#include "compiler/Support/Diagnostics.h"
#include "compiler/Support/Version.h"
#include "compiler/Target/Host/HostText.h"
#include "compiler/Target/Kernel/Names.h"
#include "compiler/Target/SizeText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <map>

using namespace mlir;
using llvm::formatv;
using llvm::StringRef;

namespace tilewright {

/// "A, B and C".
static std::string enumerate(ArrayRef<std::string> words) {
  if (words.size() < 2)
    return llvm::join(words, "");
  return llvm::join(words.drop_back(), ", ") + " and " + words.back();
}

/// Writes `text` as comment lines of at most 80 columns.
static void writeComment(llvm::raw_ostream &os, StringRef indent,
                         StringRef text) {
  constexpr size_t columns = 80;
  std::string line;
  auto flush = [&] {
    if (!line.empty())
      os << indent << "//" << line << '\n';
    line.clear();
  };
  for (StringRef word : llvm::split(text, ' ')) {
    if (indent.size() + 2 + line.size() + 1 + word.size() > columns)
      flush();
    line += (" " + word).str();
  }
  flush();
}

/// "(100, 200)", "(7,)", "(m, 200)".
static std::string npyShape(ArrayRef<AffineExpr> shape,
                            ArrayRef<std::string> sizes) {
  std::string text = "(";
  for (AffineExpr extent : shape)
    text += sizeAsCpp(extent, sizes) + ", ";
  text.erase(text.size() - (shape.size() == 1 ? 1 : 2));
  return text + ")";
}

/// Small numbers as words.
static std::string inWords(int64_t number) {
  static constexpr const char *words[] = {"none",  "one",  "two",
                                          "three", "four", "five"};
  return number >= 0 && number <= 5 ? words[number] : std::to_string(number);
}

/// "one block", "64 blocks".
static std::string blocks(int64_t count) {
  return count == 1 ? "one block" : std::to_string(count) + " blocks";
}

namespace {

class HostWriter {
public:
  HostWriter(const ProgramView &program, llvm::raw_ostream &os)
      : program(program), os(os), names(program.config.getContext()) {
    names.enter();
    for (StringRef name : llvm::split(host::kReservedNames, ' '))
      names.declare(name);
    for (const TensorView &tensor : program.tensors)
      ids[tensor.name] = {names.declare(tensor.name),
                          names.declare(tensor.name + "_buffer"),
                          names.declare(tensor.name + "_addr"),
                          names.declare(tensor.name + "_tiles")};
    for (const CircularBufferView &cb : program.circularBuffers)
      cbNames.push_back(names.declare(cb.name));
    for (const SizeView &size : program.sizes)
      sizeNames.push_back(names.declare(size.name));
  }

  void write() {
    writeHeader();
    os << host::kPrologue;
    writeTypesAndConstants();
    writeHelpers();
    os << "\nvoid run(const std::filesystem::path &folder) {\n"
          "  auto mesh = distributed::MeshDevice::create_unit_mesh(0);\n"
          "  auto &queue = mesh->mesh_command_queue();\n";
    if (hasSizes())
      writeSizes();
    writeTensors();
    writeProgram();
    writeCircularBuffers();
    for (const KernelView &kernel : program.kernels)
      writeKernel(kernel);
    writeWork();
    writeLaunch();
    writeResults();
    os << host::kEpilogue;
  }

private:
  /// Identifiers of one tensor.
  struct Ids {
    std::string tensor, buffer, address, tiles;
  };

  void writeHeader();
  void writeTypesAndConstants();
  void writeHelpers();
  void writeTensorConstants(StringRef begin);
  void writeSizes();
  void writeItems();
  void writeCommonArgs();
  void writeStatement(const std::string &begin, const std::string &rest);
  void writeBuffer(const TensorView &tensor);
  void writeTensors();
  void writeProgram();
  void writeCircularBuffers();
  void writeUnpackModes();
  void writeKernel(const KernelView &kernel);
  void writeDataMovementConfig(const KernelView &kernel);
  void writeComputeConfig(const KernelView &kernel);
  void writeWork();
  void writeWorkTable();
  void writeWorkRows();
  void writeBlockTable();
  void writeTableInL1();
  void writeSetRuntimeArgs();
  void writeLaunch();
  void writeResults();

  bool isStrided() const {
    return llvm::any_of(program.tensors,
                        [](const TensorView &t) { return !t.isRowMajor(); });
  }
  bool hasSizes() const { return !program.sizes.empty(); }
  std::string cpp(AffineExpr expr) const { return sizeAsCpp(expr, sizeNames); }
  bool uses(metalium::ArgKind kind) const;
  bool hasCompileArgs(const KernelView &kernel) const {
    return !kernel.ctArgs.empty();
  }

  const ProgramView &program;
  llvm::raw_ostream &os;
  Names names;
  std::map<std::string, Ids> ids;
  std::vector<std::string> cbNames;   ///< as program.circularBuffers
  std::vector<std::string> sizeNames; ///< as program.sizes
};

} // namespace

void HostWriter::writeHeader() {
  std::vector<std::string> read, written;
  for (const TensorView &tensor : program.tensors) {
    if (tensor.isRead)
      read.push_back(tensor.name + ".npy");
    if (tensor.isWritten)
      written.push_back(tensor.name + ".npy");
  }
  os << "// Host program of `" << program.name << "`, generated by "
     << kGenerator;
  if (!program.sourceFile.empty())
    os << " from " << program.sourceFile;
  os << ":\n//\n";
  for (const TensorView &tensor : program.tensors)
    os << "//   "
       << (tensor.isRead ? tensor.isWritten ? "inout " : "in    " : "out   ")
       << tensor.name << ' ' << npyShape(tensor.dims, program.sizeNames())
       << ' ' << tensor.type.dtype << '\n';
  os << "//\n";
  std::string text = read.empty()
                         ? "Runs "
                         : "Reads " + enumerate(read) + " from a folder, runs ";
  std::vector<std::string> kernels;
  for (const KernelView &kernel : program.kernels)
    kernels.push_back(kernel.file);
  std::string cores = std::to_string(program.work.size());
  if (program.isCutByHost)
    cores =
        "up to " + std::to_string(program.coreGrid[0] * program.coreGrid[1]);
  text += formatv("{0} on {1} of the cores of {2}, and writes {3} to {4} "
                  "folder.",
                  enumerate(kernels), cores, program.chip->name,
                  enumerate(written), read.empty() ? "a" : "the");
  if (hasSizes())
    text += " The files say the sizes " + enumerate(program.sizeNames()) +
            ", which the kernels get as arguments.";
  writeComment(os, "", text);
  os << "//\n//   ./main [FOLDER]      (the current folder by default)\n";
}

/// One `Tensor` for each tensor, each statement after `begin`.
void HostWriter::writeTensorConstants(StringRef begin) {
  bool strided = isStrided();
  for (const TensorView &tensor : program.tensors) {
    std::string shape;
    if (!hasSizes()) {
      shape = "\"" + npyShape(tensor.dims, {}) + "\"";
    } else {
      shape = npyShape(tensor.dims, sizeNames);
      shape =
          "shapeText({" +
          shape.substr(1, shape.size() - (tensor.dims.size() == 1 ? 3 : 2)) +
          "})";
    }
    os << begin << ids[tensor.name].tensor << "{\"" << tensor.name << "\", \""
       << tensor.type.npy << "\", " << shape << ", " << cpp(tensor.outerExpr)
       << ", " << cpp(tensor.rowsExpr) << ", " << cpp(tensor.colsExpr);
    if (strided) {
      os << ",\n                   ";
      AffineExpr one = getAffineConstantExpr(1, program.config.getContext());
      std::vector<AffineExpr> strides(tensor.dims.size(), one);
      for (size_t i = strides.size(); i-- > 1;)
        strides[i - 1] = strides[i] * tensor.dims[i];
      auto stride = [&](int64_t dim) {
        return dim < 0 ? std::string("0") : cpp(strides[dim]);
      };
      os << stride(tensor.plane[0]) << ", " << stride(tensor.plane[1]) << ", {";
      llvm::ListSeparator comma;
      for (int64_t dim = strides.size(); dim-- > 0;)
        if (dim != tensor.plane[0] && dim != tensor.plane[1])
          os << comma << '{' << cpp(tensor.dims[dim]) << ", "
             << cpp(strides[dim]) << '}';
      os << '}';
    }
    os << "};\n";
  }
}

void HostWriter::writeTypesAndConstants() {
  std::string type = (isStrided() ? host::kStridedTensor : host::kTensor).str();
  if (hasSizes()) {
    // The shape is made of sizes when they are known.
    StringRef fixed = "const char *shape; //", made = "std::string shape; //";
    type.replace(type.find(fixed.str()), fixed.size(), made.str());
    os << type << host::kSizes;
    if (program.isCutByHost)
      os << host::kFirstCores;
  } else {
    os << type << '\n';
    writeTensorConstants("constexpr Tensor ");
  }
  os << '\n';
  for (auto [cb, name] : llvm::zip(program.circularBuffers, cbNames))
    os << "constexpr tt::CBIndex " << name << " = tt::CBIndex::c_" << cb.index
       << ";\n";
}

/// Sizes from the files of the tensors that tell them, and the tensors.
void HostWriter::writeSizes() {
  os << "\n  // Sizes, as the files have them.\n";
  for (auto [size, name] : llvm::zip(program.sizes, sizeNames)) {
    const TensorView *tensor = program.findTensor(size.tensor);
    writeStatement("const uint32_t " + name + " =",
                   formatv("npySize(folder, \"{0}\", {1}, {2});", size.tensor,
                           tensor->dims.size(), size.dim));
  }
  writeTensorConstants("  const Tensor ");
  for (const TensorView &tensor : program.tensors)
    os << "  checkPages(" << ids[tensor.name].tensor << ");\n";
}

static bool isDramInterleaved(const TensorView &tensor) {
  return !tensor.shard && tensor.memory == tt::Memory::Dram;
}

void HostWriter::writeHelpers() {
  bool strided = isStrided();
  if (llvm::any_of(program.tensors,
                   [](const TensorView &t) { return t.isRead; }))
    os << host::kReadNpy << (strided ? host::kStridedToTiles : host::kToTiles);
  if (llvm::any_of(program.tensors,
                   [](const TensorView &t) { return t.isWritten; }))
    os << host::kWriteNpy
       << (strided ? host::kStridedFromTiles : host::kFromTiles);
  if (llvm::any_of(program.tensors, isDramInterleaved))
    os << host::kDramBuffer;
  if (llvm::any_of(program.tensors, [](const TensorView &t) {
        return !t.shard && t.memory == tt::Memory::L1;
      }))
    os << host::kL1Buffer;
  if (llvm::any_of(program.tensors,
                   [](const TensorView &t) { return bool(t.shard); }))
    os << host::kShardedBuffer;
  if (program.tableBytes)
    os << host::kTableBuffer;
}

/// One statement, on a second line from `rest` on where it would be too long.
void HostWriter::writeStatement(const std::string &begin,
                                const std::string &rest) {
  constexpr size_t columns = 80;
  bool blank = begin.back() != '(';
  os << "  " << begin;
  if (2 + begin.size() + blank + rest.size() > columns)
    os << "\n      ";
  else if (blank)
    os << ' ';
  os << rest << '\n';
}

/// "1, 8, 4"
static std::string commaList(ArrayRef<int64_t> numbers) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(numbers, os);
  return text;
}

void HostWriter::writeBuffer(const TensorView &tensor) {
  const Ids &id = ids[tensor.name];
  StringRef memory = tensor.memory == tt::Memory::L1 ? "L1" : "DRAM";
  if (isDramInterleaved(tensor))
    return writeStatement(
        "auto " + id.buffer + " =",
        formatv("dramBuffer(*mesh, {0}, {1});", id.tensor, tensor.pageBytes));
  if (!tensor.shard)
    return writeStatement(
        "auto " + id.buffer + " =",
        formatv("l1Buffer(*mesh, {0}, {1});", id.tensor, tensor.pageBytes));
  ArrayRef<int64_t> cores = tensor.shard.getCores();
  writeComment(os, "  ",
               formatv("{0}: shards of {1}x{2} tiles in {3}, {4}.", tensor.name,
                       tensor.shard.getTiles()[0], tensor.shard.getTiles()[1],
                       memory, tensor.placement())
                   .str());
  os << formatv("  auto {0} = shardedBuffer(\n"
                "      *mesh, {1}, {2}, BufferType::{3}, Shape({{{4}}),\n"
                "      Shape({{{5}}), CoreRange({{0, 0}, {{{6}, {7}}));\n",
                id.buffer, id.tensor, tensor.pageBytes, memory,
                commaList(tensor.tensorPages), commaList(tensor.shardPages),
                cores[1] - 1, cores[0] - 1);
}

void HostWriter::writeTensors() {
  bool isPlain = llvm::all_of(program.tensors, isDramInterleaved);
  os << (isPlain ? "\n  // Tensors in DRAM, one tile a page, interleaved over "
                   "the banks.\n"
                 : "\n  // Tensors, one tile a page.\n");
  for (const TensorView &tensor : program.tensors)
    writeBuffer(tensor);
  for (const TensorView &tensor : program.tensors) {
    if (!tensor.isRead)
      continue;
    const Ids &id = ids[tensor.name];
    writeStatement(
        formatv("std::vector<{0}> {1} =", tensor.type.host, id.tiles),
        formatv("toTiles(readNpy<{0}>(folder, {1}), {1});", tensor.type.host,
                id.tensor));
    writeStatement("distributed::EnqueueWriteMeshBuffer(",
                   formatv("queue, {0}, {1}, false);", id.buffer, id.tiles));
  }
}

/// How many blocks there are, and how many cores get some.
void HostWriter::writeItems() {
  os << "\n  // The blocks of the launch, dealt out to the cores.\n"
        "  uint64_t blocks = 1;\n";
  llvm::ListSeparator comma;
  std::string list;
  for (AffineExpr extent : program.launchExprs)
    list += (list.empty() ? "" : ", ") + cpp(extent);
  os << "  for (const uint64_t extent : std::vector<uint64_t>{" << list
     << "})\n"
        "    if (extent == 0 || (blocks *= extent) > INT32_MAX)\n"
        "      throw std::runtime_error(\"the launch has no blocks, or too "
        "many\");\n"
        "  const uint32_t items = uint32_t(blocks);\n"
     << formatv("  const uint32_t used = std::min<uint32_t>(items, {0});\n",
                program.coreGrid[0] * program.coreGrid[1]);
}

/// The sizes that each kernel takes, which are the same on all cores.
void HostWriter::writeCommonArgs() {
  for (const KernelView &kernel : program.kernels) {
    if (kernel.commonArgs.empty())
      continue;
    std::vector<std::string> values;
    std::vector<std::string> names = program.sizeNames();
    for (metalium::ArgAttr arg : kernel.commonArgs)
      values.push_back(
          sizeNames[llvm::find(names, arg.getName().str()) - names.begin()]);
    writeStatement("SetCommonRuntimeArgs(",
                   formatv("program, {0}, {{{1}});", kernel.name,
                           llvm::join(values, ", ")));
  }
}

void HostWriter::writeProgram() {
  if (program.isCutByHost)
    writeItems();
  os << "\n  Program program = CreateProgram();\n";
  if (program.isCutByHost) {
    os << "  const CoreRangeSet cores = firstCores(used, "
       << program.coreGrid[0] << ");\n";
    return;
  }
  auto range = [](const CoreRangeView &each) {
    return formatv("CoreRange({{{0}, {1}}, {{{2}, {3}})", each.start[0],
                   each.start[1], each.end[0], each.end[1])
        .str();
  };
  if (program.coreRanges.size() == 1) {
    os << "  const CoreRangeSet cores(" << range(program.coreRanges[0])
       << ");\n";
    return;
  }
  os << "  const CoreRangeSet cores(std::vector<CoreRange>{\n      ";
  llvm::ListSeparator comma(",\n      ");
  for (const CoreRangeView &each : program.coreRanges)
    os << comma << range(each);
  os << "});\n";
}

void HostWriter::writeCircularBuffers() {
  if (program.circularBuffers.empty())
    return;
  os << R"cpp(
  const auto circularBuffer = [&](tt::CBIndex index, tt::DataFormat format,
                                  uint32_t pages, uint32_t page_bytes) {
    CreateCircularBuffer(
        program, cores,
        CircularBufferConfig(pages * page_bytes, {{index, format}})
            .set_page_size(index, page_bytes));
  };
)cpp";
  for (auto [cb, name] : llvm::zip(program.circularBuffers, cbNames)) {
    writeStatement("circularBuffer(",
                   formatv("{0}, tt::DataFormat::{1}, {2}, {3});", name,
                           tt::stringifyDataFormat(cb.format), cb.pages,
                           cb.pageBytes));
  }
}

/// What a kernel's accessors need: one TensorAccessorArgs after the other.
void HostWriter::writeKernel(const KernelView &kernel) {
  os << '\n';
  if (hasCompileArgs(kernel)) {
    os << "  std::vector<uint32_t> " << kernel.name << "_compile_args;\n";
    for (metalium::ArgAttr arg : kernel.ctArgs)
      os << "  TensorAccessorArgs(*"
         << ids[arg.getTensor().getValue().str()].buffer << ").append_to("
         << kernel.name << "_compile_args);\n";
  }
  if (kernel.role == metalium::KernelRole::Compute)
    writeComputeConfig(kernel);
  else
    writeDataMovementConfig(kernel);
}

void HostWriter::writeDataMovementConfig(const KernelView &kernel) {
  bool isReader = kernel.role == metalium::KernelRole::Reader;
  os << formatv("  const KernelHandle {0} = CreateKernel(\n"
                "      program, KERNEL_DIR \"{1}\", cores,\n"
                "      DataMovementConfig{{.processor = "
                "DataMovementProcessor::{2},\n"
                "                         .noc = NOC::{3}",
                kernel.name, kernel.file, isReader ? "RISCV_1" : "RISCV_0",
                isReader ? "NOC_0" : "NOC_1");
  if (hasCompileArgs(kernel))
    os << formatv(",\n                         .compile_args = "
                  "{0}_compile_args",
                  kernel.name);
  os << "});\n";
}

/// Circular buffers whose fp32 tiles go to DST without loss.
void HostWriter::writeUnpackModes() {
  os << "  // fp32 tiles that go to DST without the loss of TF32.\n"
        "  std::vector<UnpackToDestMode> unpack_modes(NUM_CIRCULAR_BUFFERS,\n"
        "                                             "
        "UnpackToDestMode::Default);\n";
  for (auto [cb, name] : llvm::zip(program.circularBuffers, cbNames)) {
    if (cb.unpackToDestFp32)
      os << "  unpack_modes[" << name
         << "] = UnpackToDestMode::UnpackToDestFp32;\n";
  }
}

void HostWriter::writeComputeConfig(const KernelView &kernel) {
  metalium::ComputeConfigAttr config = program.config;
  bool unpacksToDest =
      llvm::any_of(program.circularBuffers, [](const CircularBufferView &cb) {
        return cb.unpackToDestFp32;
      });
  if (unpacksToDest)
    writeUnpackModes();
  StringRef indent = "                                 ";
  os << formatv("  const KernelHandle {0} =\n"
                "      CreateKernel(program, KERNEL_DIR \"{1}\", cores,\n"
                "                   ComputeConfig{{.math_fidelity = "
                "MathFidelity::{2}",
                kernel.name, kernel.file,
                metalium::stringifyMathFidelity(config.getMathFidelity()));
  if (config.getFp32DestAccEn())
    os << ",\n" << indent << ".fp32_dest_acc_en = true";
  if (config.getDstFullSyncEn())
    os << ",\n" << indent << ".dst_full_sync_en = true";
  if (unpacksToDest)
    os << ",\n" << indent << ".unpack_to_dest_mode = unpack_modes";
  if (config.getMathApproxMode())
    os << ",\n" << indent << ".math_approx_mode = true";
  if (hasCompileArgs(kernel))
    os << ",\n"
       << indent << ".compile_args = " << kernel.name << "_compile_args";
  os << "});\n";
}

bool HostWriter::uses(metalium::ArgKind kind) const {
  return llvm::any_of(program.kernels, [&](const KernelView &kernel) {
    return llvm::any_of(kernel.args, [&](metalium::ArgAttr arg) {
      return arg.getKind() == kind;
    });
  });
}

/// One SetRuntimeArgs for each kernel that has arguments.
void HostWriter::writeSetRuntimeArgs() {
  for (const KernelView &kernel : program.kernels) {
    if (kernel.args.empty())
      continue;
    std::string line =
        formatv("    SetRuntimeArgs(program, {0}, core, {{", kernel.name);
    std::string indent(19, ' ');
    bool first = true;
    bool isListed =
        kernel.args.back().getKind() == metalium::ArgKind::WorkItems;
    if (isListed)
      line = formatv("    std::vector<uint32_t> {0}_args{{", kernel.name);
    for (metalium::ArgAttr arg : kernel.args) {
      if (arg.getKind() == metalium::ArgKind::WorkItems)
        continue;
      std::string text =
          arg.getKind() == metalium::ArgKind::TensorAddress
              ? ids[arg.getTensor().getValue().str()].address
          : arg.getKind() == metalium::ArgKind::WorkTable ? "items_addr"
          : arg.getKind() == metalium::ArgKind::WorkStart ? "start"
                                                          : "count";
      // Room for ", " before and "});" after.
      if (!first && line.size() + 2 + text.size() + 3 > 80) {
        os << line << ",\n";
        line = indent + " " + text;
      } else {
        line += (first ? "" : ", ") + text;
      }
      first = false;
    }
    if (!isListed) {
      os << line << "});\n";
      continue;
    }
    os << line << "};\n"
       << formatv("    {0}_args.insert({0}_args.end(), blocks.begin(), "
                  "blocks.end());\n",
                  kernel.name)
       << formatv("    SetRuntimeArgs(program, {0}, core, {0}_args);\n",
                  kernel.name);
  }
}

/// The balanced partition: the first `more` cores have one item more than the
/// `base` items of the others, and item ranges follow each other.
struct Balanced {
  int64_t base, more;
};
static std::optional<Balanced> findBalanced(const ProgramView &program) {
  int64_t cores = program.work.size();
  if (program.isListed)
    return std::nullopt;
  Balanced balanced{program.items / cores, program.items % cores};
  int64_t start = 0;
  for (auto [i, work] : llvm::enumerate(program.work)) {
    int64_t index = i;
    int64_t count = balanced.base + (index < balanced.more);
    if (work.core[0] != index % program.coreGrid[0] ||
        work.core[1] != index / program.coreGrid[0] || work.start != start ||
        work.count != count)
      return std::nullopt;
    start += count;
  }
  return balanced;
}

void HostWriter::writeWork() {
  os << '\n';
  std::optional<Balanced> balanced = findBalanced(program);
  int64_t cores = program.work.size();
  std::string comment =
      formatv("{0} on {1} cores", blocks(program.items), cores);
  if (cores == 1)
    comment = blocks(program.items) + " on one core";
  else if (balanced && balanced->more)
    comment += formatv(": {0} for the first {1}, {2} for the others",
                       inWords(balanced->base + 1), balanced->more,
                       inWords(balanced->base));
  else if (balanced)
    comment = formatv("{0}, {1} for each of the {2} cores",
                      blocks(program.items), inWords(balanced->base), cores);
  if (program.isCutByHost)
    comment =
        "Runs of blocks that differ by one at most, the longer ones first";
  comment[0] = llvm::toUpper(comment[0]);
  writeComment(os, "  ", comment + ".");
  writeCommonArgs();

  for (const TensorView &tensor : program.tensors)
    if (llvm::any_of(program.kernels, [&](const KernelView &kernel) {
          return llvm::any_of(kernel.args, [&](metalium::ArgAttr arg) {
            return arg.getKind() == metalium::ArgKind::TensorAddress &&
                   arg.getTensor().getValue() == tensor.name;
          });
        }))
      writeStatement("const uint32_t " + ids[tensor.name].address + " =",
                     ids[tensor.name].buffer + "->address();");
  if (program.tableBytes)
    return writeTableInL1();
  if (program.isListed)
    return writeBlockTable();
  if (!balanced)
    return writeWorkTable();

  bool usesStart = uses(metalium::ArgKind::WorkStart);
  bool usesCount = uses(metalium::ArgKind::WorkCount);
  if (usesStart)
    os << "  uint32_t start = 0;\n";
  os << formatv("  for (uint32_t i = 0; i < {0}; ++i) {{\n"
                "    const CoreCoord core{{i % {1}, i / {1}};\n",
                program.isCutByHost ? std::string("used")
                                    : std::to_string(cores),
                program.coreGrid[0]);
  if (usesStart || usesCount) {
    if (program.isCutByHost)
      os << "    const uint32_t count = items / used + (i < items % used);\n";
    else if (balanced->more)
      os << formatv("    const uint32_t count = i < {0} ? {1} : {2};\n",
                    balanced->more, balanced->base + 1, balanced->base);
    else
      os << "    const uint32_t count = " << balanced->base << ";\n";
  }
  writeSetRuntimeArgs();
  if (usesStart)
    os << "    start += count;\n";
  os << "  }\n";
}

/// The blocks of each core, when they are listed.
void HostWriter::writeBlockTable() {
  os << "  // Blocks by their row-major number.\n"
        "  struct Work {\n    uint32_t x, y, count;\n"
        "    std::vector<uint32_t> blocks;\n  };\n"
        "  const Work work[] = {\n";
  for (const CoreWork &each : program.work) {
    std::string line = formatv("      {{{0}, {1}, {2}, {{", each.core[0],
                               each.core[1], each.count);
    for (auto [i, block] : llvm::enumerate(each.blocks)) {
      std::string text = std::to_string(block);
      bool isLast = i + 1 == each.blocks.size();
      if (line.size() + text.size() + 3 > 78) {
        os << StringRef(line).rtrim() << '\n';
        line = "       ";
      }
      line += text + (isLast ? "}}," : ", ");
    }
    os << line << '\n';
  }
  os << "  };\n"
        "  for (const auto &[x, y, count, blocks] : work) {\n"
        "    const CoreCoord core{x, y};\n";
  writeSetRuntimeArgs();
  os << "  }\n";
}

/// The blocks of each core in a page of its L1, when they are too many for
/// arguments.
void HostWriter::writeTableInL1() {
  os << "  // Row-major numbers of the blocks, core after core.\n"
        "  static constexpr uint32_t blocks[] = {\n";
  std::string line;
  for (const CoreWork &each : program.work)
    for (int64_t block : each.blocks) {
      std::string text = std::to_string(block) + ",";
      if (6 + line.size() + 1 + text.size() > 80) {
        os << "     " << line << '\n';
        line.clear();
      }
      line += " " + text;
    }
  os << "     " << line << "\n  };\n";
  os << formatv(
      "  constexpr uint32_t columns = {0}, rows = {1}, words = {2};\n"
      "  auto items_buffer = tableBuffer(*mesh, columns, rows, words * 4);\n"
      "  const uint32_t items_addr = items_buffer->address();\n",
      program.coreGrid[0], program.coreGrid[1], program.tableBytes / 4);
  writeWorkRows();
  // Cores are listed row by row, with the items that they have in turn.
  os << "  std::vector<uint32_t> tables(columns * rows * words);\n"
        "  uint32_t next = 0;\n"
        "  for (const auto &[x, y, start, count] : work) {\n"
        "    std::copy_n(blocks + next, count,\n"
        "                tables.begin() + (y * columns + x) * words);\n"
        "    next += count;\n"
        "    const CoreCoord core{x, y};\n";
  writeSetRuntimeArgs();
  os << "  }\n";
  writeStatement("distributed::EnqueueWriteMeshBuffer(",
                 "queue, items_buffer, tables, false);");
}

void HostWriter::writeWorkTable() {
  writeWorkRows();
  os << "  for (const auto &[x, y, start, count] : work) {\n"
        "    const CoreCoord core{x, y};\n";
  writeSetRuntimeArgs();
  os << "  }\n";
}

/// Core, first item and number of items.
void HostWriter::writeWorkRows() {
  os << "  struct Work {\n    uint32_t x, y, start, count;\n  };\n"
        "  constexpr Work work[] = {\n";
  std::string line;
  for (const CoreWork &each : program.work) {
    std::string entry = formatv("{{{0}, {1}, {2}, {3}},", each.core[0],
                                each.core[1], each.start, each.count);
    if (6 + line.size() + 1 + entry.size() > 80) {
      os << "     " << line << '\n';
      line.clear();
    }
    line += " " + entry;
  }
  os << "     " << line << "\n  };\n";
}

void HostWriter::writeLaunch() {
  os << R"cpp(
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(mesh->shape()),
                       std::move(program));
  distributed::EnqueueMeshWorkload(queue, workload, false);
  distributed::Finish(queue);

)cpp";
}

void HostWriter::writeResults() {
  for (const TensorView &tensor : program.tensors) {
    if (!tensor.isWritten)
      continue;
    const Ids &id = ids[tensor.name];
    if (!tensor.isRead)
      os << "  std::vector<" << tensor.type.host << "> " << id.tiles << ";\n";
    writeStatement("distributed::EnqueueReadMeshBuffer(",
                   formatv("queue, {0}, {1}, true);", id.tiles, id.buffer));
    writeStatement("writeNpy(", formatv("folder, {0}, fromTiles({1}, {0}));",
                                        id.tensor, id.tiles));
  }
}

void emitHostProgram(const ProgramView &program, llvm::raw_ostream &os) {
  HostWriter(program, os).write();
}

void emitHostCMake(const ProgramView &program, llvm::raw_ostream &os) {
  os << "# Builds the host program of `" << program.name
     << "` against TT-Metalium.\n#\n"
        "#   cmake -B build -DCMAKE_PREFIX_PATH=... && cmake --build build && "
        "build/main\n"
        "cmake_minimum_required(VERSION 3.22)\n"
        "project(tilewright_program CXX)\n"
        "\n"
        "find_package(TT-Metalium REQUIRED)\n"
        "\n"
        "add_executable(main main.cpp)\n"
        "target_compile_features(main PRIVATE cxx_std_20)\n"
        "target_compile_definitions(main\n"
        "  PRIVATE KERNEL_DIR=\"${CMAKE_CURRENT_SOURCE_DIR}/\")\n"
        "target_link_libraries(main PRIVATE TT::Metalium)\n";
}

} // namespace tilewright
