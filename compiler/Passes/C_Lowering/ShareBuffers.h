//===- ShareBuffers.h - Blocks that use one circular buffer -----*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_PASSES_C_SHAREBUFFERS_H
#define TILEWRIGHT_COMPILER_PASSES_C_SHAREBUFFERS_H

#include "compiler/Dialect/TT/TT.h"

namespace tilewright {

/// Lets blocks that are never in use at once go through one circular buffer,
/// one after the other, until `isEnough` of the buffers that are left. Those of
/// the compute kernel alone come first: sharing one with a data movement kernel
/// takes away from how far that runs ahead.
void shareBuffers(tt::CoreProgramOp program,
                  llvm::function_ref<bool()> isEnough);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_PASSES_C_SHAREBUFFERS_H
