//===- SymbolicCount.cpp - How often a kernel does something --------------===//

#include "compiler/Analysis/SymbolicCount.h"

#include "compiler/Dialect/Metalium/Metalium.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tilewright {

//===----------------------------------------------------------------------===//
// Polynomials
//===----------------------------------------------------------------------===//

Polynomial::Polynomial(int64_t constant) {
  if (constant != 0)
    terms[{}] = constant;
}

Polynomial Polynomial::factor(std::string name) {
  Polynomial result;
  result.terms[{std::move(name)}] = 1;
  return result;
}

Polynomial Polynomial::operator+(const Polynomial &other) const {
  Polynomial result = *this;
  for (const auto &[product, coefficient] : other.terms)
    if ((result.terms[product] += coefficient) == 0)
      result.terms.erase(product);
  return result;
}

Polynomial Polynomial::operator-(const Polynomial &other) const {
  return *this + other * Polynomial(-1);
}

Polynomial Polynomial::operator*(const Polynomial &other) const {
  Polynomial result;
  for (const auto &[left, a] : terms)
    for (const auto &[right, b] : other.terms) {
      std::vector<std::string> product = left;
      product.insert(product.end(), right.begin(), right.end());
      llvm::sort(product);
      if ((result.terms[product] += a * b) == 0)
        result.terms.erase(product);
    }
  return result;
}

std::optional<Polynomial> Polynomial::divideBy(int64_t divisor) const {
  Polynomial result;
  for (const auto &[product, coefficient] : terms) {
    if (coefficient % divisor != 0)
      return std::nullopt;
    result.terms[product] = coefficient / divisor;
  }
  return result;
}

bool Polynomial::mentions(const std::string &name) const {
  return llvm::any_of(terms, [&](const auto &term) {
    return llvm::any_of(term.first, [&](const std::string &factor) {
      return StringRef(factor).contains(name);
    });
  });
}

std::string Polynomial::str() const {
  if (terms.empty())
    return "0";
  std::vector<std::string> parts;
  for (const auto &[product, coefficient] : terms) {
    std::string text = llvm::join(product, "*");
    if (product.empty())
      text = std::to_string(coefficient);
    else if (coefficient != 1)
      text = std::to_string(coefficient) + "*" + text;
    parts.push_back(text);
  }
  return llvm::join(parts, " + ");
}

//===----------------------------------------------------------------------===//
// Counting
//===----------------------------------------------------------------------===//

namespace {
class Counter {
public:
  Counter(CountOf countOf, std::string kernel)
      : countOf(countOf), kernel(std::move(kernel)) {}

  Polynomial count(Block &block) {
    Polynomial sum;
    for (Operation &op : block) {
      if (Value number = countOf(&op))
        sum = sum + valueOf(number);
      else if (op.getNumRegions() > 0)
        sum = sum + countRegions(op);
    }
    return sum;
  }

private:
  Polynomial countRegions(Operation &op) {
    if (auto loop = dyn_cast<scf::ForOp>(op))
      return countLoop(loop);
    if (auto branch = dyn_cast<scf::IfOp>(op))
      return countBranch(branch);
    Polynomial sum;
    for (Region &region : op.getRegions())
      for (Block &block : region)
        sum = sum + count(block);
    return sum;
  }

  /// The condition that a loop of one iteration or none stands for.
  static Value conditionOf(scf::ForOp loop) {
    auto count = loop.getUpperBound().getDefiningOp<arith::IndexCastUIOp>();
    bool isOnce = count && count.getIn().getType().isInteger(1) &&
                  matchPattern(loop.getLowerBound(), m_Zero()) &&
                  matchPattern(loop.getStep(), m_One());
    return isOnce ? count.getIn() : Value();
  }

  Polynomial truthOf(Value condition) {
    return Polynomial::factor("[" + valueOf(condition).str() + "]");
  }

  Polynomial countLoop(scf::ForOp loop) {
    if (Value condition = conditionOf(loop)) {
      enterOnce(loop);
      return truthOf(condition) * count(*loop.getBody());
    }
    const LoopNames names = enter(loop);
    Polynomial body = count(*loop.getBody());
    std::string sum = "sum(" + names.iteration + " < " + names.trips.str();
    if (body.mentions(names.carried))
      sum += ", " + names.recurrence;
    else if (!body.mentions(names.iteration))
      return names.trips * body;
    return Polynomial::factor(sum + ": " + body.str() + ")");
  }

  static bool isScalar(Value value) { return value.getType().isIntOrIndex(); }

  /// The body of a loop that stands for a condition runs with the first values.
  void enterOnce(scf::ForOp loop) {
    known[loop.getInductionVar()] = Polynomial(0);
    for (auto [init, argument] :
         llvm::zip(loop.getInitArgs(), loop.getRegionIterArgs()))
      if (isScalar(argument))
        known[argument] = valueOf(init);
  }

  /// What the names of the values that change in a loop begin with, and how the
  /// scalars that it carries begin and go on: in two kernels for which that is
  /// the same, they have the same values.
  struct LoopNames {
    Polynomial trips;
    std::string iteration;
    std::string carried;
    std::string recurrence;
  };

  const LoopNames &enter(scf::ForOp loop) {
    auto [found, isNew] = loops.try_emplace(loop);
    if (!isNew)
      return found->second;
    LoopNames names;
    Polynomial lower = valueOf(loop.getLowerBound());
    names.trips = tripsOf(lower, valueOf(loop.getUpperBound()), loop.getStep());
    names.iteration = "#" + std::to_string(countLoopsAround(loop));
    names.carried = "~" + names.iteration + ".";
    known[loop.getInductionVar()] =
        lower + valueOf(loop.getStep()) * Polynomial::factor(names.iteration);
    std::vector<std::string> scalars;
    for (auto [init, argument] :
         llvm::zip(loop.getInitArgs(), loop.getRegionIterArgs()))
      if (isScalar(argument)) {
        const std::string name = names.carried + std::to_string(scalars.size());
        scalars.push_back(name + " = " + valueOf(init).str());
        known[argument] = Polynomial::factor(name);
      }
    unsigned number = 0;
    for (Value next : loop.getYieldedValues())
      if (isScalar(next))
        scalars[number++] += " then " + valueOf(next).str();
    names.recurrence = llvm::join(scalars, ", ");
    return loops[loop] = std::move(names);
  }

  /// Loops of several iterations around `op`.
  static unsigned countLoopsAround(Operation *op) {
    unsigned loops = 0;
    for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
         loop = loop->getParentOfType<scf::ForOp>())
      loops += !conditionOf(loop);
    return loops;
  }

  /// A scalar that a loop leaves.
  Polynomial resultOf(scf::ForOp loop, unsigned number) {
    Value next = loop.getYieldedValues()[number];
    if (!isScalar(next))
      return unknown();
    if (Value condition = conditionOf(loop)) {
      enterOnce(loop);
      return choose(condition, valueOf(next),
                    valueOf(loop.getInitArgs()[number]));
    }
    const LoopNames names = enter(loop);
    return Polynomial::factor("after(" + names.iteration + " < " +
                              names.trips.str() + ", " + names.recurrence +
                              ": " + valueOf(next).str() + ")");
  }

  static Polynomial tripsOf(const Polynomial &lower, const Polynomial &upper,
                            Value step) {
    Polynomial span = upper - lower;
    APInt constant;
    if (!matchPattern(step, m_ConstantInt(&constant)))
      return Polynomial::factor("(" + span.str() + ")/step");
    int64_t divisor = constant.getSExtValue();
    if (divisor < 1)
      return Polynomial::factor("endless");
    if (auto exact = span.divideBy(divisor))
      return *exact;
    return Polynomial::factor("ceil((" + span.str() + ")/" +
                              std::to_string(divisor) + ")");
  }

  Polynomial countBranch(scf::IfOp branch) {
    Polynomial then = count(*branch.thenBlock());
    Polynomial otherwise =
        branch.elseBlock() ? count(*branch.elseBlock()) : Polynomial();
    return choose(branch.getCondition(), then, otherwise);
  }

  Polynomial choose(Value condition, const Polynomial &then,
                    const Polynomial &otherwise) {
    if (then == otherwise)
      return then;
    Polynomial truth = truthOf(condition);
    return truth * then + (Polynomial(1) - truth) * otherwise;
  }

  Polynomial valueOf(Value value) {
    auto found = known.find(value);
    if (found != known.end())
      return found->second;
    Polynomial result = compute(value);
    known[value] = result;
    return result;
  }

  Polynomial compute(Value value) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return Polynomial(constant.getSExtValue());
    Operation *op = value.getDefiningOp();
    if (!op)
      return unknown();
    if (auto arg = dyn_cast<metalium::ArgOp>(op))
      return Polynomial::factor(arg.getName().str());
    if (auto arg = dyn_cast<metalium::CommonArgOp>(op))
      return arg.getSizeName() ? Polynomial::factor(arg.getSizeName()->str())
                               : unknown();
    if (isa<arith::AddIOp>(op))
      return valueOf(op->getOperand(0)) + valueOf(op->getOperand(1));
    if (isa<arith::SubIOp>(op))
      return valueOf(op->getOperand(0)) - valueOf(op->getOperand(1));
    if (isa<arith::MulIOp>(op))
      return valueOf(op->getOperand(0)) * valueOf(op->getOperand(1));
    if (auto common = dyn_cast<metalium::CommonValueOp>(op))
      return valueOf(common);
    if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op))
      return valueOf(op->getOperand(0));
    const unsigned number = cast<OpResult>(value).getResultNumber();
    if (auto loop = dyn_cast<scf::ForOp>(op))
      return resultOf(loop, number);
    if (auto branch = dyn_cast<scf::IfOp>(op))
      return choose(branch.getCondition(),
                    valueOf(branch.thenYield().getOperand(number)),
                    valueOf(branch.elseYield().getOperand(number)));
    if (!isPure(op) || op->getNumOperands() == 0 || op->getNumRegions() > 0)
      return unknown();
    std::string name = op->getName().stripDialect().str();
    if (auto compare = dyn_cast<arith::CmpIOp>(op))
      name = arith::stringifyCmpIPredicate(compare.getPredicate()).str();
    std::vector<std::string> operands;
    for (Value operand : op->getOperands())
      operands.push_back(valueOf(operand).str());
    return Polynomial::factor(name + "(" + llvm::join(operands, ", ") + ")");
  }

  /// The same in each kernel at the same iteration of the loops around.
  static Polynomial valueOf(metalium::CommonValueOp common) {
    const unsigned loops = countLoopsAround(common);
    std::vector<std::string> iterations;
    for (unsigned i = 0; i < loops; ++i)
      iterations.push_back("#" + std::to_string(i));
    return Polynomial::factor("word" + std::to_string(common.getNumber()) +
                              "(" + llvm::join(iterations, ", ") + ")");
  }

  /// Something that no other kernel can equal.
  Polynomial unknown() {
    return Polynomial::factor(kernel + "#" + std::to_string(unknowns++));
  }

  CountOf countOf;
  std::string kernel;
  llvm::DenseMap<Value, Polynomial> known;
  std::map<Operation *, LoopNames> loops;
  unsigned unknowns = 0;
};
} // namespace

Polynomial countIn(Block &block, CountOf countOf) {
  auto kernel = dyn_cast<metalium::KernelOp>(block.getParentOp());
  return Counter(countOf, kernel ? kernel.getSymName().str() : "").count(block);
}

} // namespace tilewright
