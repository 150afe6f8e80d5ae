//===- matmul_custom.h - not simulated --------------------------*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_UNAVAILABLE("matmul_block without the macro-operation: use matmul_block")
inline void matmul_block_no_mop(uint32_t, uint32_t, uint32_t, uint32_t,
                                uint32_t, bool, uint32_t, uint32_t, uint32_t) {}

} // namespace ckernel

#pragma clang diagnostic pop
