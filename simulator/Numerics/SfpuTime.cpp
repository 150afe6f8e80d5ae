//===- SfpuTime.cpp - cycles of the vector unit ---------------------------===//
//
// Which program an operation is; what programs take stands in arch/.
//
//===----------------------------------------------------------------------===//

#include "Numerics/Sfpu.h"

namespace tilewright::sim {

namespace {
uint32_t program(const arch::VectorParameters &unit, uint32_t instructions) {
  return unit.passes * instructions + unit.callCycles;
}
} // namespace

uint32_t sfpuCycles(const arch::VectorParameters &unit, TwUnary op) {
  switch (op) {
  case TwUnary::ExpApprox:
    return unit.expApproxTile;
  case TwUnary::Exp:
  case TwUnary::Exp2:
  case TwUnary::Expm1:
    return program(unit, unit.exponential);
  case TwUnary::GeluApprox:
    return unit.geluApproxTile;
  case TwUnary::SigmoidApprox:
    return unit.sigmoidApproxTile;
  case TwUnary::TanhApprox:
    return unit.tanhApproxTile;
  case TwUnary::Tanh:
    return unit.tanhTile;
  case TwUnary::Sigmoid:
  case TwUnary::Silu:
  case TwUnary::Gelu:
  case TwUnary::Erf:
  case TwUnary::Erfc:
  case TwUnary::Softplus:
  case TwUnary::Elu:
  case TwUnary::Log:
  case TwUnary::Log2:
  case TwUnary::Log10:
  case TwUnary::Log1p:
  case TwUnary::Sin:
  case TwUnary::Cos:
  case TwUnary::Tan:
  case TwUnary::Asin:
  case TwUnary::Acos:
  case TwUnary::Atan:
  case TwUnary::Sinh:
  case TwUnary::Cosh:
  case TwUnary::Power:
  case TwUnary::PowScalar:
  case TwUnary::Rpow:
  case TwUnary::LogScaled:
  case TwUnary::Asinh:
  case TwUnary::Acosh:
  case TwUnary::Atanh:
  case TwUnary::Erfinv:
  case TwUnary::I0:
  case TwUnary::I1:
  case TwUnary::Celu:
  case TwUnary::Selu:
  case TwUnary::Xielu:
    return program(unit, unit.transcendental);
  case TwUnary::Sqrt:
  case TwUnary::Rsqrt:
  case TwUnary::Cbrt:
    return program(unit, unit.root);
  case TwUnary::Recip:
  case TwUnary::Rdiv:
  case TwUnary::FmodScalar:
  case TwUnary::RemainderScalar:
  case TwUnary::Softsign:
    return program(unit, unit.reciprocal);
  default:
    return program(unit, unit.simple);
  }
}

uint32_t sfpuCycles(const arch::VectorParameters &unit, TwBinary op) {
  switch (op) {
  case TwBinary::Div:
  case TwBinary::Fmod:
  case TwBinary::Remainder:
  case TwBinary::Addcdiv:
  case TwBinary::DivInt:
  case TwBinary::DivFloorInt:
  case TwBinary::DivTruncInt:
  case TwBinary::RemainderInt:
  case TwBinary::FmodInt:
    return program(unit, unit.division);
  case TwBinary::Power:
  case TwBinary::Atan2:
  case TwBinary::Xlogy:
  case TwBinary::Gcd:
  case TwBinary::Lcm:
    return program(unit, unit.twoTiles);
  case TwBinary::MulInt:
    return program(unit, unit.integerMultiply);
  default:
    return program(unit, unit.simple);
  }
}

} // namespace tilewright::sim
