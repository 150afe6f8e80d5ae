//===- device.hpp - One device ----------------------------------*- C++ -*-===//
//
// What a host program may ask of a device. The chip is the one named by the
// environment variable TILEWRIGHT_DEVICE ("n150" when unset); "p150:14x10" also
// selects a compute grid.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_set>
#include <vector>

#include <hostdevcommon/common_values.hpp>
#include <tt-metalium/allocator.hpp>
#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/circular_buffer_constants.h>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/dispatch_core_common.hpp>
#include <tt-metalium/hal_types.hpp>
#include <tt-metalium/sub_device_types.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>
#include <tt-metalium/utils.hpp>
#include <tt_stl/assert.hpp>
#include <tt_stl/fmt.hpp>
#if __has_include(<tilewright/stamp.h>)
#include <tilewright/stamp.h>
#endif

/// Kind of a core of the chip.
enum class CoreType { WORKER, DRAM, ETH };

namespace tilewright::sim {
class Device;
}

namespace tt::tt_metal {

using ChipId = int;
using chip_id_t = int;
using DeviceIds = std::vector<int>;

class CommandQueue;
class IDevice;
/// The older name.
using Device = IDevice;

constexpr std::size_t DEFAULT_L1_SMALL_SIZE = 0;
constexpr std::size_t DEFAULT_TRACE_REGION_SIZE = 0;
constexpr std::size_t DEFAULT_WORKER_L1_SIZE = 0;

class IDevice {
public:
  virtual ~IDevice();

  virtual tilewright::sim::Device &simulated() const = 0;
  /// Keeps the device open as long as a buffer lives in it.
  virtual std::shared_ptr<const IDevice> keepAlive() const = 0;
  virtual bool close() = 0;

  /// Never null.
  const std::unique_ptr<Allocator> &allocator() const;
  virtual ChipId id() const { return 0; }
  ChipId build_id() const { return id(); }
  tt::ARCH arch() const;
  uint8_t num_hw_cqs() const { return 1; }
  bool is_initialized() const { return true; }
  int num_dram_channels() const;
  uint32_t l1_size_per_core() const;
  int get_clock_rate_mhz() const;
  CoreCoord compute_with_storage_grid_size() const;
  CoreCoord logical_grid_size() const {
    return compute_with_storage_grid_size();
  }
  CoreCoord dram_grid_size() const;
  CoreCoord worker_core_from_logical_core(const CoreCoord &core) const;
  std::vector<CoreCoord>
  worker_cores_from_logical_cores(const std::vector<CoreCoord> &cores) const;
  CoreCoord virtual_core_from_logical_core(const CoreCoord &core,
                                           const CoreType &type) const;
  /// Where kernels find DRAM bank `bank` on the NoC.
  CoreCoord virtual_core_from_dram_bank(uint32_t bank) const;
  /// All cores that run kernels.
  CoreRangeSet worker_cores(HalProgrammableCoreType type,
                            SubDeviceId id = SubDeviceId()) const;
  uint32_t num_worker_cores(HalProgrammableCoreType type,
                            SubDeviceId id = SubDeviceId()) const {
    return worker_cores(type, id).num_cores();
  }
  /// Ethernet cores are not simulated: there are none.
  std::unordered_set<CoreCoord> get_active_ethernet_cores(bool = false) const {
    return {};
  }
  std::unordered_set<CoreCoord> get_inactive_ethernet_cores() const {
    return {};
  }
  CoreCoord ethernet_core_from_logical_core(const CoreCoord &core) const;
  /// The queue of the years before the mesh API.
  CommandQueue &command_queue(std::size_t id = 0);
  void enable_program_cache() {}
  void disable_and_clear_program_cache() {}
  void clear_program_cache() {}

private:
  mutable std::unique_ptr<Allocator> memory;
  std::vector<std::unique_ptr<CommandQueue>> queues;
};

} // namespace tt::tt_metal
