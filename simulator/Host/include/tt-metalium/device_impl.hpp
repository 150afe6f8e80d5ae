//===- device_impl.hpp - Devices under their older header -------*- C++ -*-===//
#pragma once

#include <tt-metalium/device.hpp>
