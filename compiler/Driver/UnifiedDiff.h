//===- UnifiedDiff.h - Difference of two texts ------------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_DRIVER_UNIFIEDDIFF_H
#define TILEWRIGHT_COMPILER_DRIVER_UNIFIEDDIFF_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tilewright {

/// The unified diff (as `diff -u` prints it) from `before` to `after`, with
/// `context` unchanged lines around each change; "" when they are equal.
std::string unifiedDiff(llvm::StringRef before, llvm::StringRef after,
                        llvm::StringRef beforeName, llvm::StringRef afterName,
                        unsigned context = 3);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_DRIVER_UNIFIEDDIFF_H
