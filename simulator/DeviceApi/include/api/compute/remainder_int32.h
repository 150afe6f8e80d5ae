//===- remainder_int32.h - binary_remainder.h by its older name -*- C++ -*-===//
#pragma once

#include "api/compute/binary_remainder.h"

