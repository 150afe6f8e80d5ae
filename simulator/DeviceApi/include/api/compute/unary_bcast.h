//===- unary_bcast.h - bcast.h by its later name ----------------*- C++ -*-===//
#pragma once

#include "api/compute/bcast.h"
