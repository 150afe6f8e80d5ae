//===- identity.h - identity on DST tiles -----------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(identity, Identity)
TW_SFPU_CALL0(identity_tile_uint32, IdentityInt)

} // namespace ckernel

#pragma clang diagnostic pop
