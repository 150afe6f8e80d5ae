//===- xlogy.h - x log(y) of two DST tiles ----------------------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_PAIR(xlogy, Xlogy)

} // namespace ckernel

#pragma clang diagnostic pop
