//===- bfloat16_vectors.hpp - Vectors of packed bfloat16 --------*- C++ -*-===//
//
// What <tt-metalium/bfloat16.hpp> of 2025 and before has beyond the functions
// that it still has: two numbers a word, the first in the lower half.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <tt-metalium/bfloat16.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <random>
#include <vector>

#include <tt-metalium/bfloat16.hpp>

inline bool equal_within_absolute_tolerance(float a, float b, float tol) {
  return std::abs(a - b) < tol;
}

/// Whether both numbers of each word compare as true; `argfail` receives the
/// first word where they do not.
inline bool packed_uint32_t_vector_comparison(
    const std::vector<uint32_t> &vec_a, const std::vector<uint32_t> &vec_b,
    const std::function<bool(float, float)> &comparison_function,
    int *argfail = nullptr) {
  if (vec_a.size() != vec_b.size()) {
    std::cout << "vectors of " << vec_a.size() << " and " << vec_b.size()
              << " words differ\n";
    return false;
  }
  for (std::size_t i = 0; i < vec_a.size(); ++i) {
    const auto a = unpack_two_bfloat16_from_uint32(vec_a[i]);
    const auto b = unpack_two_bfloat16_from_uint32(vec_b[i]);
    if (comparison_function(a.first, b.first) &&
        comparison_function(a.second, b.second))
      continue;
    if (argfail)
      *argfail = static_cast<int>(i);
    return false;
  }
  return true;
}

/// Words of numbers that `draw` gives one after the other.
template <typename Draw>
std::vector<uint32_t> packed_bfloat16_from(std::size_t bytes, Draw draw) {
  std::vector<uint32_t> words(bytes / sizeof(uint32_t));
  for (uint32_t &word : words) {
    const bfloat16 first = draw();
    word = pack_two_bfloat16_into_uint32({first, draw()});
  }
  return words;
}

/// 0, 1, 2, ...
inline std::vector<uint32_t>
create_arange_vector_of_bfloat16(uint32_t num_bytes, bool = false) {
  float next = 0;
  return packed_bfloat16_from(num_bytes, [&] { return bfloat16(next++); });
}

/// Zeros and ones.
inline std::vector<uint32_t>
create_random_binary_vector_of_bfloat16(uint32_t num_bytes, int seed) {
  std::mt19937 engine(static_cast<uint32_t>(seed));
  std::uniform_real_distribution<float> numbers(0, 1);
  return packed_bfloat16_from(
      num_bytes, [&] { return bfloat16(numbers(engine) > 0.5f ? 1 : 0); });
}

inline std::vector<uint32_t>
create_random_vector_of_bfloat16_1_1(uint32_t num_bytes, int seed) {
  return create_random_vector_of_bfloat16(num_bytes, 2, seed, -1.0f);
}
inline std::vector<uint32_t>
create_random_vector_of_bfloat16_0_2(uint32_t num_bytes, int seed) {
  return create_random_vector_of_bfloat16(num_bytes, 2, seed);
}

/// The halves of words, the lower one first.
inline std::vector<uint16_t>
u16_from_u32_vector(const std::vector<uint32_t> &words) {
  std::vector<uint16_t> halves;
  for (const uint32_t word : words) {
    halves.push_back(static_cast<uint16_t>(word));
    halves.push_back(static_cast<uint16_t>(word >> 16));
  }
  return halves;
}
