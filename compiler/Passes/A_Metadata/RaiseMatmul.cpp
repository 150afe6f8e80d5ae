//===- RaiseMatmul.cpp - Multiply-accumulate nests as gemms ---------------===//

#include "compiler/Passes/A_Metadata/RaiseMatmul.h"

#include "compiler/Analysis/IndexExpr.h"
#include "compiler/Dialect/TT/TT.h"
#include "compiler/Passes/A_Metadata/VectorOrientation.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tilewright;

namespace {

struct LoopVariable {
  Value value;
  int64_t extent;
  StringRef name;
  bool isParallel; ///< of a tile.parallel
};

/// Loops around `body`, from the outermost.
struct Nest {
  Operation *root = nullptr;
  SmallVector<LoopVariable> variables;
  Block *body = nullptr;
};

std::optional<int64_t> constantOf(Value value) {
  APInt number;
  if (!matchPattern(value, m_ConstantInt(&number)))
    return std::nullopt;
  return number.getSExtValue();
}

/// Adds the loop `op` to `nest`.
bool enterLoop(Operation *op, Nest &nest) {
  if (auto parallel = dyn_cast<tile::ParallelOp>(op)) {
    for (auto [index, extent] : llvm::enumerate(parallel.getExtents()))
      nest.variables.push_back(
          {parallel.getBody().getArgument(index), extent,
           cast<StringAttr>(parallel.getNames()[index]).getValue(), true});
    nest.body = &parallel.getBody().front();
    return true;
  }
  auto loop = dyn_cast<tile::ForOp>(op);
  if (!loop || constantOf(loop.getLower()) != 0 ||
      constantOf(loop.getStep()) != 1)
    return false;
  std::optional<int64_t> extent = constantOf(loop.getUpper());
  if (!extent || *extent < 1)
    return false;
  nest.variables.push_back(
      {loop.getInductionVar(), *extent, loop.getName(), false});
  nest.body = &loop.getBody().front();
  return true;
}

/// The loop of `block` when everything beside it is free of effects.
Operation *getOnlyLoop(Block &block) {
  Operation *loop = nullptr;
  for (Operation &op : block) {
    if (op.getNumRegions() != 0) {
      if (loop)
        return nullptr;
      loop = &op;
    } else if (!isMemoryEffectFree(&op)) {
      return nullptr;
    }
  }
  return loop;
}

/// The loops from `op` down to the first body that is more than a loop.
Nest collectNest(Operation *op) {
  Nest nest;
  nest.root = op;
  while (op && enterLoop(op, nest))
    op = getOnlyLoop(*nest.body);
  return nest;
}

/// `value` before casts between floats; only those that widen on request.
Value stripCasts(Value value, bool isWideningOnly) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<arith::ExtFOp>(op) &&
        (isWideningOnly || !isa<arith::TruncFOp>(op)))
      break;
    value = op->getOperand(0);
  }
  return value;
}

/// Where an access has which variable: base + variable in each dimension.
struct Access {
  Value memref;
  Location loc;
  SmallVector<IndexExpr> bases;
  SmallVector<int> dims;  ///< dimensions with a variable, in order
  SmallVector<Value> ids; ///< the variable of each of `dims`

  explicit Access(Operation *op) : loc(op->getLoc()) {}
  bool isTensor() const { return isa<BlockArgument>(memref); }
};

/// The three accesses of `C += A * B`.
struct Statement {
  memref::StoreOp store;
  memref::LoadOp c, a, b;
};

std::optional<Statement> matchStatement(Block &body) {
  Statement found;
  int loads = 0;
  for (Operation &op : body) {
    if (auto store = dyn_cast<memref::StoreOp>(op)) {
      if (found.store)
        return std::nullopt;
      found.store = store;
    } else if (isa<memref::LoadOp>(op)) {
      ++loads;
    } else if (op.getNumRegions() != 0 || !isMemoryEffectFree(&op)) {
      return std::nullopt;
    }
  }
  if (!found.store || loads != 3)
    return std::nullopt;
  auto sum = stripCasts(found.store.getValueToStore(), false)
                 .getDefiningOp<arith::AddFOp>();
  if (!sum)
    return std::nullopt;
  for (bool isSwapped : {false, true}) {
    Value old = isSwapped ? sum.getRhs() : sum.getLhs();
    Value term = isSwapped ? sum.getLhs() : sum.getRhs();
    auto c = stripCasts(old, true).getDefiningOp<memref::LoadOp>();
    auto product = stripCasts(term, false).getDefiningOp<arith::MulFOp>();
    if (!c || !product || c.getMemRef() != found.store.getMemRef())
      continue;
    auto a = stripCasts(product.getLhs(), true).getDefiningOp<memref::LoadOp>();
    auto b = stripCasts(product.getRhs(), true).getDefiningOp<memref::LoadOp>();
    bool isSame = llvm::equal(
        c.getIndices(), found.store.getIndices(),
        [](Value x, Value y) { return IndexExpr::of(x) == IndexExpr::of(y); });
    if (!a || !b || a == b || !isSame || a.getMemRef() == c.getMemRef() ||
        b.getMemRef() == c.getMemRef())
      continue;
    found.c = c, found.a = a, found.b = b;
    return found;
  }
  return std::nullopt;
}

bool isInside(Value value, Operation *root) {
  Operation *owner = isa<BlockArgument>(value)
                         ? cast<BlockArgument>(value).getOwner()->getParentOp()
                         : value.getDefiningOp();
  return root->isAncestor(owner);
}

std::optional<Access> readAccess(Operation *op, Value memref,
                                 ValueRange indices, const Nest &nest) {
  Access access(op);
  access.memref = memref;
  if (isInside(memref, nest.root))
    return std::nullopt;
  for (auto [dim, index] : llvm::enumerate(indices)) {
    IndexExpr expr = IndexExpr::of(index);
    for (const LoopVariable &variable : nest.variables) {
      if (!expr.dependsOn(variable.value))
        continue;
      if (expr.getCoefficient(variable.value) != 1)
        return std::nullopt;
      access.dims.push_back(dim);
      access.ids.push_back(variable.value);
      expr = expr.without(variable.value);
    }
    for (const IndexExpr::Term &term : expr.getTerms())
      for (const IndexExpr::Atom &atom : term.atoms)
        if (isInside(atom.value, nest.root))
          return std::nullopt;
    access.bases.push_back(expr);
  }
  bool isPlane = access.dims.size() == 2 && access.dims[0] != access.dims[1] &&
                 access.ids[0] != access.ids[1];
  return isPlane ? std::optional<Access>(access) : std::nullopt;
}

/// A product that the statement of a nest spells out.
struct Product {
  Access a, b, c;
  LoopVariable row, col, inner;
  bool transposeA, transposeB;
};

bool isWhole(const Access &access, const LoopVariable &first,
             const LoopVariable &second) {
  auto type = cast<MemRefType>(access.memref.getType());
  return type.getRank() == 2 &&
         type.getShape() == ArrayRef<int64_t>({first.extent, second.extent}) &&
         llvm::all_of(access.bases,
                      [](const IndexExpr &base) { return base.isZero(); });
}

std::optional<Product> matchProduct(const Nest &nest) {
  if (nest.variables.size() != 3)
    return std::nullopt;
  std::optional<Statement> statement = matchStatement(*nest.body);
  if (!statement)
    return std::nullopt;
  auto read = [&](memref::LoadOp load) {
    return readAccess(load, load.getMemRef(), load.getIndices(), nest);
  };
  std::optional<Access> a = read(statement->a), b = read(statement->b),
                        c = read(statement->c);
  if (!a || !b || !c)
    return std::nullopt;
  auto find = [&](Value id) {
    return *llvm::find_if(nest.variables, [&](const LoopVariable &variable) {
      return variable.value == id;
    });
  };
  LoopVariable row = find(c->ids[0]), col = find(c->ids[1]);
  LoopVariable inner =
      *llvm::find_if(nest.variables, [&](const LoopVariable &variable) {
        return variable.value != row.value && variable.value != col.value;
      });
  if (inner.isParallel) // a race, which is reported where bodies are lowered
    return std::nullopt;
  auto uses = [](const Access &access, const LoopVariable &x,
                 const LoopVariable &y) {
    return llvm::is_contained(access.ids, x.value) &&
           llvm::is_contained(access.ids, y.value);
  };
  if (uses(*b, row, inner))
    std::swap(a, b);
  if (!uses(*a, row, inner) || !uses(*b, inner, col))
    return std::nullopt;
  auto element = [](const Access &access) {
    return cast<MemRefType>(access.memref.getType()).getElementType();
  };
  Type type = element(*a);
  if (type != element(*b) || !(type.isF32() || type.isF16() || type.isBF16()))
    return std::nullopt;
  Product product = {*a,
                     *b,
                     *c,
                     row,
                     col,
                     inner,
                     a->ids[0] == inner.value,
                     b->ids[0] == col.value};
  for (const Access *access : {&product.a, &product.b, &product.c})
    if (!access->isTensor() &&
        !isWhole(*access, find(access->ids[0]), find(access->ids[1])))
      return std::nullopt;
  return product;
}

int64_t tiledBytes(int64_t rows, int64_t cols, Type element) {
  return llvm::alignTo(rows, tt::kTileDim) * llvm::alignTo(cols, tt::kTileDim) *
         element.getIntOrFloatBitWidth() / 8;
}

/// At the start of the launch, where the program's own buffers stand.
Value createBuffer(Operation *user, Location loc, StringRef name,
                   ArrayRef<int64_t> shape, Type element, tile::Scope scope) {
  OpBuilder builder(user);
  if (auto launch = user->getParentOfType<tile::LaunchOp>())
    builder.setInsertionPointToStart(&launch.getBody().front());
  auto type =
      MemRefType::get(shape, element, MemRefLayoutAttrInterface(),
                      tile::ScopeAttr::get(builder.getContext(), scope));
  return tile::AllocOp::create(builder, loc, type, builder.getStringAttr(name));
}

/// Writes a product as copies and a gemm in front of the nest.
class GemmWriter {
public:
  GemmWriter(const Product &product, Operation *root)
      : product(product), root(root), builder(root), loc(root->getLoc()) {}

  /// Whether the copies of tensors fit `bytes`; chooses the steps of k.
  bool plan(int64_t bytes);
  void write();

private:
  int64_t extentOf(Value id) const {
    for (const LoopVariable *variable :
         {&product.row, &product.col, &product.inner})
      if (variable->value == id)
        return id == product.inner.value ? step : variable->extent;
    return 1;
  }
  Value allocate(const Access &access, Type element);
  /// Between `access`, with k moved by `at`, and `buffer`.
  void copy(const Access &access, Value buffer, Value at, bool isBack);
  Value zero() { return arith::ConstantIndexOp::create(builder, loc, 0); }

  const Product &product;
  Operation *root;
  OpBuilder builder;
  Location loc;
  int64_t step = 0; ///< of k in one gemm
};

bool GemmWriter::plan(int64_t bytes) {
  step = product.inner.extent;
  auto element = [](const Access &access) {
    return cast<MemRefType>(access.memref.getType()).getElementType();
  };
  // Copies may be in flight twice.
  auto needed = [&] {
    int64_t sum = 0;
    if (product.a.isTensor())
      sum += 2 * tiledBytes(product.row.extent, step, element(product.a));
    if (product.b.isTensor())
      sum += 2 * tiledBytes(step, product.col.extent, element(product.b));
    if (product.c.isTensor())
      sum += 3 * tiledBytes(product.row.extent, product.col.extent,
                            builder.getF32Type());
    return sum;
  };
  // Steps that divide k; what stands behind k in a tensor does not count.
  constexpr int64_t usual = 2 * tt::kTileDim;
  if (product.a.isTensor() && product.b.isTensor())
    for (int64_t size : {usual, tt::kTileDim})
      if (step > size && product.inner.extent % size == 0) {
        step = size;
        break;
      }
  return needed() <= bytes;
}

Value GemmWriter::allocate(const Access &access, Type element) {
  std::string name = getBufferName(access.memref);
  return createBuffer(root,
                      NameLoc::get(builder.getStringAttr(name), access.loc),
                      name, {extentOf(access.ids[0]), extentOf(access.ids[1])},
                      element, tile::Scope::Shared);
}

void GemmWriter::copy(const Access &access, Value buffer, Value at,
                      bool isBack) {
  SmallVector<Value> offsets;
  SmallVector<int64_t> sizes(access.bases.size(), 1);
  for (auto [dim, id] : llvm::zip(access.dims, access.ids))
    sizes[dim] = extentOf(id);
  for (auto [dim, base] : llvm::enumerate(access.bases)) {
    Value offset = base.materialize(builder, loc);
    for (auto [place, id] : llvm::zip(access.dims, access.ids))
      if (at && place == int(dim) && id == product.inner.value)
        offset = arith::AddIOp::create(builder, loc, offset, at);
    offsets.push_back(offset);
  }
  Value none = zero();
  auto shape = cast<MemRefType>(buffer.getType()).getShape();
  SmallVector<Value> zeros(2, none);
  if (isBack)
    tile::CopyOp::create(builder, access.loc, buffer, zeros, shape,
                         access.memref, offsets, sizes);
  else
    tile::CopyOp::create(builder, access.loc, access.memref, offsets, sizes,
                         buffer, zeros, shape);
}

void GemmWriter::write() {
  auto element = [](const Access &access) {
    return cast<MemRefType>(access.memref.getType()).getElementType();
  };
  Value a = product.a.memref, b = product.b.memref, c = product.c.memref;
  if (product.a.isTensor())
    a = allocate(product.a, element(product.a));
  if (product.b.isTensor())
    b = allocate(product.b, element(product.b));
  if (product.c.isTensor()) {
    c = allocate(product.c, builder.getF32Type());
    copy(product.c, c, Value(), /*isBack=*/false);
  }
  OpBuilder::InsertPoint after = builder.saveInsertionPoint();
  Value at;
  if (step < product.inner.extent) {
    Value upper =
        arith::ConstantIndexOp::create(builder, loc, product.inner.extent);
    Value by = arith::ConstantIndexOp::create(builder, loc, step);
    auto loop =
        tile::ForOp::create(builder, loc, zero(), upper, by,
                            tile::LoopKind::Pipelined, 2, product.inner.name);
    Block *body = builder.createBlock(&loop.getBody());
    at = body->addArgument(
        builder.getIndexType(),
        NameLoc::get(builder.getStringAttr(product.inner.name), loc));
  }
  if (product.a.isTensor())
    copy(product.a, a, at, /*isBack=*/false);
  if (product.b.isTensor())
    copy(product.b, b, at, /*isBack=*/false);
  tile::GemmOp::create(builder, loc, a, b, c, product.transposeA,
                       product.transposeB, /*clear_accum=*/false);
  builder.restoreInsertionPoint(after);
  if (product.c.isTensor())
    copy(product.c, c, Value(), /*isBack=*/true);
}

/// Step 2: a nest that is nothing but the statement.
bool raiseNest(Operation *op, int64_t bytes) {
  Nest nest = collectNest(op);
  std::optional<Product> product = matchProduct(nest);
  if (!product)
    return false;
  GemmWriter writer(*product, nest.root);
  if (!writer.plan(bytes))
    return false;
  writer.write();
  nest.root->erase();
  return true;
}

/// Step 3 for one loop over i and j.
class Splitter {
public:
  explicit Splitter(Operation *root) : nest(collectNest(root)) {}
  /// Splits the loop in three; the loop in the middle is the multiply-
  /// accumulate nest. Null when it cannot be.
  Operation *split();

private:
  bool findInnerLoop();
  bool checkIndependence();
  bool checkUses();
  bool expandAccumulator(bool isTrial);
  tile::ParallelOp createLoop(IRMapping &map);
  void cloneOps(ArrayRef<Operation *> ops);

  Nest nest;
  tile::ForOp inner;
  SmallVector<Operation *> before, behind; ///< of the body, around `inner`
  Statement statement;
  tile::AllocOp scalar; ///< the accumulator, when it is one element
};

bool Splitter::findInnerLoop() {
  if (!nest.body || nest.variables.size() != 2)
    return false;
  bool hasStore = false;
  for (Operation &op : *nest.body) {
    if (op.getNumRegions() != 0) {
      if (inner || !isa<tile::ForOp>(op))
        return false;
      inner = cast<tile::ForOp>(op);
      continue;
    }
    bool isStore = isa<memref::StoreOp>(op);
    if (!isStore && !isa<memref::LoadOp>(op) && !isMemoryEffectFree(&op))
      return false;
    hasStore |= isStore;
    (inner ? behind : before).push_back(&op);
  }
  if (!inner || !hasStore)
    return false;
  std::optional<Statement> found = matchStatement(inner.getBody().front());
  if (!found)
    return false;
  statement = *found;
  return true;
}

/// An accumulator of one element that lives in one iteration: written before
/// it is read, and not seen outside. One trial changes nothing.
bool Splitter::expandAccumulator(bool isTrial) {
  Value memref = statement.store.getMemRef();
  auto alloc = memref.getDefiningOp<tile::AllocOp>();
  if (!alloc || cast<MemRefType>(memref.getType()).getNumElements() != 1)
    return true;
  Operation *first = nullptr;
  for (Operation *op : before)
    if (llvm::is_contained(op->getOperands(), memref)) {
      first = op;
      break;
    }
  if (!isa_and_nonnull<memref::StoreOp>(first))
    return false;
  for (Operation *user : memref.getUsers())
    if (!nest.root->isAncestor(user) ||
        !isa<memref::LoadOp, memref::StoreOp>(user))
      return false;
  if (isTrial)
    return true;
  Value wide =
      createBuffer(nest.root, alloc.getLoc(), alloc.getName(),
                   {nest.variables[0].extent, nest.variables[1].extent},
                   cast<MemRefType>(memref.getType()).getElementType(),
                   tile::Scope::Fragment);
  Value ids[] = {nest.variables[0].value, nest.variables[1].value};
  for (Operation *user : llvm::to_vector(memref.getUsers())) {
    OpBuilder at(user);
    if (auto load = dyn_cast<memref::LoadOp>(user)) {
      Value element = memref::LoadOp::create(at, load.getLoc(), wide, ids);
      load.replaceAllUsesWith(element);
      load.erase();
    } else {
      auto store = cast<memref::StoreOp>(user);
      memref::StoreOp::create(at, store.getLoc(), store.getValueToStore(), wide,
                              ids);
      store.erase();
    }
  }
  alloc.erase();
  return true;
}

/// Serial iterations: what is written is accessed at one element a pair.
bool Splitter::checkIndependence() {
  if (llvm::all_of(nest.variables, [](const LoopVariable &variable) {
        return variable.isParallel;
      }))
    return true;
  llvm::DenseMap<Value, ValueRange> elements;
  bool isGood = true;
  auto visit = [&](Value memref, ValueRange indices) {
    auto [known, isNew] = elements.insert({memref, indices});
    if (!isNew)
      isGood &= llvm::equal(known->second, indices, [](Value x, Value y) {
        return IndexExpr::of(x) == IndexExpr::of(y);
      });
    for (const LoopVariable &variable : nest.variables)
      isGood &= llvm::any_of(indices, [&](Value index) {
        IndexExpr expr = IndexExpr::of(index);
        return expr.getCoefficient(variable.value) == 1 &&
               llvm::all_of(nest.variables, [&](const LoopVariable &other) {
                 return other.value == variable.value ||
                        !expr.dependsOn(other.value);
               });
      });
  };
  Value accumulator = statement.store.getMemRef();
  bool isScalar = cast<MemRefType>(accumulator.getType()).getNumElements() == 1;
  llvm::DenseSet<Value> written;
  nest.root->walk([&](memref::StoreOp store) {
    if (!isScalar || store.getMemRef() != accumulator)
      written.insert(store.getMemRef());
  });
  nest.root->walk([&](Operation *op) {
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      if (written.contains(load.getMemRef()))
        visit(load.getMemRef(), load.getIndices());
    } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
      if (written.contains(store.getMemRef()))
        visit(store.getMemRef(), store.getIndices());
    }
  });
  return isGood;
}

/// Nothing but index arithmetic crosses the cuts, and the statements around
/// the loop leave its operands alone.
bool Splitter::checkUses() {
  auto isOperand = [&](Value memref) {
    return memref == statement.a.getMemRef() ||
           memref == statement.b.getMemRef();
  };
  for (Operation *op : llvm::concat<Operation *const>(before, behind))
    if (auto store = dyn_cast<memref::StoreOp>(op))
      if (isOperand(store.getMemRef()))
        return false;
  llvm::SmallDenseSet<Value> loaded; // and what is computed from it
  for (Operation *op : before)
    if (isa<memref::LoadOp>(op) ||
        llvm::any_of(op->getOperands(),
                     [&](Value operand) { return loaded.contains(operand); }))
      for (Value result : op->getResults()) {
        loaded.insert(result);
        for (Operation *user : result.getUsers())
          if (!llvm::is_contained(before, user))
            return false;
      }
  return true;
}

tile::ParallelOp Splitter::createLoop(IRMapping &map) {
  OpBuilder builder(nest.root);
  SmallVector<int64_t> extents;
  SmallVector<StringRef> names;
  for (const LoopVariable &variable : nest.variables) {
    extents.push_back(variable.extent);
    names.push_back(variable.name);
  }
  auto loop = tile::ParallelOp::create(builder, nest.root->getLoc(), extents,
                                       builder.getStrArrayAttr(names));
  Block *body = builder.createBlock(&loop.getBody());
  for (const LoopVariable &variable : nest.variables)
    map.map(variable.value,
            body->addArgument(builder.getIndexType(), variable.value.getLoc()));
  return loop;
}

/// A loop with `ops` and what they need of the ops before them.
void Splitter::cloneOps(ArrayRef<Operation *> ops) {
  if (llvm::none_of(ops,
                    [](Operation *op) { return isa<memref::StoreOp>(op); }))
    return;
  IRMapping map;
  tile::ParallelOp loop = createLoop(map);
  OpBuilder builder(loop.getContext());
  builder.setInsertionPointToEnd(&loop.getBody().front());
  std::function<void(Operation *)> clone = [&](Operation *op) {
    for (Value operand : op->getOperands())
      if (Operation *def = operand.getDefiningOp();
          def && nest.root->isProperAncestor(def) && !map.contains(operand))
        clone(def);
    builder.clone(*op, map);
  };
  for (Operation *op : ops)
    if (!isMemoryEffectFree(op))
      clone(op);
}

Operation *Splitter::split() {
  if (!findInnerLoop() || !checkUses() || !expandAccumulator(true) ||
      !checkIndependence())
    return nullptr;
  // The loop in the middle has to be a product, or splitting is no use; a
  // scalar accumulator is one by what is known of it.
  bool isScalar = cast<MemRefType>(statement.store.getMemRef().getType())
                      .getNumElements() == 1;
  Nest whole = nest;
  if (!enterLoop(inner, whole) || (!isScalar && !matchProduct(whole)))
    return nullptr;
  if (isScalar) {
    expandAccumulator(false);
    // The ops of the lists were replaced.
    before.clear();
    behind.clear();
    inner = {};
    if (!findInnerLoop())
      return nullptr;
  }
  cloneOps(before);
  IRMapping map;
  tile::ParallelOp middle = createLoop(map);
  OpBuilder builder(middle.getContext());
  builder.setInsertionPointToEnd(&middle.getBody().front());
  // What is computed from loads stays with them.
  llvm::SmallDenseSet<Operation *> loaded;
  for (Operation *op : before)
    if (!isMemoryEffectFree(op) ||
        llvm::any_of(op->getOperands(), [&](Value operand) {
          return loaded.contains(operand.getDefiningOp());
        }))
      loaded.insert(op);
    else
      builder.clone(*op, map);
  builder.clone(*inner, map);
  cloneOps(behind);
  nest.root->erase();
  return middle;
}

} // namespace

void tilewright::raiseMatmulNests(tile::FuncOp func, int64_t l1Bytes) {
  std::function<void(Block &)> visit = [&](Block &block) {
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (isa<tile::ParallelOp, tile::ForOp>(op)) {
        if (raiseNest(&op, l1Bytes / 2))
          continue;
        if (Operation *middle = Splitter(&op).split()) {
          raiseNest(middle, l1Bytes / 2);
          continue;
        }
      }
      for (Region &region : op.getRegions())
        for (Block &inside : region)
          visit(inside);
    }
  };
  for (Block &block : func.getBody())
    visit(block);
}
