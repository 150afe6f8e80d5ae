//===- kernel_types.hpp - What a kernel is built and placed with *- C++ -*-===//
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <tt-metalium/base_types.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>

namespace tt::tt_metal {

enum class DataMovementProcessor {
  RISCV_0 = 0, ///< BRISC
  RISCV_1 = 1, ///< NCRISC
};

enum NOC : uint8_t {
  RISCV_0_default = 0,
  RISCV_1_default = 1,
  NOC_0 = 0,
  NOC_1 = 1,
};

enum NOC_MODE : uint8_t { DM_DEDICATED_NOC = 0, DM_DYNAMIC_NOC = 1 };

/// Words of unique and common arguments together.
constexpr uint32_t max_runtime_args = 341;

using KernelHandle = std::uint32_t;

enum class KernelBuildOptLevel : uint8_t { O1, O2, O3, O0, Os, Ofast, Oz };

struct DataMovementConfig {
  DataMovementProcessor processor = DataMovementProcessor::RISCV_0;
  NOC noc = NOC::RISCV_0_default;
  NOC_MODE noc_mode = NOC_MODE::DM_DEDICATED_NOC;
  std::vector<uint32_t> compile_args = {};
  std::map<std::string, std::string> defines = {};
  std::unordered_map<std::string, uint32_t> named_compile_args = {};
  KernelBuildOptLevel opt_level = KernelBuildOptLevel::O2;
};

struct ReaderDataMovementConfig : DataMovementConfig {
  ReaderDataMovementConfig(
      std::vector<uint32_t> compile_args = {},
      std::map<std::string, std::string> defines = {},
      std::unordered_map<std::string, uint32_t> named_compile_args = {},
      KernelBuildOptLevel opt_level = KernelBuildOptLevel::O2)
      : DataMovementConfig{.processor = DataMovementProcessor::RISCV_1,
                           .noc = NOC::NOC_0,
                           .compile_args = std::move(compile_args),
                           .defines = std::move(defines),
                           .named_compile_args = std::move(named_compile_args),
                           .opt_level = opt_level} {}
};

struct WriterDataMovementConfig : DataMovementConfig {
  WriterDataMovementConfig(
      std::vector<uint32_t> compile_args = {},
      std::map<std::string, std::string> defines = {},
      std::unordered_map<std::string, uint32_t> named_compile_args = {},
      KernelBuildOptLevel opt_level = KernelBuildOptLevel::O2)
      : DataMovementConfig{.processor = DataMovementProcessor::RISCV_0,
                           .noc = NOC::NOC_1,
                           .compile_args = std::move(compile_args),
                           .defines = std::move(defines),
                           .named_compile_args = std::move(named_compile_args),
                           .opt_level = opt_level} {}
};

struct ComputeConfig {
  MathFidelity math_fidelity = MathFidelity::HiFi4;
  bool fp32_dest_acc_en = false;
  bool dst_full_sync_en = false;
  /// One entry for each circular buffer index, or empty.
  std::vector<UnpackToDestMode> unpack_to_dest_mode = {};
  bool bfp8_pack_precise = false;
  bool math_approx_mode = false;
  std::vector<uint32_t> compile_args = {};
  std::map<std::string, std::string> defines = {};
  std::unordered_map<std::string, uint32_t> named_compile_args = {};
  KernelBuildOptLevel opt_level = KernelBuildOptLevel::O3;
};

/// A kernel on an ethernet core.
enum class Eth : uint8_t { SENDER = 0, RECEIVER = 1, IDLE = 2 };
struct EthernetConfig {
  Eth eth_mode = Eth::SENDER;
  NOC noc = NOC::NOC_0;
  DataMovementProcessor processor = DataMovementProcessor::RISCV_0;
  std::vector<uint32_t> compile_args = {};
  std::map<std::string, std::string> defines = {};
  std::unordered_map<std::string, uint32_t> named_compile_args = {};
  KernelBuildOptLevel opt_level = KernelBuildOptLevel::Os;
};

namespace detail {
inline NOC preferred_noc_for_dram_read(ARCH) { return NOC::NOC_0; }
inline NOC preferred_noc_for_dram_write(ARCH) { return NOC::NOC_1; }
} // namespace detail

} // namespace tt::tt_metal
