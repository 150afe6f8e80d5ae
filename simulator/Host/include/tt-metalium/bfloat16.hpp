//===- bfloat16.hpp - The 16-bit brain float --------------------*- C++ -*-===//
//
// Conversion from float rounds to nearest, ties to even; any NaN becomes
// 0x7fc0.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <type_traits>
#include <utility>
#include <vector>

class bfloat16 {
public:
  constexpr bfloat16() = default;
  template <typename T>
    requires std::is_arithmetic_v<T>
  constexpr bfloat16(T value) noexcept
      : bits(round(static_cast<float>(value))) {}

  /// The upper half of the float, without rounding.
  static constexpr bfloat16 truncate(float value) {
    return std::bit_cast<bfloat16>(
        static_cast<uint16_t>(std::bit_cast<uint32_t>(value) >> 16));
  }

  /// The spellings of 2025 and before.
  constexpr float to_float() const { return static_cast<float>(*this); }
  constexpr uint16_t to_uint16() const { return bits; }
  constexpr uint16_t to_packed() const { return bits; }

  constexpr operator float() const {
    return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
  }

  constexpr bool operator==(bfloat16 other) const {
    return static_cast<float>(*this) == static_cast<float>(other);
  }
  constexpr std::partial_ordering operator<=>(bfloat16 other) const noexcept {
    return static_cast<float>(*this) <=> static_cast<float>(other);
  }

  constexpr bfloat16 operator+(bfloat16 other) const {
    return static_cast<float>(*this) + static_cast<float>(other);
  }
  constexpr bfloat16 operator-(bfloat16 other) const {
    return static_cast<float>(*this) - static_cast<float>(other);
  }
  constexpr bfloat16 operator*(bfloat16 other) const {
    return static_cast<float>(*this) * static_cast<float>(other);
  }
  constexpr bfloat16 operator/(bfloat16 other) const {
    return static_cast<float>(*this) / static_cast<float>(other);
  }
  constexpr bfloat16 &operator+=(bfloat16 other) {
    return *this = *this + other;
  }
  constexpr bfloat16 &operator-=(bfloat16 other) {
    return *this = *this - other;
  }
  constexpr bfloat16 &operator*=(bfloat16 other) {
    return *this = *this * other;
  }
  constexpr bfloat16 &operator/=(bfloat16 other) {
    return *this = *this / other;
  }

private:
  static constexpr uint16_t round(float value) {
    if (value != value)
      return 0x7fc0;
    const uint32_t word = std::bit_cast<uint32_t>(value);
    return static_cast<uint16_t>((word + 0x7fff + ((word >> 16) & 1)) >> 16);
  }

  uint16_t bits;
};

std::ostream &operator<<(std::ostream &os, const bfloat16 &value);

/// Equal bits in every element.
bool operator==(const std::vector<bfloat16> &lhs,
                const std::vector<bfloat16> &rhs);

/// The first of the pair is in the lower half of the word.
uint32_t pack_two_bfloat16_into_uint32(std::pair<bfloat16, bfloat16> pair);
std::pair<bfloat16, bfloat16> unpack_two_bfloat16_from_uint32(uint32_t word);

/// Uniform values in [offset, offset + maximum).
std::vector<bfloat16>
create_random_vector_of_bfloat16_native(std::size_t bytes, float maximum,
                                        int seed, float offset = 0.0f);
std::vector<uint32_t> create_random_vector_of_bfloat16(std::size_t bytes,
                                                       int maximum, int seed,
                                                       float offset = 0.0f);
std::vector<uint32_t> create_constant_vector_of_bfloat16(std::size_t bytes,
                                                         float value);
std::vector<bfloat16> create_identity_matrix(int rows, int cols, int ones);

std::vector<uint32_t>
pack_bfloat16_vec_into_uint32_vec(const std::vector<bfloat16> &data);
bfloat16 bfloat16_identity_transform(const bfloat16 &value);
std::vector<bfloat16> unpack_uint32_vec_into_bfloat16_vec(
    const std::vector<uint32_t> &data,
    const std::function<bfloat16(const bfloat16 &)> &transform =
        bfloat16_identity_transform);

bool is_close(float a, float b, float rtol = 0.01f, float atol = 0.001f);

#include <tt-metalium/bfloat16_vectors.hpp>
