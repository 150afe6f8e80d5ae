//===- reverseops.h - rsub.h by its older name ------------------*- C++ -*-===//
#pragma once

#include "api/compute/eltwise_unary/rsub.h"

