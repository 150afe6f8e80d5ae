//===- Passes.h - Passes of stage D -----------------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_D_H
#define TILEWRIGHT_COMPILER_PASSES_D_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/Options.h"
#include "mlir/Pass/Pass.h"

namespace tilewright {
#define GEN_PASS_DECL
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Passes/D_SplitAndProtocol/Passes.h.inc"
} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_D_H
