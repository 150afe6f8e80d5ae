//===- IRDump.cpp - The IR after each pass, as files ----------------------===//

#include "compiler/Driver/IRDump.h"

#include "compiler/Driver/IRText.h"
#include "compiler/Driver/UnifiedDiff.h"
#include "compiler/Target/Artifacts/Artifacts.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace mlir;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace tilewright {

/// Whether a file name is one that an earlier dump wrote: "07_name.mlir".
static bool isDumpFile(llvm::StringRef name) {
  llvm::StringRef digits = name.take_while(llvm::isDigit);
  return digits.size() >= 2 && name.substr(digits.size()).starts_with("_") &&
         (name.ends_with(".mlir") || name.ends_with(".diff"));
}

static void removeEarlierDump(llvm::StringRef folder) {
  std::error_code error;
  std::vector<std::string> found;
  for (fs::directory_iterator it(folder, error), end; it != end && !error;
       it.increment(error))
    if (isDumpFile(path::filename(it->path())))
      found.push_back(it->path());
  for (const std::string &file : found)
    (void)fs::remove(file);
}

void IRDump::write(llvm::StringRef name, llvm::StringRef content) {
  if (!failure.empty())
    return;
  if (llvm::Error error =
          writeArtifacts(folder, {{name.str(), content.str()}})) {
    failure = llvm::toString(std::move(error));
    removeWritten();
    return;
  }
  llvm::SmallString<128> file(folder);
  path::append(file, name);
  written.push_back(file.str().str());
}

void IRDump::removeWritten() {
  for (const std::string &file : written)
    (void)fs::remove(file);
  written.clear();
  if (madeFolder)
    (void)fs::remove(folder);
}

llvm::Error IRDump::begin(ModuleOp module) {
  madeFolder = !fs::exists(folder);
  if (!madeFolder)
    removeEarlierDump(folder);
  previousName = "00_initial";
  previousText = printIR(module, /*locations=*/false);
  write("00_initial.mlir", writeIRHeader(options, options.startAfter) +
                               printIR(module, /*locations=*/true));
  return failure.empty() ? llvm::Error::success()
                         : llvm::createStringError(failure);
}

void IRDump::afterPass(llvm::StringRef name, ModuleOp module) {
  std::string stem = llvm::formatv("{0:2}_{1}", ++number, name);
  std::replace(stem.begin(), stem.end(), ' ', '0');
  std::string text = printIR(module, /*locations=*/false);
  write(stem + ".mlir",
        writeIRHeader(options, name) + printIR(module, /*locations=*/true));
  write(stem + ".diff", unifiedDiff(previousText, text, previousName, stem));
  previousName = std::move(stem);
  previousText = std::move(text);
}

llvm::Error IRDump::finish(ModuleOp module, ArrayRef<PassTime> passes) {
  write("summary.txt", summarizeIR(module, passes));
  return failure.empty() ? llvm::Error::success()
                         : llvm::createStringError(failure);
}

std::string dumpFolderFromEnvironment() {
  auto wanted = llvm::sys::Process::GetEnv("TT_DUMP_IR");
  if (!wanted)
    return {};
  std::string value = llvm::StringRef(*wanted).trim().lower();
  if (value.empty() || value == "0" || value == "false" || value == "no" ||
      value == "off")
    return {};
  auto folder = llvm::sys::Process::GetEnv("TT_DUMP_IR_DIR");
  return folder && !folder->empty() ? *folder : "ir_dumps";
}

} // namespace tilewright
