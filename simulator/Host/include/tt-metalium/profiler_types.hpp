//===- profiler_types.hpp - States of the device profiler -------*- C++ -*-===//
#pragma once

namespace tt::tt_metal {

enum class ProfilerReadState { NORMAL, ONLY_DISPATCH_CORES, LAST_FD_READ };
enum class ProfilerDumpState { NORMAL, ONLY_DISPATCH_CORES, LAST_FD_DUMP };

} // namespace tt::tt_metal
