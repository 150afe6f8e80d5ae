//===- copy.h - tile_move_copy.h by its later name --------------*- C++ -*-===//
#pragma once

#include "api/compute/tile_move_copy.h"
