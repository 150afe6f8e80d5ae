//===- bfloat4.hpp - Tiles with shared exponents, 4 bits a datum *- C++ -*-===//
//
// The numbers are those of block_floats.h; `is_exp_a` is the format with
// shared exponents of 5 bits.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <tilewright/block_floats.h>

template <typename T>
std::vector<uint32_t> pack_as_bfp4_tiles(
    tt::stl::Span<const T> data, bool row_major_input, bool is_exp_a,
    const std::optional<tt::tt_metal::Tile> &tile = std::nullopt) {
  namespace detail = tt::tt_metal::host_detail;
  return detail::packBlockFloats(4, is_exp_a, detail::toFloats(data),
                                 row_major_input, tile);
}

inline std::vector<uint32_t> pack_fp32_vec_as_bfp4_tiles(
    tt::stl::Span<const float> values, bool row_major_input, bool is_exp_a,
    const std::optional<tt::tt_metal::Tile> &tile = std::nullopt) {
  return tt::tt_metal::host_detail::packBlockFloats(4, is_exp_a, values,
                                                    row_major_input, tile);
}

inline std::vector<float> unpack_bfp4_tiles_into_float_vec(
    tt::stl::Span<const uint32_t> words, bool row_major_output, bool is_exp_a,
    const std::optional<tt::tt_metal::Tile> &tile = std::nullopt) {
  return tt::tt_metal::host_detail::unpackBlockFloats(4, is_exp_a, words,
                                                      row_major_output, tile);
}

/// Numbers from `offset` to `offset` + `rand_max_float`.
inline std::vector<uint32_t> create_random_vector_of_bfp4(uint32_t num_bytes,
                                                          bool is_exp_a,
                                                          int rand_max_float,
                                                          int seed,
                                                          float offset = 0.0f) {
  std::mt19937 engine(static_cast<uint32_t>(seed));
  std::uniform_real_distribution<float> numbers(
      0, static_cast<float>(rand_max_float));
  return tt::tt_metal::host_detail::blockFloatTiles(
      4, num_bytes, is_exp_a, [&] { return numbers(engine) + offset; });
}

inline std::vector<uint32_t>
create_constant_vector_of_bfp4(uint32_t num_bytes, float value, bool is_exp_a) {
  return tt::tt_metal::host_detail::blockFloatTiles(4, num_bytes, is_exp_a,
                                                    [&] { return value; });
}
