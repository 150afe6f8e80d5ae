//===- SourceLines.h - Lines of the user's program --------------*- C++ -*-===//
//
// The text behind a source position, for comments in emitted kernels.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_SOURCELINES_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_SOURCELINES_H

#include "compiler/Support/Diagnostics.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace tilewright {

class SourceLines {
public:
  /// "gemm.py:27: T.copy(A, B)", or "gemm.py:27" if the file cannot be read.
  std::string describe(const SourcePosition &position);

private:
  const std::vector<std::string> &load(llvm::StringRef file);

  llvm::StringMap<std::vector<std::string>> files;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_SOURCELINES_H
