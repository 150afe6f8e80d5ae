//===- mesh_trace_id.hpp - The name of a captured trace ---------*- C++ -*-===//
#pragma once

#include <compare>
#include <cstdint>

namespace tt::tt_metal::distributed {

class MeshTraceId {
public:
  constexpr explicit MeshTraceId(uint32_t id = 0) : id(id) {}
  constexpr uint32_t operator*() const { return id; }
  constexpr auto operator<=>(const MeshTraceId &) const = default;

private:
  uint32_t id;
};

} // namespace tt::tt_metal::distributed
