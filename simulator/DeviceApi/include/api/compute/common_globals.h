//===- common_globals.h - the base of the compute API -----------*- C++ -*-===//
#pragma once

#include "tilewright/compute.h"
#include "tilewright/llk_compute.h"
