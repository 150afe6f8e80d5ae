//===- arg_config.hpp - What of an accessor is known when -------*- C++ -*-===//
//
// Kernels and host programs share one file; it stands beside the headers of
// kernels, in the source tree and in an installation.
//
//===----------------------------------------------------------------------===//
#pragma once

#if __has_include(                                                             \
    "../../../../DeviceApi/include/hostdevcommon/tensor_accessor/arg_config.hpp")
#include "../../../../DeviceApi/include/hostdevcommon/tensor_accessor/arg_config.hpp"
#else
#include "../../../../simulator/DeviceApi/include/hostdevcommon/tensor_accessor/arg_config.hpp"
#endif
