//===- small_vector.hpp - tt::stl::SmallVector ------------------*- C++ -*-===//
#pragma once

#include <cstddef>
#include <vector>

#include <tt_stl/span.hpp>

namespace ttsl {
/// The SDK's vector of few elements; here it is the standard one.
template <typename T, std::size_t = 8>
class SmallVector : public std::vector<T> {
public:
  using std::vector<T>::vector;
};
} // namespace ttsl
