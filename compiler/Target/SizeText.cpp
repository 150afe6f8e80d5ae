//===- SizeText.cpp - Expressions over sizes as text ----------------------===//

#include "compiler/Target/SizeText.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tilewright {

static llvm::StringRef operatorName(AffineExprKind kind) {
  switch (kind) {
  case AffineExprKind::Add:
    return "+";
  case AffineExprKind::Mul:
    return "*";
  case AffineExprKind::FloorDiv:
    return "floordiv";
  case AffineExprKind::CeilDiv:
    return "ceildiv";
  case AffineExprKind::Mod:
    return "mod";
  default:
    llvm_unreachable("constants and symbols are no operators");
  }
}

std::string sizeAsJson(AffineExpr expr, llvm::ArrayRef<std::string> names) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return std::to_string(constant.getValue());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return "\"" + names[symbol.getPosition()] + "\"";
  auto binary = cast<AffineBinaryOpExpr>(expr);
  return "[\"" + operatorName(binary.getKind()).str() + "\", " +
         sizeAsJson(binary.getLHS(), names) + ", " +
         sizeAsJson(binary.getRHS(), names) + "]";
}

/// `isFactor`: sums stand in parentheses.
static std::string cppText(AffineExpr expr, llvm::ArrayRef<std::string> names,
                           bool isFactor) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return std::to_string(constant.getValue());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return names[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  AffineExpr a = binary.getLHS(), b = binary.getRHS();
  auto constant = dyn_cast<AffineConstantExpr>(b);
  switch (binary.getKind()) {
  case AffineExprKind::Add: {
    std::string text = cppText(a, names, false);
    text += constant && constant.getValue() < 0
                ? " - " + std::to_string(-constant.getValue())
                : " + " + cppText(b, names, false);
    return isFactor ? "(" + text + ")" : text;
  }
  case AffineExprKind::Mul: {
    std::string text =
        cppText(a, names, true) + " * " + cppText(b, names, true);
    return isFactor ? "(" + text + ")" : text;
  }
  case AffineExprKind::CeilDiv: {
    std::string text = "(" + cppText(a, names, false) + " + " +
                       std::to_string(constant.getValue() - 1) + ") / " +
                       std::to_string(constant.getValue());
    return isFactor ? "(" + text + ")" : text;
  }
  default: {
    std::string text =
        cppText(a, names, true) +
        (binary.getKind() == AffineExprKind::Mod ? " % " : " / ") +
        cppText(b, names, true);
    return isFactor ? "(" + text + ")" : text;
  }
  }
}

std::string sizeAsCpp(AffineExpr expr, llvm::ArrayRef<std::string> names) {
  return cppText(expr, names, false);
}

int64_t evaluateSize(AffineExpr expr, llvm::ArrayRef<int64_t> sizes) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return sizes[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t a = evaluateSize(binary.getLHS(), sizes);
  int64_t b = evaluateSize(binary.getRHS(), sizes);
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return a + b;
  case AffineExprKind::Mul:
    return a * b;
  case AffineExprKind::CeilDiv:
    return llvm::divideCeilSigned(a, b);
  case AffineExprKind::Mod:
    return llvm::mod(a, b);
  default:
    return llvm::divideFloorSigned(a, b);
  }
}

} // namespace tilewright
