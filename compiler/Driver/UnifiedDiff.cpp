//===- UnifiedDiff.cpp - Difference of two texts --------------------------===//
//
// The greedy algorithm of E. Myers, "An O(ND) difference algorithm and its
// variations" (1986):
//
// 1. Lines that both texts begin or end with are set aside.
// 2. For d = 0, 1, ... edits, the furthest point reached on each diagonal is
//    extended by one edit and then along equal lines; all furthest points of
//    each d are kept.
// 3. From the end, the kept points give the edits in reverse.
// 4. Edits closer than twice the context share a hunk.
//
// Beyond `kMaxEdits` edits the middle is shown as replaced whole: memory grows
// with the square of the edits, and such a diff is not read line by line.
//
//===----------------------------------------------------------------------===//

#include "compiler/Driver/UnifiedDiff.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"

#include <vector>

using namespace llvm;

namespace {

constexpr int kMaxEdits = 2000;

using Lines = ArrayRef<StringRef>;

/// One line of the result: ' ' kept, '-' only before, '+' only after.
struct Edit {
  char kind;
  StringRef line;
};

} // namespace

static SmallVector<StringRef> splitLines(StringRef text) {
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  if (!lines.empty() && lines.back().empty())
    lines.pop_back();
  return lines;
}

/// Step 3: walks back from the ends of both texts; `reached[d]` holds the
/// furthest points before edit d, indexed by diagonal + d.
static void walkBack(Lines before, Lines after,
                     ArrayRef<std::vector<int>> reached,
                     std::vector<Edit> &reversed) {
  int x = before.size(), y = after.size();
  for (int d = reached.size() - 1; d >= 0; --d) {
    const std::vector<int> &points = reached[d];
    auto at = [&](int k) { return points[k + d]; };
    int k = x - y;
    bool down = d > 0 && (k == -d || (k != d && at(k - 1) < at(k + 1)));
    int previousK = down ? k + 1 : k - 1;
    int previousX = d > 0 ? at(previousK) : 0;
    int previousY = d > 0 ? previousX - previousK : 0;
    while (x > previousX && y > previousY && before[x - 1] == after[y - 1]) {
      reversed.push_back({' ', before[x - 1]});
      --x, --y;
    }
    if (d == 0)
      return;
    if (down)
      reversed.push_back({'+', after[--y]});
    else
      reversed.push_back({'-', before[--x]});
  }
}

/// Step 2. Appends the edits from `before` to `after`.
static void compareMiddle(Lines before, Lines after, std::vector<Edit> &edits) {
  int n = before.size(), m = after.size();
  std::vector<std::vector<int>> reached;
  std::vector<int> points(2, 0);
  for (int d = 0; d <= std::min(n + m, kMaxEdits); ++d) {
    // `points` covers diagonals -d .. d after edit d; index k + d.
    reached.push_back(points);
    std::vector<int> next(2 * d + 3, 0);
    for (int k = -d; k <= d; k += 2) {
      auto at = [&](int diagonal) { return points[diagonal + d]; };
      int x = 0;
      if (d > 0)
        x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1)
                                                         : at(k - 1) + 1;
      int y = x - k;
      while (x < n && y < m && before[x] == after[y])
        ++x, ++y;
      next[k + d + 1] = x;
      if (x < n || y < m)
        continue;
      std::vector<Edit> reversed;
      walkBack(before, after, reached, reversed);
      edits.insert(edits.end(), reversed.rbegin(), reversed.rend());
      return;
    }
    points = std::move(next);
  }
  for (StringRef line : before)
    edits.push_back({'-', line});
  for (StringRef line : after)
    edits.push_back({'+', line});
}

static std::vector<Edit> compare(Lines before, Lines after) {
  size_t prefix = 0;
  size_t shortest = std::min(before.size(), after.size());
  while (prefix < shortest && before[prefix] == after[prefix])
    ++prefix;
  size_t suffix = 0;
  while (suffix < shortest - prefix &&
         before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix])
    ++suffix;

  std::vector<Edit> edits;
  for (StringRef line : before.take_front(prefix))
    edits.push_back({' ', line});
  compareMiddle(before.drop_front(prefix).drop_back(suffix),
                after.drop_front(prefix).drop_back(suffix), edits);
  for (StringRef line : before.take_back(suffix))
    edits.push_back({' ', line});
  return edits;
}

/// "12,3", or "12" for one line, or "11,0" for none, as diff prints a range.
static void printRange(raw_ostream &os, size_t start, size_t count) {
  os << (count == 0 ? start : start + 1);
  if (count != 1)
    os << ',' << count;
}

std::string tilewright::unifiedDiff(StringRef before, StringRef after,
                                    StringRef beforeName, StringRef afterName,
                                    unsigned context) {
  if (before == after)
    return {};
  SmallVector<StringRef> beforeLines = splitLines(before);
  SmallVector<StringRef> afterLines = splitLines(after);
  std::vector<Edit> edits = compare(beforeLines, afterLines);

  std::string text;
  raw_string_ostream os(text);
  os << "--- " << beforeName << "\n+++ " << afterName << '\n';
  size_t beforeLine = 0, afterLine = 0;
  for (size_t i = 0; i < edits.size();) {
    // The next change, then the end of its hunk: no change follows within twice
    // the context.
    size_t change = i;
    while (change < edits.size() && edits[change].kind == ' ')
      ++change;
    if (change == edits.size())
      break;
    size_t begin = change - std::min<size_t>(context, change - i);
    size_t last = change;
    for (size_t j = change; j < edits.size() && j <= last + 2 * context + 1;
         ++j)
      if (edits[j].kind != ' ')
        last = j;
    size_t end = std::min(edits.size(), last + 1 + context);
    beforeLine += begin - i;
    afterLine += begin - i;

    ArrayRef<Edit> hunk = ArrayRef(edits).slice(begin, end - begin);
    size_t removed = llvm::count_if(hunk, [](Edit e) { return e.kind != '+'; });
    size_t added = llvm::count_if(hunk, [](Edit e) { return e.kind != '-'; });
    os << "@@ -";
    printRange(os, beforeLine, removed);
    os << " +";
    printRange(os, afterLine, added);
    os << " @@\n";
    for (Edit edit : hunk)
      os << edit.kind << edit.line << '\n';
    beforeLine += removed;
    afterLine += added;
    i = end;
  }
  return text;
}
