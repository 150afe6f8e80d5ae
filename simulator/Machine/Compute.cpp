//===- Compute.cpp - UNPACK, MATH and PACK --------------------------------===//
//
// The unpacker converts tiles of circular buffers to Src operands and hands
// them to the math unit, at most two Src banks ahead of it. The math unit works
// on the DST section that it holds; the packer empties sections in the order in
// which they were committed.
//
// Both sides of a hand-over name the operation: when they differ, the three
// threads of the kernel have not seen the same control flow.
//
//===----------------------------------------------------------------------===//

#include "Machine/Machine.h"
#include "Machine/Timing.h"

#include <bit>
#include <cstring>
#include <limits>

namespace tilewright::sim {
namespace {

const arch::ComputeParameters &costs() { return machine->chip.compute; }
bool withData() { return machine->options.withData; }

uint32_t phases(const Core &core) {
  switch (core.config->fidelity) {
  case MathFidelity::LoFi:
    return 1;
  case MathFidelity::HiFi2:
    return 2;
  case MathFidelity::HiFi3:
    return 3;
  case MathFidelity::HiFi4:
    return 4;
  }
  return 4;
}

CircularBuffer &operand(uint32_t index, TwLoc loc) {
  Agent &agent = self();
  auto &cbs = agent.core->cbs;
  if (index >= cbs.size() || !cbs[index].exists)
    agent.fault(FaultCode::UnknownCircularBuffer,
                "circular buffer " + std::to_string(index) +
                    " does not exist on this core",
                loc);
  return cbs[index];
}

/// The bytes of tile `tile` past the read pointer.
const uint8_t *tileToRead(CircularBuffer &cb, uint32_t tile, TwLoc loc) {
  Agent &agent = self();
  if (tile >= cb.waited)
    agent.fault(FaultCode::TileOutsideWindow,
                "tile " + std::to_string(tile) + " of " + *cb.name +
                    " is read, but " + std::to_string(cb.waited) +
                    " have been waited for",
                loc);
  const uint32_t page = cb.read[uint32_t(agent.kind)] + tile;
  if (page >= cb.pages)
    agent.fault(FaultCode::BlockWraps,
                "tile " + std::to_string(tile) + " of " + *cb.name +
                    " lies over the end of the circular buffer",
                loc);
  return agent.core->l1.data() + cb.base + page * cb.pageBytes;
}

void unpackTile(DataFormat format, const uint8_t *l1, float *tile,
                uint32_t mask, const CircularBuffer &cb, TwLoc loc) {
  const TileOps &ops = machine->ops;
  switch (format) {
  case DataFormat::Float16_b:
    return ops.unpackBf16(l1, tile, mask);
  case DataFormat::Float16:
    return ops.unpackFp16(l1, tile, mask);
  case DataFormat::Float32:
  case DataFormat::Tf32:
    return ops.unpackFp32(l1, tile, mask);
  default:
    self().fault(FaultCode::UnsupportedFormat,
                 *cb.name + " has format " + std::string(formatName(format)) +
                     ", which the unpacker does not support here",
                 loc);
  }
}

/// Whether NoC traffic is landing in this core's L1.
bool l1Busy(const Core &core) { return core.landing != 0; }

//===----------------------------------------------------------------------===//
// UNPACK
//===----------------------------------------------------------------------===//

void checkFormat(const char *side, DataFormat set, const CircularBuffer &cb,
                 TwLoc loc) {
  if (set != cb.format)
    self().fault(FaultCode::FormatMismatch,
                 std::string(side) + " is configured for " +
                     std::string(formatName(set)) + ", but " + *cb.name +
                     " holds " + std::string(formatName(cb.format)),
                 loc);
}

void checkConfigured(const Core &core, TwLoc loc) {
  if (!core.compute.configured)
    self().fault(FaultCode::FormatMismatch,
                 "the unpacker is used before compute_kernel_hw_startup or "
                 "another full init",
                 loc);
}

/// Waits until the Src banks have room, and begins an operation.
SrcOperands &beginUnpack(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  checkConfigured(core, loc);
  SrcOperands &src = core.src;
  agent.sync();
  while (src.pending)
    agent.block(src.space, WaitKind::SrcFree, loc);
  if (src.freeAt > agent.now) {
    agent.waited[uint32_t(WaitKind::SrcFree)] += src.freeAt - agent.now;
    agent.now = src.freeAt;
    agent.sync();
  }
  src.op = op;
  src.broadcast = broadcast;
  src.ct = src.rt = 1;
  src.exact = false;
  src.where = loc;
  return src;
}

/// Hands the operands over; `tiles` share the time.
void endUnpack(SrcOperands &src, double time, uint32_t tiles) {
  Agent &agent = self();
  const Time whole = cycles(time) + machine->jitter(60);
  src.ready = agent.now + whole - whole * (tiles - 1) / tiles;
  src.end = agent.now + whole;
  src.pending = true;
  agent.core->compute.unpackSection = false;
  machine->wake(src.arrival, src.ready);
  agent.spend(whole);
}

void unpackSection() { self().core->compute.unpackSection = true; }

void unpackConfigure(uint32_t a, uint32_t b, bool startUp, TwLoc loc) {
  Agent &agent = self();
  ComputeState &state = agent.core->compute;
  state.srcA = operand(a, loc).format;
  state.srcB = operand(b, loc).format;
  agent.spend(cycles(startUp && !state.configured ? costs().kernelInit
                                                  : costs().initShort));
  state.configured = true;
}

void unpackReconfigure(int32_t a, int32_t b, TwLoc loc) {
  ComputeState &state = self().core->compute;
  if (a >= 0)
    state.srcA = operand(a, loc).format;
  if (b >= 0)
    state.srcB = operand(b, loc).format;
  self().spend(cycles(costs().initShort));
}

void unpackMatmul(uint32_t in0, uint32_t in1, uint32_t tile0, uint32_t tile1,
                  bool transpose, uint32_t ct, uint32_t rt, uint32_t kt,
                  TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  CircularBuffer &left = operand(in0, loc);
  CircularBuffer &right = operand(in1, loc);
  if (ct == 0 || rt == 0 || ct * rt > core.dst.capacity)
    agent.fault(FaultCode::BadSubblock,
                "a block matmul of " + std::to_string(rt) + " by " +
                    std::to_string(ct) + " tiles does not fit the " +
                    std::to_string(core.dst.capacity) +
                    " DST tiles of this mode",
                loc);
  SrcOperands &src = beginUnpack(TwOp::Matmul, TwBroadcast::None, loc);
  checkFormat("SrcA", core.compute.srcA, right, loc);
  checkFormat("SrcB", core.compute.srcB, left, loc);
  const MathFidelity fidelity = core.config->fidelity;
  const uint32_t maskA =
      fidelity == MathFidelity::LoFi ? MaskSrcAHigh : MaskSrcAFull;
  const uint32_t maskB =
      fidelity == MathFidelity::LoFi || fidelity == MathFidelity::HiFi2
          ? MaskSrcBHigh
          : MaskTf32;
  src.ct = ct;
  src.rt = rt;
  src.half = right.format == DataFormat::Float16;
  if (src.a.size() < ct * TileElements)
    src.a.resize(ct * TileElements);
  if (src.b.size() < rt * TileElements)
    src.b.resize(rt * TileElements);
  for (uint32_t c = 0; c < ct; ++c) {
    const uint8_t *l1 = tileToRead(right, tile1 + c, loc);
    if (!withData())
      continue;
    float *to = src.a.data() + c * TileElements;
    if (transpose) {
      alignas(64) float straight[TileElements];
      unpackTile(right.format, l1, straight, maskA, right, loc);
      machine->ops.transpose(straight, to);
    } else {
      unpackTile(right.format, l1, to, maskA, right, loc);
    }
  }
  for (uint32_t r = 0; r < rt; ++r) {
    const uint8_t *l1 = tileToRead(left, tile0 + r * kt, loc);
    if (withData())
      unpackTile(left.format, l1, src.b.data() + r * TileElements, maskB, left,
                 loc);
  }
  endUnpack(src,
            timing::unpackMatmul(costs(), core.compute.unpackSection, ct, rt,
                                 tileBytes(right.format), l1Busy(core)),
            ct * rt);
}

void unpackBinary(TwOp op, TwBroadcast broadcast, uint32_t in0, uint32_t in1,
                  uint32_t tile0, uint32_t tile1, TwLoc loc) {
  Core &core = *self().core;
  CircularBuffer &first = operand(in0, loc);
  CircularBuffer &second = operand(in1, loc);
  SrcOperands &src = beginUnpack(op, broadcast, loc);
  checkFormat("SrcA", core.compute.srcA, first, loc);
  checkFormat("SrcB", core.compute.srcB, second, loc);
  src.half = first.format == DataFormat::Float16;
  src.a.resize(std::max<size_t>(src.a.size(), TileElements));
  src.b.resize(std::max<size_t>(src.b.size(), TileElements));
  const uint8_t *l1A = tileToRead(first, tile0, loc);
  const uint8_t *l1B = tileToRead(second, tile1, loc);
  if (withData()) {
    unpackTile(first.format, l1A, src.a.data(), MaskTf32, first, loc);
    unpackTile(second.format, l1B, src.b.data(), MaskTf32, second, loc);
  }
  // A broadcast operand is unpacked once for a row of tiles.
  const uint32_t bytes =
      tileBytes(first.format) +
      (broadcast == TwBroadcast::None ? tileBytes(second.format) : 0);
  endUnpack(src,
            timing::unpackTiles(costs(), core.compute.unpackSection, bytes,
                                l1Busy(core)),
            1);
}

void unpackUnary(TwOp op, TwBroadcast broadcast, uint32_t in, uint32_t tile,
                 bool transpose, TwLoc loc) {
  Core &core = *self().core;
  CircularBuffer &cb = operand(in, loc);
  SrcOperands &src = beginUnpack(op, broadcast, loc);
  const bool srcB = op == TwOp::UnaryBroadcast;
  checkFormat(srcB ? "SrcB" : "SrcA",
              srcB ? core.compute.srcB : core.compute.srcA, cb, loc);
  src.half = cb.format == DataFormat::Float16;
  // fp32 tiles of such a buffer go to DST whole; a broadcast then spreads their
  // upper and lower halves one after the other.
  src.exact = in < core.unpackExact.size() && core.unpackExact[in] &&
              cb.format == DataFormat::Float32 && core.dst.fp32 &&
              (op == TwOp::Copy || op == TwOp::UnaryBroadcast);
  src.a.resize(std::max<size_t>(src.a.size(), TileElements));
  const uint8_t *l1 = tileToRead(cb, tile, loc);
  if (withData()) {
    const uint32_t mask = src.exact ? MaskAll : MaskTf32;
    if (transpose) {
      alignas(64) float straight[TileElements];
      // A 32-bit transpose into a 32-bit DST goes around Src.
      const bool wide = cb.format == DataFormat::Float32 && core.dst.fp32 &&
                        in < core.unpackExact.size() && core.unpackExact[in];
      unpackTile(cb.format, l1, straight, wide ? MaskAll : mask, cb, loc);
      machine->ops.transpose(straight, src.a.data());
    } else {
      unpackTile(cb.format, l1, src.a.data(), mask, cb, loc);
    }
  }
  endUnpack(src,
            timing::unpackTiles(costs(), core.compute.unpackSection,
                                tileBytes(cb.format), l1Busy(core)),
            1);
}

//===----------------------------------------------------------------------===//
// MATH
//===----------------------------------------------------------------------===//

void checkDst(Core &core, uint32_t index, TwLoc loc) {
  Agent &agent = self();
  const bool math = agent.kind == AgentKind::Math;
  if (math ? !core.dst.mathHolds : !core.dst.packHolds)
    agent.fault(FaultCode::DstOutsideSection,
                math ? "a math operation outside tile_regs_acquire .. "
                       "tile_regs_commit"
                     : "a pack outside tile_regs_wait .. tile_regs_release",
                loc);
  if (index >= core.dst.capacity)
    agent.fault(FaultCode::DstOverCapacity,
                "DST tile " + std::to_string(index) +
                    " is used, but this mode "
                    "has " +
                    std::to_string(core.dst.capacity) + " (" +
                    (core.dst.fp32 ? "fp32" : "16-bit") + ", " +
                    (core.dst.sections == 2 ? "half" : "full") + " sync)",
                loc);
}

/// A tile of the math unit's section. Reading one that nothing wrote gives
/// not-a-number, so that it shows.
float *mathTile(Core &core, uint32_t index, bool reads, TwLoc loc) {
  checkDst(core, index, loc);
  DstState &dst = core.dst;
  float *tile = dst.tile(dst.mathSection, index);
  const uint32_t bit = 1u << index;
  if (reads && !(dst.written[dst.mathSection] & bit) && withData())
    std::fill_n(tile, TileElements, std::numeric_limits<float>::quiet_NaN());
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
  return tile;
}

void roundDst(Core &core, float *tile) {
  if (core.dst.fp32)
    return;
  if (core.dst.half[core.dst.mathSection])
    machine->ops.roundFp16(tile);
  else
    machine->ops.roundBf16(tile);
}

/// Waits for the operands of `op` and begins it; `tiles` products.
SrcOperands &beginMath(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  Agent &agent = self();
  SrcOperands &src = agent.core->src;
  agent.sync();
  while (!src.pending)
    agent.block(src.arrival, WaitKind::Src, loc);
  if (src.ready > agent.now) {
    agent.waited[uint32_t(WaitKind::Src)] += src.ready - agent.now;
    agent.now = src.ready;
    agent.sync();
  }
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
  agent.waited[uint32_t(WaitKind::Src)] += end - agent.now - whole;
  src.pending = false;
  // Two banks: the unpacker may be two tiles ahead of the end.
  src.freeAt = end - std::min<Time>(whole, 2 * one);
  machine->wake(src.space, agent.now);
  agent.now = end;
  agent.core->dst.firstMath = false;
}

void mathConfigure(bool, TwLoc) { self().spend(cycles(costs().initShort)); }

void mathMatmul(uint32_t index, uint32_t ct, uint32_t rt, TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(TwOp::Matmul, TwBroadcast::None, loc);
  const uint32_t passes = phases(core);
  const TileOps &ops = machine->ops;
  for (uint32_t r = 0; r < rt; ++r)
    for (uint32_t c = 0; c < ct; ++c) {
      float *out = accumulatorTile(core, index + r * ct + c, loc);
      if (!withData())
        continue;
      const float *left = src.b.data() + r * TileElements;
      const float *right = src.a.data() + c * TileElements;
      if (core.dst.fp32 && passes != 3) {
        ops.matmul(out, left, right, 0, 32);
        continue;
      }
      // Phase by phase, as a 16-bit DST rounds after each, and as HiFi3 drops
      // one of the four partial products.
      alignas(64) float leftHigh[TileElements], leftLow[TileElements];
      alignas(64) float rightHigh[TileElements], rightLow[TileElements];
      ops.mask(left, leftHigh, MaskSrcBHigh);
      ops.mask(right, rightHigh, MaskSrcAHigh);
      ops.sub(left, leftHigh, leftLow, false);
      ops.sub(right, rightHigh, rightLow, false);
      const float *lefts[] = {leftHigh, leftHigh, leftLow, leftLow};
      const float *rights[] = {rightHigh, rightLow, rightHigh, rightLow};
      for (uint32_t phase = 0; phase < passes; ++phase)
        for (uint32_t k = 0; k < 32; k += 16) {
          ops.matmul(out, lefts[phase], rights[phase], k, k + 16);
          roundDst(core, out);
        }
    }
  machine->result.tileMultiplyAdds += uint64_t(ct) * rt;
  endMath(src, timing::mathMatmul(costs(), core.dst.firstMath, ct, rt, passes),
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

void multiply(Core &core, const float *a, const float *b, float *out,
              bool accumulate) {
  const TileOps &ops = machine->ops;
  alignas(64) float left[TileElements], right[TileElements];
  const MathFidelity fidelity = core.config->fidelity;
  if (fidelity == MathFidelity::HiFi4) {
    ops.mask(a, left, MaskSrcAFull);
    ops.mul(left, b, out, accumulate);
    return;
  }
  ops.mask(a, left,
           fidelity == MathFidelity::LoFi ? MaskSrcAHigh : MaskSrcAFull);
  ops.mask(b, right, MaskSrcBHigh);
  ops.mul(left, right, out, accumulate);
  if (fidelity == MathFidelity::HiFi3) {
    alignas(64) float low[TileElements];
    ops.mask(a, left, MaskSrcAHigh);
    ops.sub(b, right, low, false);
    ops.mul(left, low, out, true);
  }
}

void eltwise(Core &core, TwOp op, const float *a, const float *b, float *out,
             bool accumulate) {
  if (op == TwOp::Add || op == TwOp::ReuseAdd)
    machine->ops.add(a, b, out, accumulate);
  else if (op == TwOp::Sub || op == TwOp::ReuseSub)
    machine->ops.sub(a, b, out, accumulate);
  else
    multiply(core, a, b, out, accumulate);
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
  if (withData()) {
    alignas(64) float room[TileElements];
    eltwise(core, op, src.a.data(), spread(broadcast, src.b.data(), room), out,
            accumulate);
    roundDst(core, out);
  }
  endMath(src, eltwiseTime(core, op), 1);
}

void mathReuse(TwOp op, bool dstFirst, uint32_t index, TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(op, TwBroadcast::None, loc);
  float *out = mathTile(core, index, true, loc);
  if (withData()) {
    // DST passes through Src, which keeps 19 bits.
    alignas(64) float reused[TileElements];
    machine->ops.mask(out, reused, MaskTf32);
    if (dstFirst)
      eltwise(core, op, reused, src.a.data(), out, false);
    else
      eltwise(core, op, src.a.data(), reused, out, false);
    roundDst(core, out);
  }
  endMath(src, eltwiseTime(core, op) + costs().copyCycles, 1);
}

void mathUnary(TwOp op, TwBroadcast broadcast, uint32_t index, TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(op, broadcast, loc);
  float *out = mathTile(core, index, false, loc);
  if (withData()) {
    alignas(64) float room[TileElements];
    std::memcpy(out, spread(broadcast, src.a.data(), room),
                TileElements * sizeof(float));
    roundDst(core, out);
  }
  double time = costs().copyCycles + costs().eltwiseOverhead;
  if (op == TwOp::Transpose)
    time = core.dst.fp32 ? costs().transposeCycles : time + 4 * 16;
  else if (op == TwOp::UnaryBroadcast)
    time += costs().copyCycles;
  endMath(src, time, 1);
}

/// Pools into row 0 (Column), column 0 (Row) or element 0 (Scalar); scaled by
/// the first row of the scaler's faces.
void reduceInto(TwPool pool, TwReduceDim dim, const float *in, float scale,
                float *out) {
  const bool best = pool == TwPool::Max || pool == TwPool::Min;
  auto merge = [&](float &into, float value, bool first) {
    if (!best)
      into += value * scale;
    else if (first)
      into = value * scale;
    else if (pool == TwPool::Max)
      into = std::max(into, value * scale);
    else
      into = std::min(into, value * scale);
  };
  if (dim == TwReduceDim::Row) {
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c)
        merge(out[r * 32], in[r * 32 + c], false);
  } else if (dim == TwReduceDim::Column) {
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c)
        merge(out[c], in[r * 32 + c], false);
  } else {
    // The scaler is applied along both directions.
    float sum = best ? out[0] : 0;
    for (uint32_t i = 0; i < TileElements; ++i) {
      const float value = in[i] * scale * (best ? 1 : scale);
      sum = !best                 ? sum + value
            : pool == TwPool::Max ? std::max(sum, value)
                                  : std::min(sum, value);
    }
    out[0] = best ? sum : out[0] + sum;
  }
}

void mathReduce(TwPool pool, TwReduceDim dim, uint32_t index, TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(TwOp::Reduce, TwBroadcast::None, loc);
  const bool fresh = !(core.dst.mathHolds && index < core.dst.capacity &&
                       (core.dst.written[core.dst.mathSection] >> index & 1));
  float *out = accumulatorTile(core, index, loc);
  if (withData()) {
    if (fresh && (pool == TwPool::Max || pool == TwPool::Min))
      std::fill_n(out, TileElements,
                  pool == TwPool::Max ? -std::numeric_limits<float>::infinity()
                                      : std::numeric_limits<float>::infinity());
    reduceInto(pool, dim, src.a.data(), src.b[0], out);
    roundDst(core, out);
  }
  const double once = dim == TwReduceDim::Row ? costs().reduceRowCycles
                                              : costs().reduceColCycles;
  const bool sums = pool == TwPool::Sum || pool == TwPool::Avg;
  endMath(src, once * (sums ? phases(core) : 1), 1);
}

void mathTransposeDst(uint32_t index, TwLoc loc) {
  Agent &agent = self();
  float *tile = mathTile(*agent.core, index, true, loc);
  if (withData()) {
    alignas(64) float straight[TileElements];
    std::memcpy(straight, tile, sizeof(straight));
    machine->ops.transpose(straight, tile);
  }
  agent.spend(cycles(costs().transposeCycles));
}

void callSfpuUnary(TwUnary op, uint32_t index, uint32_t p, uint32_t q,
                   TwLoc loc) {
  Agent &agent = self();
  const bool writesOnly = op == TwUnary::Fill || op == TwUnary::FillInt;
  float *tile = mathTile(*agent.core, index, !writesOnly, loc);
  if (withData()) {
    sfpuUnary(op, tile, p, q);
    roundDst(*agent.core, tile);
  }
  agent.core->dst.firstMath = false;
  agent.spend(cycles(sfpuCycles(op)) + machine->jitter(30));
}

void callSfpuBinary(TwBinary op, uint32_t a, uint32_t b, uint32_t c,
                    uint32_t index, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  const float *first = mathTile(core, a, true, loc);
  const float *second = mathTile(core, b, true, loc);
  const float *third =
      op == TwBinary::Where ? mathTile(core, c, true, loc) : nullptr;
  float *out = mathTile(core, index, false, loc);
  if (withData()) {
    sfpuBinary(op, first, second, third, out);
    roundDst(core, out);
  }
  core.dst.firstMath = false;
  agent.spend(cycles(sfpuCycles(op)) + machine->jitter(30));
}

//===----------------------------------------------------------------------===//
// Sections of DST
//===----------------------------------------------------------------------===//

[[noreturn]] void protocol(const char *message, TwLoc loc) {
  self().fault(FaultCode::DstProtocol, message, loc);
}

void dstAcquire(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (dst.mathHolds)
    protocol("tile_regs_acquire of a section that is held already", loc);
  agent.spend(cycles(2u));
  agent.sync();
  while (dst.free == 0)
    agent.block(dst.acquire, WaitKind::DstFree, loc);
  --dst.free;
  dst.mathHolds = true;
  dst.firstMath = true;
  dst.written[dst.mathSection] = 0;
  dst.half[dst.mathSection] = false;
}

void dstCommit(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (!dst.mathHolds)
    protocol("tile_regs_commit without tile_regs_acquire", loc);
  agent.spend(cycles(2u));
  agent.sync();
  dst.mathHolds = false;
  ++dst.committed;
  dst.mathSection = (dst.mathSection + 1) % dst.sections;
  machine->wake(dst.full, agent.now);
}

void dstWait(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (dst.packHolds)
    protocol("tile_regs_wait for a section that is held already", loc);
  agent.spend(cycles(2u));
  agent.sync();
  while (dst.committed == 0)
    agent.block(dst.full, WaitKind::DstFull, loc);
  dst.packHolds = true;
  dst.firstPack = true;
}

void dstRelease(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (!dst.packHolds)
    protocol("tile_regs_release without tile_regs_wait", loc);
  agent.spend(cycles(2u));
  agent.sync();
  dst.packHolds = false;
  --dst.committed;
  ++dst.free;
  dst.packSection = (dst.packSection + 1) % dst.sections;
  machine->wake(dst.acquire, agent.now);
}

//===----------------------------------------------------------------------===//
// PACK
//===----------------------------------------------------------------------===//

void packConfigure(uint32_t out, bool startUp, TwLoc loc) {
  Agent &agent = self();
  ComputeState &state = agent.core->compute;
  state.out = operand(out, loc).format;
  agent.spend(cycles(startUp && !state.packConfigured ? costs().kernelInit
                                                      : costs().initShort));
  state.packConfigured = true;
}
void packReconfigure(uint32_t out, TwLoc loc) {
  self().core->compute.out = operand(out, loc).format;
  self().spend(cycles(costs().initShort));
}
void packAccumulate(bool on, TwLoc) {
  self().core->compute.accumulate = on;
  self().spend(cycles(costs().initShort));
}
void packRelu(uint32_t mode, uint32_t threshold, TwLoc) {
  ComputeState &state = self().core->compute;
  state.relu = mode;
  state.reluThreshold = threshold << 16;
  self().spend(cycles(costs().initShort));
}
void packReduceMask(int32_t dim, TwLoc) {
  self().core->compute.reduceMask = dim;
  self().spend(cycles(costs().initShort));
}

/// What the packer lets through: ReLU, and the edge mask of a reduction.
const float *packFilter(const ComputeState &state, const float *tile,
                        float *room) {
  if (state.relu == 0 && state.reduceMask < 0)
    return tile;
  std::memcpy(room, tile, TileElements * sizeof(float));
  if (state.relu != 0) {
    const float limit = std::bit_cast<float>(state.reluThreshold);
    for (uint32_t i = 0; i < TileElements; ++i) {
      float &value = room[i];
      if (state.relu == 1)
        value = value > 0 ? value : 0;
      else if (state.relu == 2)
        value = value > limit ? value : 0;
      else
        value = std::min(std::max(value, 0.0f), limit);
    }
  }
  if (state.reduceMask >= 0)
    for (uint32_t i = 0; i < TileElements; ++i) {
      const bool keep =
          state.reduceMask == int32_t(TwReduceDim::Row)      ? i % 32 == 0
          : state.reduceMask == int32_t(TwReduceDim::Column) ? i < 32
                                                             : i == 0;
      if (!keep)
        room[i] = 0;
    }
  return room;
}

void packTile(uint32_t index, uint32_t out, bool indexed, uint32_t position,
              TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  CircularBuffer &cb = operand(out, loc);
  ComputeState &state = core.compute;
  checkDst(core, index, loc);
  if (!state.packConfigured)
    agent.fault(FaultCode::FormatMismatch,
                "the packer is used before compute_kernel_hw_startup or "
                "another full init",
                loc);
  checkFormat("the packer", state.out, cb, loc);
  const uint32_t at = indexed ? position : cb.packed++;
  if (at >= cb.reserved)
    agent.fault(FaultCode::TileOutsideWindow,
                "tile " + std::to_string(at) + " of " + *cb.name +
                    " is packed, but " + std::to_string(cb.reserved) +
                    " are reserved",
                loc);
  const uint32_t page = cb.write[uint32_t(AgentKind::Pack)] + at;
  if (page >= cb.pages)
    agent.fault(FaultCode::BlockWraps,
                "tile " + std::to_string(at) + " of " + *cb.name +
                    " lies over the end of the circular buffer",
                loc);
  DstState &dst = core.dst;
  float *tile = dst.tile(dst.packSection, index);
  if (!(dst.written[dst.packSection] >> index & 1) && withData())
    std::fill_n(tile, TileElements, std::numeric_limits<float>::quiet_NaN());
  agent.sync();
  if (withData()) {
    alignas(64) float room[TileElements];
    const float *from = packFilter(state, tile, room);
    uint8_t *l1 = core.l1.data() + cb.base + page * cb.pageBytes;
    const TileOps &ops = machine->ops;
    switch (cb.format) {
    case DataFormat::Float16_b:
      (state.accumulate ? ops.packBf16Add : ops.packBf16)(from, l1);
      break;
    case DataFormat::Float16:
      (state.accumulate ? ops.packFp16Add : ops.packFp16)(from, l1);
      break;
    case DataFormat::Float32:
    case DataFormat::Tf32:
      (state.accumulate ? ops.packFp32Add : ops.packFp32)(from, l1);
      break;
    default:
      agent.fault(FaultCode::UnsupportedFormat,
                  *cb.name + " has format " +
                      std::string(formatName(cb.format)) +
                      ", which the packer does not support here",
                  loc);
    }
  }
  const bool wide = tileBytes(cb.format) == 4096;
  agent.spend(cycles(timing::pack(costs(), dst.firstPack, tileBytes(cb.format),
                                  wide, state.accumulate)) +
              machine->jitter(40));
  dst.firstPack = false;
}

} // namespace

void installComputeCalls(TwApi &api) {
  api.unpackSection = unpackSection;
  api.unpackConfigure = unpackConfigure;
  api.unpackReconfigure = unpackReconfigure;
  api.unpackMatmul = unpackMatmul;
  api.unpackBinary = unpackBinary;
  api.unpackUnary = unpackUnary;
  api.mathConfigure = mathConfigure;
  api.mathMatmul = mathMatmul;
  api.mathBinary = mathBinary;
  api.mathReuse = mathReuse;
  api.mathUnary = mathUnary;
  api.mathReduce = mathReduce;
  api.mathTransposeDst = mathTransposeDst;
  api.sfpuUnary = callSfpuUnary;
  api.sfpuBinary = callSfpuBinary;
  api.dstAcquire = dstAcquire;
  api.dstCommit = dstCommit;
  api.dstWait = dstWait;
  api.dstRelease = dstRelease;
  api.packConfigure = packConfigure;
  api.packReconfigure = packReconfigure;
  api.packAccumulate = packAccumulate;
  api.packRelu = packRelu;
  api.packReduceMask = packReduceMask;
  api.packTile = packTile;
}

} // namespace tilewright::sim
