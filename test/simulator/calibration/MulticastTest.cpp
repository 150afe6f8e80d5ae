//===- MulticastTest.cpp - one core to a rectangle, against silicon -------===//
//
// Published by tt-metal's data-movement tests: cycles of one multicast and a
// barrier, and cycles each of 256 multicasts, from the corner of a rectangle.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"

#include <gtest/gtest.h>

using namespace tilewright::test;

namespace {

struct Case {
  const char *chip;
  uint32_t width, height;
  bool linked;
  uint32_t bytes;
  uint32_t count;
  double each; ///< cycles a multicast
};

class Multicast : public testing::TestWithParam<Case> {};

TEST_P(Multicast, FollowsSilicon) {
  const Case &param = GetParam();
  Movement movement(param.chip);
  const CoreCoord first = movement.at({0, 0});
  const CoreCoord last = movement.at({param.width - 1, param.height - 1});
  movement.add("multicast.cpp", {0, 0},
               {first.x, first.y, last.x, last.y, 0x40000, param.bytes,
                param.count, param.width * param.height - 1, param.linked});
  const double each = movement.cycles() / param.count;
  compare(std::string("Multicast, ") +
              (param.chip[0] == 'n' ? "Wormhole" : "Blackhole"),
          std::to_string(param.width) + "x" + std::to_string(param.height) +
              (param.linked ? " linked " : " ") + std::to_string(param.count) +
              " x " + std::to_string(param.bytes),
          param.each, each);
  EXPECT_NEAR(each / param.each, 1.0, 0.15) << each;
}

INSTANTIATE_TEST_SUITE_P(
    Published, Multicast,
    testing::Values(Case{"n150", 5, 5, false, 32, 1, 470},
                    Case{"n150", 5, 5, false, 2048, 1, 541},
                    Case{"n150", 5, 5, false, 8192, 1, 731},
                    Case{"n150", 5, 5, false, 32, 256, 182},
                    Case{"n150", 5, 5, false, 512, 256, 198},
                    Case{"n150", 5, 5, false, 2048, 256, 249},
                    Case{"n150", 5, 5, false, 8192, 256, 450},
                    Case{"n150", 5, 5, true, 32, 256, 25.6},
                    Case{"n150", 5, 5, true, 1024, 256, 51},
                    Case{"n150", 5, 5, true, 2048, 256, 84.6},
                    Case{"n150", 5, 5, true, 8192, 256, 283.6},
                    Case{"n150", 2, 2, true, 32, 1, 340},
                    Case{"n150", 2, 2, true, 512, 256, 23.3},
                    Case{"n150", 2, 2, true, 1024, 256, 35},
                    Case{"n150", 2, 2, true, 2048, 256, 68},
                    Case{"n150", 2, 2, true, 8192, 256, 266.6},
                    Case{"p150", 11, 10, true, 64, 1, 795},
                    Case{"p150", 11, 10, true, 16384, 1, 1041},
                    Case{"p150", 11, 10, true, 64, 256, 111},
                    Case{"p150", 11, 10, true, 1024, 256, 114},
                    Case{"p150", 11, 10, true, 2048, 256, 127},
                    Case{"p150", 11, 10, true, 4096, 256, 157},
                    Case{"p150", 11, 10, true, 8192, 256, 230},
                    Case{"p150", 11, 10, true, 16384, 256, 361}),
    [](const auto &info) { return "Case" + std::to_string(info.index); });

// Trees that share a link follow each other; those that do not run at once.
TEST(Multicast, CrossingTreesFollowEachOther) {
  auto cycles = [](bool crossing) {
    Movement movement("n150");
    // Two rows, or twice the same row from both of its ends.
    for (uint32_t i = 0; i < 2; ++i) {
      const uint32_t row = crossing ? 0 : i;
      const CoreCoord first = movement.at({0, row});
      const CoreCoord last = movement.at({7, row});
      movement.add("multicast.cpp", {crossing ? 7 * i : 0, row},
                   {first.x, first.y, last.x, last.y, 0x40000, 8192, 32, 7, 1});
    }
    return movement.cycles();
  };
  EXPECT_GT(cycles(true), 1.8 * cycles(false));
}

} // namespace
