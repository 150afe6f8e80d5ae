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

// Pages of a tensor alternate over the banks; the core's own stream limits it.
TEST(Dram, PagesOfATensorStreamAsFast) {
  for (const bool read : {true, false}) {
    Movement movement("n150");
    movement.add("pages.cpp", {0, 0}, {0x10000, 0x40000, 2048, 256, read});
    const double cycles = movement.cycles();
    const double measured = read ? 23929 : 24293;
    compare("Wormhole DRAM, one core, pages over all banks",
            read ? "read 256 x 2048" : "write 256 x 2048", measured, cycles);
    EXPECT_NEAR(cycles / measured, 1.0, 0.08) << cycles;
  }
}

} // namespace
