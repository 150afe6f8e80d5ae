//===- add_int32_sfpu.h - add_int_sfpu.h by its older name ------*- C++ -*-===//
#pragma once

#include "api/compute/add_int_sfpu.h"

