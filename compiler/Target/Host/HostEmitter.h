//===- HostEmitter.h - The host program of a device program -----*- C++ -*-===//
//
// main.cpp and CMakeLists.txt of the emitted folder: a whole program that reads
// .npy files, runs the kernels and writes .npy files. It builds against the
// TT-Metalium SDK and against the simulator's host API.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_HOST_HOSTEMITTER_H
#define TILEWRIGHT_COMPILER_TARGET_HOST_HOSTEMITTER_H

#include "compiler/Target/ProgramView.h"
#include "llvm/Support/raw_ostream.h"

namespace tilewright {

/// Writes main.cpp.
void emitHostProgram(const ProgramView &program, llvm::raw_ostream &os);

/// Writes CMakeLists.txt.
/// The host program of several programs, which run in order on one device.
void emitHostProgram(const LaunchesView &launches, llvm::raw_ostream &os);

void emitHostCMake(llvm::StringRef name, llvm::raw_ostream &os);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_HOST_HOSTEMITTER_H
