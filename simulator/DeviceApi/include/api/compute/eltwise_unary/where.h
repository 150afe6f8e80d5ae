//===- where.h - choices between DST tiles ----------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(where_tile_init, Where)
template <DataFormat Format = DataFormat::Float16_b>
FORCE_INLINE void where_tile(uint32_t condition, uint32_t yes, uint32_t no,
                             uint32_t dst, TW_LOC) {
  MATH(tw_api->sfpuBinary(tilewright::isInteger(Format) ? TwBinary::WhereInt
                                                        : TwBinary::Where,
                          condition, yes, no, dst, 0, VectorMode::RC, loc));
}
/// The spellings of 2025.
FORCE_INLINE void where_fp32_tile(uint32_t condition, uint32_t yes, uint32_t no,
                                  uint32_t dst, TW_LOC) {
  where_tile<DataFormat::Float32>(condition, yes, no, dst, loc);
}
FORCE_INLINE void where_int32_tile(uint32_t condition, uint32_t yes,
                                   uint32_t no, uint32_t dst, TW_LOC) {
  where_tile<DataFormat::Int32>(condition, yes, no, dst, loc);
}
FORCE_INLINE void where_uint32_tile(uint32_t condition, uint32_t yes,
                                    uint32_t no, uint32_t dst, TW_LOC) {
  where_tile<DataFormat::UInt32>(condition, yes, no, dst, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
