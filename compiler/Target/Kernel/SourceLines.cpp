//===- SourceLines.cpp - Lines of the user's program ----------------------===//

#include "compiler/Target/Kernel/SourceLines.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace tilewright;
using llvm::StringRef;

const std::vector<std::string> &SourceLines::load(StringRef file) {
  auto [entry, isNew] = files.try_emplace(file);
  if (!isNew)
    return entry->second;
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return entry->second;
  for (StringRef line : llvm::split((*buffer)->getBuffer(), '\n'))
    entry->second.push_back(line.trim().str());
  return entry->second;
}

std::string SourceLines::describe(const SourcePosition &position) {
  std::string where = llvm::sys::path::filename(position.file).str() + ":" +
                      std::to_string(position.line);
  const std::vector<std::string> &lines = load(position.file);
  if (position.line == 0 || position.line > lines.size())
    return where;
  // A backslash at the end would continue the C++ comment.
  StringRef text = StringRef(lines[position.line - 1]).rtrim("\\ \t");
  return text.empty() ? where : where + ": " + text.str();
}
