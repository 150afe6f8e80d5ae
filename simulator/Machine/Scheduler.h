//===- Scheduler.h - deterministic discrete events --------------*- C++ -*-===//
//
// Events are ordered by time, then by their fixed order (NoC first, then core,
// then agent). Those of the NoC carry a number for equal times, so that it does
// not matter when they were posted. An event fires once.
//
// A calendar queue: the events of one stretch of time are in `current`, sorted,
// next one last; those of later stretches stand unsorted in a ring of lists,
// and those beyond the ring in a heap. Most events are posted a few cycles
// ahead, so both insertion and removal touch little.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_SCHEDULER_H
#define TILEWRIGHT_SIMULATOR_MACHINE_SCHEDULER_H

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace tilewright::sim {

/// Time in ticks; whole numbers, so that the order of events never depends on
/// rounding.
using Time = int64_t;
constexpr Time TicksPerCycle = 16;
/// To the nearest tick; never negative.
inline Time cycles(double count) {
  return static_cast<Time>(count * 16.0 + 0.5);
}
inline Time cycles(uint32_t count) { return Time(count) * TicksPerCycle; }
inline uint64_t wholeCycles(Time time) {
  return static_cast<uint64_t>((time + TicksPerCycle - 1) / TicksPerCycle);
}

struct Agent;

class Event {
public:
  virtual void fire(Time time) = 0;

protected:
  ~Event() = default;
};

class Scheduler {
public:
  Scheduler() { ring.fill(kNone); }

  /// An event of the NoC; these come first at equal times, in the order of
  /// `number`, which is below 1 << 40.
  void post(Time time, uint64_t number, Event *event) {
    add(time, number, event);
  }
  /// `agent` goes on at `time`; its order is not 0.
  void post(Time time, uint32_t order, Agent *agent) {
    add(time, (uint64_t(order) << 40) | posted++, agent);
  }
  bool empty() const { return count == 0; }
  void clear() {
    current.clear();
    ring.fill(kNone);
    nodes.clear();
    unused = kNone;
    std::fill(std::begin(occupied), std::end(occupied), 0);
    far.clear();
    count = 0;
  }
  /// Whether an agent of `order` may go on to `time` without letting others
  /// run first.
  bool isNext(Time time, uint32_t order) {
    if (count == 0)
      return true;
    const Entry &next = front();
    return time < next.time ||
           (time == next.time && uint64_t(order) < (next.key >> 40));
  }
  /// What is next: an agent that goes on, or an event to fire.
  struct Next {
    Time time;
    Agent *agent;
    Event *event;
  };
  /// Takes it off; there is one. now() is its time.
  Next next() {
    const Entry entry = front();
    current.pop_back();
    --count;
    time = entry.time;
    if (entry.key >> 40)
      return {entry.time, static_cast<Agent *>(entry.what), nullptr};
    return {entry.time, nullptr, static_cast<Event *>(entry.what)};
  }
  Time now() const { return time; }

private:
  struct Entry {
    Time time;
    uint64_t key;
    void *what; ///< an Agent where its order is not 0, else an Event
    /// In one number, as which of the two decides cannot be predicted.
    __int128 order() const { return __int128(time) << 64 | key; }
  };
  struct Later {
    bool operator()(const Entry &a, const Entry &b) const {
      return a.order() > b.order();
    }
  };
  static constexpr Later later{};
  /// Stretches of 4 cycles, so that few events need sorting; the ring holds
  /// 16,384 cycles.
  static constexpr uint32_t kShift = 6;
  static constexpr uint32_t kBuckets = 4096;

  void add(Time time, uint64_t key, void *what) {
    const Entry entry = {time, key, what};
    ++count;
    const Time bucket = time >> kShift;
    if (bucket <= stretch) {
      insert(entry);
    } else if (bucket < stretch + Time(kBuckets)) {
      uint32_t node = unused;
      if (node == kNone) {
        node = static_cast<uint32_t>(nodes.size());
        nodes.emplace_back();
      } else {
        unused = nodes[node].next;
      }
      uint32_t &first = ring[bucket % kBuckets];
      nodes[node] = {entry, first};
      first = node;
      occupied[bucket % kBuckets / 64] |= uint64_t(1) << (bucket % 64);
    } else {
      far.push_back(entry);
      std::push_heap(far.begin(), far.end(), later);
    }
  }

  void insert(const Entry &entry) {
    size_t at = current.size();
    current.push_back(entry);
    for (; at > 0 && later(entry, current[at - 1]); --at)
      current[at] = current[at - 1];
    current[at] = entry;
  }

  const Entry &front() {
    if (current.empty())
      advance();
    return current.back();
  }

  /// Moves on to the next stretch that has events; there is one.
  void advance() {
    const Time inRing = nextInRing();
    const Time inFar = far.empty() ? INT64_MAX : far.front().time >> kShift;
    stretch = std::min(inRing, inFar);
    if (inRing == stretch) {
      uint32_t &first = ring[stretch % kBuckets];
      while (first != kNone) {
        Node &node = nodes[first];
        current.push_back(node.entry);
        const uint32_t next = node.next;
        node.next = unused;
        unused = first;
        first = next;
      }
      occupied[stretch % kBuckets / 64] &= ~(uint64_t(1) << (stretch % 64));
    }
    while (!far.empty() && far.front().time >> kShift == stretch) {
      std::pop_heap(far.begin(), far.end(), later);
      current.push_back(far.back());
      far.pop_back();
    }
    std::sort(current.begin(), current.end(), later);
  }

  /// The first occupied bucket after the present one, or INT64_MAX.
  Time nextInRing() const {
    constexpr uint32_t kWords = kBuckets / 64;
    const Time start = stretch + 1;
    for (uint32_t step = 0; step <= kWords; ++step) {
      const uint32_t word = (start / 64 + step) % kWords;
      uint64_t bits = occupied[word];
      if (step == 0)
        bits &= ~uint64_t(0) << (start % 64);
      else if (step == kWords)
        bits &= ~(~uint64_t(0) << (start % 64));
      if (bits)
        return (start / 64 + step) * 64 + std::countr_zero(bits);
    }
    return INT64_MAX;
  }

  std::vector<Entry> current; ///< stretches up to stretch; next event last
  /// Lists of `nodes`: the first of each bucket, and of those not in use.
  struct Node {
    Entry entry;
    uint32_t next;
  };
  static constexpr uint32_t kNone = ~0u;
  std::vector<Node> nodes;
  uint32_t unused = kNone;
  std::array<uint32_t, kBuckets> ring;
  uint64_t occupied[kBuckets / 64] = {};
  std::vector<Entry> far;
  Time stretch = 0; ///< what `current` holds, in units of 1 << kShift ticks
  size_t count = 0;
  uint64_t posted = 0;
  Time time = 0;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_SCHEDULER_H
