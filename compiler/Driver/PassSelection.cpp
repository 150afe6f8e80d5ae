//===- PassSelection.cpp - Which passes of the pipeline run ---------------===//

#include "compiler/Driver/PassSelection.h"

#include "compiler/Driver/Dialects.h"
#include "compiler/Support/Codes/Emit.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace tilewright {

/// Position of the pass `name`, or an error that lists the passes.
static FailureOr<size_t> findPass(Location location, llvm::StringRef option,
                                  llvm::StringRef name,
                                  const std::vector<std::string> &passes) {
  auto found = llvm::find(passes, name);
  if (found != passes.end())
    return found - passes.begin();
  auto diag = emitCoded(location, Code::BadOption)
              << option << ": the pipeline has no pass '" << name << "'";
  diag.attachNote() << "fix: use one of " << llvm::join(passes, ", ");
  return failure();
}

FailureOr<PassSelection> selectPasses(Location location,
                                      const CompileOptions &options) {
  std::vector<std::string> passes = pipelinePasses(options.scalar);
  PassSelection selection;
  if (options.emitOnly)
    return selection;
  if (!options.runOnly.empty()) {
    passes.insert(passes.end(), {"tt-validate-lowered-ir", "verify-tt-ir"});
    if (failed(findPass(location, "run-only", options.runOnly, passes)))
      return failure();
    return PassSelection{{options.runOnly}, /*emits=*/false};
  }
  size_t first = 0, end = passes.size();
  if (!options.startAfter.empty()) {
    FailureOr<size_t> found =
        findPass(location, "after", options.startAfter, passes);
    if (failed(found))
      return failure();
    first = *found + 1;
  }
  if (!options.stopAfter.empty()) {
    FailureOr<size_t> found =
        findPass(location, "stop-after", options.stopAfter, passes);
    if (failed(found))
      return failure();
    end = *found + 1;
    selection.emits = false;
    if (end < first) {
      auto diag = emitCoded(location, Code::BadOption)
                  << "stop-after: the IR is already past '" << options.stopAfter
                  << "', after '" << options.startAfter << "'";
      diag.attachNote() << "fix: stop after a later pass";
      return failure();
    }
  }
  selection.wanted.insert(passes.begin() + first, passes.begin() + end);
  return selection;
}

} // namespace tilewright
