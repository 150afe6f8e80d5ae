//===- global_semaphore.hpp - A semaphore that outlives programs *- C++ -*-===//
#pragma once

#include <cstdint>
#include <memory>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/core_coord.hpp>

namespace tt::tt_metal {

class IDevice;

/// A word at one L1 address on every core of a set. Kernels are given its
/// address.
class GlobalSemaphore {
public:
  GlobalSemaphore(IDevice *device, const CoreRangeSet &cores,
                  uint32_t initial_value, BufferType type);
  IDevice *device() const { return owner; }
  DeviceAddr address() const { return word->address(); }
  /// Sets the word on every core.
  void reset_semaphore_value(uint32_t value) const;

private:
  IDevice *owner;
  CoreRangeSet cores;
  std::shared_ptr<Buffer> word;
};

} // namespace tt::tt_metal
