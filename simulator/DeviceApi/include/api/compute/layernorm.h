//===- layernorm.h - what layer norm kernels include ------------*- C++ -*-===//
#pragma once

#include "api/compute/compute_kernel_api.h"
#include "api/compute/eltwise_unary/rsqrt.h"

