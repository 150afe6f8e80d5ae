//===- VectorUnitTest.cpp - each call of the vector unit ------------------===//
//
// One kernel makes many calls, a DST section each, and packs one tile a call:
// tile 0 holds the first operand (and takes the result), tile 1 the second,
// tile 2 the third. Everything is fp32 in DST, so that the results are those of
// the unit, and compared with double precision.
//
//===----------------------------------------------------------------------===//

#include "ComputeHarness.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <numeric>

using namespace tilewright::test;

namespace {

float word(uint32_t bits) { return std::bit_cast<float>(bits); }
uint32_t bitsOf(float value) { return std::bit_cast<uint32_t>(value); }
std::string hex(float value) { return std::to_string(bitsOf(value)) + "u"; }

/// A section for each of the calls.
std::string sections(const std::vector<std::string> &calls) {
  std::string text = "compute_kernel_hw_startup(0, 1, 16);\n"
                     "cb_wait_front(0, 1); cb_wait_front(1, 1);\n";
  for (const std::string &call : calls)
    text += "copy_init(0); tile_regs_acquire();\n"
            "copy_tile(0, 0, 0); copy_tile(1, 0, 1); copy_tile(0, 0, 2);\n" +
            call +
            "\ntile_regs_commit(); cb_reserve_back(16, 1);\n"
            "tile_regs_wait(); pack_tile(0, 16); tile_regs_release();\n"
            "cb_push_back(16, 1);\n";
  return text + "cb_pop_front(0, 1); cb_pop_front(1, 1);\n";
}

/// Runs the calls on fp32 or 32-bit integer operands; result `i` is the tile of
/// call i.
struct Calls {
  ComputeRun run;
  std::vector<std::vector<float>> tiles;

  Calls(const std::vector<std::string> &calls, std::vector<float> a,
        std::vector<float> b, DataFormat format = DataFormat::Float32) {
    run.in = run.out = format;
    run.config.fp32DestAcc = true;
    run.config.unpackToDestFp32 = {0, 1};
    run.tiles = uint32_t(calls.size());
    run.a = std::move(a);
    run.b = std::move(b);
    const auto all = run(sections(calls));
    EXPECT_TRUE(run.result.ok()) << faultText(run.result);
    for (size_t t = 0; t < calls.size(); ++t) {
      std::vector<float> tile(1024);
      for (uint32_t r = 0; r < 32; ++r)
        for (uint32_t c = 0; c < 32; ++c)
          tile[r * 32 + c] = all[r * 32 * calls.size() + t * 32 + c];
      tiles.push_back(std::move(tile));
    }
  }
};

std::vector<float> uniform(float low, float high, uint32_t seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> values(low, high);
  std::vector<float> tile(1024);
  for (float &value : tile)
    value = values(generator);
  return tile;
}

struct Function {
  std::string call;
  std::function<double(double, double)> expected;
};

void expectFunctions(const std::vector<Function> &functions,
                     const std::vector<float> &a, const std::vector<float> &b,
                     double tolerance = 2e-6) {
  std::vector<std::string> calls;
  for (const Function &function : functions)
    calls.push_back(function.call);
  const Calls got(calls, a, b);
  for (size_t t = 0; t < functions.size(); ++t)
    for (uint32_t i = 0; i < 1024; ++i) {
      const double expected = functions[t].expected(a[i], b[i]);
      if (std::isnan(expected)) {
        ASSERT_TRUE(std::isnan(got.tiles[t][i])) << functions[t].call;
        continue;
      }
      ASSERT_NEAR(got.tiles[t][i], expected,
                  std::fabs(expected) * tolerance + 1e-6)
          << functions[t].call << " of " << a[i] << ", " << b[i];
    }
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

std::vector<Function> functionsOfOneTile() {
  return {
      {"exp_tile_init(); exp_tile(0);",
       [](double x, double) { return std::exp(x); }},
      {"exp_tile_init<true>(); exp_tile<true, true, true>(0, "
       "VectorMode::RC, 0x3f00);",
       [](double x, double) { return std::exp(x * 0.5); }},
      {"exp2_tile_init(); exp2_tile(0);",
       [](double x, double) { return std::exp2(x); }},
      {"expm1_tile_init(); expm1_tile(0);",
       [](double x, double) { return std::expm1(x); }},
      {"sigmoid_tile_init(); sigmoid_tile(0);",
       [](double x, double) { return sigmoid(x); }},
      {"silu_tile_init(); silu_tile(0);",
       [](double x, double) { return x * sigmoid(x); }},
      {"tanh_tile_init(); tanh_tile(0);",
       [](double x, double) { return std::tanh(x); }},
      {"gelu_tile_init(); gelu_tile<false>(0);",
       [](double x, double) {
         return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
       }},
      {"gelu_tile_init(); gelu_tile(0);",
       [](double x, double) {
         return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
       }},
      {"erf_tile_init(); erf_tile(0);",
       [](double x, double) { return std::erf(x); }},
      {"erfc_tile_init(); erfc_tile(0);",
       [](double x, double) { return std::erfc(x); }},
      {"sin_tile_init(); sin_tile(0);",
       [](double x, double) { return std::sin(x); }},
      {"cos_tile_init(); cos_tile(0);",
       [](double x, double) { return std::cos(x); }},
      {"atan_tile_init(); atan_tile(0);",
       [](double x, double) { return std::atan(x); }},
      {"sinh_tile_init(); sinh_tile(0);",
       [](double x, double) { return std::sinh(x); }},
      {"cosh_tile_init(); cosh_tile(0);",
       [](double x, double) { return std::cosh(x); }},
      {"asinh_tile_init(); asinh_tile(0);",
       [](double x, double) { return std::asinh(x); }},
      {"abs_tile_init(); abs_tile(0);",
       [](double x, double) { return std::fabs(x); }},
      {"negative_tile_init(); negative_tile(0);",
       [](double x, double) { return -x; }},
      {"square_tile_init(); square_tile(0);",
       [](double x, double) { return x * x; }},
      {"sign_tile_init(); sign_tile(0);",
       [](double x, double) { return x > 0   ? 1
                                     : x < 0 ? -1
                                             : 0; }},
      {"signbit_tile_init(); signbit_tile(0);",
       [](double x, double) { return x < 0; }},
      {"recip_tile_init(); recip_tile(0);",
       [](double x, double) { return 1 / x; }},
      {"cbrt_tile_init(); cbrt_tile(0);",
       [](double x, double) { return std::cbrt(x); }},
      {"rounding_op_tile_init(); floor_tile(0);",
       [](double x, double) { return std::floor(x); }},
      {"rounding_op_tile_init(); ceil_tile(0);",
       [](double x, double) { return std::ceil(x); }},
      {"rounding_op_tile_init(); trunc_tile(0);",
       [](double x, double) { return std::trunc(x); }},
      {"rounding_op_tile_init(); frac_tile(0);",
       [](double x, double) { return x - std::trunc(x); }},
      {"rounding_op_tile_init(); round_tile(0, 1);",
       [](double x, double) { return std::nearbyint(x * 10) / 10; }},
      {"i0_tile_init(); i0_tile(0);",
       [](double x, double) { return std::cyl_bessel_i(0, std::fabs(x)); }},
      {"i1_tile_init(); i1_tile(0);",
       [](double x, double) {
         return std::copysign(std::cyl_bessel_i(1, std::fabs(x)), x);
       }},
  };
}

TEST(VectorUnit, FunctionsOfOneTile) {
  expectFunctions(functionsOfOneTile(), uniform(-4, 4, 1), uniform(-4, 4, 2));
}

std::vector<Function> functionsOfPositiveNumbers() {
  const float scale = float(1 / std::log(3.0));
  return {
      {"log_tile_init(); log_tile(0);",
       [](double x, double) { return std::log(x); }},
      {"log_with_base_tile_init(); log_with_base_tile(0, " + hex(scale) + ");",
       [](double x, double) { return std::log(x) / std::log(3.0); }},
      {"log1p_tile_init(); log1p_tile(0);",
       [](double x, double) { return std::log1p(x); }},
      {"sqrt_tile_init(); sqrt_tile(0);",
       [](double x, double) { return std::sqrt(x); }},
      {"rsqrt_tile_init(); rsqrt_tile(0);",
       [](double x, double) { return 1 / std::sqrt(x); }},
      {"power_tile_init(); power_tile(0, " + hex(1.5f) + ");",
       [](double x, double) { return std::pow(x, 1.5); }},
      {"power_iterative_tile_init(); power_iterative_tile(0, 3);",
       [](double x, double) { return x * x * x; }},
      {"rpow_tile_init(); rpow_tile(0, " + hex(2.5f) + ");",
       [](double x, double) { return std::pow(2.5, x); }},
      {"acosh_tile_init(); binop_with_scalar_tile_init(); "
       "add_unary_tile(0, " +
           hex(1.0f) + "); acosh_tile(0);",
       [](double x, double) { return std::acosh(double(float(x + 1))); }},
      {"power_binary_tile_init(); power_binary_tile(0, 1, 0);",
       [](double x, double y) { return std::pow(x, y); }},
      {"div_binary_tile_init(); div_binary_tile(0, 1, 0);",
       [](double x, double y) { return x / y; }},
      {"xlogy_binary_tile_init(); xlogy_binary_tile(0, 1, 0);",
       [](double x, double y) { return x * std::log(y); }},
      {"fmod_tile_init(0, 0); fmod_tile(0, " + hex(0.75f) + ", 0);",
       [](double x, double) { return std::fmod(x, 0.75); }},
      {"rdiv_tile_init(); rdiv_tile<RoundingMode::Floor>(0, " + hex(7.0f) +
           ");",
       [](double x, double) { return std::floor(float(7 / x)); }},
  };
}

TEST(VectorUnit, FunctionsOfPositiveNumbers) {
  expectFunctions(functionsOfPositiveNumbers(), uniform(0.05f, 5, 3),
                  uniform(0.1f, 3, 4));
}

TEST(VectorUnit, FunctionsOfTheUnitInterval) {
  expectFunctions(
      {
          {"asin_tile_init(); asin_tile(0);",
           [](double x, double) { return std::asin(x); }},
          {"acos_tile_init(); acos_tile(0);",
           [](double x, double) { return std::acos(x); }},
          {"tan_tile_init(); tan_tile(0);",
           [](double x, double) { return std::tan(x); }},
          {"atanh_tile_init(); atanh_tile(0);",
           [](double x, double) { return std::atanh(x); }},
          // Its inverse gives back the operand.
          {"erfinv_tile_init(); erfinv_tile(0); erf_tile_init(); erf_tile(0);",
           [](double x, double) { return x; }},
      },
      uniform(-0.98f, 0.98f, 5), uniform(-1, 1, 6));
}

TEST(VectorUnit, Activations) {
  auto elu = [](double x, double a) { return x > 0 ? x : a * std::expm1(x); };
  const auto p = [](float value) { return hex(value); };
  expectFunctions(
      {
          {"relu_tile_init(); relu_tile(0);",
           [](double x, double) { return std::max(x, 0.0); }},
          {"relu_max_tile_init(); relu_max_tile(0, " + p(1.5f) + ");",
           [](double x, double) { return std::clamp(x, 0.0, 1.5); }},
          {"relu_min_tile_init(); relu_min_tile(0, " + p(0.5f) + ");",
           [](double x, double) { return std::max(x, 0.5); }},
          {"leaky_relu_tile_init(); leaky_relu_tile(0, " + p(0.25f) + ");",
           [](double x, double) { return x > 0 ? x : x / 4; }},
          {"prelu_tile_init(); prelu_tile(0, " + p(0.5f) + ");",
           [](double x, double) { return x > 0 ? x : x / 2; }},
          {"elu_tile_init(); elu_tile(0, " + p(1.5f) + ");",
           [=](double x, double) { return elu(x, 1.5); }},
          {"celu_tile_init(); celu_tile(0, " + p(2.0f) + ", " + p(0.5f) + ");",
           [](double x, double) { return x < 0 ? 2 * std::expm1(x / 2) : x; }},
          {"selu_tile_init(); selu_tile(0, " + p(1.25f) + ", " + p(1.5f) + ");",
           [=](double x, double) { return 1.25 * elu(x, 1.5); }},
          {"softplus_tile_init(); softplus_tile(0, " + p(2.0f) + ", " +
               p(0.5f) + ", " + p(4.0f) + ");",
           [](double x, double) {
             return 2 * x < 4 ? std::log1p(std::exp(2 * x)) / 2 : x;
           }},
          {"softsign_tile_init(); softsign_tile(0);",
           [](double x, double) { return x / (1 + std::fabs(x)); }},
          {"softshrink_tile_init(); softshrink_tile(0, " + p(0.5f) + ");",
           [](double x, double) {
             return x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0;
           }},
          {"hardsigmoid_tile_init(); hardsigmoid_tile(0);",
           [](double x, double) { return std::clamp(x / 6 + 0.5, 0.0, 1.0); }},
          {"hardtanh_tile_init(); hardtanh_tile(0, " + p(-1.0f) + ", " +
               p(0.5f) + ");",
           [](double x, double) { return std::clamp(x, -1.0, 0.5); }},
          {"clamp_tile_init(); clamp_tile(0, " + p(-0.25f) + ", " + p(2.0f) +
               ");",
           [](double x, double) { return std::clamp(x, -0.25, 2.0); }},
          {"hardmish_tile_init(); hardmish_tile(0);",
           [](double x, double) {
             return x * std::clamp(x + 2.8, 0.0, 5.0) * 0.2;
           }},
          {"xielu_tile_init(); xielu_tile(0, " + p(0.75f) + ", " + p(1.25f) +
               ");",
           [](double x, double) {
             return x > 0 ? 0.75 * x * x + 0.5 * x
                          : 1.25 * (std::expm1(x) - x) + 0.5 * x;
           }},
          {"threshold_tile_init(); threshold_tile(0, " + p(0.5f) + ", " +
               p(-9.0f) + ");",
           [](double x, double) { return x > 0.5 ? x : -9; }},
          {"heaviside_tile_init(); heaviside_tile(0, " + p(0.5f) + ");",
           [](double x, double) { return x > 0; }},
          {"logsigmoid_tile_init(); logsigmoid_tile(0, 1, 0);",
           [](double x, double) { return std::log(sigmoid(x)); }},
      },
      uniform(-4, 4, 7), uniform(-4, 4, 8), 4e-6);
}

TEST(VectorUnit, TwoAndThreeTiles) {
  const std::string half = hex(0.5f);
  expectFunctions(
      {
          {"add_binary_tile_init(); add_binary_tile(0, 1, 0);",
           [](double x, double y) { return x + y; }},
          {"sub_binary_tile_init(); sub_binary_tile(0, 1, 0);",
           [](double x, double y) { return x - y; }},
          {"rsub_binary_tile_init(); rsub_binary_tile(0, 1, 0);",
           [](double x, double y) { return y - x; }},
          {"mul_binary_tile_init(); mul_binary_tile(0, 1, 0);",
           [](double x, double y) { return x * y; }},
          {"binary_max_tile_init(); binary_max_tile(0, 1, 0);",
           [](double x, double y) { return std::max(x, y); }},
          {"binary_min_tile_init(); binary_min_tile(0, 1, 0);",
           [](double x, double y) { return std::min(x, y); }},
          {"eq_binary_tile_init(); eq_binary_tile(0, 2, 0);",
           [](double, double) { return 1; }},
          {"lt_binary_tile_init(); lt_binary_tile(0, 1, 0);",
           [](double x, double y) { return x < y; }},
          {"atan2_binary_tile_init(); atan2_binary_tile(0, 1, 0);",
           [](double x, double y) { return std::atan2(x, y); }},
          {"fmod_binary_tile_init(); fmod_binary_tile(0, 1, 0);",
           [](double x, double y) { return std::fmod(x, y); }},
          {"where_tile_init(); gtz_tile_init(); gtz_tile(2); "
           "where_tile<DataFormat::Float32>(2, 0, 1, 0);",
           [](double x, double y) { return x > 0 ? x : y; }},
          {"addcmul_tile_init(); addcmul_tile<DataFormat::Float32>(0, 1, 2, "
           "0, " +
               half + ");",
           [](double x, double y) { return x + 0.5 * y * x; }},
          {"addcdiv_tile_init(); addcdiv_tile<DataFormat::Float32>(0, 1, 2, "
           "0, " +
               half + ");",
           [](double x, double y) { return x + 0.5 * y / x; }},
          {"lerp_tile_init(); lerp_tile<DataFormat::Float32>(0, 1, 1, 0);",
           [](double x, double y) { return x + y * (y - x); }},
          {"mask_tile_init(); gtz_tile_init(); gtz_tile(1); mask_tile(0, 1);",
           [](double x, double y) { return y > 0 ? x : 0; }},
          {"copy_dest_values_init(); "
           "copy_dest_values<DataFormat::Float32>(1, 0);",
           [](double, double y) { return y; }},
          {"binop_with_scalar_tile_init(); rsub_unary_tile(0, " + half + ");",
           [](double x, double) { return 0.5 - x; }},
          {"binop_with_scalar_tile_init(); div_unary_tile(0, " + half + ");",
           [](double x, double) { return x * 0.5; }},
          {"unary_max_tile_init(); unary_max_tile(0, " + half + ");",
           [](double x, double) { return std::max(x, 0.5); }},
          {"unary_ge_tile_init(); unary_ge_tile(0, " + half + ");",
           [](double x, double) { return x >= 0.5; }},
          {"lez_tile_init(); lez_tile(0);",
           [](double x, double) { return x <= 0; }},
          {"fill_tile_init(); fill_tile(0, 2.5f);",
           [](double, double) { return 2.5; }},
      },
      uniform(-4, 4, 9), uniform(-4, 4, 10), 2e-5);
}

TEST(VectorUnit, KindsOfValues) {
  std::vector<float> a(1024, 1.5f), b(1024, 0.0f);
  a[1] = INFINITY;
  a[2] = -INFINITY;
  a[3] = std::nanf("");
  a[4] = 0;
  expectFunctions({{"isinf_tile_init(); isinf_tile(0);",
                    [](double x, double) { return std::isinf(x); }},
                   {"isposinf_tile_init(); isposinf_tile(0);",
                    [](double x, double) { return std::isinf(x) && x > 0; }},
                   {"isneginf_tile_init(); isneginf_tile(0);",
                    [](double x, double) { return std::isinf(x) && x < 0; }},
                   {"isnan_tile_init(); isnan_tile(0);",
                    [](double x, double) { return std::isnan(x); }},
                   {"isfinite_tile_init(); isfinite_tile(0);",
                    [](double x, double) { return std::isfinite(x); }},
                   {"logical_not_tile_init(); "
                    "logical_not_tile<DataFormat::Float32>(0);",
                    [](double x, double) { return x == 0; }}},
                  a, b);
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

struct IntegerFunction {
  std::string call;
  std::function<int64_t(int32_t, int32_t)> expected;
};

TEST(VectorUnit, IntegersOfTwoTiles) {
  std::mt19937 random(12);
  std::vector<float> a(1024), b(1024);
  for (uint32_t i = 0; i < 1024; ++i) {
    // Whole range and small values.
    a[i] = word(i % 3 ? random() : uint32_t(int32_t(random() % 200) - 100));
    b[i] = word(i % 4 ? uint32_t(int32_t(random() % 61) - 30) : random());
    if (bitsOf(b[i]) == 0)
      b[i] = word(1);
  }
  const std::vector<IntegerFunction> functions = {
      {"add_int_tile_init(); add_int_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return uint32_t(x) + uint32_t(y); }},
      {"sub_int_tile_init(); sub_int_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return uint32_t(x) - uint32_t(y); }},
      {"rsub_int_tile_init(); rsub_int_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return uint32_t(y) - uint32_t(x); }},
      {"mul_int_tile_init<DataFormat::Int32>(); "
       "mul_int_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return uint32_t(x) * uint32_t(y); }},
      {"add_int_tile_init(); add_int_tile<DataFormat::UInt16>(0, 1, 0);",
       [](int32_t x, int32_t y) {
         return (uint32_t(x) + uint32_t(y)) & 0xffff;
       }},
      {"binary_bitwise_tile_init(); "
       "bitwise_and_binary_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return x & y; }},
      {"binary_bitwise_tile_init(); "
       "bitwise_or_binary_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return x | y; }},
      {"binary_bitwise_tile_init(); "
       "bitwise_xor_binary_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return x ^ y; }},
      {"bitwise_and_tile_init(); bitwise_and_tile(1, 15); "
       "binary_shift_tile_init(); "
       "binary_left_shift_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return uint32_t(x) << (y & 15); }},
      {"bitwise_and_tile_init(); bitwise_and_tile(1, 31); "
       "binary_shift_tile_init(); "
       "binary_right_shift_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return x >> (y & 31); }},
      {"bitwise_and_tile_init(); bitwise_and_tile(1, 31); "
       "binary_shift_tile_init(); "
       "binary_logical_right_shift_tile<DataFormat::Int32>(0, 1, 0);",
       [](int32_t x, int32_t y) { return uint32_t(x) >> (y & 31); }},
      {"lt_int32_tile_init(); lt_int32_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return x < y; }},
      {"ge_int32_tile_init(); ge_int32_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return x >= y; }},
      {"binary_max_int32_tile_init(); binary_max_int32_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return std::max(x, y); }},
      {"binary_min_uint32_tile_init(); binary_min_uint32_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return std::min(uint32_t(x), uint32_t(y)); }},
      {"div_int32_floor_tile_init(); div_int32_floor_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return int64_t(std::floor(double(x) / y)); }},
      {"div_int32_trunc_tile_init(); div_int32_trunc_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return int64_t(x) / y; }},
      {"remainder_int32_tile_init(); remainder_int32_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return (int64_t(x) % y + y) % y; }},
      {"fmod_int32_tile_init(); fmod_int32_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return int64_t(x) % y; }},
      {"gcd_tile_init(); gcd_tile(0, 1, 0);",
       [](int32_t x, int32_t y) { return std::gcd(int64_t(x), int64_t(y)); }},
      {"where_tile_init(); ltz_tile_init(); ltz_tile_int32(2); "
       "where_tile<DataFormat::Int32>(2, 0, 1, 0);",
       [](int32_t x, int32_t y) { return x < 0 ? x : y; }},
      {"negative_tile_init(); negative_tile_int32(0);",
       [](int32_t x, int32_t) { return -int64_t(x); }},
      {"abs_tile_init(); abs_tile_int32(0);",
       [](int32_t x, int32_t) { return std::abs(int64_t(x)); }},
      {"relu_tile_init(); relu_tile_int32(0);",
       [](int32_t x, int32_t) { return std::max(x, 0); }},
      {"clamp_tile_init(); clamp_tile_int32(0, uint32_t(-20), 30);",
       [](int32_t x, int32_t) { return std::clamp(x, -20, 30); }},
      {"bitwise_not_tile_init(); bitwise_not_tile(0);",
       [](int32_t x, int32_t) { return ~x; }},
      {"right_shift_tile_init(); right_shift_tile(0, 3);",
       [](int32_t x, int32_t) { return x >> 3; }},
      {"unary_gt_tile_init(); unary_gt_tile_int32(0, uint32_t(-5));",
       [](int32_t x, int32_t) { return x > -5; }},
      {"eqz_tile_init(); eqz_tile_int32(0);",
       [](int32_t x, int32_t) { return x == 0; }},
      {"binop_with_scalar_tile_init(); add_unary_tile_int32(0, 77);",
       [](int32_t x, int32_t) { return uint32_t(x) + 77u; }},
      {"unary_min_int32_tile_init(); unary_min_int32_tile(0, 9);",
       [](int32_t x, int32_t) { return std::min(x, 9); }},
      {"fill_tile_init(); fill_tile_int<DataFormat::Int32>(0, 123456789);",
       [](int32_t, int32_t) { return 123456789; }},
  };
  std::vector<std::string> calls;
  for (const auto &function : functions)
    calls.push_back(function.call);
  const Calls got(calls, a, b, DataFormat::Int32);
  for (size_t t = 0; t < functions.size(); ++t)
    for (uint32_t i = 0; i < 1024; ++i) {
      const auto x = int32_t(bitsOf(a[i])), y = int32_t(bitsOf(b[i]));
      ASSERT_EQ(bitsOf(got.tiles[t][i]), uint32_t(functions[t].expected(x, y)))
          << functions[t].call << " of " << x << ", " << y;
    }
}

/// Converts `a` from one format to the other and packs 32-bit words.
std::vector<float> cast(const char *from, const char *to,
                        const std::vector<float> &a) {
  const std::string types = std::string("<uint32_t(DataFormat::") + from +
                            "), uint32_t(DataFormat::" + to + ")>";
  Calls got(
      {"typecast_tile_init" + types + "(); typecast_tile" + types + "(0);"}, a,
      a, DataFormat::Int32);
  return got.tiles[0];
}

TEST(VectorUnit, Typecasts) {
  std::vector<float> floats = uniform(-70000, 70000, 13);
  const float edges[] = {0.5f, -0.5f, 1.5f,     2.5f,     -1e12f,  1e12f,
                         3e9f, -3e9f, INFINITY, 65535.4f, 70000.0f};
  std::copy(std::begin(edges), std::end(edges), floats.begin());
  const auto ints = cast("Float32", "Int32", floats);
  const auto uints = cast("Float32", "UInt32", floats);
  const auto shorts = cast("Float32", "UInt16", floats);
  const auto halves = cast("Float32", "Float16_b", floats);
  for (uint32_t i = 0; i < 1024; ++i) {
    const double x = floats[i];
    ASSERT_EQ(int32_t(bitsOf(ints[i])),
              std::fabs(x) < 2147483648.0 ? int32_t(x) : INT32_MIN)
        << x;
    ASSERT_EQ(bitsOf(uints[i]), x < 0               ? 0u
                                : x >= 4294967296.0 ? UINT32_MAX
                                                    : uint32_t(x))
        << x;
    ASSERT_EQ(bitsOf(shorts[i]),
              uint32_t(std::floor(std::clamp(x, 0.0, 65535.0) + 0.5)))
        << x;
    if (std::isfinite(x))
      ASSERT_EQ(halves[i], fromBf16(toBf16(floats[i])));
  }
  std::mt19937 random(14);
  std::vector<float> words(1024);
  for (float &value : words)
    value = word(random());
  const auto fromInt = cast("Int32", "Float32", words);
  const auto fromUint = cast("UInt32", "Float32", words);
  const auto narrowed = cast("UInt32", "UInt16", words);
  for (uint32_t i = 0; i < 1024; ++i) {
    ASSERT_EQ(fromInt[i], float(int32_t(bitsOf(words[i]))));
    ASSERT_EQ(fromUint[i], float(bitsOf(words[i])));
    ASSERT_EQ(bitsOf(narrowed[i]), std::min(bitsOf(words[i]), 65535u));
  }
}

//===----------------------------------------------------------------------===//
// What is not element by element
//===----------------------------------------------------------------------===//

TEST(VectorUnit, ReducesInDst) {
  const auto a = uniform(-3, 3, 15);
  const struct {
    const char *pool;
    double start;
    std::function<double(double, double)> merge;
  } pools[] = {
      {"SUM", 0, [](double s, double x) { return s + x; }},
      {"AVG", 0, [](double s, double x) { return s + x / 32; }},
      {"MAX", -1e9, [](double s, double x) { return std::max(s, x); }},
      {"MIN", 1e9, [](double s, double x) { return std::min(s, x); }},
  };
  std::vector<std::string> calls;
  for (const auto &one : pools)
    for (const char *dim : {"REDUCE_COL", "REDUCE_ROW"}) {
      const std::string types =
          std::string("<PoolType::") + one.pool + ", DataFormat::Float32";
      calls.push_back("sfpu_reduce_init" + types + ">(); sfpu_reduce" + types +
                      ", ReduceDim::" + dim + ">(0);");
    }
  const Calls got(calls, a, a);
  for (size_t p = 0; p < std::size(pools); ++p)
    for (uint32_t i = 0; i < 32; ++i)
      for (bool rows : {false, true}) {
        double expected = pools[p].start;
        for (uint32_t j = 0; j < 32; ++j)
          expected =
              pools[p].merge(expected, rows ? a[i * 32 + j] : a[j * 32 + i]);
        ASSERT_NEAR(got.tiles[2 * p + rows][rows ? i * 32 : i], expected, 1e-4)
            << pools[p].pool;
      }
}

TEST(VectorUnit, RunningSumsGoOnFromTileToTile) {
  const auto a = uniform(-1, 1, 16);
  const Calls got({"cumsum_tile_init(); cumsum_tile(0);",
                   "cumsum_tile_init(); cumsum_tile(0, false);"},
                  a, a);
  for (uint32_t c = 0; c < 32; ++c) {
    double sum = 0;
    for (uint32_t t = 0; t < 2; ++t)
      for (uint32_t r = 0; r < 32; ++r) {
        sum += a[r * 32 + c];
        ASSERT_NEAR(got.tiles[t][r * 32 + c], sum, 1e-4);
      }
  }
}

TEST(VectorUnit, VectorModesLeaveFacesAlone) {
  const auto a = uniform(0.5f, 2, 17);
  const Calls got({"recip_tile_init(); recip_tile(0, VectorMode::R);",
                   "recip_tile_init(); recip_tile(0, VectorMode::C);"},
                  a, a);
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c) {
      const float x = a[r * 32 + c];
      ASSERT_EQ(got.tiles[0][r * 32 + c], r < 16 ? 1 / x : x);
      ASSERT_EQ(got.tiles[1][r * 32 + c], c < 16 ? 1 / x : x);
    }
}

TEST(VectorUnit, RandomTilesAndDropout) {
  const std::vector<float> ones(1024, 1.0f);
  const Calls got(
      {"rand_tile_init(7); rand_tile(0, " + hex(2.0f) + ", " + hex(4.0f) + ");",
       "dropout_kernel_init(9); dropout_tile(0, 536870912, " + hex(2.0f) +
           ");"},
      ones, ones);
  double sum = 0;
  uint32_t dropped = 0;
  for (uint32_t i = 0; i < 1024; ++i) {
    const float value = got.tiles[0][i];
    ASSERT_GE(value, 2.0f);
    ASSERT_LT(value, 6.0f);
    sum += value;
    ASSERT_TRUE(got.tiles[1][i] == 0 || got.tiles[1][i] == 2);
    dropped += got.tiles[1][i] == 0;
  }
  EXPECT_NEAR(sum / 1024, 4.0, 0.2);
  EXPECT_NEAR(dropped / 1024.0, 0.25, 0.06); // 2^29 of 2^31
}

// A plain store to a 16-bit DST truncates; most programs round first.
TEST(VectorUnit, StoresToA16BitDst) {
  ComputeRun run;
  run.out = DataFormat::Float32;
  run.a = randomBf16(1024, 18);
  run.b = randomBf16(1024, 19);
  run.tiles = 2;
  const auto got =
      run(sections({"square_tile_init(); square_tile(0);",
                    "mul_binary_tile_init(); mul_binary_tile(0, 1, 0);"}));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t r = 0; r < 32; ++r)
    for (uint32_t c = 0; c < 32; ++c) {
      const float x = run.a[r * 32 + c], y = run.b[r * 32 + c];
      ASSERT_EQ(got[r * 64 + c], word(bitsOf(x * x) & 0xffff0000u));
      ASSERT_EQ(got[r * 64 + 32 + c], fromBf16(toBf16(x * y)));
    }
}

/// Whether the library's program stores without rounding to a 16-bit DST.
bool truncates(const std::string &call) {
  for (const char *name :
       {"exp_tile<true", "gelu_", "erf_", "erfc_", "square_", "i0_", "i1_"})
    if (call.find(name) != std::string::npos)
      return true;
  return false;
}

// A 16-bit DST adds one store to a function: an ulp of its format where the
// program truncates, half an ulp where it rounds. Operands are of the format.
void expectIn16BitDst(DataFormat format, const std::vector<Function> &functions,
                      std::vector<float> a, std::vector<float> b) {
  const bool half = format == DataFormat::Float16;
  const double ulp = half ? 0x1p-10 : 0x1p-7;
  const double least = half ? 0x1p-14 : 1e-6; // below, an fp16 is zero
  const uint32_t mask = half ? 0xffffe000u : 0xffff0000u;
  for (std::vector<float> *operand : {&a, &b})
    for (float &value : *operand)
      value = word(bitsOf(value) & mask);
  std::vector<std::string> calls;
  for (const Function &function : functions)
    calls.push_back(function.call);
  ComputeRun run;
  run.in = format;
  run.out = DataFormat::Float32;
  run.tiles = uint32_t(calls.size());
  run.a = a;
  run.b = b;
  const auto got = run(sections(calls));
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (size_t t = 0; t < calls.size(); ++t) {
    double largest = 0;
    for (uint32_t i = 0; i < 1024; ++i) {
      const double expected = functions[t].expected(a[i], b[i]);
      const float value = got[i / 32 * 32 * calls.size() + t * 32 + i % 32];
      if (std::isnan(expected))
        continue; // a NaN's store depends on the format
      ASSERT_EQ(bitsOf(value) & ~mask, 0u) << calls[t];
      largest = std::max(largest, (std::fabs(value - expected) - least) /
                                      (std::fabs(expected) + 1e-30));
    }
    EXPECT_LE(largest, ulp * (truncates(calls[t]) ? 1.01 : 0.51)) << calls[t];
  }
}

TEST(VectorUnit, FunctionsInA16BitDst) {
  for (DataFormat format : {DataFormat::Float16_b, DataFormat::Float16}) {
    expectIn16BitDst(format, functionsOfOneTile(), uniform(-4, 4, 31),
                     uniform(-4, 4, 32));
    std::vector<Function> positive = functionsOfPositiveNumbers();
    std::erase_if(positive, [](const Function &function) {
      // Two operations, two stores.
      return function.call.find("acosh") != std::string::npos;
    });
    expectIn16BitDst(format, positive, uniform(0.05f, 5, 33),
                     uniform(0.1f, 3, 34));
  }
}

} // namespace
