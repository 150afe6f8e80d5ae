// What TT-Metalium generates for a kernel from its circular buffers. Any
// values do where a kernel is compiled but not run.
#pragma once

#include <cstdint>

#define TABLE(type, name)                                                      \
  constexpr type unpack_##name[64] = {}, pack_##name[64] = {};
TABLE(std::uint8_t, src_format)
TABLE(std::uint8_t, dst_format)
TABLE(std::uint8_t, tile_num_faces)
TABLE(std::uint8_t, partial_face)
TABLE(std::uint8_t, tile_face_r_dim)
TABLE(std::uint8_t, narrow_tile)
TABLE(std::uint8_t, tile_r_dim)
TABLE(std::uint8_t, tile_c_dim)
TABLE(std::uint8_t, num_faces_r_dim)
TABLE(std::uint8_t, num_faces_c_dim)
TABLE(std::uint16_t, tile_size)
#undef TABLE

#if defined(UCK_CHLKC_UNPACK) || defined(UCK_CHLKC_MATH) ||                    \
    defined(UCK_CHLKC_PACK)
#include "llk_defs.h"
constexpr bool DST_ACCUM_MODE = true;
#define DST_SYNC_MODE DstSync::SyncHalf
constexpr ckernel::MathFidelity MATH_FIDELITY =
    static_cast<ckernel::MathFidelity>(4);
constexpr bool APPROX = false;
#endif
