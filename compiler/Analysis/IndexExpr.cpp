//===- IndexExpr.cpp - Index arithmetic as polynomials --------------------===//

#include "compiler/Analysis/IndexExpr.h"

#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <numeric>

using namespace mlir;

namespace tilewright {

/// Products larger than this are left alone rather than expanded.
static constexpr size_t kMaxTerms = 64;

/// The integer that a constant holds.
static std::optional<int64_t> constantOf(Value value) {
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number)) &&
      number.getSignificantBits() <= 64)
    return number.getSExtValue();
  return std::nullopt;
}

/// A number that divides every value that an atom takes.
static int64_t multipleOf(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    Operation *parent = argument.getOwner()->getParentOp();
    if (auto loop = dyn_cast_or_null<scf::ForOp>(parent);
        loop && loop.getInductionVar() == value)
      return std::gcd(IndexExpr::of(loop.getLowerBound()).getMultiple(),
                      IndexExpr::of(loop.getStep()).getMultiple());
    if (auto loop = dyn_cast_or_null<tile::ForOp>(parent))
      return std::gcd(IndexExpr::of(loop.getLower()).getMultiple(),
                      IndexExpr::of(loop.getStep()).getMultiple());
    return 1;
  }
  Operation *op = value.getDefiningOp();
  auto both = [&](Value a, Value b) {
    return std::gcd(IndexExpr::of(a).getMultiple(),
                    IndexExpr::of(b).getMultiple());
  };
  if (isa<arith::MinSIOp, arith::MaxSIOp, arith::MinUIOp, arith::MaxUIOp,
          arith::RemUIOp, arith::RemSIOp>(op))
    return both(op->getOperand(0), op->getOperand(1));
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return both(select.getTrueValue(), select.getFalseValue());
  return 1;
}

static int64_t multipleOf(const IndexExpr::Atom &atom) {
  int64_t multiple = multipleOf(atom.value);
  return multiple % atom.divisor == 0 ? multiple / atom.divisor : 1;
}

static bool sameAtoms(const IndexExpr::Term &a, const IndexExpr::Term &b) {
  return a.atoms.size() == b.atoms.size() &&
         std::is_permutation(a.atoms.begin(), a.atoms.end(), b.atoms.begin());
}

IndexExpr IndexExpr::atom(Value value) {
  IndexExpr expr;
  expr.add({1, {Atom{value, 1}}});
  return expr;
}

/// The variable of a loop that runs once is the loop's start.
static IndexExpr ofArgument(BlockArgument argument) {
  auto loop = dyn_cast_or_null<scf::ForOp>(argument.getOwner()->getParentOp());
  if (!loop || loop.getInductionVar() != argument)
    return IndexExpr::atom(argument);
  IndexExpr lower = IndexExpr::of(loop.getLowerBound());
  std::optional<int64_t> length =
      (IndexExpr::of(loop.getUpperBound()) - lower).getConstant();
  std::optional<int64_t> step = IndexExpr::of(loop.getStep()).getConstant();
  if (length && step && *length > 0 && *length <= *step)
    return lower;
  return IndexExpr::atom(argument);
}

IndexExpr IndexExpr::of(Value value) {
  if (std::optional<int64_t> number = constantOf(value))
    return IndexExpr(*number);
  Operation *op = value.getDefiningOp();
  if (!op)
    return ofArgument(cast<BlockArgument>(value));
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp,
          arith::ExtUIOp>(op))
    return of(op->getOperand(0));
  if (isa<arith::AddIOp>(op))
    return of(op->getOperand(0)) + of(op->getOperand(1));
  if (isa<arith::SubIOp>(op))
    return of(op->getOperand(0)) - of(op->getOperand(1));
  if (isa<arith::MulIOp>(op)) {
    IndexExpr a = of(op->getOperand(0)), b = of(op->getOperand(1));
    if ((a.terms.size() + 1) * (b.terms.size() + 1) <= kMaxTerms)
      return a * b;
    return atom(value);
  }
  if (isa<arith::DivSIOp, arith::DivUIOp, arith::FloorDivSIOp,
          arith::CeilDivSIOp, arith::CeilDivUIOp>(op)) {
    std::optional<int64_t> divisor = constantOf(op->getOperand(1));
    if (divisor && *divisor > 0)
      if (std::optional<IndexExpr> quotient =
              of(op->getOperand(0)).divideExactly(*divisor))
        return *quotient;
    return atom(value);
  }
  if (isa<arith::RemSIOp, arith::RemUIOp>(op)) {
    std::optional<int64_t> divisor = constantOf(op->getOperand(1));
    if (divisor && *divisor > 0 &&
        of(op->getOperand(0)).getMultiple() % *divisor == 0)
      return IndexExpr(0);
  }
  return atom(value);
}

void IndexExpr::add(Term term) {
  for (Term &other : terms)
    if (sameAtoms(other, term)) {
      other.coefficient += term.coefficient;
      llvm::erase_if(terms, [](const Term &t) { return t.coefficient == 0; });
      return;
    }
  if (term.coefficient != 0)
    terms.push_back(std::move(term));
}

IndexExpr IndexExpr::operator+(const IndexExpr &other) const {
  IndexExpr sum = *this;
  sum.constant += other.constant;
  for (const Term &term : other.terms)
    sum.add(term);
  return sum;
}

IndexExpr IndexExpr::operator-(const IndexExpr &other) const {
  return *this + other * IndexExpr(-1);
}

IndexExpr IndexExpr::operator*(const IndexExpr &other) const {
  IndexExpr product(constant * other.constant);
  for (const Term &a : terms) {
    product.add({a.coefficient * other.constant, a.atoms});
    for (const Term &b : other.terms) {
      Term term{a.coefficient * b.coefficient, a.atoms};
      term.atoms.append(b.atoms.begin(), b.atoms.end());
      product.add(std::move(term));
    }
  }
  for (const Term &b : other.terms)
    product.add({b.coefficient * constant, b.atoms});
  return product;
}

bool IndexExpr::operator==(const IndexExpr &other) const {
  return (*this - other).isZero();
}

std::optional<int64_t> IndexExpr::getConstant() const {
  if (terms.empty())
    return constant;
  return std::nullopt;
}

int64_t IndexExpr::getMultiple() const {
  int64_t multiple = std::abs(constant);
  for (const Term &term : terms) {
    int64_t product = std::abs(term.coefficient);
    for (const Atom &atom : term.atoms)
      product *= multipleOf(atom);
    multiple = std::gcd(multiple, product);
  }
  return multiple;
}

std::optional<IndexExpr> IndexExpr::divideExactly(int64_t divisor) const {
  if (constant % divisor != 0)
    return std::nullopt;
  IndexExpr quotient(constant / divisor);
  for (Term term : terms) {
    int64_t left = divisor / std::gcd(term.coefficient, divisor);
    if (left != 1) {
      auto found = llvm::find_if(term.atoms, [&](const Atom &atom) {
        return multipleOf(atom) % left == 0;
      });
      if (found == term.atoms.end())
        return std::nullopt;
      found->divisor *= left;
    }
    term.coefficient /= divisor / left;
    quotient.add(std::move(term));
  }
  return quotient;
}

bool IndexExpr::dependsOn(Value value) const {
  return llvm::any_of(terms, [&](const Term &term) {
    return llvm::any_of(term.atoms,
                        [&](const Atom &atom) { return atom.value == value; });
  });
}

std::optional<int64_t> IndexExpr::getCoefficient(Value value) const {
  int64_t coefficient = 0;
  for (const Term &term : terms) {
    if (term.atoms.size() == 1 && term.atoms[0] == Atom{value, 1})
      coefficient = term.coefficient;
    else if (llvm::any_of(term.atoms, [&](const Atom &atom) {
               return atom.value == value;
             }))
      return std::nullopt;
  }
  return coefficient;
}

IndexExpr IndexExpr::without(Value value) const {
  IndexExpr rest(constant);
  for (const Term &term : terms)
    if (llvm::none_of(term.atoms,
                      [&](const Atom &atom) { return atom.value == value; }))
      rest.add(term);
  return rest;
}

//===----------------------------------------------------------------------===//
// Building and printing
//===----------------------------------------------------------------------===//

static Value indexConstant(OpBuilder &builder, Location loc, int64_t number) {
  return arith::ConstantIndexOp::create(builder, loc, number);
}

static Value buildAtom(OpBuilder &builder, Location loc,
                       const IndexExpr::Atom &atom) {
  Value value = atom.value;
  if (!value.getType().isIndex())
    value =
        arith::IndexCastOp::create(builder, loc, builder.getIndexType(), value);
  if (atom.divisor == 1)
    return value;
  return arith::DivSIOp::create(builder, loc, value,
                                indexConstant(builder, loc, atom.divisor));
}

Value IndexExpr::materialize(OpBuilder &builder, Location loc) const {
  Value sum;
  auto accumulate = [&](Value value, bool negative) {
    if (!sum && !negative) {
      sum = value;
      return;
    }
    if (!sum)
      sum = indexConstant(builder, loc, 0);
    sum = negative
              ? arith::SubIOp::create(builder, loc, sum, value).getResult()
              : arith::AddIOp::create(builder, loc, sum, value).getResult();
  };
  // Positive terms first: a difference then starts from a value, not from zero.
  for (bool negative : {false, true})
    for (const Term &term : terms) {
      if ((term.coefficient < 0) != negative)
        continue;
      Value product;
      for (const Atom &atom : term.atoms) {
        Value factor = buildAtom(builder, loc, atom);
        product = product ? arith::MulIOp::create(builder, loc, product, factor)
                                .getResult()
                          : factor;
      }
      if (int64_t scale = std::abs(term.coefficient); scale != 1)
        product = arith::MulIOp::create(builder, loc, product,
                                        indexConstant(builder, loc, scale));
      accumulate(product, negative);
    }
  if (constant != 0 && sum)
    accumulate(indexConstant(builder, loc, std::abs(constant)), constant < 0);
  return sum ? sum : indexConstant(builder, loc, constant);
}

static std::string nameOf(Value value);

/// "(a op b)" for an operation that an atom stands for.
static std::string nameOfOp(Operation *op) {
  StringRef symbol =
      llvm::StringSwitch<StringRef>(op->getName().getStringRef())
          .Cases({"arith.divsi", "arith.divui", "arith.floordivsi"}, "//")
          .Cases({"arith.remsi", "arith.remui"}, "%")
          .Default("");
  if (symbol.empty() || op->getNumOperands() != 2)
    return "an expression";
  return "(" + IndexExpr::of(op->getOperand(0)).str() + ") " + symbol.str() +
         " " + nameOf(op->getOperand(1));
}

static std::string nameOf(Value value) {
  if (std::optional<int64_t> number = constantOf(value))
    return std::to_string(*number);
  if (StringRef name = getSourceName(value.getLoc()); !name.empty())
    return name.str();
  if (Operation *op = value.getDefiningOp())
    return nameOfOp(op);
  return "a run-time value";
}

std::string IndexExpr::str() const {
  std::string text;
  for (const Term &term : terms) {
    if (!text.empty() || term.coefficient < 0)
      text += term.coefficient < 0 ? (text.empty() ? "-" : " - ") : " + ";
    text += llvm::join(llvm::map_range(term.atoms,
                                       [](const Atom &atom) {
                                         std::string name = nameOf(atom.value);
                                         if (atom.divisor != 1)
                                           name += " // " +
                                                   std::to_string(atom.divisor);
                                         return name;
                                       }),
                       " * ");
    if (std::abs(term.coefficient) != 1)
      text += " * " + std::to_string(std::abs(term.coefficient));
  }
  if (text.empty())
    return std::to_string(constant);
  if (constant != 0)
    text += (constant < 0 ? " - " : " + ") + std::to_string(std::abs(constant));
  return text;
}

} // namespace tilewright
