//===- hal_types.hpp - Kinds of cores that run kernels ----------*- C++ -*-===//
#pragma once

#include <cstdint>

namespace tt::tt_metal {

/// The simulator has Tensix cores.
enum class HalProgrammableCoreType : uint8_t { TENSIX, ACTIVE_ETH, IDLE_ETH };
enum class HalMemType : uint8_t { L1, DRAM, HOST };

} // namespace tt::tt_metal
