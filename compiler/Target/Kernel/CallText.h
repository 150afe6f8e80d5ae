//===- CallText.h - Renders the call texts of the registry ------*- C++ -*-===//
//
// The little language of `Metalium_Call::call` (MetaliumBase.td): `%name`,
// `%name:bits`, `%name:bool`, `{name:text}`, `{!name:text}`.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_CALLTEXT_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_CALLTEXT_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>

namespace tilewright {

/// How the parts of a call text are filled in.
struct CallTextParts {
  /// Whether the optional operand or flag `name` is given.
  llvm::function_ref<bool(llvm::StringRef name)> isGiven;
  /// The text of `name` with a modifier ("", "bits", "bool"); nullopt when it
  /// has no value, which has been reported.
  llvm::function_ref<std::optional<std::string>(llvm::StringRef name,
                                                llvm::StringRef modifier)>
      value;
};

/// Fills in `text`; nullopt when a value was missing.
std::optional<std::string> renderCallText(llvm::StringRef text,
                                          const CallTextParts &parts);

/// The C++ text of an attribute under a modifier; nullopt for an attribute that
/// no call can have.
std::optional<std::string> renderAttribute(mlir::Attribute attribute,
                                           llvm::StringRef modifier);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_CALLTEXT_H
