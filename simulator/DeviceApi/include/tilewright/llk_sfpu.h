//===- llk_sfpu.h - how a kernel's vector program is run on tiles -*- C++
//-*-===//
//
// The calls of the vendor's low-level library that kernels use around their own
// functions in sfpi: a function works on one face, and these run it on the
// faces that a VectorMode names.
//
//===----------------------------------------------------------------------===//
#pragma once

#ifdef TRISC_MATH

#include "sfpi.h"
#include "tilewright/compute.h"

/// The vector unit takes no settings here, whatever the operation.
enum class SfpuType {
  unused,
  tanh,
  hardtanh,
  gelu,
  exponential,
  exp_with_base,
  sigmoid,
  sigmoid_appx,
  reciprocal,
  sqrt,
  rsqrt,
  lrelu,
  power,
  square,
  log,
  log_with_base,
  equal_zero,
  not_equal_zero,
  less_than_zero,
  greater_than_equal_zero,
  less_than_equal_zero,
  greater_than_zero,
  clamp,
  dropout,
  i0,
  abs,
  sign,
  max,
  min,
  sine,
  cosine,
  tan,
  relu_max,
  relu_min,
  relu,
  elu,
  exp2,
  heaviside,
  expm1,
  signbit,
  asin,
  acos,
  atan,
  silu,
  add1,
  where,
  typecast,
  negative,
  fill,
  prelu,
  reduce,
  add_top_row,
  topk_local_sort,
  topk_merge,
  topk_rebuild
};

namespace tilewright_device {
constexpr uint32_t VectorsOfFace = 8;
constexpr uint32_t VectorsOfTile = 32;

template <typename Run>
FORCE_INLINE void forFaces(uint32_t start, int mode, Run run) {
  auto face = [&](uint32_t index) {
    sfpi::impl_::dstBase = start + index * VectorsOfFace;
    run();
  };
  face(0);
  if (mode == VectorMode::R || mode == VectorMode::RC)
    face(1);
  if (mode == VectorMode::C || mode == VectorMode::RC)
    face(2);
  if (mode == VectorMode::RC)
    face(3);
  sfpi::impl_::dstBase = 0;
}
} // namespace tilewright_device

/// function(args...) for the faces of tile `dst`; dst_reg[0] is the first
/// vector of the face.
template <auto... Options, typename Function, typename... Args>
FORCE_INLINE void
_llk_math_eltwise_unary_sfpu_params_(Function &&function, uint32_t dst,
                                     int mode = VectorMode::RC, Args... args) {
  tilewright_device::forFaces(dst * tilewright_device::VectorsOfTile, mode,
                              [&] { function(args...); });
}
/// function(in0, in1, out, args...): dst_reg[32 * in0] is the first vector of
/// the face in tile in0.
template <auto... Options, typename Function, typename... Args>
FORCE_INLINE void
_llk_math_eltwise_binary_sfpu_params_(Function &&function, uint32_t in0,
                                      uint32_t in1, uint32_t out,
                                      int mode = VectorMode::RC, Args... args) {
  tilewright_device::forFaces(0, mode,
                              [&] { function(in0, in1, out, args...); });
}
template <auto... Options, typename Function, typename... Args>
FORCE_INLINE void _llk_math_eltwise_ternary_sfpu_params_(
    Function &&function, uint32_t in0, uint32_t in1, uint32_t in2, uint32_t out,
    int mode = VectorMode::RC, Args... args) {
  tilewright_device::forFaces(0, mode,
                              [&] { function(in0, in1, in2, out, args...); });
}
template <auto... Options, typename Function, typename... Args>
FORCE_INLINE void
llk_math_eltwise_unary_sfpu_params(Function &&function, uint32_t dst,
                                   int mode = VectorMode::RC, Args... args) {
  _llk_math_eltwise_unary_sfpu_params_(function, dst, mode, args...);
}
template <auto... Options, typename Function, typename... Args>
FORCE_INLINE void
llk_math_eltwise_binary_sfpu_params(Function &&function, uint32_t in0,
                                    uint32_t in1, uint32_t out,
                                    int mode = VectorMode::RC, Args... args) {
  _llk_math_eltwise_binary_sfpu_params_(function, in0, in1, out, mode, args...);
}

/// By hand: the tile, the faces, the end.
template <auto... Options>
FORCE_INLINE void _llk_math_eltwise_unary_sfpu_start_(uint32_t dst) {
  sfpi::impl_::dstBase = dst * tilewright_device::VectorsOfTile;
}
FORCE_INLINE void _llk_math_eltwise_unary_sfpu_done_() {
  sfpi::impl_::dstBase = 0;
}
template <auto... Options>
FORCE_INLINE void _llk_math_eltwise_binary_sfpu_start_(uint32_t dst) {
  sfpi::impl_::dstBase = dst * tilewright_device::VectorsOfTile;
}
FORCE_INLINE void _llk_math_eltwise_binary_sfpu_done_() {
  sfpi::impl_::dstBase = 0;
}

/// An init runs the function that sets the constants of the operation.
template <auto... Options>
FORCE_INLINE void _llk_math_eltwise_unary_sfpu_init_(TW_LOC) {
  tw_api->shortInit(loc);
}
template <auto... Options>
FORCE_INLINE void llk_math_eltwise_unary_sfpu_init(TW_LOC) {
  tw_api->shortInit(loc);
}
template <auto... Options, typename Function, typename... Args>
  requires requires(Function &function, Args... args) { function(args...); }
FORCE_INLINE void llk_math_eltwise_unary_sfpu_init(Function &&function,
                                                   Args... args) {
  tw_api->shortInit(TwLoc::here());
  function(args...);
}
template <auto... Options>
FORCE_INLINE void _llk_math_eltwise_binary_sfpu_init_(TW_LOC) {
  tw_api->shortInit(loc);
}
template <auto... Options>
FORCE_INLINE void llk_math_eltwise_binary_sfpu_init(TW_LOC) {
  tw_api->shortInit(loc);
}
template <auto... Options, typename Function, typename... Args>
  requires requires(Function &function, Args... args) { function(args...); }
FORCE_INLINE void llk_math_eltwise_binary_sfpu_init(Function &&function,
                                                    Args... args) {
  tw_api->shortInit(TwLoc::here());
  function(args...);
}

#endif // TRISC_MATH
