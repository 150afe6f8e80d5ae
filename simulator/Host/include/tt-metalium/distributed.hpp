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
#include <tt-metalium/mesh_event.hpp>
#include <tt-metalium/mesh_trace_id.hpp>
#include <tt-metalium/mesh_workload.hpp>
#include <tt-metalium/util.hpp>

namespace tt::tt_metal::distributed {

/// Runs the workload; a second launch needs no new workload. Throws
/// std::runtime_error for faults of the programs, each with its code.
void EnqueueMeshWorkload(MeshCommandQueue &queue, MeshWorkload &workload,
                         bool blocking);
void Finish(MeshCommandQueue &queue,
            tt::stl::Span<const SubDeviceId> sub_devices = {});
void Synchronize(MeshDevice *device, std::optional<uint8_t> queue = {},
                 tt::stl::Span<const SubDeviceId> sub_devices = {});

/// Writes the first bytes of the buffer; throws std::runtime_error when there
/// is more data than buffer.
template <typename T>
void EnqueueWriteMeshBuffer(MeshCommandQueue &queue,
                            const std::shared_ptr<MeshBuffer> &buffer,
                            const std::vector<T> &data, bool blocking = false) {
  queue.enqueue_write_mesh_buffer(buffer, data.data(), blocking,
                                  data.size() * sizeof(T));
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
void WriteShard(MeshCommandQueue &, const std::shared_ptr<MeshBuffer> &buffer,
                const std::vector<T> &data, const MeshCoordinate &coord,
                bool = false) {
  buffer->get_device_buffer(coord)->write(data.data(), data.size() * sizeof(T));
}
template <typename T>
void ReadShard(MeshCommandQueue &, std::vector<T> &data,
               const std::shared_ptr<MeshBuffer> &buffer,
               const MeshCoordinate &coord, bool = true) {
  const Buffer *part = buffer->get_device_buffer(coord);
  data.resize(part->size() / sizeof(T));
  part->read(data.data());
}

// What is enqueued has happened when the call returns.
inline void EventSynchronize(const MeshEvent &) {}
inline bool EventQuery(const MeshEvent &) { return true; }
inline void EnqueueRecordEvent(MeshCommandQueue &,
                               const std::shared_ptr<MeshEvent> &) {}
inline MeshEvent
EnqueueRecordEvent(MeshCommandQueue &queue,
                   tt::stl::Span<const SubDeviceId> = {},
                   const std::optional<MeshCoordinateRange> & = std::nullopt) {
  return queue.enqueue_record_event();
}
inline MeshEvent EnqueueRecordEventToHost(
    MeshCommandQueue &queue, tt::stl::Span<const SubDeviceId> = {},
    const std::optional<MeshCoordinateRange> & = std::nullopt) {
  return queue.enqueue_record_event_to_host();
}
inline void EnqueueWaitForEvent(MeshCommandQueue &,
                                const std::shared_ptr<MeshEvent> &) {}
inline void EnqueueWaitForEvent(MeshCommandQueue &, const MeshEvent &) {}

// Traces: see MeshDevice.
MeshTraceId BeginTraceCapture(MeshDevice *device, uint8_t queue);
void EndTraceCapture(MeshDevice *device, uint8_t queue, const MeshTraceId &id);
void ReplayTrace(MeshDevice *device, uint8_t queue, const MeshTraceId &id,
                 bool blocking);
void ReleaseTrace(MeshDevice *device, const MeshTraceId &id);

inline bool UsingDistributedEnvironment() { return false; }

} // namespace tt::tt_metal::distributed
