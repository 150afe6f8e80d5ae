//===- Chip.cpp - Look-up of chips by name --------------------------------===//

#include "tilewright/arch/Chip.h"

#include <vector>

namespace tilewright::arch {

std::span<const Chip *const> allChips() {
  static const std::vector<const Chip *> chips = [] {
    std::vector<const Chip *> all;
    for (const Chip &chip : wormholeChips())
      all.push_back(&chip);
    for (const Chip &chip : blackholeChips())
      all.push_back(&chip);
    return all;
  }();
  return chips;
}

const Chip *findChip(std::string_view name) {
  for (const Chip *chip : allChips())
    if (chip->name == name)
      return chip;
  return nullptr;
}

} // namespace tilewright::arch
