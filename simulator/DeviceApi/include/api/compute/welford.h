//===- welford.h - running means and variances ------------------*- C++ -*-===//
#pragma once

#include "tilewright/compute.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_UNAVAILABLE("Welford's running variance")
inline void welford_init() {}
TW_UNAVAILABLE("Welford's running variance")
inline void welford_clear() {}
TW_UNAVAILABLE("Welford's running variance")
inline void welford_save_state(uint32_t) {}
TW_UNAVAILABLE("Welford's running variance")
inline void welford_restore_state(uint32_t) {}

} // namespace ckernel

#pragma clang diagnostic pop
