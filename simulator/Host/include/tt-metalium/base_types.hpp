//===- base_types.hpp - Compute settings ------------------------*- C++ -*-===//
//
// Fidelity of the matrix unit, and how a circular buffer is unpacked to DST.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <ostream>

#include <tilewright/formats.h>

inline std::ostream &operator<<(std::ostream &os, MathFidelity fidelity) {
  switch (fidelity) {
  case MathFidelity::LoFi:
    return os << "LoFi";
  case MathFidelity::HiFi2:
    return os << "HiFi2";
  case MathFidelity::HiFi3:
    return os << "HiFi3";
  case MathFidelity::HiFi4:
    return os << "HiFi4";
  case MathFidelity::Invalid:
    break;
  }
  return os << "Invalid";
}

enum class UnpackToDestMode : uint8_t { UnpackToDestFp32, Default };
