//===- ProgramImpl.h - What stands behind the host API ----------*- C++ -*-===//
//
// The host API's Program holds a program of the simulator. The plan runner uses
// this header to name circular buffers and to get the result of a launch as a
// value instead of an exception.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_HOST_PROGRAMIMPL_H
#define TILEWRIGHT_SIMULATOR_HOST_PROGRAMIMPL_H

#include "Runtime/Program.h"

#include <tt-metalium/host_api.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tt::tt_metal::detail {

struct ProgramImpl {
  tilewright::sim::Program program;
  /// By handle, as given by the host program.
  std::vector<CircularBufferConfig> circularBuffers;
  /// Buffers that live as long as the program.
  std::vector<std::shared_ptr<Buffer>> buffers;
  /// What GetRuntimeArgs refers to, by kernel; its views stay where they are.
  struct Arguments {
    std::map<std::pair<std::size_t, std::size_t>, RuntimeArgsData> byCore;
    std::vector<std::vector<RuntimeArgsData>> grid;
    RuntimeArgsData common;
  };
  std::map<KernelHandle, Arguments> arguments;
  /// Kernels that share both NoCs of their core.
  std::set<KernelHandle> dynamicNoc;
};

/// A kernel whose source is given as text; `name` is what messages call it.
KernelHandle createNamedKernel(Program &program, const std::string &name,
                               const std::string &source, const CoreSpec &cores,
                               const KernelConfig &config);

} // namespace tt::tt_metal::detail

namespace tilewright::sim::host {

/// Throws a FaultError without a place in a kernel.
[[noreturn]] void fail(FaultCode code, std::string message);

std::vector<CoreRange> toRanges(const tt::tt_metal::CoreSpec &cores);

inline CoreCoord toCore(const tt::tt_metal::CoreCoord &core) {
  return {static_cast<uint32_t>(core.x), static_cast<uint32_t>(core.y)};
}

/// Runs a program for a host program: prints what kernels print, writes
/// warnings to the standard error stream, appends the report to the file named
/// by TILEWRIGHT_REPORT, and throws std::runtime_error for faults. `number` is
/// that of the device in its mesh.
void launch(Device &device, const Program &program, int number);

} // namespace tilewright::sim::host

#endif // TILEWRIGHT_SIMULATOR_HOST_PROGRAMIMPL_H
