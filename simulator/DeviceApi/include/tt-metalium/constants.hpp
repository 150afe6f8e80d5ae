//===- constants.hpp - The shape of tiles, for kernels ----------*- C++ -*-===//
#pragma once

#include "tilewright/prelude.h"

namespace tt::constants {
using ::FACE_HEIGHT;
using ::FACE_HW;
using ::FACE_WIDTH;
using ::TILE_HEIGHT;
using ::TILE_HW;
using ::TILE_WIDTH;
} // namespace tt::constants
