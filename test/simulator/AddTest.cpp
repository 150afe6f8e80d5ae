//===- AddTest.cpp - element-wise addition over all cores -----------------===//

#include "Harness.h"

#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

struct AddCase {
  const char *chip;
  bool legacy;
  DataFormat format;
};

class Add : public testing::TestWithParam<AddCase> {};

RunResult runAdd(Device &device, const AddCase &param, const Tensor &a,
                 const Tensor &b, const Tensor &c, const RunOptions &options) {
  const CoreCoord grid = device.grid();
  const std::vector<CoreRange> cores = {{{0, 0}, {grid.x - 1, grid.y - 1}}};
  Program program;
  program.addCircularBuffer(buffer("cb_a", 0, param.format, 2, cores));
  program.addCircularBuffer(buffer("cb_b", 1, param.format, 2, cores));
  program.addCircularBuffer(buffer("cb_c", 16, param.format, 2, cores));
  const std::string prefix = param.legacy ? "legacy_" : "";
  KernelSpec reader =
      fileKernel(prefix + "add_reader.cpp", Processor::Ncrisc, cores);
  a.describe(device, reader.compileTimeArgs);
  b.describe(device, reader.compileTimeArgs);
  KernelSpec writer = fileKernel("writer.cpp", Processor::Brisc, cores);
  c.describe(device, writer.compileTimeArgs);
  KernelSpec compute =
      fileKernel(prefix + "add_compute.cpp", Processor::Compute, cores);
  compute.compute.fp32DestAcc = param.format == DataFormat::Float32;
  const KernelId readerId = program.addKernel(reader);
  const KernelId computeId = program.addKernel(compute);
  const KernelId writerId = program.addKernel(writer);
  const uint32_t pages = a.rows / 32 * (a.cols / 32);
  const uint32_t workers = grid.x * grid.y;
  uint32_t start = 0;
  for (uint32_t i = 0; i < workers; ++i) {
    const CoreCoord core = {i % grid.x, i / grid.x};
    const uint32_t count = pages / workers + (i < pages % workers);
    program.setRuntimeArgs(
        readerId, core,
        {uint32_t(a.address), uint32_t(b.address), start, count});
    program.setRuntimeArgs(computeId, core, {count});
    program.setRuntimeArgs(writerId, core, {uint32_t(c.address), start, count});
    start += count;
  }
  return run(device, program, options);
}

TEST_P(Add, MatchesHost) {
  const AddCase &param = GetParam();
  Device device(*findChip(param.chip));
  const uint32_t rows = 256, cols = 320;
  const Tensor a = Tensor::make(device, rows, cols, param.format);
  const Tensor b = Tensor::make(device, rows, cols, param.format);
  const Tensor c = Tensor::make(device, rows, cols, param.format);
  const auto left = randomBf16(size_t(rows) * cols, 1);
  const auto right = randomBf16(size_t(rows) * cols, 2);
  a.write(device, left);
  b.write(device, right);
  const RunResult result = runAdd(device, param, a, b, c, {});
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_TRUE(result.warnings.empty());
  EXPECT_GT(result.cycles, 2700u);
  const auto got = c.read(device);
  for (size_t i = 0; i < got.size(); ++i) {
    // A 16-bit sum is rounded in DST; half-way cases may go either way.
    const float exact = left[i] + right[i];
    const float slack =
        param.format == DataFormat::Float32 ? 0 : std::abs(exact) / 256;
    ASSERT_NEAR(got[i], exact, slack) << "element " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Chips, Add,
    testing::Values(AddCase{"n150", false, DataFormat::Float16_b},
                    AddCase{"n150", true, DataFormat::Float16_b},
                    AddCase{"n150", false, DataFormat::Float32},
                    AddCase{"p150", false, DataFormat::Float16_b},
                    AddCase{"p100a", true, DataFormat::Float16_b}));

// The same seed gives the same report; delays change the time, not the result.
TEST(Adversarial, AddIsUnchanged) {
  const AddCase param{"n150", false, DataFormat::Float16_b};
  Device device(*findChip("n150"));
  const Tensor a = Tensor::make(device, 256, 256, param.format);
  const Tensor b = Tensor::make(device, 256, 256, param.format);
  const Tensor c = Tensor::make(device, 256, 256, param.format);
  a.write(device, randomBf16(65536, 3));
  b.write(device, randomBf16(65536, 4));
  const RunResult nominal = runAdd(device, param, a, b, c, {});
  ASSERT_TRUE(nominal.ok()) << faultText(nominal);
  const auto expected = c.read(device);
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    c.write(device, std::vector<float>(65536, 0.0f));
    RunOptions options;
    options.adversarial = true;
    options.seed = seed;
    const RunResult result = runAdd(device, param, a, b, c, options);
    ASSERT_TRUE(result.ok()) << faultText(result);
    EXPECT_NE(result.cycles, nominal.cycles);
    EXPECT_EQ(c.read(device), expected) << "seed " << seed;
    EXPECT_EQ(runAdd(device, param, a, b, c, options).json(), result.json());
  }
}

// Readers of all cores contend for the banks: what a run without data leaves to
// its own clocks changes no wait and no order.
TEST(WithoutData, AddHasTheSameReport) {
  for (const char *chip : {"n150", "p150"}) {
    const AddCase param{chip, false, DataFormat::Float16_b};
    auto report = [&](bool withData) {
      Device device(*findChip(chip));
      const Tensor a = Tensor::make(device, 512, 1024, param.format);
      const Tensor b = Tensor::make(device, 512, 1024, param.format);
      const Tensor c = Tensor::make(device, 512, 1024, param.format);
      a.write(device, randomBf16(512 * 1024, 3));
      b.write(device, randomBf16(512 * 1024, 4));
      RunOptions options;
      options.withData = withData;
      const RunResult result = runAdd(device, param, a, b, c, options);
      EXPECT_TRUE(result.ok()) << faultText(result);
      return result.json();
    };
    EXPECT_EQ(report(true), report(false)) << chip;
  }
}

} // namespace
