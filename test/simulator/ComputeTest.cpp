//===- ComputeTest.cpp - tile operations against plain arithmetic ---------===//

#include "ComputeHarness.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

using namespace tilewright::test;

namespace {

/// One section that copies or computes into DST 0 and packs it.
std::string section(const std::string &init, const std::string &operations) {
  return "compute_kernel_hw_startup(0, 1, 16);\n" + init +
         "cb_wait_front(0, 1); cb_wait_front(1, 1); cb_reserve_back(16, 1);\n"
         "tile_regs_acquire();\n" +
         operations +
         "tile_regs_commit(); tile_regs_wait(); pack_tile(0, 16);\n"
         "tile_regs_release();\n"
         "cb_pop_front(0, 1); cb_pop_front(1, 1); cb_push_back(16, 1);\n";
}

ComputeRun fp32Run() {
  ComputeRun run;
  run.in = run.out = DataFormat::Float32;
  run.config.fp32DestAcc = true;
  run.config.unpackToDestFp32 = {0, 1};
  std::mt19937 generator(7);
  for (uint32_t i = 0; i < 1024; ++i) {
    run.a.push_back(float(generator()) / 1e9f - 2.0f);
    run.b.push_back(float(generator()) / 1e9f + 0.125f);
  }
  return run;
}

ComputeRun bf16Run() {
  ComputeRun run;
  run.config.fp32DestAcc = true;
  run.out = DataFormat::Float32;
  run.a = randomBf16(1024, 8);
  run.b = randomBf16(1024, 9);
  return run;
}

struct Case {
  const char *name;
  const char *operations;
  std::function<float(float, float)> expected;
};

// fp32 from L1 to DST and back without loss, arithmetic correctly rounded.
TEST(Compute, Fp32IsExactThroughDst) {
  const Case cases[] = {
      {"copy", "", [](float x, float) { return x; }},
      {"add", "add_binary_tile_init(); add_binary_tile(0, 1, 0);",
       [](float x, float y) { return x + y; }},
      {"sub", "sub_binary_tile_init(); sub_binary_tile(0, 1, 0);",
       [](float x, float y) { return x - y; }},
      {"mul", "mul_binary_tile_init(); mul_binary_tile(0, 1, 0);",
       [](float x, float y) { return x * y; }},
      {"div", "div_binary_tile_init(); div_binary_tile(0, 1, 0);",
       [](float x, float y) { return x / y; }},
      {"max", "binary_max_tile_init(); binary_max_tile(0, 1, 0);",
       [](float x, float y) { return std::max(x, y); }},
      {"relu", "relu_tile_init(); relu_tile(0);",
       [](float x, float) { return x > 0 ? x : 0; }},
      {"scalar",
       "binop_with_scalar_tile_init(); mul_unary_tile(0, 0x40400000);",
       [](float x, float) { return x * 3.0f; }},
      {"fill", "fill_tile_init(); fill_tile(0, 2.5f);",
       [](float, float) { return 2.5f; }},
  };
  for (const Case &one : cases) {
    ComputeRun run = fp32Run();
    const auto got =
        run(section("copy_init(0);\n", std::string("copy_tile(0, 0, 0);\n"
                                                   "copy_tile(1, 0, 1);\n") +
                                           one.operations + "\n"));
    ASSERT_TRUE(run.result.ok()) << one.name << faultText(run.result);
    for (uint32_t i = 0; i < 1024; ++i)
      ASSERT_EQ(got[i], one.expected(run.a[i], run.b[i]))
          << one.name << " element " << i;
  }
}

TEST(Compute, VectorUnitFunctions) {
  const Case cases[] = {
      {"exp", "exp_tile_init(); exp_tile(0);",
       [](float x, float) { return float(std::exp(double(x))); }},
      {"gelu", "gelu_tile_init(); gelu_tile(0);",
       [](float x, float) {
         return float(0.5 * x * (1 + std::erf(double(x) / std::sqrt(2.0))));
       }},
      {"sigmoid", "sigmoid_tile_init(); sigmoid_tile(0);",
       [](float x, float) { return float(1 / (1 + std::exp(-double(x)))); }},
      {"silu", "silu_tile_init(); silu_tile(0);",
       [](float x, float) { return float(x / (1 + std::exp(-double(x)))); }},
      {"tanh", "tanh_tile_init(); tanh_tile(0);",
       [](float x, float) { return float(std::tanh(double(x))); }},
      {"rsqrt",
       "square_tile_init(); square_tile(0); "
       "rsqrt_tile_init(); rsqrt_tile(0);",
       [](float x, float) { return float(1 / std::sqrt(double(x) * x)); }},
      {"recip", "recip_tile_init(); recip_tile(0);",
       [](float x, float) { return 1 / x; }},
      {"log",
       "abs_tile_init(); abs_tile(0); "
       "log_tile_init(); log_tile(0);",
       [](float x, float) { return float(std::log(std::fabs(double(x)))); }},
  };
  for (const Case &one : cases) {
    ComputeRun run = fp32Run();
    const auto got =
        run(section("copy_init(0);\n", std::string("copy_tile(0, 0, 0);\n") +
                                           one.operations + "\n"));
    ASSERT_TRUE(run.result.ok()) << one.name << faultText(run.result);
    for (uint32_t i = 0; i < 1024; ++i) {
      const float expected = one.expected(run.a[i], run.b[i]);
      ASSERT_NEAR(got[i], expected, std::fabs(expected) * 1e-6f + 1e-7f)
          << one.name << " element " << i;
    }
  }
}

// The matrix unit sees 19 bits: fp32 is truncated to TF32.
TEST(Compute, SrcKeepsTf32) {
  ComputeRun run = fp32Run();
  run.config.unpackToDestFp32.clear();
  const auto got =
      run(section("add_init(0, 1);\n", "add_tiles(0, 1, 0, 0, 0);\n"));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  auto tf32 = [](float x) {
    return std::bit_cast<float>(std::bit_cast<uint32_t>(x) & 0xffffe000u);
  };
  for (uint32_t i = 0; i < 1024; ++i)
    ASSERT_EQ(got[i], tf32(run.a[i]) + tf32(run.b[i])) << i;
}

TEST(Compute, BroadcastsAndTransposes) {
  auto at = [](const std::vector<float> &v, uint32_t r, uint32_t c) {
    return v[r * 32 + c];
  };
  struct {
    const char *init, *operations;
    std::function<float(const ComputeRun &, uint32_t, uint32_t)> expected;
  } cases[] = {
      {"add_bcast_rows_init(0, 1);", "add_tiles_bcast_rows(0, 1, 0, 0, 0);",
       [&](const ComputeRun &t, uint32_t r, uint32_t c) {
         return at(t.a, r, c) + at(t.b, 0, c);
       }},
      {"mul_bcast_cols_init_short(0, 1);",
       "mul_tiles_bcast_cols(0, 1, 0, 0, 0);",
       [&](const ComputeRun &t, uint32_t r, uint32_t c) {
         return at(t.a, r, c) * at(t.b, r, 0);
       }},
      {"sub_bcast_scalar_init(0, 1);", "sub_tiles_bcast_scalar(0, 1, 0, 0, 0);",
       [&](const ComputeRun &t, uint32_t r, uint32_t c) {
         return at(t.a, r, c) - at(t.b, 0, 0);
       }},
      {"transpose_init(0);", "transpose_tile(0, 0, 0);",
       [&](const ComputeRun &t, uint32_t r, uint32_t c) {
         return at(t.a, c, r);
       }},
      {"unary_bcast_init<BroadcastType::ROW>(1);",
       "unary_bcast<BroadcastType::ROW>(1, 0, 0);",
       [&](const ComputeRun &t, uint32_t, uint32_t c) {
         return at(t.b, 0, c);
       }},
      {"copy_init(0);",
       "copy_tile(0, 0, 0);"
       "sub_reuse_dest_init<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(1);"
       "sub_reuse_dest_tiles<EltwiseBinaryReuseDestType::DEST_TO_SRCA>(1, 0, "
       "0);",
       [&](const ComputeRun &t, uint32_t r, uint32_t c) {
         return at(t.a, r, c) - at(t.b, r, c);
       }},
  };
  for (const auto &one : cases) {
    ComputeRun run = bf16Run();
    const auto got = run(section(std::string(one.init) + "\n",
                                 std::string(one.operations) + "\n"));
    ASSERT_TRUE(run.result.ok()) << one.operations << faultText(run.result);
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c)
        ASSERT_EQ(got[r * 32 + c], one.expected(run, r, c))
            << one.operations << " at " << r << ", " << c;
  }
}

TEST(Compute, Reductions) {
  for (const bool rows : {true, false})
    for (const bool sum : {true, false}) {
      ComputeRun run = bf16Run();
      run.b.assign(1024, 1.0f);
      const std::string types =
          std::string("<PoolType::") + (sum ? "SUM" : "MAX") +
          ", ReduceDim::" + (rows ? "REDUCE_ROW, true>" : "REDUCE_COL>");
      const auto got =
          run(section("reduce_init" + types + "(0, 1, 16);\n",
                      "reduce_tile" + types + "(0, 1, 0, 0, 0);\n") +
              "reduce_uninit();\n");
      ASSERT_TRUE(run.result.ok()) << faultText(run.result);
      for (uint32_t i = 0; i < 32; ++i) {
        double expected = sum ? 0 : -1e9;
        for (uint32_t j = 0; j < 32; ++j) {
          const double value = rows ? run.a[i * 32 + j] : run.a[j * 32 + i];
          expected = sum ? expected + value : std::max(expected, value);
        }
        ASSERT_NEAR(got[rows ? i * 32 : i], expected, 1e-5);
        // The packer keeps only what the reduction made.
        ASSERT_EQ(got[rows ? i * 32 + 1 : i + 32], 0.0f);
      }
    }
}

// in1 transposed: A * B^T.
TEST(Compute, MatmulTransposesIn1) {
  ComputeRun run = bf16Run();
  const auto got = run(
      "compute_kernel_hw_startup<SrcOrder::Reverse>(0, 1, 16);\n"
      "matmul_init(0, 1, 1);\n"
      "cb_wait_front(0, 1); cb_wait_front(1, 1); cb_reserve_back(16, 1);\n"
      "tile_regs_acquire(); matmul_tiles(0, 1, 0, 0, 0); tile_regs_commit();\n"
      "tile_regs_wait(); pack_tile(0, 16); tile_regs_release();\n"
      "cb_pop_front(0, 1); cb_pop_front(1, 1); cb_push_back(16, 1);\n");
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c) {
      double expected = 0;
      for (uint32_t k = 0; k < 32; ++k)
        expected += double(run.a[r * 32 + k]) * run.b[c * 32 + k];
      ASSERT_NEAR(got[r * 32 + c], expected, 1e-5);
    }
}

// The packer rounds half away from zero; a 16-bit DST has rounded before.
TEST(Compute, PackerRoundsHalfAway) {
  ComputeRun run = fp32Run();
  run.out = DataFormat::Float16_b;
  run.a[0] = std::bit_cast<float>(0x3f808000u); // half way, up
  run.a[1] = std::bit_cast<float>(0xbf808000u); // half way, down
  run.a[2] = std::bit_cast<float>(0x3f807fffu); // below half
  run.a[3] = std::bit_cast<float>(0x00000001u); // denormal
  const auto got = run(section("copy_init(0);\n", "copy_tile(0, 0, 0);\n"));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  EXPECT_EQ(std::bit_cast<uint32_t>(got[0]), 0x3f810000u);
  EXPECT_EQ(std::bit_cast<uint32_t>(got[1]), 0xbf810000u);
  EXPECT_EQ(std::bit_cast<uint32_t>(got[2]), 0x3f800000u);
  EXPECT_EQ(std::bit_cast<uint32_t>(got[3]), 0u);
}

// Globals keep their value between calls and differ between the threads.
TEST(Compute, GlobalsBelongToTheThread) {
  ComputeRun run = bf16Run();
  const auto got = run(section("static uint32_t calls; ++calls;\n"
                               "MATH(++calls;)\n"
                               "copy_init(0); fill_tile_init();\n",
                               "copy_tile(0, 0, 0);\n"
                               "MATH(if (calls == 2) fill_tile(0, 4.0f);)\n"));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  EXPECT_EQ(got[5], 4.0f);
}

void expectFault(const ComputeRun &run, FaultCode code, const char *agent) {
  ASSERT_EQ(run.result.faults.size(), 1u) << faultText(run.result);
  const Fault &fault = run.result.faults.front();
  EXPECT_EQ(fault.code, code) << fault.render();
  EXPECT_EQ(fault.agent, agent) << fault.render();
  EXPECT_EQ(fault.file, "compute.cpp");
  EXPECT_GT(fault.line, 2u);
}

TEST(ComputeFault, MathOutsideSection) {
  ComputeRun run = bf16Run();
  run("compute_kernel_hw_startup(0, 1, 16);\ncopy_init(0);\n"
      "cb_wait_front(0, 1);\ncopy_tile(0, 0, 0);\n");
  expectFault(run, FaultCode::DstOutsideSection, "MATH");
}

TEST(ComputeFault, DstOverCapacity) {
  ComputeRun run = bf16Run();
  run(section("copy_init(0);\n", "copy_tile(0, 0, 4);\n"));
  expectFault(run, FaultCode::DstOverCapacity, "MATH");
}

TEST(ComputeFault, PackBeforeWait) {
  ComputeRun run = bf16Run();
  run("compute_kernel_hw_startup(0, 1, 16);\n"
      "cb_reserve_back(16, 1);\npack_tile(0, 16);\n");
  expectFault(run, FaultCode::DstOutsideSection, "PACK");
}

TEST(ComputeFault, CommitWithoutAcquire) {
  ComputeRun run = bf16Run();
  run("compute_kernel_hw_startup(0, 1, 16);\ntile_regs_commit();\n");
  expectFault(run, FaultCode::DstProtocol, "MATH");
}

TEST(ComputeFault, TileNotWaitedFor) {
  ComputeRun run = bf16Run();
  run("compute_kernel_hw_startup(0, 1, 16);\ncopy_init(0);\n"
      "tile_regs_acquire();\ncopy_tile(0, 0, 0);\n");
  expectFault(run, FaultCode::TileOutsideWindow, "UNPACK");
}

TEST(ComputeFault, PackIntoUnreserved) {
  ComputeRun run = bf16Run();
  run("compute_kernel_hw_startup(0, 1, 16);\n"
      "tile_regs_acquire();\ntile_regs_commit();\ntile_regs_wait();\n"
      "pack_tile(0, 16);\n");
  expectFault(run, FaultCode::TileOutsideWindow, "PACK");
}

TEST(ComputeFault, MissingStartUp) {
  ComputeRun run = bf16Run();
  run("copy_init(0);\ncb_wait_front(0, 1);\ntile_regs_acquire();\n"
      "copy_tile(0, 0, 0);\n");
  expectFault(run, FaultCode::FormatMismatch, "UNPACK");
}

TEST(ComputeFault, MissingPackReconfig) {
  ComputeRun run = bf16Run();
  // Configured for cb_a's bfloat16, packs into fp32.
  run("compute_kernel_hw_startup(0, 1, 0);\ncb_reserve_back(16, 1);\n"
      "tile_regs_acquire();\ntile_regs_commit();\ntile_regs_wait();\n"
      "pack_tile(0, 16);\n");
  expectFault(run, FaultCode::FormatMismatch, "PACK");
}

TEST(ComputeFault, ThreadsDisagree) {
  ComputeRun run = bf16Run();
  run("compute_kernel_hw_startup(0, 1, 16);\n"
      "cb_wait_front(0, 1);\ncb_wait_front(1, 1);\ntile_regs_acquire();\n"
      "UNPACK(copy_init(0); copy_tile(0, 0, 0);)\n"
      "MATH(add_init(0, 1); add_tiles(0, 1, 0, 0, 0);)\n");
  expectFault(run, FaultCode::OperandMismatch, "MATH");
}

} // namespace
