//===- binary_fmod.h - remainders with the sign of the dividend -*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_BINARY_INIT(fmod_int32_tile_init, FmodInt)
TW_SFPU_BINARY(fmod_int32_tile, FmodInt)
TW_SFPU_BINARY_INIT(fmod_binary_tile_init, Fmod)
TW_SFPU_BINARY(fmod_binary_tile, Fmod)

} // namespace ckernel

#pragma clang diagnostic pop
