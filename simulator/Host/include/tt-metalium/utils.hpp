//===- utils.hpp - Names that early host programs rely on -------*- C++ -*-===//
//
// Until the middle of 2025 the SDK's headers brought `string` into the global
// namespace; programs of that time use it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <string>

using std::string;
