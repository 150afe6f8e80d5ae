//===- span.hpp - tt::stl::Span --------------------------------*- C++ -*-===//
//
// A view of contiguous values; as in the SDK, containers convert to it.
//
//===---------------------------------------------------------------------===//
#pragma once

#include <iterator>
#include <span>
#include <type_traits>

namespace ttsl {
template <typename T, std::size_t Extent = std::dynamic_extent>
using Span = std::span<T, Extent>;

using std::as_bytes;
using std::as_writable_bytes;

template <typename Container> constexpr auto make_span(Container &values) {
  return Span<std::remove_pointer_t<decltype(std::data(values))>>(values);
}
template <typename Container>
constexpr auto make_const_span(const Container &values) {
  return make_span(values);
}
} // namespace ttsl

namespace tt {
namespace stl = ::ttsl;
} // namespace tt
