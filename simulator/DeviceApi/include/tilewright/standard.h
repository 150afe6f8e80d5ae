//===- standard.h - parts of the C++ library that kernels expect -*- C++
//-*-===//
//
// The vendor's dataflow_api.h brings these to every kernel; here to those that
// name something of them, as they take longer to read than most kernels.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
