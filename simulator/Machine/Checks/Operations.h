//===- Operations.h - inits come before operations --------------*- C++ -*-===//
//
// An init programs UNPACK and MATH for one operation; another one then runs
// with the wrong settings. The last init of each thread is kept and compared
// with what runs. The vector unit keeps what each of its inits has loaded.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_OPERATIONS_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_OPERATIONS_H

#include "DeviceApi/include/tilewright/table.h"

#include <bitset>

namespace tilewright::sim {

/// What UNPACK or MATH was last set to.
struct OperationState {
  TwOp op = TwOp::None;
  TwBroadcast broadcast = TwBroadcast::None;
  uint32_t variant = 0; ///< TwVariant; 0 where any will do
  TwLoc where{};
  uint32_t formats = 0; ///< ComputeState::formatChanges at that time
};

/// What the inits of the vector unit have prepared.
struct VectorUnitState {
  std::bitset<192> unary;
  std::bitset<96> binary;
  /// The last init: a unary operation, or 1000 and a binary one.
  uint32_t last = ~0u;
  /// The last of those whose init loads constants that the unit keeps.
  uint32_t constants = ~0u;
  TwLoc constantsAt{};
};

/// Faults unless the running thread is set to this operation.
void checkOperation(TwOp op, TwBroadcast broadcast, TwLoc loc);
/// Faults unless the last init of the running thread has chosen this variant.
void checkVariant(uint32_t variant, const char *call, TwLoc loc);
/// Faults unless an init of this operation's family has been called, and no
/// other one has replaced the constants that it needs.
void checkVectorUnit(TwUnary op, TwLoc loc);
void checkVectorUnit(TwBinary op, TwLoc loc);

/// Counts a set-up call at `loc` that changed nothing.
void noteRedundantInit(TwLoc loc);

void installOperationCalls(TwApi &api);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_OPERATIONS_H
