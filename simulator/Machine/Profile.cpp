//===- Profile.cpp - where the time of a run goes -------------------------===//

#include "Machine/Profile.h"

namespace tilewright::sim {

Profile::Profile(uint32_t cores, uint32_t circularBuffers, bool trace)
    : perAgent(size_t(cores) * AgentKinds),
      buffers(size_t(cores) * circularBuffers), sections(cores),
      circularBuffers(circularBuffers), trace(trace) {}

void Profile::called(const Agent &agent, const char *call, TwLoc loc,
                     Time begin, Time busy, const Waits &waited) {
  if (trace && agent.now != begin) {
    if (recorded.size() < MaxSpans)
      recorded.push_back({agent.order, loc.line, loc.file, call, begin,
                          agent.now, agent.busy - busy});
    else if (cut == 0)
      cut = begin;
  }
  Lines &own = perAgent[agent.order - 1];
  if (!loc.file) {
    own.unplaced += agent.busy - busy;
    return;
  }
  const size_t count = own.lines.size();
  // Kernels loop: the last line or the one that follows it is the likely one.
  size_t at = own.last;
  for (size_t tried = 0; tried < count; ++tried) {
    if (own.lines[at].line == loc.line && own.lines[at].file == loc.file)
      break;
    at = at + 1 < count ? at + 1 : 0;
    if (tried + 1 == count)
      at = count;
  }
  if (count == 0 || at == count) {
    own.lines.push_back({.file = loc.file, .line = loc.line, .call = call});
    at = own.lines.size() - 1;
  }
  own.last = at;
  Line &line = own.lines[at];
  ++line.calls;
  line.busy += agent.busy - busy + own.unplaced;
  own.unplaced = 0;
  for (size_t kind = 0; kind < waited.size(); ++kind)
    line.waited[kind] += agent.waited[kind] - waited[kind];
}

void Profile::circularBuffer(const Agent &agent, uint32_t index,
                             uint32_t before) {
  const Core &core = *agent.core;
  Level &level = buffers[size_t(core.index) * circularBuffers + index];
  level.hold(agent.now, before);
  const uint32_t now = core.cbs[index].available();
  level.hold(agent.now, now);
  if (trace && !cut)
    levels.push_back({agent.now, core.index, index, now});
}

void Profile::dstSections(const Agent &agent, uint32_t before) {
  const Core &core = *agent.core;
  sections[core.index].hold(agent.now, before);
  sections[core.index].hold(agent.now, core.dst.sections - core.dst.free);
}

} // namespace tilewright::sim
