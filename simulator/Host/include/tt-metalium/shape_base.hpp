//===- shape_base.hpp - Shapes under their other header ---------*- C++ -*-===//
#pragma once

#include <tt-metalium/shape.hpp>
