//===- Elements.h - Elements of a tensor and its tiles ----------*- C++ -*-===//
#pragma once

#include "Plan/Plan.h"

#include <span>
#include <vector>

namespace tilewright::sim::plan {

/// Tiles of the tensor's format from row-major elements of its dtype, and back.
/// Narrow integers that the tensor holds as int32 become those of the same
/// value, and lose what their type has no bits for on the way back.
std::vector<uint8_t> tilesOf(const Tensor &tensor,
                             std::span<const uint8_t> elements);
std::vector<uint8_t> elementsOf(const Tensor &tensor,
                                std::span<const uint8_t> tiles);

} // namespace tilewright::sim::plan
