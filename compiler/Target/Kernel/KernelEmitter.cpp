//===- KernelEmitter.cpp - Kernels as TT-Metalium C++ text ----------------===//
//
// Walks a kernel's body in order. Calls and declarations are lines; loops and
// conditions open blocks; everything else is an expression (Expressions.h).
//
// Loop-carried values are variables that the loop changes. A value that only
// starts such a variable *is* the variable: an L1 address from get_write_ptr
// that a loop steps through is declared once, without a copy.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Kernel/KernelEmitter.h"

#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Kernel/Expressions.h"
#include "compiler/Target/Kernel/Names.h"
#include "compiler/Target/Kernel/ScalarExpressions.h"
#include "compiler/Target/Kernel/ScalarPrinter.h"
#include "compiler/Target/Kernel/ScalarText.h"
#include "compiler/Target/Kernel/SourceLines.h"
#include "compiler/Target/Kernel/TextWriter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <map>
#include <set>

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;

namespace {

class KernelPrinter {
public:
  KernelPrinter(KernelOp kernel, const KernelEmitOptions &options)
      : kernel(kernel), options(options), expressions(options.api),
        names(kernel.getContext()) {}

  LogicalResult print(llvm::raw_ostream &os);

private:
  LogicalResult printBlock(Block &block, TextWriter &out);
  LogicalResult printOp(Operation *op, TextWriter &out);
  LogicalResult printCall(MetaliumCallOpInterface call, TextWriter &out);
  LogicalResult printElements(ElementsOp op, TextWriter &out);
  LogicalResult printTiles(L1TilesOp op, TextWriter &out);
  LogicalResult printByElement(ByElementOp op, TextWriter &out);
  LogicalResult printFor(scf::ForOp loop, TextWriter &out);
  LogicalResult printIf(scf::IfOp branch, TextWriter &out);
  LogicalResult printYield(scf::YieldOp yield, TextWriter &out);
  LogicalResult declareCarried(scf::ForOp loop, TextWriter &out);
  LogicalResult rejectOp(Operation *op);
  LogicalResult rejectEmpty();

  void printComment(Operation *op, TextWriter &out);
  void suppressComment(Operation *op);
  LogicalResult declare(Value value, StringRef type, StringRef init,
                        TextWriter &out);
  std::string nameFor(Value value);
  void addHeader(const CallRecord &record);

  KernelOp kernel;
  const KernelEmitOptions &options;
  Expressions expressions;
  Names names;
  SourceLines lines;
  std::set<StringRef> headers;
  std::set<std::pair<StringRef, unsigned>> commented;
  std::set<StringRef> floats; ///< small floats that are computed with
  bool readsElements = false, storesElements = false, movesElements = false;
  unsigned work = 0; ///< calls other than arguments and handles
};

} // namespace

//===----------------------------------------------------------------------===//
// Types and names
//===----------------------------------------------------------------------===//

/// The C++ type of a variable of that type, or "".
static StringRef cppType(Type type) {
  if (isa<CBType, SemaphoreType, IndexType>(type) || type.isInteger(32))
    return "uint32_t";
  if (isa<NocAddrType>(type) || type.isInteger(64))
    return "uint64_t";
  if (isa<AccessorType, AccessorArgsType>(type))
    return "auto";
  if (type.isInteger(1))
    return "bool";
  return "";
}

/// What an expert would call the result of a call that has no source name.
static std::string defaultName(Operation *op) {
  auto ofBuffer = [](Value cb, StringRef suffix) {
    auto ref = cb.getDefiningOp<CBRefOp>();
    StringRef name = ref ? ref.getName() : "cb";
    name.consume_front("cb_");
    return (name + suffix).str();
  };
  return llvm::TypeSwitch<Operation *, std::string>(op)
      .Case([](ArgOp arg) { return arg.getName().str(); })
      .Case([](CBRefOp ref) { return ref.getName().str(); })
      .Case([](GetSemaphoreOp semaphore) { return semaphore.getName().str(); })
      .Case([](TensorAccessorArgsOp args) {
        return args.getTensor().str() + "_args";
      })
      .Case([](TensorAccessorOp accessor) {
        auto args = accessor.getArgs().getDefiningOp<TensorAccessorArgsOp>();
        return args ? args.getTensor().str() : std::string("tensor");
      })
      .Case([&](GetWritePtrOp get) { return ofBuffer(get.getCb(), "_l1"); })
      .Case([&](GetReadPtrOp get) { return ofBuffer(get.getCb(), "_l1"); })
      .Default([](Operation *op) {
        return isa<NocAddrType>(op->getResult(0).getType()) ? "noc_addr"
                                                            : "value";
      });
}

/// Calls whose variable is named after what they refer to, not after the
/// source location they came from.
static bool hasOwnName(Operation *op) {
  return isa_and_nonnull<ArgOp, CBRefOp, GetSemaphoreOp, TensorAccessorArgsOp,
                         TensorAccessorOp>(op);
}

std::string KernelPrinter::nameFor(Value value) {
  Operation *op = value.getDefiningOp();
  if (hasOwnName(op))
    return names.declare(defaultName(op));
  StringRef source = getSourceName(value.getLoc());
  if (!source.empty())
    return names.declare(source);
  return names.declare(op ? defaultName(op) : "value");
}

LogicalResult KernelPrinter::declare(Value value, StringRef type,
                                     StringRef init, TextWriter &out) {
  std::string name = nameFor(value);
  out.statement((type + " " + name + " = " + init + ";").str());
  expressions.bind(value, std::move(name));
  return success();
}

//===----------------------------------------------------------------------===//
// Comments with the source line
//===----------------------------------------------------------------------===//

/// Whether `op` is work that a reader wants to see the source of.
static bool isWork(Operation *op) {
  auto call = dyn_cast<MetaliumCallOpInterface>(op);
  if (!call)
    return false;
  StringRef category = call.getCallRecord().category;
  return category != "args" && category != "init";
}

/// The source position whose work begins with `op`: that of a call, or of a
/// loop or condition whose work is all of its own source line.
static SourcePosition workPosition(Operation *op) {
  SourcePosition position = getSourcePosition(op->getLoc());
  if (op->getNumRegions() == 0)
    return isWork(op) ? position : SourcePosition{};
  bool isUniform = true;
  op->walk([&](Operation *inner) {
    if (!isWork(inner))
      return;
    SourcePosition other = getSourcePosition(inner->getLoc());
    isUniform &= other.file == position.file && other.line == position.line;
  });
  return isUniform ? position : SourcePosition{};
}

void KernelPrinter::printComment(Operation *op, TextWriter &out) {
  if (!options.sourceComments)
    return;
  SourcePosition position = workPosition(op);
  if (position.line != 0 &&
      commented.insert({position.file, position.line}).second)
    out.comment(lines.describe(position));
}

void KernelPrinter::suppressComment(Operation *op) {
  SourcePosition position = workPosition(op);
  commented.insert({position.file, position.line});
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

void KernelPrinter::addHeader(const CallRecord &record) {
  bool isCompute = kernel.getRole() == KernelRole::Compute;
  headers.insert(isCompute ? record.getSpelling(options.api).computeHeader
                           : record.dmHeader);
}

/// Whether `value` only starts a variable that a loop carries.
static bool isAdopted(Value value) {
  if (!value.hasOneUse())
    return false;
  OpOperand &use = *value.use_begin();
  auto loop = dyn_cast<scf::ForOp>(use.getOwner());
  return loop && llvm::is_contained(loop.getInitArgs(), value);
}

LogicalResult KernelPrinter::printCall(MetaliumCallOpInterface call,
                                       TextWriter &out) {
  Operation *op = call;
  const CallRecord &record = call.getCallRecord();
  if (op->getNumResults() == 1 && op->use_empty() && isPure(op))
    return success();
  std::optional<std::string> text = expressions.printCall(op);
  if (!text)
    return failure();
  addHeader(record);
  work += record.category != "args";
  if (Expressions::isInlined(op))
    return success();
  printComment(op, out);
  if (op->getNumResults() == 0 || op->use_empty()) {
    out.statement(*text + ";");
    return success();
  }
  Value result = op->getResult(0);
  std::string type = cppType(result.getType()).str();
  if (record.constant)
    type = "constexpr " + type;
  else if (!isAdopted(result))
    type = "const " + type;
  return declare(result, type, *text, out);
}

//===----------------------------------------------------------------------===//
// Loops and conditions
//===----------------------------------------------------------------------===//

/// Declares the variables that `loop` carries, and binds its arguments and
/// results to them.
LogicalResult KernelPrinter::declareCarried(scf::ForOp loop, TextWriter &out) {
  for (auto [init, argument, result] : llvm::zip_equal(
           loop.getInitArgs(), loop.getRegionIterArgs(), loop.getResults())) {
    std::string name = expressions.getName(init).str();
    // A block argument that is no carried variable must not be changed.
    bool canAdopt = !name.empty() && isAdopted(init);
    if (auto owner = dyn_cast<BlockArgument>(init))
      canAdopt &= owner.getArgNumber() != 0;
    if (!canAdopt) {
      StringRef type = cppType(init.getType());
      if (type.empty() || type == "auto")
        return emitCoded(loop, Code::UnknownKernelOp)
               << "a loop cannot carry a value of type " << init.getType();
      std::optional<std::string> text = expressions.print(init);
      if (!text)
        return failure();
      StringRef source = getSourceName(argument.getLoc());
      if (source.empty())
        source = getSourceName(init.getLoc());
      name = names.declare(source.empty() ? "value" : source);
      out.statement((type + " " + name + " = " + *text + ";").str());
    }
    expressions.bind(argument, name);
    expressions.bind(result, name);
  }
  return success();
}

LogicalResult KernelPrinter::printFor(scf::ForOp loop, TextWriter &out) {
  printComment(loop, out);
  if (failed(declareCarried(loop, out)))
    return failure();
  std::optional<std::string> lower = expressions.print(loop.getLowerBound());
  std::optional<std::string> step = expressions.print(loop.getStep());
  if (!lower || !step)
    return failure();

  names.enter();
  Value variable = loop.getInductionVar();
  StringRef source = getSourceName(variable.getLoc());
  if (source.empty())
    source = getSourceName(loop.getLoc());
  std::string name = names.declare(source.empty() ? "i" : source);
  expressions.bind(variable, name);
  std::optional<std::string> condition =
      expressions.printLess(variable, loop.getUpperBound());
  if (!condition)
    return failure();
  std::string head = "for (uint32_t " + name + " = " + *lower + "; " +
                     *condition + "; " +
                     (*step == "1" ? "++" + name : name + " += " + *step) + ")";
  TextWriter body = out.nested();
  LogicalResult result = printBlock(*loop.getBody(), body);
  names.leave();
  out.compound(head, body);
  return result;
}

/// Whether a block prints as one condition without results: an `else if`.
static bool isOnlyAnIf(Block &block) {
  unsigned conditions = 0;
  for (Operation &op : block.without_terminator()) {
    auto branch = dyn_cast<scf::IfOp>(op);
    if (branch ? branch.getNumResults() != 0 : !Expressions::isInlined(&op))
      return false;
    conditions += static_cast<bool>(branch);
  }
  return conditions == 1;
}

LogicalResult KernelPrinter::printIf(scf::IfOp branch, TextWriter &out) {
  printComment(branch, out);
  std::optional<std::string> condition =
      expressions.print(branch.getCondition());
  if (!condition)
    return failure();
  for (Value result : branch.getResults()) {
    StringRef type = cppType(result.getType());
    if (type.empty() || type == "auto")
      return emitCoded(branch, Code::UnknownKernelOp)
             << "a condition cannot yield a value of type " << result.getType();
    std::string name = nameFor(result);
    out.statement((type + " " + name + ";").str());
    expressions.bind(result, name);
  }
  names.enter();
  TextWriter then = out.nested();
  LogicalResult thenResult = printBlock(*branch.thenBlock(), then);
  names.leave();
  Block *other = branch.elseBlock();
  bool isElseIf = other && !then.empty() && branch.getNumResults() == 0 &&
                  isOnlyAnIf(*other);
  // Between `else` and `if` there is no place for a comment.
  if (isElseIf)
    for (auto inner : other->getOps<scf::IfOp>())
      suppressComment(inner);
  TextWriter otherwise = isElseIf ? out.sibling() : out.nested();
  LogicalResult otherResult = success();
  if (other) {
    names.enter();
    otherResult = printBlock(*other, otherwise);
    names.leave();
  }
  if (failed(thenResult) || failed(otherResult))
    return failure();
  if (!then.empty())
    out.conditional(*condition, then, otherwise, isElseIf);
  else if (!otherwise.empty())
    out.conditional("!(" + *condition + ")", otherwise, then, false);
  return success();
}

/// Whether `word` stands in `text` as a whole identifier.
static bool mentions(StringRef text, StringRef word) {
  auto isWordChar = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(word); at != StringRef::npos;
       at = text.find(word, at + 1)) {
    bool startsWord = at == 0 || !isWordChar(text[at - 1]);
    size_t end = at + word.size();
    if (startsWord && (end == text.size() || !isWordChar(text[end])))
      return true;
  }
  return false;
}

/// The values yielded become those of the loop's or condition's variables. One
/// that another assignment still needs is kept in a constant first.
LogicalResult KernelPrinter::printYield(scf::YieldOp yield, TextWriter &out) {
  struct Assignment {
    std::string target, value;
    StringRef type;
  };
  std::vector<Assignment> assignments;
  for (auto [result, value] : llvm::zip_equal(
           yield->getParentOp()->getResults(), yield.getOperands())) {
    std::optional<std::string> text = expressions.print(value);
    if (!text)
      return failure();
    StringRef target = expressions.getName(result);
    if (target != *text)
      assignments.push_back({target.str(), *text, cppType(result.getType())});
  }
  for (size_t i = 0; i < assignments.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (mentions(assignments[i].value, assignments[j].target)) {
        std::string name = names.declare("next_" + assignments[i].target);
        out.statement(("const " + assignments[i].type + " " + name + " = " +
                       assignments[i].value + ";")
                          .str());
        assignments[i].value = name;
        break;
      }
  for (const Assignment &assignment : assignments) {
    StringRef rest = assignment.value;
    // x = x + y reads as x += y; what follows x + must not bind weaker.
    if (rest.consume_front(assignment.target + " + ") &&
        rest.find_first_of("?<>=&|^") == StringRef::npos &&
        !rest.contains(" - "))
      out.statement(assignment.target + " += " + rest.str() + ";");
    else
      out.statement(assignment.target + " = " + assignment.value + ";");
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Single elements
//===----------------------------------------------------------------------===//

LogicalResult KernelPrinter::printElements(ElementsOp op, TextWriter &out) {
  std::optional<std::string> accessor = expressions.print(op.getAccessor());
  std::optional<std::string> base = expressions.print(op.getBase());
  if (!accessor || !base)
    return failure();
  bool stores =
      llvm::any_of(op.getTensor().getUsers(), llvm::IsaPred<memref::StoreOp>);
  std::string name = names.declare((op.getName() + "_elements").str());
  out.statement(scalar::declareElements(
      op, stores ? "Elements" : "ElementReader", name, *accessor, *base));
  expressions.bind(op.getTensor(), name);
  (stores ? storesElements : readsElements) = true;
  return success();
}

LogicalResult KernelPrinter::printTiles(L1TilesOp op, TextWriter &out) {
  std::optional<std::string> base = expressions.print(op.getBase());
  if (!base)
    return failure();
  auto type = cast<MemRefType>(op.getBlock().getType());
  std::string name = names.declare(op.getName());
  out.statement(scalar::declareArray(type.getElementType(), name, *base));
  expressions.bind(op.getBlock(), name);
  movesElements = true;
  return success();
}

/// The part counts with a sign, the kernel around it without.
LogicalResult KernelPrinter::printByElement(ByElementOp op, TextWriter &out) {
  ScalarPrinter part(kernel, options, names);
  llvm::SetVector<Value> outer;
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (!op.getBody().isAncestor(operand.getParentRegion()) &&
          !matchPattern(operand, m_Constant()))
        outer.insert(operand);
  });
  for (Value value : outer) {
    std::optional<std::string> text = expressions.print(value);
    if (!text)
      return failure();
    part.bind(value,
              value.getType().isIndex() ? "int32_t(" + *text + ")" : *text);
  }
  if (failed(part.printPart(op.getBody().front(), out)))
    return failure();
  floats.insert(part.getFloats().begin(), part.getFloats().end());
  ++work;
  return success();
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

LogicalResult KernelPrinter::rejectOp(Operation *op) {
  StringRef dialect = op->getName().getDialectNamespace();
  StringRef pass = "stage D";
  if (dialect == "tile" || dialect == "memref" || dialect == "math")
    pass = "tt-lower-tile-intrinsics";
  else if (op->getName().getStringRef() == "tt.read_to_cb" ||
           op->getName().getStringRef() == "tt.write_from_cb")
    pass = "tt-lower-cb-intrinsics";
  else if (dialect == "tt")
    pass = "tt-insert-dst-management";
  return emitCoded(op, Code::UnknownKernelOp)
         << "'" << op->getName() << "' has no form in the "
         << stringifyKernelRole(kernel.getRole()) << " kernel '"
         << kernel.getSymName() << "'; " << pass << " should have lowered it";
}

LogicalResult KernelPrinter::rejectEmpty() {
  bool isCompute = kernel.getRole() == KernelRole::Compute;
  return emitCoded(kernel, Code::EmptyKernel)
         << stringifyKernelRole(kernel.getRole()) << " kernel '"
         << kernel.getSymName()
         << "' has an empty or incomplete body: it makes no "
         << (isCompute ? "compute" : "circular buffer or NoC")
         << " call; check that tt-split-device-kernel and "
         << (isCompute ? "tt-insert-dst-management" : "tt-lower-cb-intrinsics")
         << " have run";
}

LogicalResult KernelPrinter::printOp(Operation *op, TextWriter &out) {
  if (auto call = dyn_cast<MetaliumCallOpInterface>(op))
    return printCall(call, out);
  if (auto elements = dyn_cast<ElementsOp>(op))
    return printElements(elements, out);
  if (auto tiles = dyn_cast<L1TilesOp>(op))
    return printTiles(tiles, out);
  if (auto flush = dyn_cast<FlushElementsOp>(op)) {
    out.statement(expressions.getName(flush.getTensor()).str() + ".flush();");
    return success();
  }
  if (auto part = dyn_cast<ByElementOp>(op))
    return printByElement(part, out);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return printFor(loop, out);
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return printIf(branch, out);
  if (auto yield = dyn_cast<scf::YieldOp>(op))
    return printYield(yield, out);
  if (op->hasTrait<OpTrait::ConstantLike>())
    return success();
  if (!Expressions::isArithmetic(op))
    return rejectOp(op);
  if (op->use_empty() || Expressions::isInlined(op))
    return success();
  Value result = op->getResult(0);
  std::optional<std::string> text = expressions.print(result);
  StringRef type = cppType(result.getType());
  if (!text || type.empty())
    return text ? rejectOp(op) : failure();
  return declare(result, isAdopted(result) ? type.str() : "const " + type.str(),
                 *text, out);
}

LogicalResult KernelPrinter::printBlock(Block &block, TextWriter &out) {
  for (Operation &op : block)
    if (failed(printOp(&op, out)))
      return failure();
  return success();
}

LogicalResult KernelPrinter::print(llvm::raw_ostream &os) {
  TextWriter body(2);
  names.enter();
  LogicalResult result = printBlock(*kernel.getBodyBlock(), body);
  names.leave();
  if (failed(result))
    return failure();
  if (work == 0)
    return rejectEmpty();

  std::string role = stringifyKernelRole(kernel.getRole()).str();
  role.front() = llvm::toUpper(role.front());
  auto program = kernel->getParentOfType<ProgramOp>();
  os << "// " << role << " kernel of " << program.getSymName()
     << ", generated by Tilewright.\n\n#include <cstdint>\n\n";
  for (StringRef header : headers)
    os << "#include \"" << header << "\"\n";
  if (!floats.empty())
    os << scalar::kSmallFloat;
  for (StringRef small : floats)
    os << scalar::smallFloatAlias(small) << '\n';
  if (readsElements || storesElements)
    os << scalar::kFindElement;
  if (storesElements)
    os << scalar::kElements;
  if (readsElements)
    os << scalar::kElementReader;
  if (movesElements)
    os << scalar::kInTiles;
  bool clears =
      kernel.walk([](ClearElementsOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  if (clears)
    os << scalar::kClear;
  os << "\nvoid kernel_main() {\n" << body.str() << "}\n";
  return success();
}

LogicalResult tilewright::emitKernel(KernelOp kernel,
                                     const KernelEmitOptions &options,
                                     llvm::raw_ostream &os) {
  return KernelPrinter(kernel, options).print(os);
}
