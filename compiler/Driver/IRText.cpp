//===- IRText.cpp - IR files that say where they come from ----------------===//

#include "compiler/Driver/IRText.h"

#include "compiler/Support/Codes/Emit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace tilewright {

static constexpr llvm::StringLiteral kMark = "// tilewright-ir:";

std::string printIR(ModuleOp module, bool locations) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  flags.printNameLocAsPrefix();
  if (locations)
    flags.enableDebugInfo().useLocalScope();
  else
    flags.enableDebugInfo(false);
  module.print(os, flags);
  os << '\n';
  return text;
}

std::string writeIRHeader(const CompileOptions &options,
                          llvm::StringRef after) {
  std::string line;
  llvm::raw_string_ostream os(line);
  os << kMark << " after=" << (after.empty() ? "none" : after)
     << " chip=" << options.chip;
  if (options.coreGrid)
    os << " core-grid=" << (*options.coreGrid)[0] << 'x'
       << (*options.coreGrid)[1];
  os << " metalium-api=" << options.metaliumApi
     << " math-fidelity=" << options.mathFidelity;
  if (options.fastMath)
    os << " fast-math";
  if (options.dstFullSync)
    os << " dst-full-sync";
  if (options.scalar)
    os << " element-by-element";
  if (!options.name.empty())
    os << " name=" << options.name;
  os << '\n';
  return line;
}

void readIRHeader(llvm::StringRef text, CompileOptions &options) {
  llvm::StringRef line = text.take_until([](char c) { return c == '\n'; });
  if (!line.consume_front(kMark))
    return;
  llvm::SmallVector<llvm::StringRef> words;
  llvm::SplitString(line, words);
  for (llvm::StringRef word : words) {
    auto [key, value] = word.split('=');
    if (key == "after" && value != "none" && options.startAfter.empty()) {
      options.startAfter = value.str();
    } else if (key == "chip") {
      options.chip = value.str();
    } else if (key == "core-grid") {
      int64_t x = 0, y = 0;
      auto [columns, rows] = value.split('x');
      if (!columns.getAsInteger(10, x) && !rows.getAsInteger(10, y))
        options.coreGrid = {x, y};
    } else if (key == "metalium-api") {
      options.metaliumApi = value.str();
    } else if (key == "math-fidelity") {
      options.mathFidelity = value.str();
    } else if (key == "fast-math") {
      options.fastMath = true;
    } else if (key == "dst-full-sync") {
      options.dstFullSync = true;
    } else if (key == "element-by-element") {
      options.scalar = true;
    } else if (key == "name") {
      options.name = value.str();
    }
  }
}

std::pair<unsigned, unsigned> findDeepNesting(llvm::StringRef text) {
  unsigned depth = 0, line = 1, column = 0;
  bool inString = false, inComment = false;
  char previous = 0;
  for (char c : text) {
    ++column;
    if (c == '\n') {
      ++line, column = 0;
      inString = inComment = false;
    } else if (inString) {
      inString = c != '"' || previous == '\\';
    } else if (!inComment) {
      inString = c == '"';
      inComment = c == '/' && previous == '/';
      bool opens = llvm::StringRef("([{<").contains(c);
      bool closes = llvm::StringRef(")]}").contains(c) ||
                    (c == '>' && previous != '-' && previous != '=');
      if (opens && ++depth > kDeepestNesting)
        return {line, column};
      if (closes && depth > 0)
        --depth;
    }
    previous = c;
  }
  return {0, 0};
}

bool refuseDeepNesting(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    llvm::StringRef path = argv[i];
    if (path.starts_with("-") || !llvm::sys::fs::is_regular_file(path))
      continue;
    auto file = llvm::MemoryBuffer::getFile(path);
    if (!file)
      continue;
    auto [line, column] = findDeepNesting((*file)->getBuffer());
    if (line == 0)
      continue;
    llvm::errs() << path << ':' << line << ':' << column << ": error: [TW"
                 << unsigned(Code::UnreadableIR)
                 << "] brackets are nested deeper than " << kDeepestNesting
                 << '\n';
    return true;
  }
  return false;
}

} // namespace tilewright
