//===- tt_align.hpp - Alignment of an address -------------------*- C++ -*-===//
#pragma once

#include <type_traits>

namespace tt {

/// The next multiple of `alignment`, which is a power of two.
template <typename A, typename B> constexpr auto align(A address, B alignment) {
  using T = std::common_type_t<A, B>;
  const T mask = static_cast<T>(alignment) - 1;
  return static_cast<T>((static_cast<T>(address) + mask) & ~mask);
}

} // namespace tt
