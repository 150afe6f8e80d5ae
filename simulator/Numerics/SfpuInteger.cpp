//===- SfpuInteger.cpp - the vector unit on integers ----------------------===//
//
// 32-bit integers in two's complement, and narrower ones without sign. Shifts
// by 32 and more give what is left: zero, or the sign.
//
//===----------------------------------------------------------------------===//

#include "Numerics/Sfpu.h"
#include "Numerics/Tile.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace tilewright::sim {
namespace {

float word(uint32_t value) { return std::bit_cast<float>(value); }
float word(int32_t value) { return std::bit_cast<float>(value); }
float word(bool value) { return std::bit_cast<float>(uint32_t(value)); }

uint32_t shiftLeft(uint32_t x, uint32_t by) { return by < 32 ? x << by : 0; }
uint32_t shiftRight(uint32_t x, uint32_t by) { return by < 32 ? x >> by : 0; }
int32_t shiftSigned(int32_t x, uint32_t by) {
  return x >> std::min(by, uint32_t(31));
}

/// Quotients by zero are all ones.
int32_t divide(int32_t x, int32_t y, bool floors) {
  if (y == 0)
    return -1;
  const int64_t quotient = int64_t(x) / y;
  const bool down = floors && int64_t(x) % y != 0 && (x < 0) != (y < 0);
  return static_cast<int32_t>(quotient - down);
}
int32_t remainder(int32_t x, int32_t y, bool signOfDivisor) {
  if (y == 0)
    return x;
  const int64_t rest = int64_t(x) % y;
  const bool turn = signOfDivisor && rest != 0 && (rest < 0) != (y < 0);
  return static_cast<int32_t>(turn ? rest + y : rest);
}

} // namespace

void sfpuIntegerUnary(TwUnary op, float *tile, uint32_t p, uint32_t q) {
  using U = TwUnary;
  const auto s = static_cast<int32_t>(p), t = static_cast<int32_t>(q);
  switch (op) {
#define TW_EACH(name, expression)                                              \
  case U::name:                                                                \
    for (uint32_t i = 0; i < TileElements; ++i) {                              \
      const auto u = std::bit_cast<uint32_t>(tile[i]);                         \
      const auto x = static_cast<int32_t>(u);                                  \
      (void)x;                                                                 \
      tile[i] = word(expression);                                              \
    }                                                                          \
    return;
    TW_EACH(AbsInt, x < 0 ? 0u - u : u)
    TW_EACH(NegativeInt, 0u - u)
    TW_EACH(SignbitInt, x < 0)
    TW_EACH(ReluInt, std::max(x, 0))
    TW_EACH(ReluMaxInt, std::max(std::min(x, s), 0))
    TW_EACH(ReluMinInt, x > s ? x : s)
    TW_EACH(MaxInt, std::max(x, s))
    TW_EACH(MinInt, std::min(x, s))
    TW_EACH(MaxUint, std::max(u, p))
    TW_EACH(MinUint, std::min(u, p))
    TW_EACH(AddInt, u + p)
    TW_EACH(SubInt, u - p)
    TW_EACH(RsubInt, p - u)
    TW_EACH(EqInt, u == p)
    TW_EACH(NeInt, u != p)
    TW_EACH(LtInt, x < s)
    TW_EACH(GtInt, x > s)
    TW_EACH(LeInt, x <= s)
    TW_EACH(GeInt, x >= s)
    TW_EACH(EqZeroInt, u == 0)
    TW_EACH(NeZeroInt, u != 0)
    TW_EACH(LtZeroInt, x < 0)
    TW_EACH(GtZeroInt, x > 0)
    TW_EACH(LeZeroInt, x <= 0)
    TW_EACH(GeZeroInt, x >= 0)
    TW_EACH(ClampInt, std::min(std::max(x, s), t))
    TW_EACH(BitAnd, u & p)
    TW_EACH(BitOr, u | p)
    TW_EACH(BitXor, u ^ p)
    TW_EACH(BitNot, ~u)
    TW_EACH(LeftShift, shiftLeft(u, p))
    TW_EACH(RightShift, shiftSigned(x, p))
#undef TW_EACH
  default:
    return;
  }
}

void sfpuIntegerBinary(TwBinary op, const float *a, const float *b,
                       const float *c, float *out, uint32_t bits) {
  using B = TwBinary;
  const uint32_t mask = bits == 16 ? 0xffffu : bits == 8 ? 0xffu : ~0u;
  switch (op) {
#define TW_PAIR(name, expression)                                              \
  case B::name:                                                                \
    for (uint32_t i = 0; i < TileElements; ++i) {                              \
      const auto u = std::bit_cast<uint32_t>(a[i]);                            \
      const auto v = std::bit_cast<uint32_t>(b[i]);                            \
      const auto x = static_cast<int32_t>(u), y = static_cast<int32_t>(v);     \
      (void)x, (void)y;                                                        \
      out[i] = word(std::bit_cast<uint32_t>(word(expression)) & mask);         \
    }                                                                          \
    return;
    TW_PAIR(AddInt, u + v)
    TW_PAIR(SubInt, u - v)
    TW_PAIR(RsubInt, v - u)
    TW_PAIR(MulInt, u * v)
    TW_PAIR(BitAnd, u & v)
    TW_PAIR(BitOr, u | v)
    TW_PAIR(BitXor, u ^ v)
    TW_PAIR(LeftShift, shiftLeft(u, v))
    TW_PAIR(RightShift, shiftSigned(x, v))
    TW_PAIR(LogicalRightShift, shiftRight(u, v))
#undef TW_PAIR
  default:
    break;
  }
  switch (op) {
#define TW_PAIR(name, expression)                                              \
  case B::name:                                                                \
    for (uint32_t i = 0; i < TileElements; ++i) {                              \
      const auto u = std::bit_cast<uint32_t>(a[i]);                            \
      const auto v = std::bit_cast<uint32_t>(b[i]);                            \
      const auto x = static_cast<int32_t>(u), y = static_cast<int32_t>(v);     \
      (void)x, (void)y;                                                        \
      out[i] = expression;                                                     \
    }                                                                          \
    return;
    TW_PAIR(MaxInt, word(std::max(x, y)))
    TW_PAIR(MinInt, word(std::min(x, y)))
    TW_PAIR(MaxUint, word(std::max(u, v)))
    TW_PAIR(MinUint, word(std::min(u, v)))
    TW_PAIR(EqInt, word(x == y))
    TW_PAIR(NeInt, word(x != y))
    TW_PAIR(LtInt, word(x < y))
    TW_PAIR(GtInt, word(x > y))
    TW_PAIR(LeInt, word(x <= y))
    TW_PAIR(GeInt, word(x >= y))
    TW_PAIR(DivInt, float(double(x) / y))
    TW_PAIR(DivFloorInt, word(divide(x, y, true)))
    TW_PAIR(DivTruncInt, word(divide(x, y, false)))
    TW_PAIR(RemainderInt, word(remainder(x, y, true)))
    TW_PAIR(FmodInt, word(remainder(x, y, false)))
    TW_PAIR(Gcd, word(uint32_t(std::gcd(int64_t(x), int64_t(y)))))
    TW_PAIR(Lcm, word(uint32_t(std::lcm(int64_t(x), int64_t(y)))))
    TW_PAIR(MaskInt, v != 0 ? a[i] : 0.0f)
#undef TW_PAIR
  case B::WhereInt:
    for (uint32_t i = 0; i < TileElements; ++i)
      out[i] = std::bit_cast<uint32_t>(a[i]) != 0 ? b[i] : c[i];
    return;
  case B::AddTopRowInt:
    for (uint32_t i = 0; i < 32; ++i)
      out[i] =
          word(std::bit_cast<uint32_t>(a[i]) + std::bit_cast<uint32_t>(b[i]));
    return;
  default:
    return;
  }
}

//===----------------------------------------------------------------------===//
// Reductions in DST
//===----------------------------------------------------------------------===//

void sfpuReduceTile(SfpuPool pool, tt::DataFormat format, bool rows,
                    const float *tile, float *into, bool first) {
  const bool integers = isInteger(format);
  const bool isSigned = format == tt::DataFormat::Int32;
  auto merge = [&](float x, float y) {
    const auto u = std::bit_cast<uint32_t>(x), v = std::bit_cast<uint32_t>(y);
    const bool less = !integers ? y < x
                      : isSigned
                          ? static_cast<int32_t>(v) < static_cast<int32_t>(u)
                          : v < u;
    switch (pool) {
    case SfpuPool::Max:
      return less ? x : y;
    case SfpuPool::Min:
      return less ? y : x;
    default:
      return integers ? word(u + v) : x + y;
    }
  };
  for (uint32_t line = 0; line < 32; ++line)
    for (uint32_t i = 0; i < 32; ++i) {
      const float value = rows ? tile[line * 32 + i] : tile[i * 32 + line];
      into[line] = first && i == 0 ? value : merge(into[line], value);
    }
}

void sfpuReduceEnd(SfpuPool pool, tt::DataFormat format, float *into,
                   uint32_t count) {
  if (pool != SfpuPool::Average)
    return;
  for (uint32_t i = 0; i < 32; ++i)
    into[i] = format == tt::DataFormat::Int32
                  ? word(std::bit_cast<int32_t>(into[i]) / int32_t(count))
              : isInteger(format)
                  ? word(std::bit_cast<uint32_t>(into[i]) / count)
                  : into[i] / float(count);
}

} // namespace tilewright::sim
