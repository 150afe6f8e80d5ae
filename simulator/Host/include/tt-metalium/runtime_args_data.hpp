//===- runtime_args_data.hpp - A view of a kernel's arguments ---*- C++ -*-===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace tt::tt_metal {

/// The arguments of a kernel on a core; writing to them changes the next
/// launch.
struct RuntimeArgsData {
  /// Null for a core without the kernel.
  std::vector<std::uint32_t> *words = nullptr;

  std::uint32_t &operator[](std::size_t index) const { return at(index); }
  /// Throws std::out_of_range.
  std::uint32_t &at(std::size_t index) const {
    if (index >= size())
      throw std::out_of_range("run-time argument " + std::to_string(index) +
                              " of " + std::to_string(size()));
    return (*words)[index];
  }
  std::uint32_t *data() const { return words ? words->data() : nullptr; }
  std::size_t size() const { return words ? words->size() : 0; }
};

} // namespace tt::tt_metal
