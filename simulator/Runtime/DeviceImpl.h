//===- DeviceImpl.h - the memory of a simulated chip ------------*- C++ -*-===//
//
// L1 of each core and the DRAM banks, as address space of the process that is
// touched only where it is used. Allocation is first fit over sorted blocks.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_RUNTIME_DEVICEIMPL_H
#define TILEWRIGHT_SIMULATOR_RUNTIME_DEVICEIMPL_H

#include "Runtime/Program.h"

#include "tilewright/arch/Chip.h"

#include <map>

namespace tilewright::sim {

/// Anonymous memory, zero until written, with `guardBytes` of address space
/// behind it that faults.
class Memory {
public:
  Memory(uint64_t bytes, uint64_t guardBytes);
  ~Memory();
  Memory(Memory &&other) noexcept;
  Memory(const Memory &) = delete;
  uint8_t *data = nullptr;
  uint64_t bytes = 0;
  uint64_t mapped = 0;
};

/// Blocks of one address range, the same in every bank.
class Blocks {
public:
  Blocks(uint64_t low, uint64_t high) : low(low), high(high) {}
  /// Lowest (or, `fromTop`, highest) free block; 0 when there is none.
  uint64_t allocate(uint64_t bytes, uint64_t align, bool fromTop);
  bool free(uint64_t address);
  /// Whether an address lay in a block that is free again.
  bool wasFreed(uint64_t address) const;
  uint64_t lowest() const { return used.empty() ? high : used.begin()->first; }
  uint64_t low, high;
  std::map<uint64_t, uint64_t> used;
  std::map<uint64_t, uint64_t> freed;
  /// The pages of an interleaved buffer, by its address.
  struct Pages {
    uint64_t count;
    uint64_t stride; ///< bytes from a page to the next one of its bank
  };
  std::map<uint64_t, Pages> pages;
};

struct Device::Impl {
  Impl(const arch::Chip &chip, uint32_t gridX, uint32_t gridY);
  const arch::Chip &chip;
  CoreCoord grid;
  std::vector<Memory> l1;   ///< y * grid.x + x
  std::vector<Memory> dram; ///< by bank
  Blocks dramBlocks;
  Blocks l1Blocks;
  /// What the last launch left in circular buffers, and of which program.
  struct {
    uint64_t program = 0;
    std::vector<std::string> buffers;
  } pagesLeft;

  uint8_t *l1Of(CoreCoord core) { return l1[core.y * grid.x + core.x].data; }
};

/// Where semaphore 0 of every core lies; 16 bytes apart.
uint32_t semaphoreBase(const arch::Chip &chip);
/// Where the runtime arguments of a processor (0 to 2) lie, below them: unique
/// ones first, then the common ones.
uint32_t argumentBase(const arch::Chip &chip, uint32_t processor);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_RUNTIME_DEVICEIMPL_H
