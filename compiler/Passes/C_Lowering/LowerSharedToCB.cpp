//===- LowerSharedToCB.cpp - Pass C1: buffers to block values -------------===//
//
// See BlockLowering.h for the algorithm. This file holds the pass and the
// statements other than transfers and parallel loops.
//
//===----------------------------------------------------------------------===//

#include "compiler/Analysis/Scalars.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BlockLowering.h"
#include "compiler/Passes/C_Lowering/BufferLiveness.h"
#include "compiler/Passes/C_Lowering/Passes.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"

namespace tilewright {
#define GEN_PASS_DEF_LOWERSHAREDTOCB
#include "compiler/Passes/C_Lowering/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

BlockLowering::BlockLowering(tile::FuncOp func, tt::CoreProgramOp program)
    : func(func), program(program), builder(program), ramps(program) {
  for (auto accessor : func.getBody().getOps<tt::AccessorOp>())
    accessors[accessor.getMemref()] = accessor.getTensor();
}

tt::BlockType BlockLowering::getBlockType(PlaneExtents extents, Type element) {
  return tt::BlockType::get(builder.getContext(), extents.tileRows(),
                            extents.tileCols(), element);
}

Value BlockLowering::turn(Location loc, Value block) {
  auto type = cast<tt::BlockType>(block.getType());
  Value result = tt::TransposeOp::create(
      builder, loc,
      tt::BlockType::get(type.getContext(), type.getCols(), type.getRows(),
                         type.getElement()),
      block, /*whole=*/true);
  if (zeroPadded.contains(block))
    zeroPadded.insert(result);
  return result;
}

FailureOr<Value> BlockLowering::read(Value buffer, Operation *user) {
  if (Value block = blocks.lookup(buffer))
    return block;
  std::string name = getBufferName(buffer);
  auto gemm = dyn_cast<tile::GemmOp>(user);
  bool accumulator = gemm && gemm.getC() == buffer;
  InFlightDiagnostic diag = emitCoded(user, Code::UninitialisedBuffer);
  if (accumulator)
    diag << "T.gemm adds to " << name << ", which has no contents yet";
  else
    diag << name << " is read here, but nothing may have been written to it";
  if (accumulator)
    diag.attachNote() << "fix: T.clear(" << name
                      << ") before the loop, or pass clear_accum=True";
  else
    diag.attachNote(buffer.getLoc())
        << "fix: fill or copy to " << name << " on every path first";
  return diag;
}

void BlockLowering::write(Value buffer, Value block) {
  blocks[buffer] = block;
  Operation *def = block.getDefiningOp();
  if (def && def->getNumResults() == 1 && getSourceName(def->getLoc()).empty())
    def->setLoc(NameLoc::get(builder.getStringAttr(getBufferName(buffer)),
                             def->getLoc()));
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

LogicalResult BlockLowering::lowerBlock(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block))
    if (failed(lowerOp(&op)))
      return failure();
  return success();
}

static LogicalResult unsupported(Operation *op, const Twine &what,
                                 const Twine &fix) {
  InFlightDiagnostic diag = emitCoded(op, Code::UnsupportedTileOperation)
                            << what;
  diag.attachNote() << "fix: " << fix;
  return diag;
}

LogicalResult BlockLowering::lowerOp(Operation *op) {
  builder.setInsertionPoint(op);
  if (auto copy = dyn_cast<tile::CopyOp>(op))
    return lower(copy);
  if (auto fill = dyn_cast<tile::FillOp>(op))
    return lower(fill);
  if (auto gemm = dyn_cast<tile::GemmOp>(op))
    return lower(gemm);
  if (auto reduce = dyn_cast<tile::ReduceOp>(op))
    return lower(reduce);
  if (auto sums = dyn_cast<tile::CumsumOp>(op))
    return lower(sums);
  if (auto print = dyn_cast<tile::PrintOp>(op))
    return lower(print);
  if (auto check = dyn_cast<tile::AssertOp>(op))
    return lower(check);
  if (auto check = dyn_cast<tile::CheckOp>(op))
    return lower(check);
  if (auto loop = dyn_cast<tile::ForOp>(op))
    return lower(loop);
  if (auto loop = dyn_cast<tile::ParallelOp>(op))
    return lower(loop);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return lowerItemLoop(loop);
  if (auto alloc = dyn_cast<tile::AllocOp>(op)) {
    blocks[alloc.getBuffer()] = Value();
    return success();
  }
  if (auto load = dyn_cast<memref::LoadOp>(op))
    return lower(load);
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return lower(store);
  if (isa<scf::WhileOp>(op))
    return unsupported(
        op,
        "how often this while loop runs is not known when it begins, and the "
        "kernels of a core must agree on it",
        "count with one integer variable that changes by a constant, or use "
        "T.serial with a number of iterations");
  if (op->getNumRegions() != 0)
    return unsupported(
        op, "a branch around tile operations is not supported yet",
        "make the condition a compile-time value, or compute both "
        "sides");
  if (!isMemoryEffectFree(op))
    return unsupported(
        op, "'" + op->getName().getStringRef() + "' has no lowering to tiles",
        "use the operations of docs/language.md");
  return success();
}

LogicalResult BlockLowering::lowerItemLoop(scf::ForOp loop) {
  if (!loop.getInitArgs().empty())
    return emitCoded(loop, Code::MalformedIR)
           << "a loop of work items carries values before stage C";
  return lowerBlock(*loop.getBody());
}

LogicalResult BlockLowering::lower(tile::FillOp fill) {
  Value buffer = fill.getBuffer();
  if (scalars.contains(buffer)) {
    blocks[buffer] = fill.getValue();
    fill.erase();
    return success();
  }
  tt::LayoutAttr layout = getLayout(buffer);
  if (!layout || tt::isTensor(buffer))
    return unsupported(fill,
                       "T.fill of the DRAM tensor " + getBufferName(buffer) +
                           " is not supported yet",
                       "fill a T.alloc_fragment block and T.copy it out");
  TypedAttr value;
  Value given = fill.getValue();
  if (auto cast = given.getDefiningOp<UnrealizedConversionCastOp>())
    given = cast.getOperand(0);
  if (!matchPattern(given, m_Constant(&value))) {
    InFlightDiagnostic diag = emitCoded(fill, Code::FillNotConstant);
    diag << "T.fill: the value for " << getBufferName(buffer)
         << " is only known when the kernel runs";
    diag.attachNote() << "fix: fill with a constant, or assign in a T.Parallel "
                         "loop";
    return diag;
  }
  auto type = cast<MemRefType>(buffer.getType());
  PlaneExtents extents = getPlaneExtents(type.getShape(), layout);
  write(buffer, tt::FillOp::create(builder, fill.getLoc(),
                                   getBlockType(extents, type.getElementType()),
                                   value));
  if (matchPattern(fill.getValue(), m_AnyZeroFloat()))
    zeroPadded.insert(blocks[buffer]);
  fill.erase();
  return success();
}

LogicalResult BlockLowering::lower(tile::GemmOp gemm) {
  for (Value operand : {gemm.getA(), gemm.getB(), gemm.getC()})
    if (tt::LayoutAttr layout = getLayout(operand);
        !layout || tt::isTensor(operand))
      return unsupported(gemm,
                         "T.gemm: " + getBufferName(operand) +
                             " is a DRAM tensor, not a block",
                         "T.copy a block of it to a buffer first");
  auto typeA = cast<MemRefType>(gemm.getA().getType());
  auto typeB = cast<MemRefType>(gemm.getB().getType());
  auto typeC = cast<MemRefType>(gemm.getC().getType());
  Type elementA = typeA.getElementType(), elementB = typeB.getElementType();
  if (!isa<FloatType>(elementA) || !isa<FloatType>(typeC.getElementType()))
    return unsupported(gemm,
                       "the matrix unit multiplies no integers of 32 bits",
                       "multiply floats, which are exact up to 2^24 in sum");
  if (elementA != elementB) {
    InFlightDiagnostic diag = emitCoded(gemm, Code::GemmOperandType);
    diag << "T.gemm: " << getBufferName(gemm.getA()) << " has elements of type "
         << elementA << ", " << getBufferName(gemm.getB()) << " of type "
         << elementB;
    diag.attachNote()
        << "fix: T.copy one of them to a buffer of the other type";
    return diag;
  }
  FailureOr<Value> a = read(gemm.getA(), gemm);
  if (failed(a))
    return failure();
  FailureOr<Value> b = read(gemm.getB(), gemm);
  if (failed(b))
    return failure();

  // Elements behind K inside the last tile count: one side must have zeros
  // there, and where neither is known to, the first gets them. The other side
  // was computed too, so that what stands behind its edge may be infinite.
  int64_t k = typeA.getDimSize(gemm.getTransposeA() ? 0 : 1);
  if (k % tt::kTileDim != 0 && !zeroPadded.contains(*a) &&
      !zeroPadded.contains(*b)) {
    a = replacePadding(gemm, *a,
                       gemm.getTransposeA() ? tt::ReduceDim::Col
                                            : tt::ReduceDim::Row,
                       k, cast<TypedAttr>(builder.getZeroAttr(elementA)));
    b = replacePadding(gemm, *b,
                       gemm.getTransposeB() ? tt::ReduceDim::Row
                                            : tt::ReduceDim::Col,
                       k, cast<TypedAttr>(builder.getZeroAttr(elementB)));
  }
  Value accumulator;
  if (gemm.getClearAccum()) {
    PlaneExtents extents =
        getPlaneExtents(typeC.getShape(), getLayout(gemm.getC()));
    accumulator = tt::FillOp::create(
        builder, gemm.getLoc(), getBlockType(extents, typeC.getElementType()),
        cast<TypedAttr>(builder.getZeroAttr(typeC.getElementType())));
  } else {
    FailureOr<Value> previous = read(gemm.getC(), gemm);
    if (failed(previous))
      return failure();
    accumulator = *previous;
  }
  write(gemm.getC(),
        tt::GemmOp::create(builder, gemm.getLoc(), accumulator.getType(), *a,
                           *b, accumulator, gemm.getTransposeA(),
                           gemm.getTransposeB()));
  gemm.erase();
  return success();
}

LogicalResult BlockLowering::lower(tile::ForOp loop) {
  SmallVector<Value> buffers = carried.lookup(loop);
  SmallVector<Value> inits, entry;
  // Whether it runs is the caller's matter where only a call knows.
  bool isEmpty = runsNever(loop.getLower(), loop.getUpper());
  SmallVector<Value> kept;
  for (Value buffer : buffers) {
    Value init = blocks.lookup(buffer);
    // Nothing written yet: an iteration that reads it first gets the
    // diagnostic.
    if (!init && isExposed(buffer, loop))
      continue;
    if (!init && isEmpty &&
        !llvm::is_contained(overwritten.lookup(loop), buffer)) {
      InFlightDiagnostic diag = emitCoded(loop, Code::UninitialisedBuffer);
      diag << getBufferName(buffer)
           << " is read after this loop, which runs no iteration, and "
              "nothing was written to it before";
      diag.attachNote() << "fix: fill " << getBufferName(buffer)
                        << " before the loop";
      return diag;
    }
    auto type = cast<MemRefType>(buffer.getType());
    if (!init) { // the loop writes it: any contents will do
      auto zero = cast<TypedAttr>(builder.getZeroAttr(type.getElementType()));
      if (scalars.contains(buffer))
        init = arith::ConstantOp::create(builder, loop.getLoc(), zero);
      else
        init = tt::FillOp::create(
            builder, loop.getLoc(),
            getBlockType(getPlaneExtents(type.getShape(), getLayout(buffer)),
                         type.getElementType()),
            zero);
    }
    kept.push_back(buffer);
    inits.push_back(init);
  }
  Location loc = loop.getLoc();
  if (getSourceName(loc) != loop.getName())
    loc = NameLoc::get(loop.getNameAttr(), loc);
  auto newLoop = scf::ForOp::create(builder, loc, loop.getLower(),
                                    loop.getUpper(), loop.getStep(), inits);
  Block &body = *newLoop.getBody();
  for (auto [buffer, argument] : llvm::zip(kept, newLoop.getRegionIterArgs()))
    argument.setLoc(buffer.getLoc());
  loop.getInductionVar().replaceAllUsesWith(newLoop.getInductionVar());
  if (!body.empty())
    body.clear();
  body.getOperations().splice(body.end(),
                              loop.getBody().front().getOperations());

  // Written but not carried: no contents at the start of an iteration nor
  // after.
  llvm::DenseMap<Value, Value> before = blocks;
  SmallVector<Value> written = getBuffersWritten(newLoop.getOperation());
  for (Value buffer : written)
    blocks[buffer] = Value();
  for (auto [buffer, argument] : llvm::zip(kept, newLoop.getRegionIterArgs()))
    blocks[buffer] = argument;
  stages.push_back(loop.getKind() == tile::LoopKind::Pipelined
                       ? std::max<int64_t>(1, loop.getStages())
                       : 2);
  loop.erase();
  if (failed(lowerBlock(body)))
    return failure();
  stages.pop_back();
  SmallVector<Value> yields;
  for (Value buffer : kept)
    yields.push_back(blocks.lookup(buffer));
  builder.setInsertionPointToEnd(&body);
  scf::YieldOp::create(builder, loc, yields);

  blocks = std::move(before);
  for (Value buffer : written)
    blocks[buffer] = Value();
  for (auto [buffer, result] : llvm::zip(kept, newLoop.getResults()))
    blocks[buffer] = result;
  return success();
}

/// Step 3 of the algorithm.
void BlockLowering::loopOverConditions() {
  SmallVector<scf::IfOp> branches; // inner ones first
  program.walk([&](scf::IfOp branch) {
    if (branch.getNumResults() == 0 &&
        !branch->getParentOfType<tile::ParallelOp>())
      branches.push_back(branch);
  });
  for (scf::IfOp branch : branches) {
    OpBuilder at(branch);
    Location loc = branch.getLoc();
    Value zero = arith::ConstantIndexOp::create(at, loc, 0);
    Value one = arith::ConstantIndexOp::create(at, loc, 1);
    auto loopOver = [&](Value condition, Block *arm) {
      OpBuilder::InsertionGuard guard(at);
      Value count =
          arith::IndexCastUIOp::create(at, loc, at.getIndexType(), condition);
      auto loop = tile::ForOp::create(at, loc, zero, count, one,
                                      tile::LoopKind::Serial, 0, "once");
      Block *body = at.createBlock(&loop.getBody());
      body->addArgument(at.getIndexType(), loc);
      arm->getTerminator()->erase();
      body->getOperations().splice(body->end(), arm->getOperations());
      return loop;
    };
    SmallVector<Value> both;
    if (Block *otherwise = branch.elseBlock())
      for (Value buffer : getBuffersWritten(branch))
        if (isOverwritten(buffer, *branch.thenBlock()) &&
            isOverwritten(buffer, *otherwise))
          both.push_back(buffer);
    Value condition = branch.getCondition();
    auto first = loopOver(condition, branch.thenBlock());
    overwritten[first] = both;
    if (Block *otherwise = branch.elseBlock()) {
      Value truth = arith::ConstantIntOp::create(at, loc, 1, 1);
      loopOver(arith::XOrIOp::create(at, loc, condition, truth), otherwise);
    }
    branch.erase();
  }
}

LogicalResult BlockLowering::run() {
  loopOverConditions();
  program.walk([&](tile::AllocOp alloc) {
    if (isScalarBuffer(alloc.getBuffer()))
      scalars.insert(alloc.getBuffer());
  });
  // On the program as it stands: lowering erases what it has passed.
  program.walk([&](tile::ForOp loop) {
    for (Value buffer : getBuffersWritten(loop))
      if (isExposed(buffer, loop) || isLiveAfter(buffer, loop))
        carried[loop].push_back(buffer);
  });
  if (failed(lowerBlock(program.getBody().front())))
    return failure();
  orderReads();
  shareScratch();
  if (failed(checkScalarReads()))
    return failure();
  SmallVector<tile::AllocOp> allocs;
  program.walk([&](tile::AllocOp alloc) { allocs.push_back(alloc); });
  for (tile::AllocOp alloc : allocs)
    alloc.erase();
  return success();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {

/// Erases index arithmetic and blocks that nothing uses any more.
void eraseDeadOps(Operation *root) {
  SmallVector<Operation *> ops;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (op != root && isOpTriviallyDead(op))
      op->erase();
}

struct LowerSharedToCBPass
    : tilewright::impl::LowerSharedToCBBase<LowerSharedToCBPass> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<tile::FuncOp>()) {
      SmallVector<tt::CoreProgramOp> programs;
      func.walk([&](tt::CoreProgramOp op) { programs.push_back(op); });
      for (tt::CoreProgramOp program : programs)
        if (failed(BlockLowering(func, program).run()))
          return signalPassFailure();
      eraseDeadOps(func);
      IRRewriter rewriter(&getContext());
      DominanceInfo dominance(func);
      eliminateCommonSubExpressions(rewriter, dominance, func);
    }
  }
};

} // namespace
