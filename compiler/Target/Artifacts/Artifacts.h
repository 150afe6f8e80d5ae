//===- Artifacts.h - Writes the emitted folder, whole or not at all -*- C++
//-*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_ARTIFACTS_ARTIFACTS_H
#define TILEWRIGHT_COMPILER_TARGET_ARTIFACTS_ARTIFACTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <utility>

namespace tilewright {

/// Writes `files` (name, content) into `folder`, which is made if it does not
/// exist; files of other names in it stay. Either all of them are written, or
/// the disk is as it was and the error says which path could not be written and
/// why.
llvm::Error
writeArtifacts(llvm::StringRef folder,
               llvm::ArrayRef<std::pair<std::string, std::string>> files);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_ARTIFACTS_ARTIFACTS_H
