//===- Dialects.h - The dialects that the compiler knows --------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_DIALECTS_H
#define TILEWRIGHT_COMPILER_DRIVER_DIALECTS_H

#include "mlir/IR/DialectRegistry.h"

#include <string>
#include <vector>

namespace tilewright {

/// Every dialect that the compiler reads or writes.
void registerTilewrightDialects(mlir::DialectRegistry &registry);

/// Makes `--tt-pipeline` known to command-line tools: the passes of a
/// compilation, with its options.
void registerTilewrightPipeline();

/// The names of those passes, in order; of a program that runs element by
/// element, if `scalar`.
std::vector<std::string> pipelinePasses(bool scalar = false);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_DIALECTS_H
