//===- MeshState.h - what a mesh of devices is made of ----------*- C++ -*-===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_MESHSTATE_H
#define TILEWRIGHT_SIMULATOR_HOST_MESHSTATE_H

#include "ProgramImpl.h"
#include "tilewright/arch/Chip.h"

#include <tt-metalium/distributed.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tt::tt_metal::distributed {

/// One chip of a mesh as a device of its own.
class ChipDevice : public IDevice {
public:
  ChipDevice(const tilewright::arch::Chip &chip, uint32_t gridX, uint32_t gridY,
             ChipId number)
      : device(chip, gridX, gridY), number(number) {}
  tilewright::sim::Device &simulated() const override { return device; }
  std::shared_ptr<const IDevice> keepAlive() const override {
    const auto held = mesh.lock();
    return held ? std::shared_ptr<const IDevice>(held, this) : nullptr;
  }
  bool close() override { return true; }
  ChipId id() const override { return number; }

  std::weak_ptr<const MeshDevice> mesh;

private:
  mutable tilewright::sim::Device device;
  ChipId number;
};

/// What one enqueued workload of a trace runs.
struct TracedLaunch {
  size_t device;
  tilewright::sim::Program program;
};

struct MeshState {
  MeshShape shape{1, 1};
  std::vector<std::unique_ptr<ChipDevice>> chips;
  std::vector<std::unique_ptr<MeshCommandQueue>> queues;
  std::map<uint32_t, std::vector<TracedLaunch>> traces;
  std::optional<uint32_t> capturing;
  uint32_t nextTrace = 0;
  std::vector<size_t> subDevices; ///< of each manager, how many
  std::optional<uint64_t> loaded;

  /// The number of the device at a place of the mesh.
  size_t index(const MeshCoordinate &coord) const {
    size_t number = 0;
    bool inside = coord.dims() == shape.dims();
    for (size_t i = 0; inside && i < coord.dims(); ++i) {
      const auto dim = static_cast<std::ptrdiff_t>(i);
      inside = coord[dim] < shape[dim];
      number = number * shape[dim] + coord[dim];
    }
    if (!inside)
      tilewright::sim::host::fail(tilewright::sim::FaultCode::BadCore,
                                  "a device outside the mesh is asked for");
    return number;
  }
  MeshCoordinate place(size_t number) const {
    std::vector<uint32_t> dims(shape.dims());
    for (size_t i = dims.size(); i-- > 0;) {
      const uint32_t extent = shape[static_cast<std::ptrdiff_t>(i)];
      dims[i] = static_cast<uint32_t>(number % extent);
      number /= extent;
    }
    return MeshCoordinate(tt::stl::Span<const uint32_t>(dims));
  }
};

} // namespace tt::tt_metal::distributed

#endif // TILEWRIGHT_SIMULATOR_HOST_MESHSTATE_H
