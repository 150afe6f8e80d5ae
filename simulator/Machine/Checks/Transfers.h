//===- Transfers.h - where transfers may go ---------------------*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_TRANSFERS_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_TRANSFERS_H

#include "DeviceApi/include/tilewright/table.h"

namespace tilewright::sim {

/// Wraps the NoC calls of the table with checks of their targets.
void installTransferChecks(TwApi &api);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_TRANSFERS_H
