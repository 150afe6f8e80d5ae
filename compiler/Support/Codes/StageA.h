//===- StageA.h - TW2xxx: tile programs and stage A -------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEA_H
#define TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEA_H

#include "compiler/Support/Diagnostics.h"

namespace tilewright::Code {
#define TW_DIAGNOSTIC(id, number, name, meaning, advice)                       \
  inline constexpr DiagnosticCode id{number};
#include "compiler/Support/Codes/StageA.def"
#undef TW_DIAGNOSTIC
} // namespace tilewright::Code

#endif // TILEWRIGHT_COMPILER_SUPPORT_CODES_STAGEA_H
