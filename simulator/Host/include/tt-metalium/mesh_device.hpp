//===- mesh_device.hpp - The mesh of one simulated device -------*- C++ -*-===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <tt-metalium/device.hpp>
#include <tt-metalium/mesh_config.hpp>
#include <tt-metalium/mesh_coord.hpp>

namespace tt::tt_metal::distributed {

class MeshCommandQueue;

class MeshDevice : public IDevice,
                   public std::enable_shared_from_this<MeshDevice> {
public:
  /// Opens device 0. Throws std::runtime_error for another one, and for an
  /// unknown chip in TILEWRIGHT_DEVICE.
  static std::shared_ptr<MeshDevice>
  create_unit_mesh(int device_id,
                   std::size_t l1_small_size = DEFAULT_L1_SMALL_SIZE,
                   std::size_t trace_region_size = DEFAULT_TRACE_REGION_SIZE,
                   std::size_t num_command_queues = 1);
  /// Throws std::runtime_error unless the mesh has one device.
  static std::shared_ptr<MeshDevice>
  create(const MeshDeviceConfig &config,
         std::size_t l1_small_size = DEFAULT_L1_SMALL_SIZE,
         std::size_t trace_region_size = DEFAULT_TRACE_REGION_SIZE,
         std::size_t num_command_queues = 1);
  /// A chip by name ("n150", "p150:14x10"), whatever the environment says.
  static std::shared_ptr<MeshDevice> createSimulated(const std::string &chip);
  ~MeshDevice() override;

  MeshCommandQueue &
  mesh_command_queue(std::optional<uint8_t> id = std::nullopt) const;
  MeshShape shape() const { return MeshShape(1, 1); }
  std::size_t num_devices() const { return 1; }
  std::size_t num_rows() const { return 1; }
  std::size_t num_cols() const { return 1; }
  bool is_local(const MeshCoordinate &) const { return true; }
  bool close() override;

  tilewright::sim::Device &simulated() const override { return *device; }
  std::shared_ptr<const IDevice> keepAlive() const override {
    return shared_from_this();
  }

private:
  MeshDevice() = default;

  std::unique_ptr<tilewright::sim::Device> device;
  std::unique_ptr<MeshCommandQueue> queue;
};

} // namespace tt::tt_metal::distributed
