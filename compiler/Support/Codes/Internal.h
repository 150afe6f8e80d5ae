//===- Internal.h - TW9xxx: faults of the compiler itself -------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_CODES_INTERNAL_H
#define TILEWRIGHT_COMPILER_SUPPORT_CODES_INTERNAL_H

#include "compiler/Support/Diagnostics.h"

namespace tilewright::Code {
#define TW_DIAGNOSTIC(id, number, name, meaning, advice)                       \
  inline constexpr DiagnosticCode id{number};
#include "compiler/Support/Codes/Internal.def"
#undef TW_DIAGNOSTIC
} // namespace tilewright::Code

#endif // TILEWRIGHT_COMPILER_SUPPORT_CODES_INTERNAL_H
