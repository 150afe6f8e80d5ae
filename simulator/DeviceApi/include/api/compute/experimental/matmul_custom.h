//===- matmul_custom.h - not simulated --------------------------*- C++ -*-===//
#pragma once

#include "api/compute/common.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_UNAVAILABLE("matmul_block without the macro-operation: use matmul_block")
inline void matmul_block_no_mop(uint32_t, uint32_t, uint32_t, uint32_t,
                                uint32_t, bool, uint32_t, uint32_t, uint32_t) {}

TW_NOT_SIMULATED(mm_no_mop_init_short, "use matmul_block_init")
TW_NOT_SIMULATED(mm_no_mop_reinit_short, "use matmul_block_init")
TW_NOT_SIMULATED(mm_no_mop_reinit_after_sub, "use matmul_block_init")

} // namespace ckernel

#pragma clang diagnostic pop
