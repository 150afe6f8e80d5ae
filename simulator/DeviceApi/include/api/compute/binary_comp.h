//===- binary_comp.h - integers of two DST tiles compared -------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(lt_int32_tile_init, LtInt)
TW_SFPU_BINARY(lt_int32_tile, LtInt)
TW_SFPU_BINARY_INIT(gt_int32_tile_init, GtInt)
TW_SFPU_BINARY(gt_int32_tile, GtInt)
TW_SFPU_BINARY_INIT(ge_int32_tile_init, GeInt)
TW_SFPU_BINARY(ge_int32_tile, GeInt)
TW_SFPU_BINARY_INIT(le_int32_tile_init, LeInt)
TW_SFPU_BINARY(le_int32_tile, LeInt)
TW_SFPU_BINARY_INIT(eq_int32_tile_init, EqInt)
TW_SFPU_BINARY(eq_int32_tile, EqInt)
TW_SFPU_BINARY_INIT(ne_int32_tile_init, NeInt)
TW_SFPU_BINARY(ne_int32_tile, NeInt)

// The newest generation names the format instead. Order is that of int32.
TW_SFPU_BINARY_INIT(lt_int_tile_init, LtInt)
TW_SFPU_BINARY_INT32(lt_int_tile, LtInt)
TW_SFPU_BINARY_INIT(gt_int_tile_init, GtInt)
TW_SFPU_BINARY_INT32(gt_int_tile, GtInt)
TW_SFPU_BINARY_INIT(ge_int_tile_init, GeInt)
TW_SFPU_BINARY_INT32(ge_int_tile, GeInt)
TW_SFPU_BINARY_INIT(le_int_tile_init, LeInt)
TW_SFPU_BINARY_INT32(le_int_tile, LeInt)
TW_SFPU_BINARY_INIT(eq_int_tile_init, EqInt)
TW_SFPU_BINARY_INT32(eq_int_tile, EqInt)
TW_SFPU_BINARY_INIT(ne_int_tile_init, NeInt)
TW_SFPU_BINARY_INT32(ne_int_tile, NeInt)

} // namespace ckernel

#pragma clang diagnostic pop
