//===- ScalarExpressions.cpp - Scalar operations as C++ -------------------===//
//
// Integers are variables of their signed type; sums and products are made on
// the unsigned type, where overflow wraps. Floats below 32 bits are float
// variables that hold a number of their own type.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Kernel/ScalarExpressions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using llvm::formatv;

namespace tilewright::scalar {

static unsigned widthOf(Type type) {
  return type.isIndex() ? 32 : type.getIntOrFloatBitWidth();
}

std::string cppType(Type type) {
  if (type.isInteger(1))
    return "bool";
  if (type.isF64())
    return "double";
  if (isa<FloatType>(type))
    return "float";
  if (!type.isIntOrIndex() || (widthOf(type) & (widthOf(type) - 1)) ||
      widthOf(type) < 8 || widthOf(type) > 64)
    return "";
  return formatv("int{0}_t", widthOf(type));
}

std::string wordType(Type type) {
  if (!smallFloat(type).empty())
    return formatv("uint{0}_t", widthOf(type));
  if (type.isInteger(1))
    return "uint8_t";
  if (type.isUnsignedInteger())
    return formatv("uint{0}_t", widthOf(type));
  return cppType(type);
}

StringRef smallFloat(Type type) {
  if (type.isBF16())
    return "bf16";
  if (type.isF16())
    return "fp16";
  if (isa<Float8E4M3FNType>(type))
    return "fp8_e4m3";
  if (isa<Float8E5M2Type>(type))
    return "fp8_e5m2";
  return "";
}

std::string smallFloatAlias(StringRef name) {
  StringRef arguments = llvm::StringSwitch<StringRef>(name)
                            .Case("bf16", "uint16_t, 8, 7, true")
                            .Case("fp16", "uint16_t, 5, 10, true")
                            .Case("fp8_e4m3", "uint8_t, 4, 3, false")
                            .Default("uint8_t, 5, 2, true");
  return formatv("using {0} = SmallFloat<{1}>;", name, arguments);
}

std::optional<std::string> literal(Value value) {
  TypedAttr attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return std::nullopt;
  Type type = value.getType();
  if (auto integer = dyn_cast<IntegerAttr>(attribute)) {
    if (type.isInteger(1))
      return integer.getValue().isZero() ? "false" : "true";
    int64_t number = integer.getValue().getSExtValue();
    if (number == INT32_MIN)
      return "INT32_MIN";
    if (number == INT64_MIN)
      return "INT64_MIN";
    std::string text = std::to_string(number);
    if (widthOf(type) == 64)
      text += "LL";
    return number < 0 ? "(" + text + ")" : text;
  }
  auto number = dyn_cast<FloatAttr>(attribute);
  if (!number)
    return std::nullopt;
  APFloat exact = number.getValue();
  if (exact.isNaN())
    return "__builtin_nanf(\"\")";
  if (exact.isInfinity())
    return exact.isNegative() ? "(-__builtin_inff())" : "__builtin_inff()";
  bool lost;
  exact.convert(type.isF64() ? APFloat::IEEEdouble() : APFloat::IEEEsingle(),
                APFloat::rmNearestTiesToEven, &lost);
  SmallString<32> digits;
  exact.toString(digits);
  std::string text = digits.str().str();
  if (text.find_first_of(".eE") == std::string::npos)
    text += ".0";
  if (!type.isF64())
    text += "f";
  return exact.isNegative() ? "(" + text + ")" : text;
}

/// `value` as the unsigned type of the same width.
static std::string asUnsigned(Type type, const std::string &value) {
  return formatv("uint{0}_t({1})", widthOf(type), value);
}

static std::string cast(StringRef type, const std::string &value) {
  return (type + "(" + value + ")").str();
}

/// The C++ function of a math operation, or "".
static StringRef mathFunction(StringRef name) {
  return llvm::StringSwitch<StringRef>(name)
      .Cases({"exp", "exp2", "log", "log2", "log10", "sqrt"}, name)
      .Cases({"sin", "cos", "tan", "sinh", "cosh", "tanh"}, name)
      .Cases({"erf", "atan", "floor", "ceil", "trunc", "round"}, name)
      .Cases({"asin", "acos", "atan2", "cbrt", "expm1", "log1p"}, name)
      .Case("roundeven", "nearbyint")
      .Case("absf", "fabs")
      .Case("powf", "pow")
      .Case("fma", "fma")
      .Default("");
}

static std::optional<std::string> compare(Operation *op,
                                          ArrayRef<std::string> in) {
  if (auto integers = dyn_cast<arith::CmpIOp>(op)) {
    using P = arith::CmpIPredicate;
    P predicate = integers.getPredicate();
    StringRef symbol = predicate == P::eq   ? "=="
                       : predicate == P::ne ? "!="
                       : predicate == P::slt || predicate == P::ult ? "<"
                       : predicate == P::sle || predicate == P::ule ? "<="
                       : predicate == P::sgt || predicate == P::ugt ? ">"
                                                                    : ">=";
    Type type = integers.getLhs().getType();
    bool isUnsigned = predicate == P::ult || predicate == P::ule ||
                      predicate == P::ugt || predicate == P::uge;
    if (isUnsigned && !type.isInteger(1))
      return formatv("{0} {1} {2}", asUnsigned(type, in[0]), symbol,
                     asUnsigned(type, in[1]));
    return formatv("{0} {1} {2}", in[0], symbol, in[1]);
  }
  using P = arith::CmpFPredicate;
  switch (llvm::cast<arith::CmpFOp>(op).getPredicate()) {
  case P::OEQ:
    return in[0] + " == " + in[1];
  case P::UNE:
    return in[0] + " != " + in[1];
  case P::OLT:
    return in[0] + " < " + in[1];
  case P::OLE:
    return in[0] + " <= " + in[1];
  case P::OGT:
    return in[0] + " > " + in[1];
  case P::OGE:
    return in[0] + " >= " + in[1];
  default:
    return std::nullopt;
  }
}

static std::optional<std::string> integerOp(Operation *op, Type type,
                                            ArrayRef<std::string> in) {
  std::string name = cppType(type);
  if (name.empty())
    return std::nullopt;
  auto wrap = [&](StringRef symbol) {
    return cast(name, formatv("{0} {1} {2}", asUnsigned(type, in[0]), symbol,
                              asUnsigned(type, in[1])));
  };
  // Index arithmetic does not overflow.
  auto plain = [&](StringRef symbol) -> std::string {
    if (type.isIndex())
      return formatv("{0} {1} {2}", in[0], symbol, in[1]);
    return wrap(symbol);
  };
  auto pick = [&](StringRef symbol, bool isUnsigned) -> std::string {
    auto side = [&](const std::string &text) {
      return isUnsigned ? asUnsigned(type, text) : text;
    };
    return formatv("{0} {1} {2} ? {3} : {4}", side(in[0]), symbol, side(in[1]),
                   in[0], in[1]);
  };
  bool isTruth = type.isInteger(1);
  auto bits = [&](StringRef symbol) {
    return cast(name, formatv("{0} {1} {2}", in[0], symbol, in[1]));
  };
  StringRef kind = op->getName().stripDialect();
  if (kind == "addi")
    return plain("+");
  if (kind == "subi")
    return plain("-");
  if (kind == "muli")
    return plain("*");
  if (kind == "divsi")
    return cast(name, in[0] + " / " + in[1]);
  if (kind == "remsi")
    return cast(name, in[0] + " % " + in[1]);
  if (kind == "divui")
    return wrap("/");
  if (kind == "remui")
    return wrap("%");
  if (kind == "floordivsi")
    return cast(name, formatv("{0} / {1} - ({0} % {1} != 0 && ({0} < 0) != "
                              "({1} < 0))",
                              in[0], in[1]));
  if (kind == "ceildivsi")
    return cast(name, formatv("{0} / {1} + ({0} % {1} != 0 && ({0} < 0) == "
                              "({1} < 0))",
                              in[0], in[1]));
  if (kind == "ceildivui")
    return cast(name, formatv("({0} + {1} - 1) / {1}", asUnsigned(type, in[0]),
                              asUnsigned(type, in[1])));
  if (kind == "andi")
    return isTruth ? in[0] + " && " + in[1] : bits("&");
  if (kind == "ori")
    return isTruth ? in[0] + " || " + in[1] : bits("|");
  if (kind == "xori")
    return isTruth ? in[0] + " != " + in[1] : bits("^");
  if (kind == "shli")
    return wrap("<<");
  if (kind == "shrui")
    return wrap(">>");
  if (kind == "shrsi")
    return bits(">>");
  if (kind == "minsi")
    return pick("<", false);
  if (kind == "maxsi")
    return pick(">", false);
  if (kind == "minui")
    return pick("<", true);
  if (kind == "maxui")
    return pick(">", true);
  return std::nullopt;
}

/// A float operation before its result is rounded to its type.
static std::optional<std::string> floatOp(Operation *op, Type type,
                                          ArrayRef<std::string> in) {
  StringRef kind = op->getName().stripDialect();
  auto binary = [&](StringRef symbol) -> std::string {
    return formatv("{0} {1} {2}", in[0], symbol, in[1]);
  };
  if (kind == "addf")
    return binary("+");
  if (kind == "subf")
    return binary("-");
  if (kind == "mulf")
    return binary("*");
  if (kind == "divf")
    return binary("/");
  if (kind == "negf")
    return "-" + in[0];
  StringRef suffix = type.isF64() ? "" : "f";
  if (kind == "remf")
    return formatv("__builtin_fmod{0}({1}, {2})", suffix, in[0], in[1]);
  // NaN of either side wins, as in arith.
  if (kind == "minimumf" || kind == "minnumf")
    return formatv("{0} < {1} || {0} != {0} ? {0} : {1}", in[0], in[1]);
  if (kind == "maximumf" || kind == "maxnumf")
    return formatv("{0} > {1} || {0} != {0} ? {0} : {1}", in[0], in[1]);
  if (kind == "rsqrt")
    return formatv("1 / __builtin_sqrt{0}({1})", suffix, in[0]);
  StringRef function = mathFunction(kind);
  if (function.empty())
    return std::nullopt;
  return formatv("__builtin_{0}{1}({2})", function, suffix,
                 llvm::join(in, ", "));
}

static std::optional<std::string> conversion(Operation *op, Type from, Type to,
                                             const std::string &in) {
  std::string target = cppType(to);
  if (target.empty())
    return std::nullopt;
  StringRef kind = op->getName().stripDialect();
  if (kind == "bitcast") {
    if (isa<FloatType>(from) && !smallFloat(from).empty())
      return cast(target, (smallFloat(from) + "::encode(" + in + ")").str());
    if (!smallFloat(to).empty())
      return (smallFloat(to) + "::decode(" + in + ")").str();
    return formatv("__builtin_bit_cast({0}, {1})", target, in);
  }
  if (kind == "extf" || kind == "index_cast" || kind == "extsi" ||
      kind == "sitofp" || kind == "trunci" || kind == "fptosi") {
    if (kind == "trunci" && to.isInteger(1))
      return "(" + in + " & 1) != 0";
    return cppType(from) == target ? in : cast(target, in);
  }
  if (kind == "truncf")
    return cppType(from) == target ? in : cast(target, in);
  if (kind == "extui" || kind == "uitofp" || kind == "index_castui")
    return from.isInteger(1) ? cast(target, in)
                             : cast(target, asUnsigned(from, in));
  if (kind == "fptoui")
    return cast(target, formatv("uint{0}_t({1})", widthOf(to), in));
  return std::nullopt;
}

std::optional<std::string> expression(Operation *op,
                                      ArrayRef<std::string> in) {
  Type type = op->getResult(0).getType();
  if (isa<UnrealizedConversionCastOp>(op))
    return in[0];
  if (isa<arith::SelectOp>(op))
    return formatv("{0} ? {1} : {2}", in[0], in[1], in[2]);
  if (isa<arith::CmpIOp, arith::CmpFOp>(op))
    return compare(op, in);
  StringRef kind = op->getName().stripDialect();
  if (kind == "isfinite" || kind == "isnan" || kind == "isinf")
    return formatv("__builtin_{0}({1})", kind, in[0]);
  if (kind == "absi")
    return formatv("{0} < 0 ? -{0} : {0}", in[0]);
  std::optional<std::string> text;
  if (in.size() == 1)
    text = conversion(op, op->getOperand(0).getType(), type, in[0]);
  if (!text)
    text = isa<FloatType>(type) ? floatOp(op, type, in)
                                : integerOp(op, type, in);
  if (text && !smallFloat(type).empty() && kind != "bitcast")
    return (smallFloat(type) + "::round(" + *text + ")").str();
  return text;
}

} // namespace tilewright::scalar
