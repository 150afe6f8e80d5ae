//===- mesh_device.hpp - A mesh of simulated devices ------------*- C++ -*-===//
//
// The devices of a mesh are chips of one kind, numbered row by row. They are
// not connected: programs run on each of them, one device after the other.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tt-metalium/device.hpp>
#include <tt-metalium/dispatch_core_common.hpp>
#include <tt-metalium/mesh_config.hpp>
#include <tt-metalium/mesh_coord.hpp>
#include <tt-metalium/mesh_trace_id.hpp>
#include <tt-metalium/sub_device.hpp>
#if __has_include(<tilewright/stamp.h>)
#include <tilewright/stamp.h>
#endif

namespace tt::tt_metal::distributed {

class MeshCommandQueue;
struct MeshState;

class MeshDevice : public IDevice,
                   public std::enable_shared_from_this<MeshDevice> {
public:
  /// Opens device 0. Throws std::runtime_error for another one, and for an
  /// unknown chip in TILEWRIGHT_DEVICE.
  static std::shared_ptr<MeshDevice>
  create_unit_mesh(int device_id,
                   std::size_t l1_small_size = DEFAULT_L1_SMALL_SIZE,
                   std::size_t trace_region_size = DEFAULT_TRACE_REGION_SIZE,
                   std::size_t num_command_queues = 1,
                   const DispatchCoreConfig &dispatch = {});
  /// Throws std::runtime_error for an empty mesh and for one of more than 32
  /// devices.
  static std::shared_ptr<MeshDevice>
  create(const MeshDeviceConfig &config,
         std::size_t l1_small_size = DEFAULT_L1_SMALL_SIZE,
         std::size_t trace_region_size = DEFAULT_TRACE_REGION_SIZE,
         std::size_t num_command_queues = 1,
         const DispatchCoreConfig &dispatch = {});
  /// Chips by name ("n150", "p150:14x10"), whatever the environment says.
  static std::shared_ptr<MeshDevice>
  createSimulated(const std::string &chip,
                  const MeshShape &shape = MeshShape(1, 1),
                  std::size_t num_command_queues = 1);
  ~MeshDevice() override;

  /// Throws std::runtime_error for a queue that was not asked for.
  MeshCommandQueue &
  mesh_command_queue(std::optional<uint8_t> id = std::nullopt) const;
  const MeshShape &shape() const;
  std::size_t num_devices() const { return shape().mesh_size(); }
  std::size_t num_rows() const { return shape()[0]; }
  std::size_t num_cols() const { return shape()[-1]; }
  bool is_local(const MeshCoordinate &) const { return true; }
  std::vector<IDevice *> get_devices() const;
  std::vector<ChipId> get_device_ids() const;
  /// Throws std::runtime_error for a place outside the mesh.
  IDevice *get_device(const MeshCoordinate &coord) const;
  IDevice *get_device(std::size_t row, std::size_t col) const {
    return get_device(
        MeshCoordinate(static_cast<uint32_t>(row), static_cast<uint32_t>(col)));
  }
  bool close() override;

  /// Programs of sub-devices run one after the other.
  SubDeviceManagerId
  create_sub_device_manager(tt::stl::Span<const SubDevice> sub_devices,
                            DeviceAddr local_l1_size);
  SubDeviceManagerId
  create_sub_device_manager(std::initializer_list<SubDevice> sub_devices,
                            DeviceAddr local_l1_size);
  void load_sub_device_manager(SubDeviceManagerId id);
  void remove_sub_device_manager(SubDeviceManagerId id);
  void clear_loaded_sub_device_manager();
  std::vector<SubDeviceId> get_sub_device_ids() const;
  void set_sub_device_stall_group(tt::stl::Span<const SubDeviceId>) {}
  void set_sub_device_stall_group(std::initializer_list<SubDeviceId>) {}
  void reset_sub_device_stall_group() {}

  /// A trace keeps programs with the arguments they have when they are
  /// enqueued; they run when it is replayed. Throw std::runtime_error for a
  /// trace that is not there.
  MeshTraceId begin_mesh_trace(uint8_t queue);
  void begin_mesh_trace(uint8_t queue, const MeshTraceId &id);
  void end_mesh_trace(uint8_t queue, const MeshTraceId &id);
  void replay_mesh_trace(uint8_t queue, const MeshTraceId &id, bool blocking);
  void release_mesh_trace(const MeshTraceId &id);

  tilewright::sim::Device &simulated() const override;
  std::shared_ptr<const IDevice> keepAlive() const override {
    return shared_from_this();
  }
  MeshState &state() const { return *inner; }

private:
  MeshDevice();

  std::unique_ptr<MeshState> inner;
};

} // namespace tt::tt_metal::distributed
