//===- SfpuTime.cpp - cycles of the vector unit ---------------------------===//
//
// Cycle counts are 32 iterations of the number of instructions that the unit's
// programs take.
//
//===----------------------------------------------------------------------===//

#include "Numerics/Sfpu.h"

namespace tilewright::sim {

uint32_t sfpuCycles(TwUnary op) {
  constexpr uint32_t kIterations = 32;
  constexpr uint32_t kSetup = 20;
  auto program = [](uint32_t instructions) {
    return kIterations * instructions + kSetup;
  };
  switch (op) {
  case TwUnary::ExpApprox:
    return program(3);
  case TwUnary::Exp:
  case TwUnary::Exp2:
  case TwUnary::Expm1:
    return program(22);
  case TwUnary::GeluApprox:
    return 256;
  case TwUnary::Tanh:
    return 530;
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
    return program(24);
  case TwUnary::Sqrt:
  case TwUnary::Rsqrt:
  case TwUnary::Cbrt:
    return program(25);
  case TwUnary::Recip:
  case TwUnary::Rdiv:
  case TwUnary::FmodScalar:
  case TwUnary::RemainderScalar:
  case TwUnary::Softsign:
    return program(15);
  default:
    return program(4);
  }
}

uint32_t sfpuCycles(TwBinary op) {
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
    return 32 * 20 + 20;
  case TwBinary::Power:
  case TwBinary::Atan2:
  case TwBinary::Xlogy:
  case TwBinary::Gcd:
  case TwBinary::Lcm:
    return 32 * 40 + 20;
  case TwBinary::MulInt:
    return 32 * 12 + 20;
  default:
    return 32 * 4 + 20;
  }
}

} // namespace tilewright::sim
