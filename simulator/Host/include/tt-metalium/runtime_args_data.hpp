//===- runtime_args_data.hpp - A view of a kernel's arguments ---*- C++ -*-===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace tt::tt_metal {

/// The arguments of a kernel on a core; writing to them changes the next
/// launch.
struct RuntimeArgsData {
  std::vector<std::uint32_t> *words;

  std::uint32_t &operator[](std::size_t index) const { return at(index); }
  /// Throws std::out_of_range.
  std::uint32_t &at(std::size_t index) const { return words->at(index); }
  std::uint32_t *data() const { return words->data(); }
  std::size_t size() const { return words->size(); }
};

} // namespace tt::tt_metal
