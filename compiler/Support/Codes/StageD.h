//===- StageD.h - TW5xxx: stages D and E, split kernels ---------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGED_H
#define TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGED_H

#include "compiler/Support/Diagnostics.h"

namespace tilewright::Code {
#define TW_DIAGNOSTIC(id, number, name, meaning, advice)                       \
  inline constexpr DiagnosticCode id{number};
#include "compiler/Support/Codes/StageD.def"
#undef TW_DIAGNOSTIC
} // namespace tilewright::Code

#endif // TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGED_H
