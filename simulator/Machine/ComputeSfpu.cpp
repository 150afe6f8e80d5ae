//===- ComputeSfpu.cpp - the vector unit on DST tiles ---------------------===//
//
// Runs on the MATH thread, after the matrix unit and never beside it.
//
//===----------------------------------------------------------------------===//

#include "Machine/Compute.h"
#include "Numerics/Sfpu.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace tilewright::sim::compute {
namespace {

/// What a store to DST leaves of the results.
void store(const Core &core, float *tile, bool integer, SfpuStore how) {
  if (core.dst.fp32)
    return;
  auto mask = [&](uint32_t bits) { machine->ops.mask(tile, tile, bits); };
  if (integer) {
    mask(0xffffu);
  } else if (core.dst.half[core.dst.mathSection]) {
    machine->ops.roundFp16(tile);
  } else if (how == SfpuStore::Truncate) {
    mask(MaskBf16);
  } else if (how == SfpuStore::NearestEven) {
    for (uint32_t i = 0; i < TileElements; ++i) {
      const uint32_t bits = std::bit_cast<uint32_t>(tile[i]);
      if ((bits & 0x7fffffffu) < 0x7f800000u)
        tile[i] = std::bit_cast<float>((bits + 0x7fffu + (bits >> 16 & 1u)) &
                                       0xffff0000u);
    }
  } else {
    machine->ops.roundBf16(tile);
  }
}

/// Faces that a VectorMode leaves alone keep what they had.
void restoreFaces(uint32_t mode, const float *before, float *tile) {
  constexpr uint32_t rows = 1, columns = 2;
  if (mode != rows && mode != columns)
    return;
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c)
      if ((mode == rows ? r : c) >= 16)
        tile[r * 32 + c] = before[r * 32 + c];
}

/// Whether the results of a conversion are integers.
bool givesInteger(TwUnary op, uint32_t q) {
  return op == TwUnary::Typecast ? isInteger(static_cast<DataFormat>(q))
                                 : op == TwUnary::FillInt || isIntegerOp(op);
}

void callSfpuUnary(TwUnary op, uint32_t index, uint32_t p, uint32_t q,
                   uint32_t mode, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  checkVectorUnit(op, loc);
  const bool writesOnly =
      op == TwUnary::Fill || op == TwUnary::FillInt || op == TwUnary::Rand;
  float *tile = mathTile(core, index, !writesOnly, loc);
  if (withData()) {
    alignas(64) float before[TileElements];
    std::memcpy(before, tile, sizeof(before));
    // A running sum goes on from the tile before, unless this is the first.
    auto &carried = core.compute.runningSum;
    if (op == TwUnary::Cumsum && p == 0)
      for (uint32_t c = 0; c < 32; ++c)
        tile[c] += carried[c];
    sfpuUnary(op, tile, p, q, core.compute.random);
    if (op == TwUnary::Cumsum)
      std::copy_n(tile + 31 * 32, 32, carried.begin());
    store(core, tile, givesInteger(op, q), storeOf(op, p, q));
    restoreFaces(mode, before, tile);
  }
  core.dst.firstMath = false;
  agent.spend(cycles(sfpuCycles(machine->chip.vector, op)) +
              machine->jitter(30));
}

void callSfpuBinary(TwBinary op, uint32_t a, uint32_t b, uint32_t c,
                    uint32_t index, uint32_t value, uint32_t mode, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  checkVectorUnit(op, loc);
  const bool three = op == TwBinary::Where || op == TwBinary::WhereInt ||
                     op == TwBinary::Addcmul || op == TwBinary::Addcdiv ||
                     op == TwBinary::Lerp;
  const float *first = mathTile(core, a, true, loc);
  const float *second = mathTile(core, b, true, loc);
  const float *third = three ? mathTile(core, c, true, loc) : nullptr;
  const bool edge = core.dst.reduced[core.dst.mathSection] >> a & 1;
  auto &shapes = core.dst.shapes[core.dst.mathSection];
  const TileShape shape = shapes[a];
  float *out = mathTile(core, index, false, loc);
  core.dst.reduced[core.dst.mathSection] |= uint32_t(edge) << index;
  shapes[index] = shape;
  if (withData()) {
    alignas(64) float before[TileElements];
    std::memcpy(before, out, sizeof(before));
    sfpuBinary(op, first, second, third, out, value);
    const bool integer =
        isIntegerOp(op) || op == TwBinary::Quant || op == TwBinary::Requant;
    // Copies and choices store what they load, whatever it is.
    if (op != TwBinary::Copy && op != TwBinary::WhereInt)
      store(core, out, integer && op != TwBinary::DivInt, storeOf(op));
    restoreFaces(mode, before, out);
  }
  core.dst.firstMath = false;
  agent.spend(cycles(sfpuCycles(machine->chip.vector, op)) +
              machine->jitter(30));
}

void sfpuReduce(uint32_t poolType, uint32_t format, bool rows, uint32_t index,
                uint32_t ct, uint32_t rt, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  checkVectorUnit(TwUnary::ReduceDst, loc);
  const auto pool = static_cast<SfpuPool>(poolType);
  const auto kind = static_cast<DataFormat>(format);
  const uint32_t lines = rows ? rt : ct, steps = rows ? ct : rt;
  for (uint32_t line = 0; line < lines; ++line) {
    alignas(64) float into[32];
    float *target = nullptr;
    for (uint32_t step = 0; step < steps; ++step) {
      const uint32_t r = rows ? line : step, c = rows ? step : line;
      float *tile = mathTile(core, index + r * ct + c, true, loc);
      target = step == 0 ? tile : target;
      if (withData())
        sfpuReduceTile(pool, kind, rows, tile, into, step == 0);
    }
    if (!withData() || !target)
      continue;
    sfpuReduceEnd(pool, kind, into, 32 * steps);
    for (uint32_t i = 0; i < 32; ++i)
      target[rows ? i * 32 : i] = into[i];
    if (!core.dst.fp32 && !isInteger(kind))
      store(core, target, false, SfpuStore::NearestAway);
  }
  core.dst.firstMath = false;
  agent.spend(
      cycles(sfpuCycles(machine->chip.vector, TwUnary::Square) * ct * rt) +
      machine->jitter(30));
}

void sfpuSeed(uint32_t seed, TwLoc) {
  Core &core = *self().core;
  core.compute.random = uint64_t(seed) << 32 | core.index;
}

} // namespace

void installSfpuCalls(TwApi &api) {
  api.sfpuUnary = callSfpuUnary;
  api.sfpuBinary = callSfpuBinary;
  api.sfpuReduce = sfpuReduce;
  api.sfpuSeed = sfpuSeed;
}

} // namespace tilewright::sim::compute
