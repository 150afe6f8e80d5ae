//===- Operations.cpp - inits come before operations ----------------------===//

#include "Machine/Checks/Operations.h"

#include "Machine/Machine.h"

namespace tilewright::sim {
namespace {

bool isEltwise(TwOp op) {
  return op == TwOp::Add || op == TwOp::Sub || op == TwOp::Mul;
}
bool isReuse(TwOp op) {
  return op == TwOp::ReuseAdd || op == TwOp::ReuseSub || op == TwOp::ReuseMul;
}

/// UNPACK moves tiles the same way for operations that only MATH tells apart.
bool sameFor(AgentKind kind, TwOp set, TwOp op) {
  if (set == op)
    return true;
  return kind == AgentKind::Unpack &&
         ((isEltwise(set) && isEltwise(op)) || (isReuse(set) && isReuse(op)));
}

std::string nameOf(TwOp op, TwBroadcast broadcast) {
  constexpr const char *names[] = {
      "nothing",       "a matmul",     "add_tiles",    "sub_tiles",
      "mul_tiles",     "copy_tile",    "unary_bcast",  "transpose_tile",
      "add with DST",  "sub with DST", "mul with DST", "reduce_tile",
      "transpose_dest"};
  constexpr const char *spread[] = {"", " with a column broadcast",
                                    " with a row broadcast",
                                    " with a scalar broadcast"};
  const auto index = static_cast<size_t>(op);
  return std::string(index < std::size(names) ? names[index]
                                              : "another operation") +
         spread[static_cast<size_t>(broadcast) & 3];
}

/// Operations that share one init.
TwUnary family(TwUnary op) {
  switch (op) {
  case TwUnary::ExpApprox:
    return TwUnary::Exp;
  case TwUnary::GeluApprox:
    return TwUnary::Gelu;
  case TwUnary::SubScalar:
  case TwUnary::MulScalar:
  case TwUnary::DivScalar:
  case TwUnary::RsubScalar:
    return TwUnary::AddScalar;
  case TwUnary::Ceil:
  case TwUnary::Trunc:
  case TwUnary::Frac:
  case TwUnary::Round:
    return TwUnary::Floor;
  case TwUnary::PowScalar:
    return TwUnary::Power;
  case TwUnary::Hardtanh:
    return TwUnary::Clamp;
  case TwUnary::FillInt:
    return TwUnary::Fill;
  default:
    return op;
  }
}

void setOp(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  Agent &agent = self();
  ComputeState &state = agent.core->compute;
  (agent.kind == AgentKind::Unpack ? state.unpackOp
                                   : state.mathOp) = {op, broadcast, loc};
}

void spendInit() { self().spend(cycles(machine->chip.compute.initShort)); }

void sfpuInit(TwUnary op, TwLoc) {
  spendInit();
  self().core->compute.vectorUnit.unary.set(size_t(family(op)));
}
void sfpuBinaryInit(TwBinary op, TwLoc) {
  spendInit();
  self().core->compute.vectorUnit.binary.set(size_t(op));
}

} // namespace

void checkOperation(TwOp op, TwBroadcast broadcast, TwLoc loc) {
  Agent &agent = self();
  const ComputeState &state = agent.core->compute;
  const OperationState &set =
      agent.kind == AgentKind::Unpack ? state.unpackOp : state.mathOp;
  if (sameFor(agent.kind, set.op, op) && set.broadcast == broadcast)
    return;
  std::vector<std::string> notes;
  if (set.op != TwOp::None)
    notes.push_back(std::string(set.where.file ? set.where.file : "?") + ":" +
                    std::to_string(set.where.line) + ": the last init is of " +
                    nameOf(set.op, set.broadcast));
  agent.fault(FaultCode::MissingInit,
              nameOf(op, broadcast) + (set.op == TwOp::None
                                           ? " runs before any init"
                                           : " runs after the init of " +
                                                 nameOf(set.op, set.broadcast)),
              loc, std::move(notes));
}

void checkVectorUnit(TwUnary op, TwLoc loc) {
  const auto &ready = self().core->compute.vectorUnit.unary;
  const TwUnary wanted = family(op);
  // exp and log scale with a product of their own.
  if (ready[size_t(wanted)] || wanted == TwUnary::Identity ||
      (wanted == TwUnary::AddScalar &&
       (ready[size_t(TwUnary::Exp)] || ready[size_t(TwUnary::Log)])))
    return;
  self().fault(FaultCode::MissingInit,
               "an operation of the vector unit runs without its init", loc);
}

void checkVectorUnit(TwBinary op, TwLoc loc) {
  if (self().core->compute.vectorUnit.binary[size_t(op)])
    return;
  self().fault(FaultCode::MissingInit,
               "an operation of the vector unit on two tiles runs without its "
               "init",
               loc);
}

void installOperationCalls(TwApi &api) {
  api.setOp = setOp;
  api.sfpuInit = sfpuInit;
  api.sfpuBinaryInit = sfpuBinaryInit;
}

} // namespace tilewright::sim
