//===- StageC.h - TW4xxx: stage C, lowering to tile operations --*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEC_H
#define TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEC_H

#include "compiler/Support/Diagnostics.h"

namespace tilewright::Code {
#define TW_DIAGNOSTIC(id, number, name, meaning, advice)                       \
  inline constexpr DiagnosticCode id{number};
#include "compiler/Support/Codes/StageC.def"
#undef TW_DIAGNOSTIC
} // namespace tilewright::Code

#endif // TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEC_H
