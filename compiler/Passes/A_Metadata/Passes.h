//===- Passes.h - Passes of stage A -----------------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_H
#define TILEWRIGHT_COMPILER_PASSES_A_H

#include "compiler/Passes/Options.h"
#include "mlir/Pass/Pass.h"

namespace tilewright {
#define GEN_PASS_DECL
#include "compiler/Passes/A_Metadata/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Passes/A_Metadata/Passes.h.inc"
} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_H
