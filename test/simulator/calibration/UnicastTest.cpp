//===- UnicastTest.cpp - transfers between two cores, against silicon -----===//
//
// Cycles of n transfers of B bytes and a barrier, from one core to another in
// another row and column: published by tt-metal's data-movement tests.
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

double simulate(const char *chip, bool read, CoreCoord other,
                const Point &point) {
  Movement movement(chip);
  const CoreCoord far = movement.at(other);
  movement.add("unicast.cpp", {0, 0},
               {far.x, far.y, 0x40000, point.bytes, point.count, read});
  return movement.cycles();
}

class Unicast : public testing::TestWithParam<Curve> {};

TEST_P(Unicast, FollowsSilicon) {
  const Curve &curve = GetParam();
  for (const Point &point : curve.points) {
    const double cycles = simulate(curve.chip, curve.read, {1, 1}, point);
    const std::string what =
        std::to_string(point.count) + " x " + std::to_string(point.bytes);
    compare(curve.name, what, point.cycles, cycles);
    EXPECT_NEAR(cycles / point.cycles, 1.0, curve.tolerance)
        << what << " bytes: " << cycles << " against " << point.cycles;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Published, Unicast,
    testing::Values(
        Curve{"Wormhole write, one core to one",
              "n150",
              false,
              0.06,
              {{1, 32, 294},       {1, 512, 308},       {1, 1024, 326},
               {1, 2048, 358},     {1, 4096, 431},      {1, 8192, 555},
               {1, 16384, 821},    {1, 32768, 1358},    {1, 65536, 2402},
               {16, 32, 637},      {16, 256, 645},      {16, 512, 662},
               {16, 1024, 829},    {16, 2048, 1358},    {16, 4096, 2407},
               {16, 8192, 4500},   {256, 32, 5903},     {256, 512, 6173},
               {256, 1024, 8872},  {256, 2048, 17293},  {256, 4096, 34049},
               {256, 8192, 67496}, {256, 65536, 538649}}},
        Curve{"Wormhole read, one core from one",
              "n150",
              true,
              0.06,
              {{1, 32, 290},
               {1, 2048, 364},
               {1, 4096, 434},
               {1, 8192, 570},
               {1, 65536, 2577},
               {256, 32, 5145},
               {256, 256, 5145},
               {256, 512, 5185},
               {256, 1024, 9801},
               {256, 2048, 18722},
               {256, 4096, 37017},
               {256, 8192, 73001},
               {256, 65536, 583636}}},
        Curve{"Blackhole write, one core to one",
              "p150",
              false,
              0.06,
              {{1, 64, 366},
               {1, 2048, 395},
               {1, 4096, 425},
               {1, 8192, 490},
               {1, 16384, 625},
               {1, 65536, 1414},
               {256, 64, 6500},
               {256, 1024, 6500},
               {256, 2048, 9001},
               {256, 4096, 17229},
               {256, 8192, 33922},
               {256, 16384, 67308},
               {256, 65536, 268274}}}),
    [](const auto &info) { return "Curve" + std::to_string(info.index); });

struct Neighbour {
  const char *chip;
  bool read;
  CoreCoord other;
  double cycles;
};

class Neighbours : public testing::TestWithParam<Neighbour> {};

// On a torus whose links run one way, a round trip is the whole ring of each
// axis in which the cores differ.
TEST_P(Neighbours, TakeTheirRoundTrip) {
  const Neighbour &param = GetParam();
  const double cycles =
      simulate(param.chip, param.read, param.other, {1, 64, 0});
  compare("Latency of 64 bytes, by axes",
          std::string(param.chip) + (param.read ? " read to " : " write to ") +
              std::to_string(param.other.x) + "," +
              std::to_string(param.other.y),
          param.cycles, cycles);
  EXPECT_NEAR(cycles / param.cycles, 1.0, 0.12) << cycles;
}

INSTANTIATE_TEST_SUITE_P(Published, Neighbours,
                         testing::Values(Neighbour{"n150", false, {0, 1}, 207},
                                         Neighbour{"n150", false, {1, 0}, 207},
                                         Neighbour{"n150", false, {1, 1}, 293},
                                         Neighbour{"p150", false, {0, 1}, 208},
                                         Neighbour{"p150", false, {1, 1}, 358},
                                         Neighbour{"p150", true, {0, 1}, 226},
                                         Neighbour{"p150", true, {1, 1}, 373}),
                         [](const auto &info) {
                           return "Pair" + std::to_string(info.index);
                         });

} // namespace
