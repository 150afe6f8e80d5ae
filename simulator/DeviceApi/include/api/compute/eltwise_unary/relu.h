//===- relu.h - ReLU and its relatives --------------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(relu, Relu)
TW_SFPU(relu6, Relu6)
TW_SFPU_CALL0(relu_tile_int32, ReluInt)
TW_SFPU_INIT(relu_max_tile_init, ReluMax)
TW_SFPU_CALL1(relu_max_tile, ReluMax)
TW_SFPU_CALL1(relu_max_tile_int32, ReluMaxInt)
TW_SFPU_INIT(relu_min_tile_init, ReluMin)
TW_SFPU_CALL1(relu_min_tile, ReluMin)
TW_SFPU_CALL1(relu_min_tile_int32, ReluMinInt)
TW_SFPU_INIT(leaky_relu_tile_init, LeakyRelu)
TW_SFPU_CALL1(leaky_relu_tile, LeakyRelu)
FORCE_INLINE void leaky_relu_tile(uint32_t dst, TW_LOC) {
  leaky_relu_tile(dst, 0u, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
