//===- Ramp.cpp - Vectors of numbers that the reader writes into L1 -------===//
//
// An fp32 tile lies in L1 as four faces of 16x16 elements: upper left, upper
// right, lower left, lower right. A row vector of N tiles is row 0 of the two
// upper faces of each, a column vector column 0 of the two left ones. So either
// is 2 N runs of 16 numbers:
//
//   for half = 0 .. 2 N:
//     for e = 0 .. 16:
//       store base + step * (16 half + e)
//         at half / 2 tiles + half % 2 faces + e elements or rows of a face
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/D_SplitAndProtocol/Ramp.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace tilewright {

namespace {
constexpr int64_t kElementBytes = 4;
constexpr int64_t kFaceBytes = tt::kFaceDim * tt::kFaceDim * kElementBytes;

class RampWriter {
public:
  RampWriter(OpBuilder &builder, tt::RampToCBOp ramp, Value l1)
      : builder(builder), ramp(ramp), loc(ramp.getLoc()), l1(l1) {}

  void emit() {
    if (ramp.getAlong() == tt::Broadcast::Scalar)
      return store(constant(0), l1);
    bool isRow = ramp.getAlong() == tt::Broadcast::Row;
    int64_t tiles = ramp.getBlock().getType().getNumTiles();
    loop("tile", tiles, [&](Value tile) {
      loop("half", 2, [&](Value half) {
        loop("e", tt::kFaceDim, [&](Value e) {
          Value position =
              add(scale(add(scale(tile, 2), half), tt::kFaceDim), e);
          int64_t face = isRow ? kFaceBytes : 2 * kFaceBytes;
          int64_t line = isRow ? kElementBytes : tt::kFaceDim * kElementBytes;
          Value offset =
              add(add(scale(tile, 4 * kFaceBytes), scale(half, face)),
                  scale(e, line));
          store(position, add(l1, offset));
        });
      });
    });
  }

private:
  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value add(Value a, Value b) {
    return builder.createOrFold<arith::AddIOp>(loc, a, b);
  }
  Value scale(Value a, int64_t factor) {
    return builder.createOrFold<arith::MulIOp>(loc, a, constant(factor));
  }
  void loop(StringRef name, int64_t count, function_ref<void(Value)> body) {
    if (count == 1)
      return body(constant(0));
    auto loop = scf::ForOp::create(
        builder, NameLoc::get(builder.getStringAttr(name), loc), constant(0),
        constant(count), constant(1));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }
  void store(Value position, Value address) {
    Value number = add(ramp.getBase(), scale(position, ramp.getStep()));
    Value bits = metalium::FloatBitsOp::create(builder, loc,
                                               builder.getIndexType(), number);
    metalium::L1StoreU32Op::create(builder, loc, bits, address);
  }

  OpBuilder &builder;
  tt::RampToCBOp ramp;
  Location loc;
  Value l1;
};
} // namespace

void emitRamp(OpBuilder &builder, tt::RampToCBOp ramp, Value l1) {
  RampWriter(builder, ramp, l1).emit();
}

} // namespace tilewright
