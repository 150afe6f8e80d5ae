//===- Compute.cpp - what the compute stages share ------------------------===//
//
// Operands, checks and the entries of the table.
//
//===----------------------------------------------------------------------===//

#include "Machine/Compute.h"

namespace tilewright::sim::compute {

uint32_t phases(const Core &core) {
  switch (core.config->fidelity) {
  case MathFidelity::LoFi:
    return 1;
  case MathFidelity::HiFi2:
    return 2;
  case MathFidelity::HiFi3:
    return 3;
  case MathFidelity::HiFi4:
  case MathFidelity::Invalid:
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

void checkFormat(const char *side, DataFormat set, const CircularBuffer &cb,
                 TwLoc loc) {
  if (set != cb.format)
    self().fault(FaultCode::FormatMismatch,
                 std::string(side) + " is configured for " +
                     std::string(formatName(set)) + ", but " + *cb.name +
                     " holds " + std::string(formatName(cb.format)),
                 loc);
}

void badFormat(const char *what, const CircularBuffer &cb, const char *why,
               TwLoc loc) {
  self().fault(FaultCode::UnsupportedFormat,
               std::string(what) + " of " + *cb.name + ", which holds " +
                   std::string(formatName(cb.format)) + ": " + why,
               loc);
}

std::string shapeText(TileShape shape) {
  return std::to_string(shape.rows) + "x" + std::to_string(shape.cols);
}

void checkWhole(const char *what, const CircularBuffer &cb, TwLoc loc) {
  if (!cb.shape.whole())
    self().fault(FaultCode::UnsupportedFormat,
                 std::string(what) + " of " + *cb.name +
                     ", which has tiles of " + shapeText(cb.shape) +
                     ": only 32x32 is simulated here",
                 loc);
}

void checkPage(const CircularBuffer &cb, TwLoc loc) {
  const uint32_t bytes = cb.tileSize();
  if (bytes == 0)
    badFormat("a tile", cb, "a tile has no size in this format", loc);
  if (cb.pageBytes < bytes)
    self().fault(FaultCode::UnsupportedFormat,
                 *cb.name + " has pages of " + std::to_string(cb.pageBytes) +
                     " bytes, but a " + shapeText(cb.shape) + " tile of " +
                     std::string(formatName(cb.format)) + " takes " +
                     std::to_string(bytes),
                 loc);
}

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

void checkWritten(uint32_t section, uint32_t index, TwLoc loc) {
  Agent &agent = self();
  if (agent.core->dst.written[section] >> index & 1)
    return;
  agent.fault(FaultCode::UnwrittenDst,
              "DST tile " + std::to_string(index) +
                  (agent.kind == AgentKind::Pack ? " is packed" : " is read") +
                  ", but nothing has written it in this section",
              loc);
}

} // namespace tilewright::sim::compute

namespace tilewright::sim {

void installComputeCalls(TwApi &api) {
  compute::installConfigureCalls(api);
  compute::installUnpackCalls(api);
  compute::installMathCalls(api);
  compute::installReduceCalls(api);
  compute::installSfpuCalls(api);
  compute::installVectorCalls(api);
  compute::installDstCalls(api);
  compute::installPackCalls(api);
}

} // namespace tilewright::sim
