//===- Profile.h - where the time of a run goes -----------------*- C++ -*-===//
//
// Collected while a run goes on: cycles per line of each kernel, occupancy of
// circular buffers and DST, and, when a trace is asked for, every call and
// every transfer. The calls of the table are measured in Measure.cpp, so no
// unit of the machine has to count for itself.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_PROFILE_H
#define TILEWRIGHT_SIMULATOR_MACHINE_PROFILE_H

#include "Machine/Machine.h"

#include <array>
#include <deque>
#include <vector>

namespace tilewright::sim {

/// The integral over time of a quantity that changes in steps.
class Level {
public:
  /// `value` held until `time`.
  void hold(Time time, uint32_t value) {
    if (time > last) {
      area += double(time - last) * value;
      last = time;
    }
    if (value > highest)
      highest = value;
  }
  /// Mean over [begin, end], when the last value was `value`.
  double mean(Time begin, Time end, uint32_t value) const {
    if (end <= begin)
      return 0;
    const double rest = end > last ? double(end - last) * value : 0;
    return (area + rest) / double(end - begin);
  }
  uint32_t peak() const { return highest; }

private:
  double area = 0;
  Time last = 0;
  uint32_t highest = 0;
};

class Profile {
public:
  using Waits = std::array<Time, std::tuple_size_v<decltype(Agent::waited)>>;

  /// The calls on one source line by one agent.
  struct Line {
    const char *file = nullptr;
    uint32_t line = 0;
    const char *call = nullptr; ///< name of a call on this line
    uint64_t calls = 0;
    Time busy = 0;
    Waits waited{};
  };

  /// One call, for the trace.
  struct Span {
    uint32_t agent; ///< Agent::order
    uint32_t line;
    const char *file;
    const char *call;
    Time begin, end, busy;
  };

  /// A stretch that a kernel names, by one agent.
  struct Zone {
    const char *name;
    uint64_t count = 0;
    Time total = 0;
    Time begun = 0; ///< when the one that is open began
    Time busyThen = 0;
  };

  /// Pages in a circular buffer from `time` on, for the trace.
  struct Sample {
    Time time;
    uint32_t core, index, pages;
  };

  Profile(uint32_t cores, uint32_t circularBuffers, bool trace);

  /// A call of `agent` has ended; `begin` and `busy` are its clock and its work
  /// from before.
  void called(const Agent &agent, const char *call, TwLoc loc, Time begin,
              Time busy);
  /// The kernel of `agent` has ended: what it did since goes to its last call.
  void ended(const Agent &agent);
  /// The kernel begins or ends a stretch that it names.
  void zone(const Agent &agent, const char *name, bool begins, TwLoc loc);
  /// A push or pop; `before` pages were there until now.
  void circularBuffer(const Agent &agent, uint32_t index, uint32_t before);
  /// A DST call; `before` sections were in use until now.
  void dstSections(const Agent &agent, uint32_t before);

  /// What the agents of one kind that run one kernel have done, line by line.
  struct Lines {
    const KernelSpec *kernel = nullptr;
    AgentKind kind = AgentKind::Brisc;
    std::vector<Line> lines;
    /// Index into `lines`, plus one, by a hash of the place; 0 where empty. A
    /// power of two, at most half full.
    std::vector<uint32_t> table = std::vector<uint32_t>(64);
  };
  const std::deque<Lines> &lines() const { return perKernel; }
  const std::vector<Zone> &zones(const Agent &agent) const {
    return named[agent.order - 1];
  }
  const Level &occupancy(const Core &core, uint32_t index) const {
    return buffers[size_t(core.index) * circularBuffers + index];
  }
  const Level &dst(const Core &core) const { return sections[core.index]; }
  bool tracing() const { return trace; }
  const std::vector<Span> &spans() const { return recorded; }
  const std::vector<Sample> &samples() const { return levels; }
  /// When the trace was full, in ticks; 0 when it is whole.
  Time cutAt() const { return cut; }

private:
  /// What is counted of one agent until it belongs to a line.
  struct Pending {
    Lines *lines = nullptr;
    uint32_t last = 0; ///< the line of its last call
    /// Work that lines have. What is more was done by calls that do not know
    /// their line, such as the address computation in a transfer's argument,
    /// and by plain instructions; the next call takes it.
    Time counted = 0;
    /// The waits that lines have; what is more belongs to the present call.
    Waits waited{};
    uint64_t waits = 0;
  };
  /// The entry of a place, made where it is missing.
  static Line &find(Lines &own, TwLoc loc, const char *call);
  Lines &linesOf(const Agent &agent);

  std::deque<Lines> perKernel;
  std::vector<Pending> perAgent;
  std::vector<std::vector<Zone>> named; ///< by agent
  std::vector<Level> buffers;
  std::vector<Level> sections;
  uint32_t circularBuffers;
  bool trace;
  size_t maxSpans; ///< a trace is for people: more no viewer shows
  Time cut = 0;
  std::vector<Span> recorded;
  std::vector<Sample> levels;
};

/// Puts a measuring call before each entry of the table.
void measureCalls(TwApi &api);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_PROFILE_H
