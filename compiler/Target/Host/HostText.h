//===- HostText.h - The parts of main.cpp that never change -----*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_HOST_HOSTTEXT_H
#define TILEWRIGHT_COMPILER_TARGET_HOST_HOSTTEXT_H

#include "llvm/ADT/StringRef.h"

namespace tilewright::host {

/// Includes; what marks scratch memory; the opening of the unnamed namespace.
extern const llvm::StringLiteral kPrologue;
extern const llvm::StringLiteral kScratchMark;
extern const llvm::StringLiteral kOpen;

/// `circularBuffer`, and `scratchBuffer` for memory of one kernel.
extern const llvm::StringLiteral kCircularBuffer;
extern const llvm::StringLiteral kScratchBuffer;

/// `Tensor` for tensors whose tile plane is their last dimensions, and for
/// others.
extern const llvm::StringLiteral kTensor;
extern const llvm::StringLiteral kStridedTensor;

/// `shapeText`, `npySize` and `checkPages`, where sizes are only known when the
/// program runs; `firstCores`, where they decide the work.
extern const llvm::StringLiteral kSizes;
extern const llvm::StringLiteral kFirstCores;

/// `readNpy` and `writeNpy`.
extern const llvm::StringLiteral kReadNpy;
extern const llvm::StringLiteral kWriteNpy;

/// `toTiles` and `fromTiles`, for each form of `Tensor`.
extern const llvm::StringLiteral kConverted;
extern const llvm::StringLiteral kToTiles;
extern const llvm::StringLiteral kFromTiles;
extern const llvm::StringLiteral kStridedToTiles;
extern const llvm::StringLiteral kStridedFromTiles;

/// `moveTensor`, between launches.
extern const llvm::StringLiteral kMoveTensor;

/// `dramBuffer`.
extern const llvm::StringLiteral kDramBuffer;
extern const llvm::StringLiteral kL1Buffer;
extern const llvm::StringLiteral kShardedBuffer;

/// From the end of `run` to the end of the file.
extern const llvm::StringLiteral kEpilogue;

/// Identifiers that main.cpp uses itself, with a blank between.
extern const llvm::StringLiteral kTableBuffer;
extern const llvm::StringLiteral kReservedNames;

} // namespace tilewright::host

#endif // TILEWRIGHT_COMPILER_TARGET_HOST_HOSTTEXT_H
