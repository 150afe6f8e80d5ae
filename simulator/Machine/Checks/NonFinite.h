//===- NonFinite.h - where a NaN or an infinity comes from ------*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_NONFINITE_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_NONFINITE_H

#include "DeviceApi/include/tilewright/table.h"

namespace tilewright::sim {

/// Wraps the operations of the table: the first one that makes a NaN or an
/// infinity from finite operands becomes a warning (TW8602).
void installNonFiniteCalls(TwApi &api);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_NONFINITE_H
