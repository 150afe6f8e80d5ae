//===- MatmulTimeTest.cpp - the multicast matmul against silicon ----------===//
//
// Cycles of the math kernel, mean over the cores, for the rows of
// test/data/silicon/gemm.tsv: each within 15 %, the mean of a chip within 5 %.
// Runs take time only. Every second row below 1.5 million cycles is always on;
// TILEWRIGHT_FULL_TESTS=1 adds the rest.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"
#include "Rows.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

/// Long rows and every second of the others are for full runs.
bool wanted(const MeasuredMatmul &row, size_t index) {
  return fullTests() || (row.cycles < 1.5e6 && index % 2 == 0);
}

/// Cycles of a run that takes time only.
double simulate(const MeasuredMatmul &row) {
  Device device(*findChip(row.chip), row.schedule.gridX, row.schedule.gridY);
  const MatmulMulticast matmul(device, row.schedule);
  RunOptions options;
  options.withData = false;
  const RunResult result =
      tilewright::sim::run(device, matmul.program, options);
  EXPECT_TRUE(result.ok()) << row.name << "\n" << faultText(result);
  return mathCycles(result);
}

void check(const std::string &chip) {
  double total = 0;
  uint32_t count = 0;
  size_t index = 0;
  for (const MeasuredMatmul &row :
       readMeasured(TILEWRIGHT_SILICON "/gemm.tsv")) {
    if (row.chip != chip || !wanted(row, index++))
      continue;
    const double cycles = simulate(row);
    const double error = cycles / row.cycles - 1;
    compare("matmul " + chip, row.name, row.cycles, cycles);
    EXPECT_LT(std::abs(error), 0.15) << row.name;
    total += std::abs(error);
    ++count;
  }
  ASSERT_GT(count, 10u);
  EXPECT_LT(total / count, 0.05) << "mean of " << count << " rows";
}

TEST(MatmulTime, Wormhole) { check("n150"); }
TEST(MatmulTime, Blackhole) { check("p150"); }

// Products of one size in several formats. 2048^3 is not among the rows: its
// cycles are the published utilisation's, and its schedule that of the rows
// around it.
struct Kind {
  DataFormat format;
  MathFidelity fidelity;
  double cycles;
  double tolerance;
};
using DataFormat::Bfp4_b;
using DataFormat::Bfp8_b;
using DataFormat::Float16_b;
using enum MathFidelity;

MeasuredMatmul cube(const Kind &kind) {
  MeasuredMatmul row;
  row.chip = "n150";
  row.schedule = {.gridX = 8,
                  .gridY = 8,
                  .m = 64,
                  .k = 64,
                  .n = 64,
                  .format = kind.format,
                  .fidelity = kind.fidelity,
                  .aSharded = true,
                  .cSharded = true,
                  .blockK = 8,
                  .blockH = 8,
                  .blockW = 8,
                  .subH = 1,
                  .subW = 8};
  row.cycles = kind.cycles;
  row.name = std::string("2048^3 ") + std::string(formatName(kind.format)) +
             " " + std::to_string(int(kind.fidelity));
  return row;
}

TEST(MatmulTime, UnseenSizeWormhole) {
  // Published cycles of a product of tiles, 4096 of them a core.
  const Kind kinds[] = {{Float16_b, HiFi4, 71.4 * 4096, 0.10},
                        {Float16_b, HiFi2, 49.3 * 4096, 0.10},
                        {Bfp8_b, HiFi2, 38.0 * 4096, 0.12},
                        {Bfp8_b, LoFi, 27.2 * 4096, 0.12},
                        {Bfp4_b, LoFi, 20.3 * 4096, 0.12}};
  for (const Kind &kind : kinds) {
    const MeasuredMatmul row = cube(kind);
    const double cycles = simulate(row);
    compare(kind.format == Float16_b ? "matmul n150 2048^3, bf16"
                                     : "matmul n150 2048^3, block float",
            row.name, row.cycles, cycles);
    EXPECT_NEAR(cycles / row.cycles, 1.0, kind.tolerance) << row.name;
  }
}

/// Rows of one shape, each within `tolerance`.
void checkShape(const std::string &shape, double tolerance, size_t count) {
  size_t found = 0;
  for (const MeasuredMatmul &row :
       readMeasured(TILEWRIGHT_SILICON "/gemm.tsv")) {
    if (!row.name.starts_with(shape))
      continue;
    ++found;
    const double cycles = simulate(row);
    compare("matmul " + shape, row.name, row.cycles, cycles);
    EXPECT_NEAR(cycles / row.cycles, 1.0, tolerance) << row.name;
  }
  EXPECT_EQ(found, count);
}

TEST(MatmulTime, SmallProductsWormhole) {
  checkShape("n150 512x512x512", 0.20, 5);
}
TEST(MatmulTime, LargeProductBlackhole) {
  checkShape("p150 2560x3328x3328 bfloat16 HiFi4", 0.06, 1);
}

} // namespace
