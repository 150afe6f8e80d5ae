//===- Options.h - Options of a compilation ---------------------*- C++ -*-===//
//
// What a user chooses beside the program. Passes take the ones they need as
// pass options with the same names, so that each runs alone on a file.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_PASSES_OPTIONS_H
#define TILEWRIGHT_COMPILER_PASSES_OPTIONS_H

#include <array>
#include <optional>
#include <string>

namespace tilewright {

struct CompileOptions {
  std::string name;                               ///< "" for the function's
  std::string chip = "n150";                      ///< see arch/
  std::optional<std::array<int64_t, 2>> coreGrid; ///< default: the chip's
  std::string metaliumApi = "2026-08";            ///< or "2026-03"
  std::string mathFidelity = "HiFi4";             ///< LoFi, HiFi2, HiFi3, HiFi4
  bool fastMath = false;          ///< approximate SFPU functions
  bool dstFullSync = false;       ///< one DST section, twice the tiles
  bool scalar = false;            ///< element by element, no tiles
  bool noScalar = false;          ///< no tile form is an error
  bool keepSmallFloats = false;   ///< 8-bit floats are not held as bfloat16
  bool keepSmallIntegers = false; ///< integers of 8 and 16 bits are not held as
                                  ///< int32
  bool holdSmallIntegers = false; ///< they are, element by element too
  bool keepBuffers = false;       ///< buffers that are used in parts stay whole
  bool emitOnly = false;          ///< no passes: stage E's IR
  std::string dumpDir;            ///< IR after each pass; "" for none
  std::string startAfter;    ///< the IR is that after this pass; "" for none
  std::string stopAfter;     ///< the last pass; "" for the emitters too
  std::string runOnly;       ///< no other pass than this, and no emitter
  bool strict = false;       ///< warnings are errors
  std::string reproducerDir; ///< where IR that breaks a pass goes; "" for the
                             ///< current folder
  bool keepProgram = false;  ///< no emitters: the IR that they would get
  int64_t reservedL1 = 0;    ///< bytes of a core's, for other launches
  std::string failPass;      ///< for tests: this pass breaks without a message
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_OPTIONS_H
