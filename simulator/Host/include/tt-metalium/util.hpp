//===- util.hpp - Sizes of tiles --------------------------------*- C++ -*-===//
#pragma once

#include <cstdint>

#include <tt-metalium/math.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal::detail {

/// Bytes of a 32x32 tile.
inline uint32_t TileSize(const tt::DataFormat &format) {
  return tt::tile_size(format);
}

} // namespace tt::tt_metal::detail
