//===- ParallelRaces.cpp - Iterations that touch each other's elements ----===//
//
// A race is shown by an example: two iterations of a T.Parallel, of which one
// writes an element that the other writes too, or reads.
//
//   1. Stores that stand under a condition, in an inner loop that may run no
//      iteration, or whose value is the same in all iterations, are left
//      alone; so are updates (`x[i] = x[i] + e`, and maxima, minima and bit
//      operations), which T.atomic_add makes too.
//   2. The indices of an access are computed for the first iterations of the
//      loop, with numbers for its variables: each is a polynomial of what does
//      not change in the loop (IndexExpr.h). Other values have no example.
//   3. Equal indices of two iterations are the example.
//
//===----------------------------------------------------------------------===//

#include "compiler/Analysis/IndexArithmetic.h"
#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "compiler/Passes/C_Lowering/ScalarChecks.h"
#include "compiler/Support/Codes/StageC.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace tilewright {

namespace {

/// Iterations that are looked at in each dimension of a loop of that rank.
constexpr int64_t kIterations[] = {512, 22, 8, 5};

using Iteration = SmallVector<int64_t, 3>;
using Place = SmallVector<IndexExpr, 3>;

struct Access {
  Operation *op = nullptr;
  Value memref;
  ValueRange indices;
};

class RaceCheck {
public:
  explicit RaceCheck(tile::ParallelOp loop) : loop(loop) {}

  LogicalResult run() {
    SmallVector<Access> loads;
    SmallVector<memref::StoreOp> stores;
    for (Operation &op : loop.getBody().front()) {
      if (auto load = dyn_cast<memref::LoadOp>(op))
        loads.push_back({load, load.getMemRef(), load.getIndices()});
      else if (auto store = dyn_cast<memref::StoreOp>(op))
        stores.push_back(store);
    }
    if (stores.empty())
      return success();
    enumerate();
    for (memref::StoreOp store : stores) {
      if (isUpdate(store) || !changes(store.getValueToStore()))
        continue;
      if (failed(checkStore(store)))
        return failure();
      for (const Access &load : loads)
        if (load.memref == store.getMemRef() && failed(checkLoad(store, load)))
          return failure();
    }
    return success();
  }

private:
  bool isInside(Value value) {
    Operation *op = value.getDefiningOp();
    return op ? loop->isProperAncestor(op)
              : loop->isAncestor(value.getParentBlock()->getParentOp());
  }

  /// Whether the value may differ between iterations.
  bool changes(Value value) {
    if (!isInside(value))
      return false;
    Operation *op = value.getDefiningOp();
    if (!op || op->getNumRegions())
      return true;
    auto load = dyn_cast<memref::LoadOp>(op);
    return llvm::any_of(load ? ValueRange(load.getIndices())
                             : ValueRange(op->getOperands()),
                        [&](Value operand) { return changes(operand); });
  }

  /// `x[i] = x[i] op e`, possibly through casts.
  static bool isUpdate(memref::StoreOp store) {
    Value value = store.getValueToStore();
    auto withoutCasts = [](Value value) {
      while (Operation *op = value.getDefiningOp()) {
        if (!isa<arith::ExtFOp, arith::TruncFOp, UnrealizedConversionCastOp>(
                op) &&
            !isIndexCast(op))
          break;
        value = op->getOperand(0);
      }
      return value;
    };
    Operation *op = withoutCasts(value).getDefiningOp();
    if (!op ||
        !isa<arith::AddFOp, arith::AddIOp, arith::MulFOp, arith::MulIOp,
             arith::SubFOp, arith::SubIOp, arith::MaximumFOp, arith::MinimumFOp,
             arith::MaxNumFOp, arith::MinNumFOp, arith::MaxSIOp, arith::MinSIOp,
             arith::MaxUIOp, arith::MinUIOp, arith::OrIOp, arith::AndIOp,
             arith::XOrIOp>(op))
      return false;
    return llvm::any_of(op->getOperands(), [&](Value operand) {
      auto load = withoutCasts(operand).getDefiningOp<memref::LoadOp>();
      return load && load.getMemRef() == store.getMemRef() &&
             llvm::all_of(llvm::zip(load.getIndices(), store.getIndices()),
                          [](auto pair) {
                            return IndexExpr::of(std::get<0>(pair)) ==
                                   IndexExpr::of(std::get<1>(pair));
                          });
    });
  }

  /// The first iterations, the last variable fastest.
  void enumerate() {
    ArrayRef<int64_t> extents = loop.getExtents();
    int64_t most = kIterations[std::min<size_t>(extents.size(), 4) - 1];
    iterations = {Iteration()};
    for (int64_t extent : extents) {
      std::vector<Iteration> longer;
      for (const Iteration &each : iterations)
        for (int64_t i = 0; i < std::min(extent, most); ++i) {
          longer.push_back(each);
          longer.back().push_back(i);
        }
      iterations = std::move(longer);
    }
  }

  std::optional<IndexExpr> evaluate(Value value, const Iteration &at) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return IndexExpr(constant.getSExtValue());
    if (!isInside(value))
      return IndexExpr::of(value);
    Operation *op = value.getDefiningOp();
    if (!op) {
      auto argument = cast<BlockArgument>(value);
      if (argument.getOwner() != &loop.getBody().front())
        return std::nullopt;
      return IndexExpr(at[argument.getArgNumber()]);
    }
    if (isIndexCast(op) && !isa<arith::TruncIOp>(op))
      return evaluate(op->getOperand(0), at);
    std::optional<IndexOperation> operation = getIndexOperation(op);
    if (!operation)
      return std::nullopt;
    std::optional<IndexExpr> a = evaluate(op->getOperand(0), at);
    std::optional<IndexExpr> b = evaluate(op->getOperand(1), at);
    if (!a || !b)
      return std::nullopt;
    if (*operation == IndexOperation::Add)
      return *a + *b;
    if (*operation == IndexOperation::Sub)
      return *a - *b;
    if (*operation == IndexOperation::Mul)
      return *a * *b;
    std::optional<int64_t> x = a->getConstant(), y = b->getConstant();
    if (!x || !y)
      return std::nullopt;
    std::optional<int64_t> number = evaluateIndex(*operation, *x, *y);
    return number ? std::optional(IndexExpr(*number)) : std::nullopt;
  }

  std::optional<Place> placeOf(ValueRange indices, const Iteration &at) {
    Place place;
    for (Value index : indices) {
      std::optional<IndexExpr> expr = evaluate(index, at);
      if (!expr)
        return std::nullopt;
      place.push_back(*expr);
    }
    return place;
  }

  /// Equal for places only that are the same.
  static std::string keyOf(const Place &place) {
    std::string key;
    llvm::raw_string_ostream out(key);
    for (const IndexExpr &expr : place) {
      for (const IndexExpr::Term &term : expr.getTerms()) {
        out << term.coefficient;
        for (const IndexExpr::Atom &atom : term.atoms)
          out << '*' << atom.value.getAsOpaquePointer() << '/' << atom.divisor;
        out << '+';
      }
      out << expr.getOffset() << ',';
    }
    return key;
  }

  static std::string textOf(const Place &place) {
    return llvm::join(
        llvm::map_range(place,
                        [](const IndexExpr &expr) { return expr.str(); }),
        ", ");
  }

  /// "i = 3", "(i, j) = (3, 4)".
  std::string describe(const Iteration &at) {
    auto names =
        llvm::join(loop.getNames().getAsValueRange<StringAttr>(), ", ");
    std::string numbers = llvm::join(
        llvm::map_range(at, [](int64_t i) { return std::to_string(i); }), ", ");
    return at.size() == 1 ? names + " = " + numbers
                          : "(" + names + ") = (" + numbers + ")";
  }

  /// Finds the iterations by what they write, too.
  LogicalResult checkStore(memref::StoreOp store) {
    writers.clear();
    for (const Iteration &at : iterations) {
      std::optional<Place> place = placeOf(store.getIndices(), at);
      if (!place) {
        writers.clear();
        return success();
      }
      auto [entry, isNew] = writers.try_emplace(keyOf(*place), at);
      if (isNew)
        continue;
      InFlightDiagnostic diag = emitCoded(store, Code::ParallelRace);
      diag << "T.Parallel: iterations " << describe(entry->second) << " and "
           << describe(at) << " write the same element "
           << getBufferName(store.getMemRef()) << "[" << textOf(*place) << "]";
      diag.attachNote() << "fix: use each loop variable in the index that is "
                           "written, or reduce with T.reduce_sum or "
                           "T.reduce_max";
      return diag;
    }
    return success();
  }

  LogicalResult checkLoad(memref::StoreOp store, const Access &load) {
    for (const Iteration &at : iterations) {
      std::optional<Place> place = placeOf(load.indices, at);
      if (!place)
        return success();
      auto writer = writers.find(keyOf(*place));
      if (writer == writers.end() || writer->second == at)
        continue;
      InFlightDiagnostic diag = emitCoded(load.op, Code::ParallelRace);
      diag << "T.Parallel: iteration " << describe(at) << " reads the element "
           << getBufferName(load.memref) << "[" << textOf(*place)
           << "] that iteration " << describe(writer->second) << " writes";
      diag.attachNote(store.getLoc()) << "written here";
      diag.attachNote() << "fix: use two loops, or write to another buffer";
      return diag;
    }
    return success();
  }

  tile::ParallelOp loop;
  std::vector<Iteration> iterations;
  llvm::StringMap<Iteration> writers;
};

} // namespace

LogicalResult checkParallelRaces(tile::ParallelOp loop) {
  return RaceCheck(loop).run();
}

LogicalResult checkParallelRaces(tt::CoreProgramOp program) {
  LogicalResult result = success();
  program.walk([&](tile::ParallelOp loop) {
    if (failed(checkParallelRaces(loop)))
      result = failure();
  });
  return result;
}

} // namespace tilewright
