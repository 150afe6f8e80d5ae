//===- mesh_event.hpp - Points in a queue -----------------------*- C++ -*-===//
//
// The simulator does what is enqueued at once, so an event has happened when it
// is recorded.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace tt::tt_metal::distributed {

class MeshDevice;

class MeshEvent {
public:
  MeshEvent(uint32_t id, MeshDevice *device, uint32_t queue)
      : number(id), mesh(device), queue(queue) {}
  uint32_t id() const { return number; }
  MeshDevice *device() const { return mesh; }
  uint32_t mesh_cq_id() const { return queue; }

private:
  uint32_t number;
  MeshDevice *mesh;
  uint32_t queue;
};

} // namespace tt::tt_metal::distributed
