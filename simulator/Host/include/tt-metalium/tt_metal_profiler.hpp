//===- tt_metal_profiler.hpp - The device profiler --------------*- C++ -*-===//
//
// Runs report their times without it: see TILEWRIGHT_REPORT.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <tt-metalium/mesh_device.hpp>
#include <tt-metalium/not_simulated.hpp>

namespace tt::tt_metal {

void ReadMeshDeviceProfilerResults(distributed::MeshDevice &device)
    TILEWRIGHT_NOT_SIMULATED;

} // namespace tt::tt_metal
