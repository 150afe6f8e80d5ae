//===- TextWriter.cpp - Indented C++ lines of at most 80 columns ----------===//

#include "compiler/Target/Kernel/TextWriter.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <optional>

using namespace tilewright;
using llvm::StringRef;

static constexpr unsigned kColumns = 80;

namespace {
/// A place where a line may be broken.
struct Break {
  size_t position = 0;              ///< the next line starts here
  unsigned cost = 0;                ///< nesting first, then what is torn apart
  llvm::SmallVector<unsigned> open; ///< columns inside the open parentheses
};
} // namespace

/// Cost of breaking before `text[at]`, beyond nesting; nullopt for no break.
static std::optional<unsigned> breakCost(StringRef text, size_t at) {
  StringRef before = text.take_front(at);
  for (auto [ending, cost] : {std::pair<StringRef, unsigned>{", ", 0},
                              {" = ", 0},
                              {"; ", 0},
                              {" || ", 2},
                              {" << ", 2},
                              {" && ", 3},
                              {" + ", 4},
                              {" - ", 4},
                              {" * ", 5}})
    if (before.ends_with(ending))
      return cost;
  StringRef after = text.drop_front(at);
  if (after.starts_with("? ") || after.starts_with(": "))
    return 1;
  return std::nullopt;
}

/// The best break of `text`, which starts at `column`, inside the line.
static std::optional<Break> findBreak(StringRef text, unsigned column,
                                      llvm::SmallVector<unsigned> open) {
  std::optional<Break> best;
  bool inString = false;
  // The space before a break does not count.
  for (size_t i = 0; i < text.size() && column + i <= kColumns + 1; ++i) {
    bool isQuote = text[i] == '"' && (i == 0 || text[i - 1] != '\\');
    bool wasInString = inString;
    inString ^= isQuote;
    if (inString || wasInString)
      continue;
    if (i > 0) {
      std::optional<unsigned> cost = breakCost(text, i);
      unsigned total = open.size() * 10 + cost.value_or(0);
      if (cost && (!best || total <= best->cost))
        best = Break{i, total, open};
    }
    // Angle brackets of template arguments have no space inside; comparisons
    // have one on both sides.
    bool opens = text[i] == '(' ||
                 (text[i] == '<' && i > 0 && llvm::isAlnum(text[i - 1]));
    bool closes =
        text[i] == ')' || (text[i] == '>' && i > 0 && text[i - 1] != ' ');
    if (opens)
      open.push_back(column + i + 1);
    else if (closes && !open.empty())
      open.pop_back();
  }
  return best;
}

void TextWriter::wrapped(StringRef line) {
  unsigned column = indent;
  llvm::SmallVector<unsigned> open;
  text += pad();
  while (column + line.size() > kColumns) {
    std::optional<Break> at = findBreak(line, column, open);
    if (!at)
      break;
    text += line.take_front(at->position).rtrim().str() + "\n";
    line = line.drop_front(at->position);
    open = at->open;
    column = open.empty() ? indent + 4 : open.back();
    text += std::string(column, ' ');
  }
  text += line.str();
}

void TextWriter::statement(StringRef line) {
  wrapped(line);
  text += "\n";
  ++count;
}

void TextWriter::comment(StringRef line) {
  text += pad() + "// " + line.str() + "\n";
  ++count;
}

void TextWriter::compound(StringRef head, const TextWriter &body) {
  ++count;
  hasCompound = true;
  if (body.isSimple()) {
    wrapped(head);
    text += "\n" + body.text;
    return;
  }
  wrapped((head + " {").str());
  text += "\n" + body.text + pad() + "}\n";
}

void TextWriter::conditional(StringRef condition, const TextWriter &then,
                             const TextWriter &otherwise, bool isElseIf) {
  std::string head = ("if (" + condition + ")").str();
  if (otherwise.empty())
    return compound(head, then);
  ++count;
  hasCompound = true;
  bool braces = !then.isSimple() || (!isElseIf && !otherwise.isSimple());
  wrapped(braces ? head + " {" : head);
  text += "\n" + then.text + pad() + (braces ? "} else" : "else");
  if (isElseIf)
    text += " " + StringRef(otherwise.text).ltrim().str();
  else
    text += (braces ? " {\n" : "\n") + otherwise.text +
            (braces ? pad() + "}\n" : "");
}
