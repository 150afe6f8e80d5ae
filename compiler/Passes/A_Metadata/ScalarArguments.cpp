//===- ScalarArguments.cpp - Numbers that the caller passes ---------------===//
//
// A number that a call passes is a tensor of one element. Kernels read it when
// they run, as they read other numbers that are known at run time, so that one
// compilation serves all values:
//
//   1. an integer is loaded where the launch begins: it may steer copies, loops
//      and conditions of all three kernels;
//   2. a float is kept in a buffer of one element, so that a block of the
//      launch reads it once however often it is used.
//
// What the launch itself depends on (its extents, the shapes of buffers) has to
// be known before it.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/A_Metadata/ScalarArguments.h"

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Support/Codes/StageA.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace tilewright {

static MemRefType oneElement(Type type, tile::Scope scope) {
  return MemRefType::get({1}, type, MemRefLayoutAttrInterface(),
                         tile::ScopeAttr::get(type.getContext(), scope));
}

/// Reads the number where `launch` begins; its uses inside take what is read.
static void readIn(tile::LaunchOp launch, Value tensor, Type type,
                   StringRef name, ArrayRef<OpOperand *> uses) {
  Location loc = tensor.getLoc();
  OpBuilder builder = OpBuilder::atBlockBegin(&launch.getBody().front());
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value number = memref::LoadOp::create(builder, loc, tensor, zero);
  if (!isa<FloatType>(type)) {
    for (OpOperand *use : uses)
      use->set(number);
    return;
  }
  auto kept = tile::AllocOp::create(builder, loc,
                                    oneElement(type, tile::Scope::Local), name);
  memref::StoreOp::create(builder, loc, number, kept.getBuffer(), zero);
  for (OpOperand *use : uses) {
    builder.setInsertionPoint(use->getOwner());
    use->set(memref::LoadOp::create(builder, use->getOwner()->getLoc(),
                                    kept.getBuffer(), zero));
  }
}

LogicalResult lowerScalarArguments(tile::FuncOp func) {
  for (BlockArgument argument : func.getBody().getArguments()) {
    Type type = argument.getType();
    if (isa<MemRefType>(type))
      continue;
    StringRef name = func.getTensorName(argument.getArgNumber());
    auto reject = [&](Location where, const Twine &why) {
      InFlightDiagnostic diag = emitCoded(where, Code::ScalarArgument);
      diag << "scalar argument " << name << " " << why;
      diag.attachNote() << "fix: make it a compile-time constant";
      return diag;
    };
    if (!metalium::getStorageFormat(type))
      return reject(argument.getLoc(), "has no form that kernels read");
    llvm::MapVector<Operation *, SmallVector<OpOperand *>> uses;
    for (OpOperand &use : argument.getUses()) {
      auto launch = use.getOwner()->getParentOfType<tile::LaunchOp>();
      if (!launch)
        return reject(use.getOwner()->getLoc(),
                      "is needed before the launch, whose kernels read it");
      uses[launch].push_back(&use);
    }
    argument.setType(oneElement(type, tile::Scope::Global));
    for (auto &[launch, inside] : uses)
      readIn(cast<tile::LaunchOp>(launch), argument, type, name, inside);
  }
  return success();
}

} // namespace tilewright
