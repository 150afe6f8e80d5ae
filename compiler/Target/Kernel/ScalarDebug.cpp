//===- ScalarDebug.cpp - T.print and T.device_assert ----------------------===//
//
// Each line names the place in the program and the core, by its logical
// coordinates.
//
//===----------------------------------------------------------------------===//

#include "compiler/Target/Kernel/ScalarPrinter.h"

#include "compiler/Target/Kernel/ScalarExpressions.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tilewright;
using namespace tilewright::metalium;
using llvm::formatv;

static std::string quote(const Twine &text) {
  std::string quoted;
  llvm::raw_string_ostream os(quoted);
  os << '"';
  os.write_escaped(text.str());
  os << '"';
  return quoted;
}

std::string ScalarPrinter::printPlace(Operation *op, StringRef message) {
  headers.insert("api/debug/dprint.h");
  std::string where = lines.describe(getSourcePosition(op->getLoc()));
  where = StringRef(where).split(": ").first.str();
  return "DPRINT << " + quote(where + ": core (") +
         " << uint32_t(get_absolute_logical_x()) << \", \" << "
         "uint32_t(get_absolute_logical_y()) << " +
         quote("): " + message) + " << ENDL();";
}

LogicalResult ScalarPrinter::printPrint(tile::PrintOp print, TextWriter &out) {
  out.statement(printPlace(print, print.getMessage()));
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
  headers.insert("api/debug/assert.h");
  TextWriter body = out.nested(), none = out.nested();
  std::string text = "device_assert failed";
  if (!check.getMessage().empty())
    text += ": " + check.getMessage().str();
  body.statement(printPlace(check, text));
  body.statement("ASSERT(false);");
  out.conditional("!" + *condition, body, none, false);
  return success();
}
