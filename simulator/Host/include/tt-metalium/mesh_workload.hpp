//===- mesh_workload.hpp - Programs by device -------------------*- C++ -*-===//
#pragma once

#include <map>

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

} // namespace tt::tt_metal::distributed
