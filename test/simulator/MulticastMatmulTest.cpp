//===- MulticastMatmulTest.cpp - numbers of the multicast matmul ----------===//
//
// The program of programs/matmul_multicast against a product in double, for
// each way its operands and results may lie in memory.
//
//===----------------------------------------------------------------------===//

#include "programs/matmul_multicast/Host.h"

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
          row[j] += double(left[size_t(i) * inner + x]) *
                    right[size_t(x) * cols + j];
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
        visitTile(s.n * 32, r, c, [&](size_t at, uint32_t offset) {
          uint16_t half;
          std::memcpy(&half, outputTile(r, c) + offset * 2, 2);
          values[at] = fromBf16(half);
        });
    return values;
  }

private:
  static constexpr uint32_t kBytes = 2048;

  template <typename Visit>
  void visitTile(uint32_t cols, uint32_t r, uint32_t c, Visit visit) {
    for (uint32_t i = 0; i < 32; ++i)
      for (uint32_t j = 0; j < 32; ++j)
        visit(size_t(r * 32 + i) * cols + c * 32 + j, tileOffset(i, j));
  }
  uint8_t *dramTile(uint64_t base, uint32_t page) {
    const uint32_t banks = device.dramBanks();
    return device.dram(page % banks, base + uint64_t(page / banks) * kBytes,
                       kBytes)
        .data();
  }
  uint8_t *shardTile(uint64_t base, uint32_t r, uint32_t c, uint32_t height,
                     uint32_t width) {
    const CoreCoord core = {c / width, r / height};
    const uint32_t tile = r % height * width + c % width;
    return device.l1(core).data() + base + uint64_t(tile) * kBytes;
  }
  /// Output tiles lie sub-block by sub-block, row-major for sub-blocks of one
  /// row, which is what sharded output asks for.
  uint8_t *outputTile(uint32_t r, uint32_t c) {
    return s.cSharded
               ? shardTile(matmul.c, r, c, s.perCoreM(), s.perCoreN())
               : dramTile(matmul.c, r * s.n + c);
  }
  void put(uint8_t *tile, const std::vector<float> &values, uint32_t cols,
           uint32_t r, uint32_t c) {
    visitTile(cols, r, c, [&](size_t at, uint32_t offset) {
      const uint16_t half = toBf16(values[at]);
      std::memcpy(tile + offset * 2, &half, 2);
    });
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

// The same program and seed give the same report, to the byte.
TEST(MulticastMatmul, ReportIsDeterministic) {
  const MatmulSchedule s = schedule(4, 3, 12, 6, 16, 2, 2, 2, 2, 2);
  auto report = [&](bool adversarial, bool withData) {
    Case run("n150", s);
    RunOptions options;
    options.adversarial = adversarial;
    options.seed = 7;
    options.withData = withData;
    return run.run(options).json(/*withWallTimes=*/false);
  };
  const std::string nominal = report(false, true);
  EXPECT_EQ(nominal, report(false, true));
  EXPECT_EQ(nominal, report(false, false));
  const std::string adversarial = report(true, true);
  EXPECT_EQ(adversarial, report(true, true));
  EXPECT_NE(adversarial, nominal);
}

} // namespace
