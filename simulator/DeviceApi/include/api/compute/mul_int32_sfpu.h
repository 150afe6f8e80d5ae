//===- mul_int32_sfpu.h - mul_int_sfpu.h by its older name ------*- C++ -*-===//
#pragma once

#include "api/compute/mul_int_sfpu.h"

