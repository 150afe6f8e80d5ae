//===- copy_dest_values.h - a DST tile copied to another --------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(copy_dest_values_init, Copy)
template <DataFormat Format = DataFormat::Float16_b>
FORCE_INLINE void copy_dest_values(uint32_t from, uint32_t to, TW_LOC) {
  MATH(tw_api->sfpuBinary(TwBinary::Copy, from, from, 0, to, 0, VectorMode::RC,
                          loc));
}

} // namespace ckernel

#pragma clang diagnostic pop
