//===- Environment.h - options of a run from the environment ----*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_RUNTIME_ENVIRONMENT_H
#define TILEWRIGHT_SIMULATOR_RUNTIME_ENVIRONMENT_H

#include "Runtime/Program.h"

namespace tilewright::sim {

/// Applies the environment to the options that a program gives:
///
///   TILEWRIGHT_ADVERSARIAL=SEED     seeded extra delays
///   TILEWRIGHT_CHECK_MEMORY=0       no search for unordered accesses to L1
///   TILEWRIGHT_LOOP_BUDGET=TURNS    turns of a loop without a call (0: any)
///   TILEWRIGHT_MAX_CYCLES=CYCLES    stop a run after as many cycles
///   TILEWRIGHT_NO_DATA=1            time only, see RunOptions::withData
///   TILEWRIGHT_NUMERICS=exact|fast  the matrix unit bit for bit, or fast
///   TILEWRIGHT_TRACE_CALLS=CALLS    see traceCalls
///   TILEWRIGHT_TRACK_NONFINITE=1    name the first NaN or infinity
///
/// TILEWRIGHT_INSTRUCTION_TIME=0 is for the build of kernels: their plain
/// instructions then take no time.
///
/// Adds a fault to `faults` for a value that is none of these.
RunOptions withEnvironment(RunOptions options, std::vector<Fault> &faults);

/// Calls that a trace holds, each about 100 bytes of its file; it ends with a
/// mark where there are more. TILEWRIGHT_TRACE_CALLS, or two million.
size_t traceCalls();

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_RUNTIME_ENVIRONMENT_H
