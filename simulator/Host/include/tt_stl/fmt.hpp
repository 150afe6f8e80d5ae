//===- fmt.hpp - What the SDK's headers bring with them ----------*- C++
//-*-===//
//
// Programs written against the SDK use {fmt} and parts of the standard library
// without including them. {fmt} is there where it is installed: the CMake
// package then defines TILEWRIGHT_WITH_FMT and links the library.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cassert>
#include <chrono>
#include <iostream>
#include <map>
#include <unordered_map>
#include <unordered_set>

#ifdef TILEWRIGHT_WITH_FMT
#include <fmt/core.h>
#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/core_coord.hpp>

template <>
struct fmt::formatter<tt::tt_metal::CoreCoord> : fmt::ostream_formatter {};
template <>
struct fmt::formatter<tt::tt_metal::TensorMemoryLayout>
    : fmt::ostream_formatter {};
#endif
