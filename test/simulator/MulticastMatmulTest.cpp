//===- MulticastMatmulTest.cpp - numbers of the multicast matmul ----------===//
//
// The program of programs/matmul_multicast against a product in double, for
// each way its operands and results may lie in memory, and for schedules that
// reach beyond the tensors; then the rows that state schedules.
//
//===----------------------------------------------------------------------===//

#include "calibration/Rows.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

class Case {
public:
  Case(const char *chip, const MatmulSchedule &schedule)
      : s(schedule), device(*findChip(chip), s.gridX, s.gridY),
        matmul(device, s), left(randomBf16(size_t(s.m) * s.k * 1024, 5)),
        right(randomBf16(size_t(s.k) * s.n * 1024, 6)) {
    // What the format holds of them is what is multiplied.
    hold(left, s.m, s.k);
    hold(right, s.k, s.n);
    writeShards(s.aSharded, matmul.a, left, s.m, s.k, s.shardK());
    write(matmul.b, right, s.k, s.n);
  }

  RunResult run(const RunOptions &options = {}) {
    return tilewright::sim::run(device, matmul.program, options);
  }

  /// Relative Frobenius error against double.
  double error() {
    const uint32_t rows = s.m * 32, cols = s.n * 32, inner = s.k * 32;
    const std::vector<float> got = read();
    double difference = 0, norm = 0;
    std::vector<double> row(cols);
    for (uint32_t i = 0; i < rows; ++i) {
      std::fill(row.begin(), row.end(), 0.0);
      for (uint32_t x = 0; x < inner; ++x)
        for (uint32_t j = 0; j < cols; ++j)
          row[j] +=
              double(left[size_t(i) * inner + x]) * right[size_t(x) * cols + j];
      for (uint32_t j = 0; j < cols; ++j) {
        const double delta = got[size_t(i) * cols + j] - row[j];
        difference += delta * delta;
        norm += row[j] * row[j];
      }
    }
    return std::sqrt(difference / norm);
  }

  std::vector<float> read() {
    std::vector<float> values(size_t(s.m) * s.n * 1024);
    for (uint32_t r = 0; r < s.m; ++r)
      for (uint32_t c = 0; c < s.n; ++c)
        get(outputTile(r, c), values, s.n * 32, r, c);
    return values;
  }

private:
  uint32_t bytes() const { return tileBytes(s.format); }

  template <typename Visit>
  void visitTile(uint32_t cols, uint32_t r, uint32_t c, Visit visit) {
    for (uint32_t i = 0; i < 32; ++i)
      for (uint32_t j = 0; j < 32; ++j)
        visit(size_t(r * 32 + i) * cols + c * 32 + j, tileOffset(i, j));
  }
  uint8_t *dramTile(uint64_t base, uint32_t page) {
    const uint32_t banks = device.dramBanks();
    const uint32_t align = device.pageAlignment(BufferType::Dram);
    const uint32_t pitch = (bytes() + align - 1) / align * align;
    return device
        .dram(page % banks, base + uint64_t(page / banks) * pitch, bytes())
        .data();
  }
  uint8_t *shardTile(uint64_t base, uint32_t r, uint32_t c, uint32_t height,
                     uint32_t width) {
    const CoreCoord core = {c / width, r / height};
    const uint32_t tile = r % height * width + c % width;
    return device.l1(core).data() + base + uint64_t(tile) * bytes();
  }
  /// Output tiles lie sub-block by sub-block, row-major for sub-blocks of one
  /// row, which is what sharded output asks for.
  uint8_t *outputTile(uint32_t r, uint32_t c) {
    return s.cSharded ? shardTile(matmul.c, r, c, s.perCoreM(), s.perCoreN())
                      : dramTile(matmul.c, r * s.n + c);
  }
  void put(uint8_t *tile, const std::vector<float> &values, uint32_t cols,
           uint32_t r, uint32_t c) {
    std::vector<float> block(1024);
    visitTile(cols, r, c, [&](size_t at, uint32_t offset) {
      const uint16_t half = toBf16(values[at]);
      if (s.format == DataFormat::Float16_b)
        std::memcpy(tile + offset * 2, &half, 2);
      block[offset] = values[at];
    });
    if (s.format != DataFormat::Float16_b)
      encodeTile(s.format, block, {tile, bytes()});
  }
  void get(const uint8_t *tile, std::vector<float> &values, uint32_t cols,
           uint32_t r, uint32_t c) {
    std::vector<float> block(1024);
    if (s.format != DataFormat::Float16_b)
      decodeTile(s.format, {tile, bytes()}, block);
    visitTile(cols, r, c, [&](size_t at, uint32_t offset) {
      uint16_t half;
      std::memcpy(&half, tile + std::min(offset * 2, bytes() - 2), 2);
      values[at] =
          s.format == DataFormat::Float16_b ? fromBf16(half) : block[offset];
    });
  }
  void hold(std::vector<float> &values, uint32_t rows, uint32_t cols) {
    std::vector<uint8_t> tile(bytes());
    for (uint32_t r = 0; r < rows; ++r)
      for (uint32_t c = 0; c < cols; ++c) {
        put(tile.data(), values, cols * 32, r, c);
        get(tile.data(), values, cols * 32, r, c);
      }
  }
  void write(uint64_t base, const std::vector<float> &values, uint32_t rows,
             uint32_t cols) {
    for (uint32_t r = 0; r < rows; ++r)
      for (uint32_t c = 0; c < cols; ++c)
        put(dramTile(base, r * cols + c), values, cols * 32, r, c);
  }
  void writeShards(bool sharded, uint64_t base,
                   const std::vector<float> &values, uint32_t rows,
                   uint32_t cols, uint32_t width) {
    if (!sharded)
      return write(base, values, rows, cols);
    for (uint32_t r = 0; r < rows; ++r)
      for (uint32_t c = 0; c < cols; ++c)
        put(shardTile(base, r, c, s.perCoreM(), width), values, cols * 32, r,
            c);
  }

public:
  MatmulSchedule s;
  Device device;
  MatmulMulticast matmul;
  std::vector<float> left, right;
};

MatmulSchedule schedule(uint32_t gridX, uint32_t gridY, uint32_t m, uint32_t k,
                        uint32_t n, uint32_t blockK, uint32_t blockH,
                        uint32_t blockW, uint32_t subH, uint32_t subW) {
  MatmulSchedule s;
  s.gridX = gridX;
  s.gridY = gridY;
  s.m = m;
  s.k = k;
  s.n = n;
  s.blockK = blockK;
  s.blockH = blockH;
  s.blockW = blockW;
  s.subH = subH;
  s.subW = subW;
  return s;
}

// A 16-bit DST and 16-bit partial sums round at each step.
constexpr double kTolerance = 1e-2;

TEST(MulticastMatmul, ShardedOperandsAndResult) {
  MatmulSchedule s = schedule(4, 2, 4, 8, 8, 2, 2, 2, 1, 2);
  s.aSharded = s.cSharded = true;
  Case run("n150", s);
  const RunResult result = run.run();
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_TRUE(result.warnings.empty());
  EXPECT_EQ(result.tileMultiplyAdds, 4u * 8 * 8);
  EXPECT_LT(run.error(), kTolerance);
}

// A block narrower than the shard is gathered before it is sent.
TEST(MulticastMatmul, BlocksNarrowerThanTheShard) {
  MatmulSchedule s = schedule(2, 2, 4, 8, 8, 2, 2, 4, 1, 4);
  s.aSharded = s.cSharded = true;
  Case run("p150", s);
  const RunResult result = run.run();
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_LT(run.error(), kTolerance);
}

// Several output blocks on each core, and receivers on both NoCs.
TEST(MulticastMatmul, InterleavedWithSeveralOutputBlocks) {
  const MatmulSchedule s = schedule(4, 3, 12, 6, 16, 2, 2, 2, 2, 2);
  Case run("n150", s);
  const RunResult result = run.run();
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_TRUE(result.warnings.empty());
  EXPECT_LT(run.error(), kTolerance);
}

TEST(MulticastMatmul, OneBlockOfK) {
  const MatmulSchedule s = schedule(2, 2, 4, 4, 4, 4, 2, 2, 1, 2);
  Case run("p150", s);
  const RunResult result = run.run();
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_LT(run.error(), kTolerance);
}

TEST(MulticastMatmul, AdversarialIsUnchanged) {
  MatmulSchedule s = schedule(3, 2, 4, 6, 6, 1, 2, 2, 1, 2);
  s.aSharded = s.cSharded = true;
  Case run("n150", s);
  ASSERT_TRUE(run.run().ok());
  const std::vector<float> expected = run.read();
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    RunOptions options;
    options.adversarial = true;
    options.seed = seed;
    const RunResult result = run.run(options);
    ASSERT_TRUE(result.ok()) << faultText(result);
    EXPECT_EQ(run.read(), expected) << "seed " << seed;
  }
}

// Any sizes, shares, blocks, formats and places that the rules allow: the last
// cores reach beyond the tensors, and rows and columns of cores have nothing to
// do.
class AnySchedule : public testing::TestWithParam<uint32_t> {
protected:
  MatmulSchedule draw(const arch::Chip &chip) {
    std::mt19937 generator(GetParam());
    auto upTo = [&](uint32_t most) { return 1 + generator() % most; };
    auto part = [&](uint32_t whole, uint32_t most) {
      uint32_t size = upTo(most);
      while (whole % size)
        --size;
      return size;
    };
    for (;;) {
      MatmulSchedule s;
      s.gridX = upTo(4);
      s.gridY = upTo(3);
      s.m = upTo(7);
      s.k = upTo(8);
      s.n = upTo(9);
      constexpr DataFormat formats[] = {DataFormat::Float16_b,
                                        DataFormat::Bfp8_b, DataFormat::Bfp4_b};
      s.format = formats[generator() % 3];
      s.fidelity = s.format == DataFormat::Bfp4_b   ? MathFidelity::LoFi
                   : s.format == DataFormat::Bfp8_b ? MathFidelity::HiFi2
                                                    : MathFidelity::HiFi4;
      s.aSharded = generator() % 2;
      s.cSharded = generator() % 2;
      s.coreM = generator() % 3 ? upTo(4) : 0;
      s.coreN = generator() % 3 ? upTo(4) : 0;
      s.blockK = part(s.k, 4);
      s.blockH = part(s.perCoreM(), 4);
      s.blockW = part(s.perCoreN(), 4);
      s.subH = part(s.blockH, 2);
      s.subW = part(s.blockW, 4);
      if (s.problem(chip).empty())
        return s;
    }
  }
};

TEST_P(AnySchedule, MatchesDouble) {
  const char *chip = GetParam() % 2 ? "n150" : "p150";
  const MatmulSchedule s = draw(*findChip(chip));
  SCOPED_TRACE(testing::Message()
               << chip << " " << s.m << "x" << s.k << "x" << s.n << " on "
               << s.gridX << "x" << s.gridY << ", " << s.perCoreM() << "x"
               << s.perCoreN() << " a core, blocks of " << s.blockH << "x"
               << s.blockW << "x" << s.blockK << ", " << formatName(s.format)
               << (s.aSharded ? ", A sharded" : "")
               << (s.cSharded ? ", C sharded" : ""));
  Case run(chip, s);
  const RunResult result = run.run();
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_TRUE(result.warnings.empty()) << result.warnings[0].render();
  // Each working core computes all of its share.
  EXPECT_EQ(result.tileMultiplyAdds, uint64_t(s.columns()) * s.rows() *
                                         s.perCoreM() * s.perCoreN() * s.k);
  // The output keeps 8, 7 or 3 bits of the mantissa, the latter two of the
  // largest of 16.
  const double tolerance = s.format == DataFormat::Bfp4_b   ? 0.25
                           : s.format == DataFormat::Bfp8_b ? 2e-2
                                                            : 1e-2;
  EXPECT_LT(run.error(), tolerance);
  RunOptions timeOnly;
  timeOnly.withData = false;
  EXPECT_EQ(run.run(timeOnly).cycles, result.cycles);
}
INSTANTIATE_TEST_SUITE_P(Seeds, AnySchedule, testing::Range(1u, 25u));

/// A row of the table of measurements, with some columns set.
std::vector<MeasuredMatmul> rows(std::map<std::string, std::string> columns) {
  std::map<std::string, std::string> row = {{"arch", "wormhole_b0"},
                                            {"grid_x", "8"},
                                            {"grid_y", "8"},
                                            {"M", "512"},
                                            {"K", "512"},
                                            {"N", "512"},
                                            {"dtype", "bfloat16"},
                                            {"fidelity", "HiFi3"},
                                            {"in0_block_w_tiles", "2"},
                                            {"out_subblock_h", "1"},
                                            {"out_subblock_w", "2"}};
  for (const auto &[name, value] : columns)
    row[name] = value;
  std::string heading, values;
  for (const auto &[name, value] : row) {
    heading += (heading.empty() ? "" : "\t") + name;
    values += (values.empty() ? "" : "\t") + value;
  }
  std::istringstream table(heading + "\n" + values + "\n");
  return readMeasured(table, "rows.tsv");
}

// A row needs no measurement, and its sizes need not be whole tiles or shares.
TEST(MatmulRows, SizesAreRoundedUp) {
  const auto found = rows({{"M", "500"},
                           {"K", "450"},
                           {"N", "333"},
                           {"in0_block_w_tiles", "3"},
                           {"per_core_M_tiles", "3"},
                           {"per_core_N_tiles", "2"}});
  ASSERT_EQ(found.size(), 1u);
  const MatmulSchedule &s = found[0].schedule;
  EXPECT_EQ(s.m, 16u);
  EXPECT_EQ(s.k, 15u);
  EXPECT_EQ(s.n, 11u);
  EXPECT_EQ(s.rows(), 6u);
  EXPECT_EQ(s.columns(), 6u);
  EXPECT_EQ(s.blockH, 3u);
  EXPECT_EQ(s.fidelity, MathFidelity::HiFi3);
  EXPECT_EQ(found[0].cycles, 0);
}

TEST(MatmulRows, IllegalOnesSayWhy) {
  const std::pair<std::map<std::string, std::string>, const char *> cases[] = {
      {{{"grid_x", "9"}}, "n150 has at most"},
      {{{"grid_y", "0"}}, "a grid of 8x0"},
      {{{"M", "0"}}, "M, K and N must be at least 1"},
      {{{"M", "-32"}}, "M is '-32', no whole number"},
      {{{"in0_block_w_tiles", "3"}}, "3 does not divide K, in tiles 16"},
      {{{"in0_block_w_tiles", "0"}}, "in0_block_w is 0"},
      {{{"out_subblock_w", "3"}}, "3 does not divide out_block_w 2"},
      {{{"per_core_M_tiles", "1"}},
       "per_core_M 1 on 8 rows of cores covers 8 tiles of M, which has 16"},
      {{{"N", "4096"}, {"out_subblock_w", "16"}}, "a section of DST holds 8"},
      {{{"out", "l1_block_sharded"}, {"N", "1024"}, {"out_subblock_h", "2"}},
       "sharded output"},
      {{{"dtype", "float32"}}, "it can be bfloat16, bfloat8_b, bfloat4_b"},
      {{{"in1", "l1_interleaved"}}, "it can be dram_interleaved"},
      {{{"device_cycles", "fast"}}, "no number of cycles"},
      {{{"fidelity", ""}}, "no column fidelity"},
  };
  for (const auto &[columns, message] : cases) {
    try {
      rows(columns);
      ADD_FAILURE() << "taken, but: " << message;
    } catch (const std::invalid_argument &error) {
      const std::string what = error.what();
      EXPECT_TRUE(what.starts_with("rows.tsv:2: ")) << what;
      EXPECT_NE(what.find(message), std::string::npos) << what;
    }
  }
}

// The same program and seed give the same report, to the byte.
TEST(MulticastMatmul, ReportIsDeterministic) {
  const MatmulSchedule s = schedule(4, 3, 12, 6, 16, 2, 2, 2, 2, 2);
  auto report = [&](bool adversarial, bool withData) {
    Case run("n150", s);
    RunOptions options;
    options.adversarial = adversarial;
    options.seed = 7;
    options.withData = withData;
    return run.run(options).json();
  };
  const std::string nominal = report(false, true);
  EXPECT_EQ(nominal, report(false, true));
  EXPECT_EQ(nominal, report(false, false));
  const std::string adversarial = report(true, true);
  EXPECT_EQ(adversarial, report(true, true));
  EXPECT_NE(adversarial, nominal);
}

} // namespace
