//===- PlanEmitter.h - tt.plan.json -----------------------------*- C++ -*-===//
//
// Everything a host needs to run the kernels, as JSON by
// docs/reference/plan.schema.json. The same program gives the same bytes.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_PLAN_PLANEMITTER_H
#define TILEWRIGHT_COMPILER_TARGET_PLAN_PLANEMITTER_H

#include "compiler/Target/ProgramView.h"
#include "llvm/Support/raw_ostream.h"

namespace tilewright {

/// Writes the plan. `files` holds the kernels and the host files by name, for
/// their checksums.
void emitPlan(const ProgramView &program, metalium::ApiGeneration api,
              llvm::ArrayRef<std::pair<std::string, std::string>> files,
              llvm::raw_ostream &os);

/// The plan of several programs: tensors, and the programs as `launches`.
void emitPlan(const LaunchesView &launches, metalium::ApiGeneration api,
              llvm::ArrayRef<std::pair<std::string, std::string>> files,
              llvm::raw_ostream &os);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_PLAN_PLANEMITTER_H
