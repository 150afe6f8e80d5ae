//===- GemmTest.cpp - block matmul with K accumulated in L1 ---------------===//

#include "Harness.h"

#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

struct Gemm {
  Device device;
  uint32_t m, n, k;
  Tensor a, b, c;
  std::vector<float> left, right;

  Gemm(const char *chip, uint32_t m, uint32_t n, uint32_t k)
      : device(*findChip(chip)), m(m), n(n), k(k),
        a(Tensor::make(device, m, k, DataFormat::Float16_b)),
        b(Tensor::make(device, k, n, DataFormat::Float16_b)),
        c(Tensor::make(device, m, n, DataFormat::Float16_b)),
        left(randomBf16(size_t(m) * k, 5)),
        right(randomBf16(size_t(k) * n, 6)) {
    a.write(device, left);
    b.write(device, right);
  }

  RunResult run(const RunOptions &options = {},
                MathFidelity fidelity = MathFidelity::HiFi4) {
    const uint32_t items = (m / 128) * (n / 128);
    const CoreCoord grid = device.grid();
    const uint32_t workers = std::min(items, grid.x * grid.y);
    std::vector<CoreRange> cores;
    for (uint32_t i = 0; i < workers; ++i)
      cores.push_back({{i % grid.x, i / grid.x}, {i % grid.x, i / grid.x}});
    Program program;
    program.addCircularBuffer(
        buffer("cb_a", 0, DataFormat::Float16_b, 8, cores));
    program.addCircularBuffer(
        buffer("cb_b", 1, DataFormat::Float16_b, 8, cores));
    program.addCircularBuffer(
        buffer("cb_acc", 2, DataFormat::Float32, 16, cores));
    program.addCircularBuffer(
        buffer("cb_c", 16, DataFormat::Float16_b, 4, cores));
    const std::map<std::string, uint32_t> named = {{"kt", k / 32},
                                                   {"nt", n / 32}};
    KernelSpec reader = fileKernel("gemm_reader.cpp", Processor::Ncrisc, cores);
    a.describe(device, reader.compileTimeArgs);
    b.describe(device, reader.compileTimeArgs);
    reader.namedCompileTimeArgs = named;
    KernelSpec compute =
        fileKernel("gemm_compute.cpp", Processor::Compute, cores);
    compute.namedCompileTimeArgs = named;
    compute.compute.fp32DestAcc = true;
    compute.compute.fidelity = fidelity;
    KernelSpec writer = fileKernel("gemm_writer.cpp", Processor::Brisc, cores);
    c.describe(device, writer.compileTimeArgs);
    writer.namedCompileTimeArgs = named;
    const KernelId readerId = program.addKernel(reader);
    const KernelId computeId = program.addKernel(compute);
    const KernelId writerId = program.addKernel(writer);
    uint32_t start = 0;
    for (uint32_t i = 0; i < workers; ++i) {
      const CoreCoord core = {i % grid.x, i / grid.x};
      const uint32_t count = items / workers + (i < items % workers);
      program.setRuntimeArgs(
          readerId, core,
          {uint32_t(a.address), uint32_t(b.address), start, count});
      program.setRuntimeArgs(computeId, core, {count});
      program.setRuntimeArgs(writerId, core,
                             {uint32_t(c.address), start, count});
      start += count;
    }
    return tilewright::sim::run(device, program, options);
  }

  /// Relative Frobenius error against fp64.
  double error() const {
    const auto got = c.read(device);
    double difference = 0, norm = 0;
    std::vector<double> row(n);
    for (uint32_t i = 0; i < m; ++i) {
      std::fill(row.begin(), row.end(), 0.0);
      for (uint32_t x = 0; x < k; ++x)
        for (uint32_t j = 0; j < n; ++j)
          row[j] += double(left[size_t(i) * k + x]) * right[size_t(x) * n + j];
      for (uint32_t j = 0; j < n; ++j) {
        const double delta = got[size_t(i) * n + j] - row[j];
        difference += delta * delta;
        norm += row[j] * row[j];
      }
    }
    return std::sqrt(difference / norm);
  }
};

TEST(Gemm, SmallMatchesHost) {
  Gemm gemm("n150", 256, 384, 128);
  const RunResult result = gemm.run();
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_TRUE(result.warnings.empty());
  EXPECT_EQ(result.tileMultiplyAdds, 8u * 12 * 4);
  EXPECT_LT(gemm.error(), 3e-3);
}

TEST(Gemm, BlackholeMatchesHost) {
  Gemm gemm("p150", 128, 256, 96);
  const RunResult result = gemm.run();
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_LT(gemm.error(), 3e-3);
}

// Fewer phases take less time and lose mantissa bits, as documented.
TEST(Gemm, FidelityTradesTimeForPrecision) {
  Gemm gemm("n150", 128, 128, 256);
  std::vector<double> errors;
  std::vector<uint64_t> times;
  for (MathFidelity fidelity : {MathFidelity::LoFi, MathFidelity::HiFi2,
                                MathFidelity::HiFi3, MathFidelity::HiFi4}) {
    const RunResult result = gemm.run({}, fidelity);
    ASSERT_TRUE(result.ok()) << faultText(result);
    errors.push_back(gemm.error());
    times.push_back(result.cycles);
  }
  EXPECT_GT(errors[0], 5e-3);
  EXPECT_GT(errors[0], errors[1]);
  EXPECT_GT(errors[1], errors[2]);
  EXPECT_LT(errors[2], 3e-3);
  EXPECT_LT(errors[3], 3e-3);
  EXPECT_LE(times[0], times[3]);
}

TEST(Gemm, AdversarialIsUnchanged) {
  Gemm gemm("n150", 256, 256, 96);
  ASSERT_TRUE(gemm.run().ok());
  const auto expected = gemm.c.read(gemm.device);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    RunOptions options;
    options.adversarial = true;
    options.seed = seed;
    const RunResult result = gemm.run(options);
    ASSERT_TRUE(result.ok()) << faultText(result);
    EXPECT_EQ(gemm.c.read(gemm.device), expected) << "seed " << seed;
  }
}

// No data, same time.
TEST(Gemm, WithoutDataTakesTheSameCycles) {
  Gemm gemm("n150", 256, 256, 128);
  const RunResult with = gemm.run();
  RunOptions options;
  options.withData = false;
  const RunResult without = gemm.run(options);
  ASSERT_TRUE(without.ok()) << faultText(without);
  EXPECT_EQ(with.cycles, without.cycles);
}

} // namespace
