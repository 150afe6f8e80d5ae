//===- Scheduler.h - deterministic discrete events --------------*- C++ -*-===//
//
// Events are ordered by time, then by their fixed order (NoC first, then core,
// then agent), then by when they were posted. An event fires once.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_SCHEDULER_H
#define TILEWRIGHT_SIMULATOR_MACHINE_SCHEDULER_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace tilewright::sim {

/// Time in ticks; whole numbers, so that the order of events never depends on
/// rounding.
using Time = int64_t;
constexpr Time TicksPerCycle = 16;
inline Time cycles(double count) { return std::llround(count * 16.0); }
inline Time cycles(uint32_t count) { return Time(count) * TicksPerCycle; }
inline uint64_t wholeCycles(Time time) {
  return static_cast<uint64_t>((time + TicksPerCycle - 1) / TicksPerCycle);
}

class Event {
public:
  virtual void fire(Time time) = 0;

protected:
  ~Event() = default;
};

class Scheduler {
public:
  void post(Time time, uint32_t order, Event *event) {
    heap.push_back({time, (uint64_t(order) << 40) | posted++, event});
    std::push_heap(heap.begin(), heap.end(), later);
  }
  bool empty() const { return heap.empty(); }
  void clear() { heap.clear(); }
  /// Whether an agent of `order` may go on to `time` without letting others
  /// run first.
  bool isNext(Time time, uint32_t order) const {
    return heap.empty() || time < heap.front().time ||
           (time == heap.front().time &&
            uint64_t(order) < (heap.front().key >> 40));
  }
  void fireNext() {
    std::pop_heap(heap.begin(), heap.end(), later);
    const Entry entry = heap.back();
    heap.pop_back();
    current = entry.time;
    entry.event->fire(entry.time);
  }
  Time now() const { return current; }

private:
  struct Entry {
    Time time;
    uint64_t key;
    Event *event;
  };
  static bool later(const Entry &a, const Entry &b) {
    return a.time != b.time ? a.time > b.time : a.key > b.key;
  }
  std::vector<Entry> heap;
  uint64_t posted = 0;
  Time current = 0;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_SCHEDULER_H
