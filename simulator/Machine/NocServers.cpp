//===- NocServers.cpp - links, NIUs and DRAM banks ---------------------===//
//
// A packet's way through the servers of its path:
//
//   1. Its head reaches link i a hop after it entered link i - 1. It enters
//      when the wires are free and when a virtual channel behind them is: an
//      earlier packet of its lane that waits further on holds its channel. If
//      another packet is expected before its tail, the flits of the two
//      alternate from then on: both take longer, up to twice as long.
//   2. Its last flit passes link i when the packet's length has passed, and
//      later where the channel has too few flits to hide the way of a credit.
//   3. Backwards along the path: the channel of link i is held until all but a
//      buffer's worth of flits has passed link i + 1.
//
// So a packet that waits makes others wait behind it, back to their sources, as
// in wormhole routing, and a class of packets never waits for another's buffer.
// A request stays in one channel, as software tells it to; a response takes
// either of two. Both change to others where their axis wraps. Times are
// reserved for the whole path when the packet departs.
//
// A multicast reserves its whole tree: it begins when every link of the tree
// can take it, and each link carries the payload once. Trees that share a link
// follow each other.
//
//===----------------------------------------------------------------------===//

#include "Machine/Noc.h"

namespace tilewright::sim {

Time Noc::flits(uint32_t bytes, double perFlit) const {
  const uint32_t count =
      (bytes + chip.noc.flitBytes - 1) / chip.noc.flitBytes + 1;
  return cycles(count * perFlit);
}

uint32_t Noc::hops(uint32_t noc, arch::NocCoord from, arch::NocCoord to) const {
  const uint32_t w = chip.nocGrid.x, h = chip.nocGrid.y;
  const uint32_t dx = (to.x + w - from.x) % w, dy = (to.y + h - from.y) % h;
  return noc == 0 ? dx + dy : (w - dx) % w + (h - dy) % h;
}
Time Noc::flightTime(uint32_t noc, arch::NocCoord from,
                     arch::NocCoord to) const {
  return 2 * niu + hop * hops(noc, from, to);
}

template <typename Visit>
void Noc::walk(uint32_t noc, arch::NocCoord from, arch::NocCoord to,
               Visit visit) {
  // NoC 0 goes +x, then +y; NoC 1 goes -y, then -x.
  const uint32_t w = chip.nocGrid.x, h = chip.nocGrid.y;
  auto along = [&](uint32_t first, uint32_t stride, uint32_t at, uint32_t end,
                   uint32_t size) {
    bool wrapped = false;
    while (at != end) {
      visit(first + at * stride, wrapped);
      const uint32_t last = noc == 0 ? size - 1 : 0;
      wrapped |= at == last;
      at = at == last ? size - 1 - last : noc == 0 ? at + 1 : at - 1;
    }
  };
  auto link = [&](uint32_t x, uint32_t y) {
    return static_cast<uint32_t>(node(noc, {x, y}) * 2);
  };
  if (noc == 0) {
    along(link(0, from.y), 2, from.x, to.x, w);
    along(link(to.x, 0) + 1, 2 * w, from.y, to.y, h);
  } else {
    along(link(from.x, 0) + 1, 2 * w, from.y, to.y, h);
    along(link(0, to.y), 2, from.x, to.x, w);
  }
}

Noc::Passage Noc::Link::fitAmong(Lane lane, uint32_t channels, Time from,
                                 Time length, Time now, bool whole) {
  forget(now);
  Time at = from, left = length, done = 0;
  bool begun = false;
  // The latest ends of channels that earlier packets of the lane hold.
  Time longest = 0, second = 0;
  for (uint32_t i = first; i < count && slots[i].start < at + left; ++i) {
    const Slot &slot = slots[i];
    if (slot.lane() == lane) {
      second = std::max(second, std::min(longest, slot.held));
      longest = std::max(longest, slot.held);
      if (const Time free = channels > 1 ? second : longest; free > from) {
        from = i > first ? std::max(free, slots[i - 1].end) : free;
        at = from;
        left = length;
        done = 0;
        begun = false;
      }
    }
    if (slot.end <= at)
      continue;
    if (slot.start > at && !whole) {
      begun = true;
      left -= slot.start - at;
      at = slot.start;
    }
    // Every second flit is its own until the shorter of the two has passed.
    if (begun && !done && slot.packet() && left <= slot.end - at)
      done = at + 2 * left;
    at = slot.end;
    if (!begun)
      from = at;
  }
  return {from, at + left, done ? done : at + left};
}

uint32_t Noc::Link::waiting(Time time, Time now) {
  if (time >= idle)
    return 0;
  forget(now);
  uint32_t found = 0;
  for (uint32_t i = first; i < count; ++i)
    found += slots[i].lane() != Continued && slots[i].held > time;
  return found;
}

/// Moves what is not forgotten to the front, into more memory if need be.
void Noc::Link::makeRoom() {
  Slot *const old = slots;
  if (count - first > capacity / 2) {
    capacity *= 2;
    slots = new Slot[capacity];
  } else if (capacity == 0) {
    capacity = 8;
    slots = new Slot[capacity];
  }
  if (old)
    std::copy(old + first, old + count, slots);
  count -= first;
  first = 0;
  if (old != slots)
    delete[] old;
}

inline void Noc::Link::insert(Time start, Time end, Time held, Time now,
                              uint64_t tagged) {
  if (count == capacity) {
    forget(now);
    makeRoom();
  }
  uint32_t at = count++;
  if (start < lastStart)
    for (; at > first && slots[at - 1].start > start; --at)
      slots[at] = slots[at - 1];
  Slot &slot = slots[at];
  slot.start = start;
  slot.end = end;
  slot.held = held;
  slot.tagged = tagged;
  idle = std::max(idle, held);
  lastStart = std::max(lastStart, start);
  lastEnd = std::max(lastEnd, end);
}

/// Inserts the parts of a passage around what is reserved already.
void Noc::Link::insertParts(const Passage &passage, Time held, Time now,
                            uint64_t tagged) {
  Time start = passage.start;
  for (uint32_t i = first; i < count; ++i) {
    const Slot other = slots[i];
    if (other.start >= passage.end)
      break;
    if (other.end <= start)
      continue;
    if (other.start > start) {
      insert(start, other.start, held, now, tagged);
      i = first - 1; // the slots may have moved
      held = passage.end;
      tagged = tag(Continued, nullptr);
    }
    start = other.end;
  }
  insert(start, passage.end, held, now, tagged);
}

void Noc::Link::reserve(Lane lane, const Passage &passage, Time length,
                        Time held, Time now, uint32_t bytes, Transfer *packet) {
  held = std::max(held, passage.end);
  if (passage.end - passage.start > length)
    insertParts(passage, held, now, tag(lane, packet));
  else
    insert(passage.start, passage.end, held, now, tag(lane, packet));
  if (lane < secondLatest.size())
    secondLatest[lane] =
        std::max(secondLatest[lane], std::min(latest[lane], held));
  latest[lane] = std::max(latest[lane], held);
  use.add(bytes, length);
}

template <typename Delay>
void Noc::Link::delayOthers(const Passage &passage, Time length,
                            Delay delay) const {
  Time at = passage.start, left = length;
  for (uint32_t i = first; i < count && slots[i].start < passage.end; ++i) {
    const Slot &slot = slots[i];
    if (slot.end <= at)
      continue;
    left -= std::max(slot.start, at) - at;
    at = std::max(slot.start, at);
    if (slot.packet())
      delay(slot.packet(), std::min(left, slot.end - at));
    at = slot.end;
  }
}

/// Headers of read requests that wait for workers fill the ports beside them,
/// each about alike. Silicon shows no such loss for reads of DRAM.
uint32_t Noc::portRoom(uint32_t noc) const {
  const auto workers =
      static_cast<Time>(chip.tensixColumns.size() * chip.tensixRows.size());
  const Time room =
      cycles(chip.noc.portFlits) - cycles(1u) * queuedReads[noc] / workers;
  return static_cast<uint32_t>(std::max(room, Time(0)));
}

Noc::Trip Noc::travel(Transfer &transfer, Class kind, Time start, Time length) {
  const uint32_t noc = transfer.noc;
  const Time now = m.events.now();
  struct Passed {
    Link *link;
    Passage passage;
    Time buffer; ///< flits of its channel behind the link
    Lane lane;
  };
  // At most once around each axis.
  std::array<Passed, 128> passed;
  uint32_t count = 0;
  // Packets that share several links are delayed once.
  delayed.clear();
  auto collect = [&](Transfer *packet, Time delay) {
    for (Delayed &other : delayed)
      if (other.packet == packet) {
        other.delay = std::max(other.delay, delay);
        return;
      }
    delayed.push_back({packet, delay});
  };
  const Time share = cycles(chip.noc.channelFlits);
  const Time credit = cycles(chip.noc.creditCycles);
  const bool shared = kind == Response && length > share;
  const uint32_t room = shared ? portRoom(noc) : 0;
  const uint32_t channels = kind == Response ? chip.noc.responseChannels : 1;
  Time head = start + niu, tail = start + length;
  // All links are asked for before the first is needed.
  uint32_t total = 0;
  walk(noc, transfer.from.at, transfer.to.at, [&](uint32_t index, bool wrap) {
    passed[total].link = &links[index];
    passed[total++].lane = lane(kind, wrap);
    __builtin_prefetch(&links[index]);
    __builtin_prefetch(reinterpret_cast<char *>(&links[index]) + 64);
  });
  for (; count < total; ++count) {
    auto &[onTheWay, passage, behind, at] = passed[count];
    Link &link = *onTheWay;
    passage = link.fit(at, channels, head, length, now, kind == Request);
    head = passage.start;
    if (passage.end - passage.start > length)
      link.delayOthers(passage, length, collect);
    Time buffer = share, passing = length;
    if (shared) {
      const uint32_t waiting = link.waiting(head, now);
      buffer = waiting ? room / (waiting + 1) : room;
      if (buffer + cycles(1u) < credit)
        passing = length * credit / (buffer + cycles(1u));
    }
    behind = buffer;
    tail = std::max({tail + hop, passage.done, head + passing});
    head += hop;
  }
  // A NIU takes the flits of responses as slowly as one sends them, so that
  // reads from many sources come no faster than those from one.
  Link &target = in(noc, transfer.to.at);
  const Time taking =
      kind == Response ? flits(transfer.bytes, chip.noc.readOccupancy) : length;
  Time from = head + niu;
  // A bank that is full takes the flits of a write as it has room for them;
  // until then they wait in the routers.
  if (kind == Request && transfer.to.bank >= 0) {
    const arch::DramParameters &dram = chip.dram;
    const Time written = banks[transfer.to.bank].written;
    const Time before = cycles(chip.noc.endpointCycles +
                               dram.writeQueueBytes / dram.writeBytesPerCycle);
    from = std::max(from, std::max(written, before) - before);
  }
  const Passage last =
      target.fit(lane(kind), 1, from, taking, now, kind == Request);
  target.reserve(lane(kind), last, taking, 0, now, transfer.bytes);
  const Time arrives = std::max(last.done - taking + length, tail + niu);
  Time end = arrives;
  // Requests keep their order, so that a later one never passes them.
  Transfer *const packet = kind == Response ? &transfer : nullptr;
  for (uint32_t i = count; i-- > 0;) {
    const auto &[link, passage, buffer, at] = passed[i];
    end = std::max(passage.done, end - buffer);
    link->reserve(at, passage, length, end, now, transfer.bytes, packet);
  }
  for (const Delayed &other : delayed)
    holdUp(noc, other);
  // The NIU of the source sends as the first link takes.
  return {count == 0 ? start + length : end - niu, arrives,
          flightTime(noc, transfer.to.at, transfer.from.at)};
}

/// A packet that is on its way arrives later, and its source is free later.
void Noc::holdUp(uint32_t noc, const Delayed &other) {
  other.packet->delay += other.delay;
  if (Niu &source = out(noc, other.packet->from.at);
      source.sending == other.packet)
    source.free += other.delay;
}

Noc::Trip Noc::travelTree(const Transfer &transfer, Time start, Time length) {
  const uint32_t noc = transfer.noc;
  const Time now = m.events.now();
  ++trees;
  path.clear();
  starts.clear(); // here: when the head enters, from the start of the tree
  uint32_t farthest = 0, around = 0;
  for (const Endpoint &to : transfer.receivers) {
    Time offset = niu;
    walk(noc, transfer.from.at, to.at, [&](uint32_t index, bool) {
      if (stamp[index] != trees) {
        stamp[index] = trees;
        path.push_back(index);
        starts.push_back(offset);
      }
      offset += hop;
    });
    const uint32_t there = hops(noc, transfer.from.at, to.at);
    farthest = std::max(farthest, there);
    around = std::max(around, there + hops(noc, to.at, transfer.from.at));
  }
  // An open chain holds its tree; a new one reserves it there and back.
  Time begin = start;
  if (!transfer.continues)
    begin += cycles(chip.noc.treeReservationPerHop) * farthest;
  for (bool moved = true; moved;) {
    moved = false;
    auto wait = [&](Link &link, Time offset) {
      const Time fits =
          link.fit(lane(Broadcast), 1, begin + offset, length, now, true).start;
      moved |= fits > begin + offset;
      begin = fits - offset;
    };
    for (size_t i = 0; i < path.size(); ++i)
      wait(links[path[i]], starts[i]);
    for (const Endpoint &to : transfer.receivers)
      wait(in(noc, to.at), flightTime(noc, transfer.from.at, to.at));
  }
  auto take = [&](Link &link, Time offset) {
    const Time enters = begin + offset, passed = enters + length;
    link.reserve(lane(Broadcast), {enters, passed, passed}, length, 0, now,
                 transfer.bytes);
  };
  for (size_t i = 0; i < path.size(); ++i)
    take(links[path[i]], starts[i]);
  for (const Endpoint &to : transfer.receivers)
    take(in(noc, to.at), flightTime(noc, transfer.from.at, to.at));
  return {begin + length, begin + 2 * niu + hop * farthest + length,
          2 * niu + hop * (around - farthest)};
}

//===----------------------------------------------------------------------===//
// DRAM
//===----------------------------------------------------------------------===//

/// When the data of a read that arrives then can leave at the rate of the NIU.
Time Noc::readBank(const Endpoint &from, uint32_t bytes, Time arrives) {
  const arch::DramParameters &dram = chip.dram;
  Bank &bank = banks[from.bank];
  const Time length =
      cycles(std::max(bytes, dram.burstBytes) / dram.readBytesPerCycle);
  bank.free = std::max(arrives, bank.free) + length;
  bank.read.add(bytes, length);
  dramRead += bytes;
  // The first flit may leave before the bank is done, if the last is in time.
  return std::max(arrives, bank.free - flits(bytes, 1.0)) +
         cycles(dram.readLatency);
}

/// When a write has reached the memory; its flits arrive until `arrives`.
Time Noc::writeBank(const Endpoint &to, uint32_t bytes, Time arrives,
                    Time length) {
  const arch::DramParameters &dram = chip.dram;
  Bank &bank = banks[to.bank];
  const Time service = bytes <= dram.smallWriteBytes
                           ? cycles(dram.smallWriteCycles)
                           : cycles(bytes / dram.writeBytesPerCycle);
  const Time begin = std::max(arrives - length, bank.free);
  bank.written = bank.free = begin + service;
  bank.write.add(bytes, service);
  dramWritten += bytes;
  return std::max(arrives, bytes <= dram.smallWriteBytes ? begin : bank.free) +
         cycles(dram.writeLatency);
}

Time Noc::throttle(Time &stream, Time ready, uint32_t bytes, double rate) {
  if (bytes >= chip.dram.singleStreamBelowBytes)
    return ready;
  ready = std::max(ready, stream);
  stream = ready + cycles(bytes / rate);
  return ready;
}

//===----------------------------------------------------------------------===//
// Use
//===----------------------------------------------------------------------===//

NocUse Noc::use() const {
  NocUse result;
  for (uint8_t noc = 0; noc < 2; ++noc)
    for (uint32_t y = 0; y < chip.nocGrid.y; ++y)
      for (uint32_t x = 0; x < chip.nocGrid.x; ++x) {
        const size_t index = node(noc, {x, y});
        for (uint32_t axis = 0; axis < 2; ++axis)
          if (const Link &link = links[index * 2 + axis]; link.use.packets)
            result.links.push_back({noc, axis == 1, {x, y}, link.use});
        if (outs[index].use.packets)
          result.nius.push_back({noc, true, {x, y}, outs[index].use});
        if (ins[index].use.packets)
          result.nius.push_back({noc, false, {x, y}, ins[index].use});
      }
  for (uint32_t bank = 0; bank < banks.size(); ++bank)
    if (banks[bank].read.packets || banks[bank].write.packets)
      result.banks.push_back({bank, banks[bank].read, banks[bank].write});
  return result;
}

} // namespace tilewright::sim
