//===- StrayWrites.h - writes beside the reserved pages ---------*- C++ -*-===//
//
// The producer of a circular buffer writes the pages that it has reserved. What
// it writes to the others, the consumer may still read, or gets later as a page
// of the next lap. An agent is a producer once it pushes: what it wrote before
// is remembered until then, as circular buffers that nobody pushes to are often
// plain memory.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_STRAYWRITES_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_STRAYWRITES_H

#include "DeviceApi/include/tilewright/table.h"

namespace tilewright::sim {

struct CircularBuffer;

/// `bytes` at L1 address `address` are written by the running agent: `verb` is
/// what messages say of them.
void checkStray(uint32_t address, uint32_t bytes, const char *verb, TwLoc loc);
/// The running agent pushes to `cb`.
void checkStrayBefore(CircularBuffer &cb);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_STRAYWRITES_H
