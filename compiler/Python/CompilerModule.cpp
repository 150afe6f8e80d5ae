//===- CompilerModule.cpp - tilewright._compiler --------------------------===//
//
// The compiler for Python: text in, plain data out. Errors of the program are
// diagnostics of the result; nothing but a wrong argument type raises.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Registry.h"
#include "compiler/Driver/Compile.h"
#include "compiler/Driver/Dialects.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Artifacts/Artifacts.h"
#include "mlir/IR/MLIRContext.h"
#include "tilewright/arch/Chip.h"
#include "llvm/Support/FormatVariadic.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <functional>
#include <map>
#include <stdexcept>
#include <variant>

namespace nb = nanobind;
using namespace nb::literals;
using namespace tilewright;

namespace {

/// Thrown for an option that cannot be read; becomes a diagnostic.
struct BadOptionError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string shown(nb::handle value) { return nb::repr(value).c_str(); }

template <typename T>
void read(T &into, const std::string &name, nb::handle value,
          const char *expected) {
  if (!nb::try_cast<T>(value, into))
    throw BadOptionError("option '" + name + "' is " + shown(value) + ", not " +
                         expected);
}

void readCoreGrid(CompileOptions &options, nb::handle value) {
  std::vector<int64_t> grid;
  if (!nb::try_cast<std::vector<int64_t>>(value, grid) || grid.size() != 2)
    throw BadOptionError("option 'core_grid' is " + shown(value) +
                         ", not [columns, rows]");
  options.coreGrid = {grid[0], grid[1]};
}

/// None stands for the default everywhere.
CompileOptions readOptions(const nb::dict &given) {
  CompileOptions options;
  const std::map<std::string, std::string *> texts = {
      {"name", &options.name},
      {"chip", &options.chip},
      {"metalium_api", &options.metaliumApi},
      {"math_fidelity", &options.mathFidelity},
      {"dump_dir", &options.dumpDir},
      {"start_after", &options.startAfter},
      {"stop_after", &options.stopAfter},
      {"run_only", &options.runOnly},
      {"reproducer_dir", &options.reproducerDir},
      {"fail_pass", &options.failPass}};
  const std::map<std::string, bool *> flags = {
      {"fast_math", &options.fastMath}, {"dst_full_sync", &options.dstFullSync},
      {"emit_only", &options.emitOnly}, {"scalar", &options.scalar},
      {"no_scalar", &options.noScalar}, {"strict", &options.strict}};
  for (auto [key, value] : given) {
    const std::string name = nb::str(key).c_str();
    if (value.is_none())
      continue;
    if (auto text = texts.find(name); text != texts.end())
      read(*text->second, name, value, "a string");
    else if (auto flag = flags.find(name); flag != flags.end())
      read(*flag->second, name, value, "True or False");
    else if (name == "core_grid")
      readCoreGrid(options, value);
    else
      throw BadOptionError("there is no option '" + name + "'");
  }
  return options;
}

std::string codeText(unsigned number) {
  return llvm::formatv("TW{0}", number).str();
}

/// The options, or a result that says what is wrong with them.
std::variant<CompileOptions, CompileResult>
checkOptions(const nb::dict &given) {
  try {
    return readOptions(given);
  } catch (const BadOptionError &error) {
    CompileResult result;
    Diagnostic diagnostic;
    diagnostic.severity = "error";
    diagnostic.code = codeText(static_cast<unsigned>(Code::BadOption));
    diagnostic.message = error.what();
    diagnostic.notes.push_back(
        "fix: the options are name, chip, core_grid, metalium_api, "
        "math_fidelity, fast_math, dst_full_sync, dump_dir, emit_only, scalar, "
        "no_scalar, "
        "start_after, stop_after, run_only, strict and reproducer_dir");
    result.diagnostics.push_back(std::move(diagnostic));
    return result;
  }
}

CompileResult compileText(const std::string &ir, const nb::dict &given,
                          const std::string &fileName) {
  auto options = checkOptions(given);
  if (auto *wrong = std::get_if<CompileResult>(&options))
    return std::move(*wrong);
  nb::gil_scoped_release release;
  return compile(ir, fileName, std::get<CompileOptions>(options));
}

CompileResult compileTexts(const std::vector<std::string> &irs,
                           const std::vector<std::string> &workspaces,
                           const nb::dict &given, const std::string &fileName) {
  auto options = checkOptions(given);
  if (auto *wrong = std::get_if<CompileResult>(&options))
    return std::move(*wrong);
  nb::gil_scoped_release release;
  return compileLaunches(irs, workspaces, fileName,
                         std::get<CompileOptions>(options));
}

nb::list diagnosticCatalogueRows() {
  nb::list rows;
  for (const DiagnosticEntry &entry : diagnosticCatalogue())
    rows.append(nb::make_tuple(codeText(entry.number), std::string(entry.name),
                               std::string(entry.meaning),
                               std::string(entry.advice)));
  return rows;
}

nb::dict chips() {
  nb::dict table;
  for (const arch::Chip *chip : arch::allChips()) {
    nb::dict facts;
    facts["arch"] = std::string(chip->archName);
    facts["grid"] = nb::make_tuple(chip->grid[0], chip->grid[1]);
    facts["max_grid"] = nb::make_tuple(chip->maxGrid[0], chip->maxGrid[1]);
    facts["clock_ghz"] = chip->clockGHz;
    facts["l1_bytes"] = chip->l1Bytes;
    facts["l1_free"] = chip->l1Free();
    facts["circular_buffers"] = chip->circularBuffers;
    facts["dram_banks"] = chip->dram.banks;
    table[nb::str(std::string(chip->name).c_str())] = facts;
  }
  return table;
}

nb::dict describeCall(const metalium::CallRecord &record) {
  auto arguments = [](const std::vector<metalium::CallArg> &list) {
    nb::list rows;
    for (const metalium::CallArg &arg : list)
      rows.append(nb::make_tuple(arg.name.str(), arg.summary.str()));
    return rows;
  };
  nb::list kinds;
  for (const metalium::CallArg &arg : record.operands)
    kinds.append(arg.kind.str());
  nb::dict call;
  call["name"] = record.opName.str();
  call["category"] = record.category.str();
  call["threads"] = record.threads.str();
  call["text"] = record.spellings.newest.text.str();
  call["text_2026_03"] = record.spellings.m2026_03.text.str();
  llvm::StringRef computeHeader = record.spellings.newest.computeHeader;
  call["header"] = record.dmHeader.str();
  call["compute_header"] = computeHeader.str();
  call["init"] = record.init.str();
  call["operands"] = arguments(record.operands);
  call["kinds"] = kinds;
  call["attributes"] = arguments(record.attributes);
  call["summary"] = record.summary.str();
  return call;
}

nb::list intrinsics(const std::string &category) {
  mlir::DialectRegistry registry;
  registerTilewrightDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  nb::list calls;
  for (const metalium::CallRecord *record :
       metalium::listCalls(&context, category))
    calls.append(describeCall(*record));
  return calls;
}

/// The error text of a failed write, or None.
nb::object writeFiles(const std::string &folder, const nb::dict &files) {
  std::vector<EmittedFile> list;
  for (auto [name, content] : files)
    list.emplace_back(nb::cast<std::string>(name),
                      nb::cast<std::string>(content));
  if (llvm::Error error = writeArtifacts(folder, list))
    return nb::cast(llvm::toString(std::move(error)));
  return nb::none();
}

nb::dict fileTable(const CompileResult &result) {
  nb::dict files;
  for (const auto &[name, content] : result.files)
    files[nb::str(name.c_str(), name.size())] =
        nb::str(content.c_str(), content.size());
  return files;
}

nb::list passTable(const CompileResult &result) {
  nb::list rows;
  for (const PassTime &pass : result.passes)
    rows.append(nb::make_tuple(pass.name, pass.milliseconds));
  return rows;
}

} // namespace

NB_MODULE(_compiler, m) {
  // What a program still holds when the interpreter ends is no fault of its
  // own, and nothing that a user could do something about.
  nb::set_leak_warnings(false);
  m.doc() = "The Tilewright compiler: tile IR to TT-Metalium programs.";

  nb::class_<Diagnostic>(m, "Diagnostic", "One message about a program.")
      .def_ro("severity", &Diagnostic::severity)
      .def_ro("code", &Diagnostic::code)
      .def_ro("message", &Diagnostic::message)
      .def_ro("file", &Diagnostic::file)
      .def_ro("line", &Diagnostic::line)
      .def_ro("column", &Diagnostic::column)
      .def_ro("notes", &Diagnostic::notes)
      .def("__str__", &Diagnostic::render);

  nb::class_<CompileResult>(m, "CompileResult", "What a compilation gives.")
      .def_ro("ok", &CompileResult::ok)
      .def_prop_ro("files", &fileTable,
                   "File names to contents; empty unless ok.")
      .def_prop_ro("passes", &passTable, "(name, milliseconds) in order.")
      .def_ro("diagnostics", &CompileResult::diagnostics,
              "Errors and warnings.")
      .def_ro("remarks", &CompileResult::remarks)
      .def_ro("ir", &CompileResult::ir,
              "Where the emitters did not run: the IR, with locations.")
      .def_ro("plain_ir", &CompileResult::plainIR, "The same without.")
      .def_ro("reproducer", &CompileResult::reproducer,
              "File with the IR that broke a pass, or \"\".")
      .def_ro("parse_ms", &CompileResult::parseMilliseconds)
      .def_ro("emit_ms", &CompileResult::emitMilliseconds);

  m.def("compile", &compileText, "ir"_a, "options"_a = nb::dict(),
        "file_name"_a = "input.mlir",
        "Compile textual IR. What is wrong is in the result's diagnostics.");
  m.def("compile_launches", &compileTexts, "irs"_a, "workspaces"_a,
        "options"_a = nb::dict(), "file_name"_a = "input.mlir",
        "Compile the launches of one function, an IR text each, to one folder; "
        "`workspaces` are the tensors that stand in no file.");
  m.def("diagnostic_catalogue", &diagnosticCatalogueRows,
        "(code, name, meaning, advice) of every diagnostic of the compiler.");
  m.attr("diagnostic_table") = m.attr("diagnostic_catalogue");
  m.def("chips", &chips, "The chips that programs can be compiled for.");
  m.def("passes", &pipelinePasses, "scalar"_a = false,
        "Names of the passes of a compilation, in order; of a program that "
        "runs element by element, if scalar.");
  m.def("intrinsics", &intrinsics, "category"_a = "",
        "The registry of TT-Metalium calls, or one category of it.");
  m.def("write_files", &writeFiles, "folder"_a, "files"_a,
        "Write all files or none; returns the error text or None.");
}
