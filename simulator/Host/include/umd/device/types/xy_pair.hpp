//===- xy_pair.hpp - Coordinates under their older name ---------*- C++ -*-===//
#pragma once

#include <tt-metalium/core_coord.hpp>

using tt_xy_pair = tt::tt_metal::CoreCoord;
