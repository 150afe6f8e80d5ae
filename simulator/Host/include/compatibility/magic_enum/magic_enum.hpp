//===- magic_enum.hpp - Names of enumerators --------------------*- C++ -*-===//
//
// The parts of the library of this name that programs of the SDK use, for
// enumerators from -16 to 127. Used only where the library is not installed.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace magic_enum {
namespace detail {

constexpr int kLow = -16, kHigh = 128;

template <auto Value> constexpr std::string_view spelled() {
  // "... [Value = Scope::Name]", or "(Scope)5" for no enumerator.
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("Value = ") + 8);
  text = text.substr(0, text.find_first_of("];"));
  // A scope may be "(anonymous namespace)::".
  if (const std::size_t at = text.rfind(')');
      at != text.npos && text.substr(at + 1, 2) != "::")
    return {};
  const std::size_t colon = text.rfind(':');
  return colon == text.npos ? text : text.substr(colon + 1);
}

/// The name of the enumerator of value V; none for a value that the enumeration
/// cannot hold, which one without an underlying type has.
template <typename E, int V>
  requires requires { spelled<static_cast<E>(V)>(); }
constexpr std::string_view nameOf(int) {
  return spelled<static_cast<E>(V)>();
}
template <typename E, int V> constexpr std::string_view nameOf(...) {
  return {};
}

template <typename E, std::size_t... I>
constexpr auto table(std::index_sequence<I...>) {
  return std::array<std::string_view, sizeof...(I)>{
      nameOf<E, kLow + static_cast<int>(I)>(0)...};
}
template <typename E>
inline constexpr auto names =
    table<E>(std::make_index_sequence<kHigh - kLow>{});

} // namespace detail

template <typename E> constexpr std::string_view enum_name(E value) {
  const int index = static_cast<int>(value) - detail::kLow;
  return index < 0 || index >= detail::kHigh - detail::kLow
             ? std::string_view()
             : detail::names<E>[index];
}

template <typename E> constexpr std::size_t enum_count() {
  std::size_t count = 0;
  for (const std::string_view name : detail::names<E>)
    count += !name.empty();
  return count;
}

template <typename E> constexpr auto enum_values() {
  std::array<E, enum_count<E>()> values{};
  std::size_t next = 0;
  for (std::size_t i = 0; i < detail::names<E>.size(); ++i)
    if (!detail::names<E>[i].empty())
      values[next++] = static_cast<E>(detail::kLow + static_cast<int>(i));
  return values;
}

} // namespace magic_enum
