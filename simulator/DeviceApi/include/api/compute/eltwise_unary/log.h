//===- log.h - logarithms of DST tiles --------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(log, Log)
TW_SFPU_INIT(log_with_base_tile_init, Log)
/// The natural logarithm times a scale: 1 / ln(base) makes it one of that base.
template <bool Approx = false>
FORCE_INLINE void log_with_base_tile(uint32_t dst, uint32_t scale, TW_LOC) {
  MATH(tw_api->sfpuUnary(TwUnary::LogScaled, dst, scale, 0, VectorMode::RC,
                         loc));
}
TW_SFPU(log2, Log2)
TW_SFPU(log10, Log10)

} // namespace ckernel

#pragma clang diagnostic pop
