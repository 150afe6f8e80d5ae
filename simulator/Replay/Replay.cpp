//===- Replay.cpp - a NoC trace on the simulated chip ---------------------===//
//
// Each kernel of the trace is an agent whose program is the list of its events.
// An event's time stamp is taken at the begin of a call, before the profiler
// stores it; these costs of the recording are not the chip's and stand here.
//
//===----------------------------------------------------------------------===//

#include "Replay/Replay.h"

#include "Machine/Machine.h"
#include "Machine/Noc.h"

#include <algorithm>
#include <map>

namespace tilewright::sim {
namespace {

/// Cycles from the stamp of a call to the call itself.
constexpr uint32_t kStampToCall = 55;
/// Cycles from the stamp of a barrier to that of its end when nothing is open:
/// 84 in the traces.
constexpr uint32_t kEmptyBarrier = 84;
/// Cycles between two stamps that no call accounts for: 124 for a read in the
/// traces, of which the chip needs 22.
constexpr uint32_t kStamp = 102;
/// Where the transfers lie; any place will do.
constexpr uint32_t kHere = 0x80000;
constexpr uint64_t kThere = 0x40000;

class Replayer {
public:
  Replayer(const arch::Chip &chip, const NocTrace &trace, IssueTimes times)
      : device(chip, chip.maxGrid[0], chip.maxGrid[1]), chip(chip),
        trace(trace), times(times), m(device, options()) {}

  ReplayResult run();
  void play();

private:
  static const RunOptions &options() {
    static const RunOptions timeOnly = [] {
      RunOptions all;
      all.withData = false;
      all.collectReport = false;
      return all;
    }();
    return timeOnly;
  }
  void place();
  void addAgent(const NocKernel &kernel, uint32_t x, uint32_t y);
  bool address(arch::NocCoord at, uint64_t &result) const;
  void call(const NocEvent &event);
  void multicast(const NocEvent &event);
  void barrier(TwBarrier what, uint32_t noc) {
    m.api.nocBarrier(noc, what, -1, {"trace", 0});
  }

  Device device;
  const arch::Chip &chip;
  const NocTrace &trace;
  IssueTimes times;
  Machine m;
  KernelSpec spec;
  Time base = 0;
  std::map<const Agent *, const NocKernel *> kernelOf;
  uint32_t skipped = 0;
};

Replayer *replayer = nullptr;

void playKernel(void *) {
  replayer->play();
  self().end();
}

/// The NoC address of a physical position: a worker or a DRAM bank.
bool Replayer::address(arch::NocCoord at, uint64_t &result) const {
  auto make = [](uint64_t x, uint64_t y) { return y << 42 | x << 36 | kThere; };
  for (uint32_t y = 0; y < chip.tensixRows.size(); ++y)
    for (uint32_t x = 0; x < chip.tensixColumns.size(); ++x)
      if (chip.physical(x, y) == at) {
        const CoreCoord core = device.virtualCoord({x, y});
        result = make(core.x, core.y);
        return true;
      }
  for (const auto &endpoints : chip.dramEndpoints)
    for (size_t bank = 0; bank < endpoints.size(); ++bank)
      if (endpoints[bank] == at) {
        const arch::NocCoord named = chip.dramEndpoints[0][bank];
        result = make(named.x, named.y);
        return true;
      }
  return false;
}

void Replayer::multicast(const NocEvent &event) {
  uint32_t x0 = ~0u, x1 = 0, y0 = ~0u, y1 = 0;
  const Agent &agent = self();
  const auto [left, right] = std::minmax(event.to.x, event.last.x);
  const auto [top, bottom] = std::minmax(event.to.y, event.last.y);
  uint32_t receivers = 0;
  for (uint32_t y = 0; y < chip.tensixRows.size(); ++y)
    for (uint32_t x = 0; x < chip.tensixColumns.size(); ++x) {
      const arch::NocCoord at = chip.physical(x, y);
      if (at.x < left || at.x > right || at.y < top || at.y > bottom)
        continue;
      x0 = std::min(x0, x);
      x1 = std::max(x1, x);
      y0 = std::min(y0, y);
      y1 = std::max(y1, y);
      receivers += !(agent.core->coord == CoreCoord{x, y});
    }
  if (receivers == 0) {
    ++skipped;
    return;
  }
  const CoreCoord first = device.virtualCoord({x0, y0});
  const CoreCoord last = device.virtualCoord({x1, y1});
  m.noc->multicast(event.noc, kHere,
                   uint64_t(first.y) << 54 | uint64_t(first.x) << 48 |
                       uint64_t(last.y) << 42 | uint64_t(last.x) << 36 | kThere,
                   event.bytes, receivers, false, false, {"trace", 0});
}

void Replayer::call(const NocEvent &event) {
  using Kind = NocEvent::Kind;
  const TwLoc where = {"trace", 0};
  uint64_t far = 0;
  if (event.kind <= Kind::Atomic && event.kind != Kind::Multicast &&
      !address(event.to, far)) {
    ++skipped;
    return;
  }
  switch (event.kind) {
  case Kind::Read:
    return m.noc->read(event.noc, far, kHere, event.bytes, 0, where);
  case Kind::Write:
    return m.noc->write(event.noc, kHere, far, event.bytes, 0, false, where);
  case Kind::Multicast:
    return multicast(event);
  case Kind::Inline:
  case Kind::Atomic:
    return m.noc->word(event.kind == Kind::Inline ? Transfer::Kind::Inline
                                                  : Transfer::Kind::Atomic,
                       event.noc, m.noc->decode(far, 4, event.noc, where), 0,
                       15, false, where);
  case Kind::ReadBarrier:
    return barrier(TwBarrier::Reads, event.noc);
  case Kind::WriteBarrier:
    return barrier(TwBarrier::WritesAcked, event.noc);
  case Kind::WriteFlush:
    return barrier(TwBarrier::WritesDeparted, event.noc);
  case Kind::AtomicBarrier:
    return barrier(TwBarrier::Atomics, event.noc);
  case Kind::FullBarrier:
    return barrier(TwBarrier::Full, event.noc);
  case Kind::BarrierEnd:
  case Kind::Other:
    return;
  }
}

/// The program of one agent.
void Replayer::play() {
  using Kind = NocEvent::Kind;
  Agent &agent = self();
  const NocKernel &kernel = *kernelOf.at(&agent);
  auto at = [&](uint64_t time) { return base + cycles(double(time)); };
  Time late = 0;      // by how much the program runs behind its record
  Time barrierAt = 0; // the stamp of the last barrier
  uint64_t last = kernel.begin;
  for (const NocEvent &event : kernel.events) {
    if (event.kind == Kind::BarrierEnd) {
      agent.now = std::max(agent.now, barrierAt + cycles(kEmptyBarrier));
      late = std::max<Time>(0, agent.now - at(event.time));
    } else {
      if (times == IssueTimes::Recorded)
        agent.now = std::max(agent.now, at(event.time) + late);
      else
        agent.now +=
            cycles(event.kind == Kind::Other ? uint32_t(event.time - last)
                                             : kStamp - kStampToCall);
      barrierAt = agent.now;
      agent.now += cycles(kStampToCall);
      agent.sync();
      call(event);
    }
    last = event.time;
  }
  // Behind the end of a barrier the rest follows it; behind a call the record
  // has the call in it.
  if (!kernel.events.empty() && kernel.events.back().kind == Kind::BarrierEnd)
    agent.now += cycles(double(kernel.end - last));
  else
    agent.now = std::max(agent.now, at(kernel.end) + late);
  agent.sync();
  // What is still open ends by itself; it is not the kernel's time.
}

void Replayer::addAgent(const NocKernel &kernel, uint32_t x, uint32_t y) {
  const uint32_t index = y * device.grid().x + x;
  Core *core = m.coreAt[index];
  if (!core) {
    m.cores.push_back(std::make_unique<Core>());
    core = m.cores.back().get();
    core->coord = {x, y};
    core->index = index;
    core->l1 = device.l1({x, y});
    m.coreAt[index] = core;
  }
  const AgentKind kind = kernel.ncrisc ? AgentKind::Ncrisc : AgentKind::Brisc;
  auto &agent = core->agents[static_cast<uint32_t>(kind)];
  agent = std::make_unique<Agent>();
  agent->machine = &m;
  agent->core = core;
  agent->kind = kind;
  agent->order = 1 + index * AgentKinds + static_cast<uint32_t>(kind);
  agent->kernel = &spec;
  agent->now = base + cycles(double(kernel.begin));
  agent->fiber.prepare(m.stacks, playKernel, agent.get());
  kernelOf[agent.get()] = &kernel;
  m.events.post(agent->now, agent->order, agent.get());
}

void Replayer::place() {
  spec.name = "trace";
  m.carriesData = false;
  m.coreAt.assign(size_t(device.grid().x) * device.grid().y, nullptr);
  for (const NocKernel &kernel : trace.kernels) {
    bool found = false;
    for (uint32_t y = 0; y < device.grid().y && !found; ++y)
      for (uint32_t x = 0; x < device.grid().x && !found; ++x)
        if (chip.physical(x, y) == kernel.at) {
          addAgent(kernel, x, y);
          found = true;
        }
    if (!found)
      skipped += static_cast<uint32_t>(kernel.events.size());
  }
}

ReplayResult Replayer::run() {
  replayer = this;
  place();
  m.drain();
  replayer = nullptr;
  ReplayResult result;
  Time end = base;
  for (const auto &[agent, kernel] : kernelOf)
    end = std::max(end, agent->now);
  result.cycles = wholeCycles(end - base);
  result.recorded = trace.cycles();
  result.bytes = m.noc->bytesMoved;
  result.skipped = trace.skipped + skipped;
  result.faults = m.result.faults;
  return result;
}

} // namespace

ReplayResult replay(const arch::Chip &chip, const NocTrace &trace,
                    IssueTimes times) {
  return Replayer(chip, trace, times).run();
}

} // namespace tilewright::sim
