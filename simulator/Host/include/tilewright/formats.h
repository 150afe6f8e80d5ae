//===- formats.h - data formats, fidelity, buffer indices -------*- C++ -*-===//
//
// Kernels and host programs share one file; it stands beside the headers of
// kernels, in the source tree and in an installation.
//
//===----------------------------------------------------------------------===//
#pragma once

#if __has_include("../../../DeviceApi/include/tilewright/formats.h")
#include "../../../DeviceApi/include/tilewright/formats.h"
#else
#include "../../../simulator/DeviceApi/include/tilewright/formats.h"
#endif
