//===- Estimate.h - What a program should cost ------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_PLAN_ESTIMATE_H
#define TILEWRIGHT_COMPILER_TARGET_PLAN_ESTIMATE_H

#include "compiler/Target/ProgramView.h"

namespace tilewright {

/// Cycles of the AI clock, and what bounds them: "compute", "dram" or "noc".
struct Estimate {
  int64_t cycles, computeCycles, dramCycles, nocCycles;
  int64_t dramReadBytes, dramWriteBytes;
  llvm::StringRef bound;
};

/// The formula stands at the top of Estimate.cpp.
Estimate estimate(const ProgramView &program);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_PLAN_ESTIMATE_H
