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

void check(const std::string &chip) {
  double total = 0;
  uint32_t count = 0;
  size_t index = 0;
  for (const MeasuredMatmul &row : readMeasured(TILEWRIGHT_SILICON "/gemm.tsv")) {
    if (row.chip != chip || !wanted(row, index++))
      continue;
    Device device(*findChip(row.chip), row.schedule.gridX, row.schedule.gridY);
    const MatmulMulticast matmul(device, row.schedule);
    RunOptions options;
    options.withData = false;
    const RunResult result =
        tilewright::sim::run(device, matmul.program, options);
    ASSERT_TRUE(result.ok()) << row.name << "\n" << faultText(result);
    const double cycles = mathCycles(result);
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

} // namespace
