//===- Deadlock.cpp - who waits for whom ----------------------------------===//
//
// When no event is left and agents still wait:
//
//   1. Each waiting agent names those that could wake it: the producer or the
//      consumer of its circular buffer (if none is known yet, all that wait on
//      the core), the other side of a Src or DST hand-over, whoever has last
//      signalled its semaphore (if nobody has, those that have asked for its
//      address).
//   2. An edge goes to each of them that has not ended. An agent without an
//      edge, whose partners have ended or are not known, is a root: the others
//      may wait for it.
//   3. A walk along the edges that meets an agent of its own path has found a
//      cycle. Where there are roots, edges to partners that are only guessed
//      are not walked.
//   4. Cycles are printed first, then roots, then every agent with what it
//   waits
//      for and why its partner does not come. The fault stands at the first
//      cycle, or at the first root.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/Endings.h"

#include "Machine/Noc.h"

#include <cstring>
#include <set>

namespace tilewright::sim {
namespace {

std::string place(TwLoc loc) {
  return std::string(loc.file ? loc.file : "?") + ":" +
         std::to_string(loc.line);
}
std::string plural(uint64_t count, const char *what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}
std::string nameOf(const Agent &agent, const Core *from = nullptr) {
  const std::string name(agentName(agent.kind));
  return agent.core == from
             ? name
             : "core " + std::to_string(agent.core->coord.x) + "," +
                   std::to_string(agent.core->coord.y) + " " + name;
}

/// What an agent waits for, whom that takes, and what is missing.
struct Wait {
  std::string what;
  std::vector<const Agent *> on;
  std::string why;
  bool guessed = false; ///< `on` are those that might
};

std::string fate(const Agent *partner, const Agent &agent, const char *verb,
                 TwLoc last) {
  if (!partner)
    return std::string("no agent has ") + verb + " yet";
  return nameOf(*partner, agent.core) + " " +
         (partner->done ? std::string("has ended") : "waits itself") +
         (last.file
              ? std::string(" (it last ") + verb + " at " + place(last) + ")"
              : "");
}

Wait describe(const Machine &m, const Agent &agent) {
  const Core &core = *agent.core;
  Wait wait;
  auto partner = [&](AgentKind kind) {
    const Agent *other = core.agents[static_cast<uint32_t>(kind)].get();
    if (other)
      wait.on.push_back(other);
    return other;
  };
  // The partner of a circular buffer that none has used yet is any of those
  // that wait, too.
  auto partnerOf = [&](const Agent *known) {
    if (known)
      return wait.on.push_back(known);
    wait.guessed = true;
    for (const auto &other : core.agents)
      if (other && other.get() != &agent && other->waitKind != WaitKind::None)
        wait.on.push_back(other.get());
  };
  switch (agent.waitKind) {
  case WaitKind::CbPages: {
    const CircularBuffer &cb = core.cbs[agent.waitIndex];
    wait.what = plural(agent.waitWanted, "page") + " of " + *cb.name +
                " (index " + std::to_string(agent.waitIndex) + "), " +
                std::to_string(cb.available()) + " present, " +
                std::to_string(cb.pages) + " deep";
    partnerOf(cb.producer ? cb.producer : cb.reserver);
    wait.why = fate(cb.producer, agent, "pushed", cb.pushedAt);
    break;
  }
  case WaitKind::CbSpace: {
    const CircularBuffer &cb = core.cbs[agent.waitIndex];
    wait.what = "room for " + plural(agent.waitWanted, "page") + " in " +
                *cb.name + " (index " + std::to_string(agent.waitIndex) +
                "), " + std::to_string(cb.free()) + " free of " +
                std::to_string(cb.pages);
    partnerOf(cb.consumer ? cb.consumer : cb.waiter);
    wait.why = fate(cb.consumer, agent, "popped", cb.poppedAt);
    break;
  }
  case WaitKind::Src:
    wait.what = "operands from UNPACK";
    wait.why = fate(partner(AgentKind::Unpack), agent, "unpacked", {});
    break;
  case WaitKind::SrcFree:
    wait.what = "MATH to take its operands";
    wait.why = fate(partner(AgentKind::Math), agent, "taken operands", {});
    break;
  case WaitKind::DstFree:
    wait.what = "a free DST section (PACK has not released one)";
    wait.why = fate(partner(AgentKind::Pack), agent, "released", {});
    break;
  case WaitKind::DstFull:
    wait.what = "a committed DST section (MATH has not committed one)";
    wait.why = fate(partner(AgentKind::Math), agent, "committed", {});
    break;
  case WaitKind::Noc:
    wait.what = plural(transfersLeft(agent), "transfer") + " on NoC " +
                std::to_string(agent.waitIndex);
    break;
  case WaitKind::Semaphore: {
    uint32_t value = 0;
    std::memcpy(&value, core.l1.data() + agent.waitIndex, 4);
    const uint32_t base = semaphoreBase(m.chip);
    const bool numbered = agent.waitIndex >= base &&
                          agent.waitIndex < base + m.chip.semaphores * 16;
    wait.what =
        (numbered
             ? "semaphore " + std::to_string((agent.waitIndex - base) / 16) +
                   " (L1 address " + std::to_string(agent.waitIndex) + ")"
             : "the semaphore at L1 address " +
                   std::to_string(agent.waitIndex)) +
        " to reach " + std::to_string(agent.waitWanted) + ", it is " +
        std::to_string(value);
    const auto found =
        m.signallers.find(uint64_t(core.index) << 32 | agent.waitIndex);
    if (found == m.signallers.end()) {
      wait.why = "nothing has signalled it in this run";
      wait.guessed = true;
      if (numbered) {
        const uint32_t id = (agent.waitIndex - base) / 16;
        for (const auto &other : m.cores)
          for (const auto &user : other->agents)
            if (user && user.get() != &agent && user->semaphores >> id & 1) {
              wait.on.push_back(user.get());
              wait.why += "; " + nameOf(*user, &core) + " uses it and " +
                          (user->done ? "has ended" : "waits itself");
            }
      }
    } else {
      wait.on.push_back(found->second.agent);
      wait.why =
          fate(found->second.agent, agent, "signalled", found->second.where);
    }
    break;
  }
  case WaitKind::Mailbox:
    wait.what = "a mailbox between the processors of the core: both sides "
                "must reach their calls";
    for (const auto &other : core.agents)
      if (other && other.get() != &agent)
        wait.on.push_back(other.get());
    break;
  case WaitKind::None:
    wait.what = "its turn";
    break;
  }
  return wait;
}

using Path = std::vector<const Agent *>;

/// Those that nobody who is left could wake.
Path roots(const std::map<const Agent *, Wait> &waits, const Path &order) {
  Path found;
  for (const Agent *agent : order) {
    const auto &on = waits.at(agent).on;
    if (std::none_of(on.begin(), on.end(), [&](const Agent *partner) {
          return !partner->done && waits.contains(partner);
        }))
      found.push_back(agent);
  }
  return found;
}

/// Walks on from the end of `path`; adds the first cycle that it meets.
void walk(const std::map<const Agent *, Wait> &waits, bool guesses, Path &path,
          std::set<const Agent *> &finished, std::vector<Path> &found) {
  const Agent *at = path.back();
  for (const Agent *next : waits.at(at).on) {
    if (next->done || !waits.contains(next) || finished.contains(next) ||
        (waits.at(at).guessed && !guesses))
      continue;
    const auto begin = std::find(path.begin(), path.end(), next);
    if (begin != path.end()) {
      found.emplace_back(begin, path.end());
      break;
    }
    path.push_back(next);
    walk(waits, guesses, path, finished, found);
    path.pop_back();
  }
  finished.insert(at);
}

/// Cycles of the graph, at most one through each agent that begins a walk.
std::vector<Path> cycles(const std::map<const Agent *, Wait> &waits,
                         bool guesses, const Path &order) {
  std::vector<Path> found;
  std::set<const Agent *> finished;
  for (const Agent *start : order)
    if (!finished.contains(start)) {
      Path path = {start};
      walk(waits, guesses, path, finished, found);
    }
  return found;
}

} // namespace

std::vector<std::string> waitNotes(Machine &m) {
  constexpr size_t kShown = 40;
  std::vector<std::string> notes;
  for (const auto &core : m.cores)
    for (const auto &agent : core->agents)
      if (agent && !agent->done && agent->waiting &&
          agent->waitKind != WaitKind::None && notes.size() < kShown) {
        const Wait wait = describe(m, *agent);
        notes.push_back(nameOf(*agent) + " at " + place(agent->where) +
                        " waits for " + wait.what +
                        (wait.why.empty() ? "" : "; " + wait.why));
      }
  return notes;
}

void reportDeadlock(Machine &m) {
  std::map<const Agent *, Wait> waits;
  std::vector<const Agent *> order;
  for (const auto &core : m.cores)
    for (const auto &agent : core->agents)
      if (agent && !agent->done) {
        waits[agent.get()] = describe(m, *agent);
        order.push_back(agent.get());
      }
  if (order.empty())
    return;
  const Path alone = roots(waits, order);
  const auto found = cycles(waits, alone.empty(), order);
  const Agent &first = !found.empty()  ? *found.front().front()
                       : alone.empty() ? *order.front()
                                       : *alone.front();
  Fault fault;
  fault.code = FaultCode::Deadlock;
  fault.file = first.where.file ? first.where.file : "";
  fault.line = first.where.line;
  fault.coreX = first.core->coord.x;
  fault.coreY = first.core->coord.y;
  fault.agent = agentName(first.kind);
  fault.message = "deadlock: " + plural(order.size(), "agent") +
                  (order.size() == 1 ? " waits" : " wait") +
                  " and nothing is left that could wake " +
                  (order.size() == 1 ? "it" : "them");
  constexpr size_t kCycles = 4, kShown = 40;
  for (size_t i = 0; i < std::min(found.size(), kCycles); ++i) {
    std::string text = "cycle: ";
    for (const Agent *agent : found[i])
      text += nameOf(*agent) + " (" + place(agent->where) + ") -> ";
    fault.notes.push_back(text + nameOf(*found[i].front()));
  }
  if (found.size() > kCycles)
    fault.notes.push_back("and " + plural(found.size() - kCycles, "cycle") +
                          " more");
  if (found.empty() && !alone.empty() && order.size() > 1)
    fault.notes.push_back("begin with " + nameOf(*alone.front()) + " at " +
                          place(alone.front()->where) +
                          ": no agent that is left could wake it");
  for (size_t i = 0; i < std::min(order.size(), kShown); ++i) {
    const Agent &agent = *order[i];
    const Wait &wait = waits[&agent];
    fault.notes.push_back(nameOf(agent) + " at " + place(agent.where) +
                          " waits for " + wait.what +
                          (wait.why.empty() ? "" : "; " + wait.why));
  }
  if (order.size() > kShown)
    fault.notes.push_back("and " + plural(order.size() - kShown, "agent") +
                          " more");
  if (!m.carriesData)
    fault.notes.push_back("this run moves no data: a flag that travels inside "
                          "a transfer of more than " +
                          std::to_string(Machine::SmallTransfer) +
                          " bytes does not arrive; run it with data");
  m.result.faults.push_back(std::move(fault));
}

} // namespace tilewright::sim
