//===- Ramps.cpp - Vectors of evenly spaced numbers -----------------------===//

#include "compiler/Passes/C_Lowering/Ramps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace tilewright {

Operation *Ramps::findPlace(Operation *user, const IndexExpr &base) {
  Operation *place = user;
  while (auto loop = dyn_cast<scf::ForOp>(place->getParentOp())) {
    bool changes =
        llvm::any_of(base.getTerms(), [&](const IndexExpr::Term &term) {
          return llvm::any_of(term.atoms, [&](IndexExpr::Atom atom) {
            return loop.getRegion().isAncestor(atom.value.getParentRegion());
          });
        });
    if (changes)
      return place;
    place = loop;
  }
  return place;
}

static tt::AllocCBOp createBuffer(tt::CoreProgramOp program, Location loc,
                                  StringRef name, int64_t tiles) {
  MLIRContext *context = program.getContext();
  constexpr tt::DataFormat format = tt::DataFormat::Float32;
  auto geometry =
      tt::CBAttr::get(context, format, tt::getTileBytes(format), tiles, 1);
  Block &body = program.getBody().front();
  auto last = body.begin();
  while (last != body.end() && isa<tt::AllocCBOp>(*last))
    ++last;
  OpBuilder builder(&body, last);
  return tt::AllocCBOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc),
      tt::CircularBufferType::get(context, geometry), name,
      /*spills=*/ArrayAttr());
}

IndexExpr Ramps::clamp(Operation *user, const IndexExpr &base, int64_t far) {
  Operation *place = findPlace(user, base);
  for (auto &[other, value] : clamped)
    if (other == base && value.getParentBlock() == place->getBlock() &&
        value.getDefiningOp()->isBeforeInBlock(place))
      return IndexExpr::atom(value);
  OpBuilder builder(place);
  Location loc = user->getLoc();
  auto constant = [&](int64_t number) {
    return arith::ConstantIndexOp::create(builder, loc, number);
  };
  Value value = base.materialize(builder, loc);
  value = arith::MaxSIOp::create(builder, loc, value, constant(-far));
  value = arith::MinSIOp::create(builder, loc, value, constant(far));
  clamped.push_back({base, value});
  return IndexExpr::atom(value);
}

Value Ramps::get(Operation *user, const IndexExpr &base, int64_t step,
                 tt::Broadcast along, int64_t tiles) {
  Operation *place = findPlace(user, base);
  for (Made &other : made)
    if (other.base == base && other.step == step && other.along == along &&
        other.tiles == tiles &&
        other.block.getParentBlock() == place->getBlock() &&
        other.block.getDefiningOp()->isBeforeInBlock(place))
      return other.block;
  Location loc = user->getLoc();
  while (auto named = dyn_cast<NameLoc>(loc))
    loc = named.getChildLoc();
  StringRef name = along == tt::Broadcast::Row   ? "columns"
                   : along == tt::Broadcast::Col ? "rows"
                                                 : "number";
  tt::AllocCBOp buffer = createBuffer(program, loc, name, tiles);
  OpBuilder builder(place);
  Type f32 = builder.getF32Type();
  auto type = along == tt::Broadcast::Row
                  ? tt::BlockType::get(builder.getContext(), 1, tiles, f32)
                  : tt::BlockType::get(builder.getContext(), tiles, 1, f32);
  Value start = base.materialize(builder, loc);
  Value block = tt::RampToCBOp::create(
      builder, NameLoc::get(builder.getStringAttr(name), loc), type,
      buffer.getCb(), start, step, along);
  made.push_back({base, step, along, tiles, block});
  return block;
}

} // namespace tilewright
