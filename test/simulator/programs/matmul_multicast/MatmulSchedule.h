//===- MatmulSchedule.h - how a matmul is laid over the cores ---*- C++ -*-===//
//
// Sizes in tiles of 32x32, and the rules that TT-NN's 2-D multicast matmul has
// for them: https://docs.tenstorrent.com/ttnn, matmul program configurations.
//
//   1. Core (x, y) makes perCoreM x perCoreN output tiles. As many rows and
//      columns of cores work as that takes for M and N; the last of them may
//      reach beyond the tensor, and computes as many tiles as the others.
//   2. A core's output falls into output blocks, those into sub-blocks, without
//      rest. K falls into blocks of blockK without rest.
//   3. A block-sharded A has one shard a core: perCoreM rows, and whole blocks
//      of K over all columns of the grid.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_TEST_MATMUL_MULTICAST_SCHEDULE_H
#define TILEWRIGHT_TEST_MATMUL_MULTICAST_SCHEDULE_H

#include "Harness.h"

#include <string>

namespace tilewright::test {

struct MatmulSchedule {
  uint32_t gridX = 8, gridY = 8;
  uint32_t m = 0, k = 0, n = 0;
  DataFormat format = DataFormat::Float16_b;
  MathFidelity fidelity = MathFidelity::HiFi4;
  bool aSharded = false; ///< A block-sharded over the grid, in L1
  bool cSharded = false; ///< C the same
  uint32_t blockK = 1;
  uint32_t blockH = 1, blockW = 1; ///< output block
  uint32_t subH = 1, subW = 1;     ///< output sub-block
  /// Output tiles of a core; 0: an even share of the grid.
  uint32_t coreM = 0, coreN = 0;

  uint32_t perCoreM() const { return coreM ? coreM : up(m, gridY); }
  uint32_t perCoreN() const { return coreN ? coreN : up(n, gridX); }
  /// Columns and rows of cores that compute.
  uint32_t columns() const { return up(n, perCoreN()); }
  uint32_t rows() const { return up(m, perCoreM()); }
  uint32_t shardK() const { return up(up(k, gridX), blockK) * blockK; }
  uint32_t blocksK() const { return k / blockK; }
  uint32_t blocksH() const { return perCoreM() / blockH; }
  uint32_t blocksW() const { return perCoreN() / blockW; }

  /// What is against the rules, in one sentence; empty when nothing is.
  std::string problem(const arch::Chip &chip) const {
    auto text = [](uint32_t value) { return std::to_string(value); };
    auto divides = [&](const char *part, uint32_t size, const char *whole,
                       uint32_t of) {
      return size == 0   ? std::string(part) + " is 0"
             : of % size ? std::string(part) + " " + text(size) +
                               " does not divide " + whole + " " + text(of)
                         : "";
    };
    if (m == 0 || k == 0 || n == 0)
      return "M, K and N must be at least 1";
    if (gridX == 0 || gridY == 0 || gridX > chip.maxGrid[0] ||
        gridY > chip.maxGrid[1])
      return "a grid of " + text(gridX) + "x" + text(gridY) + "; " +
             std::string(chip.name) + " has at most " + text(chip.maxGrid[0]) +
             "x" + text(chip.maxGrid[1]) + " cores";
    if (rows() > gridY)
      return "per_core_M " + text(perCoreM()) + " on " + text(gridY) +
             " rows of cores covers " + text(perCoreM() * gridY) +
             " tiles of M, which has " + text(m);
    if (columns() > gridX)
      return "per_core_N " + text(perCoreN()) + " on " + text(gridX) +
             " columns of cores covers " + text(perCoreN() * gridX) +
             " tiles of N, which has " + text(n);
    for (const std::string &one :
         {divides("in0_block_w", blockK, "K, in tiles", k),
          divides("out_block_h", blockH, "per_core_M", perCoreM()),
          divides("out_block_w", blockW, "per_core_N", perCoreN()),
          divides("out_subblock_h", subH, "out_block_h", blockH),
          divides("out_subblock_w", subW, "out_block_w", blockW)})
      if (!one.empty())
        return one;
    const uint32_t dst = arch::dstTiles(/*fp32=*/false, /*fullSync=*/false);
    if (subH * subW > dst)
      return "a sub-block of " + text(subH) + "x" + text(subW) +
             " tiles; a section of DST holds " + text(dst);
    if (cSharded && subH > 1 && subW != perCoreN())
      return "sub-blocks of sharded output must be 1 high or as wide as "
             "per_core_N, or its tiles would not lie in rows";
    if (cSharded && blockH > 1 && blockW != perCoreN())
      return "output blocks of sharded output must be 1 high or as wide as "
             "per_core_N, or its tiles would not lie in rows";
    return "";
  }

private:
  static uint32_t up(uint32_t value, uint32_t by) {
    return (value + by - 1) / by;
  }
};

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_MATMUL_MULTICAST_SCHEDULE_H
