//===- Version.h - What writes the emitted files ----------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_VERSION_H
#define TILEWRIGHT_COMPILER_SUPPORT_VERSION_H

#include "llvm/ADT/StringRef.h"

namespace tilewright {

/// Named in emitted files and in the plan.
inline constexpr llvm::StringLiteral kGenerator = "tilewright 0.1.0";

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_SUPPORT_VERSION_H
