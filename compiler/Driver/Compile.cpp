//===- Compile.cpp - From tile IR to the six files ------------------------===//

#include "compiler/Driver/Compile.h"

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Driver/DiagnosticCollector.h"
#include "compiler/Driver/Dialects.h"
#include "compiler/Driver/IRDump.h"
#include "compiler/Driver/IRText.h"
#include "compiler/Driver/PassRun.h"
#include "compiler/Driver/PassSelection.h"
#include "compiler/Driver/Reproducer.h"
#include "compiler/Passes/A_Metadata/SmallFloats.h"
#include "compiler/Passes/A_Metadata/SmallIntegers.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/Internal.h"
#include "compiler/Support/Codes/StageC.h"
#include "compiler/Target/Artifacts/Artifacts.h"
#include "compiler/Target/Emit.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "tilewright/arch/Chip.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"

#include <chrono>

using namespace mlir;

namespace tilewright {

namespace {

/// Milliseconds since it was made.
class Stopwatch {
public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin)
        .count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin = Clock::now();
};

/// Times passes, dumps the IR after each, and remembers which one runs.
class PassObserver : public PassInstrumentation {
public:
  PassObserver(CompileResult &result, DiagnosticCollector &diagnostics,
               IRDump *dump, std::string &running, std::string &complaining)
      : result(result), diagnostics(diagnostics), dump(dump), running(running),
        complaining(complaining) {}

  void runBeforePass(Pass *pass, Operation *) override {
    if (pass->getArgument().empty()) // an adaptor that nests passes
      return;
    diagnostics.setUncoded(Code::PassFault,
                           "the pass is " + pass->getArgument().str() +
                               "; this is a fault of the compiler");
    running = pass->getArgument().str();
    watch = Stopwatch();
  }

  void runAfterPass(Pass *pass, Operation *op) override { record(pass, op); }
  void runAfterPassFailed(Pass *pass, Operation *op) override {
    record(pass, op);
  }

private:
  void record(Pass *pass, Operation *op) {
    if (pass->getArgument().empty())
      return;
    result.passes.push_back({pass->getArgument().str(), watch.milliseconds()});
    // Passes go on after an error that is only reported; this one is to blame.
    if (complaining.empty() && diagnostics.errors() > 0)
      complaining = pass->getArgument().str();
    auto module = dyn_cast<ModuleOp>(op);
    if (dump && module)
      dump->afterPass(pass->getArgument(), module);
  }

  CompileResult &result;
  DiagnosticCollector &diagnostics;
  IRDump *dump;
  std::string &running;     ///< the pass that runs, or ran last
  std::string &complaining; ///< the first pass with an error, or ""
  Stopwatch watch;
};

/// One compilation: the context, what is collected, and the steps.
class Compilation {
public:
  Compilation(const CompileOptions &given, llvm::StringRef text,
              CompileResult &result)
      : options(given), result(result),
        context(MLIRContext::Threading::DISABLED),
        diagnostics(&context, result) {
    readIRHeader(text, options);
    DialectRegistry registry;
    registerTilewrightDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  /// Returns the pass that broke, or "".
  std::string run(llvm::StringRef text, llvm::StringRef fileName) {
    if (failed(checkOptions(fileName)))
      return {};
    FailureOr<PassSelection> selected =
        selectPasses(FileLineColLoc::get(&context, fileName, 0, 0), options);
    if (failed(selected) || failed(parse(text, fileName)))
      return {};
    selection = *selected;
    std::string folder = options.dumpDir;
    std::optional<IRDump> dump;
    if (!folder.empty() &&
        failed(reportDump(dump.emplace(folder, options).begin(*module))))
      return {};
    LogicalResult passes = runPasses(dump ? &*dump : nullptr);
    if (crashed)
      return running;
    if (dump && failed(reportDump(dump->finish(*module, result.passes))))
      return {};
    if (succeeded(passes)) {
      if (selection.emits && !options.keepProgram)
        emit();
      else
        keepIR();
      return {};
    }
    bool isBroken = llvm::any_of(result.diagnostics, [](const auto &each) {
      return each.code == "TW9001";
    });
    if (!isBroken)
      return {};
    return complaining.empty() ? running : complaining;
  }

  /// What a crash left cannot be destroyed.
  bool hasCrashed() const { return crashed; }

private:
  LogicalResult checkOptions(llvm::StringRef fileName);
  LogicalResult parse(llvm::StringRef text, llvm::StringRef fileName);
  LogicalResult runPasses(IRDump *dump);
  LogicalResult reportDump(llvm::Error error);
  void emit();
  void keepIR();
  void reportCrash();

  CompileOptions options;
  CompileResult &result;
  PassSelection selection;
  std::string running;     ///< the pass that runs, or ran last
  std::string complaining; ///< the first pass with an error, or ""
  bool crashed = false;
  MLIRContext context;
  DiagnosticCollector diagnostics;
  OwningOpRef<ModuleOp> module;
};

} // namespace

LogicalResult Compilation::checkOptions(llvm::StringRef fileName) {
  Location location = FileLineColLoc::get(&context, fileName, 0, 0);
  const arch::Chip *chip = arch::findChip(options.chip);
  if (!chip) {
    auto diag = emitCoded(location, Code::BadOption)
                << "there is no chip '" << options.chip << "'";
    auto &note = diag.attachNote() << "fix: use one of";
    for (const arch::Chip *known : arch::allChips())
      note << ' ' << llvm::StringRef(known->name);
    return failure();
  }
  if (options.coreGrid) {
    auto [x, y] = *options.coreGrid;
    if (x < 1 || y < 1 || x > chip->maxGrid[0] || y > chip->maxGrid[1]) {
      auto diag = emitCoded(location, Code::BadOption)
                  << "a core grid of " << x << "x" << y << " is not on "
                  << options.chip;
      diag.attachNote() << "fix: use 1x1 to " << chip->maxGrid[0] << "x"
                        << chip->maxGrid[1] << " cores";
      return failure();
    }
  }
  if (!metalium::parseApiGeneration(options.metaliumApi)) {
    auto diag = emitCoded(location, Code::UnknownApiGeneration)
                << "there is no TT-Metalium API generation '"
                << options.metaliumApi << "'";
    diag.attachNote() << "fix: use 2026-08 or 2026-03";
    return failure();
  }
  if (!metalium::symbolizeMathFidelity(options.mathFidelity)) {
    auto diag = emitCoded(location, Code::BadOption)
                << "there is no math fidelity '" << options.mathFidelity << "'";
    diag.attachNote() << "fix: use LoFi, HiFi2, HiFi3 or HiFi4";
    return failure();
  }
  return success();
}

LogicalResult Compilation::parse(llvm::StringRef text,
                                 llvm::StringRef fileName) {
  Stopwatch watch;
  diagnostics.setUncoded(
      Code::UnreadableIR,
      "fix: the text must be IR that tilewright-opt accepts");
  if (auto [line, column] = findDeepNesting(text); line)
    return emitCoded(FileLineColLoc::get(&context, fileName, line, column),
                     Code::UnreadableIR)
           << "brackets are nested deeper than " << kDeepestNesting;
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(
      llvm::MemoryBuffer::getMemBufferCopy(text, fileName), llvm::SMLoc());
  module = parseSourceFile<ModuleOp>(sources, ParserConfig(&context));
  result.parseMilliseconds = watch.milliseconds();
  if (module)
    return success();
  if (diagnostics.errors() == 0)
    emitCoded(FileLineColLoc::get(&context, fileName, 0, 0), Code::UnreadableIR)
        << "the text is not IR";
  return failure();
}

LogicalResult Compilation::runPasses(IRDump *dump) {
  PassManager manager(&context, ModuleOp::getOperationName());
  buildPipeline(manager, options, [&](llvm::StringRef pass) {
    return selection.wanted.count(pass.str()) != 0;
  });
  manager.addInstrumentation(std::make_unique<PassObserver>(
      result, diagnostics, dump, running, complaining));
  PassRun run = runPassManager(manager, *module, options);
  if (run.crashed) {
    crashed = true;
    reportCrash();
    (void)module.release();
    return failure();
  }
  if (run.succeeded)
    return success();
  if (diagnostics.errors() == 0)
    emitCoded(module->getLoc(), Code::PassFault)
        << "the pass " << (running.empty() ? "manager" : running)
        << " failed without saying why";
  return failure();
}

/// The context is not to be used any more.
void Compilation::reportCrash() {
  Diagnostic diagnostic;
  diagnostic.severity = "error";
  diagnostic.code =
      llvm::formatv("TW{0}", static_cast<unsigned>(Code::PassCrash));
  diagnostic.message = "the pass " + running + " crashed";
  diagnostic.notes.push_back("this is a fault of the compiler");
  result.diagnostics.push_back(std::move(diagnostic));
}

void Compilation::keepIR() {
  llvm::StringRef after = result.passes.empty()
                              ? llvm::StringRef(options.startAfter)
                              : llvm::StringRef(result.passes.back().name);
  result.plainIR = printIR(*module, /*locations=*/false);
  result.ir =
      writeIRHeader(options, after) + printIR(*module, /*locations=*/true);
  result.ok = true;
}

LogicalResult Compilation::reportDump(llvm::Error error) {
  if (!error)
    return success();
  // No line of the program is to blame.
  auto diag = emitCoded(UnknownLoc::get(&context), Code::UnwritableFolder)
              << "IR dump: " << llvm::toString(std::move(error));
  diag.attachNote()
      << "fix: name a folder that can be written in TT_DUMP_IR_DIR or where "
         "the dump is asked for";
  return failure();
}

void Compilation::emit() {
  Stopwatch watch;
  diagnostics.setUncoded(Code::EmitterFault, "this is a fault of the compiler");
  if (options.failPass == "emit!")
    module->emitError() << "broken on purpose";
  metalium::ApiGeneration api =
      *metalium::parseApiGeneration(options.metaliumApi);
  if (succeeded(emitProgram(*module, {api, options.name}, result.files)) &&
      diagnostics.errors() == 0)
    result.ok = true;
  else
    result.files.clear();
  result.emitMilliseconds = watch.milliseconds();
}

/// Runs one compilation; returns the pass that broke, or "".
static std::string runOnce(llvm::StringRef irText, llvm::StringRef fileName,
                           const CompileOptions &options,
                           CompileResult &result) {
  auto compilation = std::make_unique<Compilation>(options, irText, result);
  std::string broken = compilation->run(irText, fileName);
  if (compilation->hasCrashed())
    (void)compilation.release();
  return broken;
}

/// Hands to `keep` the IR that `pass` was given, then as small as it still
/// breaks; nothing if it cannot be made again.
static void makeReproducer(llvm::StringRef irText, llvm::StringRef fileName,
                           const std::string &pass, CompileOptions options,
                           llvm::function_ref<void(llvm::StringRef)> keep) {
  readIRHeader(irText, options);
  options.dumpDir.clear();
  std::vector<std::string> passes = pipelinePasses(options.scalar);
  auto at = llvm::find(passes, pass);
  std::string text = irText.str();
  std::string before = options.startAfter;
  if (at != passes.begin() && at != passes.end() && *std::prev(at) != before) {
    before = options.stopAfter = *std::prev(at);
    CompileResult earlier;
    if (!runOnce(irText, fileName, options, earlier).empty() || !earlier.ok)
      return;
    text = earlier.ir;
  }
  DialectRegistry registry;
  registerTilewrightDialects(registry);
  // A crash may leave the context and the module unusable: they stay behind.
  auto *context = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  ModuleOp module = parseSourceString<ModuleOp>(text, context).release();
  if (!module || tryPass(module, pass, options) != PassEnd::Broken)
    return;
  auto print = [&] {
    keep(writeIRHeader(options, before) + printIR(module, /*locations=*/true));
  };
  print();
  reduceForPass(module, pass, options);
  print();
}

/// Writes the reproducer and says so in the last diagnostic.
static void reproduce(llvm::StringRef irText, llvm::StringRef fileName,
                      const std::string &pass, const CompileOptions &options,
                      CompileResult &result) {
  std::string text =
      runInChild([&](llvm::function_ref<void(llvm::StringRef)> keep) {
        makeReproducer(irText, fileName, pass, options, keep);
      });
  if (text.empty() || result.diagnostics.empty())
    return;
  std::string folder =
      options.reproducerDir.empty() ? "." : options.reproducerDir;
  std::string name = "tilewright-reproducer-" + pass + ".mlir";
  std::vector<std::string> &notes = result.diagnostics.back().notes;
  if (llvm::Error error = writeArtifacts(folder, {{name, text}})) {
    notes.push_back("the IR that breaks it was not kept: " +
                    llvm::toString(std::move(error)));
    return;
  }
  result.reproducer = folder + "/" + name;
  notes.push_back("fix: report it with the file " + result.reproducer +
                  ", which breaks when it is compiled");
}

/// Whether one of the errors says that a program has no tile form, not that it
/// is wrong.
static bool hasNoTileForm(const CompileResult &result) {
  return llvm::any_of(result.diagnostics, [](const Diagnostic &each) {
    unsigned number = 0;
    return each.severity == "error" &&
           llvm::to_integer(llvm::StringRef(each.code).drop_front(2), number) &&
           meansNoTileForm(number);
  });
}

static bool isOutOfRoom(const Diagnostic &diagnostic) {
  auto is = [&](DiagnosticCode code) {
    return diagnostic.code == "TW" + std::to_string(unsigned(code));
  };
  return diagnostic.severity == "error" &&
         (is(Code::TooManyCBs) || is(Code::L1Overflow));
}

/// Whether the tile form moves single elements, and its blocks do not fit a
/// core: the scalar form has arrays of the size that the program says.
static bool hasNoRoomToMove(const CompileResult &result) {
  auto isMove = [](const Diagnostic &each) {
    return each.code == "TW" + std::to_string(unsigned(Code::ElementsMoved));
  };
  return llvm::any_of(result.diagnostics, isOutOfRoom) &&
         (llvm::any_of(result.diagnostics, isMove) ||
          llvm::any_of(result.remarks, isMove));
}

/// Whether an error of the scalar form is of the program, or of the compiler,
/// and not of a form that does not exist.
static bool isFaultOfScalarForm(const Diagnostic &error) {
  unsigned number = 0;
  if (!llvm::to_integer(llvm::StringRef(error.code).drop_front(2), number))
    return true;
  auto is = [&](DiagnosticCode code) {
    return number == static_cast<unsigned>(code);
  };
  constexpr unsigned validator = 5500, internal = 9000;
  return is(Code::UninitialisedBuffer) || is(Code::ParallelRace) ||
         number / 100 == validator / 100 || number >= internal;
}

/// Tries the scalar form of a program without tile form; says in a remark what
/// forced it. The errors stay when that form does not exist either, and give
/// way to what is wrong with the program whatever its form.
static void compileScalar(llvm::StringRef irText, llvm::StringRef fileName,
                          const CompileOptions &options,
                          CompileResult &result) {
  CompileOptions scalar = options;
  scalar.scalar = true;
  if (!scalar.dumpDir.empty()) // beside what was tried first
    scalar.dumpDir += "/element_by_element";
  CompileResult second;
  runOnce(irText, fileName, scalar, second);
  auto isError = [](const Diagnostic &each) {
    return each.severity == "error";
  };
  auto first = llvm::find_if(result.diagnostics, isError);
  if (!second.ok) {
    auto other = llvm::find_if(second.diagnostics, isError);
    if (other != second.diagnostics.end() && isFaultOfScalarForm(*other)) {
      other->notes.push_back("the program runs element by element: " +
                             first->message + " (" + first->code + ")");
      result = std::move(second);
      return;
    }
    if (other != second.diagnostics.end() && other->message != first->message)
      first->notes.push_back("element by element it does not run either: " +
                             other->message + " (" + other->code + ")");
    return;
  }
  Diagnostic remark = *first;
  remark.severity = "remark";
  remark.code =
      llvm::formatv("TW{0}", static_cast<unsigned>(Code::ScalarProgram));
  remark.message = "the program runs element by element on data-movement "
                   "cores, which is slow: " +
                   first->message + " (" + first->code + ")";
  second.remarks.insert(second.remarks.begin(), std::move(remark));
  result = std::move(second);
}

namespace {

/// The programs of compiled launches in one context.
struct LinkedLaunches {
  explicit LinkedLaunches(CompileResult &result)
      : context(registry(), MLIRContext::Threading::DISABLED),
        diagnostics(&context, result) {
    context.loadAllAvailableDialects();
    diagnostics.setUncoded(Code::EmitterFault,
                           "this is a fault of the compiler");
  }

  LogicalResult read(const std::vector<CompileResult> &launches) {
    modules.clear();
    programs.clear();
    for (const CompileResult &launch : launches) {
      modules.push_back(
          parseSourceString<ModuleOp>(launch.ir, ParserConfig(&context)));
      FailureOr<metalium::ProgramOp> program = failure();
      if (modules.back())
        program = findProgram(*modules.back());
      if (failed(program))
        return failure();
      programs.push_back(*program);
    }
    return success();
  }

  /// For each launch the bytes of a core's L1 that tensors of the others take:
  /// each tensor once for every way in which it lies there.
  std::vector<int64_t> bytesOfOthers() {
    std::vector<int64_t> bytes;
    for (metalium::ProgramOp program : programs) {
      ArrayRef<int64_t> grid = program.getWorkAttr().getCoreGrid();
      llvm::SmallVector<std::pair<llvm::StringRef, Attribute>> counted;
      auto count = [&](metalium::ProgramOp from) {
        int64_t sum = 0;
        for (auto tensor : from.getBody().getOps<metalium::TensorOp>()) {
          MemRefType type = tensor.getTensorType();
          std::pair<llvm::StringRef, Attribute> form = {tensor.getSymName(),
                                                        type.getMemorySpace()};
          if (llvm::is_contained(counted, form))
            continue;
          counted.push_back(form);
          sum += tt::getL1BytesPerCore(type, grid[0] * grid[1]);
        }
        return sum;
      };
      count(program);
      bytes.push_back(0);
      for (metalium::ProgramOp other : programs)
        bytes.back() += count(other);
    }
    return bytes;
  }

  static DialectRegistry registry() {
    DialectRegistry made;
    registerTilewrightDialects(made);
    return made;
  }

  MLIRContext context;
  DiagnosticCollector diagnostics;
  std::vector<OwningOpRef<ModuleOp>> modules;
  std::vector<metalium::ProgramOp> programs;
};

} // namespace

/// Compiles one launch into the place of `launch`; false with its diagnostics
/// in `result` where that fails.
static bool compileLaunch(const std::string &text, llvm::StringRef fileName,
                          const CompileOptions &options, size_t number,
                          int64_t reservedL1, CompileResult &launch,
                          CompileResult &result) {
  CompileOptions each = options;
  each.keepProgram = true;
  each.reservedL1 = reservedL1;
  if (!each.dumpDir.empty())
    each.dumpDir += "/launch_" + std::to_string(number);
  launch = compile(text, fileName, each);
  llvm::append_range(result.passes, launch.passes);
  result.parseMilliseconds += launch.parseMilliseconds;
  if (launch.ok)
    return true;
  llvm::append_range(result.diagnostics, launch.diagnostics);
  llvm::append_range(result.remarks, launch.remarks);
  result.reproducer = launch.reproducer;
  return false;
}

/// Launches share tensors, so all of them have those of 8-bit floats and of
/// narrow integers in the same form.
static void chooseSmallTypes(const std::vector<std::string> &irTexts,
                             CompileOptions &options) {
  auto mentions = [](const std::string &text) {
    llvm::StringRef ir = text;
    return ir.contains("f8E") || ir.contains("xi8,") || ir.contains("xui8,") ||
           ir.contains("xi16,") || ir.contains("xui16,") || ir.contains("xi1,");
  };
  if (llvm::none_of(irTexts, mentions))
    return;
  DialectRegistry registry;
  registerTilewrightDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) {});
  SmallIntegers all;
  for (const std::string &text : irTexts) {
    auto module = parseSourceString<ModuleOp>(text, ParserConfig(&context));
    if (!module)
      return;
    for (auto func : module->getOps<tile::FuncOp>()) {
      options.keepSmallFloats |= makesSmallFloats(func);
      SmallIntegers found = findSmallIntegers(func);
      all.computed |= found.computed;
      bool isExact = !found.multiplied || options.mathFidelity == "HiFi4";
      all.holdable &= found.holdable && isExact;
    }
  }
  bool hold = all.computed && all.holdable;
  options.keepSmallIntegers |= !hold;
  options.holdSmallIntegers |= hold && irTexts.size() > 1;
}

CompileResult compileLaunches(const std::vector<std::string> &irTexts,
                              const std::vector<std::string> &workspaces,
                              llvm::StringRef fileName,
                              const CompileOptions &given) {
  CompileResult result;
  CompileOptions options = given;
  chooseSmallTypes(irTexts, options);
  std::vector<CompileResult> launches(irTexts.size());
  for (auto [number, text] : llvm::enumerate(irTexts))
    if (!compileLaunch(text, fileName, options, number, 0, launches[number],
                       result))
      return result;
  Stopwatch watch;
  LinkedLaunches linked(result);
  if (failed(linked.read(launches)))
    return result;
  // Circular buffers make room for tensors that other launches put into L1.
  std::vector<int64_t> others = linked.bytesOfOthers();
  for (auto [number, text] : llvm::enumerate(irTexts))
    if (others[number] &&
        !compileLaunch(text, fileName, options, number, others[number],
                       launches[number], result))
      return result;
  if (failed(linked.read(launches)))
    return result;
  for (const CompileResult &launch : launches) {
    llvm::append_range(result.diagnostics, launch.diagnostics);
    llvm::append_range(result.remarks, launch.remarks);
  }
  metalium::ApiGeneration api =
      *metalium::parseApiGeneration(options.metaliumApi);
  result.ok = succeeded(emitLaunches(linked.programs, workspaces,
                                     {api, options.name}, result.files)) &&
              linked.diagnostics.errors() == 0;
  if (!result.ok)
    result.files.clear();
  result.emitMilliseconds = watch.milliseconds();
  return result;
}

CompileResult compile(llvm::StringRef irText, llvm::StringRef fileName,
                      const CompileOptions &options) {
  CompileResult result;
  std::string broken = runOnce(irText, fileName, options, result);
  CompileOptions said = options;
  readIRHeader(irText, said);
  bool isWhole = said.startAfter.empty() && options.stopAfter.empty() &&
                 options.runOnly.empty() && !options.emitOnly;
  // Buffers in parts may be too many for a core.
  if (isWhole && llvm::any_of(result.diagnostics, isOutOfRoom)) {
    CompileOptions whole = options;
    whole.keepBuffers = true;
    CompileResult other;
    std::string otherBroken = runOnce(irText, fileName, whole, other);
    if (otherBroken.empty() && (other.ok || hasNoTileForm(other)))
      result = std::move(other);
  }
  if (!result.ok && broken.empty() && isWhole && !said.scalar &&
      !options.noScalar && (hasNoTileForm(result) || hasNoRoomToMove(result)))
    compileScalar(irText, fileName, options, result);
  if (!result.ok && !said.startAfter.empty() && !said.scalar &&
      hasNoTileForm(result))
    for (Diagnostic &each : result.diagnostics)
      if (each.severity == "error")
        each.notes.insert(each.notes.begin(),
                          "only a whole program is tried element by element, "
                          "not the IR after " +
                              said.startAfter);
  if (!broken.empty())
    reproduce(irText, fileName, broken, options, result);
  if (options.strict)
    for (Diagnostic &each : result.diagnostics)
      if (each.severity == "warning") {
        each.severity = "error";
        each.notes.push_back("warnings are errors in strict mode");
        result.ok = false;
        result.files.clear();
      }
  return result;
}

} // namespace tilewright
