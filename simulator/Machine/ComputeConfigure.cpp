//===- ComputeConfigure.cpp - the state of the three units ----------------===//
//
// What start-up, inits and reconfigurations set.
//
//===----------------------------------------------------------------------===//

#include "Machine/Compute.h"

namespace tilewright::sim::compute {
namespace {

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

void mathConfigure(bool, TwLoc) { self().spend(cycles(costs().initShort)); }

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

} // namespace

void installConfigureCalls(TwApi &api) {
  api.unpackSection = unpackSection;
  api.unpackConfigure = unpackConfigure;
  api.unpackReconfigure = unpackReconfigure;
  api.mathConfigure = mathConfigure;
  api.packConfigure = packConfigure;
  api.packReconfigure = packReconfigure;
  api.packAccumulate = packAccumulate;
  api.packRelu = packRelu;
  api.packReduceMask = packReduceMask;
}

} // namespace tilewright::sim::compute
