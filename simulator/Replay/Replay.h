//===- Replay.h - a NoC trace on the simulated chip -------------*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_REPLAY_REPLAY_H
#define TILEWRIGHT_SIMULATOR_REPLAY_REPLAY_H

#include "Replay/NocTrace.h"
#include "Support/Faults.h"

#include <vector>

namespace tilewright::sim {

enum class IssueTimes {
  /// A call is issued when the trace says, or later by as much as the barrier
  /// before it ends later on the simulated chip. Tells what the model of the
  /// NoC alone is worth.
  Recorded,
  /// A call is issued as soon as the one before it allows. Tells what a
  /// prediction without a trace is worth.
  Own
};

struct ReplayResult {
  uint64_t cycles = 0;   ///< latest kernel end minus earliest begin, simulated
  uint64_t recorded = 0; ///< the same on silicon
  uint64_t bytes = 0;    ///< moved
  uint32_t skipped = 0;  ///< events whose type or place is not known
  std::vector<Fault> faults;
  double error() const { return double(cycles) / double(recorded) - 1; }
};

/// Runs the calls of a trace through the NoC and the DRAM of the chip. A
/// barrier ends when the simulated transfers are done, and its kernel as long
/// after it as the trace says. Waits for what a trace does not tell, as for
/// semaphores, take the time that they took.
ReplayResult replay(const arch::Chip &chip, const NocTrace &trace,
                    IssueTimes times);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_REPLAY_REPLAY_H
