//===- ComputeReduce.cpp - pooling and transposition in DST ---------------===//
//
// Reductions of a tile of Src into DST, and the transpose of a tile of DST.
//
//===----------------------------------------------------------------------===//

#include "Machine/Compute.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace tilewright::sim::compute {
namespace {

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
  core.dst.reduced[core.dst.mathSection] |= 1u << index;
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

} // namespace

void installReduceCalls(TwApi &api) {
  api.mathReduce = mathReduce;
  api.mathTransposeDst = mathTransposeDst;
}

} // namespace tilewright::sim::compute
