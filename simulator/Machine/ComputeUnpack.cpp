//===- ComputeUnpack.cpp - the unpacker -----------------------------------===//
//
// Converts tiles of circular buffers to Src operands and hands them to the math
// unit, at most two Src banks ahead of it.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Compute.h"
#include "Machine/Timing.h"
#include "Numerics/Convert.h"

#include <algorithm>
#include <cstring>

namespace tilewright::sim::compute {
namespace {

/// The bytes of tile `tile` past the read pointer.
const uint8_t *tileToRead(CircularBuffer &cb, uint32_t tile, TwLoc loc) {
  Agent &agent = self();
  if (tile >= cb.waited)
    agent.slip(tile < cb.available() || cb.shares, FaultCode::TileOutsideWindow,
               "tile " + std::to_string(tile) + " of " + *cb.name +
                   " is read, but " + std::to_string(cb.waited) +
                   " have been waited for",
               loc);
  checkPage(cb, loc);
  const uint32_t page = cb.read[uint32_t(agent.kind)] + tile;
  if (page >= cb.pages)
    agent.fault(FaultCode::BlockWraps,
                "tile " + std::to_string(tile) + " of " + *cb.name +
                    " lies over the end of the circular buffer",
                loc);
  machine->order->read(cb.base + page * cb.pageBytes, cb.pageBytes, loc);
  machine->order->written.check(cb, cb.base + page * cb.pageBytes, cb.pageBytes,
                                "read", loc);
  return agent.core->l1.data() + cb.base + page * cb.pageBytes;
}

/// What a float operand keeps on its way through Src: 19 bits, or bfloat16 when
/// DST has 16 bits, for which the unpacker is set to narrow fp32.
uint32_t srcMask(const Core &core, const CircularBuffer &cb) {
  const bool wide =
      cb.format == DataFormat::Float32 || cb.format == DataFormat::Tf32;
  return wide && !core.dst.fp32 ? MaskBf16 : MaskTf32;
}

void unpack(const CircularBuffer &cb, const uint8_t *l1, float *tile,
            uint32_t mask, TwLoc loc) {
  alignas(64) uint8_t whole[TileElements * 4];
  if (!cb.shape.whole()) {
    expandTile(cb.format, cb.shape, l1, whole);
    l1 = whole;
  }
  if (!unpackTile(machine->ops, cb.format, l1, tile, mask))
    badFormat("unpacking a tile", cb, "the unpacker does not read it", loc);
}

/// The same with rows and columns exchanged.
void unpackTransposed(const CircularBuffer &cb, const uint8_t *l1, float *tile,
                      uint32_t mask, TwLoc loc) {
  alignas(64) float straight[TileElements];
  unpack(cb, l1, straight, mask, loc);
  machine->ops.transpose(straight, tile);
}

bool isByte(DataFormat format) {
  return format == DataFormat::Int8 || format == DataFormat::UInt8;
}

/// Operands of the matrix unit: floats of one exponent width, or bytes into a
/// 32-bit DST.
void checkOperands(const Core &core, const char *what,
                   const CircularBuffer &first, const CircularBuffer &second,
                   TwLoc loc) {
  for (const CircularBuffer *cb : {&first, &second}) {
    if (!isInteger(cb->format))
      continue;
    if (!isByte(cb->format))
      badFormat(what, *cb,
                "the matrix unit takes 8-bit integers only; use the integer "
                "operations on DST tiles",
                loc);
    if (!isByte(first.format) || !isByte(second.format))
      badFormat(what, *cb, "the other operand holds floats", loc);
    if (!core.dst.fp32)
      badFormat(what, *cb, "sums of integers need fp32_dest_acc_en", loc);
  }
  if (hasShortExponent(first.format) != hasShortExponent(second.format))
    badFormat(what, first,
              "the other operand has exponents of another width (8 bits in "
              "Float16_b and Float32, 5 in Float16)",
              loc);
}

/// Element-wise operations and reductions take two tiles of one shape; what
/// spreads or sums elements is known for tiles of two faces side by side.
void checkShapes(TwOp op, TwBroadcast broadcast, const CircularBuffer &first,
                 const CircularBuffer &second, TwLoc loc) {
  if (op == TwOp::Reduce) {
    if (first.shape.cols != 32 || first.shape.rows < 16)
      checkWhole("a reduction", first, loc);
    return;
  }
  if (first.shape != second.shape)
    self().fault(FaultCode::UnsupportedFormat,
                 "an element-wise operation on " + *first.name +
                     ", with tiles of " + shapeText(first.shape) + ", and " +
                     *second.name + ", with tiles of " +
                     shapeText(second.shape),
                 loc);
  if (broadcast != TwBroadcast::None &&
      (first.shape.cols != 32 || first.shape.rows < 16))
    checkWhole("a broadcast", first, loc);
}

/// A product needs as many columns of in0 as rows of in1: 32 of them.
void checkMatmulShapes(const CircularBuffer &left, const CircularBuffer &right,
                       bool transpose, TwLoc loc) {
  if (transpose)
    checkWhole("a matrix product with a transposed operand", right, loc);
  if (left.shape.cols != 32 || right.shape.rows != 32)
    self().fault(FaultCode::UnsupportedFormat,
                 "a matrix product of " + *left.name + ", with tiles of " +
                     shapeText(left.shape) + ", and " + *right.name +
                     ", with tiles of " + shapeText(right.shape) +
                     ": in0 needs 32 columns and in1 32 rows",
                 loc);
}

/// Bytes a cycle of an unpacker. The L1 is fed over the NoC once traffic has
/// landed while the unpacker worked.
double rate(Core &core, bool srcB, const CircularBuffer &cb) {
  core.compute.fed |= core.landing != 0;
  return timing::unpackRate(costs(), srcB, core.compute.fed,
                            isBlockFloat(cb.format));
}

void checkConfigured(const Core &core, TwLoc loc) {
  if (!core.compute.configured)
    self().fault(FaultCode::FormatMismatch,
                 "the unpacker is used before compute_kernel_hw_startup or "
                 "another full init",
                 loc);
}

/// Waits until the Src banks have room, and begins an operation.
/// Tiles go through an unpacker that is not set for rows.
void checkLayout(const Core &core, TwOp op, TwLoc loc) {
  const auto &set = core.compute.unpackLayout;
  if (set.value == TwLayout::Tiles || op == TwOp::Tilize)
    return;
  self().fault(FaultCode::LayoutLeft,
               std::string("a tile is unpacked while the unpacker ") +
                   (set.value == TwLayout::Tilize ? "tilizes" : "untilizes"),
               loc,
               {std::string(set.where.file ? set.where.file : "?") + ":" +
                std::to_string(set.where.line) + ": the init of that"});
}

SrcOperands &beginUnpack(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  checkConfigured(core, loc);
  checkLayout(core, op, loc);
  checkOperation(op, broadcast, loc);
  SrcOperands &src = core.src;
  // Until then, what lands in this L1 decides.
  auto sync = [&] { core.compute.fed ? agent.syncInOrder() : agent.sync(); };
  sync();
  while (src.pending)
    agent.block(src.space, WaitKind::SrcFree, loc);
  if (src.freeAt > agent.now) {
    agent.countWait(WaitKind::SrcFree, src.freeAt - agent.now);
    agent.now = src.freeAt;
    sync();
  }
  machine->order->acquire(agent, src.taken);
  src.op = op;
  src.broadcast = broadcast;
  src.ct = src.rt = 1;
  src.exact = src.integer = false;
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
  machine->order->release(agent, src.filled);
  agent.core->compute.unpackSection = false;
  machine->wakeAhead(src.arrival, src.ready);
  agent.spend(whole);
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
  checkOperands(core, "a matrix product", left, right, loc);
  checkMatmulShapes(left, right, transpose, loc);
  src.shapeA = right.shape;
  src.shapeB = left.shape;
  const uint32_t passes = phases(core);
  const uint32_t maskA =
      srcMask(core, right) & (passes == 1 ? MaskSrcAHigh : MaskSrcAFull);
  const uint32_t maskB =
      srcMask(core, left) & (passes < 3 ? MaskSrcBHigh : MaskTf32);
  src.ct = ct;
  src.rt = rt;
  src.half = hasShortExponent(right.format);
  src.integer = isInteger(right.format);
  if (src.a.size() < ct * TileElements)
    src.a.resize(ct * TileElements);
  if (src.b.size() < rt * TileElements)
    src.b.resize(rt * TileElements);
  for (uint32_t c = 0; c < ct; ++c) {
    const uint8_t *l1 = tileToRead(right, tile1 + c, loc);
    if (!withData())
      continue;
    float *to = src.a.data() + c * TileElements;
    (transpose ? unpackTransposed : unpack)(right, l1, to, maskA, loc);
  }
  for (uint32_t r = 0; r < rt; ++r) {
    const uint8_t *l1 = tileToRead(left, tile0 + r * kt, loc);
    if (withData())
      unpack(left, l1, src.b.data() + r * TileElements, maskB, loc);
  }
  const CircularBuffer &streamed = ct < rt ? left : right;
  endUnpack(src,
            timing::unpackMatmul(costs(), core.compute.unpackSection, ct, rt,
                                 streamed.tileSize(),
                                 rate(core, ct < rt, streamed)),
            ct * rt);
}

void unpackBinary(TwOp op, TwBroadcast broadcast, uint32_t in0, uint32_t in1,
                  uint32_t tile0, uint32_t tile1, uint32_t row, TwLoc loc) {
  Core &core = *self().core;
  CircularBuffer &first = operand(in0, loc);
  CircularBuffer &second = operand(in1, loc);
  SrcOperands &src = beginUnpack(op, broadcast, loc);
  checkFormat("SrcA", core.compute.srcA, first, loc);
  checkFormat("SrcB", core.compute.srcB, second, loc);
  checkOperands(
      core, op == TwOp::Reduce ? "a reduction" : "an element-wise operation",
      first, second, loc);
  checkShapes(op, broadcast, first, second, loc);
  src.shapeA = first.shape;
  src.shapeB = second.shape;
  src.half = hasShortExponent(first.format);
  src.integer = isInteger(first.format);
  if (src.integer && op == TwOp::Reduce)
    badFormat("a reduction", first, "the pooling unit takes floats", loc);
  src.a.resize(std::max<size_t>(src.a.size(), TileElements));
  src.b.resize(std::max<size_t>(src.b.size(), TileElements));
  const uint8_t *l1A = tileToRead(first, tile0, loc);
  const uint8_t *l1B = tileToRead(second, tile1, loc);
  if (withData()) {
    unpack(first, l1A, src.a.data(), srcMask(core, first), loc);
    unpack(second, l1B, src.b.data(), srcMask(core, second), loc);
    if (row != 0)
      std::copy_n(src.b.data() + row % 32 * 32, 32, src.b.data());
  }
  // A broadcast operand is unpacked once for a row of tiles.
  const uint32_t bytes =
      first.tileSize() +
      (broadcast == TwBroadcast::None ? second.tileSize() : 0);
  endUnpack(src,
            timing::unpackTiles(costs(), core.compute.unpackSection, bytes,
                                rate(core, false, first)),
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
  if (transpose || op == TwOp::Transpose)
    checkWhole("a transposition", cb, loc);
  if (broadcast != TwBroadcast::None)
    checkWhole("a broadcast", cb, loc);
  src.shapeA = cb.shape;
  src.half = hasShortExponent(cb.format);
  src.integer = isInteger(cb.format);
  const bool moves =
      op == TwOp::Copy || op == TwOp::UnaryBroadcast || op == TwOp::Transpose;
  if (src.integer && !moves)
    badFormat("an operation on DST and a tile", cb,
              "the matrix unit takes floats here; use the integer operations "
              "on DST tiles",
              loc);
  if (src.integer && datumBytes(cb.format) == 4 && !core.dst.fp32)
    badFormat("copying a tile", cb, "32-bit integers need fp32_dest_acc_en",
              loc);
  // 32-bit tiles of such a buffer go to DST whole, around Src; a broadcast
  // spreads their upper and lower halves one after the other.
  src.exact = moves && core.dst.fp32 && cb.format == DataFormat::Float32 &&
              in < core.unpackExact.size() && core.unpackExact[in];
  src.a.resize(std::max<size_t>(src.a.size(), TileElements));
  const uint8_t *l1 = tileToRead(cb, tile, loc);
  if (withData())
    (transpose ? unpackTransposed : unpack)(
        cb, l1, src.a.data(), src.exact ? MaskAll : srcMask(core, cb), loc);
  endUnpack(src,
            timing::unpackTiles(costs(), core.compute.unpackSection,
                                cb.tileSize(), rate(core, false, cb)),
            1);
}

/// Rows of `block` tiles that lie row-major from the read pointer on.
void unpackTilize(uint32_t in, uint32_t tile, uint32_t block, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  CircularBuffer &cb = operand(in, loc);
  SrcOperands &src = beginUnpack(TwOp::Tilize, TwBroadcast::None, loc);
  checkFormat("SrcA", core.compute.srcA, cb, loc);
  const uint32_t datum = datumBytes(cb.format);
  if (datum == 0)
    badFormat("tilizing", cb, "block formats have no row-major form", loc);
  checkWhole("tilizing", cb, loc);
  src.shapeA = cb.shape;
  if (datum == 4 && isInteger(cb.format) && !core.dst.fp32)
    badFormat("tilizing", cb, "32-bit integers need fp32_dest_acc_en", loc);
  src.half = hasShortExponent(cb.format);
  src.integer = isInteger(cb.format);
  src.exact = core.dst.fp32 && cb.format == DataFormat::Float32 &&
              in < core.unpackExact.size() && core.unpackExact[in];
  src.a.resize(std::max<size_t>(src.a.size(), TileElements));
  // Tile `tile` stands in row `tile / block` of such rows.
  const uint32_t pitch = block * 32 * datum;
  const uint32_t begin = tile / block * 32 * pitch + tile % block * 32 * datum;
  const uint32_t end = begin + 31 * pitch + 32 * datum;
  const uint32_t page = cb.read[uint32_t(AgentKind::Unpack)];
  if (end > cb.waited * cb.pageBytes)
    agent.fault(FaultCode::TileOutsideWindow,
                "rows up to byte " + std::to_string(end) + " of " + *cb.name +
                    " are read, but " +
                    std::to_string(cb.waited * cb.pageBytes) +
                    " bytes have been waited for",
                loc);
  if (page * cb.pageBytes + end > cb.pages * cb.pageBytes)
    agent.fault(FaultCode::BlockWraps,
                "the rows of " + *cb.name +
                    " lie over the end of the circular buffer",
                loc);
  machine->order->read(cb.base + page * cb.pageBytes + begin, end - begin, loc);
  machine->order->written.check(cb, cb.base + page * cb.pageBytes + begin,
                                end - begin, "read", loc);
  if (withData()) {
    // In the order of faces, which the conversion then takes apart again.
    alignas(64) uint8_t faces[TileElements * 4];
    const uint8_t *rows =
        core.l1.data() + cb.base + page * cb.pageBytes + begin;
    for (uint32_t face = 0; face < 4; ++face)
      for (uint32_t r = 0; r < 16; ++r)
        std::memcpy(faces + (face * 16 + r) * 16 * datum,
                    rows + (face / 2 * 16 + r) * pitch + face % 2 * 16 * datum,
                    16 * datum);
    unpack(cb, faces, src.a.data(), src.exact ? MaskAll : srcMask(core, cb),
           loc);
  }
  endUnpack(src, timing::tilize(costs(), cb.tileSize(), rate(core, false, cb)),
            1);
}

} // namespace

void installUnpackCalls(TwApi &api) {
  api.unpackMatmul = unpackMatmul;
  api.unpackBinary = unpackBinary;
  api.unpackUnary = unpackUnary;
  api.unpackTilize = unpackTilize;
}

} // namespace tilewright::sim::compute
