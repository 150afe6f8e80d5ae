//===- Names.h - C++ identifiers of a kernel --------------------*- C++ -*-===//
//
// Turns names of the user's program into identifiers that are legal in C++, do
// not hide anything of the device API, and are unique in their scope.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_NAMES_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_NAMES_H

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringSet.h"

#include <string>
#include <vector>

namespace tilewright {

class Names {
public:
  /// Reserves C++ keywords and all identifiers of the registry's call texts.
  explicit Names(mlir::MLIRContext *context);

  /// Opens and closes a `{ }`: names declared inside are free again after it.
  void enter() { scopes.emplace_back(); }
  void leave() { scopes.pop_back(); }

  /// An identifier like `wanted`, from now on taken in this scope.
  std::string declare(llvm::StringRef wanted);

private:
  bool isTaken(llvm::StringRef name) const;

  llvm::StringSet<> reserved;
  std::vector<llvm::StringSet<>> scopes;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_NAMES_H
