//===- ComputeFormatsTest.cpp - tile operations over formats and modes ----===//
//
// The operations of the three stages over data formats, widths of DST and
// fidelities, against plain arithmetic on the values that the formats hold.
//
//===----------------------------------------------------------------------===//

#include "ComputeHarness.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

using namespace tilewright::test;

namespace {

std::string section(const std::string &init, const std::string &operations) {
  return "compute_kernel_hw_startup(0, 1, 16);\n" + init +
         "\ncb_wait_front(0, 1); cb_wait_front(1, 1); cb_reserve_back(16, 1);\n"
         "tile_regs_acquire();\n" +
         operations +
         "\ntile_regs_commit(); tile_regs_wait(); pack_tile(0, 16);\n"
         "tile_regs_release();\n"
         "cb_pop_front(0, 1); cb_pop_front(1, 1); cb_push_back(16, 1);\n";
}

/// What is left of values that a host writes in a format.
std::vector<float> held(DataFormat format, std::vector<float> values) {
  std::vector<float> ordered(1024);
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c)
      ordered[tileOffset(r, c)] = values[r * 32 + c];
  std::vector<uint8_t> tile(tileBytes(format));
  EXPECT_TRUE(encodeTile(format, ordered, tile));
  EXPECT_TRUE(decodeTile(format, tile, ordered));
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c)
      values[r * 32 + c] = ordered[tileOffset(r, c)];
  return values;
}

constexpr DataFormat kFloats[] = {DataFormat::Float16_b, DataFormat::Bfp8_b,
                                  DataFormat::Bfp4_b, DataFormat::Float16,
                                  DataFormat::Float32};

ComputeRun floatRun(DataFormat format, bool wide, uint32_t seed) {
  ComputeRun run;
  run.in = format;
  run.out = DataFormat::Float32;
  run.config.fp32DestAcc = wide;
  run.a = held(format, randomBf16(1024, seed));
  run.b = held(format, randomBf16(1024, seed + 50));
  return run;
}

// fp32 through Src into a 16-bit DST is bfloat16, otherwise all fits.
double tolerance(DataFormat format, bool wide) {
  if (wide)
    return 1e-6;
  return format == DataFormat::Float16 ? 0x1p-10 : 0x1p-6;
}

TEST(ComputeFormats, BroadcastsInEveryFormat) {
  auto at = [](const std::vector<float> &v, uint32_t r, uint32_t c) {
    return double(v[r * 32 + c]);
  };
  const struct {
    const char *dim;
    uint32_t row, col; ///< 1: the operand keeps this index
  } dims[] = {{"rows", 0, 1}, {"cols", 1, 0}, {"scalar", 0, 0}};
  const struct {
    const char *name;
    double (*apply)(double, double);
  } operations[] = {{"add", [](double x, double y) { return x + y; }},
                    {"sub", [](double x, double y) { return x - y; }},
                    {"mul", [](double x, double y) { return x * y; }}};
  uint32_t seed = 1;
  for (DataFormat format : kFloats)
    for (bool wide : {false, true}) {
      // One operation a format and mode, in turn; all three broadcasts.
      const auto &operation = operations[seed % 3];
      for (const auto &dim : dims) {
        ComputeRun run = floatRun(format, wide, seed++);
        const std::string name = operation.name;
        const auto got =
            run(section(name + "_bcast_" + dim.dim + "_init(0, 1);",
                        name + "_tiles_bcast_" + dim.dim + "(0, 1, 0, 0, 0);"));
        ASSERT_TRUE(run.result.ok()) << faultText(run.result);
        for (uint32_t r = 0; r < 32; ++r)
          for (uint32_t c = 0; c < 32; ++c) {
            const double expected = operation.apply(
                at(run.a, r, c), at(run.b, r * dim.row, c * dim.col));
            ASSERT_NEAR(got[r * 32 + c], expected, tolerance(format, wide) * 2)
                << name << dim.dim << " format " << uint32_t(format);
          }
      }
    }
}

TEST(ComputeFormats, RowBroadcastOfAnotherRow) {
  ComputeRun run = floatRun(DataFormat::Float16_b, true, 5);
  const auto got = run(section("add_bcast_rows_init(0, 1);",
                               "add_tiles_bcast_rows(0, 1, 0, 0, 0, 7);"));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t i = 0; i < 1024; ++i)
    ASSERT_EQ(got[i], run.a[i] + run.b[7 * 32 + i % 32]);
}

// Packing to a format and unpacking it gives what the format holds, to within
// a step of it.
TEST(ComputeFormats, CopiesBetweenFormats) {
  const struct {
    DataFormat format;
    double step;
  } outs[] = {{DataFormat::Float16_b, 0x1p-8},
              {DataFormat::Float16, 0x1p-10},
              {DataFormat::Bfp8_b, 0x1p-6},
              {DataFormat::Bfp4_b, 0x1p-2}};
  for (const auto &out : outs)
    for (bool wide : {false, true}) {
      ComputeRun run = floatRun(DataFormat::Float16_b, wide, 9);
      run.out = out.format;
      const auto got = run(section("copy_init(0);", "copy_tile(0, 0, 0);"));
      ASSERT_TRUE(run.result.ok()) << faultText(run.result);
      for (uint32_t i = 0; i < 1024; ++i)
        ASSERT_NEAR(got[i], run.a[i], out.step)
            << uint32_t(out.format) << " element " << i;
    }
}

TEST(ComputeFormats, IntegersPassThroughDst) {
  std::mt19937 random(3);
  for (DataFormat format : {DataFormat::Int32, DataFormat::UInt32,
                            DataFormat::UInt16, DataFormat::UInt8}) {
    ComputeRun run;
    run.in = run.out = format;
    // 16-bit integers fit a 16-bit DST too.
    run.config.fp32DestAcc = datumBytes(format) != 2;
    for (uint32_t i = 0; i < 2048; ++i) {
      const uint32_t bits = uint32_t(random()) >> (32 - 8 * datumBytes(format));
      (i < 1024 ? run.a : run.b).push_back(std::bit_cast<float>(bits));
    }
    const auto got =
        run(section("transpose_init(0);", "transpose_tile(0, 0, 0);"));
    ASSERT_TRUE(run.result.ok()) << faultText(run.result);
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c)
        ASSERT_EQ(std::bit_cast<uint32_t>(got[r * 32 + c]),
                  std::bit_cast<uint32_t>(run.a[c * 32 + r]))
            << uint32_t(format);
  }
}

std::string matmulKernel() {
  return "compute_kernel_hw_startup<SrcOrder::Reverse>(0, 1, 16);\n"
         "matmul_init(0, 1);\n"
         "cb_wait_front(0, 1); cb_wait_front(1, 1); cb_reserve_back(16, 1);\n"
         "tile_regs_acquire(); matmul_tiles(0, 1, 0, 0, 0); "
         "tile_regs_commit();\n"
         "tile_regs_wait(); pack_tile(0, 16); tile_regs_release();\n"
         "cb_pop_front(0, 1); cb_pop_front(1, 1); cb_push_back(16, 1);\n";
}

/// The upper `bits` mantissa bits with the hidden one.
float upper(float value, uint32_t bits) {
  const uint32_t mask = ~((1u << (24 - bits)) - 1);
  return std::bit_cast<float>(std::bit_cast<uint32_t>(value) & mask);
}

// Each fidelity multiplies its slices: 5 + 5 bits of in1, 7 + 4 of in0.
TEST(ComputeFormats, FidelityPhasesInEveryFormat) {
  for (DataFormat format : kFloats)
    for (MathFidelity fidelity : {MathFidelity::LoFi, MathFidelity::HiFi2,
                                  MathFidelity::HiFi3, MathFidelity::HiFi4}) {
      ComputeRun run = floatRun(format, true, 20);
      run.config.fidelity = fidelity;
      const auto got = run(matmulKernel());
      ASSERT_TRUE(run.result.ok()) << faultText(run.result);
      for (uint32_t r = 0; r < 32; ++r)
        for (uint32_t c = 0; c < 32; ++c) {
          double expected = 0;
          for (uint32_t k = 0; k < 32; ++k) {
            const float a = upper(run.b[k * 32 + c], 10); // SrcA, LSB unused
            const float b = upper(run.a[r * 32 + k], 11);
            const float aHigh = upper(a, 5), bHigh = upper(b, 7);
            const float aLow = a - aHigh, bLow = b - bHigh;
            expected += double(aHigh) * bHigh;
            if (fidelity != MathFidelity::LoFi)
              expected += double(aLow) * bHigh;
            if (fidelity >= MathFidelity::HiFi3)
              expected += double(aHigh) * bLow;
            if (fidelity == MathFidelity::HiFi4)
              expected += double(aLow) * bLow;
          }
          ASSERT_NEAR(got[r * 32 + c], expected, 2e-5)
              << "format " << uint32_t(format) << " fidelity "
              << uint32_t(fidelity);
        }
    }
}

// On the machine too, the exact mode stays within its alignment of the fast
// one.
TEST(ComputeFormats, ExactModeIsClose) {
  for (DataFormat format : {DataFormat::Float16_b, DataFormat::Float16})
    for (bool wide : {false, true}) {
      ComputeRun fast = floatRun(format, wide, 30);
      ComputeRun exact = fast;
      exact.options.exactNumerics = true;
      const auto x = fast(matmulKernel());
      const auto y = exact(matmulKernel());
      ASSERT_TRUE(exact.result.ok()) << faultText(exact.result);
      ASSERT_EQ(fast.result.cycles, exact.result.cycles);
      double largest = 0;
      for (uint32_t i = 0; i < 1024; ++i)
        largest = std::max(largest, std::fabs(double(x[i]) - y[i]));
      EXPECT_LT(largest, wide                            ? 0.01
                         : format == DataFormat::Float16 ? 0.03
                                                         : 0.2);
      EXPECT_GT(largest, 0);
    }
}

/// Sign and magnitude, as the matrix unit has integers.
float signMagnitude(int64_t value, uint32_t sign) {
  return std::bit_cast<float>(uint32_t(std::abs(value)) |
                              (value < 0 ? sign : 0u));
}

TEST(ComputeFormats, BytesMultiplyIntoIntegers) {
  std::mt19937 random(40);
  ComputeRun run;
  run.in = DataFormat::Int8;
  run.out = DataFormat::Int32;
  run.config.fp32DestAcc = true;
  std::vector<int32_t> a(1024), b(1024);
  for (uint32_t i = 0; i < 1024; ++i) {
    a[i] = int32_t(random() % 255) - 127;
    b[i] = int32_t(random() % 255) - 127;
    run.a.push_back(signMagnitude(a[i], 0x80));
    run.b.push_back(signMagnitude(b[i], 0x80));
  }
  const auto got = run(matmulKernel());
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c) {
      int64_t sum = 0;
      for (uint32_t k = 0; k < 32; ++k)
        sum += a[r * 32 + k] * b[k * 32 + c];
      ASSERT_EQ(std::bit_cast<uint32_t>(got[r * 32 + c]),
                std::bit_cast<uint32_t>(signMagnitude(sum, 0x80000000u)));
    }
}

TEST(ComputeFormats, OperandsThatTheMatrixUnitRefuses) {
  const struct {
    DataFormat format;
    bool wide;
    const char *kernel;
  } cases[] = {
      {DataFormat::Int32, true, "add_init(0, 1);|add_tiles(0, 1, 0, 0, 0);"},
      {DataFormat::UInt16, true, "mul_init(0, 1);|mul_tiles(0, 1, 0, 0, 0);"},
      {DataFormat::Int8, false, "add_init(0, 1);|add_tiles(0, 1, 0, 0, 0);"},
      {DataFormat::Int32, false, "copy_init(0);|copy_tile(0, 0, 0);"},
  };
  for (const auto &one : cases) {
    ComputeRun run;
    run.in = one.format;
    run.config.fp32DestAcc = one.wide;
    run.a.assign(1024, 0);
    run.b.assign(1024, 0);
    const std::string text = one.kernel;
    const size_t bar = text.find('|');
    run(section(text.substr(0, bar), text.substr(bar + 1)));
    ASSERT_EQ(run.result.faults.size(), 1u) << text;
    EXPECT_EQ(run.result.faults[0].code, FaultCode::UnsupportedFormat)
        << faultText(run.result);
  }
}

// Sums weigh each datum with the scaler of its place in the face.
TEST(ComputeFormats, ReductionsUseTheScalerTile) {
  for (bool wide : {false, true})
    for (const char *dim : {"REDUCE_ROW", "REDUCE_COL", "REDUCE_SCALAR"}) {
      ComputeRun run = floatRun(DataFormat::Float16_b, wide, 60);
      for (uint32_t i = 0; i < 1024; ++i)
        run.b[i] = float(1 + i % 16) / 16; // row 0 of the first face
      const std::string types =
          std::string("<PoolType::SUM, ReduceDim::") + dim;
      const auto got = run(section("reduce_init" + types + ">(0, 1, 16);",
                                   "reduce_tile" + types +
                                       ", DST_ACCUM_MODE>(0, 1, 0, 0, "
                                       "0);") +
                           "reduce_uninit();\n");
      ASSERT_TRUE(run.result.ok()) << faultText(run.result);
      auto scaler = [&](uint32_t i) { return double(run.b[i % 16]); };
      const double bound = wide ? 1e-4 : 0.25;
      double whole = 0;
      for (uint32_t i = 0; i < 32; ++i) {
        double row = 0, column = 0;
        for (uint32_t j = 0; j < 32; ++j) {
          row += run.a[i * 32 + j] * scaler(j);
          column += run.a[j * 32 + i] * scaler(j);
          whole += run.a[j * 32 + i] * scaler(j) * scaler(i);
        }
        if (std::string(dim) == "REDUCE_ROW")
          ASSERT_NEAR(got[i * 32], row, bound);
        else if (std::string(dim) == "REDUCE_COL")
          ASSERT_NEAR(got[i], column, bound);
      }
      if (std::string(dim) == "REDUCE_SCALAR")
        ASSERT_NEAR(got[0], whole, wide ? 0.02 : 0.5);
    }
}

// A row sum in fp32 passes through Src, as 19 bits or in two halves; a whole
// sum always as 19 bits.
TEST(ComputeFormats, RowSumsKeep19Bits) {
  ComputeRun run = floatRun(DataFormat::Float16_b, true, 61);
  run.b.assign(1024, 1.0f);
  auto reduced = [&](const std::string &dim, const std::string &enforce) {
    const std::string types =
        "<PoolType::SUM, ReduceDim::REDUCE_" + dim + enforce + ">";
    const auto got = run(section("reduce_init" + types + "(0, 1, 16);",
                                 "reduce_tile" + types + "(0, 1, 0, 0, 0);") +
                         "reduce_uninit();\n");
    EXPECT_TRUE(run.result.ok()) << faultText(run.result);
    return got;
  };
  const auto whole = reduced("ROW", ", true");
  const auto cut = reduced("ROW", ", false");
  const auto plain = reduced("ROW", "");
  for (uint32_t r = 0; r < 32; ++r) {
    float sum = 0;
    for (uint32_t c = 0; c < 32; ++c)
      sum += run.a[r * 32 + c];
    ASSERT_EQ(whole[r * 32], sum) << r;
    ASSERT_EQ(cut[r * 32], upper(sum, 11)) << r;
    ASSERT_EQ(plain[r * 32], upper(sum, 11)) << r;
  }
  // The sixteen sums of the columns of the faces, before their own sum.
  float all = 0;
  for (uint32_t c = 0; c < 16; ++c) {
    float sum = 0;
    for (uint32_t r = 0; r < 32; ++r)
      sum += run.a[r * 32 + c] + run.a[r * 32 + c + 16];
    all += upper(sum, 10); // and the last of them is not multiplied
  }
  ASSERT_NEAR(reduced("SCALAR", ", true")[0], all, 1e-3);
  ASSERT_EQ(reduced("SCALAR", ", true")[0], reduced("SCALAR", "")[0]);
}

TEST(ComputeFormats, LargestOfABlockOfTiles) {
  ComputeRun run = floatRun(DataFormat::Float16_b, false, 62);
  run.inTiles = 3;
  run.a = randomBf16(32 * 96, 63);
  run.b.assign(32 * 96, 1.0f);
  const auto got =
      run("compute_kernel_hw_startup(0, 1, 16);\n"
          "reduce_block_max_row_init<3>();\n"
          "cb_wait_front(0, 3); cb_wait_front(1, 3); cb_reserve_back(16, 1);\n"
          "tile_regs_acquire(); reduce_block_max_row<3>(0, 1, 0, 0);\n"
          "tile_regs_commit(); tile_regs_wait(); pack_tile(0, 16);\n"
          "tile_regs_release(); reduce_block_max_row_uninit(0);\n"
          "cb_pop_front(0, 3); cb_pop_front(1, 3); cb_push_back(16, 1);\n");
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t r = 0; r < 32; ++r)
    ASSERT_EQ(got[r * 32],
              *std::max_element(&run.a[r * 96], &run.a[r * 96] + 96));
}

// Tiles become rows, by the packer and by the unpacker, and rows tiles again.
TEST(ComputeFormats, TilesToRowsAndBack) {
  const std::string ends = "cb_pop_front(0, 4); cb_pop_front(1, 4);\n";
  const std::string begin =
      "compute_kernel_hw_startup(0, 16);\n"
      "cb_wait_front(0, 4); cb_wait_front(1, 4); cb_reserve_back(16, 4);\n";
  const std::string byPacker = begin +
                               "pack_untilize_init<2, 4>(0, 16);\n"
                               "pack_untilize_block<2, 4>(0, 1, 16, 0);\n"
                               "pack_untilize_block<2, 4>(0, 1, 16, 1);\n"
                               "pack_untilize_uninit(16);\n"
                               "cb_push_back(16, 4);\n" +
                               ends;
  const std::string byUnpacker = begin +
                                 "untilize_init(0);\n"
                                 "untilize_block(0, 4, 16);\n"
                                 "untilize_uninit(0);\n"
                                 "cb_push_back(16, 4);\n" +
                                 ends;
  const std::string tilize = begin +
                             "tilize_init(0, 4, 16);\n"
                             "tilize_block(0, 4, 16);\n"
                             "tilize_uninit(0, 16);\n"
                             "cb_push_back(16, 4);\n" +
                             ends;
  for (DataFormat format :
       {DataFormat::Float16_b, DataFormat::Float32, DataFormat::Int32}) {
    auto run = [&](const std::string &kernel, std::vector<float> values) {
      ComputeRun one;
      one.in = one.out = format;
      one.config.fp32DestAcc = datumBytes(format) == 4;
      one.config.unpackToDestFp32 = {0};
      one.inTiles = one.tiles = 4;
      one.a = one.b = std::move(values);
      auto got = one(kernel);
      EXPECT_TRUE(one.result.ok()) << faultText(one.result);
      return got;
    };
    const auto values = randomBf16(32 * 128, 70);
    // The harness reads tiles; what a row-major buffer holds at an offset is
    // therefore found at the tile position of that offset.
    auto rowMajor = [&](const std::vector<float> &read, uint32_t r,
                        uint32_t c) {
      const uint32_t offset = r * 128 + c, tile = offset / 1024;
      for (uint32_t tr = 0; tr < 32; ++tr)
        for (uint32_t tc = 0; tc < 32; ++tc)
          if (tileOffset(tr, tc) == offset % 1024)
            return read[tr * 128 + tile * 32 + tc];
      return 0.0f;
    };
    // One block of two tiles at columns 0 and 1; the second block reads the
    // same tiles, as the unpacker starts at the front again.
    const auto packed = run(byPacker, values);
    const auto unpacked = run(byUnpacker, values);
    for (uint32_t r = 0; r < 32; r += 5)
      for (uint32_t c = 0; c < 128; c += 3) {
        ASSERT_EQ(rowMajor(packed, r, c), values[r * 128 + c % 64]);
        ASSERT_EQ(rowMajor(unpacked, r, c), values[r * 128 + c]);
      }
    // Untilized values, read as they lie in memory, tilize to the original.
    EXPECT_EQ(run(tilize, unpacked), values);
  }
}

//===----------------------------------------------------------------------===//
// Headers
//===----------------------------------------------------------------------===//

/// Builds a compute kernel of this text and returns what the compiler says.
std::string buildErrors(const std::string &text) {
  Device device(*arch::findChip("n150"));
  Program program;
  program.addCircularBuffer(buffer("cb_a", 0, DataFormat::Float16_b, 1));
  program.addKernel(textKernel("compute.cpp", text, Processor::Compute));
  std::string all;
  for (const Fault &fault : buildKernels(device, program))
    all += fault.render() + "\n";
  return all;
}

TEST(ComputeHeaders, AMissingIncludeDoesNotCompile) {
  const std::string include = "#include \"api/compute/common.h\"\n";
  const std::string body = "void kernel_main() { matmul_init(0, 0); }\n";
  EXPECT_NE(buildErrors(include + body).find("matmul_init"), std::string::npos);
  EXPECT_EQ(buildErrors("#include \"api/compute/matmul.h\"\n" + body), "");
  // Both places of a header, and the namespace of the vendor's.
  EXPECT_EQ(buildErrors("#include \"compute_kernel_api/matmul.h\"\n"
                        "void kernel_main() { ckernel::matmul_init(0, 0); }\n"),
            "");
}

TEST(ComputeHeaders, WhatIsMissingSaysSo) {
  const std::string text =
      buildErrors("#include \"compute_kernel_api.h\"\n"
                  "void kernel_main() { topk_tile_init(); }\n");
  EXPECT_NE(text.find("topk_tile_init"), std::string::npos) << text;
  EXPECT_NE(text.find("not simulated: sorting in DST"), std::string::npos)
      << text;
}

} // namespace
