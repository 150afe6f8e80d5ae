//===- HostWork.cpp - The work of each core in the host program -----------===//
//
// Work is dealt out in one of four forms: balanced runs that a loop computes, a
// table of runs, a list of blocks for each core in its arguments, and lists in
// the L1 of the cores where they are too long for that.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Host/HostWriter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using llvm::formatv;
using llvm::StringRef;

namespace tilewright {

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
          arg.getKind() == metalium::ArgKind::TensorAddress ? idsOf(arg).address
          : arg.getKind() == metalium::ArgKind::WorkTable   ? "items_addr"
          : arg.getKind() == metalium::ArgKind::WorkStart   ? "start"
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
      writeStatement("const uint32_t " + idsOf(tensor).address + " =",
                     idsOf(tensor).buffer + "->address();");
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

} // namespace tilewright
