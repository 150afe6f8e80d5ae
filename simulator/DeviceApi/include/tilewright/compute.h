//===- compute.h - what every header of the compute API needs ---*- C++ -*-===//
//
// A compute kernel is built three times; each call reaches the simulator only
// on the thread that has a part in it. The public headers, one for each family
// of calls, stand in api/compute/; those of compute_kernel_api/ forward to
// them. Names of both API generations stand side by side: the 2026-08 spelling
// and the one before.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

#ifdef TRISC_UNPACK
#define UNPACK(...) __VA_ARGS__
#else
#define UNPACK(...)
#endif
#ifdef TRISC_MATH
#define MATH(...) __VA_ARGS__
#else
#define MATH(...)
#endif
#ifdef TRISC_PACK
#define PACK(...) __VA_ARGS__
#else
#define PACK(...)
#endif

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

// The names of the vendor's headers are in this namespace and used from it.
namespace ckernel {}
using namespace ckernel;

namespace ckernel {
enum class SrcOrder : uint8_t { Regular, Reverse };
enum class BroadcastType : uint8_t { NONE, COL, ROW, SCALAR };
enum class EltwiseBinaryType : uint8_t {
  ELWMUL,
  ELWDIV,
  ELWADD,
  ELWSUB,
  ELWLESS
};
using enum EltwiseBinaryType;
enum class EltwiseBinaryReuseDestType : uint8_t {
  NONE,
  DEST_TO_SRCA,
  DEST_TO_SRCB
};
enum class PoolType : uint8_t { SUM, AVG, MAX, MIN };
enum class ReduceDim : uint8_t { REDUCE_ROW, REDUCE_COL, REDUCE_SCALAR };
using enum PoolType;
using enum ReduceDim;
/// Which faces of a tile an operation of the vector unit works on: the upper
/// two (R), the left two (C), or all (RC).
struct VectorMode {
  enum Type : int { None = 0, R = 1, C = 2, RC = 4, RC_custom = 6 };
};
enum class DataLayout : uint8_t { TILE, ROW_MAJOR };
enum class RoundingMode : uint8_t { None, Trunc, Floor };
enum class InputClamping : uint8_t { ClampToNegative, None };
enum class ReluType : uint8_t {
  NO_RELU,
  ZERO_RELU,
  MIN_THRESHOLD_RELU,
  MAX_THRESHOLD_RELU
};
} // namespace ckernel

#ifndef TW_MATH_FIDELITY
#define TW_MATH_FIDELITY 4
#endif
#ifndef APPROX
#define APPROX false
#endif
constexpr MathFidelity MATH_FIDELITY =
    static_cast<MathFidelity>(TW_MATH_FIDELITY);

#ifdef TW_OLD_PLACES
#define TW_OF_2025 true
#else
#define TW_OF_2025 false
#endif

namespace tilewright_device {
constexpr TwBroadcast broadcast(BroadcastType type) {
  switch (type) {
  case BroadcastType::COL:
    return TwBroadcast::Column;
  case BroadcastType::ROW:
    return TwBroadcast::Row;
  case BroadcastType::SCALAR:
    return TwBroadcast::Scalar;
  default:
    return TwBroadcast::None;
  }
}
constexpr TwOp eltwise(EltwiseBinaryType type) {
  return type == ELWADD ? TwOp::Add : type == ELWSUB ? TwOp::Sub : TwOp::Mul;
}
constexpr TwOp reuse(EltwiseBinaryType type) {
  return type == ELWADD   ? TwOp::ReuseAdd
         : type == ELWSUB ? TwOp::ReuseSub
                          : TwOp::ReuseMul;
}
constexpr TwPool pool(PoolType type) {
  return type == SUM ? TwPool::Sum : type == AVG ? TwPool::Avg : TwPool::Max;
}
constexpr TwReduceDim dimension(ReduceDim dim) {
  return dim == REDUCE_ROW   ? TwReduceDim::Row
         : dim == REDUCE_COL ? TwReduceDim::Column
                             : TwReduceDim::Scalar;
}

/// Whether this thread has been set up.
inline bool started = false;

/// Formats and start-up of the three threads; `a` and `b` are SrcA and SrcB.
FORCE_INLINE void configure(uint32_t a, uint32_t b, uint32_t out, bool startUp,
                            TwLoc loc) {
  started = true;
  UNPACK(tw_api->unpackConfigure(a, b, startUp, loc));
  MATH(tw_api->mathConfigure(startUp, loc));
  PACK(tw_api->packConfigure(out, startUp, loc));
}
/// Until mid-2025 the inits of reductions and of tilizing were the start-up of
/// a kernel, too: those of kernels that include the headers by the places that
/// they had then are, where no other one comes before them.
FORCE_INLINE void startAsOf2025(uint32_t a, uint32_t b, uint32_t out,
                                bool oldPlaces, TwLoc loc) {
  if (oldPlaces && !started)
    configure(a, b, out, true, loc);
}
/// What unpack and math are set to: the operation that may follow.
FORCE_INLINE void setOp(TwOp op, TwBroadcast broadcast, TwLoc loc,
                        uint32_t variant = 0) {
  UNPACK(tw_api->setOp(op, broadcast, variant, loc));
  MATH(tw_api->setOp(op, broadcast, variant, loc));
}
/// An init that configures unpack and math for an operation.
FORCE_INLINE void opInit(TwOp op, TwBroadcast broadcast, TwLoc loc,
                         uint32_t variant = 0) {
  UNPACK(tw_api->shortInit(loc));
  MATH(tw_api->shortInit(loc));
  setOp(op, broadcast, loc, variant);
}
/// The same where the older generation also sets the unpacker's formats.
FORCE_INLINE void formatInit(TwOp op, TwBroadcast broadcast, int32_t a,
                             int32_t b, TwLoc loc, uint32_t variant = 0) {
  UNPACK(tw_api->unpackReconfigure(a, b, loc));
  MATH(tw_api->shortInit(loc));
  setOp(op, broadcast, loc, variant);
}
/// What an accumulating product keeps of the last init (`acc_to_dest`).
inline bool accumulate = false;

} // namespace tilewright_device

#pragma clang diagnostic pop
