//===- Passes.h - Passes of stage B -----------------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_B_H
#define TILEWRIGHT_COMPILER_PASSES_B_H

#include "compiler/Passes/Options.h"
#include "mlir/Pass/Pass.h"

namespace tilewright {
#define GEN_PASS_DECL
#include "compiler/Passes/B_Partitioning/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Passes/B_Partitioning/Passes.h.inc"
} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_B_H
