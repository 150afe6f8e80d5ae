//===- SfpiTest.cpp - kernels' own programs for the vector unit -----------===//
//
// Functions in sfpi, run on tiles of an fp32 DST unless a test says otherwise:
// where lanes lie, conditions, what each function of sfpi.h makes of bits, and
// the calls of welford.h, which are written in sfpi.
//
//===----------------------------------------------------------------------===//

#include "ComputeHarness.h"

#include <bit>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <random>

using namespace tilewright::test;

namespace {

/// For each of `math`: copies tile 0 of both inputs to DST tiles 0 and 1, runs
/// it and packs DST tile `out`.
std::string sections(const std::vector<std::string> &math, uint32_t out = 0) {
  std::string text = "compute_kernel_hw_startup(0, 1, 16); copy_init(0);\n"
                     "cb_wait_front(0, 1); cb_wait_front(1, 1);\n";
  for (const std::string &one : math)
    text += "tile_regs_acquire(); copy_tile(0, 0, 0); copy_tile(1, 0, 1);\n" +
            one +
            "\ntile_regs_commit(); cb_reserve_back(16, 1);\n"
            "tile_regs_wait(); pack_tile(" +
            std::to_string(out) +
            ", 16); tile_regs_release(); cb_push_back(16, 1);\n";
  return text + "cb_pop_front(0, 1); cb_pop_front(1, 1);\n";
}
std::string section(const std::string &math, uint32_t out = 0) {
  return sections({math}, out);
}

/// A function of one face of tile 0, run on the faces of `mode`.
std::string onFaces(const std::string &body, const char *mode = "RC") {
  return "MATH((_llk_math_eltwise_unary_sfpu_params_<false>([] {\n" + body +
         "\n}, 0, VectorMode::" + mode + ")));";
}
/// The same, vector after vector: `x` is one of tile 0, `y` of tile 1, and the
/// statements set `x`.
std::string onVectors(const std::string &statements) {
  return onFaces("for (int i = 0; i < 8; ++i) {\n"
                 "vFloat x = dst_reg[0], y = dst_reg[32];\n" +
                 statements + "\ndst_reg[0] = x; dst_reg++; }");
}

ComputeRun fp32(std::vector<float> a, std::vector<float> b) {
  ComputeRun run;
  run.in = run.out = DataFormat::Float32;
  run.config.fp32DestAcc = true;
  run.config.unpackToDestFp32 = {0, 1};
  run.a = std::move(a);
  run.b = std::move(b);
  return run;
}

std::vector<float> uniform(float low, float high, uint32_t seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> values(low, high);
  std::vector<float> tile(1024);
  for (float &value : tile)
    value = values(generator);
  return tile;
}

struct Function {
  std::string statements;
  std::function<float(float, float)> expected;
};

/// Runs the statements on every vector and compares with what is expected.
void expectVectors(const std::vector<Function> &functions, float low = -3,
                   float high = 3) {
  const auto a = uniform(low, high, 1), b = uniform(low, high, 2);
  ComputeRun run = fp32(a, b);
  run.tiles = uint32_t(functions.size());
  std::vector<std::string> math;
  for (const Function &one : functions)
    math.push_back(onVectors(one.statements));
  const auto got = run(sections(math));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (size_t f = 0; f < functions.size(); ++f)
    for (size_t i = 0; i < 1024; ++i) {
      const float value = got[i / 32 * 32 * functions.size() + f * 32 + i % 32];
      ASSERT_EQ(std::bit_cast<uint32_t>(value),
                std::bit_cast<uint32_t>(functions[f].expected(a[i], b[i])))
          << functions[f].statements << ", element " << i << ": " << a[i]
          << ", " << b[i] << " -> " << value;
    }
}

/// The lane and the vector of row r, column c.
uint32_t vectorOf(uint32_t r, uint32_t c) {
  return (r / 16 * 2 + c / 16) * 8 + r % 16 / 4 * 2 + c % 2;
}
uint32_t laneOf(uint32_t r, uint32_t c) { return r % 4 * 8 + c % 16 / 2; }

} // namespace

TEST(Sfpi, LanesLieInFacesRowsAndColumns) {
  ComputeRun run = fp32(uniform(0, 1, 1), uniform(0, 1, 2));
  const auto got =
      run(section("MATH(for (uint32_t v = 0; v < 32; ++v) dst_reg[v] = "
                  "int32_to_float(vConstTileId) + vFloat(64.0f * v));"));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c)
      ASSERT_EQ(got[r * 32 + c], 2 * laneOf(r, c) + 64 * vectorOf(r, c))
          << r << "," << c;
}

TEST(Sfpi, VectorModesRunTheirFaces) {
  for (const char *mode : {"R", "C", "RC", "None"}) {
    SCOPED_TRACE(mode);
    const auto a = uniform(1, 2, 1);
    ComputeRun run = fp32(a, a);
    const auto got = run(section(
        onFaces("for (int i = 0; i < 8; ++i) dst_reg[i] = -vFloat(dst_reg[i]);",
                mode)));
    ASSERT_TRUE(run.result.ok()) << faultText(run.result);
    const std::string name = mode;
    for (uint32_t r = 0; r < 32; ++r)
      for (uint32_t c = 0; c < 32; ++c) {
        const bool worked = name == "RC"  ? true
                            : name == "R" ? r < 16
                            : name == "C" ? c < 16
                                          : r < 16 && c < 16;
        ASSERT_EQ(got[r * 32 + c], worked ? -a[r * 32 + c] : a[r * 32 + c]);
      }
  }
}

TEST(Sfpi, Arithmetic) {
  expectVectors(
      {{"x = x + y;", [](float a, float b) { return a + b; }},
       {"x = 2.0f - x;", [](float a, float) { return 2.0f - a; }},
       {"x *= y;", [](float a, float b) { return a * b; }},
       // A product that is added to at once is rounded once.
       {"x = x * y + vConst1;",
        [](float a, float b) { return static_cast<float>(double(a) * b + 1); }},
       {"x = x - x * y;",
        [](float a, float b) { return static_cast<float>(a - double(a) * b); }},
       {"x = x * sFloat16b(0.7002f);",
        [](float a, float) {
          return a * std::bit_cast<float>(std::bit_cast<uint32_t>(0.7002f) &
                                          0xffff0000u);
        }},
       // Denormals are zero.
       {"x = x * 1e-38f * 1e-3f;", [](float, float) { return 0.0f; }}});
}

TEST(Sfpi, Conditions) {
  expectVectors(
      {{"v_if (x < 0.0f) { x = -x; } v_elseif (x > 1.0f) { x = vConst1; }\n"
        "v_else { x = y; } v_endif;",
        [](float a, float b) { return a < 0   ? -a
                                      : a > 1 ? 1.0f
                                              : b; }},
       {"vFloat z = 0.5f;\n"
        "v_if (x < y && (x >= 0.0f || !(y < 1.0f))) {\n"
        "  z = 1.5f; v_if (y > 2.0f) { z += 1.0f; } v_endif; z += 4.0f;\n"
        "} v_endif;\n x = z;",
        [](float a, float b) {
          if (!(a < b && (a >= 0 || b >= 1)))
            return 0.5f;
          return b > 2 ? 6.5f : 5.5f;
        }},
       {"v_if (x > 0.0f) { v_and(y > 0.0f); x = 7.0f; } v_endif;",
        [](float a, float b) { return a > 0 && b > 0 ? 7.0f : a; }},
       // What a condition switches off keeps its old value in DST, too.
       {"v_if (x > 0.0f) { dst_reg[0] = 9.0f; } v_endif;\n"
        "x = dst_reg[0];",
        [](float a, float) { return a > 0 ? 9.0f : a; }}});
}

TEST(Sfpi, BitsOfFloats) {
  const auto bits = [](float x) { return std::bit_cast<uint32_t>(x); };
  const auto number = [](uint32_t x) { return std::bit_cast<float>(x); };
  expectVectors(
      {{"x = int32_to_float(abs(exexp(x)));",
        [](float a, float) { return float(std::abs(std::ilogb(a))); }},
       {"x = setexp(x, 127);",
        [&](float a, float) {
          return number((bits(a) & 0x807fffffu) | 127u << 23);
        }},
       {"x = setexp(x, 126 + exexp(y));",
        [&](float a, float b) {
          return number((bits(a) & 0x807fffffu) | uint32_t(126 + std::ilogb(b))
                                                      << 23);
        }},
       {"x = addexp(x, -2);", [](float a, float) { return a / 4; }},
       {"x = setsgn(x, 1);", [](float a, float) { return -std::abs(a); }},
       {"x = copysgn(x, y);",
        [](float a, float b) { return std::copysign(a, b); }},
       {"x = reinterpret<vFloat>(exman9(x) | (127 << 23));",
        [&](float a, float) {
          return number((bits(a) & 0x7fffffu) | 127u << 23);
        }},
       {"x = int32_to_float(exman8(x));",
        [&](float a, float) {
          return float((bits(a) & 0x7fffffu) | 0x800000u);
        }},
       {"x = setman(x, 0x400000);",
        [&](float a, float) {
          return number((bits(a) & 0xff800000u) | 0x400000u);
        }},
       {"x = int32_to_float(lz(reinterpret<vUInt>(abs(x))));",
        [&](float a, float) {
          return float(std::countl_zero(bits(std::abs(a))));
        }},
       {"x = reinterpret<vFloat>(shft(reinterpret<vUInt>(x), -3));",
        [&](float a, float) { return number(bits(a) >> 3); }},
       {"x = float_to_fp16b(x);", [&](float a, float) {
          return number((bits(a) + 0x8000u) & 0xffff0000u);
        }}});
  expectVectors(
      {{"x = int32_to_float(reinterpret<vInt>(float_to_uint16(abs(x))));",
        [](float a, float) { return std::floor(std::abs(a) + 0.5f); }}},
      -9, 9);
  expectVectors({{"vInt n = float_to_int16(x); x = int32_to_float(n);",
                  [](float a, float) {
                    const float n =
                        std::min(std::floor(std::abs(a) + 0.5f), 32767.0f);
                    return n == 0 ? 0.0f : std::copysign(n, a);
                  }}},
                -40000, 30000);
}

TEST(Sfpi, Integers) {
  expectVectors({{"vInt n = float_to_uint16(abs(x)); vInt j = (n << 4) - 3;\n"
                  "v_if (j < 40) { j = j ^ 5; } v_endif;\n"
                  "x = int32_to_float(abs(j & ~1));",
                  [](float a, float) {
                    int32_t j = (int32_t(std::abs(a) + 0.5f) << 4) - 3;
                    if (j < 40)
                      j ^= 5;
                    return float(std::abs(j & ~1));
                  }}});
}

TEST(Sfpi, TablesOfLines) {
  expectVectors(
      {{"x = lut2(x, vFloat(0.5f), vFloat(0.25f), vFloat(0.0f), "
        "vFloat(0.0f), vFloat(0.25f), vFloat(0.75f));",
        [](float a, float) {
          const float s = std::abs(a);
          const float y = s < 1 ? s * 0.5f : s < 2 ? s * 0.25f + 0.25f : 0.75f;
          return std::copysign(y, a);
        }}});
  expectVectors(
      {// fp16 1.0 is 3c00, 0.5 is 3800; the upper half is the upper piece.
       {"x = lut2_sign(x, vUInt(0x38003c00u), vUInt(0x3c003800u), "
        "vUInt(0x38003800u), vUInt(0x3c003800u), vUInt(0x38003800u), "
        "vUInt(0x3c003c00u));",
        [](float a, float) {
          const float s = std::abs(a);
          const float slope = s < 0.5f   ? 1
                              : s < 1    ? 0.5f
                              : s < 1.5f ? 0.5f
                              : s < 2    ? 1
                                         : 0.5f;
          const float offset = s < 0.5f ? 0.5f : s < 1 ? 1 : s < 2 ? 0.5f : 1;
          return static_cast<float>(double(s) * slope + offset);
        }}},
      -2.9f, 2.9f);
}

TEST(Sfpi, SixteenBitDstCutsWhatIsStored) {
  ComputeRun run;
  run.a = uniform(-3, 3, 1);
  run.b = uniform(-3, 3, 2);
  const auto got = run(section(onVectors("x = x * 1.7f;")));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (size_t i = 0; i < got.size(); ++i) {
    const float x =
        std::bit_cast<float>((std::bit_cast<uint32_t>(run.a[i]) + 0x7fffu +
                              (std::bit_cast<uint32_t>(run.a[i]) >> 16 & 1)) &
                             0xffff0000u);
    ASSERT_EQ(std::bit_cast<uint32_t>(got[i]),
              std::bit_cast<uint32_t>(x * 1.7f) & 0xffff0000u);
  }
}

TEST(Sfpi, TilesThatNothingWroteAreFaults) {
  ComputeRun run = fp32(uniform(0, 1, 1), uniform(0, 1, 2));
  run(section("MATH(vFloat x = dst_reg[96]; dst_reg[0] = x;)"));
  ASSERT_FALSE(run.result.ok());
  EXPECT_EQ(uint32_t(run.result.faults[0].code), 8208u);
  EXPECT_EQ(run.result.faults[0].agent, "MATH");
  EXPECT_NE(run.result.faults[0].message.find("DST tile 3"), std::string::npos);
  EXPECT_GT(run.result.faults[0].line, 0u);
}

/// Means and variances of the columns of 64 rows, of which two are left out.
TEST(Sfpi, Welford) {
  const auto a = uniform(-2, 4, 1), b = uniform(0, 1, 2);
  ComputeRun run = fp32(a, b);
  for (uint32_t out : {2u, 3u}) {
    const auto got = run(section(
        "std::array<uint32_t, 0> none;\n"
        "welford_init(); welford_update<0>(0, 0, none);\n"
        "welford_save_state(2); welford_clear(); welford_restore_state(2);\n"
        "welford_update_rows<0>(1, 32, 1, 30, none);\n"
        "welford_finalize_to_row<0>(2, 61, none);",
        out));
    ASSERT_TRUE(run.result.ok()) << faultText(run.result);
    for (uint32_t c = 0; c < 32; ++c) {
      double sum = 0, squares = 0;
      for (uint32_t r = 0; r < 32; ++r)
        sum += a[r * 32 + c] + (r >= 1 && r < 31 ? b[r * 32 + c] : 0);
      const double mean = sum / 62;
      for (uint32_t r = 0; r < 32; ++r) {
        squares += std::pow(a[r * 32 + c] - mean, 2);
        if (r >= 1 && r < 31)
          squares += std::pow(b[r * 32 + c] - mean, 2);
      }
      EXPECT_NEAR(got[c], out == 2 ? mean : squares / 62, 1e-5) << c;
    }
  }
}

/// What UNPACK reads of a tile reaches all three threads: here MATH and PACK,
/// which do not see the circular buffer.
TEST(Mailbox, TileValuesReachEveryThread) {
  ComputeRun run = fp32(std::vector<float>(1024, 2.5f), uniform(0, 1, 2));
  const auto got = run(section(
      "const uint32_t bits = read_tile_value(0, 0, 7);\n"
      "MATH(for (int i = 0; i < 32; ++i)\n"
      "  dst_reg[i] = vFloat(__builtin_bit_cast(float, bits)) * 2.0f;)\n"
      "PACK(if (bits != 0x40200000u) ASSERT(false));"));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  EXPECT_EQ(got, std::vector<float>(1024, 5.0f));
}

/// A thread that does not make the call leaves the others waiting.
TEST(Mailbox, MissingCallIsADeadlock) {
  ComputeRun run = fp32(uniform(0, 1, 1), uniform(0, 1, 2));
  run(section("MATH(mailbox_read(ThreadId::UnpackThreadId);)"));
  ASSERT_FALSE(run.result.ok());
  EXPECT_EQ(uint32_t(run.result.faults[0].code), 8501u);
  EXPECT_NE(faultText(run.result).find("a mailbox between"), std::string::npos);
}

/// An extra release_dst is a slip of other people's programs which the
/// semaphores of the chip bear: two steps instead of one on both sides.
TEST(DstProtocol, ReleasesTwiceInStepAreHarmless) {
  const std::string body =
      "binary_op_init_common(0, 1, 16); add_tiles_init(0, 1);\n"
      "for (uint32_t i = 0; i < 6; ++i) {\n"
      "  cb_wait_front(0, 1); cb_wait_front(1, 1); tile_regs_acquire();\n"
      "  add_tiles(0, 1, 0, 0, 0); tile_regs_commit();\n"
      "  cb_reserve_back(16, 1); tile_regs_wait(); pack_tile(0, 16);\n"
      "  tile_regs_release(); cb_push_back(16, 1);\n"
      "  cb_pop_front(0, 1); cb_pop_front(1, 1); release_dst();\n}";
  ComputeRun run;
  run.inTiles = run.tiles = 6;
  run.a = std::vector<float>(6144, 1.5f);
  run.b = std::vector<float>(6144, 2.0f);
  run(body);
  ASSERT_FALSE(run.result.ok());
  EXPECT_EQ(uint32_t(run.result.faults[0].code), 8203u);
  run.options.tolerant = true;
  const auto got = run(body);
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  EXPECT_EQ(got, std::vector<float>(6144, 3.5f));
  ASSERT_FALSE(run.result.warnings.empty());
  EXPECT_EQ(uint32_t(run.result.warnings[0].code), 8203u);
}
