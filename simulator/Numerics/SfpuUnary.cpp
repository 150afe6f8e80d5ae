//===- SfpuUnary.cpp - functions of one DST tile --------------------------===//

#include "Numerics/Sfpu.h"
#include "Numerics/Tile.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace tilewright::sim {
namespace {

using tt::DataFormat;

template <typename Function> void each(float *tile, Function function) {
  for (uint32_t i = 0; i < TileElements; ++i)
    tile[i] = function(tile[i]);
}

float truth(bool value) { return value ? 1.0f : 0.0f; }
uint32_t bits(float value) { return std::bit_cast<uint32_t>(value); }
float fromBits(uint32_t value) { return std::bit_cast<float>(value); }
float flushed(float value) {
  return (bits(value) & 0x7f800000u) == 0 ? 0.0f : value;
}

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }
float gelu(float x) { return 0.5f * x * std::erfc(-x * 0.70710678118654752f); }
float elu(float x, float alpha) { return x > 0 ? x : alpha * std::expm1(x); }
float xielu(float x, float positive, float negative) {
  return x > 0 ? positive * x * x + 0.5f * x
               : negative * (std::expm1(x) - x) + 0.5f * x;
}
/// With the sign of the divisor.
float remainder(float x, float divisor) {
  const float rest = std::fmod(x, divisor);
  return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
}
/// Winitzki's start, improved by Newton's method on erf.
float erfinv(float x) {
  const double y = x;
  if (std::fabs(y) >= 1)
    return std::fabs(y) == 1
               ? std::copysign(std::numeric_limits<float>::infinity(), x)
               : std::numeric_limits<float>::quiet_NaN();
  constexpr double a = 0.147, pi = 3.14159265358979323846;
  const double l = std::log1p(-y * y), t = 2 / (pi * a) + l / 2;
  double r = std::copysign(std::sqrt(std::sqrt(t * t - l / a) - t), y);
  for (int i = 0; i < 3; ++i)
    r -= (std::erf(r) - y) / (2 / std::sqrt(pi) * std::exp(-r * r));
  return float(r);
}

/// Between number formats as DST holds them.
float typecast(float value, DataFormat from, DataFormat to) {
  const uint32_t word = bits(value);
  if (isInteger(from)) {
    const bool negative =
        from == DataFormat::Int32 && static_cast<int32_t>(word) < 0;
    switch (to) {
    case DataFormat::Int32:
    case DataFormat::UInt32:
      return value;
    case DataFormat::UInt16:
      return fromBits(negative ? 0 : std::min(word, 0xffffu));
    case DataFormat::UInt8:
      return fromBits(word & 0xffu);
    default:
      return from == DataFormat::Int32
                 ? static_cast<float>(static_cast<int32_t>(word))
                 : static_cast<float>(word);
    }
  }
  switch (to) {
  case DataFormat::Int32:
    // Toward zero; what does not fit is the smallest integer.
    return std::fabs(value) < 2147483648.0f
               ? fromBits(static_cast<uint32_t>(static_cast<int32_t>(value)))
               : fromBits(0x80000000u);
  case DataFormat::UInt32:
    if (value < 0)
      return fromBits(0);
    return value < 4294967296.0f ? fromBits(static_cast<uint32_t>(value))
                                 : fromBits(0xffffffffu);
  case DataFormat::UInt16:
  case DataFormat::UInt8: {
    // To nearest, ties away from zero, within the range.
    const float top = to == DataFormat::UInt16 ? 65535.0f : 255.0f;
    const float bounded = value > 0 ? std::min(value, top) : 0.0f;
    return fromBits(static_cast<uint32_t>(std::floor(bounded + 0.5f)));
  }
  case DataFormat::Float16_b:
    return std::isnan(value)
               ? value
               : fromBits((word + 0x7fffu + (word >> 16 & 1u)) & 0xffff0000u);
  default:
    return value;
  }
}

/// A generator of the simulator's own (splitmix64).
uint32_t next(uint64_t &state) {
  uint64_t z = state += 0x9e3779b97f4a7c15ull;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ z >> 27) * 0x94d049bb133111ebull;
  return static_cast<uint32_t>((z ^ z >> 31) >> 32);
}

/// Functions that only move or compare: denormals pass.
bool movesOnly(TwUnary op) {
  using U = TwUnary;
  switch (op) {
  case U::Abs:
  case U::Negative:
  case U::Identity:
  case U::Fill:
  case U::FillInt:
  case U::Typecast:
  case U::Rotate90:
    return true;
  default:
    return isIntegerOp(op);
  }
}

void apply(TwUnary op, float *tile, uint32_t p, uint32_t q, uint64_t &random) {
  const float s = fromBits(p);
  const float t = fromBits(q);
  using U = TwUnary;
  switch (op) {
#define TW_EACH(name, expression)                                              \
  case U::name:                                                                \
    return each(tile, [=](float x) -> float { return expression; });
    TW_EACH(Exp, std::exp(x * s))
    TW_EACH(ExpApprox, std::exp(x * s))
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
    TW_EACH(SigmoidApprox, sigmoid(x))
    TW_EACH(Tanh, std::tanh(x))
    TW_EACH(TanhApprox, std::tanh(x))
    TW_EACH(Erf, std::erf(x))
    TW_EACH(Erfc, std::erfc(x))
    TW_EACH(Gelu, gelu(x))
    TW_EACH(GeluApprox, gelu(x))
    TW_EACH(Silu, x * sigmoid(x))
    TW_EACH(Relu, x > 0 ? x : 0.0f)
    TW_EACH(Relu6, std::min(std::max(x, 0.0f), 6.0f))
    TW_EACH(LeakyRelu, x > 0 ? x : x * s)
    TW_EACH(ReluMax, std::min(std::max(x, 0.0f), s))
    TW_EACH(ReluMin, x > s ? x : s)
    TW_EACH(Elu, elu(x, s))
    TW_EACH(Softplus, s * x < t ? std::log1p(std::exp(s * x)) / s : x)
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
    TW_EACH(DivScalar, x * s)
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
    TW_EACH(Power, std::pow(x, float(p)))
    TW_EACH(Threshold, x > s ? x : t)
    TW_EACH(Cbrt, std::cbrt(x))

    TW_EACH(LogScaled, std::log(x) * s)
    TW_EACH(Asinh, std::asinh(x))
    TW_EACH(Acosh, std::acosh(x))
    TW_EACH(Atanh, std::atanh(x))
    TW_EACH(Erfinv, erfinv(x))
    TW_EACH(I0, float(std::cyl_bessel_i(0.0, std::fabs(double(x)))))
    TW_EACH(I1, std::copysign(
                    float(std::cyl_bessel_i(1.0, std::fabs(double(x)))), x))
    TW_EACH(Celu, x < 0 ? s * std::expm1(x * t) : x)
    TW_EACH(Selu, s * elu(x, t))
    TW_EACH(Xielu, xielu(x, s, t))
    TW_EACH(Softshrink, x > s ? x - s : x < -s ? x + s : 0.0f)
    TW_EACH(Hardmish, x * std::min(std::max(x + 2.8f, 0.0f), 5.0f) * 0.2f)
    TW_EACH(IsPosInf, truth(std::isinf(x) && x > 0))
    TW_EACH(IsNegInf, truth(std::isinf(x) && x < 0))
    TW_EACH(FmodScalar, std::fmod(x, s))
    TW_EACH(RemainderScalar, remainder(x, s))
    TW_EACH(Rpow, std::pow(s, x))
#undef TW_EACH
  case U::Round: {
    const double scale =
        std::pow(10.0, static_cast<double>(static_cast<int32_t>(p)));
    return each(tile, [=](float x) {
      return float(std::nearbyint(x * scale) / scale);
    });
  }
  case U::Typecast:
    return each(tile, [=](float x) {
      return typecast(x, static_cast<DataFormat>(p),
                      static_cast<DataFormat>(q));
    });
  case U::Rdiv:
    return each(tile, [=](float x) {
      const float quotient = s / x;
      return q == 1   ? std::trunc(quotient)
             : q == 2 ? std::floor(quotient)
                      : quotient;
    });
  case U::Rand:
    for (uint32_t i = 0; i < TileElements; ++i)
      tile[i] = float(next(random) >> 9) * 0x1p-23f * t + s;
    return;
  case U::Dropout:
    for (uint32_t i = 0; i < TileElements; ++i)
      tile[i] = (next(random) >> 1) < p ? 0.0f : tile[i] * t;
    return;
  case U::Cumsum:
    for (uint32_t i = 32; i < TileElements; ++i)
      tile[i] += tile[i - 32];
    return;
  case U::Rotate90:
    // Complex numbers of two neighbours: (a, b) becomes (-b, a).
    for (uint32_t i = 0; i < TileElements; i += 2) {
      const float real = tile[i];
      tile[i] = -tile[i + 1];
      tile[i + 1] = real;
    }
    return;
  default:
    return sfpuIntegerUnary(op, tile, p, q);
  }
}

} // namespace

bool isIntegerOp(TwUnary op) { return op >= TwUnary::AbsInt; }

SfpuStore storeOf(TwUnary op, uint32_t, uint32_t q) {
  using U = TwUnary;
  switch (op) {
  case U::Typecast:
    return static_cast<DataFormat>(q) == DataFormat::Float16_b
               ? SfpuStore::NearestEven
               : SfpuStore::NearestAway;
  case U::AddScalar:
  case U::SubScalar:
  case U::MulScalar:
  case U::DivScalar:
  case U::RsubScalar:
  case U::Square:
  case U::Erf:
  case U::Erfc:
  case U::Erfinv:
  case U::FmodScalar:
  case U::RemainderScalar:
  case U::Gelu:
  case U::GeluApprox:
  case U::Hardmish:
  case U::Heaviside:
  case U::I0:
  case U::I1:
  case U::LeakyRelu:
  case U::Hardsigmoid:
  case U::Softplus:
  case U::Softshrink:
  case U::Softsign:
  case U::Cumsum:
  case U::Dropout:
  case U::Rand:
  case U::ExpApprox:
  case U::Fill:
    return SfpuStore::Truncate;
  default:
    return SfpuStore::NearestAway;
  }
}

void sfpuUnary(TwUnary op, float *tile, uint32_t p, uint32_t q,
               uint64_t &random) {
  if (movesOnly(op))
    return apply(op, tile, p, q, random);
  each(tile, flushed);
  apply(op, tile, p, q, random);
  each(tile, flushed);
}

} // namespace tilewright::sim
