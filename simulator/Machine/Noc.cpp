//===- Noc.cpp - the two NoCs, their servers and the DRAM banks -----------===//
//
// A read:  request flight -> bank or NIU at the source (queue) -> sample ->
//          links back (queues) -> NIU of the reader -> land.
// A write: NIU of the writer (queue) -> sample -> links (queues) -> NIU or bank
//          at the target (queue) -> land -> acknowledgement flight.
//
//===----------------------------------------------------------------------===//

#include "Machine/Noc.h"

#include <cstring>

namespace tilewright::sim {
namespace {
constexpr uint32_t kMap = 64;
constexpr uint32_t kNocOrder = 0; ///< NoC events come first at equal times
} // namespace

Noc::Noc(Machine &machine) : m(machine), chip(machine.chip) {
  const size_t nodes = size_t(2) * chip.nocGrid.x * chip.nocGrid.y;
  links.resize(nodes * 2);
  inject.resize(nodes);
  eject.resize(nodes);
  stream.resize(nodes);
  streamOut.resize(nodes);
  multicastLanded.resize(nodes);
  bankFree.resize(chip.dram.banks);
  bankWriteFree.resize(chip.dram.banks);
  virtualMap.assign(kMap * kMap, -1);
  const CoreCoord grid = m.device.grid();
  for (uint32_t y = 0; y < grid.y; ++y)
    for (uint32_t x = 0; x < grid.x; ++x) {
      const CoreCoord at = m.device.virtualCoord({x, y});
      virtualMap[at.y * kMap + at.x] = static_cast<int32_t>(y * grid.x + x);
    }
  for (uint32_t bank = 0; bank < chip.dram.banks; ++bank) {
    const arch::NocCoord at = chip.dramEndpoints[0][bank];
    virtualMap[at.y * kMap + at.x] = -2 - static_cast<int32_t>(bank);
  }
}

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

Endpoint Noc::decode(uint64_t address, uint32_t bytes, uint8_t noc, TwLoc loc) {
  Endpoint end;
  end.address = address & ((uint64_t(1) << 36) - 1);
  const uint32_t x = address >> 36 & 63;
  const uint32_t y = address >> 42 & 63;
  const int32_t entry = virtualMap[y * kMap + x];
  if (entry == -1)
    self().fault(FaultCode::BadNocTarget,
                 "no core or DRAM bank at NoC coordinates (" +
                     std::to_string(x) + ", " + std::to_string(y) + ")",
                 loc);
  uint64_t limit = chip.l1Bytes;
  if (entry >= 0) {
    const CoreCoord grid = m.device.grid();
    end.grid = {static_cast<uint32_t>(entry) % grid.x,
                static_cast<uint32_t>(entry) / grid.x};
    end.core = m.coreAt[entry];
    end.at = chip.physical(end.grid.x, end.grid.y);
    end.memory = m.memory.l1[entry].data + end.address;
  } else {
    end.bank = -2 - entry;
    end.at = chip.dramEndpoints[noc][end.bank];
    limit = chip.dram.bytesPerBank;
    end.memory = m.memory.dram[end.bank].data + end.address;
  }
  if (end.address + bytes > limit)
    self().fault(FaultCode::BadAddress,
                 "a transfer of " + std::to_string(bytes) +
                     " bytes at address " + std::to_string(end.address) +
                     " of " +
                     (end.bank >= 0 ? "DRAM bank " + std::to_string(end.bank)
                                    : "core " + std::to_string(end.grid.x) +
                                          "," + std::to_string(end.grid.y)) +
                     " lies outside its " + std::to_string(limit) + " bytes",
                 loc);
  return end;
}

Endpoint Noc::local(uint32_t address, uint32_t bytes, TwLoc loc) {
  Agent &agent = self();
  if (uint64_t(address) + bytes > chip.l1Bytes)
    agent.fault(FaultCode::BadAddress,
                "a transfer of " + std::to_string(bytes) +
                    " bytes at L1 address " + std::to_string(address) +
                    " lies outside the " + std::to_string(chip.l1Bytes) +
                    " bytes of L1",
                loc);
  Endpoint end;
  end.core = agent.core;
  end.grid = agent.core->coord;
  end.at = chip.physical(end.grid.x, end.grid.y);
  end.address = address;
  end.memory = agent.core->l1.data() + address;
  return end;
}

void Noc::checkAlignment(const Endpoint &from, const Endpoint &to, bool read,
                         TwLoc loc) {
  const bool dram = from.bank >= 0 || to.bank >= 0;
  const uint32_t align = !dram  ? chip.noc.l1Alignment
                         : read ? chip.noc.dramReadAlignment
                                : chip.noc.dramWriteAlignment;
  if (from.address % align != to.address % align)
    self().fault(FaultCode::Misaligned,
                 "source address " + std::to_string(from.address) +
                     " and target address " + std::to_string(to.address) +
                     " differ modulo " + std::to_string(align),
                 loc);
}

std::vector<Endpoint> Noc::rectangle(uint64_t address, uint32_t bytes,
                                     bool loopback, uint32_t receivers,
                                     TwLoc loc) {
  Agent &agent = self();
  const uint64_t offset = address & ((uint64_t(1) << 36) - 1);
  const uint32_t x0 = address >> 48 & 63, y0 = address >> 54 & 63;
  const uint32_t x1 = address >> 36 & 63, y1 = address >> 42 & 63;
  std::vector<Endpoint> found;
  bool sawSelf = false;
  // NoC 1 runs the other way, so its rectangles are given end first.
  for (uint32_t y = std::min(y0, y1); y <= std::max(y0, y1); ++y)
    for (uint32_t x = std::min(x0, x1); x <= std::max(x0, x1); ++x) {
      if (virtualMap[y * kMap + x] < 0)
        continue;
      Endpoint end = decode((uint64_t(y) << 42) | (uint64_t(x) << 36) | offset,
                            bytes, 0, loc);
      const bool own = end.grid == agent.core->coord;
      sawSelf |= own;
      if (!own || loopback)
        found.push_back(end);
    }
  (void)sawSelf;
  if (found.size() != receivers) {
    const std::string message =
        "a multicast names " + std::to_string(receivers) +
        " receivers, but its rectangle has " + std::to_string(found.size());
    found.clear();
    found.shrink_to_fit();
    agent.fault(FaultCode::BadReceiverCount, message, loc);
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Servers
//===----------------------------------------------------------------------===//

uint32_t Noc::packets(uint32_t bytes) const {
  return std::max(1u, (bytes + chip.noc.maxPacketBytes - 1) /
                          chip.noc.maxPacketBytes);
}
Time Noc::occupancy(uint32_t bytes, double perFlit) const {
  const uint32_t flits =
      (bytes + chip.noc.flitBytes - 1) / chip.noc.flitBytes + packets(bytes);
  return cycles(flits * perFlit);
}
Time &Noc::niuOut(uint32_t noc, arch::NocCoord at) {
  return inject[node(noc, at)];
}
Time &Noc::niuIn(uint32_t noc, arch::NocCoord at) {
  return eject[node(noc, at)];
}

uint32_t Noc::hops(uint32_t noc, arch::NocCoord from, arch::NocCoord to) const {
  const uint32_t w = chip.nocGrid.x, h = chip.nocGrid.y;
  const uint32_t dx = (to.x + w - from.x) % w, dy = (to.y + h - from.y) % h;
  return noc == 0 ? dx + dy : (w - dx) % w + (h - dy) % h;
}
Time Noc::flightTime(uint32_t noc, arch::NocCoord from,
                     arch::NocCoord to) const {
  return cycles(2 * chip.noc.niuCycles +
                chip.noc.hopCycles * hops(noc, from, to));
}

template <typename Visit>
void Noc::walk(uint32_t noc, arch::NocCoord from, arch::NocCoord to,
               Visit visit) {
  // NoC 0 goes +x, then +y; NoC 1 goes -y, then -x.
  const uint32_t w = chip.nocGrid.x, h = chip.nocGrid.y;
  arch::NocCoord at = from;
  auto alongX = [&] {
    while (at.x != to.x) {
      visit(links[node(noc, at) * 2]);
      at.x = noc == 0 ? (at.x + 1) % w : (at.x + w - 1) % w;
    }
  };
  auto alongY = [&] {
    while (at.y != to.y) {
      visit(links[node(noc, at) * 2 + 1]);
      at.y = noc == 0 ? (at.y + 1) % h : (at.y + h - 1) % h;
    }
  };
  if (noc == 0) {
    alongX();
    alongY();
  } else {
    alongY();
    alongX();
  }
}

Time Noc::travel(uint32_t noc, arch::NocCoord from, arch::NocCoord to,
                 Time start, Time length) {
  // Each link passes the head on, and is taken until the tail has passed.
  const Time hop = cycles(chip.noc.hopCycles);
  const Time niu = cycles(chip.noc.niuCycles);
  Time head = start + niu;
  walk(noc, from, to, [&](Time &link) {
    head = std::max(head, link);
    link = head + length;
    head += hop;
  });
  Time &end = niuIn(noc, to);
  head = std::max(head + niu, end);
  end = head + length;
  return end;
}

Time Noc::travelTree(uint32_t noc, arch::NocCoord from,
                     const std::vector<Endpoint> &to, Time start, Time length) {
  // The header reserves the whole tree, then the payload streams through it
  // once: all links and receivers are taken for the same time.
  Time flight = 0;
  for (const Endpoint &end : to) {
    walk(noc, from, end.at, [&](Time &link) { start = std::max(start, link); });
    start = std::max(start, niuIn(noc, end.at));
    flight = std::max(flight, flightTime(noc, from, end.at));
  }
  for (const Endpoint &end : to) {
    walk(noc, from, end.at, [&](Time &link) { link = start + length; });
    niuIn(noc, end.at) = start + length;
  }
  return start + flight + length;
}

//===----------------------------------------------------------------------===//
// Transfers
//===----------------------------------------------------------------------===//

Transfer &Noc::fresh(Transfer::Kind kind, uint32_t noc) {
  if (unused.empty()) {
    transfers.emplace_back();
    unused.push_back(&transfers.back());
  }
  Transfer &transfer = *unused.back();
  unused.pop_back();
  transfer.kind = kind;
  transfer.stage = Transfer::Stage::Depart;
  transfer.noc = static_cast<uint8_t>(noc);
  transfer.agent = &self();
  transfer.trid = 0;
  transfer.posted = false;
  transfer.byteEnable = 15;
  transfer.receivers.clear();
  return transfer;
}

void Transfer::fire(Time time) {
  Noc &noc = *machine->noc;
  ++machine->progress;
  if (stage == Stage::Depart)
    noc.depart(*this, time);
  else
    noc.land(*this, time);
}

void Noc::read(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
               uint32_t trid, TwLoc loc) {
  Agent &agent = self();
  const Endpoint from = decode(source, bytes, noc, loc);
  const Endpoint to = local(l1, bytes, loc);
  checkAlignment(from, to, true, loc);
  agent.spend(cycles(chip.noc.readIssue * packets(bytes)) + m.jitter(50));
  agent.sync();
  Transfer &transfer = fresh(Transfer::Kind::Read, noc);
  transfer.bytes = bytes;
  transfer.trid = static_cast<uint8_t>(trid);
  transfer.from = from;
  transfer.to = to;
  ++agent.noc[noc].reads[trid];
  ++agent.core->landing;
  const Time arrives =
      agent.now + flightTime(noc, to.at, from.at) + m.jitter(200);
  Time departs;
  if (from.bank >= 0) {
    Time &bank = bankFree[from.bank];
    const Time start = std::max(arrives, bank);
    bank = start + cycles(std::max(bytes, 64u) / chip.dram.readBytesPerCycle);
    departs = start + cycles(chip.dram.latency);
    transfer.sourceEnd = bank + cycles(chip.dram.latency);
    // One core's stream of requests is slower than a bank on some chips.
    Time &own = stream[node(noc, to.at)];
    departs = std::max(departs, own);
    own = departs + cycles(bytes / chip.dram.singleStreamReadBytesPerCycle);
    dramRead += bytes;
  } else {
    Time &out = niuOut(noc, from.at);
    departs = std::max(arrives, out);
    out = departs + occupancy(bytes, chip.noc.readOccupancy);
    transfer.sourceEnd = out;
  }
  m.events.post(departs, kNocOrder, &transfer);
}

void Noc::write(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
                uint32_t trid, bool posted, TwLoc loc) {
  Agent &agent = self();
  const Endpoint from = local(l1, bytes, loc);
  const Endpoint to = decode(target, bytes, noc, loc);
  checkAlignment(from, to, false, loc);
  agent.spend(cycles(chip.noc.writeIssue * packets(bytes)) + m.jitter(50));
  agent.sync();
  Transfer &transfer = fresh(Transfer::Kind::Write, noc);
  transfer.bytes = bytes;
  transfer.trid = static_cast<uint8_t>(trid);
  transfer.posted = posted;
  transfer.from = from;
  transfer.to = to;
  if (!posted)
    ++agent.noc[noc].writes[trid];
  if (to.core)
    ++to.core->landing;
  Time &out = niuOut(noc, from.at);
  Time departs = std::max(agent.now + m.jitter(100), out);
  if (to.bank >= 0) {
    Time &own = streamOut[node(noc, from.at)];
    departs = std::max(departs, own);
    own = departs + cycles(bytes / chip.dram.singleStreamWriteBytesPerCycle);
  }
  out = departs + occupancy(bytes, chip.noc.writeOccupancy);
  transfer.sourceEnd = out;
  agent.noc[noc].departed = std::max(agent.noc[noc].departed, out);
  m.events.post(departs, kNocOrder, &transfer);
}

void Noc::multicast(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
                    uint32_t count, bool linked, bool loopback, TwLoc loc) {
  Agent &agent = self();
  const Endpoint from = local(l1, bytes, loc);
  agent.spend(cycles(chip.noc.multicastIssue * packets(bytes)) + m.jitter(50));
  agent.sync();
  std::vector<Endpoint> receivers =
      rectangle(target, bytes, loopback, count, loc);
  if (receivers.empty())
    return;
  Transfer &transfer = fresh(Transfer::Kind::Multicast, noc);
  transfer.bytes = bytes;
  transfer.from = from;
  transfer.to = receivers.front();
  transfer.receivers = std::move(receivers);
  Agent::NocState &state = agent.noc[noc];
  ++state.writes[0];
  for (Endpoint &end : transfer.receivers)
    if (end.core)
      ++end.core->landing;
  Time &out = niuOut(noc, from.at);
  // A linked chain has reserved its tree already.
  const Time setup = state.linked ? 0 : cycles(chip.noc.multicastSetup);
  state.linked = linked;
  const Time departs = std::max(agent.now + m.jitter(100), out) + setup;
  out = departs + occupancy(bytes, chip.noc.writeOccupancy);
  transfer.sourceEnd = out;
  state.departed = std::max(state.departed, out);
  m.events.post(departs, kNocOrder, &transfer);
}

void Noc::word(Transfer::Kind kind, uint32_t noc, const Endpoint &to,
               uint32_t value, uint32_t byteEnable, bool posted) {
  Agent &agent = self();
  agent.spend(cycles(chip.noc.atomicIssue) + m.jitter(50));
  agent.sync();
  Transfer &transfer = fresh(kind, noc);
  transfer.bytes = 4;
  transfer.value = value;
  transfer.byteEnable = byteEnable;
  transfer.posted = posted;
  transfer.from = {};
  transfer.from.at = chip.physical(agent.core->coord.x, agent.core->coord.y);
  transfer.to = to;
  Agent::NocState &state = agent.noc[noc];
  if (kind == Transfer::Kind::Atomic)
    ++state.atomics;
  else if (!posted)
    ++state.writes[0];
  Time &out = niuOut(noc, transfer.from.at);
  const Time departs = std::max(agent.now + m.jitter(100), out);
  out = departs + occupancy(4, chip.noc.writeOccupancy);
  transfer.sourceEnd = out;
  state.departed = std::max(state.departed, out);
  m.events.post(departs, kNocOrder, &transfer);
}

void Noc::depart(Transfer &transfer, Time time) {
  const uint32_t noc = transfer.noc;
  if (transfer.from.memory &&
      (m.carriesData || transfer.bytes <= Machine::SmallTransfer))
    transfer.data.assign(transfer.from.memory,
                         transfer.from.memory + transfer.bytes);
  else
    transfer.data.clear();
  const Time length = occupancy(transfer.bytes, 1.0);
  Time arrives = 0;
  if (transfer.kind == Transfer::Kind::Multicast) {
    arrives =
        travelTree(noc, transfer.from.at, transfer.receivers, time, length);
  } else {
    arrives = travel(noc, transfer.from.at, transfer.to.at, time, length);
  }
  arrives =
      std::max(arrives, transfer.sourceEnd +
                            flightTime(noc, transfer.from.at, transfer.to.at));
  Time lands = arrives + cycles(chip.noc.endpointCycles) + m.jitter(200);
  if (transfer.kind == Transfer::Kind::Multicast) {
    // Multicasts of one core share a virtual channel and stay in order, so
    // that a flag never overtakes the data before it.
    Time &last = multicastLanded[node(noc, transfer.from.at)];
    last = lands = std::max(lands, last);
  }
  if (transfer.kind != Transfer::Kind::Read && transfer.to.bank >= 0) {
    Time &bank = bankWriteFree[transfer.to.bank];
    const Time start = std::max(arrives - length, bank);
    const bool small = transfer.bytes < 64;
    bank =
        start + (small ? cycles(chip.dram.smallWriteCycles)
                       : cycles(transfer.bytes / chip.dram.writeBytesPerCycle));
    lands = std::max(lands, bank);
    dramWritten += transfer.bytes;
  }
  bytesMoved += transfer.bytes;
  transfer.stage = Transfer::Stage::Land;
  m.events.post(lands, kNocOrder, &transfer);
}

void Noc::land(Transfer &transfer, Time time) {
  Agent &agent = *transfer.agent;
  Agent::NocState &state = agent.noc[transfer.noc];
  const Time ack =
      time + flightTime(transfer.noc, transfer.to.at, transfer.from.at);
  auto put = [&](const Endpoint &end) {
    if (!transfer.data.empty())
      std::memcpy(end.memory, transfer.data.data(), transfer.bytes);
    if (end.core)
      m.wake(end.core->memory, time);
  };
  switch (transfer.kind) {
  case Transfer::Kind::Read:
    put(transfer.to);
    --transfer.to.core->landing;
    --state.reads[transfer.trid];
    state.acked = std::max(state.acked, time);
    break;
  case Transfer::Kind::Write:
    put(transfer.to);
    if (transfer.to.core)
      --transfer.to.core->landing;
    if (!transfer.posted) {
      --state.writes[transfer.trid];
      state.acked = std::max(state.acked, ack);
    }
    break;
  case Transfer::Kind::Multicast:
    for (const Endpoint &end : transfer.receivers) {
      put(end);
      if (end.core)
        --end.core->landing;
    }
    --state.writes[0];
    state.acked = std::max(state.acked, ack);
    break;
  case Transfer::Kind::Inline:
  case Transfer::Kind::Atomic: {
    uint32_t word;
    std::memcpy(&word, transfer.to.memory, 4);
    if (transfer.kind == Transfer::Kind::Atomic) {
      word += transfer.value;
      --state.atomics;
    } else {
      uint32_t mask = 0;
      for (uint32_t byte = 0; byte < 4; ++byte)
        if (transfer.byteEnable >> byte & 1)
          mask |= 0xffu << (byte * 8);
      word = (word & ~mask) | (transfer.value & mask);
      if (!transfer.posted)
        --state.writes[0];
    }
    state.acked = std::max(state.acked, ack);
    std::memcpy(transfer.to.memory, &word, 4);
    if (transfer.to.core)
      m.wake(transfer.to.core->memory, time);
    break;
  }
  }
  release(transfer);
  m.wake(agent.nocDone, state.acked);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

namespace {

uint64_t coordAddress(CoreCoord at, uint64_t offset) {
  return (uint64_t(at.y) << 42) | (uint64_t(at.x) << 36) | offset;
}

uint64_t bankAddress(bool dram, uint32_t bank, uint64_t offset, uint32_t) {
  Agent &agent = self();
  agent.spend(cycles(machine->chip.compute.loopIteration));
  if (dram) {
    const uint32_t known =
        std::min<uint32_t>(bank, machine->chip.dram.banks - 1);
    const arch::NocCoord at = machine->chip.dramEndpoints[0][known];
    return coordAddress({at.x, at.y}, offset);
  }
  const uint32_t width = machine->device.grid().x;
  return coordAddress(
      machine->device.virtualCoord({bank % width, bank / width}), offset);
}
uint32_t bankCount(bool dram) {
  const CoreCoord grid = machine->device.grid();
  return dram ? machine->chip.dram.banks : grid.x * grid.y;
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
    machine->noc->read(noc & 1, source, l1, bytes, trid & 15, loc);
}
void nocWrite(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
              uint32_t trid, bool posted, bool onePacket, TwLoc loc) {
  checkPacket(bytes, onePacket, loc);
  if (bytes)
    machine->noc->write(noc & 1, l1, target, bytes, trid & 15, posted, loc);
}
void nocMulticast(uint32_t noc, uint32_t l1, uint64_t rectangle, uint32_t bytes,
                  uint32_t receivers, bool linked, bool loopback, TwLoc loc) {
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
                     byteEnable, posted);
}
void nocAtomicInc(uint32_t noc, uint64_t target, uint32_t value, uint32_t,
                  bool posted, TwLoc loc) {
  machine->noc->word(Transfer::Kind::Atomic, noc & 1,
                     wordTarget(noc, target, "noc_semaphore_inc", loc), value,
                     15, posted);
}
void nocAtomicIncMulticast(uint32_t noc, uint64_t rectangle, uint32_t value,
                           uint32_t receivers, TwLoc loc) {
  const auto ends =
      machine->noc->rectangle(rectangle, 4, false, receivers, loc);
  for (const Endpoint &end : ends)
    machine->noc->word(Transfer::Kind::Atomic, noc & 1, end, value, 15, false);
}

void nocBarrier(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc) {
  Agent &agent = self();
  Agent::NocState &state = agent.noc[noc & 1];
  agent.sync();
  auto left = [&]() -> uint32_t {
    auto sum = [&](const std::array<uint32_t, 16> &counts) {
      if (trid >= 0)
        return counts[trid & 15];
      uint32_t total = 0;
      for (uint32_t count : counts)
        total += count;
      return total;
    };
    switch (what) {
    case TwBarrier::Reads:
      return sum(state.reads);
    case TwBarrier::WritesDeparted:
      return 0;
    case TwBarrier::WritesAcked:
      return sum(state.writes);
    case TwBarrier::Atomics:
      return state.atomics;
    case TwBarrier::Full:
      return sum(state.reads) + sum(state.writes) + state.atomics;
    }
    return 0;
  };
  while (uint32_t count = left()) {
    agent.waitIndex = noc;
    agent.waitWanted = count;
    agent.block(agent.nocDone, WaitKind::Noc, loc);
  }
  const Time until = what == TwBarrier::WritesDeparted ? state.departed
                     : what == TwBarrier::Reads        ? agent.now
                                                       : state.acked;
  if (until > agent.now) {
    agent.waited[uint32_t(WaitKind::Noc)] += until - agent.now;
    agent.now = until;
  }
  agent.spend(cycles(machine->chip.noc.barrierPoll));
}

uint32_t semaphoreAddress(uint32_t id, TwLoc loc) {
  Agent &agent = self();
  if (id >= agent.core->semaphores.size() || !agent.core->semaphores[id])
    agent.fault(FaultCode::BadSemaphore,
                "semaphore " + std::to_string(id) +
                    " was not created on this core",
                loc);
  return semaphoreBase(machine->chip) + id * 16;
}

uint32_t *wordAt(uint32_t address, TwLoc loc) {
  Agent &agent = self();
  if (address % 4 || address + 4 > machine->chip.l1Bytes)
    agent.fault(FaultCode::BadAddress,
                "a semaphore at L1 address " + std::to_string(address), loc);
  return reinterpret_cast<uint32_t *>(agent.core->l1.data() + address);
}

void semaphoreWait(uint32_t address, uint32_t value, bool atLeast, TwLoc loc) {
  Agent &agent = self();
  const volatile uint32_t *word = wordAt(address, loc);
  agent.spend(cycles(machine->chip.noc.barrierPoll));
  agent.sync();
  while (atLeast ? *word < value : *word != value) {
    agent.waitIndex = address;
    agent.waitWanted = value;
    agent.block(agent.core->memory, WaitKind::Semaphore, loc);
  }
}

void semaphoreSet(uint32_t address, uint32_t value, TwLoc loc) {
  Agent &agent = self();
  uint32_t *word = wordAt(address, loc);
  agent.spend(cycles(5u));
  agent.sync();
  *word = value;
  machine->wake(agent.core->memory, agent.now);
}

} // namespace

void installNocCalls(TwApi &api) {
  api.bankAddress = bankAddress;
  api.bankCount = bankCount;
  api.ownCoord = ownCoord;
  api.nocRead = nocRead;
  api.nocWrite = nocWrite;
  api.nocMulticast = nocMulticast;
  api.nocInline = nocInline;
  api.nocAtomicInc = nocAtomicInc;
  api.nocAtomicIncMulticast = nocAtomicIncMulticast;
  api.nocBarrier = nocBarrier;
  api.semaphoreAddress = semaphoreAddress;
  api.semaphoreWait = semaphoreWait;
  api.semaphoreSet = semaphoreSet;
}

} // namespace tilewright::sim
