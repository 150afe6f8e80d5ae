//===- StageB.h - TW3xxx: stage B, partitioning -----------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEB_H
#define TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEB_H

#include "compiler/Support/Diagnostics.h"

namespace tilewright::Code {
#define TW_DIAGNOSTIC(id, number, name, meaning, advice)                       \
  inline constexpr DiagnosticCode id{number};
#include "compiler/Support/Codes/StageB.def"
#undef TW_DIAGNOSTIC
} // namespace tilewright::Code

#endif // TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEB_H
