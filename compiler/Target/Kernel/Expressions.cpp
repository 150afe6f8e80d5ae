//===- Expressions.cpp - SSA values as C++ expressions --------------------===//

#include "compiler/Target/Kernel/Expressions.h"

#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Kernel/CallText.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tilewright;
using metalium::CallRecord;
using metalium::MetaliumCallOpInterface;

using MaybeExpression = std::optional<Expression>;

//===----------------------------------------------------------------------===//
// What is inlined
//===----------------------------------------------------------------------===//

/// Index casts change no bits that matter: all index arithmetic is uint32_t.
static bool isTransparent(Operation *op) {
  return isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::TruncIOp,
             metalium::CommonValueOp>(op);
}

bool Expressions::isArithmetic(Operation *op) {
  return isTransparent(op) ||
         isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::DivUIOp,
             arith::DivSIOp, arith::FloorDivSIOp, arith::CeilDivUIOp,
             arith::CeilDivSIOp, arith::RemUIOp, arith::RemSIOp, arith::AndIOp,
             arith::OrIOp, arith::XOrIOp, arith::ShLIOp, arith::ShRUIOp,
             arith::MinUIOp, arith::MinSIOp, arith::MaxUIOp, arith::MaxSIOp,
             arith::CmpIOp, arith::SelectOp, arith::ExtUIOp>(op);
}

/// How often the text of `value` would stand in the kernel if it were inlined.
static unsigned countTexts(Value value) {
  unsigned count = 0;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isTransparent(user))
      count += countTexts(user->getResult(0));
    else if (isa<arith::MinUIOp, arith::MinSIOp, arith::MaxUIOp,
                 arith::MaxSIOp>(user))
      count += 2;
    else if (isa<arith::CeilDivUIOp, arith::CeilDivSIOp>(user) &&
             use.getOperandNumber() == 1)
      count += 2;
    else
      ++count;
  }
  return count;
}

static bool isDivision(Operation *op) {
  return isa<arith::DivUIOp, arith::DivSIOp, arith::FloorDivSIOp,
             arith::CeilDivUIOp, arith::CeilDivSIOp, arith::RemUIOp,
             arith::RemSIOp>(op);
}

/// Whether the text of `value` would stand in an inner block of `block`.
static bool isUsedInside(Value value, Block *block) {
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    return user->getBlock() != block ||
           (Expressions::isArithmetic(user) && Expressions::isInlined(user) &&
            isUsedInside(user->getResult(0), block));
  });
}

/// A division is worth a variable if the program has a name for it, as for the
/// indices of a block, or if a loop would repeat it.
static bool isVariable(Operation *op) {
  if (!isDivision(op) || matchPattern(op->getOperand(0), m_Constant()))
    return false;
  return !getSourceName(op->getLoc()).empty() ||
         isUsedInside(op->getResult(0), op->getBlock());
}

/// A call that is only a name, such as MEM_ZEROS_SIZE.
static bool isPlainName(const CallRecord &record) {
  return record.constant &&
         record.spellings.newest.text.find_first_of("%(:") == StringRef::npos;
}

bool Expressions::isInlined(Operation *op) {
  if (op->getNumResults() != 1)
    return false;
  if (op->hasTrait<OpTrait::ConstantLike>() || isTransparent(op))
    return true;
  if (auto call = dyn_cast<MetaliumCallOpInterface>(op)) {
    const CallRecord &record = call.getCallRecord();
    if (isPlainName(record))
      return true;
    // Handles and arguments are declared by name even if used once.
    if (record.category == "args" || !isPure(op))
      return false;
  } else if (!isArithmetic(op)) {
    return false;
  }
  return countTexts(op->getResult(0)) <= 1 && !isVariable(op);
}

StringRef Expressions::getName(Value value) const {
  auto found = names.find(value);
  return found == names.end() ? StringRef() : StringRef(found->second);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// `text` in parentheses if it binds weaker than its place needs.
static std::string wrap(const Expression &expression, Precedence needed) {
  if (expression.precedence >= needed)
    return expression.text;
  return "(" + expression.text + ")";
}

static Precedence stronger(Precedence precedence) {
  return static_cast<Precedence>(static_cast<int>(precedence) + 1);
}

/// Operators whose mixture with others compilers warn about.
static bool needsClarity(Precedence precedence) {
  return precedence == Precedence::Shift || precedence == Precedence::BitAnd ||
         precedence == Precedence::BitXor || precedence == Precedence::BitOr;
}

/// What an operand of an operator must bind as strongly as.
static Precedence operandPrecedence(Precedence op, const Expression &operand,
                                    bool isAssociative) {
  if (isAssociative && operand.precedence == op)
    return op;
  if (op == Precedence::Or)
    return stronger(Precedence::And);
  return needsClarity(op) ? Precedence::Unary : stronger(op);
}

static std::string castTo(StringRef type, const Expression &expression) {
  return (type + "(" + expression.text + ")").str();
}

/// An operand of an operation on signed numbers; a literal is signed already.
static std::string asSigned(const Expression &expression) {
  if (expression.text.find_first_not_of("-0123456789") == std::string::npos)
    return expression.text;
  return castTo("int32_t", expression);
}

MaybeExpression Expressions::buildBinary(Operation *op, StringRef symbol,
                                         Precedence precedence, bool isSigned) {
  MaybeExpression lhs = build(op->getOperand(0));
  MaybeExpression rhs = build(op->getOperand(1));
  if (!lhs || !rhs)
    return std::nullopt;
  if (isSigned && !(isNonNegative(op->getOperand(0)) &&
                    isNonNegative(op->getOperand(1))))
    return Expression{"uint32_t(" + asSigned(*lhs) + " " + symbol.str() + " " +
                      asSigned(*rhs) + ")"};
  // a + -b is a - b.
  if (symbol == "+" && StringRef(rhs->text).starts_with("-")) {
    symbol = "-";
    rhs->text.erase(0, 1);
    rhs->precedence = Precedence::Primary;
  }
  // Left-associative: the left operand may be of the same strength. So may the
  // right one where the operation is associative on uint32_t.
  bool isAssociative = symbol == "+" || symbol == "&&" || symbol == "||" ||
                       symbol == "&" || symbol == "|" || symbol == "^" ||
                       (symbol == "*" && !StringRef(rhs->text).contains('/') &&
                        !StringRef(rhs->text).contains('%'));
  bool leftMayEqual = !needsClarity(precedence) || isAssociative;
  return Expression{
      wrap(*lhs, operandPrecedence(precedence, *lhs, leftMayEqual)) + " " +
          symbol.str() + " " +
          wrap(*rhs, operandPrecedence(precedence, *rhs, isAssociative)),
      precedence};
}

MaybeExpression Expressions::buildMinMax(Operation *op, bool isMin,
                                         bool isSigned) {
  MaybeExpression lhs = build(op->getOperand(0));
  MaybeExpression rhs = build(op->getOperand(1));
  if (!lhs || !rhs)
    return std::nullopt;
  bool casts = isSigned && !(isNonNegative(op->getOperand(0)) &&
                             isNonNegative(op->getOperand(1)));
  auto side = [&](const Expression &expression) {
    return casts ? asSigned(expression) : wrap(expression, Precedence::Shift);
  };
  return Expression{side(*lhs) + (isMin ? " < " : " > ") + side(*rhs) + " ? " +
                        wrap(*lhs, Precedence::Or) + " : " +
                        wrap(*rhs, Precedence::Or),
                    Precedence::Conditional};
}

MaybeExpression Expressions::buildCompare(Operation *op) {
  using Predicate = arith::CmpIPredicate;
  auto compare = cast<arith::CmpIOp>(op);
  MaybeExpression lhs = build(compare.getLhs());
  MaybeExpression rhs = build(compare.getRhs());
  if (!lhs || !rhs)
    return std::nullopt;
  StringRef symbol;
  bool isSigned = false;
  switch (compare.getPredicate()) {
  case Predicate::eq:
    symbol = "==";
    break;
  case Predicate::ne:
    symbol = "!=";
    break;
  case Predicate::slt:
    isSigned = true;
    [[fallthrough]];
  case Predicate::ult:
    symbol = "<";
    break;
  case Predicate::sle:
    isSigned = true;
    [[fallthrough]];
  case Predicate::ule:
    symbol = "<=";
    break;
  case Predicate::sgt:
    isSigned = true;
    [[fallthrough]];
  case Predicate::ugt:
    symbol = ">";
    break;
  case Predicate::sge:
    isSigned = true;
    [[fallthrough]];
  case Predicate::uge:
    symbol = ">=";
    break;
  }
  Precedence precedence = symbol == "==" || symbol == "!="
                              ? Precedence::Equality
                              : Precedence::Relational;
  if (isSigned &&
      !(isNonNegative(compare.getLhs()) && isNonNegative(compare.getRhs())))
    return Expression{asSigned(*lhs) + " " + symbol.str() + " " +
                          asSigned(*rhs),
                      precedence};
  return Expression{wrap(*lhs, Precedence::Shift) + " " + symbol.str() + " " +
                        wrap(*rhs, Precedence::Shift),
                    precedence};
}

MaybeExpression Expressions::buildSelect(Operation *op) {
  MaybeExpression condition = build(op->getOperand(0));
  MaybeExpression yes = build(op->getOperand(1));
  MaybeExpression no = build(op->getOperand(2));
  if (!condition || !yes || !no)
    return std::nullopt;
  return Expression{wrap(*condition, Precedence::Or) + " ? " +
                        wrap(*yes, Precedence::Or) + " : " +
                        wrap(*no, Precedence::Or),
                    Precedence::Conditional};
}

MaybeExpression Expressions::buildCeilDiv(Operation *op) {
  MaybeExpression lhs = build(op->getOperand(0));
  MaybeExpression rhs = build(op->getOperand(1));
  if (!lhs || !rhs)
    return std::nullopt;
  APInt constant;
  std::string less =
      matchPattern(op->getOperand(1), m_ConstantInt(&constant))
          ? std::to_string(constant.getSExtValue() - 1)
          : wrap(*rhs, Precedence::Additive) + " - 1";
  return Expression{"(" + wrap(*lhs, Precedence::Additive) + " + " + less +
                        ") / " + wrap(*rhs, Precedence::Unary),
                    Precedence::Multiplicative};
}

/// `op` is arith.xori of a truth value with true.
static bool isNegation(Operation *op) {
  return isa<arith::XOrIOp>(op) && op->getResult(0).getType().isInteger(1) &&
         matchPattern(op->getOperand(1), m_One());
}

MaybeExpression Expressions::buildArithmetic(Operation *op) {
  bool isTruth = op->getResult(0).getType().isInteger(1);
  if (isTransparent(op))
    return build(op->getOperand(0));
  if (isNegation(op)) {
    MaybeExpression operand = build(op->getOperand(0));
    if (!operand)
      return std::nullopt;
    return Expression{"!" + wrap(*operand, Precedence::Unary),
                      Precedence::Unary};
  }
  return llvm::TypeSwitch<Operation *, MaybeExpression>(op)
      .Case([&](arith::AddIOp) {
        return buildBinary(op, "+", Precedence::Additive);
      })
      .Case([&](arith::SubIOp) {
        return buildBinary(op, "-", Precedence::Additive);
      })
      .Case([&](arith::MulIOp) {
        return buildBinary(op, "*", Precedence::Multiplicative);
      })
      .Case([&](arith::DivUIOp) {
        return buildBinary(op, "/", Precedence::Multiplicative);
      })
      .Case<arith::DivSIOp, arith::FloorDivSIOp>([&](Operation *) {
        return buildBinary(op, "/", Precedence::Multiplicative, true);
      })
      .Case([&](arith::RemUIOp) {
        return buildBinary(op, "%", Precedence::Multiplicative);
      })
      .Case([&](arith::RemSIOp) {
        return buildBinary(op, "%", Precedence::Multiplicative, true);
      })
      .Case<arith::CeilDivUIOp, arith::CeilDivSIOp>(
          [&](Operation *) { return buildCeilDiv(op); })
      .Case([&](arith::AndIOp) {
        return isTruth ? buildBinary(op, "&&", Precedence::And)
                       : buildBinary(op, "&", Precedence::BitAnd);
      })
      .Case([&](arith::OrIOp) {
        return isTruth ? buildBinary(op, "||", Precedence::Or)
                       : buildBinary(op, "|", Precedence::BitOr);
      })
      .Case([&](arith::XOrIOp) {
        return isTruth ? buildBinary(op, "!=", Precedence::Equality)
                       : buildBinary(op, "^", Precedence::BitXor);
      })
      .Case([&](arith::ShLIOp) {
        return buildBinary(op, "<<", Precedence::Shift);
      })
      .Case([&](arith::ShRUIOp) {
        return buildBinary(op, ">>", Precedence::Shift);
      })
      .Case([&](arith::MinUIOp) { return buildMinMax(op, true, false); })
      .Case([&](arith::MinSIOp) { return buildMinMax(op, true, true); })
      .Case([&](arith::MaxUIOp) { return buildMinMax(op, false, false); })
      .Case([&](arith::MaxSIOp) { return buildMinMax(op, false, true); })
      .Case([&](arith::CmpIOp) { return buildCompare(op); })
      .Case([&](arith::SelectOp) { return buildSelect(op); })
      .Case([&](arith::ExtUIOp extension) -> MaybeExpression {
        MaybeExpression operand = build(extension.getIn());
        if (!operand)
          return std::nullopt;
        return Expression{castTo(
            extension.getType().isInteger(64) ? "uint64_t" : "uint32_t",
            *operand)};
      })
      .Default([](Operation *) { return std::nullopt; });
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

MaybeExpression Expressions::build(Value value) {
  if (StringRef name = getName(value); !name.empty())
    return Expression{name.str()};
  Operation *op = value.getDefiningOp();
  if (op) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant))) {
      if (value.getType().isInteger(1))
        return Expression{constant.isZero() ? "false" : "true"};
      bool isNegative = constant.isNegative();
      return Expression{std::to_string(constant.getSExtValue()),
                        isNegative ? Precedence::Unary : Precedence::Primary};
    }
    if (auto call = dyn_cast<MetaliumCallOpInterface>(op)) {
      std::optional<std::string> text = printCall(op);
      if (!text)
        return std::nullopt;
      return Expression{*text};
    }
    if (isArithmetic(op))
      return buildArithmetic(op);
  }
  Location location = op ? op->getLoc() : value.getLoc();
  InFlightDiagnostic diag = emitCoded(location, Code::UnknownKernelOp);
  if (op)
    diag << "'" << op->getName() << "' has no form in a device kernel";
  else
    diag << "a value of type " << value.getType()
         << " has no form in a device kernel";
  return std::nullopt;
}

std::optional<std::string> Expressions::print(Value value) {
  MaybeExpression expression = build(value);
  if (!expression)
    return std::nullopt;
  return expression->text;
}

std::optional<std::string> Expressions::printLess(Value left, Value right) {
  MaybeExpression lhs = build(left);
  MaybeExpression rhs = build(right);
  if (!lhs || !rhs)
    return std::nullopt;
  if (isNonNegative(left) && isNonNegative(right))
    return wrap(*lhs, Precedence::Shift) + " < " +
           wrap(*rhs, Precedence::Shift);
  return asSigned(*lhs) + " < " + asSigned(*rhs);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

std::optional<std::string> Expressions::callPart(Operation *op, StringRef name,
                                                 StringRef modifier) {
  OperandRange operands = metalium::getCallOperands(op, name);
  if (!operands.empty())
    return print(operands.front());
  auto call = cast<MetaliumCallOpInterface>(op);
  const CallRecord &record = call.getCallRecord();
  if (Attribute attribute = op->getAttr(name))
    if (std::optional<std::string> text = renderAttribute(attribute, modifier))
      return text;
  // A flag that is not set.
  if (llvm::any_of(record.attributes, [&](const metalium::CallArg &arg) {
        return arg.name == name;
      }))
    return modifier == "bool" ? "false" : "0";
  if (std::optional<int64_t> derived = call.getDerivedValue(name))
    return std::to_string(*derived);
  if (auto argument = dyn_cast<metalium::ArgOp>(op))
    emitCoded(op, Code::UnboundArgument)
        << "run-time argument '" << argument.getName()
        << "' is not in the argument list of its kernel; "
           "tt-finalize-signature makes the list";
  else
    emitCoded(op, Code::UnboundArgument)
        << "'" << op->getName() << "' has no value for '" << name << "'";
  return std::nullopt;
}

std::optional<std::string> Expressions::printCall(Operation *op) {
  const CallRecord &record =
      cast<MetaliumCallOpInterface>(op).getCallRecord();
  StringRef text = record.getSpelling(api).text;
  if (text.empty()) {
    emitCoded(op, Code::CallNotInApi)
        << "'" << op->getName() << "' does not exist in TT-Metalium "
        << stringifyApiGeneration(api);
    return std::nullopt;
  }
  auto isGiven = [&](StringRef name) {
    return !metalium::getCallOperands(op, name).empty() || op->hasAttr(name);
  };
  auto value = [&](StringRef name, StringRef modifier) {
    return callPart(op, name, modifier);
  };
  return renderCallText(text, {isGiven, value});
}
