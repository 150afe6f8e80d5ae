//===- Sfpu.cpp - the vector unit -----------------------------------------===//
//
// Element-wise functions in fp32, accurate to about an ulp. Cycle counts are 32
// iterations of the number of instructions that the unit's programs take.
//
//===----------------------------------------------------------------------===//

#include "Machine/Machine.h"

#include <bit>
#include <cmath>
#include <limits>

namespace tilewright::sim {
namespace {

template <typename Function> void each(float *tile, Function function) {
  for (uint32_t i = 0; i < TileElements; ++i)
    tile[i] = function(tile[i]);
}
template <typename Function>
void pairs(const float *a, const float *b, float *out, Function function) {
  for (uint32_t i = 0; i < TileElements; ++i)
    out[i] = function(a[i], b[i]);
}

float truth(bool value) { return value ? 1.0f : 0.0f; }
uint32_t bits(float value) { return std::bit_cast<uint32_t>(value); }
float fromBits(uint32_t value) { return std::bit_cast<float>(value); }

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }
float gelu(float x) {
  return 0.5f * x * (1.0f + std::erf(x * 0.70710678118654752f));
}
float power(float base, int32_t exponent) {
  return std::pow(base, static_cast<float>(exponent));
}

/// Between number formats as DST holds them: fp32 values, or integers whose
/// bits stand in the 32-bit word.
float typecast(float value, uint32_t from, uint32_t to) {
  auto isInteger = [](uint32_t format) {
    const auto f = static_cast<DataFormat>(format);
    return f == DataFormat::Int32 || f == DataFormat::UInt32 ||
           f == DataFormat::UInt16;
  };
  if (isInteger(from) && !isInteger(to)) {
    const uint32_t word = bits(value);
    return static_cast<DataFormat>(from) == DataFormat::Int32
               ? static_cast<float>(static_cast<int32_t>(word))
               : static_cast<float>(word);
  }
  if (!isInteger(from) && isInteger(to)) {
    if (static_cast<DataFormat>(to) == DataFormat::Int32)
      return fromBits(static_cast<uint32_t>(static_cast<int32_t>(
          std::clamp(std::trunc(value), -2147483648.0f, 2147483520.0f))));
    const float top = static_cast<DataFormat>(to) == DataFormat::UInt16
                          ? 65535.0f
                          : 4294967040.0f;
    return fromBits(
        static_cast<uint32_t>(std::clamp(std::trunc(value), 0.0f, top)));
  }
  if (static_cast<DataFormat>(to) == DataFormat::Float16_b) {
    const uint32_t word = bits(value);
    return std::isnan(value)
               ? value
               : fromBits((word + 0x7fffu + (word >> 16 & 1u)) & 0xffff0000u);
  }
  return value;
}

} // namespace

void sfpuUnary(TwUnary op, float *tile, uint32_t p, uint32_t q) {
  const float s = fromBits(p);
  const float t = fromBits(q);
  using U = TwUnary;
  switch (op) {
#define TW_EACH(name, expression)                                              \
  case U::name:                                                                \
    return each(tile, [=](float x) -> float { return expression; });
    TW_EACH(Exp, std::exp(x))
    TW_EACH(ExpApprox, std::exp(x))
    TW_EACH(Exp2, std::exp2(x))
    TW_EACH(Expm1, std::expm1(x))
    TW_EACH(Log, std::log(x))
    TW_EACH(Log2, std::log2(x))
    TW_EACH(Log10, std::log10(x))
    TW_EACH(Log1p, std::log1p(x))
    TW_EACH(Sqrt, std::sqrt(x))
    TW_EACH(Rsqrt, 1.0f / std::sqrt(x))
    TW_EACH(Recip, 1.0f / x)
    TW_EACH(Sigmoid, sigmoid(x))
    TW_EACH(Tanh, std::tanh(x))
    TW_EACH(Erf, std::erf(x))
    TW_EACH(Erfc, std::erfc(x))
    TW_EACH(Gelu, gelu(x))
    TW_EACH(GeluApprox, gelu(x))
    TW_EACH(Silu, x * sigmoid(x))
    TW_EACH(Relu, x > 0 ? x : 0.0f)
    TW_EACH(Relu6, std::min(std::max(x, 0.0f), 6.0f))
    TW_EACH(LeakyRelu, x > 0 ? x : x * s)
    TW_EACH(ReluMax, std::min(std::max(x, 0.0f), s))
    TW_EACH(ReluMin, x > s ? x : 0.0f)
    TW_EACH(Elu, x > 0 ? x : s * std::expm1(x))
    TW_EACH(Softplus, std::log1p(std::exp(s * x)) / s)
    TW_EACH(Softsign, x / (1.0f + std::fabs(x)))
    TW_EACH(Hardsigmoid,
            std::min(std::max(x * (1.0f / 6.0f) + 0.5f, 0.0f), 1.0f))
    TW_EACH(Hardtanh, std::min(std::max(x, s), t))
    TW_EACH(Abs, std::fabs(x))
    TW_EACH(Negative, -x)
    TW_EACH(Square, x * x)
    TW_EACH(Sin, std::sin(x))
    TW_EACH(Cos, std::cos(x))
    TW_EACH(Tan, std::tan(x))
    TW_EACH(Asin, std::asin(x))
    TW_EACH(Acos, std::acos(x))
    TW_EACH(Atan, std::atan(x))
    TW_EACH(Sinh, std::sinh(x))
    TW_EACH(Cosh, std::cosh(x))
    TW_EACH(Floor, std::floor(x))
    TW_EACH(Ceil, std::ceil(x))
    TW_EACH(Trunc, std::trunc(x))
    TW_EACH(Frac, x - std::trunc(x))
    TW_EACH(Sign, x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f)
    TW_EACH(Signbit, truth(std::signbit(x)))
    TW_EACH(Heaviside, x > 0 ? 1.0f : x < 0 ? 0.0f : s)
    TW_EACH(LogicalNot, truth(x == 0))
    TW_EACH(IsInf, truth(std::isinf(x)))
    TW_EACH(IsNan, truth(std::isnan(x)))
    TW_EACH(IsFinite, truth(std::isfinite(x)))
    TW_EACH(EqZero, truth(x == 0))
    TW_EACH(NeZero, truth(x != 0))
    TW_EACH(LtZero, truth(x < 0))
    TW_EACH(GtZero, truth(x > 0))
    TW_EACH(LeZero, truth(x <= 0))
    TW_EACH(GeZero, truth(x >= 0))
    TW_EACH(AddScalar, x + s)
    TW_EACH(SubScalar, x - s)
    TW_EACH(MulScalar, x * s)
    TW_EACH(DivScalar, x / s)
    TW_EACH(RsubScalar, s - x)
    TW_EACH(MaxScalar, std::max(x, s))
    TW_EACH(MinScalar, std::min(x, s))
    TW_EACH(PowScalar, std::pow(x, s))
    TW_EACH(EqScalar, truth(x == s))
    TW_EACH(NeScalar, truth(x != s))
    TW_EACH(LtScalar, truth(x < s))
    TW_EACH(GtScalar, truth(x > s))
    TW_EACH(LeScalar, truth(x <= s))
    TW_EACH(GeScalar, truth(x >= s))
    TW_EACH(Clamp, std::min(std::max(x, s), t))
    TW_EACH(Fill, (void(x), s))
    TW_EACH(FillInt, (void(x), s))
    TW_EACH(Identity, x)
    TW_EACH(Typecast, typecast(x, p, q))
    TW_EACH(Power, power(x, static_cast<int32_t>(p)))
    TW_EACH(Dropout, x)
    TW_EACH(Threshold, x > s ? x : t)
    TW_EACH(Cbrt, std::cbrt(x))
    TW_EACH(Mask, x)
#undef TW_EACH
  case U::Round: {
    const float scale =
        std::pow(10.0f, static_cast<float>(static_cast<int32_t>(p)));
    return each(tile, [=](float x) {
      return scale == 1.0f ? std::nearbyint(x)
                           : std::nearbyint(x * scale) / scale;
    });
  }
  }
}

void sfpuBinary(TwBinary op, const float *a, const float *b, const float *c,
                float *out) {
  using B = TwBinary;
  auto word = [&](auto function) {
    pairs(a, b, out, [=](float x, float y) {
      return fromBits(function(bits(x), bits(y)));
    });
  };
  switch (op) {
#define TW_PAIR(name, expression)                                              \
  case B::name:                                                                \
    return pairs(a, b, out,                                                    \
                 [=](float x, float y) -> float { return expression; });
    TW_PAIR(Add, x + y)
    TW_PAIR(Sub, x - y)
    TW_PAIR(Mul, x * y)
    TW_PAIR(Div, x / y)
    TW_PAIR(Rsub, y - x)
    TW_PAIR(Power, std::pow(x, y))
    TW_PAIR(Max, std::max(x, y))
    TW_PAIR(Min, std::min(x, y))
    TW_PAIR(Eq, truth(x == y))
    TW_PAIR(Ne, truth(x != y))
    TW_PAIR(Lt, truth(x < y))
    TW_PAIR(Gt, truth(x > y))
    TW_PAIR(Le, truth(x <= y))
    TW_PAIR(Ge, truth(x >= y))
    TW_PAIR(Copy, (void(y), x))
    TW_PAIR(Atan2, std::atan2(x, y))
    TW_PAIR(Fmod, std::fmod(x, y))
    TW_PAIR(Remainder, x - y * std::floor(x / y))
    TW_PAIR(LogicalAnd, truth(x != 0 && y != 0))
    TW_PAIR(LogicalOr, truth(x != 0 || y != 0))
    TW_PAIR(Mask, y != 0 ? x : 0.0f)
    TW_PAIR(MulAdd, x * y)
#undef TW_PAIR
  case B::BitAnd:
    return word([](uint32_t x, uint32_t y) { return x & y; });
  case B::BitOr:
    return word([](uint32_t x, uint32_t y) { return x | y; });
  case B::BitXor:
    return word([](uint32_t x, uint32_t y) { return x ^ y; });
  case B::AddInt:
    return word([](uint32_t x, uint32_t y) { return x + y; });
  case B::SubInt:
    return word([](uint32_t x, uint32_t y) { return x - y; });
  case B::MulInt:
    return word([](uint32_t x, uint32_t y) { return x * y; });
  case B::Where:
    for (uint32_t i = 0; i < TileElements; ++i)
      out[i] = a[i] != 0 ? b[i] : c[i];
    return;
  }
}

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
    return program(24);
  case TwUnary::Sqrt:
  case TwUnary::Rsqrt:
  case TwUnary::Cbrt:
    return program(25);
  case TwUnary::Recip:
  case TwUnary::DivScalar:
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
    return 32 * 20 + 20;
  case TwBinary::Power:
  case TwBinary::Atan2:
    return 32 * 40 + 20;
  default:
    return 32 * 4 + 20;
  }
}

} // namespace tilewright::sim
