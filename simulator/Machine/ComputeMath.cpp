//===- ComputeMath.cpp - the matrix unit ----------------------------------===//
//
// Works on the DST section that MATH holds, on operands that UNPACK handed
// over. Both sides name the operation: when they differ, the threads of the
// kernel have not seen the same control flow.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Compute.h"
#include "Machine/Timing.h"

#include <cstring>
#include <limits>

namespace tilewright::sim::compute {

/// A tile of the math unit's section.
float *mathTile(Core &core, uint32_t index, bool reads, TwLoc loc) {
  checkDst(core, index, loc);
  DstState &dst = core.dst;
  float *tile = dst.tile(dst.mathSection, index);
  const uint32_t bit = 1u << index;
  if (reads)
    checkWritten(dst.mathSection, index, loc);
  else
    dst.reduced[dst.mathSection] &= ~bit;
  if (!reads)
    dst.shapes[dst.mathSection][index] = {};
  dst.written[dst.mathSection] |= bit;
  return tile;
}

/// The same where an unwritten tile reads as zero: the matrix unit's first use.
float *accumulatorTile(Core &core, uint32_t index, TwLoc loc) {
  checkDst(core, index, loc);
  DstState &dst = core.dst;
  float *tile = dst.tile(dst.mathSection, index);
  const uint32_t bit = 1u << index;
  if (!(dst.written[dst.mathSection] & bit) && withData())
    std::memset(tile, 0, TileElements * sizeof(float));
  dst.written[dst.mathSection] |= bit;
  dst.reduced[dst.mathSection] &= ~bit;
  return tile;
}

MatrixUnit matrixUnit(const Core &core) {
  MatrixUnit unit{machine->ops};
  unit.phases = phases(core);
  unit.wide = core.dst.fp32;
  unit.shortExponent = core.dst.half[core.dst.mathSection];
  unit.exact = machine->options.exactNumerics;
  unit.wormhole = machine->chip.arch == arch::Arch::WormholeB0;
  return unit;
}

void roundDst(Core &core, float *tile) { matrixUnit(core).round(tile); }

/// Waits for the operands of `op` and begins it; `tiles` products.
SrcOperands &beginMath(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  Agent &agent = self();
  SrcOperands &src = agent.core->src;
  agent.syncInOrder();
  while (!src.pending)
    agent.block(src.arrival, WaitKind::Src, loc);
  if (src.ready > agent.now) {
    agent.countWait(WaitKind::Src, src.ready - agent.now);
    agent.now = src.ready;
    agent.syncInOrder();
  }
  machine->order->acquire(agent, src.filled);
  checkOperation(op, broadcast, loc);
  if (src.op != op || src.broadcast != broadcast)
    agent.fault(FaultCode::OperandMismatch,
                "MATH runs another operation than UNPACK at line " +
                    std::to_string(src.where.line),
                loc);
  DstState &dst = agent.core->dst;
  if (dst.mathHolds)
    dst.half[dst.mathSection] = src.half;
  return src;
}

/// Ends an operation that took `time` for `tiles` Src tiles.
void endMath(SrcOperands &src, double time, uint32_t tiles) {
  Agent &agent = self();
  const Time whole = cycles(time) + machine->jitter(60);
  const Time one = whole / tiles;
  const Time end = std::max(agent.now + whole, src.end + one);
  agent.busy += whole;
  agent.countWait(WaitKind::Src, end - agent.now - whole);
  src.pending = false;
  machine->order->release(agent, src.taken);
  // Two banks: the unpacker may be two tiles ahead of the end.
  src.freeAt = end - std::min<Time>(whole, 2 * one);
  machine->wakeAhead(src.space, agent.now);
  agent.now = end;
  agent.core->dst.firstMath = false;
}

namespace {

TileShape &shapeOf(Core &core, uint32_t index) {
  return core.dst.shapes[core.dst.mathSection][index];
}

void mathMatmul(uint32_t index, uint32_t ct, uint32_t rt, TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(TwOp::Matmul, TwBroadcast::None, loc);
  checkVariant(TwVariant::matmul(ct, rt),
               ct >= rt ? "a block matmul with ct >= rt after an init with "
                          "ct < rt"
                        : "a block matmul with ct < rt after an init with "
                          "ct >= rt",
               loc);
  const MatrixUnit unit = matrixUnit(core);
  for (uint32_t r = 0; r < rt; ++r)
    for (uint32_t c = 0; c < ct; ++c) {
      float *out = accumulatorTile(core, index + r * ct + c, loc);
      shapeOf(core, index + r * ct + c) = {src.shapeB.rows, src.shapeA.cols};
      if (!withData())
        continue;
      const float *left = src.b.data() + r * TileElements;
      const float *right = src.a.data() + c * TileElements;
      if (src.integer)
        unit.matmulInteger(out, left, right);
      else
        unit.matmul(out, left, right);
    }
  machine->result.tileMultiplyAdds += uint64_t(ct) * rt;
  endMath(src,
          timing::mathMatmul(costs(), core.dst.firstMath, ct, rt, unit.phases),
          ct * rt);
}

/// Spreads row 0, column 0 or element 0 over the tile.
const float *spread(TwBroadcast broadcast, const float *tile, float *room) {
  switch (broadcast) {
  case TwBroadcast::None:
    return tile;
  case TwBroadcast::Row:
    for (uint32_t r = 0; r < 32; ++r)
      std::memcpy(room + r * 32, tile, 32 * sizeof(float));
    return room;
  case TwBroadcast::Column:
    for (uint32_t r = 0; r < 32; ++r)
      std::fill_n(room + r * 32, 32, tile[r * 32]);
    return room;
  case TwBroadcast::Scalar:
    std::fill_n(room, TileElements, tile[0]);
    return room;
  }
  return tile;
}

/// `a` is in SrcA.
void eltwise(Core &core, TwOp op, bool integer, const float *a, const float *b,
             float *out, bool accumulate) {
  const MatrixUnit unit = matrixUnit(core);
  const bool adds = op == TwOp::Add || op == TwOp::ReuseAdd;
  const bool subtracts = op == TwOp::Sub || op == TwOp::ReuseSub;
  if (integer && (adds || subtracts))
    unit.addInteger(a, b, out, subtracts, accumulate);
  else if (integer)
    unit.mulInteger(a, b, out, accumulate);
  else if (adds)
    unit.add(a, b, out, accumulate);
  else if (subtracts)
    unit.sub(a, b, out, accumulate);
  else
    unit.mul(a, b, out, accumulate);
}

double eltwiseTime(const Core &core, TwOp op) {
  const bool product = op == TwOp::Mul || op == TwOp::ReuseMul;
  return costs().eltwiseCycles * (product ? phases(core) : 1) +
         costs().eltwiseOverhead;
}

void mathBinary(TwOp op, TwBroadcast broadcast, uint32_t index, bool accumulate,
                TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(op, broadcast, loc);
  float *out = accumulate ? accumulatorTile(core, index, loc)
                          : mathTile(core, index, false, loc);
  shapeOf(core, index) = src.shapeA;
  if (withData()) {
    alignas(64) float room[TileElements];
    eltwise(core, op, src.integer, src.a.data(),
            spread(broadcast, src.b.data(), room), out, accumulate);
  }
  endMath(src, eltwiseTime(core, op), 1);
}

void mathReuse(TwOp op, bool dstFirst, uint32_t index, TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(op, TwBroadcast::None, loc);
  checkVariant(TwVariant::reuse(dstFirst),
               dstFirst ? "an operation with DST in SrcA after an init with "
                          "DST in SrcB"
                        : "an operation with DST in SrcB after an init with "
                          "DST in SrcA",
               loc);
  float *out = mathTile(core, index, true, loc);
  if (shapeOf(core, index) != src.shapeA)
    self().fault(FaultCode::UnsupportedFormat,
                 "an operation on DST tile " + std::to_string(index) + " of " +
                     shapeText(shapeOf(core, index)) + " and a tile of " +
                     shapeText(src.shapeA),
                 loc);
  if (withData()) {
    // DST passes through Src, which keeps 19 bits.
    alignas(64) float reused[TileElements];
    machine->ops.mask(out, reused, MaskTf32);
    if (dstFirst)
      eltwise(core, op, false, reused, src.a.data(), out, false);
    else
      eltwise(core, op, false, src.a.data(), reused, out, false);
  }
  endMath(src, eltwiseTime(core, op) + costs().copyCycles, 1);
}

void mathUnary(TwOp op, TwBroadcast broadcast, uint32_t index, TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(op, broadcast, loc);
  float *out = mathTile(core, index, false, loc);
  shapeOf(core, index) = src.shapeA;
  if (withData()) {
    alignas(64) float room[TileElements];
    std::memcpy(out, spread(broadcast, src.a.data(), room),
                TileElements * sizeof(float));
    if (!src.integer)
      roundDst(core, out);
  }
  double time = costs().copyCycles + costs().eltwiseOverhead;
  if (op == TwOp::Transpose)
    time = core.dst.fp32 ? costs().transposeCycles
                         : time + 4 * costs().transposeFaceCycles;
  else if (op == TwOp::UnaryBroadcast)
    time += costs().copyCycles;
  endMath(src, time, 1);
}

} // namespace

void installMathCalls(TwApi &api) {
  api.mathMatmul = mathMatmul;
  api.mathBinary = mathBinary;
  api.mathReuse = mathReuse;
  api.mathUnary = mathUnary;
}

} // namespace tilewright::sim::compute
