//===- Collect.cpp - from the state of a machine to a report --------------===//

#include "Runtime/Collect.h"

#include "Machine/Noc.h"
#include "Machine/Profile.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <tuple>

namespace tilewright::sim {
namespace {

template <typename Array> WaitReport readWaits(const Array &waited) {
  auto of = [&](WaitKind kind) {
    return wholeCycles(waited[static_cast<uint32_t>(kind)]);
  };
  return {.cbPages = of(WaitKind::CbPages),
          .cbSpace = of(WaitKind::CbSpace),
          .src = of(WaitKind::Src),
          .srcFree = of(WaitKind::SrcFree),
          .dstFree = of(WaitKind::DstFree),
          .dstFull = of(WaitKind::DstFull),
          .noc = of(WaitKind::Noc),
          .semaphore = of(WaitKind::Semaphore) + of(WaitKind::Mailbox)};
}

void collectAgents(Machine &m) {
  for (const auto &core : m.cores)
    for (const auto &agent : core->agents) {
      if (!agent)
        continue;
      AgentReport &report = agent->report;
      report.busy = wholeCycles(agent->busy);
      report.waits = readWaits(agent->waited);
      m.result.agents.push_back(report);
    }
}

/// The lines by their text; a kernel of another agent is another program.
void collectLines(Machine &m) {
  using Key = std::tuple<std::string, uint32_t, std::string, uint32_t>;
  struct Sum {
    std::string call;
    uint64_t calls = 0;
    Time busy = 0;
    Profile::Waits waited{};
  };
  std::map<Key, Sum> sums;
  for (const Profile::Lines &own : m.profile->lines())
    for (const Profile::Line &line : own.lines) {
      Sum &sum = sums[{own.kernel->name, uint32_t(own.kind),
                       line.file ? line.file : "", line.line}];
      if (sum.call.empty())
        sum.call = line.call;
      sum.calls += line.calls;
      sum.busy += line.busy;
      for (size_t kind = 0; kind < line.waited.size(); ++kind)
        sum.waited[kind] += line.waited[kind];
    }
  for (auto &[key, sum] : sums)
    m.result.lines.push_back({.kernel = std::get<0>(key),
                              .agent = agentName(AgentKind(std::get<1>(key))),
                              .file = std::get<2>(key),
                              .line = std::get<3>(key),
                              .call = std::move(sum.call),
                              .calls = sum.calls,
                              .busy = wholeCycles(sum.busy),
                              .waits = readWaits(sum.waited)});
}

void collectZones(Machine &m) {
  for (const auto &core : m.cores)
    for (const auto &agent : core->agents) {
      if (!agent)
        continue;
      for (const Profile::Zone &zone : m.profile->zones(*agent))
        m.result.zones.push_back({.core = core->coord,
                                  .agent = agentName(agent->kind),
                                  .kernel = agent->kernel->name,
                                  .name = zone.name,
                                  .count = zone.count,
                                  .cycles = wholeCycles(zone.total)});
    }
}

void collectStorage(Machine &m, Time begin, Time end) {
  for (const auto &core : m.cores) {
    for (uint32_t index = 0; index < core->cbs.size(); ++index) {
      const CircularBuffer &cb = core->cbs[index];
      if (!cb.exists)
        continue;
      const Level &level = m.profile->occupancy(*core, index);
      m.result.buffers.push_back(
          {.core = core->coord,
           .index = index,
           .name = *cb.name,
           .format = formatName(cb.format),
           .address = cb.base,
           .pages = cb.pages,
           .pageBytes = cb.pageBytes,
           .pushed = cb.pushed,
           .peak = level.peak(),
           .mean = level.mean(begin, end, cb.available())});
    }
    if (!core->config)
      continue;
    const DstState &dst = core->dst;
    m.result.dst.push_back(
        {.core = core->coord,
         .sections = dst.sections,
         .capacity = dst.capacity,
         .fp32 = dst.fp32,
         .mean = m.profile->dst(*core).mean(begin, end, dst.used())});
  }
}

ServerReport readUse(const ServerUse &use) {
  return {use.bytes, use.packets, wholeCycles(use.busy)};
}

void collectNoc(Machine &m) {
  NocReport &report = m.result.noc;
  report.grid = {m.chip.nocGrid.x, m.chip.nocGrid.y};
  const NocUse use = m.noc->use();
  for (const NocUse::Link &link : use.links)
    report.links.push_back({.noc = link.noc,
                            .from = {link.from.x, link.from.y},
                            .direction = link.noc == 0
                                             ? (link.alongY ? "+y" : "+x")
                                             : (link.alongY ? "-y" : "-x"),
                            .use = readUse(link.use)});
  for (const NocUse::Niu &niu : use.nius)
    report.nius.push_back({.noc = niu.noc,
                           .at = {niu.at.x, niu.at.y},
                           .out = niu.out,
                           .use = readUse(niu.use)});
  for (const NocUse::Bank &bank : use.banks)
    report.banks.push_back({.bank = bank.bank,
                            .read = readUse(bank.read),
                            .write = readUse(bank.write)});
}

/// The unit that is busy longest on any core bounds the run, if it is busy at
/// least half of it; otherwise the run waits for things to arrive.
std::string findBound(const Machine &m, Time begin, Time end) {
  std::array<Time, AgentKinds> busy{};
  for (const auto &core : m.cores)
    for (const auto &agent : core->agents)
      if (agent)
        busy[size_t(agent->kind)] =
            std::max(busy[size_t(agent->kind)], agent->busy);
  Time bank = 0, wire = 0;
  const NocUse use = m.noc->use();
  for (const NocUse::Bank &one : use.banks)
    bank = std::max(bank, one.read.busy + one.write.busy);
  for (const NocUse::Link &one : use.links)
    wire = std::max(wire, one.use.busy);
  for (const NocUse::Niu &one : use.nius)
    wire = std::max(wire, one.use.busy);
  const std::pair<Time, const char *> units[] = {
      {busy[size_t(AgentKind::Math)], "math"},
      {busy[size_t(AgentKind::Unpack)], "unpack"},
      {busy[size_t(AgentKind::Pack)], "pack"},
      {bank, "dram"},
      {wire, "noc"},
      {std::max(busy[size_t(AgentKind::Brisc)],
                busy[size_t(AgentKind::Ncrisc)]),
       "issue"}};
  const auto &most = *std::max_element(
      std::begin(units), std::end(units),
      [](const auto &a, const auto &b) { return a.first < b.first; });
  return most.first * 2 < end - begin ? "latency" : most.second;
}

} // namespace

void collectReport(Machine &m) {
  const Time begin = cycles(m.chip.launchCycles);
  Time end = 0;
  for (const auto &core : m.cores)
    for (const auto &agent : core->agents)
      if (agent)
        end = std::max(end, agent->now);
  RunResult &result = m.result;
  result.chip = m.chip.name;
  result.clockGHz = m.chip.clockGHz;
  result.grid = m.device.grid();
  result.cycles = wholeCycles(end);
  result.dramReadBytes = m.noc->dramRead;
  result.dramWriteBytes = m.noc->dramWritten;
  result.nocBytes = m.noc->bytesMoved;
  result.bound = findBound(m, begin, end);
  if (!m.options.collectReport)
    return;
  collectAgents(m);
  collectLines(m);
  collectZones(m);
  collectStorage(m, begin, end);
  collectNoc(m);
  result.trace = renderTrace(m);
}

bool writeWhole(const std::string &path, const std::string &text) {
  const std::string part = path + ".part";
  std::FILE *file = std::fopen(part.c_str(), "wb");
  if (!file)
    return false;
  const bool written =
      std::fwrite(text.data(), 1, text.size(), file) == text.size();
  std::error_code error;
  if (std::fclose(file) == 0 && written)
    std::filesystem::rename(part, path, error);
  else
    error = std::make_error_code(std::errc::io_error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
  }
  return !error;
}

} // namespace tilewright::sim
