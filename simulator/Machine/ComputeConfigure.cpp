//===- ComputeConfigure.cpp - the state of the three units ----------------===//
//
// What start-up, inits and reconfigurations set.
//
//===----------------------------------------------------------------------===//

#include "Machine/Compute.h"

namespace tilewright::sim::compute {
namespace {

void setLayout(TwLayout layout, TwLoc loc) {
  Agent &agent = self();
  ComputeState &state = agent.core->compute;
  (agent.kind == AgentKind::Unpack ? state.unpackLayout
                                   : state.packLayout) = {layout, loc};
}

void needLayout(TwLayout layout, const char *call, TwLoc loc) {
  const auto &set = self().core->compute.unpackLayout;
  if (set.value == layout)
    return;
  std::vector<std::string> notes;
  if (set.where.file)
    notes.push_back(std::string(set.where.file) + ":" +
                    std::to_string(set.where.line) + ": the last change");
  self().fault(FaultCode::MissingInit,
               std::string(call) + " runs without its init", loc,
               std::move(notes));
}

void unpackSection() { self().core->compute.unpackSection = true; }

bool isExact(uint32_t cb) {
  const auto &exact = self().core->unpackExact;
  return cb < exact.size() && exact[cb];
}

/// Sets the formats of both sources (-1: leave one); whether that changed any.
bool setSources(int32_t a, int32_t b, TwLoc loc) {
  ComputeState &state = self().core->compute;
  bool changed = false;
  auto set = [&](int32_t cb, DataFormat &format, bool &exact) {
    if (cb < 0)
      return;
    const DataFormat wanted = operand(uint32_t(cb), loc).format;
    changed |= format != wanted || exact != isExact(uint32_t(cb));
    format = wanted;
    exact = isExact(uint32_t(cb));
  };
  set(a, state.srcA, state.exactA);
  set(b, state.srcB, state.exactB);
  state.formatChanges += changed;
  return changed;
}

void unpackConfigure(uint32_t a, uint32_t b, bool startUp, TwLoc loc) {
  Agent &agent = self();
  ComputeState &state = agent.core->compute;
  setSources(int32_t(a), int32_t(b), loc);
  agent.spend(cycles(startUp && !state.configured ? costs().kernelInit
                                                  : costs().initShort));
  state.configured = true;
  state.unpackLayout = {};
}

void unpackReconfigure(int32_t a, int32_t b, TwLoc loc) {
  if (!setSources(a, b, loc))
    noteRedundantInit(loc);
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
  state.packLayout = {};
}
void packReconfigure(uint32_t out, TwLoc loc) {
  const DataFormat wanted = operand(out, loc).format;
  if (self().core->compute.out == wanted)
    noteRedundantInit(loc);
  self().core->compute.out = wanted;
  self().spend(cycles(costs().initShort));
}
void packAccumulate(bool on, TwLoc loc) {
  if (self().core->compute.accumulate == on)
    noteRedundantInit(loc);
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
  api.setLayout = setLayout;
  api.needLayout = needLayout;
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
