//===- bitwise.h - bitwise operations with a constant -----------*- C++ -*-===//
#pragma once

#include "api/compute/eltwise_unary/bitwise_and.h"
#include "api/compute/eltwise_unary/bitwise_or.h"
#include "api/compute/eltwise_unary/bitwise_xor.h"
