//===- ContentionTest.cpp - many cores at once, against silicon -----------===//
//
// Wormhole: 1 MiB for each of twelve readers, one a DRAM bank, published in
// tt-isa-documentation (DRAMTile). Blackhole: one reader a bank, published in
// tt-metal's report on saturating DRAM bandwidth. All from all, and all to all:
// published by tt-metal's data-movement tests, whose sizes are those of 64
// cores together.
//
// The publication names one rate for readers placed at random, and no
// placement: the rate is compared with the mean over 32 draws. One thing about
// the placement is known. A link carries 31.9 bytes a cycle, so 12 readers of
// which the slowest shares a link with one other get at most 191 GB/s, and with
// two others 127; 189.8 are published. A row of its own takes such draws, of
// which there are as many as of the others.
//
//===----------------------------------------------------------------------===//

#include "Calibration.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <numeric>
#include <random>

using namespace tilewright::test;

namespace {

constexpr uint32_t kMegabyte = 1 << 20;

/// Every worker, or the default grid's, in an order that depends on the seed.
std::vector<CoreCoord> shuffled(const Device &device, uint32_t seed) {
  std::vector<CoreCoord> cores;
  for (uint32_t y = 0; y < device.grid().y; ++y)
    for (uint32_t x = 0; x < device.grid().x; ++x)
      cores.push_back({x, y});
  std::mt19937 generator(seed);
  for (size_t i = cores.size(); i > 1; --i)
    std::swap(cores[i - 1], cores[generator() % i]);
  return cores;
}

/// The most responses over NoC 0 on one link, core i reading from bank i.
uint32_t mostOnLink(const Device &device, const std::vector<CoreCoord> &cores) {
  const arch::Chip &chip = device.chip();
  std::map<std::array<uint32_t, 3>, uint32_t> uses;
  uint32_t most = 0;
  for (uint32_t bank = 0; bank < chip.dram.banks; ++bank) {
    arch::NocCoord at = chip.dramEndpoints[0][bank];
    const arch::NocCoord to = chip.physical(cores[bank].x, cores[bank].y);
    for (; at.x != to.x; at.x = (at.x + 1) % chip.nocGrid.x)
      most = std::max(most, ++uses[{0, at.x, at.y}]);
    for (; at.y != to.y; at.y = (at.y + 1) % chip.nocGrid.y)
      most = std::max(most, ++uses[{1, at.x, at.y}]);
  }
  return most;
}

/// Bytes a cycle of `readers` that stream 1 MiB each, reader i on bank i modulo
/// banks: until the slowest is done; the mean over the draws, in which at most
/// `shared` responses pass a link of NoC 0.
double wormholeRate(uint8_t noc, bool read, uint32_t readers, bool placed,
                    uint32_t shared) {
  const uint32_t draws = placed ? 1 : readers == 12 ? 32 : 8;
  double rate = 0;
  for (uint32_t seed = 1, drawn = 0; drawn < draws; ++seed) {
    Movement movement("n150", noc, {8, 10});
    const std::vector<CoreCoord> random = shuffled(movement.device, seed);
    if (!placed && mostOnLink(movement.device, random) > shared)
      continue;
    ++drawn;
    for (uint32_t i = 0; i < readers; ++i) {
      const uint32_t bank = i % 12;
      // A write goes the other way: the bank lies where the other NoC's reads
      // would come from.
      const CoreCoord core =
          placed ? movement.nearest(bank, read ? noc : 1 - noc) : random[i];
      movement.add("bank.cpp", core,
                   {bank, 0x10000 + i / 12 * kMegabyte, 0x40000, 8192,
                    kMegabyte / 8192, read, 8192, 65536, 0});
    }
    rate += double(readers) * kMegabyte / movement.cycles();
  }
  return rate / draws;
}

struct WormholeCase {
  uint8_t noc;
  bool read;
  uint32_t readers;
  bool placed;
  double rate; ///< GB/s, which at 1 GHz is bytes a cycle
  double tolerance;
};

class WormholeDram : public testing::TestWithParam<WormholeCase> {};

TEST_P(WormholeDram, SharesLinksAndBanks) {
  const WormholeCase &param = GetParam();
  const double rate =
      wormholeRate(param.noc, param.read, param.readers, param.placed, 12);
  compare("Wormhole DRAM, all banks, bytes a cycle",
          std::to_string(param.readers) +
              (param.placed ? " placed " : " random ") +
              (param.read ? "readers NoC " : "writers NoC ") +
              std::to_string(param.noc),
          param.rate, rate);
  EXPECT_NEAR(rate / param.rate, 1.0, param.tolerance) << rate;
}

INSTANTIATE_TEST_SUITE_P(
    Published, WormholeDram,
    testing::Values(WormholeCase{0, true, 12, true, 265, 0.12},
                    WormholeCase{1, true, 12, true, 265, 0.12},
                    WormholeCase{0, true, 12, false, 195, 0.20},
                    WormholeCase{1, true, 12, false, 80, 0.30},
                    WormholeCase{0, true, 48, false, 195, 0.20},
                    WormholeCase{1, true, 48, false, 80, 0.30},
                    WormholeCase{0, false, 12, true, 261, 0.12},
                    WormholeCase{0, false, 12, false, 56.5, 0.40},
                    WormholeCase{1, false, 12, false, 154, 0.40},
                    WormholeCase{0, false, 48, false, 52.3, 0.40},
                    WormholeCase{1, false, 48, false, 133.7, 0.40}),
    [](const auto &info) { return "Case" + std::to_string(info.index); });

// Draws as silicon's must have been.
TEST(WormholeDramInPairs, TwelveReaders) {
  const double rate = wormholeRate(0, true, 12, false, 2);
  compare("Wormhole DRAM, no three readers on a link, bytes a cycle",
          "12 random readers NoC 0", 189.8, rate);
  EXPECT_NEAR(rate / 189.8, 1.0, 0.10) << rate;
}

// Two responses that go around a ring, each over links that the other comes to
// later, fill these links: no gap between packets is too short to be used.
TEST(WormholeRing, TwoReaders) {
  Movement movement("n150", 0, {8, 10});
  const arch::Chip &chip = movement.device.chip();
  const arch::NocCoord left = chip.dramEndpoints[0][1];
  const arch::NocCoord right = chip.dramEndpoints[0][4];
  ASSERT_EQ(left.y, right.y);
  auto workerAt = [&](uint32_t x) {
    for (const CoreCoord core : shuffled(movement.device, 1))
      if (const arch::NocCoord at = chip.physical(core.x, core.y);
          at.x == x && at.y == left.y)
        return core;
    ADD_FAILURE() << "no worker in column " << x;
    return CoreCoord{};
  };
  // Past the other's bank, by some columns.
  const std::array<uint32_t, 2> banks = {1, 4};
  const std::array<CoreCoord, 2> cores = {workerAt(right.x + 4),
                                          workerAt(left.x + 4)};
  for (size_t i : {0, 1})
    movement.add("bank.cpp", cores[i],
                 {banks[i], 0x10000, 0x40000, 8192, kMegabyte / 8192, true,
                  8192, 65536, 0});
  const double rate = 2.0 * kMegabyte / movement.cycles();
  EXPECT_GT(rate, 30.0);
  EXPECT_LT(rate, 31.9);
}

/// GB/s of eight Blackhole readers, one a bank.
double blackholeRate(bool placed, bool ring) {
  Movement movement("p150");
  constexpr uint32_t kPacket = 16384;
  const uint32_t bytes = 2 * kMegabyte;
  for (uint32_t bank = 0; bank < 8; ++bank) {
    const CoreCoord core =
        placed ? movement.nearest(bank, 0) : CoreCoord{bank, 0};
    if (ring)
      movement.add("ring.cpp", core,
                   {bank, 0x10000, 0x40000, kPacket, bytes / kPacket});
    else
      movement.add(
          "bank.cpp", core,
          {bank, 0x10000, 0x40000, 2048, bytes / 2048, 1, 2048, 16 * 2048, 16});
  }
  return 8.0 * bytes / movement.cycles() * movement.device.chip().clockGHz;
}

struct BlackholeCase {
  const char *what;
  bool placed, ring;
  double rate;
  double tolerance;
};

class BlackholeDram : public testing::TestWithParam<BlackholeCase> {};

TEST_P(BlackholeDram, SharesLinksAndBanks) {
  const BlackholeCase &param = GetParam();
  const double rate = blackholeRate(param.placed, param.ring);
  compare("Blackhole DRAM, all banks, GB/s", param.what, param.rate, rate);
  EXPECT_NEAR(rate / param.rate, 1.0, param.tolerance) << rate;
}

INSTANTIATE_TEST_SUITE_P(
    Published, BlackholeDram,
    testing::Values(
        BlackholeCase{"two packets in flight, placed", true, true, 500, 0.10},
        BlackholeCase{"two packets in flight, first row", false, true, 344,
                      0.20},
        BlackholeCase{"tiles, a barrier for each 16", false, false, 188, 0.15}),
    [](const auto &info) { return "Case" + std::to_string(info.index); });

/// Bytes a cycle that each of 64 cores gets that read from all of them, or
/// write to them. `count` at a time; `staggered`: each begins with another
/// core.
double withAll(const char *kernel, uint32_t bytes, uint32_t count,
               uint32_t rounds, bool staggered) {
  Movement movement("n150", 1);
  std::vector<uint32_t> list = {64};
  for (uint32_t y = 0; y < 8; ++y)
    for (uint32_t x = 0; x < 8; ++x) {
      const CoreCoord at = movement.at({x, y});
      list.insert(list.end(), {at.x, at.y});
    }
  for (uint32_t core = 0; core < 64; ++core) {
    std::vector<uint32_t> args = {bytes, count, rounds, staggered ? core : 0};
    args.insert(args.end(), list.begin(), list.end());
    movement.add(kernel, {core % 8, core / 8}, args);
  }
  return 64.0 * bytes * count * rounds / movement.cycles();
}

struct AllCase {
  uint32_t bytes, count, rounds;
  bool staggered;
  double rate;
};
class AllFromAll : public testing::TestWithParam<AllCase> {};

std::string name(const AllCase &param) {
  return std::to_string(param.rounds) + " x 64 x " +
         std::to_string(param.count) + " x " + std::to_string(param.bytes) +
         (param.staggered ? " staggered" : "");
}

TEST_P(AllFromAll, Collapses) {
  const AllCase &param = GetParam();
  if (param.bytes * param.count > 65536 && !fullTests())
    GTEST_SKIP() << "runs with TILEWRIGHT_FULL_TESTS=1";
  const double rate = withAll("gather.cpp", param.bytes, param.count,
                              param.rounds, param.staggered);
  compare("Wormhole, all from all, bytes a cycle and core", name(param),
          param.rate, rate);
  EXPECT_NEAR(rate / param.rate, 1.0, 0.30) << rate;
}

// Published are 1.77 for 256 reads of 32 bytes from each core, and 1.3 to 2.0
// for longer reads and more of them; the order in which the cores are read must
// not matter much.
INSTANTIATE_TEST_SUITE_P(Published, AllFromAll,
                         testing::Values(AllCase{32, 256, 1, false, 1.77},
                                         AllCase{2048, 4, 1, false, 1.77},
                                         AllCase{2048, 1, 4, false, 1.77},
                                         AllCase{2048, 1, 4, true, 1.77},
                                         AllCase{2048, 16, 1, false, 1.66},
                                         AllCase{1024, 64, 1, false, 1.59}),
                         [](const auto &info) {
                           return "Case" + std::to_string(info.index);
                         });

INSTANTIATE_TEST_SUITE_P(Long, AllFromAll,
                         testing::Values(AllCase{2048, 64, 1, false, 1.30},
                                         AllCase{2048, 256, 1, false, 2.03}),
                         [](const auto &info) {
                           return "Case" + std::to_string(info.index);
                         });

class AllToAll : public testing::TestWithParam<AllCase> {};

// Cores of the published runs begin one after the other, so that they write to
// different ones: all at once to the same would be six times slower.
TEST_P(AllToAll, SharesLinks) {
  const AllCase &param = GetParam();
  const double rate = withAll("scatter.cpp", param.bytes, param.count,
                              param.rounds, param.staggered);
  compare("Wormhole, all to all, bytes a cycle and core", name(param),
          param.rate, rate);
  EXPECT_NEAR(rate / param.rate, 1.0, 0.30) << rate;
}

INSTANTIATE_TEST_SUITE_P(Published, AllToAll,
                         testing::Values(AllCase{512, 64, 1, true, 3.62},
                                         AllCase{1024, 64, 1, true, 3.59},
                                         AllCase{2048, 16, 1, true, 3.70},
                                         AllCase{2048, 1, 16, true, 3.70}),
                         [](const auto &info) {
                           return "Case" + std::to_string(info.index);
                         });

} // namespace
