//===- ShardOwners.cpp - Which block of a launch lies in which shard ------===//

#include "compiler/Passes/B_Partitioning/ShardOwners.h"

#include "compiler/Analysis/IndexArithmetic.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Support/Codes/StageB.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tilewright;

namespace {

/// Index arithmetic with numbers for the block ids.
class Evaluator {
public:
  explicit Evaluator(tile::LaunchOp launch) : launch(launch) {}

  void setBlock(int64_t block, ArrayRef<int64_t> extents) {
    known.clear();
    for (auto [arg, extent] :
         llvm::zip(launch.getBody().getArguments(), extents)) {
      known[arg] = block % extent;
      block /= extent;
    }
  }

  std::optional<int64_t> evaluate(Value value) {
    if (auto found = known.find(value); found != known.end())
      return found->second;
    std::optional<int64_t> result = compute(value);
    if (result)
      known[value] = *result;
    return result;
  }

private:
  std::optional<int64_t> compute(Value value) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return constant.getSExtValue();
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      Operation *parent = argument.getOwner()->getParentOp();
      if (auto loop = dyn_cast<tile::ForOp>(parent))
        return evaluate(loop.getLower());
      if (isa<tile::ParallelOp>(parent))
        return 0;
      return std::nullopt;
    }
    Operation *op = value.getDefiningOp();
    if (isIndexCast(op))
      return evaluate(op->getOperand(0));
    std::optional<IndexOperation> operation = getIndexOperation(op);
    if (!operation)
      return std::nullopt;
    std::optional<int64_t> a = evaluate(op->getOperand(0));
    std::optional<int64_t> b = evaluate(op->getOperand(1));
    return a && b ? evaluateIndex(*operation, *a, *b) : std::nullopt;
  }

  tile::LaunchOp launch;
  llvm::DenseMap<Value, int64_t> known;
};

/// Where a launch touches a tensor: the offsets of a copy, or the indices of
/// a load or store.
struct Access {
  Operation *op = nullptr;
  SmallVector<Value> offsets;
  bool isWrite = false;
};

} // namespace

static std::optional<Access> findAccess(tile::LaunchOp launch, Value tensor,
                                        bool wantWrite) {
  std::optional<Access> found;
  launch.walk([&](Operation *op) {
    Access access{op, {}, false};
    if (auto copy = dyn_cast<tile::CopyOp>(op)) {
      access.isWrite = copy.getTarget() == tensor;
      if (access.isWrite)
        access.offsets = copy.getTargetOffsets();
      else if (copy.getSource() == tensor)
        access.offsets = copy.getSourceOffsets();
      else
        return WalkResult::advance();
    } else if (auto store = dyn_cast<memref::StoreOp>(op);
               store && store.getMemRef() == tensor) {
      access.isWrite = true;
      access.offsets = store.getIndices();
    } else if (auto load = dyn_cast<memref::LoadOp>(op);
               load && load.getMemRef() == tensor) {
      access.offsets = load.getIndices();
    } else {
      return WalkResult::advance();
    }
    if (access.isWrite != wantWrite)
      return WalkResult::advance();
    found = access;
    return WalkResult::interrupt();
  });
  return found;
}

FailureOr<ShardOwners> tilewright::findShardOwners(tile::LaunchOp launch,
                                                   ArrayRef<int64_t> extents) {
  auto func = launch->getParentOfType<tile::FuncOp>();
  for (bool wantWrite : {true, false})
    for (BlockArgument tensor : func.getBody().getArguments()) {
      auto type = dyn_cast<MemRefType>(tensor.getType());
      auto layout =
          type ? dyn_cast_or_null<tt::LayoutAttr>(type.getMemorySpace())
               : tt::LayoutAttr();
      if (!layout || !layout.getShard() || layout.getMemory() != tt::Memory::L1)
        continue;
      std::optional<Access> access = findAccess(launch, tensor, wantWrite);
      if (!access)
        continue;
      ShardOwners owners{layout.getShard(), tensor, {}};
      int64_t blocks = 1;
      for (int64_t extent : extents)
        blocks *= extent;
      Evaluator evaluator(launch);
      for (int64_t block = 0; block < blocks; ++block) {
        evaluator.setBlock(block, extents);
        SmallVector<int64_t> element;
        for (Value offset : access->offsets) {
          std::optional<int64_t> at = evaluator.evaluate(offset);
          if (!at) {
            auto diag = emitCoded(access->op, Code::UnknownShard);
            diag << "the shard of " << getBufferName(tensor)
                 << " that a block touches is only known when the kernel runs";
            diag.attachNote() << "fix: compute its offsets from the block ids, "
                                 "or give a work_partition";
            return diag;
          }
          element.push_back(std::max<int64_t>(*at, 0));
        }
        owners.owner.push_back(layout.getShard().getShardOf(element));
      }
      return owners;
    }
  return ShardOwners();
}
