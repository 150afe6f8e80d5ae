//===- SmallIntegers.cpp - How narrow integers are held -------------------===//
//
// The vector unit computes on 32 bits. A program on integers of 8 and 16 bits
// and Booleans is the same program on int32 that cuts every result down to the
// bits that its type has.
//
//   1. Memory: elements of int8, int16, uint8, uint16 and bool become int32 of
//      the same value. #tile.tensor keeps the type that the caller passes.
//   2. Values of n bits become int32 that hold their signed value. What may
//      leave the n bits (sums, products, shifts, casts) is shifted up and down
//      again; unsigned operations and stores mask their operands.
//   3. A gemm of 8-bit integers is one of bfloat16 (IntegerGemm).
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/SmallIntegers.h"

#include "compiler/Analysis/Scalars.h"
#include "compiler/Passes/A_Metadata/IntegerGemm.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tilewright {

/// A value of 8 or 16 bits.
static bool isNarrow(Type type) {
  return type.isInteger(8) || type.isInteger(16);
}

static Type elementOf(Value value) {
  auto memref = dyn_cast<MemRefType>(value.getType());
  return memref ? memref.getElementType() : Type();
}

/// Memory of narrow integers or Booleans.
static bool isSmallMemory(Value value) {
  Type element = elementOf(value);
  return element && (isNarrow(element) || element.isInteger(1));
}

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

/// What a copy stores has to be cut down unless it has the type already.
static bool isHoldableCopy(tile::CopyOp copy) {
  Value target = copy.getTarget();
  Type from = elementOf(copy.getSource()), to = elementOf(target);
  if (!isSmallMemory(target) || from == to || isa<FloatType>(from))
    return !to.isInteger(1) || from == to;
  // The host takes the lower bits of what nobody on the device reads.
  return isa<BlockArgument>(target) && !to.isInteger(1) &&
         llvm::all_of(target.getUses(), [&](OpOperand &use) {
           auto other = dyn_cast<tile::CopyOp>(use.getOwner());
           return other && other.getTarget() == target;
         });
}

/// Whether `op`, which has narrow operands or results, is known below.
static bool isHoldable(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([](tile::GemmOp gemm) { return hasExactIntegerGemm(gemm); })
      .Case([](tile::CopyOp copy) { return isHoldableCopy(copy); })
      .Case([](tile::ReduceOp reduce) {
        return !isSmallMemory(reduce.getTarget()) ||
               reduce.getKind() == tile::ReduceKind::Max ||
               reduce.getKind() == tile::ReduceKind::Min;
      })
      .Case([](UnrealizedConversionCastOp cast) {
        return cast->getNumOperands() == 1 && cast->getNumResults() == 1 &&
               isNarrow(cast->getResult(0).getType()) &&
               isNarrow(cast->getOperand(0).getType());
      })
      .Case([](tile::AnnotateLayoutOp annotation) {
        return !annotation.getFields().contains("dtype");
      })
      .Case([](arith::ConstantOp constant) {
        return isa<IntegerAttr>(constant.getValue());
      })
      .Case<tile::AllocOp, tile::FillOp, tile::PrintOp, memref::LoadOp,
            memref::StoreOp, memref::DimOp, arith::AddIOp, arith::SubIOp,
            arith::MulIOp, arith::ShLIOp, arith::AndIOp, arith::OrIOp,
            arith::XOrIOp, arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp,
            arith::MinSIOp, arith::MaxSIOp, arith::ShRSIOp, arith::DivUIOp,
            arith::RemUIOp, arith::MinUIOp, arith::MaxUIOp, arith::ShRUIOp,
            arith::CmpIOp, arith::SelectOp, arith::ExtSIOp, arith::ExtUIOp,
            arith::TruncIOp, arith::SIToFPOp, arith::UIToFPOp, arith::FPToSIOp,
            arith::FPToUIOp, arith::IndexCastOp, arith::IndexCastUIOp>(
          [](Operation *) { return true; })
      .Default(false);
}

SmallIntegers findSmallIntegers(tile::FuncOp func) {
  SmallIntegers found;
  auto visit = [&](Value value) {
    if (!isSmallMemory(value))
      return;
    found.any = true;
    found.computed |= !isScalarBuffer(value) && !isSteeringTensor(value);
  };
  for (BlockArgument argument : func.getBody().getArguments())
    visit(argument);
  func.walk([&](Operation *op) {
    llvm::for_each(op->getResults(), visit);
    auto isSmall = [](Value value) {
      return isSmallMemory(value) || isNarrow(value.getType());
    };
    if ((llvm::any_of(op->getOperands(), isSmall) ||
         llvm::any_of(op->getResults(), isSmall)) &&
        !isHoldable(op))
      found.holdable = false;
    if (auto gemm = dyn_cast<tile::GemmOp>(op))
      found.multiplied |= isSmallMemory(gemm.getA());
  });
  return found;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

namespace {

/// Rewrites one program, operation by operation in their order.
class Widening {
public:
  explicit Widening(tile::FuncOp func)
      : func(func), builder(func.getContext()) {}

  void run();

private:
  void rewrite(Operation *op);
  void retype(Value memory);

  /// The signed value of a narrow integer, in 32 bits.
  Value wide(Value value) {
    return isNarrow(value.getType()) ? values.lookup(value) : value;
  }
  /// Its lower `width` bits, the others zero.
  Value masked(Location loc, Value value, unsigned width);
  /// The signed value of its lower `width` bits.
  Value wrapped(Location loc, Value value, unsigned width);
  Value constant(Location loc, int64_t number) {
    return arith::ConstantOp::create(builder, loc,
                                     builder.getI32IntegerAttr(number));
  }
  void set(Operation *op, Value value) {
    values[op->getResult(0)] = value;
    dead.push_back(op);
  }
  template <typename Op> Value binary(Operation *op, Value a, Value b) {
    return Op::create(builder, op->getLoc(), a, b);
  }

  tile::FuncOp func;
  OpBuilder builder;
  DenseMap<Value, Value> values;
  /// Bits that a wide value of the memory of unsigned numbers has.
  DenseMap<Value, unsigned> unsignedBits;
  DenseMap<Value, Type> elements; ///< of memory, before it was retyped
  SmallVector<Operation *> dead;
};

} // namespace

Value Widening::masked(Location loc, Value value, unsigned width) {
  if (std::optional<int64_t> number = getConstantIntValue(value))
    return constant(loc, *number & ((int64_t{1} << width) - 1));
  // Shifting up and down did not change the lower bits.
  if (auto down = value.getDefiningOp<arith::ShRSIOp>())
    if (auto up = down.getLhs().getDefiningOp<arith::ShLIOp>())
      if (getConstantIntValue(up.getRhs()) && up.getRhs() == down.getRhs())
        value = up.getLhs();
  auto known = unsignedBits.find(value);
  if (known != unsignedBits.end() && known->second <= width)
    return value;
  Value result = arith::AndIOp::create(
      builder, loc, value, constant(loc, (int64_t{1} << width) - 1));
  unsignedBits[result] = width;
  return result;
}

Value Widening::wrapped(Location loc, Value value, unsigned width) {
  if (std::optional<int64_t> number = getConstantIntValue(value))
    return constant(loc, llvm::SignExtend64(*number, width));
  auto known = unsignedBits.find(value);
  if (known != unsignedBits.end() && known->second < width)
    return value;
  Value by = constant(loc, 32 - width);
  Value up = arith::ShLIOp::create(builder, loc, value, by);
  return arith::ShRSIOp::create(builder, loc, up, by);
}

void Widening::rewrite(Operation *op) {
  builder.setInsertionPoint(op);
  Location loc = op->getLoc();
  Type narrow = op->getNumResults() == 1 ? op->getResult(0).getType() : Type();
  unsigned width =
      narrow && isNarrow(narrow) ? narrow.getIntOrFloatBitWidth() : 0;
  auto operand = [&](unsigned i) { return wide(op->getOperand(i)); };
  unsigned from = 0;
  if (op->getNumOperands() && isNarrow(op->getOperand(0).getType()))
    from = op->getOperand(0).getType().getIntOrFloatBitWidth();
  auto unsignedOperand = [&](unsigned i) {
    return from ? masked(loc, operand(i), from) : operand(i);
  };

  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    Type element = elements.lookup(load.getMemRef());
    if (!element)
      return;
    auto made = memref::LoadOp::create(builder, loc, load.getMemRef(),
                                       load.getIndices());
    if (element.isUnsignedInteger() || element.isInteger(1))
      unsignedBits[made] = element.getIntOrFloatBitWidth();
    if (element.isInteger(1)) {
      load.replaceAllUsesWith(Value(arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::ne, made, constant(loc, 0))));
      dead.push_back(op);
      return;
    }
    return set(op, made);
  }
  if (auto store = dyn_cast<memref::StoreOp>(op)) {
    Type element = elements.lookup(store.getMemRef());
    if (!element)
      return;
    Value value = store.getValue();
    if (element.isInteger(1))
      value = arith::ExtUIOp::create(builder, loc, builder.getI32Type(), value);
    else if (element.isUnsignedInteger())
      value = masked(loc, wide(value), element.getIntOrFloatBitWidth());
    else
      value = wide(value);
    store.getValueMutable().assign(value);
    return;
  }
  if (auto fill = dyn_cast<tile::FillOp>(op)) {
    Type element = elements.lookup(fill.getBuffer());
    if (!element)
      return;
    Value value = fill.getValue();
    if (element.isInteger(1))
      value = arith::ExtUIOp::create(builder, loc, builder.getI32Type(), value);
    else
      value = element.isUnsignedInteger()
                  ? masked(loc, wide(value), element.getIntOrFloatBitWidth())
                  : wide(value);
    fill.getValueMutable().assign(value);
    return;
  }
  if (auto constantOp = dyn_cast<arith::ConstantOp>(op)) {
    if (width)
      set(op, constant(loc, cast<IntegerAttr>(constantOp.getValue())
                                .getValue()
                                .getSExtValue()));
    return;
  }
  // Memory has the value of unsigned numbers; stores will mask them.
  if (isa<UnrealizedConversionCastOp>(op)) {
    if (!width && !from)
      return; // between the signs of 32 bits
    return set(op, op->getOperand(0).getType().isUnsignedInteger()
                       ? wrapped(loc, operand(0), width)
                       : operand(0));
  }
  if (isa<arith::TruncIOp>(op)) {
    Value value = operand(0);
    if (value.getType().isInteger(64))
      value =
          arith::TruncIOp::create(builder, loc, builder.getI32Type(), value);
    if (width)
      return set(op, wrapped(loc, value, width));
    op->setOperand(0, value);
    return;
  }
  if (isa<arith::ExtSIOp, arith::ExtUIOp>(op)) {
    Value value = isa<arith::ExtUIOp>(op) ? unsignedOperand(0) : operand(0);
    if (!from) { // of a condition
      if (width)
        set(op, isa<arith::ExtUIOp>(op)
                    ? Value(arith::ExtUIOp::create(builder, loc,
                                                   builder.getI32Type(), value))
                    : Value(arith::ExtSIOp::create(
                          builder, loc, builder.getI32Type(), value)));
      return;
    }
    if (width)
      return set(op, value);
    if (narrow.isInteger(64))
      value = arith::ExtSIOp::create(builder, loc, narrow, value);
    op->getResult(0).replaceAllUsesWith(value);
    dead.push_back(op);
    return;
  }
  if (isa<arith::FPToSIOp, arith::FPToUIOp>(op)) {
    if (width)
      set(op, wrapped(loc,
                      arith::FPToSIOp::create(builder, loc,
                                              builder.getI32Type(), operand(0)),
                      width));
    return;
  }
  if (isa<arith::UIToFPOp>(op) && from) {
    Value made =
        arith::SIToFPOp::create(builder, loc, narrow, unsignedOperand(0));
    op->getResult(0).replaceAllUsesWith(made);
    dead.push_back(op);
    return;
  }
  if (auto compare = dyn_cast<arith::CmpIOp>(op)) {
    if (!from)
      return;
    using P = arith::CmpIPredicate;
    static const std::pair<P, P> signedOf[] = {
        {P::ult, P::slt}, {P::ule, P::sle}, {P::ugt, P::sgt}, {P::uge, P::sge}};
    for (auto [plain, kind] : signedOf)
      if (compare.getPredicate() == plain) {
        Value a = unsignedOperand(0), b = unsignedOperand(1);
        compare->setOperands({a, b});
        compare.setPredicate(kind);
        return;
      }
    compare->setOperands({operand(0), operand(1)});
    return;
  }
  if (isa<tile::PrintOp, arith::SIToFPOp, arith::IndexCastOp>(op) && !width) {
    for (OpOperand &each : op->getOpOperands())
      each.set(wide(each.get()));
    return;
  }
  if (!width && !from)
    return;
  if (isa<arith::IndexCastUIOp>(op) && !width) {
    op->setOperand(0, unsignedOperand(0));
    return;
  }
  if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op))
    return set(op, wrapped(loc,
                           arith::IndexCastOp::create(
                               builder, loc, builder.getI32Type(), operand(0)),
                           width));
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return set(op, arith::SelectOp::create(builder, loc, select.getCondition(),
                                           wide(select.getTrueValue()),
                                           wide(select.getFalseValue())));

  // Arithmetic on two values of the type.
  bool isUnsigned = isa<arith::DivUIOp, arith::RemUIOp, arith::MinUIOp,
                        arith::MaxUIOp, arith::ShRUIOp>(op);
  Value a = isUnsigned ? unsignedOperand(0) : operand(0);
  Value b = isUnsigned ? unsignedOperand(1) : operand(1);
  Value made =
      llvm::TypeSwitch<Operation *, Value>(op)
          .Case([&](arith::AddIOp) { return binary<arith::AddIOp>(op, a, b); })
          .Case([&](arith::SubIOp) { return binary<arith::SubIOp>(op, a, b); })
          .Case([&](arith::MulIOp) { return binary<arith::MulIOp>(op, a, b); })
          .Case([&](arith::ShLIOp) { return binary<arith::ShLIOp>(op, a, b); })
          .Case([&](arith::AndIOp) { return binary<arith::AndIOp>(op, a, b); })
          .Case([&](arith::OrIOp) { return binary<arith::OrIOp>(op, a, b); })
          .Case([&](arith::XOrIOp) { return binary<arith::XOrIOp>(op, a, b); })
          .Case<arith::DivSIOp, arith::DivUIOp>(
              [&](auto) { return binary<arith::DivSIOp>(op, a, b); })
          .Case<arith::RemSIOp, arith::RemUIOp>(
              [&](auto) { return binary<arith::RemSIOp>(op, a, b); })
          .Case([&](arith::FloorDivSIOp) {
            return binary<arith::FloorDivSIOp>(op, a, b);
          })
          .Case<arith::MinSIOp, arith::MinUIOp>(
              [&](auto) { return binary<arith::MinSIOp>(op, a, b); })
          .Case<arith::MaxSIOp, arith::MaxUIOp>(
              [&](auto) { return binary<arith::MaxSIOp>(op, a, b); })
          .Case<arith::ShRSIOp, arith::ShRUIOp>(
              [&](auto) { return binary<arith::ShRSIOp>(op, a, b); })
          .Default(Value());
  // Bits of signed numbers stay within the type; so do quotients and the like.
  bool stays =
      isa<arith::AndIOp, arith::OrIOp, arith::XOrIOp, arith::RemSIOp,
          arith::FloorDivSIOp, arith::MinSIOp, arith::MaxSIOp, arith::ShRSIOp>(
          op);
  if (isUnsigned)
    unsignedBits[made] = width;
  set(op, stays ? made : wrapped(loc, made, width));
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

void Widening::retype(Value memory) {
  auto type = cast<MemRefType>(memory.getType());
  elements[memory] = type.getElementType();
  memory.setType(MemRefType::get(type.getShape(), builder.getI32Type(),
                                 type.getLayout(), type.getMemorySpace()));
}

void Widening::run() {
  SmallVector<Attribute> tensors(func.getTensors().getValue());
  for (BlockArgument argument : func.getBody().getArguments())
    if (isSmallMemory(argument)) {
      Attribute &tensor = tensors[argument.getArgNumber()];
      auto was = cast<tile::TensorAttr>(tensor);
      tensor = tile::TensorAttr::get(func.getContext(), was.getName(),
                                     was.getRole(), was.getSizes(),
                                     TypeAttr::get(elementOf(argument)));
      retype(argument);
    }
  func.setTensorsAttr(builder.getArrayAttr(tensors));
  SmallVector<Operation *> ops;
  SmallVector<tile::GemmOp> gemms;
  func.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto alloc = dyn_cast<tile::AllocOp>(op))
      if (isSmallMemory(alloc.getBuffer()))
        return retype(alloc.getBuffer());
    auto gemm = dyn_cast<tile::GemmOp>(op);
    if (gemm && elements.contains(gemm.getA()))
      gemms.push_back(gemm);
    ops.push_back(op);
  });
  for (Operation *op : ops)
    if (!isa<tile::GemmOp>(op))
      rewrite(op);
  for (Operation *op : llvm::reverse(dead))
    op->erase();
  for (tile::GemmOp gemm : gemms)
    spellIntegerGemm(gemm);
  // Casts between signs leave values that nobody takes.
  ops.clear();
  func.walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op) && !isa<tile::AllocOp>(op))
      op->erase();
}

void holdSmallIntegers(tile::FuncOp func) { Widening(func).run(); }

} // namespace tilewright
