//===- SplitBuffers.h - Buffers that are used in parts ----------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_A_SPLITBUFFERS_H
#define TILEWRIGHT_COMPILER_PASSES_A_SPLITBUFFERS_H

#include "compiler/Dialect/Tile/Tile.h"

namespace tilewright {

/// Makes one buffer of each part of an on-chip buffer that the program uses by
/// itself, and one of each matrix of a buffer that holds several. A launch in
/// which a part is not known, or is used by a statement that cannot be split,
/// stays as it is.
void splitBuffers(tile::FuncOp func);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_A_SPLITBUFFERS_H
