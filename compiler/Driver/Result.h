//===- Result.h - What a compilation hands back -----------------*- C++ -*-===//
//
// Plain data without MLIR types: it outlives the context that it came from.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_RESULT_H
#define TILEWRIGHT_COMPILER_DRIVER_RESULT_H

#include <string>
#include <utility>
#include <vector>

namespace tilewright {

/// One message about the program. `notes` holds the lines below it, such as
/// "fix: make both sides the same size".
struct Diagnostic {
  std::string severity; ///< "error", "warning", "remark" or "note"
  std::string code;     ///< "TW2001", or "" for a remark without one
  std::string message;  ///< without the code
  std::string file;     ///< "" when there is no place
  unsigned line = 0;    ///< from 1; 0 when there is no place
  unsigned column = 0;  ///< from 1
  std::vector<std::string> notes;

  /// "gemm.py:31:9: error: [TW2001] ...", then the source line if the file can
  /// be read, then the notes.
  std::string render() const;
};

/// Wall time of one pass, its verification included.
struct PassTime {
  std::string name;
  double milliseconds;
};

/// An emitted file: name inside the folder, content.
using EmittedFile = std::pair<std::string, std::string>;

struct CompileResult {
  bool ok = false;
  std::vector<EmittedFile> files;      ///< the six, or none
  std::vector<PassTime> passes;        ///< in the order they ran
  std::vector<Diagnostic> diagnostics; ///< errors and warnings
  std::vector<Diagnostic> remarks;
  std::string ir;          ///< when the emitters did not run: the IR, as
                           ///< IRDump writes it
  std::string plainIR;     ///< the same without locations
  std::string reproducer;  ///< file with the IR that broke a pass, or ""
  double parseMilliseconds = 0;
  double emitMilliseconds = 0;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_RESULT_H
