//===- buffer_page_mapping.hpp - Pages of a sharded buffer ------*- C++ -*-===//
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include <tt-metalium/core_coord.hpp>

namespace tt::tt_metal {

/// For each core (or DRAM bank) the pages that it holds, in the order of their
/// places; PADDING where a shard reaches beyond the tensor.
struct UncompressedBufferPageMapping {
  static constexpr uint32_t PADDING = std::numeric_limits<uint32_t>::max();

  std::vector<CoreCoord> all_cores;
  std::vector<std::vector<uint32_t>> core_host_page_indices;
};

} // namespace tt::tt_metal
