//===- tilewright-compile.cpp - The compile driver on an IR file ----------===//
//
// `tilewright-compile a.mlir -o DIR` compiles textual IR and writes the folder.
// Diagnostics go to the terminal; the exit status is 0 when the folder is
// written.
//
//===----------------------------------------------------------------------===//

#include "compiler/Driver/Compile.h"
#include "compiler/Driver/IRDump.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Artifacts/Artifacts.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace tilewright;
namespace cl = llvm::cl;

static cl::opt<std::string> inputFile(cl::Positional, cl::desc("FILE.mlir"),
                                      cl::init("-"));
static cl::opt<std::string> outputFolder("o", cl::desc("Folder to write"),
                                         cl::value_desc("DIR"));
static cl::opt<std::string> chip("chip", cl::desc("n150, n300, p100a or p150"),
                                 cl::init("n150"));
static cl::list<int64_t> coreGrid("core-grid", cl::desc("Columns,rows"),
                                  cl::CommaSeparated);
static cl::opt<std::string> metaliumApi("metalium-api",
                                        cl::desc("2026-08 or 2026-03"),
                                        cl::init("2026-08"));
static cl::opt<std::string>
    mathFidelity("math-fidelity", cl::desc("LoFi to HiFi4"), cl::init("HiFi4"));
static cl::opt<std::string>
    dumpDir("dump-dir", cl::desc("Folder for the IR after each pass"));
static cl::opt<bool>
    emitOnly("emit-only", cl::desc("Run no pass: the IR is that of stage E"));
static cl::opt<bool> scalar(
    "scalar", cl::desc("Compile to element-wise loops, without tiles"));
static cl::opt<bool> noScalar(
    "no-scalar", cl::desc("A program without tile form is an error"));
static cl::opt<std::string>
    startAfter("after", cl::desc("The IR is that after this pass"));
static cl::opt<std::string> stopAfter("stop-after",
                                      cl::desc("Print the IR after this pass"));
static cl::opt<std::string>
    runOnly("run-only", cl::desc("Run one pass, print the IR after it"));
static cl::opt<bool> strict("strict", cl::desc("Warnings are errors"));
static cl::opt<std::string> failPass("fail-pass", cl::Hidden);
static cl::opt<std::string>
    reproducerDir("reproducer-dir",
                  cl::desc("Folder for IR that breaks a pass"));
static cl::opt<bool> timing("times", cl::desc("Print the time of each pass"));

/// Prints an error that has no place in a program.
static int fail(DiagnosticCode code, const std::string &message,
                const char *fix) {
  llvm::errs() << llvm::formatv("error: [TW{0}] {1}\n  {2}\n",
                                static_cast<unsigned>(code), message, fix);
  return 1;
}

static void printTimes(const CompileResult &result) {
  llvm::outs() << llvm::formatv("{0,9:F3} ms  parse\n",
                                result.parseMilliseconds);
  for (const PassTime &pass : result.passes)
    llvm::outs() << llvm::formatv("{0,9:F3} ms  {1}\n", pass.milliseconds,
                                  pass.name);
  llvm::outs() << llvm::formatv("{0,9:F3} ms  emit\n", result.emitMilliseconds);
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "Tilewright compiler\n");
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(inputFile, /*IsText=*/true);
  if (!buffer)
    return fail(Code::UnreadableIR,
                "cannot read '" + inputFile +
                    "': " + buffer.getError().message(),
                "fix: give a file of IR text");

  CompileOptions options;
  options.chip = chip;
  if (coreGrid.size() == 2)
    options.coreGrid = {coreGrid[0], coreGrid[1]};
  options.metaliumApi = metaliumApi;
  options.mathFidelity = mathFidelity;
  options.dumpDir = dumpDir.empty() ? dumpFolderFromEnvironment() : dumpDir;
  options.emitOnly = emitOnly;
  options.scalar = scalar;
  options.noScalar = noScalar;
  options.startAfter = startAfter;
  options.stopAfter = stopAfter;
  options.runOnly = runOnly;
  options.strict = strict;
  options.failPass = failPass;
  options.reproducerDir = reproducerDir;
  CompileResult result = compile((*buffer)->getBuffer(), inputFile, options);
  for (const Diagnostic &diagnostic : result.diagnostics)
    llvm::errs() << diagnostic.render();
  for (const Diagnostic &remark : result.remarks)
    llvm::errs() << remark.render();
  if (timing)
    printTimes(result);
  if (!result.ok)
    return 1;
  llvm::outs() << result.ir;
  if (outputFolder.empty() || result.files.empty())
    return 0;
  if (llvm::Error error = writeArtifacts(outputFolder, result.files))
    return fail(Code::UnwritableFolder, llvm::toString(std::move(error)),
                "fix: give a folder that can be written; nothing was left");
  return 0;
}
