//===- FormatPairsTest.cpp - from every format to every format ------------===//
//
// A copy of a tile from one format to another, to the bit, against the rules of
// docs/simulator/numerics.md written down once more here: what the unpacker
// cuts, what DST holds, how the packer rounds.
//
//===----------------------------------------------------------------------===//

#include "ComputeHarness.h"

#include "Numerics/HostFormats.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

namespace {

using namespace tilewright::test;

struct Format {
  const char *name;
  DataFormat format;
  uint32_t blockBits; ///< magnitude bits of a block format, or 0
};
constexpr Format kFormats[] = {
    {"Float32", DataFormat::Float32, 0},
    {"Float16_b", DataFormat::Float16_b, 0},
    {"Float16", DataFormat::Float16, 0},
    {"Bfp8_b", DataFormat::Bfp8_b, 7},
    {"Bfp4_b", DataFormat::Bfp4_b, 3},
    {"Bfp2_b", DataFormat::Bfp2_b, 1},
};

float cut(float value, uint32_t lowBits) {
  return std::bit_cast<float>(std::bit_cast<uint32_t>(value) >> lowBits
                                                                    << lowBits);
}
int exponentOf(float value) { return value == 0 ? -1000 : std::ilogb(value); }

/// What DST holds of a value that was unpacked.
float inDst(const Format &in, bool wide, float value) {
  if (in.format != DataFormat::Float32)
    return value;
  return cut(value, wide ? 13 : 16);
}

/// Sixteen values of DST in a format, as the packer leaves them.
std::array<float, 16> packed(const Format &out, std::array<float, 16> row) {
  if (out.blockBits) {
    int shared = -1000;
    for (float &value : row) {
      // The upper half of the word, rounded half up to 6 mantissa bits.
      value = cut(std::bit_cast<float>(
                      (std::bit_cast<uint32_t>(value) >> 16 << 16) + 0x10000u),
                  17);
      shared = std::max(shared, exponentOf(value));
    }
    const float unit = std::ldexp(1.0f, shared - 6);
    for (float &value : row) {
      const auto whole = static_cast<uint32_t>(
          std::min(std::floor(std::abs(value) / unit + 0.5f), 127.0f));
      const uint32_t kept = whole >> (7 - out.blockBits);
      value = std::copysign(
          std::ldexp(static_cast<float>(kept),
                     shared - static_cast<int>(out.blockBits) + 1),
          value);
    }
    return row;
  }
  for (float &value : row) {
    if (out.format == DataFormat::Float16_b)
      value = cut(std::bit_cast<float>(std::bit_cast<uint32_t>(value) + 0x8000),
                  16);
    else if (out.format == DataFormat::Float16)
      value = cut(value, 13);
  }
  return row;
}

/// Values of a few binades, with their low bits set where the format has them.
std::vector<float> values(DataFormat format, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> mantissa(1.0f, 2.0f);
  std::vector<float> ordered(1024);
  for (float &value : ordered)
    value = std::ldexp(mantissa(random), int(random() % 5) - 2) *
            (random() & 1 ? 1.0f : -1.0f);
  std::vector<uint8_t> tile(tileBytes(format));
  EXPECT_TRUE(encodeTile(format, ordered, tile));
  EXPECT_TRUE(decodeTile(format, tile, ordered));
  std::vector<float> rows(1024);
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c)
      rows[r * 32 + c] = ordered[tileOffset(r, c)];
  return rows;
}

class FormatPairs : public testing::TestWithParam<std::tuple<Format, bool>> {};

TEST_P(FormatPairs, CopyRoundsAsTheRulesSay) {
  const auto &[in, wide] = GetParam();
  for (const Format &out : kFormats) {
    ComputeRun run;
    run.in = in.format;
    run.out = out.format;
    run.config.fp32DestAcc = wide;
    run.a = values(in.format, 7);
    run.b = run.a;
    const auto got = run(
        "compute_kernel_hw_startup(0, 16); copy_init(0);\n"
        "cb_wait_front(0, 1); cb_wait_front(1, 1); cb_reserve_back(16, 1);\n"
        "tile_regs_acquire(); copy_tile(0, 0, 0); tile_regs_commit();\n"
        "tile_regs_wait(); pack_tile(0, 16); tile_regs_release();\n"
        "cb_pop_front(0, 1); cb_pop_front(1, 1); cb_push_back(16, 1);\n");
    ASSERT_TRUE(run.result.ok()) << faultText(run.result);
    for (uint32_t first = 0; first < 1024; first += 16) {
      std::array<float, 16> row;
      for (uint32_t i = 0; i < 16; ++i)
        row[i] = inDst(in, wide, run.a[first + i]);
      row = packed(out, row);
      for (uint32_t i = 0; i < 16; ++i)
        ASSERT_EQ(got[first + i], row[i])
            << in.name << " to " << out.name << " element " << first + i
            << " from " << run.a[first + i];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Numerics, FormatPairs,
                         testing::Combine(testing::ValuesIn(kFormats),
                                          testing::Bool()),
                         [](const auto &info) {
                           return std::string(std::get<0>(info.param).name) +
                                  (std::get<1>(info.param) ? "_fp32_dst"
                                                           : "_16_bit_dst");
                         });

/// Sums of integers in DST, modulo their width: whole words pass both units.
TEST(IntegerFormats, SumsOfTilesWrap) {
  std::mt19937 random(5);
  const struct {
    DataFormat format;
    const char *name;
    uint32_t mask;
  } formats[] = {{DataFormat::Int32, "Int32", 0xffffffffu},
                 {DataFormat::UInt32, "UInt32", 0xffffffffu},
                 {DataFormat::UInt16, "UInt16", 0xffffu}};
  for (const auto &one : formats)
    for (bool wide : {false, true}) {
      if (!wide && datumBytes(one.format) == 4)
        continue;
      ComputeRun run;
      run.in = run.out = one.format;
      run.config.fp32DestAcc = wide;
      for (uint32_t i = 0; i < 2048; ++i)
        (i < 1024 ? run.a : run.b)
            .push_back(std::bit_cast<float>(
                uint32_t(random()) & one.mask &
                (one.format == DataFormat::Int32 ? 0x3fffffffu : ~0u)));
      const auto got =
          run("compute_kernel_hw_startup(0, 16); copy_init(0);\n"
              "add_int_tile_init();\n"
              "cb_wait_front(0, 1); cb_wait_front(1, 1);\n"
              "cb_reserve_back(16, 1);\n"
              "tile_regs_acquire(); copy_tile(0, 0, 0); copy_tile(1, 0, 1);\n"
              "add_int_tile<DataFormat::" +
              std::string(one.name) +
              ">(0, 1, 0);\n"
              "tile_regs_commit(); tile_regs_wait(); pack_tile(0, 16);\n"
              "tile_regs_release();\n"
              "cb_pop_front(0, 1); cb_pop_front(1, 1); cb_push_back(16, 1);\n");
      ASSERT_TRUE(run.result.ok()) << faultText(run.result);
      for (uint32_t i = 0; i < 1024; ++i)
        ASSERT_EQ(std::bit_cast<uint32_t>(got[i]),
                  (std::bit_cast<uint32_t>(run.a[i]) +
                   std::bit_cast<uint32_t>(run.b[i])) &
                      one.mask)
            << one.name << (wide ? " wide " : " ") << i;
    }
}

} // namespace
