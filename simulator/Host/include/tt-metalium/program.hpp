//===- program.hpp - A program: kernels, buffers, arguments -----*- C++ -*-===//
#pragma once

#include <memory>

namespace tt::tt_metal {

namespace detail {
struct ProgramImpl;
}

/// Move-only. Filled by the Create* functions of host_api.hpp.
class Program {
public:
  Program();
  ~Program();
  Program(Program &&other) noexcept;
  Program &operator=(Program &&other) noexcept;

  detail::ProgramImpl &impl() const { return *internal; }

private:
  std::shared_ptr<detail::ProgramImpl> internal;
};

} // namespace tt::tt_metal
