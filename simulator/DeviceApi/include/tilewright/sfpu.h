//===- sfpu.h - how headers declare the vector unit's calls -----*- C++ -*-===//
//
// Each call works in place on DST tiles, on the MATH thread, in fp32 or on
// integers. Scalar parameters are the bits of an fp32, or an integer. Template
// arguments that choose among programs of one function (approximate, fast,
// iterations) are accepted by all; where they change the result, the header
// says so.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/compute.h"

namespace tilewright_device {
/// What the quantisation calls keep of their init.
inline uint32_t zeroPoint = 0;
} // namespace tilewright_device

/// The init of `op`.
#define TW_SFPU_INIT(name, op)                                                 \
  template <auto... Options> FORCE_INLINE void name(TW_LOC) {                  \
    MATH(tw_api->sfpuInit(TwUnary::op, loc));                                  \
  }
/// name(dst), name(dst, p) and name(dst, p, q).
#define TW_SFPU_CALL0(name, op)                                                \
  template <auto... Options> FORCE_INLINE void name(uint32_t dst, TW_LOC) {    \
    MATH(tw_api->sfpuUnary(TwUnary::op, dst, 0, 0, VectorMode::RC, loc));      \
  }
#define TW_SFPU_CALL1(name, op)                                                \
  template <auto... Options>                                                   \
  FORCE_INLINE void name(uint32_t dst, uint32_t p, TW_LOC) {                   \
    MATH(tw_api->sfpuUnary(TwUnary::op, dst, p, 0, VectorMode::RC, loc));      \
  }
#define TW_SFPU_CALL2(name, op)                                                \
  template <auto... Options>                                                   \
  FORCE_INLINE void name(uint32_t dst, uint32_t p, uint32_t q, TW_LOC) {       \
    MATH(tw_api->sfpuUnary(TwUnary::op, dst, p, q, VectorMode::RC, loc));      \
  }
/// name_tile_init() and name_tile(dst).
#define TW_SFPU(name, op)                                                      \
  TW_SFPU_INIT(name##_tile_init, op)                                           \
  TW_SFPU_CALL0(name##_tile, op)

/// The init of an operation on two tiles.
#define TW_SFPU_BINARY_INIT(name, op)                                          \
  template <auto... Options> FORCE_INLINE void name(TW_LOC) {                  \
    MATH(tw_api->sfpuBinaryInit(TwBinary::op, loc));                           \
  }
/// name(a, b, dst); early in 2025 name(a, b) put the result in the place of a.
#define TW_SFPU_BINARY(name, op)                                               \
  template <auto... Options>                                                   \
  FORCE_INLINE void name(uint32_t a, uint32_t b, uint32_t dst, TW_LOC) {       \
    MATH(tw_api->sfpuBinary(TwBinary::op, a, b, 0, dst, 0, VectorMode::RC,     \
                            loc));                                             \
  }                                                                            \
  template <auto... Options>                                                   \
  FORCE_INLINE void name(uint32_t a, uint32_t b, TW_LOC) {                     \
    name<Options...>(a, b, a, loc);                                            \
  }
/// name<format>(a, b, dst) on integers of that format.
#define TW_SFPU_BINARY_INT(name, op)                                           \
  template <DataFormat Format = DataFormat::Int32>                             \
  FORCE_INLINE void name(uint32_t a, uint32_t b, uint32_t dst, TW_LOC) {       \
    static_assert(tilewright::isInteger(Format),                               \
                  #name " takes an integer format");                           \
    MATH(tw_api->sfpuBinary(TwBinary::op, a, b, 0, dst,                        \
                            tilewright::datumBytes(Format) * 8,                \
                            VectorMode::RC, loc));                             \
  }                                                                            \
  template <DataFormat Format = DataFormat::Int32>                             \
  FORCE_INLINE void name(uint32_t a, uint32_t b, TW_LOC) {                     \
    name<Format>(a, b, a, loc);                                                \
  }
/// name(a, b, dst) where the name says the format, as it did in 2025.
#define TW_SFPU_BINARY_OF(name, of, format)                                    \
  template <auto... Options>                                                   \
  FORCE_INLINE void name(uint32_t a, uint32_t b, uint32_t dst, TW_LOC) {       \
    of<DataFormat::format>(a, b, dst, loc);                                    \
  }                                                                            \
  template <auto... Options>                                                   \
  FORCE_INLINE void name(uint32_t a, uint32_t b, TW_LOC) {                     \
    of<DataFormat::format>(a, b, a, loc);                                      \
  }
/// name<format>(a, b, dst) on int32 alone.
#define TW_SFPU_BINARY_INT32(name, op)                                         \
  template <DataFormat Format>                                                 \
  FORCE_INLINE void name(uint32_t a, uint32_t b, uint32_t dst, TW_LOC) {       \
    static_assert(Format == DataFormat::Int32,                                 \
                  #name " is simulated on Int32 only");                        \
    MATH(tw_api->sfpuBinary(TwBinary::op, a, b, 0, dst, 0, VectorMode::RC,     \
                            loc));                                             \
  }
/// name_binary_tile_init() and name_binary_tile(a, b, dst).
#define TW_SFPU_PAIR(name, op)                                                 \
  TW_SFPU_BINARY_INIT(name##_binary_tile_init, op)                             \
  TW_SFPU_BINARY(name##_binary_tile, op)
