//===- command_queue.hpp - The queue of one device --------------*- C++ -*-===//
//
// The spelling of the years before the mesh API. What is enqueued is done at
// once, in order.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <variant>
#include <vector>

#include <tt-metalium/buffer.hpp>
#include <tt-metalium/event.hpp>
#include <tt-metalium/program.hpp>
#include <tt-metalium/sub_device_types.hpp>
#include <tt_stl/span.hpp>

namespace tt::tt_metal {

class CommandQueue {
public:
  explicit CommandQueue(IDevice *device, uint32_t id = 0)
      : owner(device), number(id) {}
  IDevice *device() const { return owner; }
  uint32_t id() const { return number; }

private:
  IDevice *owner;
  uint32_t number;
};

using BufferRef =
    std::variant<std::reference_wrapper<Buffer>, std::shared_ptr<Buffer>>;
using ProgramRef =
    std::variant<std::reference_wrapper<Program>, std::shared_ptr<Program>>;

/// All bytes of the buffer. Throw std::runtime_error as Buffer does.
void EnqueueWriteBuffer(CommandQueue &queue, const BufferRef &buffer,
                        const void *data, bool blocking);
void EnqueueReadBuffer(CommandQueue &queue, const BufferRef &buffer, void *data,
                       bool blocking);

namespace detail {
Buffer &toBuffer(const BufferRef &buffer);
}

template <typename T>
void EnqueueWriteBuffer(CommandQueue &, const BufferRef &buffer,
                        const std::vector<T> &data, bool) {
  detail::toBuffer(buffer).write(data.data(), data.size() * sizeof(T));
}
template <typename T>
void EnqueueReadBuffer(CommandQueue &, const BufferRef &buffer,
                       std::vector<T> &data, bool) {
  const Buffer &from = detail::toBuffer(buffer);
  data.resize(from.size() / sizeof(T));
  from.read(data.data());
}

/// Runs the program. Throws std::runtime_error for its faults.
void EnqueueProgram(CommandQueue &queue, const ProgramRef &program,
                    bool blocking);
inline void Finish(CommandQueue &, tt::stl::Span<const SubDeviceId> = {}) {}

inline void EnqueueRecordEvent(CommandQueue &, const std::shared_ptr<Event> &,
                               tt::stl::Span<const SubDeviceId> = {}) {}
inline void EnqueueWaitForEvent(CommandQueue &,
                                const std::shared_ptr<Event> &) {}
inline void EventSynchronize(const std::shared_ptr<Event> &) {}
inline bool EventQuery(const std::shared_ptr<Event> &) { return true; }

} // namespace tt::tt_metal
