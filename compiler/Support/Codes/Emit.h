//===- Emit.h - TW6xxx: emitters, files, options and IR input ---*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_SUPPORT_CODES_EMIT_H
#define TILEWRIGHT_COMPILER_SUPPORT_CODES_EMIT_H

#include "compiler/Support/Diagnostics.h"

namespace tilewright::Code {
#define TW_DIAGNOSTIC(id, number, name, meaning, advice)                       \
  inline constexpr DiagnosticCode id{number};
#include "compiler/Support/Codes/Emit.def"
#undef TW_DIAGNOSTIC
} // namespace tilewright::Code

#endif // TILEWRIGHT_COMPILER_SUPPORT_CODES_EMIT_H
