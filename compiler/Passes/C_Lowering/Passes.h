//===- Passes.h - Passes of stage C ---------------------------- *- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_H
#define TILEWRIGHT_COMPILER_PASSES_C_H

#include "compiler/Passes/Options.h"
#include "mlir/Pass/Pass.h"

namespace tilewright {
#define GEN_PASS_DECL
#include "compiler/Passes/C_Lowering/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Passes/C_Lowering/Passes.h.inc"
} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_H
