//===- trigonometry.h - trigonometric functions of DST tiles ----*- C++ -*-===//
#pragma once

#include "tilewright/sfpu.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

namespace ckernel {

TW_SFPU(sin, Sin)
TW_SFPU(cos, Cos)
TW_SFPU(tan, Tan)
TW_SFPU(asin, Asin)
TW_SFPU(acos, Acos)
TW_SFPU(atan, Atan)
TW_SFPU(sinh, Sinh)
TW_SFPU(cosh, Cosh)
TW_SFPU(asinh, Asinh)
TW_SFPU(acosh, Acosh)
TW_SFPU(atanh, Atanh)

} // namespace ckernel

#pragma clang diagnostic pop
