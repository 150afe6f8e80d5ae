//===- event.hpp - A point in the queue of one device -----------*- C++ -*-===//
#pragma once

#include <cstdint>

namespace tt::tt_metal {

class IDevice;

struct Event {
  IDevice *device = nullptr;
  uint32_t cq_id = 0;
  uint32_t event_id = 0;
};

} // namespace tt::tt_metal
