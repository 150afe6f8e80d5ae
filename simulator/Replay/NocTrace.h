//===- NocTrace.h - NoC events recorded on silicon --------------*- C++ -*-===//
//
// What tt-metal's device profiler writes as a NoC trace: for each data-movement
// kernel when it began and ended and which NoC calls it made, with time stamps
// in cycles and physical NoC 0 coordinates.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_REPLAY_NOCTRACE_H
#define TILEWRIGHT_SIMULATOR_REPLAY_NOCTRACE_H

#include "tilewright/arch/Chip.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tilewright::sim {

struct NocEvent {
  enum class Kind : uint8_t {
    Read,
    Write,
    Multicast,
    Inline, ///< a word written
    Atomic, ///< a semaphore of another core
    ReadBarrier,
    WriteBarrier,
    WriteFlush,
    AtomicBarrier,
    FullBarrier,
    BarrierEnd, ///< the barrier before it is over
    Other       ///< waits for what the trace does not tell; only time passes
  };
  Kind kind = Kind::Other;
  uint8_t noc = 0;
  uint32_t bytes = 0;
  arch::NocCoord to;   ///< the other core or bank; first corner of a multicast
  arch::NocCoord last; ///< last corner of a multicast
  uint64_t time = 0;   ///< cycles from the earliest begin of a kernel
};

struct NocKernel {
  bool ncrisc = false; ///< else BRISC
  arch::NocCoord at;
  uint64_t begin = 0; ///< cycles from the earliest begin
  uint64_t end = 0;   ///< the last event, if no end was recorded
  std::vector<NocEvent> events;
};

struct NocTrace {
  std::vector<NocKernel> kernels; ///< by core, BRISC first
  uint32_t skipped = 0;           ///< events of no known type
  /// Latest kernel end minus earliest kernel begin.
  uint64_t cycles() const;
};

/// Reads a trace: the profiler's JSON, or the short form that
/// test/data/silicon/noc-traces/shorten.py makes of it. Throws
/// std::runtime_error with a message that names the file and what is wrong.
NocTrace readNocTrace(const std::string &path);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_REPLAY_NOCTRACE_H
