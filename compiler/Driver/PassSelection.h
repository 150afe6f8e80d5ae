//===- PassSelection.h - Which passes of the pipeline run -------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_PASSSELECTION_H
#define TILEWRIGHT_COMPILER_DRIVER_PASSSELECTION_H

#include "compiler/Passes/Options.h"
#include "mlir/IR/Location.h"

#include <set>
#include <string>
#include <vector>

namespace tilewright {

struct PassSelection {
  std::set<std::string> wanted;
  bool emits = true; ///< whether the emitters run after the passes
};

/// The passes between `startAfter` and `stopAfter`, or `runOnly` alone. An
/// error names the pass that the pipeline does not have and those it has.
mlir::FailureOr<PassSelection> selectPasses(mlir::Location location,
                                            const CompileOptions &options);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_PASSSELECTION_H
