//===- NocCalls.cpp - NoC calls of data-movement kernels ------------------===//

#include "Machine/Noc.h"

#include <bit>
#include <cstring>
#include <numeric>

namespace tilewright::sim {

uint32_t transfersLeft(const Agent &agent, uint32_t noc, TwBarrier what,
                       int32_t trid) {
  const Agent::NocState &state = agent.noc[noc];
  auto sum = [&](const std::array<uint32_t, 16> &counts) {
    return trid >= 0 ? counts[trid & 15]
                     : std::accumulate(counts.begin(), counts.end(), 0u);
  };
  switch (what) {
  case TwBarrier::Reads:
    return sum(state.reads);
  case TwBarrier::WritesDeparted:
    return state.sending;
  case TwBarrier::WritesAcked:
    return sum(state.writes);
  case TwBarrier::Atomics:
    return state.atomics;
  case TwBarrier::Full:
    return sum(state.reads) + sum(state.writes) + state.atomics;
  case TwBarrier::PostedDeparted:
    return state.postedSending;
  }
  return 0;
}

void awaitTransfers(Agent &agent, uint32_t noc, TwBarrier what, int32_t trid,
                    TwLoc loc) {
  agent.waitIndex = noc;
  agent.waitBarrier = what;
  agent.waitTrid = trid;
  WaitList &list =
      what == TwBarrier::WritesDeparted || what == TwBarrier::PostedDeparted
          ? agent.nocSent
          : agent.nocDone;
  while (transfersLeft(agent))
    agent.block(list, WaitKind::Noc, loc,
                [](const Agent &waiter) { return transfersLeft(waiter) == 0; });
}

namespace {

uint64_t coordAddress(CoreCoord at, uint64_t offset) {
  return (uint64_t(at.y) << 42) | (uint64_t(at.x) << 36) | offset;
}

uint64_t bankAddress(bool dram, uint32_t bank, uint64_t offset, uint32_t) {
  Agent &agent = self();
  agent.spend(cycles(machine->chip.noc.bankAddress));
  const CoreCoord grid = machine->device.grid();
  const uint32_t width = grid.x;
  if (bank >= (dram ? machine->chip.dram.banks : grid.x * grid.y))
    return coordAddress({dram ? kNoDramBank : kNoL1Bank, std::min(bank, 63u)},
                        offset);
  if (dram) {
    const arch::NocCoord at = machine->chip.dramEndpoints[0][bank];
    return coordAddress({at.x, at.y}, offset);
  }
  return coordAddress(
      machine->device.virtualCoord({bank % width, bank / width}), offset);
}
uint32_t bankCount(bool dram) {
  const CoreCoord grid = machine->device.grid();
  const uint32_t banks = dram ? machine->chip.dram.banks : grid.x * grid.y;
  if (!std::has_single_bit(banks))
    self().spend(cycles(machine->chip.noc.pageDivision));
  return banks;
}
uint64_t pageAddress(bool dram, uint64_t base, uint32_t stride, uint32_t page,
                     uint32_t offset, uint32_t noc) {
  const uint32_t banks = bankCount(dram);
  const uint64_t first = bankAddress(
      dram, page % banks, base + uint64_t(page / banks) * stride, noc);
  machine->pages.named(self(), dram, base, stride, page, first);
  return first + offset;
}
uint32_t ownCoord(uint32_t axis) {
  const CoreCoord at = machine->device.virtualCoord(self().core->coord);
  return axis == 0 ? at.x : at.y;
}

void checkPacket(uint32_t bytes, bool onePacket, TwLoc loc) {
  if (onePacket && bytes > machine->chip.noc.maxPacketBytes)
    self().fault(FaultCode::TransferTooLarge,
                 "a one-packet transfer of " + std::to_string(bytes) +
                     " bytes; a packet carries " +
                     std::to_string(machine->chip.noc.maxPacketBytes),
                 loc);
}

void nocRead(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
             uint32_t trid, bool onePacket, TwLoc loc) {
  checkPacket(bytes, onePacket, loc);
  if (bytes)
    machine->noc->read(noc & 1, source, l1, bytes, trid & 15, loc, onePacket);
}
void nocWrite(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
              uint32_t trid, bool posted, bool onePacket, TwLoc loc) {
  checkPacket(bytes, onePacket, loc);
  if (bytes)
    machine->noc->write(noc & 1, l1, target, bytes, trid & 15, posted, loc,
                        onePacket);
}
void nocMulticast(uint32_t noc, uint32_t l1, uint64_t rectangle, uint32_t bytes,
                  uint32_t receivers, bool linked, bool loopback,
                  bool onePacket, TwLoc loc) {
  checkPacket(bytes, onePacket, loc);
  machine->noc->multicast(noc & 1, l1, rectangle, bytes, receivers, linked,
                          loopback, loc);
}

Endpoint wordTarget(uint32_t noc, uint64_t target, const char *call,
                    TwLoc loc) {
  const Endpoint end = machine->noc->decode(target, 4, noc & 1, loc);
  if (end.address % 4)
    self().fault(FaultCode::Misaligned,
                 std::string(call) + " at address " +
                     std::to_string(end.address) +
                     ", which is no multiple of 4",
                 loc);
  if (end.bank >= 0)
    self().fault(FaultCode::BadNocTarget,
                 std::string(call) + " cannot address DRAM", loc);
  return end;
}
void nocInline(uint32_t noc, uint64_t target, uint32_t value,
               uint32_t byteEnable, bool posted, TwLoc loc) {
  machine->noc->word(Transfer::Kind::Inline, noc & 1,
                     wordTarget(noc, target, "noc_inline_dw_write", loc), value,
                     byteEnable, posted, loc);
}
void nocAtomicInc(uint32_t noc, uint64_t target, uint32_t value, uint32_t,
                  bool posted, TwLoc loc) {
  machine->noc->word(Transfer::Kind::Atomic, noc & 1,
                     wordTarget(noc, target, "noc_semaphore_inc", loc), value,
                     15, posted, loc);
}
void nocAtomicIncMulticast(uint32_t noc, uint64_t rectangle, uint32_t value,
                           uint32_t receivers, TwLoc loc) {
  const auto ends =
      machine->noc->rectangle(rectangle, 4, false, receivers, loc);
  for (const Endpoint &end : ends)
    machine->noc->word(Transfer::Kind::Atomic, noc & 1, end, value, 15, false,
                       loc);
}

void nocBarrier(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc) {
  Agent &agent = self();
  Agent::NocState &state = agent.noc[noc & 1];
  agent.syncInOrder();
  awaitTransfers(agent, noc & 1, what, trid, loc);
  if (what == TwBarrier::Full)
    awaitTransfers(agent, noc & 1, TwBarrier::PostedDeparted, -1, loc);
  const Time departed =
      what == TwBarrier::WritesDeparted ? state.departed
      : what == TwBarrier::PostedDeparted || what == TwBarrier::Full
          ? state.postedDeparted
          : 0;
  if (departed > agent.now) {
    agent.countWait(WaitKind::Noc, departed - agent.now);
    agent.now = departed;
  }
  agent.spend(cycles(machine->chip.noc.barrierPoll));
}

bool nocDone(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc) {
  Agent &agent = self();
  agent.poll(cycles(machine->chip.noc.barrierPoll), "the NoC", loc);
  agent.syncInOrder();
  return transfersLeft(agent, noc & 1, what, trid) == 0 &&
         (what != TwBarrier::WritesDeparted ||
          agent.noc[noc & 1].departed <= agent.now);
}

uint32_t semaphoreAddress(uint32_t id, TwLoc loc) {
  Agent &agent = self();
  if (id >= agent.core->semaphores.size() || !agent.core->semaphores[id])
    agent.fault(FaultCode::BadSemaphore,
                "semaphore " + std::to_string(id) +
                    " was not created on this core",
                loc);
  agent.semaphores |= 1u << id;
  return semaphoreBase(machine->chip) + id * 16;
}

uint32_t *wordAt(uint32_t address, TwLoc loc) {
  Agent &agent = self();
  if (address % 4 || address + 4 > machine->chip.l1Bytes)
    agent.fault(FaultCode::BadAddress,
                "a semaphore at L1 address " + std::to_string(address), loc);
  return reinterpret_cast<uint32_t *>(agent.core->l1.data() + address);
}

/// Whether the word that the agent waits for has its value.
bool hasValue(const Agent &agent) {
  uint32_t word;
  std::memcpy(&word, agent.core->l1.data() + agent.waitIndex, 4);
  return agent.waitAtLeast ? word >= agent.waitWanted
                           : word == agent.waitWanted;
}

void semaphoreWait(uint32_t address, uint32_t value, bool atLeast, TwLoc loc) {
  Agent &agent = self();
  wordAt(address, loc);
  agent.sync();
  agent.waitIndex = address;
  agent.waitWanted = value;
  agent.waitAtLeast = atLeast;
  while (!hasValue(agent))
    agent.block(agent.core->memory, WaitKind::Semaphore, loc, hasValue);
  agent.spend(cycles(machine->chip.noc.semaphorePoll));
}

void semaphoreSet(uint32_t address, uint32_t value, TwLoc loc) {
  Agent &agent = self();
  uint32_t *word = wordAt(address, loc);
  agent.spend(cycles(machine->chip.noc.semaphoreSet));
  agent.sync();
  *word = value;
  machine->wake(agent.core->memory, agent.now);
}

} // namespace

void installNocCalls(TwApi &api) {
  api.bankAddress = bankAddress;
  api.bankCount = bankCount;
  api.pageAddress = pageAddress;
  api.ownCoord = ownCoord;
  api.nocRead = nocRead;
  api.nocWrite = nocWrite;
  api.nocMulticast = nocMulticast;
  api.nocInline = nocInline;
  api.nocAtomicInc = nocAtomicInc;
  api.nocAtomicIncMulticast = nocAtomicIncMulticast;
  api.nocBarrier = nocBarrier;
  api.nocDone = nocDone;
  api.semaphoreAddress = semaphoreAddress;
  api.semaphoreWait = semaphoreWait;
  api.semaphoreSet = semaphoreSet;
}

} // namespace tilewright::sim
