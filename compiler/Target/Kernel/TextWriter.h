//===- TextWriter.h - Indented C++ lines of at most 80 columns --*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_TEXTWRITER_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_TEXTWRITER_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tilewright {

/// Collects statements. Long ones are broken after commas and operators, with
/// the rest under the innermost open parenthesis.
class TextWriter {
public:
  explicit TextWriter(unsigned indent = 0) : indent(indent) {}

  /// A simple statement, with its semicolon.
  void statement(llvm::StringRef text);
  /// A comment line, which is never broken.
  void comment(llvm::StringRef text);
  /// `head` and a body that was written with `nested()`; braces unless the body
  /// is one simple statement.
  void compound(llvm::StringRef head, const TextWriter &body);
  /// `if (condition)` with both branches; `otherwise` may be empty. A branch
  /// that is one `if` follows on the line of the `else`.
  void conditional(llvm::StringRef condition, const TextWriter &then,
                   const TextWriter &otherwise, bool isElseIf);

  /// A writer for what stands inside `{ }` here, or beside an `else`.
  TextWriter nested() const { return TextWriter(indent + 2); }
  TextWriter sibling() const { return TextWriter(indent); }

  bool empty() const { return count == 0; }
  llvm::StringRef str() const { return text; }

private:
  /// Whether the content needs no braces.
  bool isSimple() const { return count == 1 && !hasCompound; }
  void wrapped(llvm::StringRef line);
  std::string pad() const { return std::string(indent, ' '); }

  unsigned indent;
  unsigned count = 0;
  bool hasCompound = false;
  std::string text;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_TEXTWRITER_H
