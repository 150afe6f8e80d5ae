//===- program_descriptors.hpp - A program as plain data --------*- C++ -*-===//
//
// Program(descriptor) makes the program.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <tt-metalium/circular_buffer_config.hpp>
#include <tt-metalium/circular_buffer_constants.h>
#include <tt-metalium/constants.hpp>
#include <tt-metalium/core_coord.hpp>
#include <tt-metalium/device.hpp>
#include <tt-metalium/kernel_types.hpp>
#include <tt-metalium/tile.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>
#include <tt_stl/small_vector.hpp>

namespace tt::tt_metal {

class Buffer;

struct TileDescriptor {
  uint32_t height = constants::TILE_HEIGHT;
  uint32_t width = constants::TILE_WIDTH;
  bool transpose = false;
  bool operator==(const TileDescriptor &) const = default;
};

struct CBFormatDescriptor {
  uint8_t buffer_index = 0;
  tt::DataFormat data_format = tt::DataFormat::Float32;
  uint32_t page_size = 0;
  std::optional<TileDescriptor> tile;
};

struct CBDescriptor {
  using FormatDescriptors = ttsl::SmallVector<CBFormatDescriptor, 1>;
  uint32_t total_size = 0;
  CoreRangeSet core_ranges;
  FormatDescriptors format_descriptors;
  FormatDescriptors remote_format_descriptors; ///< must be empty
  /// Puts the circular buffer into an L1 buffer, `address_offset` bytes in.
  Buffer *buffer = nullptr;
  uint32_t address_offset = 0;
  /// Of the simulator alone, set through TILEWRIGHT_SCRATCH.
  bool scratch = false;
  CBDescriptor &set_scratch() {
    scratch = true;
    return *this;
  }
};

struct SemaphoreDescriptor {
  uint32_t id = 0;
  CoreType core_type = CoreType::WORKER;
  CoreRangeSet core_ranges;
  uint32_t initial_value = 0;
};

struct ReaderConfigDescriptor {};
struct WriterConfigDescriptor {};
struct DataMovementConfigDescriptor {
  DataMovementProcessor processor = DataMovementProcessor::RISCV_0;
  NOC noc = NOC::RISCV_0_default;
  NOC_MODE noc_mode = NOC_MODE::DM_DEDICATED_NOC;
};
struct ComputeConfigDescriptor {
  using UnpackToDestModes = std::vector<UnpackToDestMode>;
  MathFidelity math_fidelity = MathFidelity::HiFi4;
  bool fp32_dest_acc_en = false;
  bool dst_full_sync_en = false;
  UnpackToDestModes unpack_to_dest_mode;
  bool bfp8_pack_precise = false;
  bool math_approx_mode = false;
};

struct KernelDescriptor {
  using CompileTimeArgs = std::vector<uint32_t>;
  using NamedCompileTimeArgs = std::vector<std::pair<std::string, uint32_t>>;
  using Defines = std::vector<std::pair<std::string, std::string>>;
  using CoreRuntimeArgs = std::vector<uint32_t>;
  using RuntimeArgs = std::vector<std::pair<CoreCoord, CoreRuntimeArgs>>;
  using CommonRuntimeArgs = CoreRuntimeArgs;
  using ConfigDescriptor =
      std::variant<ReaderConfigDescriptor, WriterConfigDescriptor,
                   DataMovementConfigDescriptor, ComputeConfigDescriptor>;
  enum class SourceType { FILE_PATH, SOURCE_CODE };

  std::string kernel_source;
  SourceType source_type = SourceType::FILE_PATH;
  CoreRangeSet core_ranges;
  CompileTimeArgs compile_time_args;
  NamedCompileTimeArgs named_compile_time_args;
  Defines defines;
  RuntimeArgs runtime_args;
  CommonRuntimeArgs common_runtime_args;
  std::optional<KernelBuildOptLevel> opt_level = std::nullopt;
  ConfigDescriptor config;
};

struct ProgramDescriptor {
  using KernelDescriptors = ttsl::SmallVector<KernelDescriptor, 3>;
  using SemaphoreDescriptors = ttsl::SmallVector<SemaphoreDescriptor, 3>;
  using CBDescriptors = ttsl::SmallVector<CBDescriptor, 5>;

  KernelDescriptors kernels;
  SemaphoreDescriptors semaphores;
  CBDescriptors cbs;
  std::optional<std::uint64_t> custom_program_hash;
};

} // namespace tt::tt_metal
