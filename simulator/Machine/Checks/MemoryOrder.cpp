//===- MemoryOrder.cpp - accesses to L1 that nothing orders ---------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Checks/AccessStamp.h"
#include "Machine/Checks/StrayWrites.h"

#include "Machine/Machine.h"

#include <cstring>

namespace tilewright::sim {

using namespace stamp;

MemoryOrder::MemoryOrder(Machine &machine)
    : written(machine.options.checkMemory && machine.options.withData
                  ? machine.device.grid().x * machine.device.grid().y
                  : 0,
              machine.chip.l1Bytes),
      m(machine),
      enabled(machine.options.checkMemory && machine.options.withData),
      parties(machine.device.grid().x * machine.device.grid().y * PartySlots) {
  if (!enabled)
    return;
  const size_t cores = parties / PartySlots;
  shadows.resize(cores);
  dramShadows.resize(machine.chip.dram.banks);
  CoreState fresh;
  fresh.epoch.fill(1);
  fresh.plain.fill(0);
  fresh.nextSlot = AgentKinds;
  states.assign(cores, fresh);
  places.push_back({});
}
MemoryOrder::~MemoryOrder() = default;

bool MemoryOrder::isStream(uint32_t party) {
  return party % PartySlots >= AgentKinds;
}

uint32_t MemoryOrder::agentParty(const Agent &agent) const {
  return agent.core->index * PartySlots + static_cast<uint32_t>(agent.kind);
}

uint32_t MemoryOrder::streamParty(const Agent &agent, uint32_t noc,
                                  uint32_t trid, Stream kind) {
  const uint32_t core = agent.core->index;
  const uint32_t mover = static_cast<uint32_t>(agent.kind) & 1;
  CoreState &state = states[core];
  uint8_t &plain =
      state.plain[(mover * 2 + noc) * Streams + static_cast<uint32_t>(kind)];
  if (trid == 0 && plain)
    return core * PartySlots + plain;
  for (const CoreState::Known &one : state.streams)
    if (one.agent == mover && one.noc == noc && one.trid == trid &&
        one.kind == kind)
      return core * PartySlots + one.slot;
  if (state.nextSlot == PartySlots)
    return NoParty;
  const uint32_t slot = state.nextSlot++;
  state.streams.push_back({mover, noc, trid, kind, slot});
  if (trid == 0)
    plain = static_cast<uint8_t>(slot);
  return core * PartySlots + slot;
}

uint64_t MemoryOrder::stampOf(uint32_t party, uint32_t epoch, TwLoc loc) {
  Place &place =
      recent[(loc.line ^ reinterpret_cast<uintptr_t>(loc.file) >> 4) %
             recent.size()];
  if (loc.file != place.loc.file || loc.line != place.loc.line) {
    constexpr size_t kPlaces = 1 << PlaceBits;
    const auto [known, fresh] = placeIds.try_emplace(
        {loc.file, loc.line}, static_cast<uint32_t>(places.size()));
    if (fresh && places.size() < kPlaces)
      places.push_back(loc);
    else if (fresh)
      known->second = 0;
    place = {loc, known->second};
  }
  return uint64_t(party + 1) << PartyShift |
         uint64_t(epoch) % (1u << EpochBits) << WhenShift |
         uint64_t(place.id) << WordBits;
}

MemoryOrder::Line *MemoryOrder::linesOf(uint32_t grid) {
  auto &shadow = shadows[grid];
  if (!shadow)
    shadow = std::make_unique<Memory>(
        (uint64_t(m.chip.l1Bytes) / LineBytes + 1) * sizeof(Line), 0);
  return reinterpret_cast<Line *>(shadow->data);
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

void MemoryOrder::release(Agent &agent, VectorClock &into) {
  if (!enabled)
    return;
  into.join(agent.clock);
  ++agent.clock.own(static_cast<uint32_t>(agent.kind));
}

void MemoryOrder::acquire(Agent &agent, const VectorClock &from) {
  if (enabled)
    agent.clock.join(from);
}

void MemoryOrder::waitFor(Agent &agent, uint32_t noc, int32_t trid,
                          Stream kind) {
  const uint32_t mover = static_cast<uint32_t>(agent.kind) & 1;
  CoreState &state = states[agent.core->index];
  for (const CoreState::Known &one : state.streams)
    if (one.agent == mover && one.noc == noc && one.kind == kind &&
        (trid < 0 ? one.trid != Posted
                  : one.trid == static_cast<uint32_t>(trid)))
      agent.clock.own(one.slot) = state.epoch[one.slot]++;
}

void MemoryOrder::barrier(uint32_t noc, TwBarrier what, int32_t trid) {
  if (!enabled)
    return;
  Agent &agent = self();
  const bool full = what == TwBarrier::Full;
  const bool acked = full || what == TwBarrier::WritesAcked;
  if (full || what == TwBarrier::Reads)
    waitFor(agent, noc, trid, Stream::Read);
  if ((full || what == TwBarrier::Reads) &&
      !states[agent.core->index].flags.empty())
    dramSeen(agent);
  if (acked || what == TwBarrier::WritesDeparted) {
    waitFor(agent, noc, trid, Stream::UnicastSource);
    waitFor(agent, noc, trid, Stream::MulticastSource);
  }
  if (acked) {
    waitFor(agent, noc, trid, Stream::UnicastTarget);
    waitFor(agent, noc, trid, Stream::MulticastTarget);
    waitFor(agent, noc, trid, Stream::DramTarget);
  }
  if (full || what == TwBarrier::PostedDeparted)
    waitFor(agent, noc, Posted, Stream::UnicastSource);
}

std::shared_ptr<const Knowledge> MemoryOrder::signal(uint32_t noc, Lane lane) {
  if (!enabled)
    return nullptr;
  Agent &agent = self();
  const uint32_t home = agent.core->index;
  auto message = agent.clock.message(home, parties);
  // What the NoC keeps in front of the signal has landed, and so departed.
  const bool unicast = lane == Lane::Unicast;
  for (Stream kind :
       {unicast ? Stream::UnicastSource : Stream::MulticastSource,
        unicast ? Stream::UnicastTarget : Stream::MulticastTarget})
    for (const CoreState::Known &one : states[home].streams)
      if (one.agent == (static_cast<uint32_t>(agent.kind) & 1) &&
          one.noc == noc && one.kind == kind)
        (*message)[home * PartySlots + one.slot] =
            states[home].epoch[one.slot]++;
  ++agent.clock.own(static_cast<uint32_t>(agent.kind));
  return message;
}

void MemoryOrder::signalled(End word, uint32_t bytes,
                            const std::shared_ptr<const Knowledge> &message,
                            TwLoc loc) {
  if (!enabled || !message || !maySignal(bytes))
    return;
  for (uint32_t at = word.address / 4 * 4; at < word.address + bytes; at += 4)
    words[uint64_t(word.grid) << 32 | at].clock.join(word.grid, message);
  if (bytes > 4)
    return;
  Agent &agent = self();
  Word &one = words[uint64_t(word.grid) << 32 | word.address / 4 * 4];
  const uint32_t party = agentParty(agent);
  if (one.reset && partyOf(one.reset) != party && !reached(agent, one.reset))
    reportReset(agent, word, one.reset, false, loc);
  one.signal = stampOf(party, (*message)[party], loc);
}

void MemoryOrder::observed(uint32_t address, uint32_t atLeast) {
  if (!enabled || words.empty())
    return;
  Agent &agent = self();
  const auto found =
      words.find(uint64_t(agent.core->index) << 32 | address / 4 * 4);
  if (found == words.end())
    return;
  agent.clock.join(found->second.clock);
  found->second.atLeast = atLeast;
}

void MemoryOrder::set(uint32_t address, uint32_t value, TwLoc loc) {
  if (!enabled || uint64_t(address) + 4 > m.chip.l1Bytes)
    return;
  Agent &agent = self();
  // A flag that is still being sent must not change.
  const uint32_t party = agentParty(agent), grid = agent.core->index;
  visit(agent, grid, address, 4,
        {party, stampOf(party, 0, loc), true, false, true, false, loc});
  Word &word = words[uint64_t(grid) << 32 | address / 4 * 4];
  uint32_t before;
  std::memcpy(&before, agent.core->l1.data() + address / 4 * 4, 4);
  // What takes from a counter just what it has waited for loses no signals.
  const bool takes = word.atLeast && value == before - word.atLeast;
  if (value <= before && !takes) {
    if (word.signal && partyOf(word.signal) != party &&
        !reached(agent, word.signal))
      reportReset(agent, {grid, address}, word.signal, true, loc);
    word.reset =
        stampOf(party, agent.clock.own(static_cast<uint32_t>(agent.kind)), loc);
  } else {
    word.reset = 0;
  }
  release(agent, word.clock);
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

bool MemoryOrder::reached(const Agent &agent, uint64_t stamp) const {
  return agent.clock.of(agent.core->index, partyOf(stamp)) >= epochOf(stamp);
}

/// What an access makes of a line; faults when it conflicts with its stamps.
MemoryOrder::Line MemoryOrder::passed(Agent &agent, uint32_t grid,
                                      uint32_t index, uint32_t words,
                                      const Access &access) {
  Line line = linesOf(grid)[index];
  auto conflicts = [&](uint64_t stamp) {
    return stamp && partyOf(stamp) != access.party && !reached(agent, stamp);
  };
  auto check = [&](uint64_t stamp, bool writes) {
    if (!(wordsOf(stamp) & words) || !conflicts(stamp))
      return;
    const uint32_t party = partyOf(stamp);
    if (access.synchronises &&
        !(isStream(party) && party / PartySlots == agent.core->index))
      return;
    report(agent, grid, index * LineBytes, stamp, writes, access);
  };
  auto mark = [&](uint64_t &stamp) {
    const bool same = stamp >> WhenShift == access.stamp >> WhenShift;
    stamp = access.stamp | words | (same ? wordsOf(stamp) : 0);
  };
  check(line.write, true);
  if (access.writes)
    check(line.read, false);
  if (!access.keeps)
    return line;
  if (access.writes) {
    mark(line.write);
    if (words == Words)
      line.read = 0;
  } else if (!(line.read && isStream(partyOf(line.read)) &&
               conflicts(line.read))) {
    // A transfer that still reads the line is worth more than this read.
    mark(line.read);
  }
  return line;
}

void MemoryOrder::visit(Agent &agent, uint32_t grid, uint32_t address,
                        uint32_t bytes, const Access &access) {
  if (bytes == 0 || uint64_t(address) + bytes > m.chip.l1Bytes)
    return;
  if (access.writes)
    written.wrote(grid, address, bytes);
  Line *lines = linesOf(grid);
  const uint32_t first = address / LineBytes;
  const uint32_t last = (address + bytes - 1) / LineBytes;
  // Neighbouring lines mostly hold the same stamps: decide once for each pair.
  Line seen = {~uint64_t(0), ~uint64_t(0)}, made = seen;
  for (uint32_t index = first; index <= last; ++index) {
    uint32_t words = Words;
    if (index == first)
      words &= Words << (address % LineBytes / 4);
    if (index == last)
      words &= Words >> (7 - (address + bytes - 1) % LineBytes / 4);
    const Line next = passed(agent, grid, index, words, access);
    if (words == Words) {
      seen = lines[index];
      made = next;
    }
    lines[index] = next;
    while (index + 1 < last && lines[index + 1].write == seen.write &&
           lines[index + 1].read == seen.read)
      lines[++index] = made;
  }
}

void MemoryOrder::read(uint32_t address, uint32_t bytes, TwLoc loc) {
  if (!enabled)
    return;
  Agent &agent = self();
  const uint32_t party = agentParty(agent);
  const uint32_t epoch = agent.clock.own(static_cast<uint32_t>(agent.kind));
  visit(agent, agent.core->index, address, bytes,
        {party, stampOf(party, epoch, loc), false, true, false, false, loc});
}

void MemoryOrder::write(uint32_t address, uint32_t bytes, TwLoc loc) {
  if (!enabled)
    return;
  Agent &agent = self();
  const uint32_t party = agentParty(agent);
  const uint32_t epoch = agent.clock.own(static_cast<uint32_t>(agent.kind));
  visit(agent, agent.core->index, address, bytes,
        {party, stampOf(party, epoch, loc), true, true, false, false, loc});
}

/// Whether the stamps already say what this access would make them say, but for
/// the source line: the agent has been here since it last handed its clock on.
bool MemoryOrder::isSettled(const Agent &agent, uint32_t address,
                            uint32_t bytes, bool store) const {
  const uint32_t offset = address % LineBytes;
  const auto &shadow = shadows[agent.core->index];
  if (!shadow || bytes == 0 || offset + bytes > LineBytes ||
      uint64_t(address) + bytes > m.chip.l1Bytes)
    return false;
  const Line &line =
      reinterpret_cast<const Line *>(shadow->data)[address / LineBytes];
  const uint64_t words = (2u << (offset + bytes - 1) / 4) - (1u << offset / 4);
  const uint64_t now =
      uint64_t(agentParty(agent) + 1) << (PartyShift - WhenShift) |
      agent.clock.own(static_cast<uint32_t>(agent.kind)) % (1u << EpochBits);
  auto isMine = [&](uint64_t stamp) { return stamp >> WhenShift == now; };
  auto covers = [&](uint64_t stamp) {
    return isMine(stamp) && (stamp & words) == words;
  };
  if (store)
    return covers(line.write) && (!(line.read & words) || isMine(line.read));
  return covers(line.read) && (!(line.write & words) || isMine(line.write) ||
                               reached(agent, line.write));
}

void MemoryOrder::access(uint32_t address, uint32_t bytes, uint32_t flags,
                         TwLoc loc) {
  if (!enabled)
    return;
  const bool store = flags & TwAccessStore;
  Agent &agent = self();
  if (!(flags & TwAccessVolatile)) {
    if (isSettled(agent, address, bytes, store))
      return;
    if (!store)
      return read(address, bytes, loc);
    if (agent.kind <= AgentKind::Ncrisc)
      checkStray(address, bytes, "written to", loc);
    return write(address, bytes, loc);
  }
  if (store && agent.kind <= AgentKind::Ncrisc)
    checkStray(address, bytes, "written to", loc);
  const uint32_t party = agentParty(agent);
  const uint32_t epoch = agent.clock.own(static_cast<uint32_t>(agent.kind));
  if (!store) {
    observed(address);
    // A word that another agent or core wrote without a signal: the kernel
    // waits for it, and then knows what its writer knew.
    if (uint64_t(address) + bytes <= m.chip.l1Bytes) {
      const uint64_t stamp =
          linesOf(agent.core->index)[address / LineBytes].write;
      if (stamp && partyOf(stamp) != party && !reached(agent, stamp) &&
          !(partyOf(stamp) / PartySlots == agent.core->index &&
            isStream(partyOf(stamp))))
        adopt(agent, stamp);
    }
  }
  visit(agent, agent.core->index, address, bytes,
        {party, stampOf(party, epoch, loc), store, store, true, false, loc});
}

void MemoryOrder::adopt(Agent &agent, uint64_t stamp) {
  const uint32_t core = partyOf(stamp) / PartySlots;
  const uint32_t slot = partyOf(stamp) % PartySlots;
  if (!m.coreAt[core])
    return;
  auto told = std::make_shared<Knowledge>(parties);
  for (const auto &other : m.coreAt[core]->agents)
    if (other &&
        (isStream(slot) || static_cast<uint32_t>(other->kind) == slot)) {
      const auto all = other->clock.message(core, parties);
      for (size_t i = 0; i < told->size(); ++i)
        (*told)[i] = std::max((*told)[i], (*all)[i]);
    }
  uint32_t &known = (*told)[partyOf(stamp)];
  known = std::max(known, epochOf(stamp));
  agent.clock.join(agent.core->index, told);
}

void MemoryOrder::pushed(const CircularBuffer &cb, uint32_t page,
                         uint32_t pages, TwLoc loc) {
  Agent &agent = self();
  if (!enabled || agent.kind > AgentKind::Ncrisc)
    return;
  const uint32_t party = agentParty(agent);
  visit(agent, agent.core->index, cb.base + page * cb.pageBytes,
        pages * cb.pageBytes,
        {party, stampOf(party, 0, loc), false, false, true, true, loc});
}

//===----------------------------------------------------------------------===//
// Transfers
//===----------------------------------------------------------------------===//

void MemoryOrder::streamAccess(Agent &agent, uint32_t party, const End &end,
                               uint32_t bytes, bool writes, TwLoc loc) {
  if (party == NoParty) {
    if (writes)
      written.wrote(end.grid, end.address, bytes);
    return;
  }
  const uint32_t epoch = states[party / PartySlots].epoch[party % PartySlots];
  visit(agent, end.grid, end.address, bytes,
        {party, stampOf(party, epoch, loc), writes, true, false, false, loc});
}

void MemoryOrder::readIssued(uint32_t noc, uint32_t trid, const End *from,
                             const End *to, uint32_t bytes, TwLoc loc) {
  if (!enabled)
    return;
  Agent &agent = self();
  const uint32_t party = streamParty(agent, noc, trid, Stream::Read);
  if (from)
    streamAccess(agent, party, *from, bytes, false, loc);
  if (to)
    streamAccess(agent, party, *to, bytes, true, loc);
}

void MemoryOrder::writeIssued(uint32_t noc, uint32_t trid, Lane lane,
                              const End *from, const End *to, size_t targets,
                              uint32_t bytes, TwLoc loc) {
  if (!enabled)
    return;
  Agent &agent = self();
  const bool unicast = lane == Lane::Unicast;
  if (from)
    streamAccess(
        agent,
        streamParty(agent, noc, trid,
                    unicast ? Stream::UnicastSource : Stream::MulticastSource),
        *from, bytes, false, loc);
  // A word is a signal: whoever waits for it looks at it again and again.
  if (bytes <= 4) {
    for (size_t i = 0; i < targets; ++i)
      written.wrote(to[i].grid, to[i].address, bytes);
    return;
  }
  const uint32_t party =
      streamParty(agent, noc, trid,
                  unicast ? Stream::UnicastTarget : Stream::MulticastTarget);
  for (size_t i = 0; i < targets; ++i)
    // What is sent to where it comes from stays as it is.
    if (!from || to[i].grid != from->grid || to[i].address != from->address)
      streamAccess(agent, party, to[i], bytes, true, loc);
}

} // namespace tilewright::sim
