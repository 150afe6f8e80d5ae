//===- mesh_workload.hpp - Programs by device -------------------*- C++ -*-===//
#pragma once

#include <map>

#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/mesh_coord.hpp>
#include <tt-metalium/program.hpp>

namespace tt::tt_metal::distributed {

/// A workload may be enqueued again; its programs keep their arguments.
class MeshWorkload {
public:
  /// Throws std::runtime_error when the range has a program already.
  void add_program(const MeshCoordinateRange &range, Program &&program);
  std::map<MeshCoordinateRange, Program> &get_programs() { return programs; }

private:
  std::map<MeshCoordinateRange, Program> programs;
};

/// The spellings of 2025.
inline MeshWorkload CreateMeshWorkload() { return {}; }
void AddProgramToMeshWorkload(MeshWorkload &workload, Program &&program,
                              const MeshCoordinateRange &range);

/// Early in 2025 a range of devices was one of columns and rows, and the
/// program was named. What stands around this namespace was seen from it.
using namespace tt::tt_metal;
using LogicalDeviceRange = CoreRange;
using DeviceCoord = CoreCoord;
inline void AddProgramToMeshWorkload(MeshWorkload &workload, Program &program,
                                     const LogicalDeviceRange &range) {
  AddProgramToMeshWorkload(
      workload, std::move(program),
      MeshCoordinateRange(
          MeshCoordinate(static_cast<uint32_t>(range.start_coord.y),
                         static_cast<uint32_t>(range.start_coord.x)),
          MeshCoordinate(static_cast<uint32_t>(range.end_coord.y),
                         static_cast<uint32_t>(range.end_coord.x))));
}

} // namespace tt::tt_metal::distributed
