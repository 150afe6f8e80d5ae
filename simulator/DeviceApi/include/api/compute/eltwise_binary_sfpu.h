//===- eltwise_binary_sfpu.h - floats of two DST tiles ----------*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU_PAIR(add, Add)
TW_SFPU_PAIR(sub, Sub)
TW_SFPU_PAIR(mul, Mul)
TW_SFPU_PAIR(div, Div)
TW_SFPU_PAIR(rsub, Rsub)
TW_SFPU_PAIR(power, Power)
TW_SFPU_PAIR(eq, Eq)
TW_SFPU_PAIR(ne, Ne)
TW_SFPU_PAIR(lt, Lt)
TW_SFPU_PAIR(gt, Gt)
TW_SFPU_PAIR(le, Le)
TW_SFPU_PAIR(ge, Ge)

} // namespace ckernel

#pragma clang diagnostic pop
