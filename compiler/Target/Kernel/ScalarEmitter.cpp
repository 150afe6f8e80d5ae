//===- ScalarEmitter.cpp - The kernel of a scalar program -----------------===//
//
// Operations become variables in order; one whose value is used once, by the
// next operations of the same block, stands where it is used.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Kernel/ScalarEmitter.h"

#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Kernel/Expressions.h"
#include "compiler/Target/Kernel/Names.h"
#include "compiler/Target/Kernel/ScalarExpressions.h"
#include "compiler/Target/Kernel/ScalarText.h"
#include "compiler/Target/Kernel/SourceLines.h"
#include "compiler/Target/Kernel/TextWriter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <set>

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;
using llvm::formatv;

namespace {

class ScalarPrinter {
public:
  ScalarPrinter(KernelOp kernel, const KernelEmitOptions &options)
      : kernel(kernel), options(options), calls(options.api),
        names(kernel.getContext()) {}

  LogicalResult print(llvm::raw_ostream &os);

private:
  LogicalResult printBlock(Block &block, TextWriter &out);
  LogicalResult printOp(Operation *op, TextWriter &out);
  LogicalResult printCall(MetaliumCallOpInterface call, TextWriter &out);
  LogicalResult printFor(scf::ForOp loop, TextWriter &out);
  LogicalResult printIf(scf::IfOp branch, TextWriter &out);
  LogicalResult printWhile(scf::WhileOp loop, TextWriter &out);
  LogicalResult printLoad(memref::LoadOp load, TextWriter &out);
  LogicalResult printStore(memref::StoreOp store, TextWriter &out);
  LogicalResult printPrint(tile::PrintOp print, TextWriter &out);
  LogicalResult printAssert(tile::AssertOp check, TextWriter &out);
  LogicalResult assign(ValueRange targets, ValueRange values, TextWriter &out);
  void printElements(ElementsOp op, TextWriter &out);
  void printArray(L1ArrayOp op, TextWriter &out);

  /// A primary expression for a value.
  std::optional<std::string> use(Value value);
  bool isInlined(Operation *op);
  std::string declareName(Value value, StringRef fallback);
  LogicalResult declare(Value value, const std::string &text, TextWriter &out);
  std::optional<std::string> place(Value memref, OperandRange indices);
  LogicalResult unknown(Operation *op);
  void comment(Operation *op, TextWriter &out);

  KernelOp kernel;
  const KernelEmitOptions &options;
  Expressions calls;
  Names names;
  SourceLines lines;
  std::set<StringRef> headers;
  std::set<StringRef> floats;
  std::set<std::pair<StringRef, unsigned>> commented;
  bool usesElements = false;
};

} // namespace

LogicalResult ScalarPrinter::unknown(Operation *op) {
  return emitCoded(op, Code::UnknownKernelOp)
         << "'" << op->getName() << "' has no form in a scalar kernel";
}

std::string ScalarPrinter::declareName(Value value, StringRef fallback) {
  StringRef source = getSourceName(value.getLoc());
  if (Operation *op = value.getDefiningOp();
      source.empty() && op && !isa<BlockArgument>(value))
    source = getSourceName(op->getLoc());
  return names.declare(source.empty() ? fallback : source);
}

LogicalResult ScalarPrinter::declare(Value value, const std::string &text,
                                     TextWriter &out) {
  std::string type = scalar::cppType(value.getType());
  if (type.empty())
    return unknown(value.getDefiningOp());
  std::string name = declareName(value, "value");
  out.statement("const " + type + " " + name + " = " + text + ";");
  calls.bind(value, name);
  return success();
}

void ScalarPrinter::comment(Operation *op, TextWriter &out) {
  SourcePosition position = getSourcePosition(op->getLoc());
  if (options.sourceComments && position.line != 0 &&
      commented.insert({position.file, position.line}).second)
    out.comment(lines.describe(position));
}

/// Pure arithmetic that is used once, in its own block.
bool ScalarPrinter::isInlined(Operation *op) {
  if (op->getNumResults() != 1 || !isPure(op) || isa<ElementsOp>(op) ||
      isa<MetaliumCallOpInterface>(op))
    return false;
  Value result = op->getResult(0);
  if (isa<UnrealizedConversionCastOp>(op))
    return true;
  // The text of these repeats their operands.
  if (result.hasOneUse() &&
      isa<arith::FloorDivSIOp, arith::CeilDivSIOp, arith::MinSIOp,
          arith::MaxSIOp, arith::MinUIOp, arith::MaxUIOp, arith::MinimumFOp,
          arith::MaximumFOp, arith::MinNumFOp, arith::MaxNumFOp,
          UnrealizedConversionCastOp>(*result.getUsers().begin()))
    return false;
  return result.hasOneUse() &&
         (*result.getUsers().begin())->getBlock() == op->getBlock() &&
         (*result.getUsers().begin())->getNumRegions() == 0 &&
         getSourceName(op->getLoc()).empty();
}

std::optional<std::string> ScalarPrinter::use(Value value) {
  if (StringRef name = calls.getName(value); !name.empty())
    return name.str();
  if (auto text = scalar::literal(value))
    return text;
  Operation *op = value.getDefiningOp();
  if (!op) {
    (void)(emitCoded(value.getLoc(), Code::UnknownKernelOp)
           << "a value has no form in a scalar kernel");
    return std::nullopt;
  }
  SmallVector<std::string> operands;
  for (Value operand : op->getOperands()) {
    std::optional<std::string> text = use(operand);
    if (!text)
      return std::nullopt;
    operands.push_back(*text);
  }
  if (StringRef small = scalar::smallFloat(value.getType()); !small.empty())
    floats.insert(small);
  for (Type type : op->getOperandTypes())
    if (StringRef small = scalar::smallFloat(type); !small.empty())
      floats.insert(small);
  std::optional<std::string> text = scalar::expression(op, operands);
  if (!text) {
    (void)unknown(op);
    return std::nullopt;
  }
  bool isPrimary = llvm::all_of(
      *text, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
  return isPrimary ? *text : "(" + *text + ")";
}

/// Without the parentheses around a whole expression.
static std::string bare(std::string text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')')
    return text;
  int depth = 0;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0)
      return text;
  }
  return text.substr(1, text.size() - 2);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

void ScalarPrinter::printElements(ElementsOp op, TextWriter &out) {
  auto type = cast<MemRefType>(op.getTensor().getType());
  auto layout = cast<tt::LayoutAttr>(type.getMemorySpace());
  std::string accessor = calls.getName(op.getAccessor()).str();
  std::string name = names.declare((op.getName() + "_elements").str());
  std::string shape;
  for (int64_t extent : type.getShape())
    shape += ", " + std::to_string(extent);
  out.statement(formatv("Elements<{0}, decltype({1}), {2}, {3}{4}> {5}({1}, "
                        "{6} + {7});",
                        scalar::wordType(type.getElementType()), accessor,
                        layout.getPlane()[0], layout.getPlane()[1], shape, name,
                        calls.getName(op.getBase()), op.getOffset())
                    .str());
  calls.bind(op.getTensor(), name);
  usesElements = true;
}

void ScalarPrinter::printArray(L1ArrayOp op, TextWriter &out) {
  auto type = cast<MemRefType>(op.getArray().getType());
  std::string name = names.declare(op.getName());
  std::string word = scalar::wordType(type.getElementType());
  out.statement(formatv("{0} *const {1} = reinterpret_cast<{0} *>({2} + {3});",
                        word, name, calls.getName(op.getBase()),
                        op.getOffset())
                    .str());
  calls.bind(op.getArray(), name);
}

/// "{i, j}" for a tensor, the row-major position for an array.
std::optional<std::string> ScalarPrinter::place(Value memref,
                                                OperandRange indices) {
  SmallVector<std::string> at;
  for (Value index : indices) {
    std::optional<std::string> text = use(index);
    if (!text)
      return std::nullopt;
    at.push_back(*text);
  }
  if (memref.getDefiningOp<ElementsOp>()) {
    for (std::string &text : at)
      text = bare(text);
    return "{" + llvm::join(at, ", ") + "}";
  }
  auto shape = cast<MemRefType>(memref.getType()).getShape();
  std::string position = at.empty() ? "0" : at[0];
  for (size_t dim = 1; dim < at.size(); ++dim) {
    bool needs = dim > 1;
    position = (needs ? "(" + position + ")" : position) + " * " +
               std::to_string(shape[dim]) + " + " + at[dim];
  }
  return bare(position);
}

LogicalResult ScalarPrinter::printLoad(memref::LoadOp load, TextWriter &out) {
  Value memref = load.getMemRef();
  std::optional<std::string> at = place(memref, load.getIndices());
  if (!at)
    return failure();
  std::string name = calls.getName(memref).str();
  std::string text = memref.getDefiningOp<ElementsOp>()
                         ? name + ".load(" + *at + ")"
                         : name + "[" + *at + "]";
  Type type = load.getType();
  if (StringRef small = scalar::smallFloat(type); !small.empty()) {
    floats.insert(small);
    text = (small + "::decode(" + text + ")").str();
  }
  std::string cpp = type.isUnsignedInteger()
                        ? scalar::wordType(type)
                        : scalar::cppType(type);
  if (cpp.empty())
    return unknown(load);
  // Arithmetic works on signed variables.
  if (type.isUnsignedInteger())
    cpp.erase(0, 1);
  std::string variable = declareName(load.getResult(), "value");
  out.statement("const " + cpp + " " + variable + " = " + text + ";");
  calls.bind(load.getResult(), variable);
  return success();
}

LogicalResult ScalarPrinter::printStore(memref::StoreOp store,
                                        TextWriter &out) {
  Value memref = store.getMemRef();
  std::optional<std::string> at = place(memref, store.getIndices());
  std::optional<std::string> value = use(store.getValueToStore());
  if (!at || !value)
    return failure();
  std::string text = bare(*value);
  Type type = cast<MemRefType>(memref.getType()).getElementType();
  if (StringRef small = scalar::smallFloat(type); !small.empty()) {
    floats.insert(small);
    text = (small + "::encode(" + text + ")").str();
  }
  std::string name = calls.getName(memref).str();
  if (memref.getDefiningOp<ElementsOp>())
    out.statement(name + ".store(" + *at + ", " + text + ");");
  else
    out.statement(name + "[" + *at + "] = " + text + ";");
  return success();
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

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
  for (auto [init, argument, result] :
       llvm::zip_equal(loop.getInitArgs(), loop.getRegionIterArgs(),
                       loop.getResults())) {
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

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

LogicalResult ScalarPrinter::printCall(MetaliumCallOpInterface call,
                                       TextWriter &out) {
  Operation *op = call;
  const CallRecord &record = call.getCallRecord();
  std::optional<std::string> text = calls.printCall(op);
  if (!text)
    return failure();
  headers.insert(record.dmHeader);
  if (op->getNumResults() == 0) {
    out.statement(*text + ";");
    return success();
  }
  Value result = op->getResult(0);
  StringRef type = isa<AccessorType, AccessorArgsType>(result.getType())
                       ? "auto"
                       : "uint32_t";
  std::string wanted;
  if (auto arg = dyn_cast<ArgOp>(op))
    wanted = arg.getName().str();
  else if (auto args = dyn_cast<TensorAccessorArgsOp>(op))
    wanted = args.getTensor().str() + "_args";
  else if (auto accessor = dyn_cast<TensorAccessorOp>(op))
    wanted = accessor.getArgs()
                 .getDefiningOp<TensorAccessorArgsOp>()
                 .getTensor()
                 .str();
  else
    wanted = getSourceName(op->getLoc()).str();
  std::string name = names.declare(wanted.empty() ? "value" : wanted);
  out.statement(((record.constant ? "constexpr " : "const ") + type + " " +
                 name + " = " + *text + ";")
                    .str());
  calls.bind(result, name);
  return success();
}

LogicalResult ScalarPrinter::printPrint(tile::PrintOp print, TextWriter &out) {
  headers.insert("api/debug/dprint.h");
  auto quote = [](StringRef message) {
    std::string quoted;
    llvm::raw_string_ostream os(quoted);
    os << '"';
    os.write_escaped(message);
    os << '"';
    return quoted;
  };
  std::string message = print.getMessage().str();
  SourcePosition position = getSourcePosition(print.getLoc());
  std::string where = lines.describe(position);
  where = StringRef(where).split(": ").first.str();
  out.statement("DPRINT << " + quote(where + ": " + message) + " << ENDL();");
  for (Value value : print.getValues()) {
    auto memref = dyn_cast<MemRefType>(value.getType());
    if (!memref) {
      std::optional<std::string> scalar = use(value);
      if (!scalar)
        return failure();
      out.statement("DPRINT << " + *scalar + " << ENDL();");
      continue;
    }
    if (value.getDefiningOp<ElementsOp>())
      return unknown(print);
    int64_t row = memref.getRank() ? memref.getShape().back() : 1;
    StringRef small = scalar::smallFloat(memref.getElementType());
    if (!small.empty())
      floats.insert(small);
    std::string element = calls.getName(value).str() + "[element]";
    if (!small.empty())
      element = (small + "::decode(" + element + ")").str();
    else if (memref.getElementTypeBitWidth() < 32)
      element = "int32_t(" + element + ")";
    TextWriter body = out.nested();
    body.statement("DPRINT << " + element + " << ' ';");
    TextWriter end = body.nested(), none = body.nested();
    end.statement("DPRINT << ENDL();");
    body.conditional(formatv("element % {0} == {1}", row, row - 1).str(), end,
                     none, false);
    out.compound(formatv("for (uint32_t element = 0; element < {0}; ++element)",
                         memref.getNumElements())
                     .str(),
                 body);
  }
  return success();
}

/// The message goes to the console before the device stops.
LogicalResult ScalarPrinter::printAssert(tile::AssertOp check,
                                         TextWriter &out) {
  std::optional<std::string> condition = use(check.getCondition());
  if (!condition)
    return failure();
  headers.insert("api/debug/dprint.h");
  headers.insert("api/debug/assert.h");
  TextWriter body = out.nested(), none = out.nested();
  std::string text = lines.describe(getSourcePosition(check.getLoc()));
  text = StringRef(text).split(": ").first.str() + ": device_assert failed";
  if (!check.getMessage().empty())
    text += ": " + check.getMessage().str();
  std::string quoted;
  llvm::raw_string_ostream os(quoted);
  os.write_escaped(text);
  body.statement("DPRINT << \"" + quoted + "\" << ENDL();");
  body.statement("ASSERT(false);");
  out.conditional("!" + *condition, body, none, false);
  return success();
}

LogicalResult ScalarPrinter::printOp(Operation *op, TextWriter &out) {
  if (auto call = dyn_cast<MetaliumCallOpInterface>(op))
    return printCall(call, out);
  if (auto elements = dyn_cast<ElementsOp>(op)) {
    printElements(elements, out);
    return success();
  }
  if (auto array = dyn_cast<L1ArrayOp>(op)) {
    printArray(array, out);
    return success();
  }
  if (isa<scf::YieldOp, scf::ConditionOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return success();
  if (isa<scf::ForOp, scf::IfOp, scf::WhileOp>(op) || !isPure(op))
    comment(op, out);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return printFor(loop, out);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return printIf(branch, out);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return printWhile(loop, out);
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return printLoad(load, out);
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return printStore(store, out);
  if (auto print = dyn_cast<tile::PrintOp>(op))
    return printPrint(print, out);
  if (auto check = dyn_cast<tile::AssertOp>(op))
    return printAssert(check, out);
  if (op->getNumResults() != 1 || !isPure(op))
    return unknown(op);
  if (op->use_empty() || isInlined(op))
    return success();
  std::optional<std::string> text = use(op->getResult(0));
  if (!text)
    return failure();
  return declare(op->getResult(0), bare(*text), out);
}

LogicalResult ScalarPrinter::printBlock(Block &block, TextWriter &out) {
  for (Operation &op : block)
    if (failed(printOp(&op, out)))
      return failure();
  return success();
}

LogicalResult ScalarPrinter::print(llvm::raw_ostream &os) {
  TextWriter body(2);
  names.enter();
  LogicalResult result = printBlock(*kernel.getBodyBlock(), body);
  if (failed(result))
    return failure();
  for (auto elements : kernel.getBody().getOps<ElementsOp>())
    body.statement(calls.getName(elements.getTensor()).str() + ".flush();");
  auto program = kernel->getParentOfType<ProgramOp>();
  os << "// Scalar kernel of " << program.getSymName()
     << ", generated by Tilewright: element by element on a\n"
        "// data-movement core, because the program has no tile form.\n\n"
        "#include <cstdint>\n\n";
  for (StringRef header : headers)
    os << "#include \"" << header << "\"\n";
  if (!floats.empty())
    os << scalar::kSmallFloat;
  for (StringRef small : floats)
    os << scalar::smallFloatAlias(small) << '\n';
  if (usesElements)
    os << scalar::kElements;
  os << "\nvoid kernel_main() {\n" << body.str() << "}\n";
  return success();
}

LogicalResult tilewright::emitScalarKernel(KernelOp kernel,
                                           const KernelEmitOptions &options,
                                           llvm::raw_ostream &os) {
  return ScalarPrinter(kernel, options).print(os);
}
