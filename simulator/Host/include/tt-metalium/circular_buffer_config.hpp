//===- circular_buffer_config.hpp - Declaring circular buffers --*- C++ -*-===//
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/circular_buffer_constants.h>
#include <tt-metalium/tile.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

using CBHandle = std::uintptr_t;

/// One piece of L1 seen through one or more circular buffer indices.
class CircularBufferConfig {
public:
  explicit CircularBufferConfig(uint32_t total_size);
  CircularBufferConfig(uint32_t total_size,
                       const std::map<uint8_t, tt::DataFormat> &formats);
  CircularBufferConfig(uint32_t total_size,
                       const std::map<uint8_t, tt::DataFormat> &formats,
                       const Buffer &buffer);

  /// Throw std::runtime_error for an index that has no data format.
  CircularBufferConfig &set_page_size(uint8_t index, uint32_t page_size);
  /// Tiles of less than 16 rows and 16 columns are for the host alone: a
  /// circular buffer of them is refused.
  CircularBufferConfig &set_tile_dims(uint8_t index, const Tile &tile);
  CircularBufferConfig &set_total_size(uint32_t total_size);
  /// Puts the circular buffer into the memory of an L1 buffer.
  CircularBufferConfig &set_globally_allocated_address(const Buffer &buffer);
  CircularBufferConfig &
  set_globally_allocated_address_and_total_size(const Buffer &buffer,
                                                uint32_t total_size);

  /// Of the simulator alone, used through TILEWRIGHT_SCRATCH below: the
  /// circular buffer is plain memory, in which pages may be left and which any
  /// agent of the core may push and pop.
  CircularBufferConfig &set_scratch() {
    scratch_ = true;
    return *this;
  }
  bool is_scratch() const { return scratch_; }

  uint32_t total_size() const { return total_size_; }
  std::optional<uint32_t> globally_allocated_address() const {
    return address_;
  }
  const std::set<uint8_t> &buffer_indices() const { return indices_; }
  const std::array<std::optional<tt::DataFormat>, NUM_CIRCULAR_BUFFERS> &
  data_formats() const {
    return formats_;
  }
  const std::array<std::optional<uint32_t>, NUM_CIRCULAR_BUFFERS> &
  page_sizes() const {
    return page_sizes_;
  }
  const std::array<std::optional<Tile>, NUM_CIRCULAR_BUFFERS> &tiles() const {
    return tiles_;
  }

  /// `config.index(i).set_data_format(f).set_page_size(n)`
  class Builder {
  public:
    Builder(CircularBufferConfig &parent, uint8_t index)
        : parent(parent), bufferIndex(index) {}
    const Builder &set_data_format(tt::DataFormat format) const;
    const Builder &set_page_size(uint32_t page_size) const;
    const Builder &set_total_size(uint32_t total_size) const;
    const Builder &set_tile_dims(const Tile &tile) const;

  private:
    CircularBufferConfig &parent;
    uint8_t bufferIndex;
  };
  Builder index(uint8_t index) { return {*this, index}; }

private:
  void setFormat(uint8_t index, tt::DataFormat format);

  uint32_t total_size_;
  std::optional<uint32_t> address_;
  bool scratch_ = false;
  std::set<uint8_t> indices_;
  std::array<std::optional<tt::DataFormat>, NUM_CIRCULAR_BUFFERS> formats_;
  std::array<std::optional<uint32_t>, NUM_CIRCULAR_BUFFERS> page_sizes_;
  std::array<std::optional<Tile>, NUM_CIRCULAR_BUFFERS> tiles_;
};

} // namespace tt::tt_metal

/// Declares a CircularBufferConfig or a CBDescriptor as scratch memory. A host
/// program that is built against the vendor's SDK too defines it as nothing
/// when it is not defined; see docs/simulator/faults.md.
#define TILEWRIGHT_SCRATCH(config) static_cast<void>((config).set_scratch())
