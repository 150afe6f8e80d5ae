//===- DramTest.cpp - one core and one DRAM bank, against silicon ---------===//
//
// Cycles of n transfers of B bytes and a barrier: published by tt-metal's
// data-movement tests. The banks refresh every few thousand cycles, which
// single points show and the model has as part of the rate: two points that met
// a refresh, 871 and 1213 cycles for single reads of 8 and 16 KiB, are left
// out.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"

#include <gtest/gtest.h>

using namespace tilewright::test;

namespace {

struct Point {
  uint32_t count;
  uint32_t bytes;
  double cycles;
};
struct Curve {
  const char *name;
  const char *chip;
  bool read;
  double tolerance;
  std::vector<Point> points;
};

class Dram : public testing::TestWithParam<Curve> {};

TEST_P(Dram, FollowsSilicon) {
  const Curve &curve = GetParam();
  for (const Point &point : curve.points) {
    Movement movement(curve.chip);
    movement.add("bank.cpp", {0, 0},
                 {0, 0x10000, 0x40000, point.bytes, point.count, curve.read, 0,
                  point.bytes, 0});
    const double cycles = movement.cycles();
    const std::string what =
        std::to_string(point.count) + " x " + std::to_string(point.bytes);
    compare(curve.name, what, point.cycles, cycles);
    EXPECT_NEAR(cycles / point.cycles, 1.0, curve.tolerance)
        << what << " bytes: " << cycles << " against " << point.cycles;
  }
}

INSTANTIATE_TEST_SUITE_P(Published, Dram,
                         testing::Values(Curve{"Wormhole DRAM read, one core",
                                               "n150",
                                               true,
                                               0.08,
                                               {{1, 32, 384},
                                                {1, 512, 398},
                                                {1, 1024, 423},
                                                {1, 2048, 463},
                                                {1, 4096, 552},
                                                {1, 16384, 1213},
                                                {1, 32768, 1889},
                                                {1, 65536, 3299},
                                                {4, 2048, 716},
                                                {4, 4096, 1059},

                                                {16, 2048, 1880},
                                                {16, 8192, 6390},
                                                {64, 2048, 6229},
                                                {256, 512, 6229},
                                                {256, 1024, 12076},
                                                {256, 2048, 23929},
                                                {256, 8192, 94156},
                                                {256, 65536, 762381}}},
                                         Curve{"Wormhole DRAM write, one core",
                                               "n150",
                                               false,
                                               0.08,
                                               {{1, 32, 401},
                                                {1, 512, 431},
                                                {1, 2048, 505},
                                                {1, 4096, 583},
                                                {1, 8192, 757},
                                                {1, 16384, 1089},
                                                {1, 65536, 3479},
                                                {4, 32, 579},
                                                {16, 32, 1439},
                                                {16, 2048, 1941},
                                                {256, 32, 16558},
                                                {256, 64, 17049},
                                                {256, 128, 6277},
                                                {256, 512, 6392},
                                                {256, 2048, 24293},
                                                {256, 8192, 95521},
                                                {256, 65536, 775371}}},
                                         Curve{"Blackhole DRAM read, one core",
                                               "p150",
                                               true,
                                               0.15,
                                               {{1, 64, 479},
                                                {1, 2048, 578},
                                                {256, 512, 9380},
                                                {256, 2048, 24603},
                                                {256, 8192, 90342}}},
                                         Curve{"Blackhole DRAM write, one core",
                                               "p150",
                                               false,
                                               0.15,
                                               {{1, 64, 392},
                                                {1, 2048, 427},
                                                {256, 512, 6527},
                                                {256, 2048, 24292},
                                                {256, 8192, 88884}}}),
                         [](const auto &info) {
                           return "Curve" + std::to_string(info.index);
                         });

// Pages of a tensor alternate over the banks, so that not one bank's stream
// limits the core but its NIU, and small pages the RISC that finds them.
double pages(const char *chip, uint32_t count, uint32_t bytes) {
  Movement movement(chip);
  movement.add("pages.cpp", {0, 0}, {0x10000, 0x40000, bytes, count, 1});
  return movement.cycles();
}

// tt-metal's data-movement tests, interleaved pages, on a chip of seven banks.
TEST(DramPages, Blackhole) {
  const Point points[] = {
      {1, 64, 472},       {1, 512, 498},      {1, 2048, 603},
      {1, 8192, 825},     {4, 64, 559},       {4, 1024, 616},
      {4, 4096, 806},     {16, 128, 1052},    {16, 512, 1074},
      {16, 2048, 1190},   {16, 4096, 1639},   {16, 8192, 2676},
      {64, 512, 2893},    {64, 2048, 3035},   {64, 4096, 4802},
      {64, 8192, 9029},   {256, 64, 10209},   {256, 512, 10186},
      {256, 1024, 10216}, {256, 2048, 10527}, {256, 4096, 17892},
      {256, 8192, 34917}};
  for (const Point &point : points) {
    const double cycles = pages("p100a", point.count, point.bytes);
    const std::string what =
        std::to_string(point.count) + " x " + std::to_string(point.bytes);
    compare("Blackhole DRAM read, one core, pages over all banks", what,
            point.cycles, cycles);
    EXPECT_NEAR(cycles / point.cycles, 1.0, 0.15) << what << ": " << cycles;
  }
}

// Rates of tt-metal's table of transfer costs, one core and many pages.
TEST(DramPages, Wormhole) {
  const std::pair<uint32_t, double> rates[] = {
      {64, 1.74}, {256, 6.98}, {512, 13.9}, {2048, 28.4}, {8192, 28.5}};
  for (const auto &[bytes, rate] : rates) {
    const double got = 1024.0 * bytes / pages("n150", 1024, bytes);
    compare("Wormhole DRAM, one core, pages over all banks, bytes a cycle",
            std::to_string(bytes), rate, got);
    EXPECT_NEAR(got / rate, 1.0, 0.10) << bytes << ": " << got;
  }
}

} // namespace
