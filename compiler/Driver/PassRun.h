//===- PassRun.h - Passes that may crash ------------------------*- C++ -*-===//
//
// Runs a pass manager so that a crash inside a pass becomes a result.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_PASSRUN_H
#define TILEWRIGHT_COMPILER_DRIVER_PASSRUN_H

#include "compiler/Passes/Pipeline.h"
#include "mlir/IR/BuiltinOps.h"

namespace tilewright {

struct PassRun {
  bool succeeded = false;
  bool crashed = false;
};

/// After a crash the module must not be used, not even destroyed. The pass
/// `options.failPass` crashes where it would have run; with "!" behind its name
/// it complains without a code.
PassRun runPassManager(mlir::PassManager &manager, mlir::ModuleOp module,
                       const CompileOptions &options);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_PASSRUN_H
