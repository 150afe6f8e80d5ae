//===- NonFinite.cpp - where a NaN or an infinity comes from --------------===//
//
//   1. After each operation on DST its result is searched. A tile that holds a
//      NaN or an infinity is marked until its section is acquired again.
//   2. The operation is an origin when none of its operands holds one: the Src
//      tiles that it took, and the DST tiles that it read, by their marks.
//   3. The packer is an origin when a finite value is beyond the range of the
//      circular buffer's format.
//
// Only the first origin in the order of events is reported.
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

void warn(std::string message, TwLoc loc) {
  const Agent &agent = self();
  Fault fault;
  fault.code = FaultCode::NonFinite;
  fault.message = std::move(message);
  fault.file = loc.file ? loc.file : "";
  fault.line = loc.line;
  fault.coreX = agent.core->coord.x;
  fault.coreY = agent.core->coord.y;
  fault.agent = agentName(agent.kind);
  machine->nonFiniteFound = true;
  machine->result.warnings.push_back(std::move(fault));
}

std::string place(size_t element) {
  return "row " + std::to_string(element / 32) + ", column " +
         std::to_string(element % 32);
}

uint32_t marks() {
  const DstState &dst = self().core->dst;
  return dst.nonFinite[dst.mathSection];
}

/// Looks at DST tile `index` after an operation; `clean` when no operand of it
/// held a NaN or an infinity.
void look(uint32_t index, bool clean, TwLoc loc) {
  DstState &dst = self().core->dst;
  const float *tile = dst.tile(dst.mathSection, index);
  const size_t at = firstNonFinite(tile, TileElements);
  uint32_t &marked = dst.nonFinite[dst.mathSection];
  if (at == TileElements) {
    marked &= ~(1u << index);
    return;
  }
  if (clean && !machine->nonFiniteFound)
    warn((std::isnan(tile[at]) ? "the first NaN appears in DST tile "
                               : "the first infinity appears in DST tile ") +
             std::to_string(index) + ", " + place(at) +
             ", from finite operands",
         loc);
  marked |= 1u << index;
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
  look(dst, srcClean(1, 1) && !(before >> dst & 1), loc);
}
void mathReuse(TwOp op, bool dstFirst, uint32_t dst, TwLoc loc) {
  const uint32_t before = marks();
  inner.mathReuse(op, dstFirst, dst, loc);
  look(dst, srcClean(1, 0) && !(before >> dst & 1), loc);
}
void mathUnary(TwOp op, TwBroadcast broadcast, uint32_t dst, TwLoc loc) {
  inner.mathUnary(op, broadcast, dst, loc);
  if (self().core->src.integer)
    return;
  look(dst, srcClean(1, 0), loc);
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
  const uint32_t before = marks();
  inner.sfpuUnary(op, dst, p, q, mode, loc);
  if (isIntegerOp(op) ||
      (op == TwUnary::Typecast && isInteger(static_cast<DataFormat>(q))))
    return;
  // A fill with an infinity is meant.
  const bool fill = op == TwUnary::Fill || op == TwUnary::FillInt;
  look(dst, !fill && !(before >> dst & 1), loc);
}
void sfpuBinary(TwBinary op, uint32_t a, uint32_t b, uint32_t c, uint32_t dst,
                uint32_t value, uint32_t mode, TwLoc loc) {
  uint32_t before = marks() >> a | marks() >> b;
  if (op == TwBinary::Where)
    before |= marks() >> c;
  inner.sfpuBinary(op, a, b, c, dst, value, mode, loc);
  if (isIntegerOp(op))
    return;
  look(dst, !(before & 1), loc);
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
  if (largest == 0 || machine->nonFiniteFound)
    return;
  const float *tile = core.dst.tile(core.dst.packSection, index);
  for (size_t i = 0; i < TileElements; ++i)
    if (std::isfinite(tile[i]) && std::fabs(tile[i]) >= largest)
      return warn("the first infinity appears when DST tile " +
                      std::to_string(index) + ", " + place(i) +
                      ", is packed as " + std::string(formatName(format)),
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
