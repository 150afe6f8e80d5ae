//===- WrittenPages.h - pages that are read though nobody wrote -*- C++ -*-===//
//
// A circular buffer hands over pages, not bytes: pages that are pushed without
// having been written look full to their consumer, which then reads what L1
// held before.
//
//   1. Stores of kernels, the packer, and transfers (from their issue on) mark
//      each 16 bytes of L1 that they touch as written.
//   2. What reads pages, UNPACK or a transfer that sends from them, is a fault
//      when nothing at all has been written to the circular buffer since the
//      launch. Pages, and whole blocks, of padding may stay unwritten beside
//      others that are not; those of them that are used hold NaN.
//   3. The first such page of floats is remembered. What is sent to DRAM after
//      that and holds NaN or infinities (which the packer makes of NaN) is a
//      fault: padding has reached a result.
//
// Pages whose memory others share (L1 buffers, several indices) and scratch
// are left alone: what they hold may be old on purpose.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_WRITTENPAGES_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_WRITTENPAGES_H

#include "DeviceApi/include/tilewright/table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tilewright::sim {

struct CircularBuffer;

class WrittenPages {
public:
  /// `cores` is the number of grid positions; 0 turns the check off.
  WrittenPages(uint32_t cores, uint32_t l1Bytes);

  /// Bytes of L1 at a grid position are written.
  void wrote(uint32_t grid, uint32_t address, uint32_t bytes);
  /// The running agent reads bytes of its core's circular buffer: a fault when
  /// nothing has ever been written to it. `verb` is what is done with them,
  /// "read" or "sent".
  void check(const CircularBuffer &cb, uint32_t address, uint32_t bytes,
             const char *verb, TwLoc loc);
  /// The packer adds to bytes of a circular buffer: a fault when nobody has
  /// written them.
  void checkSum(const CircularBuffer &cb, uint32_t address, uint32_t bytes,
                TwLoc loc) const;
  /// The running agent sends bytes of its core's L1 to DRAM.
  void checkResult(uint32_t address, uint32_t bytes, TwLoc loc) const;

private:
  uint64_t *bitsOf(uint32_t grid);
  bool anyWritten(uint32_t grid, uint32_t begin, uint32_t end) const;

  uint32_t l1Bytes;
  std::vector<std::vector<uint64_t>> cores; ///< empty until used
  std::string firstUse; ///< of an unwritten page beside written ones
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_WRITTENPAGES_H
