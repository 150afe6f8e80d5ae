//===- allocator.hpp - What the memories of a device ask for ----*- C++ -*-===//
#pragma once

#include <cstdint>

#include <tt-metalium/buffer_types.hpp>

namespace tilewright::sim {
class Device;
}

namespace tt::tt_metal {

class Allocator {
public:
  explicit Allocator(const tilewright::sim::Device &device) : device(device) {}

  /// Alignment of pages, bytes.
  uint32_t get_alignment(BufferType type) const;
  /// Banks of the memory: DRAM banks, or cores.
  uint32_t get_num_banks(BufferType type) const;
  /// The lowest L1 address that buffers and circular buffers may have.
  DeviceAddr get_base_allocator_addr(BufferType type) const;

private:
  const tilewright::sim::Device &device;
};

} // namespace tt::tt_metal
