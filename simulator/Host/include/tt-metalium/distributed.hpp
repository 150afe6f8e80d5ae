//===- distributed.hpp - Queues, transfers and launches ---------*- C++ -*-===//
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <tt-metalium/host_api.hpp>
#include <tt-metalium/mesh_buffer.hpp>
#include <tt-metalium/mesh_command_queue.hpp>
#include <tt-metalium/mesh_coord.hpp>
#include <tt-metalium/mesh_device.hpp>
#include <tt-metalium/mesh_workload.hpp>
#include <tt-metalium/not_simulated.hpp>

namespace tt::tt_metal::distributed {

/// Runs the workload; a second launch needs no new workload. Throws
/// std::runtime_error for faults of the programs, each with its code.
void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking);
void Finish(MeshCommandQueue &queue);
void Synchronize(MeshDevice *device, std::optional<uint8_t> queue = {});

/// Writes the first bytes of the buffer; throws std::runtime_error when there
/// is more data than buffer.
template <typename T>
void EnqueueWriteMeshBuffer(MeshCommandQueue &queue,
                            const std::shared_ptr<MeshBuffer> &buffer,
                            const std::vector<T> &data, bool blocking = false) {
  queue.enqueue_write_mesh_buffer(buffer, data.data(), data.size() * sizeof(T),
                                  blocking);
}

/// Resizes `data` to the buffer.
template <typename T>
void EnqueueReadMeshBuffer(MeshCommandQueue &queue, std::vector<T> &data,
                           const std::shared_ptr<MeshBuffer> &buffer,
                           bool blocking = true) {
  data.resize(buffer->size() / sizeof(T));
  queue.enqueue_read_mesh_buffer(data.data(), buffer, blocking);
}

/// The same for the part of one device.
template <typename T>
void WriteShard(MeshCommandQueue &queue,
                const std::shared_ptr<MeshBuffer> &buffer,
                const std::vector<T> &data, const MeshCoordinate &,
                bool blocking = false) {
  EnqueueWriteMeshBuffer(queue, buffer, data, blocking);
}
template <typename T>
void ReadShard(MeshCommandQueue &queue, std::vector<T> &data,
               const std::shared_ptr<MeshBuffer> &buffer,
               const MeshCoordinate &, bool blocking = true) {
  EnqueueReadMeshBuffer(queue, data, buffer, blocking);
}

// What the SDK has and the simulator lacks.
class MeshEvent;
class MeshTraceId;
void EventSynchronize(const MeshEvent &event) TILEWRIGHT_NOT_SIMULATED;
bool EventQuery(const MeshEvent &event) TILEWRIGHT_NOT_SIMULATED;
MeshTraceId BeginTraceCapture(MeshDevice *device,
                              uint8_t queue) TILEWRIGHT_NOT_SIMULATED;

} // namespace tt::tt_metal::distributed
