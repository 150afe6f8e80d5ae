//===- MemoryOrderReport.cpp - what messages say of a race ----------------===//

#include "Machine/Checks/AccessStamp.h"
#include "Machine/Checks/MemoryOrder.h"

#include "Machine/Machine.h"

namespace tilewright::sim {

using namespace stamp;

namespace {

std::string placeText(TwLoc loc) {
  return std::string(loc.file ? loc.file : "?") + ":" +
         std::to_string(loc.line);
}

} // namespace

std::string MemoryOrder::describe(uint32_t grid, uint32_t address) const {
  const CoreCoord size = m.device.grid();
  std::string text = "L1 address " + std::to_string(address) + " of core " +
                     std::to_string(grid % size.x) + "," +
                     std::to_string(grid / size.x);
  if (const Core *core = m.coreAt[grid])
    for (const CircularBuffer &cb : core->cbs)
      if (cb.exists && address + LineBytes > cb.base &&
          address < cb.base + cb.pages * cb.pageBytes) {
        const uint32_t inside = address > cb.base ? address - cb.base : 0;
        return "page " + std::to_string(inside / cb.pageBytes) + " of " +
               *cb.name + " (" + text + ")";
      }
  return text;
}

MemoryOrder::Named MemoryOrder::nameOf(const Agent &agent,
                                       uint32_t party) const {
  const uint32_t core = party / PartySlots, slot = party % PartySlots;
  const CoreCoord size = m.device.grid();
  Named named;
  if (core != agent.core->index)
    named.who = "core " + std::to_string(core % size.x) + "," +
                std::to_string(core / size.x) + " ";
  if (!isStream(slot)) {
    named.who += agentName(static_cast<AgentKind>(slot));
    return named;
  }
  uint32_t mover = 0, noc = 0;
  Stream stream = Stream::Read;
  for (const CoreState::Known &one : states[core].streams)
    if (one.slot == slot) {
      mover = one.agent;
      noc = one.noc;
      stream = one.kind;
    }
  named.who += agentName(static_cast<AgentKind>(mover));
  named.transfer =
      (stream == Stream::Read ? "a read on NoC " : "a write on NoC ") +
      std::to_string(noc);
  return named;
}

MemoryOrder::Finding MemoryOrder::explain(const Agent &agent, uint32_t grid,
                                          uint32_t address, uint64_t stamp,
                                          bool stampWrites,
                                          const Access &access) const {
  const uint32_t party = partyOf(stamp);
  const TwLoc where = places[placeOf(stamp)];
  const bool here = party / PartySlots == agent.core->index;
  const auto [who, kind] = nameOf(agent, party);
  const std::string what = describe(grid, address);
  const bool byStream = isStream(access.party);
  const char *verb = access.writes ? "overwritten" : "read";
  FaultCode code = FaultCode::L1Race;
  std::string message, note = placeText(where) + ": ";
  if (!kind.empty() && here && stampWrites && kind.starts_with("a read")) {
    code = FaultCode::ReadBeforeBarrier;
    message = what + " is " +
              (access.writes   ? "overwritten"
               : access.pushes ? "pushed"
               : byStream      ? "sent on"
                               : "read") +
              " while a NoC read that fills it is in flight";
    note += who + " issues the read; it has not waited for it with a read "
                  "barrier on this NoC";
  } else if (!kind.empty() && here && !stampWrites &&
             kind.starts_with("a write")) {
    code = FaultCode::SourceReused;
    message = what + " is overwritten while a NoC write still reads it";
    note += who + " issues the write; it has neither flushed it nor waited for "
                  "it";
  } else {
    message = what + " is " + verb + (byStream ? " by a transfer" : "") +
              ", and nothing orders this after the " +
              (stampWrites ? "write" : "read") + " by " + who;
    note +=
        who + (stampWrites ? " writes" : " reads") + " it" +
        (kind.empty() ? ""
                      : " with " + kind + ", which is not known to have ended");
  }
  return {code, std::move(message), {std::move(note)}};
}

void MemoryOrder::report(Agent &agent, uint32_t grid, uint32_t address,
                         uint64_t stamp, bool stampWrites,
                         const Access &access) {
  Finding found = explain(agent, grid, address, stamp, stampWrites, access);
  agent.fault(found.code, std::move(found.message), access.loc,
              std::move(found.notes));
}

void MemoryOrder::reportReset(Agent &agent, End word, uint64_t stamp,
                              bool reset, TwLoc loc) {
  const uint32_t first = semaphoreBase(m.chip);
  const bool isSemaphore =
      word.address >= first && word.address < first + m.chip.semaphores * 16;
  std::string what = describe(word.grid, word.address);
  if (isSemaphore)
    what = "semaphore " + std::to_string((word.address - first) / 16) + " (" +
           what + ")";
  const Named other = nameOf(agent, partyOf(stamp));
  agent.fault(FaultCode::L1Race,
              what + " is " + (reset ? "reset" : "signalled") +
                  ", and nothing orders this after the " +
                  (reset ? "signal" : "reset") + " by " + other.who +
                  ": whichever is last would undo the other",
              loc,
              {placeText(places[placeOf(stamp)]) + ": " + other.who +
                   (reset ? " signals" : " resets") + " it",
               "reset a semaphore after the wait for its signals, and before "
               "the call that lets others signal it again"});
}

void MemoryOrder::reportDram(Agent &agent, uint32_t bank, uint64_t address,
                             const DramUse &use, bool writes, TwLoc loc) {
  const Blocks &blocks = m.memory.dramBlocks;
  std::string what = "address " + std::to_string(address) + " of DRAM bank " +
                     std::to_string(bank);
  auto buffer = blocks.pages.upper_bound(address);
  if (buffer != blocks.pages.begin()) {
    const auto &[base, pages] = *std::prev(buffer);
    const uint64_t page =
        (address - base) / pages.stride * m.chip.dram.banks + bank;
    if (page < pages.count)
      what = "page " + std::to_string(page) + " of the DRAM buffer at " +
             std::to_string(base) + " (" + what + ")";
  }
  const Named other = nameOf(agent, partyOf(use.stamp));
  agent.fault(FaultCode::DramRace,
              what + " is " + (writes ? "written" : "read") +
                  ", and nothing orders this after the " +
                  (use.writes ? "write" : "read") + " by " + other.who,
              loc,
              {placeText(places[placeOf(use.stamp)]) + ": " + other.who +
               (use.writes ? " writes" : " reads") + " it with " +
               other.transfer + ", which is not known to have ended"});
}

} // namespace tilewright::sim
