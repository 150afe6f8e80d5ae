//===- SfpuBinary.cpp - functions of two or three DST tiles ---------------===//

#include "Numerics/Sfpu.h"
#include "Numerics/Tile.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace tilewright::sim {
namespace {

template <typename Function>
void pairs(const float *a, const float *b, float *out, Function function) {
  for (uint32_t i = 0; i < TileElements; ++i)
    out[i] = function(a[i], b[i]);
}
float truth(bool value) { return value ? 1.0f : 0.0f; }
float flushed(float value) {
  return (std::bit_cast<uint32_t>(value) & 0x7f800000u) == 0 ? 0.0f : value;
}
float integer(float word) {
  return static_cast<float>(std::bit_cast<int32_t>(word));
}
/// An 8-bit result of quantisation, in a 32-bit integer.
float quantised(float value) {
  return std::bit_cast<float>(
      static_cast<int32_t>(std::nearbyint(std::clamp(value, -128.0f, 127.0f))));
}
float logSigmoid(float x) {
  return x < 0 ? x - std::log1p(std::exp(x)) : -std::log1p(std::exp(-x));
}

bool arithmetic(TwBinary op) {
  switch (op) {
  case TwBinary::Copy:
  case TwBinary::Where:
  case TwBinary::Mask:
  case TwBinary::MaskInfinity:
  case TwBinary::Quant:
  case TwBinary::Requant:
    return false;
  default:
    return !isIntegerOp(op);
  }
}

} // namespace

bool isIntegerOp(TwBinary op) {
  switch (op) {
  case TwBinary::BitAnd:
  case TwBinary::BitOr:
  case TwBinary::BitXor:
  case TwBinary::AddInt:
  case TwBinary::SubInt:
  case TwBinary::MulInt:
    return true;
  default:
    return op >= TwBinary::RsubInt;
  }
}

SfpuStore storeOf(TwBinary op) {
  switch (op) {
  case TwBinary::Add:
  case TwBinary::Sub:
  case TwBinary::Mul:
  case TwBinary::Div:
  case TwBinary::Rsub:
    return SfpuStore::NearestEven;
  case TwBinary::Logsigmoid:
  case TwBinary::AddTopRow:
    return SfpuStore::Truncate;
  default:
    return SfpuStore::NearestAway;
  }
}

void sfpuBinary(TwBinary op, const float *a, const float *b, const float *c,
                float *out, uint32_t value) {
  using B = TwBinary;
  alignas(64) float first[TileElements], second[TileElements];
  if (arithmetic(op) && op != B::Dequant) {
    std::transform(a, a + TileElements, first, flushed);
    std::transform(b, b + TileElements, second, flushed);
    a = first;
    b = second;
  }
  const float s = std::bit_cast<float>(value);
  const float zero = static_cast<float>(static_cast<int32_t>(value));
  switch (op) {
#define TW_PAIR(name, expression)                                              \
  case B::name:                                                                \
    pairs(a, b, out, [=](float x, float y) -> float { return expression; });   \
    break;
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
    TW_PAIR(MaskInfinity, y != 0 ? x : std::numeric_limits<float>::infinity())
    TW_PAIR(Xlogy, x == 0 ? 0.0f : x * std::log(y))
    TW_PAIR(Logsigmoid, (void(y), logSigmoid(x)))
    TW_PAIR(Quant, quantised(x * y + zero))
    TW_PAIR(Requant, quantised(integer(x) * y + zero))
    TW_PAIR(Dequant, (integer(x) - zero) * y)
#undef TW_PAIR
  case B::Where:
    for (uint32_t i = 0; i < TileElements; ++i)
      out[i] = a[i] != 0 ? b[i] : c[i];
    break;
  case B::Addcmul:
    for (uint32_t i = 0; i < TileElements; ++i)
      out[i] = a[i] + s * b[i] * flushed(c[i]);
    break;
  case B::Addcdiv:
    for (uint32_t i = 0; i < TileElements; ++i)
      out[i] = a[i] + s * b[i] / flushed(c[i]);
    break;
  case B::Lerp:
    for (uint32_t i = 0; i < TileElements; ++i)
      out[i] = a[i] + flushed(c[i]) * (b[i] - a[i]);
    break;
  case B::AddTopRow:
    for (uint32_t i = 0; i < 32; ++i)
      out[i] = a[i] + b[i];
    return;
  default:
    return sfpuIntegerBinary(op, a, b, c, out, value);
  }
  if (arithmetic(op))
    std::transform(out, out + TileElements, out, flushed);
}

} // namespace tilewright::sim
