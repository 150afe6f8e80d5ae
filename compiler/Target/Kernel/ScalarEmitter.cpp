//===- ScalarEmitter.cpp - The kernel of a scalar program -----------------===//

#include "compiler/Target/Kernel/ScalarPrinter.h"

#include "compiler/Support/Codes/Emit.h"
#include "compiler/Target/Kernel/ScalarExpressions.h"
#include "compiler/Target/Kernel/ScalarText.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;
using llvm::formatv;

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

/// Arithmetic that is used once, in its own block.
bool ScalarPrinter::isInlined(Operation *op) {
  if (op->getNumResults() != 1 || !isMemoryEffectFree(op) ||
      isa<ElementsOp>(op) || isa<MetaliumCallOpInterface>(op))
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

/// Whether `text` is a name, a number or a call. In parentheses, a cast in the
/// form of a call could be taken for a type: (int32_t(uint8_t(x))) & 15.
static bool isPrimary(StringRef text) {
  StringRef rest = text.drop_while([](char c) {
    return llvm::isAlnum(c) || c == '_' || c == '.' || c == ':';
  });
  if (rest.empty())
    return true;
  if (rest.size() == text.size() || rest.front() != '(')
    return false;
  int depth = 0;
  for (auto [i, c] : llvm::enumerate(rest)) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth == 0)
      return i + 1 == rest.size();
  }
  return false;
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
  return isPrimary(*text) ? *text : "(" + *text + ")";
}

std::string ScalarPrinter::bare(std::string text) {
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

std::string scalar::declareElements(ElementsOp op, StringRef kind,
                                    StringRef name, StringRef accessor,
                                    StringRef base) {
  auto type = cast<MemRefType>(op.getTensor().getType());
  auto layout = cast<tt::LayoutAttr>(type.getMemorySpace());
  std::string shape;
  for (int64_t extent : type.getShape())
    shape += ", " + std::to_string(extent);
  bool onlyRead = llvm::all_of(op.getTensor().getUsers(),
                               llvm::IsaPred<memref::LoadOp, FlushElementsOp>);
  StringRef how = kind != "Elements" ? "" : onlyRead ? ", false" : ", true";
  return formatv("{0}<{1}, decltype({2}), {3}, {4}{5}> {6}({2}, {7}{8});", kind,
                 wordType(type.getElementType()), accessor,
                 layout.getPlane()[0], layout.getPlane()[1], shape, name, base,
                 how)
      .str();
}

std::string scalar::declareArray(Type element, StringRef name,
                                 StringRef address) {
  return formatv("{0} *const {1} = reinterpret_cast<{0} *>({2});",
                 wordType(element), name, address)
      .str();
}

void ScalarPrinter::printElements(ElementsOp op, TextWriter &out) {
  std::string name = names.declare((op.getName() + "_elements").str());
  out.statement(scalar::declareElements(
      op, "Elements", name, calls.getName(op.getAccessor()),
      formatv("{0} + {1}", calls.getName(op.getBase()), op.getOffset()).str()));
  calls.bind(op.getTensor(), name);
  usesElements = true;
}

void ScalarPrinter::printArray(L1ArrayOp op, TextWriter &out) {
  auto type = cast<MemRefType>(op.getArray().getType());
  std::string name = names.declare(op.getName());
  out.statement(scalar::declareArray(
      type.getElementType(), name,
      formatv("{0} + {1}", calls.getName(op.getBase()), op.getOffset()).str()));
  calls.bind(op.getArray(), name);
}

/// "{i, j}" for a tensor, the position for a block of tiles and for an array,
/// which is row-major.
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
  if (memref.getDefiningOp<L1TilesOp>())
    return formatv("inTiles<{0}>({1}, {2})", shape[1] / tt::kTileDim,
                   bare(at[0]), bare(at[1]))
        .str();
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
  std::string cpp =
      type.isUnsignedInteger() ? scalar::wordType(type) : scalar::cppType(type);
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

LogicalResult ScalarPrinter::printCopy(CopyElementsOp copy, TextWriter &out) {
  std::optional<std::string> from =
      place(copy.getElements(), copy.getIndices());
  // (row, col) are the last two operands.
  std::optional<std::string> to =
      place(copy.getBlock(), copy->getOperands().take_back(2));
  if (!from || !to)
    return failure();
  out.statement(formatv("{0}.copy<{1}>({2}, {3} + {4});",
                        calls.getName(copy.getElements()), copy.getCount(),
                        *from, calls.getName(copy.getBlock()), *to)
                    .str());
  return success();
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
  if (auto clear = dyn_cast<ClearElementsOp>(op)) {
    auto type = cast<MemRefType>(clear.getBlock().getType());
    out.statement(formatv("clear({0}, {1});", calls.getName(clear.getBlock()),
                          type.getNumElements())
                      .str());
    return success();
  }
  if (auto copy = dyn_cast<CopyElementsOp>(op)) {
    comment(op, out);
    return printCopy(copy, out);
  }
  if (auto flush = dyn_cast<FlushElementsOp>(op)) {
    out.statement(calls.getName(flush.getTensor()).str() + ".flush();");
    return success();
  }
  if (isa<scf::YieldOp, scf::ConditionOp>(op) ||
      op->hasTrait<OpTrait::ConstantLike>())
    return success();
  if (isa<scf::ForOp, scf::IfOp, scf::WhileOp>(op) || !isMemoryEffectFree(op))
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
  if (op->getNumResults() != 1 || !isMemoryEffectFree(op))
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
    os << scalar::kFindElement << scalar::kElements;
  os << "\nvoid kernel_main() {\n" << body.str() << "}\n";
  return success();
}

LogicalResult tilewright::emitScalarKernel(KernelOp kernel,
                                           const KernelEmitOptions &options,
                                           llvm::raw_ostream &os) {
  return ScalarPrinter(kernel, options).print(os);
}
