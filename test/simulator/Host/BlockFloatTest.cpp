//===- BlockFloatTest.cpp - Floats to block-float tiles and back ----------===//
//
// Against the definition: 16 numbers of a face row share the largest exponent,
// and each keeps its sign and 7, or 3, bits, rounded to nearest.
//
//===----------------------------------------------------------------------===//

#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/bfloat4.hpp>
#include <tt-metalium/bfloat8.hpp>

#include "compatibility/magic_enum/magic_enum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace {

/// The nearest numbers that `bits` bits of sign and magnitude can hold.
std::vector<float> rounded(const std::vector<float> &values, int bits) {
  std::vector<float> result;
  for (size_t i = 0; i < values.size(); i += 16) {
    float most = 0;
    for (size_t j = i; j < i + 16; ++j)
      most = std::max(most, std::fabs(values[j]));
    const float unit = std::ldexp(1.0f, std::ilogb(most) - bits + 2);
    const float limit = float((1 << (bits - 1)) - 1);
    for (size_t j = i; j < i + 16; ++j)
      result.push_back(std::copysign(
          std::min(std::nearbyint(std::fabs(values[j]) / unit), limit) * unit,
          values[j]));
  }
  return result;
}

std::vector<float> numbers(size_t count) {
  std::mt19937 engine(7);
  std::uniform_real_distribution<float> draw(-4, 4);
  std::vector<float> values(count);
  std::generate(values.begin(), values.end(), [&] { return draw(engine); });
  return values;
}

TEST(BlockFloats, RoundRowsOfFaces) {
  const std::vector<float> values = numbers(3 * 1024);
  const auto eight = pack_as_bfp8_tiles<float>(
      tt::stl::Span<const float>(values), true, false);
  EXPECT_EQ(eight.size() * 4, 3u * 1088);
  EXPECT_EQ(unpack_bfp8_tiles_into_float_vec(eight, true, false),
            rounded(values, 8));
  const auto four = pack_fp32_vec_as_bfp4_tiles(values, true, true);
  EXPECT_EQ(four.size() * 4, 3u * 576);
  EXPECT_EQ(unpack_bfp4_tiles_into_float_vec(four, true, true),
            rounded(values, 4));
}

TEST(BlockFloats, OrderIsByFacesOrByRows) {
  std::vector<float> values(1024);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = float(i / 32 % 2 + 2 * (i % 32 / 16)); // of row and face
  const auto packed = pack_as_bfp8_tiles<float>(
      tt::stl::Span<const float>(values), true, false);
  const std::vector<float> faces =
      unpack_bfp8_tiles_into_float_vec(packed, false, false);
  EXPECT_EQ(faces[0], values[0]);
  EXPECT_EQ(faces[16], values[32]);
  EXPECT_EQ(faces[256 + 16], values[32 + 16]);
  EXPECT_EQ(pack_fp32_vec_as_bfp8_tiles(faces, false, false), packed);
}

TEST(BlockFloats, TakeSmallTilesAndOtherTypes) {
  const tt::tt_metal::Tile tile({16, 32});
  const std::vector<bfloat16> values(512, bfloat16(1.5f));
  const auto packed = pack_as_bfp4_tiles<bfloat16>(
      tt::stl::Span<const bfloat16>(values), true, false, tile);
  EXPECT_EQ(unpack_bfp4_tiles_into_float_vec(packed, true, false, tile),
            std::vector<float>(512, 1.5f));
  EXPECT_EQ(create_constant_vector_of_bfp8(2 * 1088, 0.25f, false),
            pack_fp32_vec_as_bfp8_tiles(std::vector<float>(2048, 0.25f), true,
                                        false));
  EXPECT_THROW(
      pack_fp32_vec_as_bfp8_tiles(std::vector<float>(100), true, false),
      std::runtime_error);
}

TEST(PackedVectors, CompareAndCount) {
  const auto numbers = create_arange_vector_of_bfloat16(8);
  EXPECT_EQ(u16_from_u32_vector(numbers),
            (std::vector<uint16_t>{0, 0x3f80, 0x4000, 0x4040}));
  const auto same = [](float a, float b) { return a == b; };
  EXPECT_TRUE(packed_uint32_t_vector_comparison(numbers, numbers, same));
  auto other = numbers;
  other[1] ^= 1u << 31;
  int at = -1;
  EXPECT_FALSE(packed_uint32_t_vector_comparison(numbers, other, same, &at));
  EXPECT_EQ(at, 1);
  EXPECT_FALSE(packed_uint32_t_vector_comparison(numbers, {}, same));
}

enum Plain { Zero, Two = 2 }; // holds 0 to 3 only
enum class Wide { Below = -3, Above = 100 };

TEST(EnumNames, OfPlainAndScopedEnumerations) {
  EXPECT_EQ(magic_enum::enum_name(Two), "Two");
  EXPECT_EQ(magic_enum::enum_values<Plain>(), (std::array{Zero, Two}));
  EXPECT_EQ(magic_enum::enum_name(Wide::Below), "Below");
  EXPECT_EQ(magic_enum::enum_count<Wide>(), 2u);
}

} // namespace
