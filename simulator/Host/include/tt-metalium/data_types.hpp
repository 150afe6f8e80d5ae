//===- data_types.hpp - Data formats under their older header ---*- C++ -*-===//
#pragma once

#include <tt-metalium/base_types.hpp>
#include <tt-metalium/tt_backend_api_types.hpp>
