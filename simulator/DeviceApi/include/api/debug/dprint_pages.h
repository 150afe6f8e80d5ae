//===- dprint_pages.h - printing pages of memory ----------------*- C++ -*-===//
#pragma once

#include "api/debug/dprint.h"

namespace tt::data_movement::common {

/// `pages` pages of `elements` bfloat16 values from L1 address `address` on,
/// one line a page from page `start` on.
inline void print_bf16_pages(uint32_t address, uint32_t elements,
                             uint32_t pages, uint32_t start = 0) {
  for (uint32_t page = 0; page < pages; ++page) {
    DPRINT << start + page << ": ";
    for (uint32_t i = 0; i < elements; ++i)
      DPRINT << BF16(tilewright_device::l1Value<uint16_t>(
                    address + (page * elements + i) * 2))
             << " ";
    DPRINT << ENDL();
  }
}
/// The same for 32-bit words.
inline void print_u32_pages(uint32_t address, uint32_t elements, uint32_t pages,
                            uint32_t start = 0) {
  for (uint32_t page = 0; page < pages; ++page) {
    DPRINT << start + page << ": ";
    for (uint32_t i = 0; i < elements; ++i)
      DPRINT << tilewright_device::l1Value<uint32_t>(
                    address + (page * elements + i) * 4)
             << " ";
    DPRINT << ENDL();
  }
}

} // namespace tt::data_movement::common
