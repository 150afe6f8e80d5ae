//===- allocator.hpp - What the memories of a device ask for ----*- C++ -*-===//
#pragma once

#include <cstdint>

#include <tt-metalium/buffer_types.hpp>

namespace tilewright::sim {
class Device;
}

namespace tt::tt_metal {

/// What programs of early 2025 read of an allocator.
struct AllocatorConfig {
  uint32_t num_dram_channels = 0;
  uint32_t l1_unreserved_base = 0;
  uint32_t alignment = 0; ///< bytes, of pages in DRAM
};

class Allocator {
public:
  explicit Allocator(const tilewright::sim::Device &device) : device(device) {}

  /// Alignment of pages, bytes.
  uint32_t get_alignment(BufferType type) const;
  /// Banks of the memory: DRAM banks, or cores.
  uint32_t get_num_banks(BufferType type) const;
  /// The lowest L1 address that buffers and circular buffers may have.
  DeviceAddr get_base_allocator_addr(BufferType type) const;
  AllocatorConfig get_config() const {
    return {get_num_banks(BufferType::DRAM),
            static_cast<uint32_t>(get_base_allocator_addr(BufferType::L1)),
            get_alignment(BufferType::DRAM)};
  }

private:
  const tilewright::sim::Device &device;
};

} // namespace tt::tt_metal
