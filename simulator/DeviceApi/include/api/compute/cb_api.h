//===- cb_api.h - circular buffers on the compute threads -------*- C++ -*-===//
#pragma once

#include "api/compute/common_globals.h"
#include "tilewright/circular_buffer.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_UNAVAILABLE("reading L1 from the compute threads")
inline uint32_t get_tile_address(uint32_t, uint32_t) { return 0; }
TW_UNAVAILABLE("reading L1 from the compute threads")
inline uint32_t read_tile_value(uint32_t, uint32_t, uint32_t) { return 0; }

} // namespace ckernel

#pragma clang diagnostic pop
