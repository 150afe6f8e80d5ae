//===- ema.h - exponential moving averages ----------------------*- C++ -*-===//
#pragma once

#include "tilewright/compute.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_UNAVAILABLE("exponential moving averages")
inline void ema_init(uint32_t, uint32_t) {}
TW_UNAVAILABLE("exponential moving averages")
inline void ema_clear_previous_output() {}
TW_UNAVAILABLE("exponential moving averages")
inline void ema_tile(uint32_t) {}

} // namespace ckernel

#pragma clang diagnostic pop
