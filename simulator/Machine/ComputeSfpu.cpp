//===- ComputeSfpu.cpp - the vector unit on DST tiles ---------------------===//
//
// Runs on the MATH thread, after the matrix unit and never beside it.
//
//===----------------------------------------------------------------------===//

#include "Machine/Compute.h"

namespace tilewright::sim::compute {
namespace {

void callSfpuUnary(TwUnary op, uint32_t index, uint32_t p, uint32_t q,
                   TwLoc loc) {
  Agent &agent = self();
  checkVectorUnit(op, loc);
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
  checkVectorUnit(op, loc);
  const float *first = mathTile(core, a, true, loc);
  const float *second = mathTile(core, b, true, loc);
  const float *third =
      op == TwBinary::Where ? mathTile(core, c, true, loc) : nullptr;
  const bool edge = core.dst.reduced[core.dst.mathSection] >> a & 1;
  float *out = mathTile(core, index, false, loc);
  core.dst.reduced[core.dst.mathSection] |= uint32_t(edge) << index;
  if (withData()) {
    sfpuBinary(op, first, second, third, out);
    roundDst(core, out);
  }
  core.dst.firstMath = false;
  agent.spend(cycles(sfpuCycles(op)) + machine->jitter(30));
}

} // namespace

void installSfpuCalls(TwApi &api) {
  api.sfpuUnary = callSfpuUnary;
  api.sfpuBinary = callSfpuBinary;
}

} // namespace tilewright::sim::compute
