//===- UninitialisedReads.cpp - Reads of what nothing can have written ----===//
//
// Terms. The *contents* of a buffer are what may have been written to it: the
// elements at constant places, or anything.
//
// Forward dataflow over the statements with two states. `First` holds the
// contents on the way here in which every loop around that surely runs is in
// its first iteration; `any` those on all ways. `any` has all that `first` has.
//
//   1. An allocation empties the contents of its buffer in both.
//   2. A write adds to both.
//   3. A read is of nothing when `first` has nothing there.
//   4. A loop that surely runs is entered with `first` as it is. What may be
//      left out (a branch, a loop that may run no iteration) may also be left
//      out in first iterations only, so it is entered with `any` as `first`.
//      Both states then have what the region writes.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes/C_Lowering/ScalarChecks.h"

#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/BufferLiveness.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <set>
#include <vector>

using namespace mlir;

namespace tilewright {

namespace {

using Place = std::vector<int64_t>;

/// The indices where all of them are constant.
std::optional<Place> getPlace(ValueRange indices) {
  Place place;
  for (Value index : indices) {
    std::optional<int64_t> number = getConstantIntValue(index);
    if (!number)
      return std::nullopt;
    place.push_back(*number);
  }
  return place;
}

/// What may have been written to a buffer.
struct Contents {
  bool anywhere = false;
  std::set<Place> places;

  bool has(const std::optional<Place> &place) const {
    return anywhere || (place ? places.contains(*place) : !places.empty());
  }
  void add(const Contents &other) {
    anywhere |= other.anywhere;
    places.insert(other.places.begin(), other.places.end());
  }
};

class State {
public:
  bool has(Value buffer, const std::optional<Place> &place) const {
    auto found = contents.find(buffer);
    return found != contents.end() && found->second.has(place);
  }
  void write(Value buffer, const std::optional<Place> &place) {
    if (place)
      contents[buffer].places.insert(*place);
    else
      contents[buffer].anywhere = true;
  }
  void empty(Value buffer) { contents.erase(buffer); }
  void add(const State &other) {
    for (const auto &[buffer, more] : other.contents)
      contents[buffer].add(more);
  }

private:
  llvm::DenseMap<Value, Contents> contents;
};

/// One access of a buffer; of no place, when it is of a part of it.
struct Access {
  Value buffer;
  bool isWrite = false;
  std::optional<Place> place;
};

/// The accesses of `op` itself to buffers, reads first. An operation that is
/// not known may write everything that it is given.
SmallVector<Access> getAccesses(Operation *op) {
  SmallVector<Access> all;
  auto read = [&](Value buffer, std::optional<Place> place = std::nullopt) {
    all.push_back({buffer, false, std::move(place)});
  };
  auto write = [&](Value buffer, std::optional<Place> place = std::nullopt) {
    all.push_back({buffer, true, std::move(place)});
  };
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    read(load.getMemRef(), getPlace(load.getIndices()));
  } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
    write(store.getMemRef(), getPlace(store.getIndices()));
  } else if (auto copy = dyn_cast<tile::CopyOp>(op)) {
    read(copy.getSource());
    write(copy.getTarget());
  } else if (auto gemm = dyn_cast<tile::GemmOp>(op)) {
    read(gemm.getA());
    read(gemm.getB());
    if (!gemm.getClearAccum())
      read(gemm.getC());
    write(gemm.getC());
  } else if (auto reduce = dyn_cast<tile::ReduceOp>(op)) {
    read(reduce.getSource());
    if (!reduce.getClear())
      read(reduce.getTarget());
    write(reduce.getTarget());
  } else if (auto sums = dyn_cast<tile::CumsumOp>(op)) {
    read(sums.getSource());
    write(sums.getTarget());
  } else {
    for (Value operand : op->getOperands())
      if (isa<MemRefType>(operand.getType()))
        write(operand);
  }
  // Tensors are the caller's.
  llvm::erase_if(all, [](const Access &access) {
    return !access.buffer.getDefiningOp<tile::AllocOp>();
  });
  return all;
}

class ReadCheck {
public:
  LogicalResult run(tt::CoreProgramOp program) {
    State first, any;
    flow(program.getBody().front(), first, any);
    return result;
  }

private:
  /// What the operations inside `op` may write.
  static State getWrites(Operation *op) {
    State writes;
    op->walk([&](Operation *inner) {
      for (const Access &access : getAccesses(inner))
        if (access.isWrite)
          writes.write(access.buffer, access.place);
    });
    return writes;
  }

  /// Whether the first region of `op` runs whenever `op` does.
  static bool surelyRuns(Operation *op) {
    if (auto loop = dyn_cast<tile::ForOp>(op))
      return runsAtLeastOnce(loop.getLower(), loop.getUpper());
    if (auto loop = dyn_cast<scf::ForOp>(op))
      return runsAtLeastOnce(loop.getLowerBound(), loop.getUpperBound());
    return isa<tile::ParallelOp, scf::WhileOp>(op);
  }

  void flow(Block &block, State &first, State &any) {
    for (Operation &op : block) {
      if (auto alloc = dyn_cast<tile::AllocOp>(op)) {
        first.empty(alloc.getBuffer());
        any.empty(alloc.getBuffer());
        continue;
      }
      if (op.getNumRegions()) {
        enter(op, first, any);
        continue;
      }
      for (const Access &access : getAccesses(&op)) {
        if (access.isWrite) {
          first.write(access.buffer, access.place);
          any.write(access.buffer, access.place);
        } else if (!first.has(access.buffer, access.place)) {
          report(&op, access);
        }
      }
    }
  }

  void enter(Operation &op, State &first, State &any) {
    State writes = getWrites(&op);
    State again = any;
    if (!isa<scf::IfOp>(op))
      again.add(writes);
    bool isFirst = true;
    for (Region &region : op.getRegions()) {
      if (region.empty())
        continue;
      State inFirst = isFirst && surelyRuns(&op)      ? first
                      : isFirst || isa<scf::IfOp>(op) ? any
                                                      : again;
      State inAny = again;
      flow(region.front(), inFirst, inAny);
      isFirst = false;
    }
    first.add(writes);
    any.add(writes);
  }

  /// Once a buffer: what follows is often the same fault.
  void report(Operation *op, const Access &access) {
    if (!reported.insert(access.buffer).second)
      return;
    std::string name = getBufferName(access.buffer);
    auto gemm = dyn_cast<tile::GemmOp>(op);
    bool isSum = gemm && gemm.getC() == access.buffer;
    InFlightDiagnostic diag = emitCoded(op, Code::UninitialisedBuffer);
    if (isSum)
      diag << "T.gemm adds to " << name << ", which has no contents yet";
    else if (access.place)
      diag << name << "["
           << llvm::join(llvm::map_range(*access.place,
                                         [](int64_t number) {
                                           return std::to_string(number);
                                         }),
                         ", ")
           << "] is read here, and nothing has written it";
    else
      diag << name << " is read here, and nothing has written to it";
    diag.attachNote(access.buffer.getLoc())
        << "fix: fill or copy to " << name << " first";
    result = diag;
  }

  llvm::SmallPtrSet<Value, 4> reported;
  LogicalResult result = success();
};

} // namespace

LogicalResult checkUninitialisedReads(tt::CoreProgramOp program) {
  return ReadCheck().run(program);
}

} // namespace tilewright
