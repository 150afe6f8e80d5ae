//===- pack.h - the packer --------------------------------------*- C++ -*-===//
#pragma once

#include "api/compute/common_globals.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void pack_reconfig_data_format(uint32_t out, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
}
template <bool Fp32Acc = DST_ACCUM_MODE>
FORCE_INLINE void pack_reconfig_data_format(uint32_t, uint32_t out, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
}
FORCE_INLINE void pack_reconfig_l1_acc(uint32_t on, TW_LOC) {
  PACK(tw_api->packAccumulate(on != 0, loc));
}
FORCE_INLINE void pack_init(uint32_t out, TW_LOC) {
  PACK(tw_api->packReconfigure(out, loc));
}
/// What the packer does to values below zero or a threshold.
struct ReluConfig {
  static constexpr ReluConfig none() { return {0, 0}; }
  static constexpr ReluConfig zero() { return {1, 0}; }
  static constexpr ReluConfig min_threshold(uint32_t t) { return {2, t}; }
  static constexpr ReluConfig max_threshold(uint32_t t) { return {3, t}; }
  static constexpr ReluConfig from_packed(uint32_t packed) {
    return {packed & 3, packed >> 16 & 0xffff};
  }
  uint32_t mode = 0;
  uint32_t threshold = 0;
};
FORCE_INLINE void pack_relu_config(const ReluConfig &config, TW_LOC) {
  PACK(tw_api->packRelu(config.mode, config.threshold, loc));
}
FORCE_INLINE void pack_relu_config(uint32_t config, TW_LOC) {
  pack_relu_config(ReluConfig::from_packed(config), loc);
}

template <bool OutOfOrder = false>
FORCE_INLINE void pack_tile(uint32_t dst, uint32_t cb, uint32_t index = 0,
                            TW_LOC) {
  PACK(tw_api->packTile(dst, cb, OutOfOrder, index, loc));
}
FORCE_INLINE void pack_block(uint32_t dst, uint32_t cb, uint32_t tiles,
                             TW_LOC) {
  PACK(for (uint32_t i = 0; i < tiles; ++i)
           tw_api->packTile(dst + i, cb, false, 0, loc));
}
FORCE_INLINE void pack_tile_block(uint32_t dst, uint32_t cb, uint32_t tiles,
                                  TW_LOC) {
  pack_block(dst, cb, tiles, loc);
}
FORCE_INLINE void matmul_pack_tile(uint32_t dst, uint32_t cb, uint32_t tiles,
                                   TW_LOC) {
  pack_block(dst, cb, tiles, loc);
}

TW_UNAVAILABLE("packing part of a tile's rows")
inline void pack_rows_init(uint32_t) {}
TW_UNAVAILABLE("packing part of a tile's rows")
inline void pack_rows(uint32_t, uint32_t, uint32_t = 0) {}
TW_UNAVAILABLE("packing part of a tile's rows")
inline void pack_rows_uninit() {}

} // namespace ckernel

#pragma clang diagnostic pop
