//===- ScalarControl.cpp - Control flow of scalar kernels -----------------===//

#include "compiler/Target/Kernel/ScalarPrinter.h"

#include "compiler/Target/Kernel/ScalarExpressions.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;
using llvm::formatv;

LogicalResult ScalarPrinter::assign(ValueRange targets, ValueRange values,
                                    TextWriter &out) {
  SmallVector<std::string> texts;
  for (auto [target, value] : llvm::zip(targets, values)) {
    std::optional<std::string> text = use(value);
    if (!text)
      return failure();
    texts.push_back(bare(*text));
  }
  bool several = texts.size() > 1;
  for (auto [target, text] : llvm::zip(targets, texts))
    if (several) {
      std::string next = names.declare("next");
      out.statement("const " + scalar::cppType(target.getType()) + " " + next +
                    " = " + text + ";");
      text = next;
    }
  for (auto [target, text] : llvm::zip(targets, texts))
    if (calls.getName(target) != text)
      out.statement(calls.getName(target).str() + " = " + text + ";");
  return success();
}

LogicalResult ScalarPrinter::printFor(scf::ForOp loop, TextWriter &out) {
  for (auto [init, argument, result] : llvm::zip_equal(
           loop.getInitArgs(), loop.getRegionIterArgs(), loop.getResults())) {
    std::optional<std::string> text = use(init);
    if (!text)
      return failure();
    std::string name = names.declare("sum");
    out.statement(scalar::cppType(init.getType()) + " " + name + " = " +
                  bare(*text) + ";");
    calls.bind(argument, name);
    calls.bind(result, name);
  }
  std::optional<std::string> lower = use(loop.getLowerBound());
  std::optional<std::string> upper = use(loop.getUpperBound());
  std::optional<std::string> step = use(loop.getStep());
  if (!lower || !upper || !step)
    return failure();
  names.enter();
  StringRef source = getSourceName(loop.getLoc());
  std::string name = names.declare(source.empty() ? "i" : source);
  calls.bind(loop.getInductionVar(), name);
  TextWriter body = out.nested();
  LogicalResult result = printBlock(*loop.getBody(), body);
  if (succeeded(result) && loop.getNumResults())
    result = assign(loop.getResults(),
                    loop.getBody()->getTerminator()->getOperands(), body);
  names.leave();
  out.compound(formatv("for (int32_t {0} = {1}; {0} < {2}; {3})", name,
                       bare(*lower), *upper,
                       *step == "1" ? "++" + name : name + " += " + *step)
                   .str(),
               body);
  return result;
}

LogicalResult ScalarPrinter::printIf(scf::IfOp branch, TextWriter &out) {
  std::optional<std::string> condition = use(branch.getCondition());
  if (!condition)
    return failure();
  for (Value result : branch.getResults()) {
    std::string name = names.declare("chosen");
    out.statement(scalar::cppType(result.getType()) + " " + name + ";");
    calls.bind(result, name);
  }
  auto printArm = [&](Block *block, TextWriter &arm) -> LogicalResult {
    if (!block)
      return success();
    names.enter();
    LogicalResult result = printBlock(*block, arm);
    if (succeeded(result) && branch.getNumResults())
      result = assign(branch.getResults(),
                      block->getTerminator()->getOperands(), arm);
    names.leave();
    return result;
  };
  TextWriter then = out.nested(), otherwise = out.nested();
  if (failed(printArm(branch.thenBlock(), then)) ||
      failed(printArm(branch.elseBlock(), otherwise)))
    return failure();
  if (!then.empty())
    out.conditional(bare(*condition), then, otherwise, false);
  else if (!otherwise.empty())
    out.conditional("!(" + bare(*condition) + ")", otherwise, then, false);
  return success();
}

/// The condition may load, so it stands in the loop.
LogicalResult ScalarPrinter::printWhile(scf::WhileOp loop, TextWriter &out) {
  if (loop.getNumResults() || !loop.getInits().empty())
    return unknown(loop);
  names.enter();
  TextWriter body = out.nested();
  if (failed(printBlock(*loop.getBeforeBody(), body)))
    return failure();
  std::optional<std::string> condition =
      use(loop.getConditionOp().getCondition());
  if (!condition)
    return failure();
  TextWriter leave = body.nested(), none = body.nested();
  leave.statement("break;");
  body.conditional("!" + *condition, leave, none, false);
  LogicalResult result = printBlock(*loop.getAfterBody(), body);
  names.leave();
  out.compound("while (true)", body);
  return result;
}
