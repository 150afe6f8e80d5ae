//===- Passes.h - Passes of stage E -----------------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_E_H
#define TILEWRIGHT_COMPILER_PASSES_E_H

#include "compiler/Passes/Options.h"
#include "mlir/Pass/Pass.h"

namespace tilewright {
#define GEN_PASS_DECL
#include "compiler/Passes/E_Finalize/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Passes/E_Finalize/Passes.h.inc"
} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_E_H
