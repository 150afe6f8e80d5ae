//===- shift.h - shifts by a constant ---------------------------*- C++ -*-===//
#pragma once

#include "api/compute/eltwise_unary/left_shift.h"
#include "api/compute/eltwise_unary/right_shift.h"
