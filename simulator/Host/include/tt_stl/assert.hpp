//===- assert.hpp - TT_FATAL, TT_ASSERT, TT_THROW ---------------*- C++ -*-===//
//
// Checks of a host program. A failed check throws std::runtime_error with the
// formatted message; `{}` in the message stands for the next argument.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ttsl::assert_detail {

inline std::string format(std::string_view text) { return std::string(text); }

template <typename First, typename... Rest>
std::string format(std::string_view text, const First &first,
                   const Rest &...rest) {
  const std::size_t open = text.find('{');
  const std::size_t close = text.find('}', open);
  if (open == std::string_view::npos || close == std::string_view::npos)
    return std::string(text);
  std::ostringstream out;
  out << text.substr(0, open);
  if constexpr (requires { out << first; })
    out << first;
  else
    out << "{}";
  return out.str() + format(text.substr(close + 1), rest...);
}

[[noreturn]] inline void fail(const char *kind, const char *file, int line,
                              const std::string &condition,
                              const std::string &message = "") {
  throw std::runtime_error(std::string(kind) + " at " + file + ":" +
                           std::to_string(line) + ": " + condition +
                           (message.empty() ? "" : "\n" + message));
}

} // namespace ttsl::assert_detail

// The SDK defines these names as macros: they quote the condition and the line.
#define TT_FATAL(condition, ...)                                               \
  do {                                                                         \
    if (!(condition)) [[unlikely]]                                             \
      ::ttsl::assert_detail::fail(                                             \
          "TT_FATAL", __FILE__, __LINE__,                                      \
          #condition __VA_OPT__(, )                                            \
              __VA_OPT__(::ttsl::assert_detail::format(__VA_ARGS__)));         \
  } while (0)
#define TT_ASSERT(condition, ...) TT_FATAL(condition __VA_OPT__(, ) __VA_ARGS__)
#define TT_THROW(...)                                                          \
  ::ttsl::assert_detail::fail("TT_THROW", __FILE__, __LINE__,                  \
                              ::ttsl::assert_detail::format(__VA_ARGS__))
