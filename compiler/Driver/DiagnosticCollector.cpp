//===- DiagnosticCollector.cpp - MLIR diagnostics as plain data -----------===//

#include "compiler/Driver/DiagnosticCollector.h"

#include "compiler/Support/Codes/Emit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;

namespace tilewright {

static llvm::StringRef spell(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Remark:
    return "remark";
  case DiagnosticSeverity::Note:
    return "note";
  }
  llvm_unreachable("every severity has a name");
}

/// Takes "[TW2001] " off the front of `text` and returns "TW2001", or returns
/// "" and leaves `text`.
static std::string takeCode(std::string &text) {
  llvm::StringRef rest = text;
  if (!rest.consume_front("[TW"))
    return {};
  llvm::StringRef digits = rest.take_while(llvm::isDigit);
  rest = rest.drop_front(digits.size());
  if (digits.empty() || !rest.consume_front("] "))
    return {};
  std::string code = ("TW" + digits).str();
  text = rest.str();
  return code;
}

/// An op name of the metalium dialect that MLIR reports as unknown, or "".
static llvm::StringRef unknownIntrinsic(llvm::StringRef message) {
  if (!message.contains("unknown") && !message.contains("unregistered"))
    return {};
  size_t begin = message.find("'metalium.");
  if (begin == llvm::StringRef::npos)
    return {};
  return message.drop_front(begin + 1).take_until(
      [](char c) { return c == '\''; });
}

/// What the catalogue advises for an error that says nothing more fitting, as a
/// note; "" for faults of the compiler, which no change of a program mends.
static std::string adviceNote(llvm::StringRef code) {
  constexpr unsigned firstInternal = 9000;
  unsigned number = 0;
  if (code.drop_front(2).getAsInteger(10, number) || number >= firstInternal)
    return {};
  for (const DiagnosticEntry &entry : diagnosticCatalogue())
    if (entry.number == number && !entry.advice.empty()) {
      std::string advice(entry.advice);
      // "Use x" becomes "use x", "DST ..." stays.
      if (advice.size() > 1 && !llvm::isUpper(advice[1]))
        advice[0] = llvm::toLower(advice[0]);
      if (advice.back() == '.')
        advice.pop_back();
      return "fix: " + advice;
    }
  return {};
}

DiagnosticCollector::DiagnosticCollector(MLIRContext *context,
                                         CompileResult &result)
    : result(result), uncoded(Code::UnreadableIR),
      handler(context, [this](mlir::Diagnostic &diagnostic) {
        collect(diagnostic);
        return success();
      }) {}

void DiagnosticCollector::setUncoded(DiagnosticCode code, std::string note) {
  uncoded = code;
  uncodedNote = std::move(note);
}

void DiagnosticCollector::collect(mlir::Diagnostic &diagnostic) {
  Diagnostic entry;
  entry.severity = spell(diagnostic.getSeverity());
  entry.message = diagnostic.str();
  entry.code = takeCode(entry.message);
  SourcePosition position = getSourcePosition(diagnostic.getLocation());
  entry.file = position.file.str();
  entry.line = position.line;
  entry.column = position.column;
  for (mlir::Diagnostic &note : diagnostic.getNotes()) {
    SourcePosition place = getSourcePosition(note.getLocation());
    const bool isElsewhere =
        place.line && (place.line != entry.line || place.file != entry.file);
    entry.notes.push_back((isElsewhere
                               ? llvm::formatv("{0}:{1}:{2}: ", place.file,
                                               place.line, place.column)
                                     .str()
                               : std::string()) +
                          note.str());
  }

  bool isError = diagnostic.getSeverity() == DiagnosticSeverity::Error;
  if (isError && entry.code.empty()) {
    DiagnosticCode code = uncoded;
    llvm::StringRef intrinsic = unknownIntrinsic(entry.message);
    if (!intrinsic.empty()) {
      code = Code::UnknownIntrinsic;
      entry.message =
          ("'" + intrinsic + "' is not in the registry of TT-Metalium calls")
              .str();
      entry.notes.push_back(
          "fix: use a call that docs/reference/intrinsics.md lists");
    } else if (!uncodedNote.empty()) {
      entry.notes.push_back(uncodedNote);
    }
    entry.code = llvm::formatv("TW{0}", static_cast<unsigned>(code));
  }
  if (isError)
    ++numErrors;
  bool saysFix = llvm::any_of(entry.notes, [](llvm::StringRef note) {
    return note.starts_with("fix: ");
  });
  if (std::string advice = adviceNote(entry.code);
      isError && !saysFix && !advice.empty())
    entry.notes.push_back(advice);
  (diagnostic.getSeverity() == DiagnosticSeverity::Remark ? result.remarks
                                                          : result.diagnostics)
      .push_back(std::move(entry));
}

/// Line `line` of the file, without its end, or "" when it cannot be read.
static std::string sourceLine(const std::string &file, unsigned line) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return {};
  llvm::line_iterator lines(**buffer, /*SkipBlanks=*/false);
  for (; !lines.is_at_eof(); ++lines)
    if (lines.line_number() == line)
      return lines->str();
  return {};
}

std::string Diagnostic::render() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (line)
    os << file << ':' << line << ':' << column << ": ";
  os << severity << ": ";
  if (!code.empty())
    os << '[' << code << "] ";
  os << message << '\n';
  constexpr size_t longestShown = 200;
  if (std::string shown = line ? sourceLine(file, line) : "";
      !shown.empty() && shown.size() <= longestShown) {
    size_t indent = std::min(shown.find_first_not_of(" \t"), shown.size());
    os << "    " << shown.substr(indent) << '\n';
    if (column > indent)
      os << "    " << std::string(column - 1 - indent, ' ') << "^\n";
  }
  for (const std::string &note : notes)
    os << "  " << note << '\n';
  return text;
}

} // namespace tilewright
