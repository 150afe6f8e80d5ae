//===- softmax.h - what softmax kernels include -----------------*- C++ -*-===//
#pragma once

#include "api/compute/eltwise_unary/exp.h"
#include "api/compute/eltwise_unary/recip.h"

