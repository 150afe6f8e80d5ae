//===- LowerInspections.cpp - What the writer prints and checks -----------===//
//
// A block is walked in the order of the program's rows and columns; each
// element is looked up in its tile and face. An assertion that fails prints its
// place first, so that it is on the console when the core stops.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/LowerInspections.h"

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Passes/D_SplitAndProtocol/TileElements.h"
#include "compiler/Support/Diagnostics.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tilewright;

/// `text` as the inside of a C++ string literal.
static std::string escape(const Twine &text) {
  std::string escaped;
  llvm::raw_string_ostream os(escaped);
  os.write_escaped(text.str());
  return escaped;
}

namespace {

class Inspection {
public:
  Inspection(tt::InspectOp op, Value l1)
      : op(op), builder(op), loc(op.getLoc()), l1(l1) {}

  void run();

private:
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value add(Value a, Value b) {
    return builder.createOrFold<arith::AddIOp>(loc, a, b);
  }
  Value mul(Value a, int64_t factor) {
    return builder.createOrFold<arith::MulIOp>(loc, a, constant(factor));
  }
  Value div(Value a, int64_t by) {
    return builder.createOrFold<arith::DivUIOp>(loc, a, constant(by));
  }
  Value rem(Value a, int64_t by) {
    return builder.createOrFold<arith::RemUIOp>(loc, a, constant(by));
  }
  void loop(StringRef name, int64_t count, function_ref<void(Value)> body);
  void printPlace(const Twine &message);
  void printElement(Value address);
  void stopWhereZero(Value number);
  Value addressOf(Value row, Value col);
  Value asIndex(Value scalar);

  tt::InspectOp op;
  OpBuilder builder;
  Location loc;
  Value l1;
};

} // namespace

void Inspection::loop(StringRef name, int64_t count,
                      function_ref<void(Value)> body) {
  if (count == 1)
    return body(constant(0));
  auto loop = scf::ForOp::create(builder,
                                 NameLoc::get(builder.getStringAttr(name), loc),
                                 constant(0), constant(count), constant(1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

void Inspection::printPlace(const Twine &message) {
  SourcePosition position = getSourcePosition(loc);
  std::string place = llvm::sys::path::filename(position.file).str() + ":" +
                      std::to_string(position.line);
  metalium::DPrintPlaceOp::create(builder, loc, escape(place), escape(message));
}

void Inspection::printElement(Value address) {
  Type element = op.getBlock().getType().getElement();
  if (element.isF32())
    metalium::DPrintF32Op::create(builder, loc, address);
  else if (element.isUnsignedInteger())
    metalium::DPrintU32Op::create(builder, loc, address);
  else
    metalium::DPrintI32Op::create(builder, loc, address);
}

void Inspection::stopWhereZero(Value number) {
  Value isZero = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                       number, constant(0));
  auto branch = scf::IfOp::create(builder, loc, isZero, false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  StringRef message = op.getMessage();
  printPlace("device_assert failed" + Twine(message.empty() ? "" : ": ") +
             message);
  metalium::AssertOp::create(builder, loc, constant(0));
}

Value Inspection::addressOf(Value row, Value col) {
  int64_t bytes = 4, tile = tt::kTileDim;
  Value number = add(mul(div(row, tile), op.getBlock().getType().getCols()),
                     div(col, tile));
  Value inside =
      byteInTile(builder, loc, rem(row, tile), rem(col, tile), bytes);
  return add(l1, add(mul(number, tile * tile * bytes), inside));
}

Value Inspection::asIndex(Value scalar) {
  Type index = builder.getIndexType();
  if (scalar.getType().isIndex())
    return scalar;
  if (scalar.getType().isInteger(1))
    return arith::IndexCastUIOp::create(builder, loc, index, scalar);
  return arith::IndexCastOp::create(builder, loc, index, scalar);
}

void Inspection::run() {
  if (!op.getCheck())
    printPlace(op.getMessage());
  if (Value scalar = op.getScalar()) {
    Value number = asIndex(scalar);
    if (op.getCheck())
      stopWhereZero(number);
    else
      metalium::DPrintValueOp::create(builder, loc, number);
  }
  if (!l1)
    return;
  int64_t rows = (*op.getExtents())[0], cols = (*op.getExtents())[1];
  bool breaks = !op.getCheck() && !op.getOneLine();
  loop("i", rows, [&](Value i) {
    loop("j", cols, [&](Value j) {
      Value address = addressOf(add(op.getRow(), i), add(op.getCol(), j));
      if (op.getCheck())
        stopWhereZero(metalium::L1LoadU32Op::create(
            builder, loc, builder.getIndexType(), address));
      else
        printElement(address);
    });
    if (breaks)
      metalium::DPrintEndlOp::create(builder, loc);
  });
  if (!op.getCheck() && op.getOneLine())
    metalium::DPrintEndlOp::create(builder, loc);
}

void tilewright::lowerInspection(tt::InspectOp inspect, Value l1) {
  Inspection(inspect, l1).run();
  inspect.erase();
}
