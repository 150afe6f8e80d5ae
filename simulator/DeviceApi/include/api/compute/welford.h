//===- welford.h - running means and variances ------------------*- C++ -*-===//
//
// Welford's method on the columns of tiles: each row is one more sample. The
// state, a mean and a sum of squared differences for 32 columns, stays in two
// registers of the vector unit between the calls. `reciprocals` holds the bits
// of 1 / (i + 1) for sample i, or nothing: they are then divided here.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>

#include "tilewright/llk_sfpu.h"
#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {
#ifdef TRISC_MATH
namespace tilewright_welford {
using sfpi::vFloat;

/// Lane 8 * i + k is column 2k or 2k + 1 of the left half (i = 0, 1), then of
/// the right half (i = 2, 3).
inline sfpi::impl_::Bits mean = 0u, squares = 0u;

template <size_t Size>
FORCE_INLINE vFloat reciprocal(uint32_t sample,
                               const std::array<uint32_t, Size> &table) {
  if constexpr (Size > 0)
    return vFloat(__builtin_bit_cast(float, table[sample]));
  else
    return vFloat(1.0f / static_cast<float>(sample + 1));
}

/// Rows [first, first + rows) of tile `dst` are samples `sample` and on.
template <size_t Size>
FORCE_INLINE void update(uint32_t dst, uint32_t sample, uint32_t first,
                         uint32_t rows, const std::array<uint32_t, Size> &table,
                         TwLoc loc) {
  tw_api->sfpuNeed(TwUnary::Welford, loc);
  vFloat average(mean), sum(squares);
  for (uint32_t block = first / 4; block < (first + rows + 3) / 4; ++block) {
    const uint32_t at = dst * 32 + block / 4 * 16 + block % 4 * 2;
    vFloat row[4];
    for (uint32_t i = 0; i < 4; ++i)
      row[i] = vFloat(sfpi::impl_::load(at + i / 2 * 8 + i % 2, loc));
    sfpi::subvec_transp(row[0], row[1], row[2], row[3]);
    for (uint32_t i = 0; i < 4; ++i) {
      if (block * 4 + i < first || block * 4 + i >= first + rows)
        continue;
      const vFloat before = row[i] - average;
      average = before * reciprocal(sample++, table) + average;
      sum = before * (row[i] - average) + sum;
    }
  }
  mean = average.word;
  squares = sum.word;
}
/// All 32 values in the first four rows of the first face, group by group.
FORCE_INLINE void store(uint32_t dst, uint32_t group, sfpi::impl_::Bits value,
                        TwLoc loc) {
  sfpi::impl_::store(dst * 32 + group * 2, value, false, loc);
}
/// The sum of squares over samples 0 to `last`, divided by their number.
template <size_t Size>
FORCE_INLINE sfpi::impl_::Bits
variance(uint32_t last, const std::array<uint32_t, Size> &table) {
  return (vFloat(squares) * reciprocal(last, table)).word;
}
/// Row 0 of the tile; rows 1 to 3 become zero.
FORCE_INLINE void storeRow(uint32_t dst, sfpi::impl_::Bits value, TwLoc loc) {
  vFloat row[4] = {vFloat(value), 0.0f, 0.0f, 0.0f};
  sfpi::subvec_transp(row[0], row[1], row[2], row[3]);
  for (uint32_t i = 0; i < 4; ++i)
    sfpi::impl_::store(dst * 32 + i / 2 * 8 + i % 2, row[i].word, false, loc);
}
} // namespace tilewright_welford
#endif

/// Starts anew.
FORCE_INLINE void welford_clear() {
  MATH(tilewright_welford::mean = tilewright_welford::squares = 0u);
}
FORCE_INLINE void welford_init(TW_LOC) {
  MATH(tw_api->sfpuInit(TwUnary::Welford, loc));
  welford_clear();
}
/// The 32 rows of tile `dst`, the first of which is sample `sample`.
template <size_t Size>
FORCE_INLINE void welford_update(uint32_t dst, uint32_t sample,
                                 const std::array<uint32_t, Size> &reciprocals,
                                 TW_LOC) {
  MATH(tilewright_welford::update(dst, sample, 0, 32, reciprocals, loc));
}
template <size_t Size>
FORCE_INLINE void
welford_update_rows(uint32_t dst, uint32_t sample, uint32_t firstRow,
                    uint32_t rows,
                    const std::array<uint32_t, Size> &reciprocals, TW_LOC) {
  MATH(tilewright_welford::update(dst, sample, firstRow, rows, reciprocals,
                                  loc));
}
/// The state to tiles `dst` and dst + 1, and back.
FORCE_INLINE void welford_save_state(uint32_t dst, uint32_t group, TW_LOC) {
  MATH(tilewright_welford::store(dst, group, tilewright_welford::mean, loc);
       tilewright_welford::store(dst + 1, group, tilewright_welford::squares,
                                 loc));
}
FORCE_INLINE void welford_save_state(uint32_t dst, TW_LOC) {
  welford_save_state(dst, 0, loc);
}
FORCE_INLINE void welford_restore_state(uint32_t dst, uint32_t group, TW_LOC) {
  MATH(const uint32_t at = dst * 32 + group * 2;
       tilewright_welford::mean = sfpi::impl_::load(at, loc);
       tilewright_welford::squares = sfpi::impl_::load(at + 32, loc));
}
FORCE_INLINE void welford_restore_state(uint32_t dst, TW_LOC) {
  welford_restore_state(dst, 0, loc);
}
/// The means to row 0 of tile `dst`, the variances to row 0 of tile dst + 1:
/// sums of squares divided by `last` + 1 samples.
template <size_t Size>
FORCE_INLINE void
welford_finalize_to_row(uint32_t dst, uint32_t last,
                        const std::array<uint32_t, Size> &reciprocals, TW_LOC) {
  MATH(tilewright_welford::storeRow(dst, tilewright_welford::mean, loc);
       tilewright_welford::storeRow(
           dst + 1, tilewright_welford::variance(last, reciprocals), loc));
}
/// The same to the first face of the two tiles, as welford_save_state does.
template <size_t Size>
FORCE_INLINE void
welford_finalize_to_face(uint32_t dst, uint32_t group, uint32_t last,
                         const std::array<uint32_t, Size> &reciprocals,
                         TW_LOC) {
  MATH(tilewright_welford::store(dst, group, tilewright_welford::mean, loc);
       tilewright_welford::store(
           dst + 1, group, tilewright_welford::variance(last, reciprocals),
           loc));
}
template <size_t Size>
FORCE_INLINE void
welford_finalize_to_face(uint32_t dst, uint32_t last,
                         const std::array<uint32_t, Size> &reciprocals,
                         TW_LOC) {
  welford_finalize_to_face(dst, 0, last, reciprocals, loc);
}

} // namespace ckernel

#pragma clang diagnostic pop
