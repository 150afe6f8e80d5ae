//===- ComputeReduce.cpp - pooling and transposition in DST ---------------===//
//
// Reductions of a tile of Src into DST, and the transpose of a tile of DST.
//
//===----------------------------------------------------------------------===//

#include "Machine/Compute.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace tilewright::sim::compute {
namespace {

/// Sums with scalers (GAPOOL): the sixteen of row 0 of the scaler's first face,
/// one for each row of a face. Row sums are column sums of the transposed tile,
/// which then pass through Src on their way back into a column: as 19 bits, or
/// in two halves (`keepsFp32`). Whole sums have no way in two halves.
void sumInto(const MatrixUnit &unit, TwReduceDim dim, bool keepsFp32,
             const float *in, const float *scaler, float *out) {
  alignas(64) float turned[TileElements];
  alignas(64) float sums[32] = {};
  auto truncate = [&](float value, bool keeps) {
    const uint32_t through = unit.wide && !keeps ? MaskTf32 : MaskAll;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(value) & through);
  };
  if (dim == TwReduceDim::Column) {
    for (uint32_t half = 0; half < 2; ++half)
      unit.pool(out, scaler, in, half);
  } else if (dim == TwReduceDim::Row) {
    unit.ops.transpose(in, turned);
    for (uint32_t r = 0; r < 32; ++r)
      sums[r] = out[r * 32];
    for (uint32_t half = 0; half < 2; ++half)
      unit.pool(sums, scaler, turned, half);
    for (uint32_t r = 0; r < 32; ++r)
      out[r * 32] = truncate(sums[r], keepsFp32);
  } else {
    // All four faces into sixteen sums, and those once more.
    alignas(64) float faces[TileElements] = {};
    for (uint32_t half = 0; half < 2; ++half)
      for (uint32_t side = 0; side < 2; ++side) {
        for (uint32_t r = 0; r < 16; ++r)
          std::copy_n(in + (half * 16 + r) * 32 + side * 16, 16,
                      faces + r * 32);
        unit.pool(sums, scaler, faces, 0);
      }
    std::fill_n(turned, TileElements, 0.0f);
    for (uint32_t r = 0; r < 16; ++r)
      turned[r * 32] = truncate(sums[r], false);
    alignas(64) float total[32] = {out[0]};
    unit.pool(total, scaler, turned, 0);
    out[0] = total[0];
  }
}

/// Maxima (GMPOOL): the scaler's exponent scales, its mantissa has no effect,
/// and DST is read as Src would hold it.
void largestInto(const MatrixUnit &unit, TwReduceDim dim, const float *in,
                 float scaler, float *out) {
  const float scale =
      std::bit_cast<float>(std::bit_cast<uint32_t>(scaler) & 0x7f800000u);
  auto merge = [&](float &into, float value) {
    into = std::max(into, value * scale);
  };
  auto read = [&](float &into) {
    into = std::bit_cast<float>(std::bit_cast<uint32_t>(into) & MaskTf32);
  };
  if (dim == TwReduceDim::Scalar) {
    read(out[0]);
    for (uint32_t i = 0; i < TileElements; ++i)
      merge(out[0], in[i] * scale);
  } else {
    const uint32_t step = dim == TwReduceDim::Row ? 32 : 1;
    for (uint32_t i = 0; i < 32; ++i)
      read(out[i * step]);
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c)
        merge(out[(dim == TwReduceDim::Row ? r : c) * step], in[r * 32 + c]);
  }
  unit.round(out);
}

void mathReduce(TwPool pool, TwReduceDim dim, bool keepsFp32, uint32_t index,
                TwLoc loc) {
  Core &core = *self().core;
  SrcOperands &src = beginMath(TwOp::Reduce, TwBroadcast::None, loc);
  checkVariant(TwVariant::reduce(pool, dim),
               "reduce_tile of another pool or dimension than its reduce_init",
               loc);
  const bool fresh = !(core.dst.mathHolds && index < core.dst.capacity &&
                       (core.dst.written[core.dst.mathSection] >> index & 1));
  float *out = accumulatorTile(core, index, loc);
  core.dst.reduced[core.dst.mathSection] |= 1u << index;
  core.dst.shapes[core.dst.mathSection][index] = src.shapeA;
  if (pool == TwPool::Max && dim != TwReduceDim::Row && !src.shapeA.whole())
    self().fault(FaultCode::UnsupportedFormat,
                 "the maximum over the rows of a tile of " +
                     shapeText(src.shapeA) + ": only 32x32 is simulated here",
                 loc);
  if (withData()) {
    const MatrixUnit unit = matrixUnit(core);
    if (pool == TwPool::Max) {
      if (fresh)
        std::fill_n(out, TileElements, -std::numeric_limits<float>::infinity());
      largestInto(unit, dim, src.a.data(), src.b[0], out);
    } else {
      sumInto(unit, dim, keepsFp32, src.a.data(), src.b.data(), out);
    }
  }
  const double once = dim == TwReduceDim::Row ? costs().reduceRowCycles
                                              : costs().reduceColCycles;
  const bool sums = pool != TwPool::Max;
  endMath(src, once * (sums ? phases(core) : 1), 1);
}

void mathTransposeDst(uint32_t index, TwLoc loc) {
  Agent &agent = self();
  checkOperation(TwOp::TransposeDst, TwBroadcast::None, loc);
  float *tile = mathTile(*agent.core, index, true, loc);
  DstState &dst = agent.core->dst;
  if (!dst.shapes[dst.mathSection][index].whole())
    agent.fault(FaultCode::UnsupportedFormat,
                "a transposition of a DST tile of " +
                    shapeText(dst.shapes[dst.mathSection][index]) +
                    ": only 32x32 is simulated here",
                loc);
  if (withData()) {
    alignas(64) float straight[TileElements];
    std::memcpy(straight, tile, sizeof(straight));
    machine->ops.transpose(straight, tile);
  }
  agent.spend(cycles(costs().transposeCycles));
}

} // namespace

void installReduceCalls(TwApi &api) {
  api.mathReduce = mathReduce;
  api.mathTransposeDst = mathTransposeDst;
}

} // namespace tilewright::sim::compute
