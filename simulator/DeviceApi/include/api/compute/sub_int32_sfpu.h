//===- sub_int32_sfpu.h - sub_int_sfpu.h by its older name ------*- C++ -*-===//
#pragma once

#include "api/compute/sub_int_sfpu.h"

