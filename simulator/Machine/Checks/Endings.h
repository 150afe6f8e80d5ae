//===- Endings.h - what is said when agents end or cannot go on -*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_ENDINGS_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_ENDINGS_H

#include <string>
#include <vector>

namespace tilewright::sim {

struct Agent;
struct Machine;
class Program;

/// What a kernel must not leave behind: transfers in flight, a linked chain of
/// multicasts, a DST section. Runs on the agent; faults do not return.
void checkEnd(Agent &agent);

/// What every agent that waits waits for, one line each.
std::vector<std::string> waitNotes(Machine &machine);

/// Adds the deadlock of the agents that still wait, if any: who waits for what
/// and whom, cycles first.
void reportDeadlock(Machine &machine);

/// Warns about pages that are left in circular buffers, and keeps them in mind
/// for the next launch of the same program.
void reportPagesLeft(Machine &machine, const Program &program);

/// A program must not be launched again on pages that its last launch left.
void checkStalePages(Machine &machine, const Program &program);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_ENDINGS_H
