//===- NonFinite.cpp - where a NaN or an infinity comes from --------------===//
//
//   1. After each operation on DST its result is searched. A tile that holds a
//      NaN or an infinity is marked until its section is acquired again.
//   2. An operation element by element is an origin in the elements where none
//      of its operands holds one.
//   3. Any other operation is an origin when no operand holds one anywhere: the
//      Src tiles that it took, and the DST tile that it adds to, by its mark.
//   4. The packer is an origin where a finite value is beyond the range of the
//      circular buffer's format.
//
// Of each line the first origin in the order of events is kept, with all
// elements in which the line is one, but for those that look like padding:
// whoever knows the results can tell which elements matter.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/NonFinite.h"

#include "Machine/Machine.h"
#include "Numerics/Sfpu.h"

#include <cmath>

namespace tilewright::sim {
namespace {

/// The calls as they were before.
TwApi inner;

/// Index of the first value that is not finite; `count` when all are.
size_t firstNonFinite(const float *values, size_t count) {
  for (size_t i = 0; i < count; ++i)
    if (!std::isfinite(values[i]))
      return i;
  return count;
}
bool finite(const std::vector<float> &tiles, size_t count) {
  const size_t values = std::min(tiles.size(), count * TileElements);
  return firstNonFinite(tiles.data(), values) == values;
}

/// Elements of a tile, row by row.
using Elements = std::bitset<TileElements>;

Elements nonFinite(const float *tile) {
  Elements found;
  for (size_t i = firstNonFinite(tile, TileElements); i < TileElements; ++i)
    found[i] = !std::isfinite(tile[i]);
  return found;
}
/// Of the first tile in Src.
Elements nonFinite(const std::vector<float> &src) {
  return src.size() < TileElements ? Elements() : nonFinite(src.data());
}
Elements everyElement() { return Elements().set(); }

/// Without the last columns and rows where all of their elements are there:
/// what lies behind the edge of a block is all alike. A whole tile stays.
Elements withoutPadding(const Elements &elements) {
  Elements column, row, rest = elements;
  for (size_t i = 0; i < 32; ++i)
    row.set(i), column.set(i * 32);
  for (size_t i = 32; i-- > 0 && (elements & column << i) == column << i;)
    rest &= ~(column << i);
  for (size_t i = 32; i-- > 0 && (elements & row << i * 32) == row << i * 32;)
    rest &= ~(row << i * 32);
  return rest.none() && elements.all() ? elements : rest;
}

/// Lines that are kept apart; those that come later are left out.
constexpr size_t MaxLines = 16;

void report(const Elements &made, std::string message, TwLoc loc) {
  const Elements elements = withoutPadding(made);
  const std::string file = loc.file ? loc.file : "";
  std::vector<NonFiniteOrigin> &origins = machine->result.nonFinite;
  for (NonFiniteOrigin &origin : origins)
    if (origin.fault.line == loc.line && origin.fault.file == file) {
      origin.elements |= elements;
      return;
    }
  if (origins.size() == MaxLines)
    return;
  const Agent &agent = self();
  Fault fault;
  fault.code = FaultCode::NonFinite;
  fault.message = std::move(message);
  fault.file = file;
  fault.line = loc.line;
  fault.coreX = agent.core->coord.x;
  fault.coreY = agent.core->coord.y;
  fault.agent = agentName(agent.kind);
  if (origins.empty())
    machine->result.warnings.push_back(fault);
  origins.push_back({std::move(fault), elements});
}

std::string place(size_t element) {
  return "row " + std::to_string(element / 32) + ", column " +
         std::to_string(element % 32);
}

uint32_t marks() {
  const DstState &dst = self().core->dst;
  return dst.nonFinite[dst.mathSection];
}

/// Elements of DST tile `index` that are not finite; none without its mark.
Elements inDst(uint32_t index) {
  DstState &dst = self().core->dst;
  if (!(marks() >> index & 1))
    return Elements();
  return nonFinite(dst.tile(dst.mathSection, index));
}

/// Looks at DST tile `index` after an operation; `before` are the elements
/// that operands explain.
void look(uint32_t index, const Elements &before, TwLoc loc) {
  DstState &dst = self().core->dst;
  const float *tile = dst.tile(dst.mathSection, index);
  const Elements found = nonFinite(tile);
  uint32_t &marked = dst.nonFinite[dst.mathSection];
  if (found.none()) {
    marked &= ~(1u << index);
    return;
  }
  marked |= 1u << index;
  const Elements made = found & ~before;
  if (made.none())
    return;
  const size_t at = made._Find_first();
  report(made,
         (std::isnan(tile[at]) ? "the first NaN appears in DST tile "
                               : "the first infinity appears in DST tile ") +
             std::to_string(index) + ", " + place(at) +
             ", from finite operands",
         loc);
}
void look(uint32_t index, bool clean, TwLoc loc) {
  look(index, clean ? Elements() : everyElement(), loc);
}

bool srcClean(size_t a, size_t b) {
  const SrcOperands &src = self().core->src;
  return finite(src.a, a) && (b == 0 || finite(src.b, b));
}

void mathMatmul(uint32_t dst, uint32_t ct, uint32_t rt, TwLoc loc) {
  const uint32_t before = marks();
  inner.mathMatmul(dst, ct, rt, loc);
  if (self().core->src.integer)
    return;
  const bool clean = srcClean(ct, rt);
  for (uint32_t i = dst; i < dst + ct * rt; ++i)
    look(i, clean && !(before >> i & 1), loc);
}
void mathBinary(TwOp op, TwBroadcast broadcast, uint32_t dst, bool accumulate,
                TwLoc loc) {
  const uint32_t before = accumulate ? marks() : 0;
  inner.mathBinary(op, broadcast, dst, accumulate, loc);
  if (self().core->src.integer)
    return;
  if (broadcast != TwBroadcast::None || accumulate)
    return look(dst, srcClean(1, 1) && !(before >> dst & 1), loc);
  const SrcOperands &src = self().core->src;
  look(dst, nonFinite(src.a) | nonFinite(src.b), loc);
}
void mathReuse(TwOp op, bool dstFirst, uint32_t dst, TwLoc loc) {
  const Elements before = inDst(dst);
  inner.mathReuse(op, dstFirst, dst, loc);
  look(dst, before | nonFinite(self().core->src.a), loc);
}
void mathUnary(TwOp op, TwBroadcast broadcast, uint32_t dst, TwLoc loc) {
  inner.mathUnary(op, broadcast, dst, loc);
  if (self().core->src.integer)
    return;
  if (broadcast != TwBroadcast::None)
    return look(dst, srcClean(1, 0), loc);
  look(dst, nonFinite(self().core->src.a), loc);
}
void mathReduce(TwPool pool, TwReduceDim dim, bool keepsFp32, uint32_t dst,
                TwLoc loc) {
  const uint32_t before = marks();
  inner.mathReduce(pool, dim, keepsFp32, dst, loc);
  // A pool of maxima begins with infinities in what it does not fill.
  if (pool == TwPool::Max)
    return;
  look(dst, srcClean(1, 1) && !(before >> dst & 1), loc);
}
void sfpuUnary(TwUnary op, uint32_t dst, uint32_t p, uint32_t q, uint32_t mode,
               TwLoc loc) {
  const Elements before = inDst(dst);
  inner.sfpuUnary(op, dst, p, q, mode, loc);
  if (isIntegerOp(op) ||
      (op == TwUnary::Typecast && isInteger(static_cast<DataFormat>(q))))
    return;
  // A fill with an infinity is meant.
  const bool fill = op == TwUnary::Fill || op == TwUnary::FillInt;
  look(dst, fill ? everyElement() : before, loc);
}
void sfpuBinary(TwBinary op, uint32_t a, uint32_t b, uint32_t c, uint32_t dst,
                uint32_t value, uint32_t mode, TwLoc loc) {
  Elements before = inDst(a) | inDst(b);
  if (op == TwBinary::Where)
    before |= inDst(c);
  inner.sfpuBinary(op, a, b, c, dst, value, mode, loc);
  if (isIntegerOp(op))
    return;
  look(dst, before, loc);
}
void dstAcquire(TwLoc loc) {
  inner.dstAcquire(loc);
  DstState &dst = self().core->dst;
  dst.nonFinite[dst.mathSection] = 0;
}

void packTile(uint32_t index, uint32_t out, bool indexed, uint32_t position,
              TwLoc loc) {
  inner.packTile(index, out, indexed, position, loc);
  Core &core = *self().core;
  const DataFormat format = core.cbs[out].format;
  // Half an ulp above the largest finite value rounds to infinity.
  const float largest = format == DataFormat::Float16     ? 65520.0f
                        : format == DataFormat::Float16_b ? 3.3961775e38f
                                                          : 0;
  if (largest == 0)
    return;
  const float *tile = core.dst.tile(core.dst.packSection, index);
  Elements made;
  for (size_t i = 0; i < TileElements; ++i)
    made[i] = std::isfinite(tile[i]) && std::fabs(tile[i]) >= largest;
  if (made.any())
    report(made,
           "the first infinity appears when DST tile " + std::to_string(index) +
               ", " + place(made._Find_first()) + ", is packed as " +
               std::string(formatName(format)),
           loc);
}

} // namespace

void installNonFiniteCalls(TwApi &api) {
  inner = api;
  api.mathMatmul = mathMatmul;
  api.mathBinary = mathBinary;
  api.mathReuse = mathReuse;
  api.mathUnary = mathUnary;
  api.mathReduce = mathReduce;
  api.sfpuUnary = sfpuUnary;
  api.sfpuBinary = sfpuBinary;
  api.dstAcquire = dstAcquire;
  api.packTile = packTile;
}

} // namespace tilewright::sim
