//===- KernelBuild.h - kernels to shared objects ----------------*- C++ -*-===//
//
// Each kernel source is compiled unmodified by clang against the device API,
// once for a data-movement processor and three times for compute, with the pass
// plugin that gives each core its own L1 and globals. Results are kept on disk
// by the hash of everything that goes in, and in memory while the process runs.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_BUILD_KERNELBUILD_H
#define TILEWRIGHT_SIMULATOR_BUILD_KERNELBUILD_H

#include "DeviceApi/include/tilewright/table.h"
#include "Runtime/Program.h"

#include <array>
#include <string>
#include <vector>

namespace tilewright::sim {

/// One loaded object: the code of one agent.
struct KernelImage {
  void (*entry)() = nullptr;
  TwApi **api = nullptr;
  /// Initial bytes of the kernel's mutable globals; each agent has a copy.
  const unsigned char *globals = nullptr;
  uint64_t globalBytes = 0;
  /// Runs the constructors of globals; may be null.
  void (*construct)() = nullptr;
  /// The code reads L1 through pointers, or may.
  bool readsL1 = false;
};

/// What one kernel needs from its surroundings to be built.
struct BuildRequest {
  const KernelSpec *kernel = nullptr;
  /// Formats of the circular buffers on the kernel's cores, by index.
  std::vector<uint8_t> formats;
  /// Their tiles, where those are not 32x32: rows << 8 | columns, else 0.
  std::vector<uint32_t> tiles;
  const arch::Chip *chip = nullptr;
};

struct BuildOutcome {
  /// One image for a data-movement kernel; UNPACK, MATH, PACK for compute.
  std::vector<std::array<KernelImage, 3>> images;
  std::vector<Fault> faults;
  uint32_t built = 0;
  uint32_t cached = 0;
};

/// Builds all requests, on as many threads as the machine has.
BuildOutcome buildKernelImages(const std::vector<BuildRequest> &requests);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_BUILD_KERNELBUILD_H
