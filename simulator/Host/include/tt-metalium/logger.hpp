//===- logger.hpp - log_info and the like -----------------------*- C++ -*-===//
//
// Messages of a host program go to the standard output, errors and warnings to
// the standard error stream; each {} stands for the next value.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <iostream>

#include <tt_stl/assert.hpp>

namespace tt {

enum LogType {
  LogAlways,
  LogTest,
  LogVerif,
  LogDevice,
  LogMetal,
  LogOp,
  LogBuildKernels,
};

namespace log_detail {
template <typename... Args>
void put(std::ostream &out, const char *level, LogType, std::string_view text,
         const Args &...args) {
  out << level << ::ttsl::assert_detail::format(text, args...) << std::endl;
}
template <typename... Args>
void put(std::ostream &out, const char *level, std::string_view text,
         const Args &...args) {
  put(out, level, LogAlways, text, args...);
}
} // namespace log_detail

template <typename... Args> void log_info(const Args &...args) {
  log_detail::put(std::cout, "info: ", args...);
}
template <typename... Args> void log_debug(const Args &...) {}
template <typename... Args> void log_trace(const Args &...) {}
template <typename... Args> void log_warning(const Args &...args) {
  log_detail::put(std::cerr, "warning: ", args...);
}
template <typename... Args> void log_error(const Args &...args) {
  log_detail::put(std::cerr, "error: ", args...);
}
template <typename... Args> void log_critical(const Args &...args) {
  log_detail::put(std::cerr, "critical: ", args...);
}
template <typename... Args> [[noreturn]] void log_fatal(const Args &...args) {
  log_detail::put(std::cerr, "fatal: ", args...);
  throw std::runtime_error("log_fatal");
}

} // namespace tt

using tt::log_critical;
using tt::log_debug;
using tt::log_error;
using tt::log_fatal;
using tt::log_info;
using tt::log_trace;
using tt::log_warning;
