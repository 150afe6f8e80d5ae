//===- BufferPages.h - pages that a buffer does not have --------*- C++ -*-===//
//
// An address generator gives an address for any page; where the buffer has no
// such page, the address is that of another buffer, or of padding. Computing it
// is allowed: kernels do so for the turn after their last one. So what is named
// beyond a buffer is remembered by the agent, and using it is the fault.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_BUFFERPAGES_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_BUFFERPAGES_H

#include "DeviceApi/include/tilewright/table.h"

#include <array>
#include <cstdint>

namespace tilewright::sim {

struct Agent;

/// A page beyond the end of a buffer, that an agent has named.
struct PageBeyond {
  uint64_t address; ///< of the NoC
  uint64_t buffer;  ///< its address in a bank
  uint64_t pages;   ///< that it has
  uint32_t page;
  uint32_t stride; ///< bytes
  bool dram;
  bool padding; ///< of the last row of pages, which belongs to the buffer
};

class BufferPages {
public:
  /// Page `page` of the interleaved buffer at `base` is named: it begins at
  /// `address`.
  void named(Agent &agent, bool dram, uint64_t base, uint32_t stride,
             uint32_t page, uint64_t address) {
    const Known &buffer = known[(base >> 6 ^ base >> 12) % known.size()];
    if (buffer.base != base || buffer.dram != dram || page >= buffer.pages ||
        buffer.stride != stride)
      look(agent, dram, base, stride, page, address);
    else if (anyBeyond)
      forget(agent, address);
  }
  /// The running agent reads or writes `bytes` at `address` of the NoC.
  void check(uint64_t address, uint32_t bytes, bool write, TwLoc loc);

private:
  struct Known {
    uint64_t base = ~uint64_t(0);
    uint64_t pages = 0;
    uint32_t stride = 0;
    bool dram = false;
  };
  void look(Agent &agent, bool dram, uint64_t base, uint32_t stride,
            uint32_t page, uint64_t address);
  static void forget(Agent &agent, uint64_t address);

  std::array<Known, 16> known;
  bool anyBeyond = false; ///< some agent has named one
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_BUFFERPAGES_H
