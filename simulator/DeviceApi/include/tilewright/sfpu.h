//===- sfpu.h - the vector unit on DST tiles --------------------*- C++ -*-===//
//
// Operations in place on DST tiles; scalar parameters are the bits of an fp32.
// All run on the MATH thread and compute in fp32.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/compute.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

enum class VectorMode : int { None = 0, R = 1, C = 2, RC = 4, RC_custom = 6 };

// An operation without parameters; the template arguments of the real calls
// choose among implementations that compute the same function.
#define TW_UNARY(name, op)                                                     \
  template <auto... Options> FORCE_INLINE void name##_tile_init(TW_LOC) {      \
    MATH(tw_api->sfpuInit(TwUnary::op, loc));                                  \
  }                                                                            \
  template <auto... Options>                                                   \
  FORCE_INLINE void name##_tile(uint32_t dst, TW_LOC) {                        \
    MATH(tw_api->sfpuUnary(TwUnary::op, dst, 0, 0, loc));                      \
  }
TW_UNARY(abs, Abs)
TW_UNARY(acos, Acos)
TW_UNARY(asin, Asin)
TW_UNARY(atan, Atan)
TW_UNARY(cbrt, Cbrt)
TW_UNARY(ceil, Ceil)
TW_UNARY(cos, Cos)
TW_UNARY(cosh, Cosh)
TW_UNARY(eqz, EqZero)
TW_UNARY(erf, Erf)
TW_UNARY(erfc, Erfc)
TW_UNARY(exp2, Exp2)
TW_UNARY(expm1, Expm1)
TW_UNARY(floor, Floor)
TW_UNARY(frac, Frac)
TW_UNARY(gez, GeZero)
TW_UNARY(gtz, GtZero)
TW_UNARY(hardsigmoid, Hardsigmoid)
TW_UNARY(identity, Identity)
TW_UNARY(isfinite, IsFinite)
TW_UNARY(isinf, IsInf)
TW_UNARY(isnan, IsNan)
TW_UNARY(lez, LeZero)
TW_UNARY(log, Log)
TW_UNARY(log10, Log10)
TW_UNARY(log1p, Log1p)
TW_UNARY(log2, Log2)
TW_UNARY(ltz, LtZero)
TW_UNARY(negative, Negative)
TW_UNARY(nez, NeZero)
TW_UNARY(recip, Recip)
TW_UNARY(relu, Relu)
TW_UNARY(relu6, Relu6)
TW_UNARY(rsqrt, Rsqrt)
TW_UNARY(sigmoid, Sigmoid)
TW_UNARY(sign, Sign)
TW_UNARY(signbit, Signbit)
TW_UNARY(silu, Silu)
TW_UNARY(sin, Sin)
TW_UNARY(sinh, Sinh)
TW_UNARY(softsign, Softsign)
TW_UNARY(sqrt, Sqrt)
TW_UNARY(square, Square)
TW_UNARY(tan, Tan)
TW_UNARY(tanh, Tanh)
TW_UNARY(trunc, Trunc)
#undef TW_UNARY

// One scalar parameter.
#define TW_UNARY_SCALAR(name, op)                                              \
  FORCE_INLINE void name(uint32_t dst, uint32_t scalar, TW_LOC) {              \
    MATH(tw_api->sfpuUnary(TwUnary::op, dst, scalar, 0, loc));                 \
  }
#define TW_INIT(name, op)                                                      \
  template <auto... Options> FORCE_INLINE void name(TW_LOC) {                  \
    MATH(tw_api->sfpuInit(TwUnary::op, loc));                                  \
  }
#define TW_BINARY_INIT(name, op)                                               \
  template <auto... Options> FORCE_INLINE void name(TW_LOC) {                  \
    MATH(tw_api->sfpuBinaryInit(TwBinary::op, loc));                           \
  }
TW_UNARY_SCALAR(add_unary_tile, AddScalar)
TW_UNARY_SCALAR(sub_unary_tile, SubScalar)
TW_UNARY_SCALAR(mul_unary_tile, MulScalar)
// As on silicon, whoever calls it passes the reciprocal of the divisor.
TW_UNARY_SCALAR(div_unary_tile, MulScalar)
TW_UNARY_SCALAR(rsub_unary_tile, RsubScalar)
TW_UNARY_SCALAR(unary_max_tile, MaxScalar)
TW_UNARY_SCALAR(unary_min_tile, MinScalar)
TW_UNARY_SCALAR(unary_eq_tile, EqScalar)
TW_UNARY_SCALAR(unary_ne_tile, NeScalar)
TW_UNARY_SCALAR(unary_lt_tile, LtScalar)
TW_UNARY_SCALAR(unary_gt_tile, GtScalar)
TW_UNARY_SCALAR(unary_le_tile, LeScalar)
TW_UNARY_SCALAR(unary_ge_tile, GeScalar)
TW_UNARY_SCALAR(leaky_relu_tile, LeakyRelu)
TW_UNARY_SCALAR(relu_max_tile, ReluMax)
TW_UNARY_SCALAR(relu_min_tile, ReluMin)
TW_UNARY_SCALAR(elu_tile, Elu)
TW_UNARY_SCALAR(heaviside_tile, Heaviside)
TW_UNARY_SCALAR(power_tile, PowScalar)
TW_INIT(binop_with_scalar_tile_init, AddScalar)
TW_INIT(unary_max_tile_init, MaxScalar)
TW_INIT(unary_min_tile_init, MinScalar)
TW_INIT(unary_eq_tile_init, EqScalar)
TW_INIT(unary_ne_tile_init, NeScalar)
TW_INIT(unary_lt_tile_init, LtScalar)
TW_INIT(unary_gt_tile_init, GtScalar)
TW_INIT(unary_le_tile_init, LeScalar)
TW_INIT(unary_ge_tile_init, GeScalar)
TW_INIT(leaky_relu_tile_init, LeakyRelu)
TW_INIT(relu_max_tile_init, ReluMax)
TW_INIT(relu_min_tile_init, ReluMin)
TW_INIT(elu_tile_init, Elu)
TW_INIT(heaviside_tile_init, Heaviside)
TW_INIT(log_with_base_tile_init, Log)
TW_INIT(power_iterative_tile_init, Power)
TW_INIT(power_tile_init, PowScalar)
TW_INIT(exp_tile_init, Exp)
TW_INIT(gelu_tile_init, Gelu)
TW_INIT(fill_tile_init, Fill)
TW_INIT(rounding_op_tile_init, Floor)
TW_INIT(round_tile_init, Round)
TW_INIT(clamp_tile_init, Clamp)
TW_INIT(typecast_tile_init, Typecast)
TW_BINARY_INIT(where_tile_init, Where)
TW_BINARY_INIT(copy_dest_values_init, Copy)
TW_INIT(logical_not_unary_tile_init, LogicalNot)
TW_BINARY_INIT(mask_tile_init, Mask)
TW_INIT(hardtanh_tile_init, Clamp)
TW_INIT(softplus_tile_init, Softplus)
TW_INIT(threshold_tile_init, Threshold)
TW_BINARY_INIT(binary_max_tile_init, Max)
TW_BINARY_INIT(binary_min_tile_init, Min)

/// The natural logarithm times a scale: 1 / ln(base) makes it one of that base.
template <auto... Options>
FORCE_INLINE void log_with_base_tile(uint32_t dst, uint32_t scale, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Log, dst, 0, 0, loc));
  MATH(tw_api->sfpuUnary(TwUnary::MulScalar, dst, scale, 0, loc));
}
/// x to an integer power.
FORCE_INLINE void power_iterative_tile(uint32_t dst, uint32_t exponent, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Power, dst, exponent, 0, loc));
}
FORCE_INLINE void round_tile(uint32_t dst, int32_t decimals = 0, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Round, dst, static_cast<uint32_t>(decimals),
                         0, loc));
}
FORCE_INLINE void clamp_tile(uint32_t dst, uint32_t low, uint32_t high,
                             TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Clamp, dst, low, high, loc));
}
FORCE_INLINE void hardtanh_tile(uint32_t dst, uint32_t low, uint32_t high,
                                TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Clamp, dst, low, high, loc));
}
FORCE_INLINE void threshold_tile(uint32_t dst, uint32_t threshold,
                                 uint32_t value, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Threshold, dst, threshold, value, loc));
}
FORCE_INLINE void softplus_tile(uint32_t dst, uint32_t beta, uint32_t, uint32_t,
                                TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Softplus, dst, beta, 0, loc));
}
template <auto... Options>
FORCE_INLINE void logical_not_unary_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::LogicalNot, dst, 0, 0, loc));
}

/// exp: the first template argument asks for the approximation. A scale, when
/// enabled, is the bits of a bfloat16 that multiplies the operand.
template <bool Approx = false, bool Second = false, bool ScaleEnable = false,
          auto... Options>
FORCE_INLINE void exp_tile(uint32_t dst, int = 4, uint16_t scale = 0x3f80,
                           TW_LOC) {
  MATH(if constexpr (ScaleEnable) tw_api->sfpuUnary(
      TwUnary::MulScalar, dst, static_cast<uint32_t>(scale) << 16, 0, loc));
  MATH(tw_api->sfpuUnary(Approx ? TwUnary::ExpApprox : TwUnary::Exp, dst, 0, 0,
                         loc));
}
template <bool FastAndApprox = true>
FORCE_INLINE void gelu_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(FastAndApprox ? TwUnary::GeluApprox : TwUnary::Gelu,
                         dst, 0, 0, loc));
}

FORCE_INLINE void fill_tile(uint32_t dst, float value, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Fill, dst,
                         __builtin_bit_cast(uint32_t, value), 0, loc));
}
FORCE_INLINE void fill_tile_bitcast(uint32_t dst, uint32_t bits, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Fill, dst, bits, 0, loc));
}
template <DataFormat Format = DataFormat::Int32>
FORCE_INLINE void fill_tile_int(uint32_t dst, uint32_t value, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::FillInt, dst, value, 0, loc));
}
template <uint32_t In, uint32_t Out>
FORCE_INLINE void typecast_tile(uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::Typecast, dst, In, Out, loc));
}

// Two DST tiles.
#define TW_BINARY(name, op)                                                    \
  template <auto... Options>                                                   \
  FORCE_INLINE void name##_binary_tile_init(TW_LOC) {                          \
    MATH(tw_api->sfpuBinaryInit(TwBinary::op, loc));                           \
  }                                                                            \
  template <auto... Options>                                                   \
  FORCE_INLINE void name##_binary_tile(uint32_t a, uint32_t b, uint32_t dst,   \
                                       TW_LOC) {                               \
    MATH(tw_api->sfpuBinary(TwBinary::op, a, b, 0, dst, loc));                 \
  }
TW_BINARY(add, Add)
TW_BINARY(sub, Sub)
TW_BINARY(mul, Mul)
TW_BINARY(div, Div)
TW_BINARY(rsub, Rsub)
TW_BINARY(power, Power)
TW_BINARY(max, Max)
TW_BINARY(min, Min)
TW_BINARY(eq, Eq)
TW_BINARY(ne, Ne)
TW_BINARY(lt, Lt)
TW_BINARY(gt, Gt)
TW_BINARY(le, Le)
TW_BINARY(ge, Ge)
TW_BINARY(atan2, Atan2)
TW_BINARY(fmod, Fmod)
TW_BINARY(remainder, Remainder)
#undef TW_BINARY
FORCE_INLINE void binary_max_tile(uint32_t a, uint32_t b, uint32_t dst,
                                  TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Max, a, b, 0, dst, loc));
}
FORCE_INLINE void binary_min_tile(uint32_t a, uint32_t b, uint32_t dst,
                                  TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Min, a, b, 0, dst, loc));
}
template <auto... Options>
FORCE_INLINE void where_tile(uint32_t condition, uint32_t yes, uint32_t no,
                             uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Where, condition, yes, no, dst, loc));
}
template <auto... Options>
FORCE_INLINE void copy_dest_values(uint32_t from, uint32_t to, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Copy, from, from, 0, to, loc));
}
template <auto... Options>
FORCE_INLINE void mask_tile(uint32_t dst, uint32_t mask, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Mask, dst, mask, 0, dst, loc));
}

#undef TW_UNARY_SCALAR
#undef TW_INIT
#undef TW_BINARY_INIT
#pragma clang diagnostic pop
