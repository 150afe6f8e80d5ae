//===- LowerToScalar.cpp - Programs without tile form ---------------------===//
//
// 1. The tensors of the program and one circular buffer that is scratch memory
//    of the kernel: first pages of every tensor, then every buffer, row-major.
// 2. One kernel, which loops over its work items (ScalarStatements.cpp), and at
//    its end brings what it stored to DRAM.
// Before that, faults of the program are looked for (ScalarChecks.h).
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Passes/A_Metadata/Layouts.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/Passes.h"
#include "compiler/Passes/C_Lowering/ScalarChecks.h"
#include "compiler/Passes/C_Lowering/ScalarLowering.h"
#include "compiler/Support/Codes/StageB.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "tilewright/arch/Chip.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

namespace tilewright {
#define GEN_PASS_DEF_LOWERTOSCALAR
#include "compiler/Passes/C_Lowering/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

namespace {

/// Bytes of a page of the scratch buffer: one bf16 tile.
constexpr int64_t kScratchPageBytes = 2048;

class ScalarProgram {
public:
  ScalarProgram(tile::FuncOp func, tt::CoreProgramOp source,
                const arch::Chip &chip)
      : func(func), source(source), chip(chip), builder(func) {}

  LogicalResult build();

private:
  void declareTensors();
  LogicalResult planMemory();
  LogicalResult buildKernel();
  Location named(Location loc, StringRef name) {
    return NameLoc::get(builder.getStringAttr(name), loc);
  }
  int64_t place(int64_t bytes) {
    int64_t at = next;
    next = llvm::alignTo(next + bytes, chip.noc.dramReadAlignment);
    return at;
  }
  /// Whether anything in the program uses the argument.
  static bool isUsed(BlockArgument argument) { return !argument.use_empty(); }

  tile::FuncOp func;
  tt::CoreProgramOp source;
  const arch::Chip &chip;
  OpBuilder builder;
  metalium::ProgramOp program;
  IRMapping map;
  int64_t next = 0;
  llvm::DenseMap<Value, int64_t> places;
};

void ScalarProgram::declareTensors() {
  for (BlockArgument argument : func.getBody().getArguments()) {
    auto tensor =
        cast<tile::TensorAttr>(func.getTensors()[argument.getArgNumber()]);
    bool isWritten = false, isRead = false;
    for (OpOperand &use : argument.getUses()) {
      Operation *user = use.getOwner();
      if (auto copy = dyn_cast<tile::CopyOp>(user)) {
        isWritten |= copy.getTarget() == argument;
        isRead |= copy.getSource() == argument;
      } else if (isa<memref::StoreOp, tile::FillOp>(user)) {
        isWritten = true;
      } else {
        isRead = true;
      }
    }
    metalium::TensorRole role =
        tensor.getRole() == tile::TensorRole::Result && !isRead
            ? metalium::TensorRole::Output
        : isWritten ? metalium::TensorRole::InOut
                    : metalium::TensorRole::Input;
    metalium::TensorOp::create(
        builder, named(argument.getLoc(), tensor.getName()), tensor.getName(),
        role, cast<MemRefType>(argument.getType()), tensor.getSizes(),
        tensor.getDtype());
  }
}

LogicalResult ScalarProgram::planMemory() {
  for (BlockArgument argument : func.getBody().getArguments()) {
    auto layout = cast<tt::LayoutAttr>(
        cast<MemRefType>(argument.getType()).getMemorySpace());
    if (isUsed(argument))
      places[argument] = place(metalium::getElementCacheBytes(layout));
  }
  source.walk([&](tile::AllocOp alloc) {
    auto type = cast<MemRefType>(alloc.getBuffer().getType());
    int64_t bytes = llvm::divideCeil(
        type.getElementType().getIntOrFloatBitWidth(), unsigned(8));
    places[alloc.getBuffer()] = place(type.getNumElements() * bytes);
  });
  int64_t table =
      tt::getBlockTableBytes(source.getWork(), chip.runtimeArgWords);
  if (next + table <= int64_t(chip.l1Free()))
    return success();
  InFlightDiagnostic diag = emitCoded(source, Code::L1Overflow);
  diag << "the buffers need " << next << " bytes of L1, a core of "
       << StringRef(chip.name) << " has " << int64_t(chip.l1Free()) << " free";
  if (table)
    diag.attachNote() << "the list of its blocks takes " << table << " bytes";
  diag.attachNote() << "fix: use smaller buffers";
  return diag;
}

LogicalResult ScalarProgram::build() {
  auto config = metalium::ComputeConfigAttr::get(
      builder.getContext(), metalium::MathFidelity::HiFi4, true, false, false);
  program = metalium::ProgramOp::create(builder, func.getLoc(),
                                        func.getSymName(), chip.name, config,
                                        source.getWork(), /*scalar=*/true);
  builder.createBlock(&program.getBody());
  declareTensors();
  if (failed(planMemory()))
    return failure();
  metalium::CircularBufferOp::create(
      builder, func.getLoc(), "cb_elements", 0, tt::DataFormat::Float16_b,
      kScratchPageBytes,
      std::max<int64_t>(1, llvm::divideCeil(next, kScratchPageBytes)),
      metalium::KernelRole::Writer, metalium::KernelRole::Writer,
      /*unpack_to_dest_fp32=*/false, StringAttr(),
      builder.getI64IntegerAttr(chip.l1Base), /*spills=*/ArrayAttr());
  if (failed(buildKernel()))
    return failure();
  func.erase();
  return success();
}

LogicalResult ScalarProgram::buildKernel() {
  Location loc = func.getLoc();
  auto kernel = metalium::KernelOp::create(builder, loc, "writer",
                                           metalium::KernelRole::Writer);
  builder.setInsertionPointToEnd(kernel.getBodyBlock());
  Type index = builder.getIndexType();
  auto argument = [&](Location at, StringRef name, metalium::ArgKind kind,
                      StringAttr tensor = {}) -> Value {
    return metalium::ArgOp::create(builder, at, index, name, kind, tensor);
  };
  SmallVector<std::pair<BlockArgument, Value>> addresses;
  for (BlockArgument tensor : func.getBody().getArguments()) {
    StringRef name = func.getTensorName(tensor.getArgNumber());
    if (isUsed(tensor))
      addresses.push_back(
          {tensor, argument(tensor.getLoc(), (name + "_addr").str(),
                            metalium::ArgKind::TensorAddress,
                            builder.getStringAttr(name))});
  }
  map.map(source.getStart(), argument(source.getStart().getLoc(), "start",
                                      metalium::ArgKind::WorkStart));
  map.map(source.getCount(), argument(source.getCount().getLoc(), "count",
                                      metalium::ArgKind::WorkCount));
  auto scratch = metalium::CBRefOp::create(
      builder, named(loc, "cb_elements"),
      metalium::CBType::get(builder.getContext()), "cb_elements");
  Value pages = arith::ConstantIndexOp::create(
      builder, loc,
      std::max<int64_t>(1, llvm::divideCeil(next, kScratchPageBytes)));
  metalium::CBReserveBackOp::create(builder, loc, scratch, pages);
  Value base = metalium::GetWritePtrOp::create(builder, named(loc, "l1"), index,
                                               scratch);
  Value previous;
  for (auto [tensor, address] : addresses) {
    StringRef name = func.getTensorName(tensor.getArgNumber());
    auto type = cast<MemRefType>(tensor.getType());
    auto layout = cast<tt::LayoutAttr>(type.getMemorySpace());
    auto args = metalium::TensorAccessorArgsOp::create(
        builder, loc, metalium::AccessorArgsType::get(builder.getContext()),
        name, previous);
    previous = args;
    auto accessor = metalium::TensorAccessorOp::create(
        builder, loc, metalium::AccessorType::get(builder.getContext()), args,
        address, tt::getTileBytes(layout.getFormat()));
    map.map(tensor, metalium::ElementsOp::create(
                        builder, named(tensor.getLoc(), name), type, name,
                        accessor, base, places[tensor], FloatAttr())
                        .getTensor());
  }
  source.walk([&](tile::AllocOp alloc) {
    auto type = cast<MemRefType>(alloc.getBuffer().getType());
    auto plain = MemRefType::get(type.getShape(), type.getElementType());
    map.map(alloc.getBuffer(),
            metalium::L1ArrayOp::create(
                builder, named(alloc.getLoc(), alloc.getName()), plain,
                alloc.getName(), base, places[alloc.getBuffer()])
                .getArray());
  });
  ScalarLowering lowering(builder, map);
  for (Operation &op : func.getBody().front())
    if (op.getNumRegions() == 0 && isPure(&op) && !isa<tt::AccessorOp>(op))
      builder.clone(op, map);
  if (failed(lowering.lowerBlock(source.getBody().front())))
    return failure();
  for (auto [tensor, address] : addresses) {
    Value elements = map.lookup(tensor);
    if (llvm::any_of(elements.getUsers(), llvm::IsaPred<memref::StoreOp>))
      metalium::FlushElementsOp::create(builder, loc, elements);
  }
  return success();
}

struct LowerToScalarPass
    : tilewright::impl::LowerToScalarBase<LowerToScalarPass> {
  using LowerToScalarBase::LowerToScalarBase;

  void runOnOperation() override {
    const arch::Chip *target = arch::findChip(chip);
    if (!target)
      return signalPassFailure();
    for (auto func :
         llvm::make_early_inc_range(getOperation().getOps<tile::FuncOp>())) {
      auto programs = func.getBody().getOps<tt::CoreProgramOp>();
      if (programs.empty()) {
        emitCoded(func, Code::NoLaunch)
            << "program " << func.getSymName()
            << " has no core program; tt-grid-to-core-grid makes it";
        return signalPassFailure();
      }
      if (failed(requireLayouts(func)))
        return signalPassFailure();
      tt::CoreProgramOp program = *programs.begin();
      LogicalResult reads = checkUninitialisedReads(program);
      if (failed(checkParallelRaces(program)) || failed(reads) ||
          failed(ScalarProgram(func, program, *target).build()))
        return signalPassFailure();
    }
  }
};

} // namespace
