//===- Profile.cpp - where the time of a run goes -------------------------===//

#include "Machine/Profile.h"

#include "Runtime/Environment.h"

#include <algorithm>
#include <string_view>

namespace tilewright::sim {

Profile::Profile(uint32_t cores, uint32_t circularBuffers, bool trace)
    : perAgent(size_t(cores) * AgentKinds), named(size_t(cores) * AgentKinds),
      buffers(size_t(cores) * circularBuffers), sections(cores),
      circularBuffers(circularBuffers), trace(trace), maxSpans(traceCalls()) {}

Profile::Line &Profile::find(Lines &own, TwLoc loc, const char *call) {
  auto place = [&](const char *file, uint32_t line) {
    const uint64_t mixed =
        (reinterpret_cast<uintptr_t>(file) + line) * 0x9e3779b97f4a7c15u;
    return (mixed >> 32) & (own.table.size() - 1);
  };
  auto insert = [&](uint32_t index) {
    const Line &line = own.lines[index];
    size_t at = place(line.file, line.line);
    while (own.table[at])
      at = (at + 1) & (own.table.size() - 1);
    own.table[at] = index + 1;
  };
  for (size_t at = place(loc.file, loc.line); own.table[at];
       at = (at + 1) & (own.table.size() - 1)) {
    Line &line = own.lines[own.table[at] - 1];
    if (line.line == loc.line && line.file == loc.file)
      return line;
  }
  own.lines.push_back({.file = loc.file, .line = loc.line, .call = call});
  const auto count = static_cast<uint32_t>(own.lines.size());
  if (count * 2 > own.table.size()) {
    own.table.assign(own.table.size() * 2, 0);
    for (uint32_t index = 0; index + 1 < count; ++index)
      insert(index);
  }
  insert(count - 1);
  return own.lines.back();
}

Profile::Lines &Profile::linesOf(const Agent &agent) {
  for (Lines &lines : perKernel)
    if (lines.kernel == agent.kernel && lines.kind == agent.kind)
      return lines;
  Lines &lines = perKernel.emplace_back();
  lines.kernel = agent.kernel;
  lines.kind = agent.kind;
  return lines;
}

void Profile::called(const Agent &agent, const char *call, TwLoc loc,
                     Time begin, Time busy) {
  if (trace && agent.now != begin) {
    if (recorded.size() < maxSpans)
      recorded.push_back({agent.order, loc.line, loc.file, call, begin,
                          agent.now, agent.busy - busy});
    else if (cut == 0)
      cut = begin;
  }
  Pending &own = perAgent[agent.order - 1];
  if (!loc.file)
    return;
  if (!own.lines)
    own.lines = &linesOf(agent);
  Line &line = find(*own.lines, loc, call);
  ++line.calls;
  line.busy += agent.busy - own.counted;
  own.counted = agent.busy;
  own.last = static_cast<uint32_t>(&line - own.lines->lines.data());
  if (own.waits == agent.waits)
    return;
  own.waits = agent.waits;
  for (size_t kind = 0; kind < own.waited.size(); ++kind) {
    line.waited[kind] += agent.waited[kind] - own.waited[kind];
    own.waited[kind] = agent.waited[kind];
  }
}

void Profile::ended(const Agent &agent) {
  Pending &own = perAgent[agent.order - 1];
  if (own.lines)
    own.lines->lines[own.last].busy += agent.busy - own.counted;
  own.counted = agent.busy;
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

void Profile::zone(const Agent &agent, const char *name, bool begins,
                   TwLoc loc) {
  std::vector<Zone> &zones = named[agent.order - 1];
  auto zone = std::find_if(zones.begin(), zones.end(), [&](const Zone &one) {
    return std::string_view(one.name) == name;
  });
  if (zone == zones.end())
    zone = zones.insert(zones.end(), Zone{.name = name});
  if (begins) {
    zone->begun = agent.now;
    zone->busyThen = agent.busy;
    return;
  }
  ++zone->count;
  zone->total += agent.now - zone->begun;
  if (!trace || cut)
    return;
  recorded.push_back({agent.order, loc.line, loc.file, zone->name, zone->begun,
                      agent.now, agent.busy - zone->busyThen});
}

void Profile::dstSections(const Agent &agent, uint32_t before) {
  const Core &core = *agent.core;
  sections[core.index].hold(agent.now, before);
  sections[core.index].hold(agent.now, core.dst.used());
}

} // namespace tilewright::sim
