//===- program.hpp - A program: kernels, buffers, arguments -----*- C++ -*-===//
#pragma once

#include <cstdint>
#include <memory>

namespace tt::tt_metal {

struct ProgramDescriptor;

namespace detail {
struct ProgramImpl;
}

/// Move-only. Filled by the Create* functions of host_api.hpp.
class Program {
public:
  Program();
  /// Throws std::runtime_error for what a descriptor has wrong.
  explicit Program(const ProgramDescriptor &descriptor);
  ~Program();
  Program(Program &&other) noexcept;
  Program &operator=(Program &&other) noexcept;

  detail::ProgramImpl &impl() const { return *internal; }
  /// A number that the SDK's profiler shows with the program.
  void set_runtime_id(uint64_t id) { runtimeId = id; }
  uint64_t get_runtime_id() const { return runtimeId; }

private:
  std::shared_ptr<detail::ProgramImpl> internal;
  uint64_t runtimeId = 0;
};

} // namespace tt::tt_metal
