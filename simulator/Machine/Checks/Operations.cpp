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
      "nothing",        "a matmul",     "add_tiles",    "sub_tiles",
      "mul_tiles",      "copy_tile",    "unary_bcast",  "transpose_tile",
      "add with DST",   "sub with DST", "mul with DST", "reduce_tile",
      "transpose_dest", "tilize_block"};
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
  using U = TwUnary;
  switch (op) {
  case U::ExpApprox:
    return U::Exp;
  case U::LogScaled:
    return U::Log;
  case U::GeluApprox:
    return U::Gelu;
  case U::TanhApprox:
    return U::Tanh;
  case U::SigmoidApprox:
    return U::Sigmoid;
  case U::SubScalar:
  case U::MulScalar:
  case U::DivScalar:
  case U::AddInt:
  case U::SubInt:
    return U::AddScalar;
  case U::Ceil:
  case U::Trunc:
  case U::Frac:
  case U::Round:
    return U::Floor;
  case U::PowScalar:
    return U::Power;
  case U::Hardtanh:
  case U::ClampInt:
    return U::Clamp;
  case U::FillInt:
    return U::Fill;
  case U::AbsInt:
    return U::Abs;
  case U::NegativeInt:
    return U::Negative;
  case U::SignbitInt:
    return U::Signbit;
  case U::ReluInt:
    return U::Relu;
  case U::ReluMaxInt:
    return U::ReluMax;
  case U::ReluMinInt:
    return U::ReluMin;
  case U::EqInt:
    return U::EqScalar;
  case U::NeInt:
    return U::NeScalar;
  case U::LtInt:
    return U::LtScalar;
  case U::GtInt:
    return U::GtScalar;
  case U::LeInt:
    return U::LeScalar;
  case U::GeInt:
    return U::GeScalar;
  case U::EqZeroInt:
    return U::EqZero;
  case U::NeZeroInt:
    return U::NeZero;
  case U::LtZeroInt:
    return U::LtZero;
  case U::GtZeroInt:
    return U::GtZero;
  case U::LeZeroInt:
    return U::LeZero;
  case U::GeZeroInt:
    return U::GeZero;
  case U::IdentityInt:
    return U::Identity;
  default:
    return op;
  }
}
TwBinary family(TwBinary op) {
  using B = TwBinary;
  switch (op) {
  case B::BitOr:
  case B::BitXor:
    return B::BitAnd;
  case B::RightShift:
  case B::LogicalRightShift:
    return B::LeftShift;
  case B::WhereInt:
    return B::Where;
  case B::MaskInt:
  case B::MaskInfinity:
    return B::Mask;
  case B::AddTopRowInt:
    return B::AddTopRow;
  default:
    return op;
  }
}

/// Operations whose init loads constants, or tables, that the vector unit keeps
/// in registers of its own; the next such init replaces them.
const char *constantsOf(uint32_t operation) {
  using U = TwUnary;
  using B = TwBinary;
  if (operation >= 1000)
    switch (static_cast<B>(operation - 1000)) {
    case B::Div:
      return "div_binary_tile";
    case B::Power:
      return "power_binary_tile";
    default:
      return nullptr;
    }
  switch (static_cast<U>(operation)) {
  case U::Exp:
    return "exp_tile";
  case U::Exp2:
    return "exp2_tile";
  case U::Expm1:
    return "expm1_tile";
  case U::Log:
    return "log_tile";
  case U::Recip:
    return "recip_tile";
  case U::Sqrt:
    return "sqrt_tile";
  case U::Rsqrt:
    return "rsqrt_tile";
  case U::Gelu:
    return "gelu_tile";
  case U::Tanh:
    return "tanh_tile";
  case U::Sigmoid:
    return "sigmoid_tile";
  case U::Silu:
    return "silu_tile";
  case U::Cbrt:
    return "cbrt_tile";
  default:
    return nullptr;
  }
}

/// Faults when another init has replaced what `operation` needs.
void checkConstants(uint32_t operation, TwLoc loc) {
  const VectorUnitState &unit = self().core->compute.vectorUnit;
  const char *name = constantsOf(operation);
  if (!name || unit.constants == operation || unit.constants == ~0u)
    return;
  const TwLoc at = unit.constantsAt;
  std::vector<std::string> notes = {std::string(at.file ? at.file : "?") + ":" +
                                    std::to_string(at.line) +
                                    ": the last init of such an operation"};
  self().fault(FaultCode::MissingInit,
               std::string(name) + " runs after the init of " +
                   constantsOf(unit.constants) +
                   ", which loads the constants of the vector unit anew",
               loc, std::move(notes));
}

void setOp(TwOp op, TwBroadcast broadcast, uint32_t variant, TwLoc loc) {
  Agent &agent = self();
  ComputeState &state = agent.core->compute;
  OperationState &set =
      agent.kind == AgentKind::Unpack ? state.unpackOp : state.mathOp;
  // One of the two threads counts.
  if (agent.kind == AgentKind::Unpack && op != TwOp::Matmul && set.op == op &&
      set.broadcast == broadcast && set.variant == variant &&
      set.formats == state.formatChanges)
    noteRedundantInit(loc);
  set = {op, broadcast, variant, loc, state.formatChanges};
}

void spendInit() { self().spend(cycles(machine->chip.compute.initShort)); }

/// Whether the last init of the vector unit was of another operation.
void noteVectorInit(uint32_t operation, bool hasOptions, TwLoc loc) {
  uint32_t &last = self().core->compute.vectorUnit.last;
  if (last == operation && !hasOptions)
    noteRedundantInit(loc);
  last = operation;
  VectorUnitState &unit = self().core->compute.vectorUnit;
  if (constantsOf(operation)) {
    unit.constants = operation;
    unit.constantsAt = loc;
  }
}

void sfpuInit(TwUnary op, TwLoc loc) {
  spendInit();
  noteVectorInit(uint32_t(family(op)),
                 op == TwUnary::Typecast || op == TwUnary::ReduceDst, loc);
  self().core->compute.vectorUnit.unary.set(size_t(family(op)));
}
void sfpuBinaryInit(TwBinary op, TwLoc loc) {
  spendInit();
  noteVectorInit(1000 + uint32_t(family(op)), /*hasOptions=*/false, loc);
  self().core->compute.vectorUnit.binary.set(size_t(family(op)));
}

} // namespace

void noteRedundantInit(TwLoc loc) {
  ++machine->result.redundantInits[{loc.file ? loc.file : "?", loc.line}];
}

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

void checkVariant(uint32_t variant, const char *call, TwLoc loc) {
  Agent &agent = self();
  const ComputeState &state = agent.core->compute;
  const OperationState &set =
      agent.kind == AgentKind::Unpack ? state.unpackOp : state.mathOp;
  if (set.variant == 0 || set.variant == variant)
    return;
  std::vector<std::string> notes = {
      std::string(set.where.file ? set.where.file : "?") + ":" +
      std::to_string(set.where.line) + ": the last init"};
  agent.fault(FaultCode::MissingInit, call, loc, std::move(notes));
}

void checkVectorUnit(TwUnary op, TwLoc loc) {
  const auto &ready = self().core->compute.vectorUnit.unary;
  const TwUnary wanted = family(op);
  // A logical not of integers is a comparison with zero.
  if (ready[size_t(wanted)])
    checkConstants(uint32_t(wanted), loc);
  if (ready[size_t(wanted)] || wanted == TwUnary::Identity ||
      (wanted == TwUnary::EqZero && ready[size_t(TwUnary::LogicalNot)]) ||
      (wanted == TwUnary::RsubScalar && ready[size_t(TwUnary::AddScalar)]))
    return;
  self().fault(FaultCode::MissingInit,
               "an operation of the vector unit runs without its init", loc);
}

void checkVectorUnit(TwBinary op, TwLoc loc) {
  if (self().core->compute.vectorUnit.binary[size_t(family(op))])
    return checkConstants(1000 + uint32_t(family(op)), loc);
  self().fault(FaultCode::MissingInit,
               "an operation of the vector unit on two tiles runs without its "
               "init",
               loc);
}

void installOperationCalls(TwApi &api) {
  api.setOp = setOp;
  api.sfpuInit = sfpuInit;
  api.sfpuBinaryInit = sfpuBinaryInit;
  api.sfpuNeed = [](TwUnary op, TwLoc loc) { checkVectorUnit(op, loc); };
}

} // namespace tilewright::sim
