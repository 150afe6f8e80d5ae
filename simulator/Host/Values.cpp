//===- Values.cpp - bfloat16 vectors, format names, tile shapes
//------------===//

#include "ProgramImpl.h"

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/tile.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>

std::ostream &operator<<(std::ostream &os, const bfloat16 &value) {
  return os << static_cast<float>(value);
}

bool operator==(const std::vector<bfloat16> &lhs,
                const std::vector<bfloat16> &rhs) {
  return lhs.size() == rhs.size() &&
         (lhs.empty() || std::memcmp(lhs.data(), rhs.data(),
                                     lhs.size() * sizeof(bfloat16)) == 0);
}

uint32_t pack_two_bfloat16_into_uint32(std::pair<bfloat16, bfloat16> pair) {
  return std::bit_cast<uint16_t>(pair.first) |
         uint32_t(std::bit_cast<uint16_t>(pair.second)) << 16;
}

std::pair<bfloat16, bfloat16> unpack_two_bfloat16_from_uint32(uint32_t word) {
  return {std::bit_cast<bfloat16>(static_cast<uint16_t>(word)),
          std::bit_cast<bfloat16>(static_cast<uint16_t>(word >> 16))};
}

std::vector<bfloat16> create_random_vector_of_bfloat16_native(std::size_t bytes,
                                                              float maximum,
                                                              int seed,
                                                              float offset) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> uniform(0.0f, maximum);
  std::vector<bfloat16> result(bytes / sizeof(bfloat16));
  for (bfloat16 &value : result)
    value = bfloat16(uniform(engine) + offset);
  return result;
}

std::vector<uint32_t> create_random_vector_of_bfloat16(std::size_t bytes,
                                                       int maximum, int seed,
                                                       float offset) {
  return pack_bfloat16_vec_into_uint32_vec(
      create_random_vector_of_bfloat16_native(bytes, maximum, seed, offset));
}

std::vector<uint32_t> create_constant_vector_of_bfloat16(std::size_t bytes,
                                                         float value) {
  return std::vector<uint32_t>(
      bytes / sizeof(uint32_t),
      pack_two_bfloat16_into_uint32({bfloat16(value), bfloat16(value)}));
}

std::vector<bfloat16> create_identity_matrix(int rows, int cols, int ones) {
  std::vector<bfloat16> result(std::size_t(rows) * cols);
  for (int i = 0; i < ones; ++i)
    result.at(std::size_t(i) * cols + i) = bfloat16(1.0f);
  return result;
}

std::vector<uint32_t>
pack_bfloat16_vec_into_uint32_vec(const std::vector<bfloat16> &data) {
  std::vector<uint32_t> result(data.size() / 2);
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = pack_two_bfloat16_into_uint32({data[2 * i], data[2 * i + 1]});
  return result;
}

bfloat16 bfloat16_identity_transform(const bfloat16 &value) { return value; }

std::vector<bfloat16> unpack_uint32_vec_into_bfloat16_vec(
    const std::vector<uint32_t> &data,
    const std::function<bfloat16(const bfloat16 &)> &transform) {
  std::vector<bfloat16> result;
  result.reserve(data.size() * 2);
  for (const uint32_t word : data) {
    const auto [first, second] = unpack_two_bfloat16_from_uint32(word);
    result.push_back(transform(first));
    result.push_back(transform(second));
  }
  return result;
}

bool is_close(float a, float b, float rtol, float atol) {
  const float difference = std::fabs(a - b);
  return difference <= atol ||
         difference <= rtol * std::max(std::fabs(a), std::fabs(b));
}

std::ostream &tt::operator<<(std::ostream &os, const DataFormat &format) {
  return os << tilewright::sim::formatName(
             static_cast<tilewright::sim::DataFormat>(format));
}

tt::tt_metal::Tile::Tile(std::array<uint32_t, 2> shape, bool transpose) {
  shape_ = {static_cast<uint8_t>(shape[0]), static_cast<uint8_t>(shape[1])};
  if (shape[0] > 32 || shape[1] > 32 || !shape_.valid() || transpose)
    tilewright::sim::host::fail(
        tilewright::sim::FaultCode::Unsupported,
        "tiles of " + std::to_string(shape[0]) + "x" +
            std::to_string(shape[1]) + (transpose ? " transposed" : "") +
            " are not simulated; tiles have 1, 2, 4, 8, 16 or 32 rows and 16 "
            "or 32 columns");
}
