//===- Collect.h - from the state of a machine to a report ------*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_RUNTIME_COLLECT_H
#define TILEWRIGHT_SIMULATOR_RUNTIME_COLLECT_H

#include "Machine/Machine.h"

#include <string>

namespace tilewright::sim {

/// Fills the machine's result with what its agents, buffers and profile hold.
void collectReport(Machine &m);

/// The calls, waits and levels of a run as JSON that Perfetto and Chrome's
/// trace viewer read: a process for each core, a thread for each agent. Empty
/// without RunOptions::trace.
std::string renderTrace(const Machine &m);

/// Writes `text` to `path` whole or not at all; false when it cannot.
bool writeWhole(const std::string &path, const std::string &text);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_RUNTIME_COLLECT_H
