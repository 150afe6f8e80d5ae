//===- Names.cpp - C++ identifiers of a kernel ----------------------------===//

#include "compiler/Target/Kernel/Names.h"

#include "compiler/Dialect/Metalium/Registry.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace tilewright;
using llvm::StringRef;

/// C++20's keywords, and the identifiers that kernels have without a call.
static constexpr StringRef kReserved[] = {
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
    "bool", "break", "case", "catch", "char", "char8_t", "char16_t",
    "char32_t", "class", "compl", "concept", "const", "consteval", "constexpr",
    "constinit", "const_cast", "continue", "co_await", "co_return", "co_yield",
    "decltype", "default", "delete", "do", "double", "dynamic_cast", "else",
    "enum", "explicit", "export", "extern", "false", "float", "for", "friend",
    "goto", "if", "inline", "int", "long", "mutable", "namespace", "new",
    "noexcept", "not", "not_eq", "nullptr", "operator", "or", "or_eq",
    "private", "protected", "public", "register", "reinterpret_cast",
    "requires", "return", "short", "signed", "sizeof", "static",
    "static_assert", "static_cast", "struct", "switch", "template", "this",
    "thread_local", "throw", "true", "try", "typedef", "typeid", "typename",
    "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
    "while", "xor", "xor_eq",
    // The device API's macros and globals that no call text names.
    "ALWI", "APPROX", "DST_ACCUM_MODE", "DST_SYNC_MODE", "FORCE_INLINE",
    "MATH", "MATH_FIDELITY", "NDEBUG", "PACK", "UNPACK", "assert", "ckernel",
    "int16_t", "int32_t", "int64_t", "int8_t", "kernel_main", "linux",
    "main", "my_x", "my_y", "noc_index", "std", "tt_l1_ptr", "uint16_t",
    "uint32_t", "uint64_t", "uint8_t", "unix"};

static bool isIdentifierChar(char c) { return llvm::isAlnum(c) || c == '_'; }

/// Adds every identifier of a call text. The names of its operands are not
/// identifiers of the API.
static void reserveIdentifiers(StringRef text, llvm::StringSet<> &reserved) {
  for (size_t i = 0; i < text.size();) {
    if (!isIdentifierChar(text[i])) {
      ++i;
      continue;
    }
    StringRef word = text.substr(i).take_while(isIdentifierChar);
    bool isOperand = i > 0 && (text[i - 1] == '%' || text[i - 1] == '{' ||
                               text[i - 1] == '!' || text[i - 1] == ':');
    if (!isOperand)
      reserved.insert(word);
    i += word.size();
  }
}

Names::Names(mlir::MLIRContext *context) {
  for (StringRef word : kReserved)
    reserved.insert(word);
  for (const metalium::CallRecord *record : metalium::listCalls(context)) {
    reserveIdentifiers(record->spellings.newest.text, reserved);
    reserveIdentifiers(record->spellings.m2026_03.text, reserved);
  }
}

bool Names::isTaken(StringRef name) const {
  if (reserved.contains(name))
    return true;
  for (const llvm::StringSet<> &scope : scopes)
    if (scope.contains(name))
      return true;
  return false;
}

std::string Names::declare(StringRef wanted) {
  std::string base;
  for (char c : wanted)
    base += isIdentifierChar(c) ? c : '_';
  // Leading underscores and double ones belong to the implementation.
  base = StringRef(base).ltrim('_').str();
  for (size_t at; (at = base.find("__")) != std::string::npos;)
    base.erase(at, 1);
  if (base.empty() || llvm::isDigit(base.front()))
    base = "v" + base;
  std::string name = base;
  for (unsigned suffix = 1; isTaken(name); ++suffix)
    name = base + "_" + std::to_string(suffix);
  scopes.back().insert(name);
  return name;
}
