//===- NocTransfer.cpp - the life of a packet -----------------------------===//
//
// What an agent starts becomes packets; each costs the RISC its issue time. A
// write stays in the command buffer until its NIU begins to send it, and the
// next write of the agent waits for the buffer. Events of a packet: Request (a
// read at its source), Queue (behind the DRAM bank), Depart, Land, Ack.
//
//===----------------------------------------------------------------------===//

#include "Machine/Noc.h"

#include <cstring>
#include <utility>

namespace tilewright::sim {
Transfer &Noc::fresh(Transfer::Kind kind, uint32_t noc) {
  if (unused.empty()) {
    constexpr uint32_t block = 64;
    transfers.push_back(std::make_unique<Transfer[]>(block));
    for (uint32_t i = block; i-- > 0;)
      unused.push_back(&transfers.back()[i]);
  }
  Transfer &transfer = *unused.back();
  unused.pop_back();
  transfer.kind = kind;
  transfer.noc = static_cast<uint8_t>(noc);
  Agent &agent = self();
  transfer.agent = &agent;
  transfer.number =
      uint64_t(agent.order) << 28 | (agent.transfers++ & ((1u << 28) - 1));
  transfer.trid = 0;
  transfer.posted = false;
  transfer.delay = 0;
  transfer.linked = transfer.continues = false;
  transfer.byteEnable = 15;
  transfer.next = nullptr;
  transfer.receivers.clear();
  return transfer;
}

void Transfer::fire(Time time) {
  Noc &noc = *machine->noc;
  ++machine->progress;
  switch (stage) {
  case Stage::Request:
    return noc.request(*this, time);
  case Stage::Queue:
    return noc.enqueue(*this, time);
  case Stage::Depart:
    return noc.depart(*this, time);
  case Stage::Land:
    return noc.land(*this, time);
  case Stage::Ack:
    return noc.acknowledge(*this, time);
  }
}

//===----------------------------------------------------------------------===//
// Issue
//===----------------------------------------------------------------------===//

void Noc::read(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
               uint32_t trid, TwLoc loc, bool onePacket) {
  Agent &agent = self();
  Endpoint from = decode(source, bytes, noc, loc);
  Endpoint to = local(l1, bytes, loc);
  checkAlignment(from, to, true, loc);
  for (uint32_t done = 0; done < bytes;) {
    const uint32_t part = std::min(bytes - done, chip.noc.maxPacketBytes);
    agent.fold(chip.noc.issueFolds);
    agent.spend(
        cycles(chip.noc.readIssue - (onePacket ? chip.noc.statefulSaving : 0)) +
        m.jitter(50));
    // Others see the request when it arrives.
    agent.syncInOrder();
    Transfer &transfer = fresh(Transfer::Kind::Read, noc);
    transfer.bytes = part;
    transfer.trid = static_cast<uint8_t>(trid);
    transfer.from = from;
    transfer.to = to;
    ++agent.noc[noc].reads[trid];
    transfer.stage = Transfer::Stage::Request;
    post(agent.now + flightTime(noc, to.at, from.at) + m.jitter(200), transfer);
    done += part;
    from.address += part;
    from.memory += part;
    to.address += part;
    to.memory += part;
  }
}

/// Hands a packet of the running agent to its NIU.
void Noc::send(Transfer &transfer) {
  Agent::NocState &state = transfer.agent->noc[transfer.noc];
  ++(transfer.unanswered() ? state.postedSending : state.sending);
  const Time now = transfer.agent->now;
  if (const Time delay = m.jitter(100)) {
    transfer.stage = Transfer::Stage::Queue;
    post(now + delay, transfer);
  } else {
    enqueue(transfer, now);
  }
}

/// Waits until the command buffer is free, then spends the issue time.
static void issue(Machine &m, uint32_t noc, uint32_t issueCycles, TwLoc loc) {
  Agent &agent = self();
  agent.fold(m.chip.noc.issueFolds);
  agent.spend(cycles(issueCycles) + m.jitter(50));
  agent.sync();
  awaitTransfers(agent, noc, TwBarrier::WritesDeparted, -1, loc);
  awaitTransfers(agent, noc, TwBarrier::PostedDeparted, -1, loc);
}

void Noc::write(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
                uint32_t trid, bool posted, TwLoc loc, bool onePacket) {
  Agent &agent = self();
  Endpoint from = local(l1, bytes, loc);
  Endpoint to = decode(target, bytes, noc, loc);
  checkAlignment(from, to, false, loc);
  for (uint32_t done = 0; done < bytes;) {
    const uint32_t part = std::min(bytes - done, chip.noc.maxPacketBytes);
    issue(m, noc,
          chip.noc.writeIssue - (onePacket ? chip.noc.statefulSaving : 0), loc);
    Transfer &transfer = fresh(Transfer::Kind::Write, noc);
    transfer.bytes = part;
    transfer.trid = static_cast<uint8_t>(trid);
    transfer.posted = posted;
    transfer.from = from;
    transfer.to = to;
    if (!posted)
      ++agent.noc[noc].writes[trid];
    if (to.core)
      ++to.core->landing;
    send(transfer);
    done += part;
    from.address += part;
    from.memory += part;
    to.address += part;
    to.memory += part;
  }
}

void Noc::multicast(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
                    uint32_t count, bool linked, bool loopback, TwLoc loc) {
  Agent &agent = self();
  Agent::NocState &state = agent.noc[noc];
  Endpoint from = local(l1, bytes, loc);
  for (uint32_t done = 0; done < bytes;) {
    const uint32_t part = std::min(bytes - done, chip.noc.maxPacketBytes);
    issue(m, noc, chip.noc.multicastIssue, loc);
    Transfer &transfer = fresh(Transfer::Kind::Multicast, noc);
    transfer.receivers = rectangle(target + done, part, loopback, count, loc);
    if (transfer.receivers.empty())
      return release(transfer);
    checkAlignment(from, transfer.receivers.front(), false, loc);
    transfer.bytes = part;
    transfer.from = from;
    transfer.to = transfer.receivers.front();
    transfer.continues = state.linked;
    transfer.linked = state.linked = linked;
    ++state.writes[0];
    for (Endpoint &end : transfer.receivers)
      if (end.core)
        ++end.core->landing;
    send(transfer);
    done += part;
    from.address += part;
    from.memory += part;
  }
}

void Noc::word(Transfer::Kind kind, uint32_t noc, const Endpoint &to,
               uint32_t value, uint32_t byteEnable, bool posted, TwLoc loc) {
  Agent &agent = self();
  issue(m, noc, chip.noc.atomicIssue, loc);
  Transfer &transfer = fresh(kind, noc);
  transfer.bytes = 4;
  transfer.value = value;
  transfer.byteEnable = byteEnable;
  transfer.posted = posted;
  transfer.from = {};
  transfer.from.at = chip.physical(agent.core->coord.x, agent.core->coord.y);
  transfer.to = to;
  Agent::NocState &state = agent.noc[noc];
  if (!posted)
    ++(kind == Transfer::Kind::Atomic ? state.atomics : state.writes[0]);
  send(transfer);
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

/// A read request has reached its source.
void Noc::request(Transfer &transfer, Time time) {
  ++transfer.to.core->landing;
  if (transfer.from.bank < 0) {
    ++queuedReads[transfer.noc];
    return enqueue(transfer, time);
  }
  Time &own = stream(streamIn, transfer.noc, transfer.to.at, transfer.from);
  Time ready =
      throttle(own, readBank(transfer.from, transfer.bytes, time),
               transfer.bytes, chip.dram.singleStreamReadBytesPerCycle);
  // Its last flit leaves when the stream has carried it.
  ready = std::max(ready, own - flits(transfer.bytes, 1.0));
  transfer.stage = Transfer::Stage::Queue;
  post(ready, transfer);
}

/// Joins the queue of the source's NIU. The first of a queue has its event, or
/// departs at once.
void Noc::enqueue(Transfer &transfer, Time time) {
  Niu &source = out(transfer.noc, transfer.from.at);
  transfer.stage = Transfer::Stage::Depart;
  if (!source.first && source.free <= time) {
    source.first = source.last = &transfer;
    return depart(transfer, time);
  }
  if (source.first) {
    source.last->next = &transfer;
    source.last = &transfer;
    return;
  }
  source.first = source.last = &transfer;
  post(std::max(time, source.free), transfer);
}

/// Takes what the source holds now.
void Noc::sample(Transfer &transfer) {
  if (transfer.from.memory &&
      (m.carriesData || transfer.bytes <= Machine::SmallTransfer))
    transfer.data.assign(transfer.from.memory,
                         transfer.from.memory + transfer.bytes);
  else
    transfer.data.clear();
}

void Noc::depart(Transfer &transfer, Time time) {
  const uint32_t noc = transfer.noc;
  Niu &source = out(noc, transfer.from.at);
  if (source.free > time) // the packet before was held up
    return post(source.free, transfer);
  const bool isRead = transfer.kind == Transfer::Kind::Read;
  sample(transfer);
  if (isRead && transfer.from.bank < 0)
    --queuedReads[noc];
  if (!isRead && transfer.to.bank >= 0)
    time = throttle(stream(streamOut, noc, transfer.from.at, transfer.to), time,
                    transfer.bytes, chip.dram.singleStreamWriteBytesPerCycle);
  const Time length = flits(transfer.bytes, 1.0);
  const Time sending = flits(transfer.bytes, isRead ? chip.noc.readOccupancy
                                                    : chip.noc.writeOccupancy);
  Trip trip;
  Time busy = sending;
  if (transfer.kind == Transfer::Kind::Multicast) {
    trip = travelTree(transfer, time, length);
    if (transfer.linked) {
      const double acks = double(transfer.receivers.size());
      busy = std::max(sending + cycles(acks * chip.noc.multicastAckCycles),
                      cycles(acks));
    }
  } else {
    trip = travel(transfer, isRead ? Response : Request, time, length);
  }
  trip.arrives += sending - length;
  transfer.back = trip.back;
  source.use.add(transfer.bytes, length);
  source.free = trip.sent - length + busy;
  source.sending = &transfer;
  source.first = transfer.next;
  transfer.next = nullptr;
  if (source.first)
    post(source.free, *source.first);

  Agent &agent = *transfer.agent;
  Time lands = trip.arrives + cycles(chip.noc.endpointCycles) + m.jitter(200);
  if (!isRead) {
    Agent::NocState &state = agent.noc[noc];
    const bool posted = transfer.unanswered();
    --(posted ? state.postedSending : state.sending);
    Time &departed = posted ? state.postedDeparted : state.departed;
    departed = std::max(departed, source.free);
    m.wake(agent.nocSent, time);
    if (transfer.to.bank >= 0)
      lands = writeBank(transfer.to, transfer.bytes, lands, length);
  }
  if (transfer.kind == Transfer::Kind::Multicast) {
    // Multicasts of one core share a virtual channel and stay in order, so
    // that a flag never overtakes the data before it.
    Time &last = multicastLanded[node(noc, transfer.from.at)];
    last = lands = std::max(lands, last);
  }
  if (transfer.kind == Transfer::Kind::Atomic)
    lands += cycles(chip.noc.atomicCycles);
  if (!isRead && transfer.kind != Transfer::Kind::Multicast &&
      !unicastLanded.empty()) {
    // So do its writes and increments of one target.
    Time &last =
        unicastLanded[node(noc, transfer.from.at) * multicastLanded.size() +
                      node(noc, transfer.to.at)];
    last = lands = std::max(lands, last);
  }
  bytesMoved += transfer.bytes;
  transfer.stage = Transfer::Stage::Land;
  post(lands, transfer);
}

void Noc::land(Transfer &transfer, Time time) {
  if (const Time delay = std::exchange(transfer.delay, 0))
    return post(time + delay, transfer);
  auto put = [&](const Endpoint &end) {
    if (!transfer.data.empty())
      std::memcpy(end.memory, transfer.data.data(), transfer.bytes);
    if (end.core) {
      --end.core->landing;
      m.wake(end.core->memory, time);
    }
  };
  switch (transfer.kind) {
  case Transfer::Kind::Read:
    put(transfer.to);
    return acknowledge(transfer, time);
  case Transfer::Kind::Write:
    put(transfer.to);
    break;
  case Transfer::Kind::Multicast:
    for (const Endpoint &end : transfer.receivers)
      put(end);
    break;
  case Transfer::Kind::Inline:
  case Transfer::Kind::Atomic:
    changeWord(transfer);
    if (transfer.to.core)
      m.wake(transfer.to.core->memory, time);
    break;
  }
  if (transfer.unanswered())
    return release(transfer);
  transfer.stage = Transfer::Stage::Ack;
  post(time + transfer.back, transfer);
}

/// The word of an atomic or of an inline write.
void Noc::changeWord(const Transfer &transfer) {
  uint32_t word;
  std::memcpy(&word, transfer.to.memory, 4);
  if (transfer.kind == Transfer::Kind::Atomic) {
    word += transfer.value;
  } else {
    uint32_t mask = 0;
    for (uint32_t byte = 0; byte < 4; ++byte)
      if (transfer.byteEnable >> byte & 1)
        mask |= 0xffu << (byte * 8);
    word = (word & ~mask) | (transfer.value & mask);
  }
  std::memcpy(transfer.to.memory, &word, 4);
}

/// The counter that a barrier of the agent waits for goes down.
void Noc::acknowledge(Transfer &transfer, Time time) {
  Agent &agent = *transfer.agent;
  Agent::NocState &state = agent.noc[transfer.noc];
  switch (transfer.kind) {
  case Transfer::Kind::Read:
    --state.reads[transfer.trid];
    break;
  case Transfer::Kind::Atomic:
    if (!transfer.posted)
      --state.atomics;
    break;
  case Transfer::Kind::Write:
  case Transfer::Kind::Multicast:
  case Transfer::Kind::Inline:
    --state.writes[transfer.trid];
    break;
  }
  release(transfer);
  m.wake(agent.nocDone, time);
}

} // namespace tilewright::sim
