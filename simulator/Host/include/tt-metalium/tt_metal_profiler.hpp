//===- tt_metal_profiler.hpp - The device profiler --------------*- C++ -*-===//
//
// As with the profiler switched off, these write nothing: `tilewright sim
// --report DIR` shows where the time of a program goes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <hostdevcommon/profiler_common.h>
#include <tt-metalium/mesh_device.hpp>
#include <tt-metalium/profiler_types.hpp>

namespace tt::tt_metal {

class Program;

inline void
ReadMeshDeviceProfilerResults(distributed::MeshDevice &,
                              ProfilerReadState = ProfilerReadState::NORMAL) {}

namespace detail {
inline void
ReadDeviceProfilerResults(IDevice *,
                          ProfilerReadState = ProfilerReadState::NORMAL) {}
inline void DumpDeviceProfileResults(IDevice *) {}
inline void DumpDeviceProfileResults(IDevice *, const Program &) {}
inline void DumpDeviceProfileResults(IDevice *, ProfilerDumpState) {}
} // namespace detail

/// The spelling of early 2025.
using detail::DumpDeviceProfileResults;

} // namespace tt::tt_metal
