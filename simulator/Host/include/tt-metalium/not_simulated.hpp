//===- not_simulated.hpp - Names that the simulator does not provide *- C++
//-*-===//
//
// A function of the SDK that the simulator lacks is declared with this
// attribute, so that a program which calls it fails to compile with its name.
//
//===----------------------------------------------------------------------===//
#pragma once

#define TILEWRIGHT_NOT_SIMULATED                                               \
  __attribute__((unavailable("the Tilewright simulator does not provide it")))
