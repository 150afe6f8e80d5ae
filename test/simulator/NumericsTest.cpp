//===- NumericsTest.cpp - formats and the matrix unit by themselves -------===//
//
// Conversions against definitions written here, over random words of every kind
// of value; the two modes of the matrix unit against each other and against
// fp64.
//
//===----------------------------------------------------------------------===//

#include "Numerics/Convert.h"
#include "Numerics/HostFormats.h"
#include "Numerics/MatrixUnit.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace tilewright;
using namespace tilewright::sim;

namespace {

using Words = std::array<float, TileElements>;

uint32_t bitsOf(float value) { return std::bit_cast<uint32_t>(value); }

/// A tile of fp32 words: `spread` powers of two around 1, now and then a zero,
/// a denormal, an infinity or a NaN when `special`.
Words randomWords(uint32_t seed, int32_t spread, bool special) {
  std::mt19937 random(seed);
  Words words;
  for (float &word : words) {
    const float m = 1.0f + float(random() % (1u << 23)) / float(1u << 23);
    const int32_t e = int32_t(random() % uint32_t(2 * spread + 1)) - spread;
    word = std::ldexp(random() % 2 ? m : -m, e);
    if (special && random() % 16 == 0) {
      constexpr uint32_t kinds[] = {0,          0x80000000, 0x00000123,
                                    0x807fffff, 0x7f800000, 0xff800000,
                                    0x7fc00001, 0x7f7fffff};
      word = std::bit_cast<float>(kinds[random() % 8]);
    }
  }
  return words;
}

Words throughFormat(DataFormat format, const Words &in, PackMode mode = {}) {
  std::vector<uint8_t> l1(tileBytes(format));
  EXPECT_TRUE(packTile(tileOps(), format, in.data(), l1.data(), mode));
  Words out;
  EXPECT_TRUE(unpackTile(tileOps(), format, l1.data(), out.data(), MaskAll));
  return out;
}

//===----------------------------------------------------------------------===//
// Packing and unpacking
//===----------------------------------------------------------------------===//

/// bfloat16 half away from zero, as the packer rounds.
float packedBf16(float value) {
  const uint32_t bits = bitsOf(value);
  if (std::isnan(value))
    return std::copysign(INFINITY, value);
  const float rounded = std::bit_cast<float>((bits + 0x8000u) & 0xffff0000u);
  return std::fabs(rounded) < 0x1p-126f ? 0.0f : rounded;
}

TEST(Formats, PackerRoundsBfloat16HalfAway) {
  for (uint32_t seed = 0; seed < 8; ++seed) {
    const Words in = randomWords(seed, seed % 2 ? 4 : 120, true);
    const Words out = throughFormat(DataFormat::Float16_b, in);
    for (uint32_t i = 0; i < TileElements; ++i)
      ASSERT_EQ(bitsOf(out[i]), bitsOf(packedBf16(in[i])))
          << std::hex << bitsOf(in[i]);
  }
}

TEST(Formats, PackerTruncatesAndSaturatesFp16) {
  const Words in = randomWords(3, 20, true);
  const Words out = throughFormat(DataFormat::Float16, in);
  for (uint32_t i = 0; i < TileElements; ++i) {
    const float size = std::fabs(in[i]);
    float expected = 0;
    if (std::isnan(in[i]) || size >= 131072.0f)
      expected = 131008.0f; // 0x7fff: the units have no infinity here
    else if (size >= 0x1p-14f)
      expected = std::bit_cast<float>(bitsOf(size) & 0xffffe000u);
    ASSERT_EQ(std::fabs(out[i]), expected) << in[i];
    if (expected != 0)
      ASSERT_EQ(std::signbit(out[i]), std::signbit(in[i]));
  }
}

TEST(Formats, IntegersKeepTheirBits) {
  std::mt19937 random(11);
  Words in;
  for (float &word : in)
    word = std::bit_cast<float>(uint32_t(random()));
  const struct {
    DataFormat format;
    uint32_t mask;
  } cases[] = {{DataFormat::Int32, ~0u},
               {DataFormat::UInt32, ~0u},
               {DataFormat::UInt16, 0xffffu}};
  for (const auto &one : cases) {
    const Words out = throughFormat(one.format, in);
    for (uint32_t i = 0; i < TileElements; ++i)
      ASSERT_EQ(bitsOf(out[i]), bitsOf(in[i]) & one.mask);
  }
}

// Sign and magnitude; the packer clamps.
TEST(Formats, BytesAreClamped) {
  Words in{};
  const int32_t values[] = {0, 1, -1, 127, -127, 128, -300, 255, 256, 70000};
  for (uint32_t i = 0; i < std::size(values); ++i)
    in[i] = std::bit_cast<float>(uint32_t(std::abs(values[i])) |
                                 (values[i] < 0 ? 0x80000000u : 0u));
  const Words bytes = throughFormat(DataFormat::Int8, in);
  const Words naturals = throughFormat(DataFormat::UInt8, in);
  for (uint32_t i = 0; i < std::size(values); ++i) {
    const int32_t size = int32_t(bitsOf(bytes[i]) & 0x7fffffffu);
    EXPECT_EQ(bitsOf(bytes[i]) >> 31 ? -size : size,
              std::clamp(values[i], -127, 127));
    EXPECT_EQ(int32_t(bitsOf(naturals[i])), std::clamp(values[i], 0, 255));
  }
}

/// The packer's block conversion of one face row, from its definition: the
/// source is cut to sign, exponent and `kept` mantissa bits; the block takes
/// the largest exponent, the datums 7 bits half up; narrower ones are cut.
std::vector<float> packedBlock(const std::vector<float> &row, uint32_t bits,
                               bool precise) {
  std::vector<float> source(16);
  int32_t shared = 0;
  for (uint32_t i = 0; i < 16; ++i) {
    uint32_t word = bitsOf(row[i]);
    if (std::isnan(row[i]))
      word = (word & 0x80000000u) | 0x7f800000u;
    word = precise ? word & 0xffff0000u : ((word >> 16) + 1) / 2 * 2 << 16;
    if ((word & 0x7f800000u) == 0)
      word = 0;
    source[i] = std::bit_cast<float>(word);
    shared = std::max(shared, int32_t(word >> 23 & 0xffu));
  }
  std::vector<float> out(16);
  for (uint32_t i = 0; i < 16; ++i) {
    // Infinities count as normals of exponent 255.
    const uint32_t word = bitsOf(source[i]);
    const double size = std::ldexp(double(0x800000u | (word & 0x7fffffu)),
                                   int32_t(word >> 23 & 0xffu) - 127 - 23);
    double m = source[i] == 0 ? 0 : std::ldexp(size, 127 - shared + 6);
    m = std::min(std::floor(m + 0.5), 127.0);
    if (shared - int32_t(word >> 23 & 0xffu) >= 8)
      m = 0;
    m = std::floor(m / double(1 << (8 - bits))) * double(1 << (8 - bits));
    const double value = std::ldexp(m, shared - 127 - 6);
    out[i] = float(word >> 31 ? -value : value);
    if (m == 0)
      out[i] = 0;
  }
  return out;
}

TEST(Formats, PackerAlignsBlocks) {
  const struct {
    DataFormat format;
    uint32_t bits;
  } cases[] = {{DataFormat::Bfp8_b, 8},
               {DataFormat::Bfp4_b, 4},
               {DataFormat::Bfp2_b, 2}};
  for (const auto &one : cases)
    for (bool precise : {false, true})
      for (uint32_t seed = 0; seed < 4; ++seed) {
        const Words in = randomWords(seed, int32_t(seed) * 3 + 1, seed % 2);
        PackMode mode;
        mode.precise = precise;
        const Words out = throughFormat(one.format, in, mode);
        for (uint32_t r = 0; r < 32; ++r)
          for (uint32_t side = 0; side < 2; ++side) {
            const float *begin = &in[r * 32 + side * 16];
            const auto expected =
                packedBlock({begin, begin + 16}, one.bits, precise);
            for (uint32_t i = 0; i < 16; ++i) {
              // The unpacker reads exponents beyond 8 bits wrapped.
              if (std::isinf(expected[i]) || std::isinf(begin[i]) ||
                  std::isnan(begin[i]))
                continue;
              ASSERT_EQ(out[r * 32 + side * 16 + i], expected[i])
                  << begin[i] << " in bfp" << one.bits;
            }
          }
      }
}

TEST(Formats, NegativeZeroOfABlockIsMinusInfinity) {
  std::vector<uint8_t> l1(tileBytes(DataFormat::Bfp8_b));
  l1[0] = 130;
  l1[64] = 0x80;
  l1[65] = 0xc0; // -64 / 64 * 2^3
  Words out;
  ASSERT_TRUE(unpackTile(tileOps(), DataFormat::Bfp8_b, l1.data(), out.data(),
                         MaskTf32));
  EXPECT_EQ(out[0], -INFINITY);
  EXPECT_EQ(out[1], -8.0f);
  EXPECT_EQ(out[2], 0.0f);
}

// What a host packs, the unpacker reads as the host does.
TEST(Formats, UnpackerReadsWhatHostsWrite) {
  for (DataFormat format :
       {DataFormat::Float32, DataFormat::Float16, DataFormat::Float16_b,
        DataFormat::Bfp8_b, DataFormat::Bfp4_b, DataFormat::Bfp2_b,
        DataFormat::Bfp8, DataFormat::Bfp4}) {
    const Words words = randomWords(21, 6, false);
    std::vector<float> ordered(TileElements), back(TileElements);
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c)
        ordered[faceOrder(r, c)] = words[r * 32 + c];
    std::vector<uint8_t> tile(encodedBytes(format, TileElements));
    ASSERT_EQ(tile.size(), tileBytes(format));
    ASSERT_TRUE(encodeTile(format, ordered, tile));
    ASSERT_TRUE(decodeTile(format, tile, back));
    Words out;
    ASSERT_TRUE(
        unpackTile(tileOps(), format, tile.data(), out.data(), MaskAll));
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c)
        ASSERT_EQ(out[r * 32 + c], back[faceOrder(r, c)])
            << "format " << uint32_t(format);
  }
}

TEST(Formats, HostsRoundToNearestEven) {
  const float ties[] = {1.0f, 1.0f + 0x1p-7f, 1.0f + 3 * 0x1p-7f, -0.5f,
                        0x1p-7f};
  std::vector<float> block(16);
  std::copy(std::begin(ties), std::end(ties), block.begin());
  std::vector<uint8_t> tile(encodedBytes(DataFormat::Bfp8_b, 16));
  std::vector<float> back(16);
  ASSERT_TRUE(encodeTile(DataFormat::Bfp8_b, block, tile));
  ASSERT_TRUE(decodeTile(DataFormat::Bfp8_b, tile, back));
  const float expected[] = {1.0f, 1.0f, 1.0f + 4 * 0x1p-7f, -0.5f, 0.0f};
  for (uint32_t i = 0; i < 5; ++i)
    EXPECT_EQ(back[i], expected[i]) << i;
  EXPECT_EQ(encodeFp16(65519.0f), 0x7bff);
  EXPECT_EQ(encodeFp16(65520.0f), 0x7c00);
  EXPECT_EQ(encodeFp16(0x1p-24f), 1);
  EXPECT_EQ(encodeFp16(0x1p-25f), 0);
  for (uint32_t half = 0; half < 0x7c00; ++half)
    ASSERT_EQ(encodeFp16(decodeFp16(uint16_t(half))), half);
}

TEST(Formats, L1AccumulationRoundsToNearest) {
  const Words old = randomWords(1, 3, false), add = randomWords(2, 3, false);
  PackMode sum;
  sum.accumulate = true;
  std::vector<uint8_t> l1(tileBytes(DataFormat::Float16_b));
  ASSERT_TRUE(
      packTile(tileOps(), DataFormat::Float16_b, old.data(), l1.data(), {}));
  ASSERT_TRUE(
      packTile(tileOps(), DataFormat::Float16_b, add.data(), l1.data(), sum));
  Words out;
  unpackTile(tileOps(), DataFormat::Float16_b, l1.data(), out.data(), MaskAll);
  for (uint32_t i = 0; i < TileElements; ++i)
    ASSERT_EQ(out[i],
              std::bit_cast<float>(
                  uint32_t(encodeBf16(packedBf16(old[i]) + packedBf16(add[i])))
                  << 16));
  EXPECT_FALSE(
      packTile(tileOps(), DataFormat::Bfp8_b, old.data(), l1.data(), sum));
}

//===----------------------------------------------------------------------===//
// The matrix unit
//===----------------------------------------------------------------------===//

MatrixUnit unitOf(uint32_t phases, bool wide, bool exact) {
  MatrixUnit unit{tileOps()};
  unit.phases = phases;
  unit.wide = wide;
  unit.exact = exact;
  return unit;
}

/// A matrix of K x 32 or 32 x K tiles, as values of `format`.
std::vector<Words> operandTiles(uint32_t tiles, DataFormat format, bool uniform,
                                uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::uniform_real_distribution<float> unit(0.0f, 1.0f);
  std::vector<Words> all(tiles);
  for (Words &tile : all) {
    std::vector<float> values(TileElements);
    for (float &value : values)
      value = uniform ? unit(random) : normal(random);
    std::vector<uint8_t> l1(tileBytes(format));
    EXPECT_TRUE(encodeTile(format, values, l1));
    EXPECT_TRUE(
        unpackTile(tileOps(), format, l1.data(), tile.data(), MaskTf32));
  }
  return all;
}

/// RMS error of a product of 32 x K by K x 32, relative to the RMS of fp64's.
double productError(const MatrixUnit &unit, DataFormat format, bool uniform,
                    uint32_t k, uint32_t seed) {
  const auto left = operandTiles(k / 32, format, uniform, seed);
  const auto right = operandTiles(k / 32, format, uniform, seed + 1);
  Words out{};
  std::vector<double> sum(TileElements);
  for (uint32_t t = 0; t < k / 32; ++t) {
    Words a = right[t], b = left[t];
    if (!unit.exact) {
      // As the unpacker hands them over in fast mode.
      unit.ops.mask(a.data(), a.data(),
                    unit.phases == 1 ? MaskSrcAHigh : MaskSrcAFull);
      unit.ops.mask(b.data(), b.data(),
                    unit.phases < 3 ? MaskSrcBHigh : MaskTf32);
    }
    unit.matmul(out.data(), b.data(), a.data());
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t x = 0; x < 32; ++x)
        for (uint32_t c = 0; c < 32; ++c)
          sum[r * 32 + c] += double(left[t][r * 32 + x]) * right[t][x * 32 + c];
  }
  double error = 0, norm = 0;
  for (uint32_t i = 0; i < TileElements; ++i) {
    error += (out[i] - sum[i]) * (out[i] - sum[i]);
    norm += sum[i] * sum[i];
  }
  return std::sqrt(error / norm);
}

struct ErrorRow {
  const char *name;
  DataFormat format;
  bool wide, uniform;
  uint32_t k;
  double error[4]; ///< LoFi to HiFi4; 0 where none is published
};
const ErrorRow kErrors[] = {
    {"fp32 DST, K=1024",
     DataFormat::Float16_b,
     true,
     false,
     1024,
     {2.5e-2, 3.8e-3, 3.2e-4, 2.6e-4}},
    {"bf16 DST, K=64",
     DataFormat::Float16_b,
     false,
     false,
     64,
     {2.3e-2, 6.6e-3, 4.1e-3, 4.1e-3}},
    {"bf16 DST, K=1024",
     DataFormat::Float16_b,
     false,
     false,
     1024,
     {2.2e-2, 2.9e-2, 2.8e-2, 3.4e-2}},
    {"bf16 DST, K=4096",
     DataFormat::Float16_b,
     false,
     false,
     4096,
     {2.7e-2, 6.4e-2, 7.5e-2, 8.9e-2}},
    {"fp32 DST, U(0,1), K=1024",
     DataFormat::Float16_b,
     true,
     true,
     1024,
     {2.1e-2, 2.6e-3, 2.3e-5, 6.9e-5}},
    {"fp32 DST, bfp8, K=1024",
     DataFormat::Bfp8_b,
     true,
     false,
     1024,
     {1.65e-2, 2.5e-4, 0, 1.9e-4}},
};

// A sum of small integers is exact in any order: the two modes agree.
TEST(MatrixUnit, ModesAgreeOnWholeNumbers) {
  std::mt19937 random(4);
  Words a, b;
  for (bool wide : {false, true})
    for (uint32_t phases = 1; phases <= 4; ++phases) {
      for (uint32_t i = 0; i < TileElements; ++i) {
        a[i] = float(int32_t(random() % 3) - 1);
        b[i] = float(int32_t(random() % 3) - 1);
      }
      Words fast{}, exact{};
      unitOf(phases, wide, false).matmul(fast.data(), b.data(), a.data());
      unitOf(phases, wide, true).matmul(exact.data(), b.data(), a.data());
      for (uint32_t r = 0; r < 32; ++r)
        for (uint32_t c = 0; c < 32; ++c) {
          float sum = 0;
          for (uint32_t k = 0; k < 32; ++k)
            sum += b[r * 32 + k] * a[k * 32 + c];
          ASSERT_EQ(fast[r * 32 + c], sum);
          ASSERT_EQ(exact[r * 32 + c], sum);
        }
    }
}

/// Largest difference of two tiles, relative to the largest value.
double distance(const Words &x, const Words &y) {
  double difference = 0, size = 1e-30;
  for (uint32_t i = 0; i < TileElements; ++i) {
    difference = std::max(difference, std::fabs(double(x[i]) - y[i]));
    size = std::max(size, std::fabs(double(y[i])));
  }
  return difference / size;
}

// The fast mode against the exact one, after one tile: what alignment to 12
// bits costs in a 32-bit DST, and some roundings of a 16-bit one.
TEST(MatrixUnit, FastIsCloseToExact) {
  for (bool wide : {false, true})
    for (DataFormat format :
         {DataFormat::Float16_b, DataFormat::Float16, DataFormat::Float32,
          DataFormat::Tf32, DataFormat::Bfp8_b, DataFormat::Bfp4_b,
          DataFormat::Bfp2_b, DataFormat::Bfp8})
      for (uint32_t phases = 1; phases <= 4; ++phases)
        for (uint32_t seed = 0; seed < 3; ++seed) {
          const bool shortExponent =
              format == DataFormat::Float16 || format == DataFormat::Bfp8;
          const Words a = operandTiles(1, format, false, seed)[0];
          const Words b = operandTiles(1, format, false, seed + 9)[0];
          MatrixUnit fast = unitOf(phases, wide, false);
          fast.shortExponent = shortExponent;
          MatrixUnit exact = fast;
          exact.exact = true;
          const double bound = wide ? 0x1p-9 : shortExponent ? 0x1p-8 : 0x1p-5;
          using Operation = void (MatrixUnit::*)(const float *, const float *,
                                                 float *, bool) const;
          for (Operation operation :
               {&MatrixUnit::add, &MatrixUnit::sub, &MatrixUnit::mul}) {
            Words x{}, y{};
            (fast.*operation)(a.data(), b.data(), x.data(), false);
            (exact.*operation)(a.data(), b.data(), y.data(), false);
            ASSERT_LT(distance(x, y), bound);
          }
          Words maskedA, maskedB, x{}, y{};
          fast.ops.mask(a.data(), maskedA.data(),
                        phases == 1 ? MaskSrcAHigh : MaskSrcAFull);
          fast.ops.mask(b.data(), maskedB.data(),
                        phases < 3 ? MaskSrcBHigh : MaskTf32);
          fast.matmul(x.data(), maskedB.data(), maskedA.data());
          exact.matmul(y.data(), b.data(), a.data());
          ASSERT_LT(distance(x, y), bound)
              << uint32_t(format) << ' ' << phases << ' ' << wide;
        }
}

// 8-bit integers: all four phases make the whole product; sums saturate.
TEST(MatrixUnit, IntegersSaturate) {
  std::mt19937 random(8);
  auto word = [](int64_t value) {
    return std::bit_cast<float>(uint32_t(std::abs(value)) |
                                (value < 0 ? 0x80000000u : 0u));
  };
  auto number = [](float held) {
    const int64_t size = bitsOf(held) & 0x7fffffffu;
    return bitsOf(held) >> 31 ? -size : size;
  };
  std::vector<int32_t> a(TileElements), b(TileElements);
  Words left, right, out;
  for (uint32_t i = 0; i < TileElements; ++i) {
    a[i] = int32_t(random() % 255) - 127;
    b[i] = int32_t(random() % 255) - 127;
    left[i] = word(a[i]);
    right[i] = word(b[i]);
  }
  const MatrixUnit unit = unitOf(4, true, false);
  for (int64_t start : {int64_t(0), int64_t(0x7fffffff) - 50000,
                        -int64_t(0x7fffffff) + 50000}) {
    out.fill(word(start));
    unit.matmulInteger(out.data(), left.data(), right.data());
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c) {
        int64_t sum = start;
        bool saturated = false;
        for (uint32_t k = 0; k < 32; ++k) {
          sum += int64_t(a[r * 32 + k]) * b[k * 32 + c];
          saturated |= std::abs(sum) > 0x7fffffff;
        }
        // Where the running sum leaves the range, the order of steps counts.
        if (!saturated && std::abs(start) < 1000)
          ASSERT_EQ(number(out[r * 32 + c]), sum);
        ASSERT_LE(std::abs(number(out[r * 32 + c])), 0x7fffffff);
      }
  }
}

// The published errors of the unit, by the exact mode; printed for
// docs/simulator/numerics.md.
TEST(MatrixUnit, PublishedErrors) {
  for (const ErrorRow &row : kErrors) {
    std::printf("%-26s", row.name);
    for (uint32_t phases = 1; phases <= 4; ++phases) {
      const double exact = productError(unitOf(phases, row.wide, true),
                                        row.format, row.uniform, row.k, 5);
      const double fast = productError(unitOf(phases, row.wide, false),
                                       row.format, row.uniform, row.k, 5);
      std::printf("  %.2e (%.2e)", exact, fast);
      const double expected = row.error[phases - 1];
      // With a 16-bit DST the published figures come from few sums, and
      // spread.
      if (expected != 0) {
        const double factor = row.wide ? 1.3 : 1.7;
        EXPECT_LT(exact, expected * factor) << row.name << ' ' << phases;
        EXPECT_GT(exact, expected / factor) << row.name << ' ' << phases;
      }
    }
    std::printf("\n");
  }
}

} // namespace
