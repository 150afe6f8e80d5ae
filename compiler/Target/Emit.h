//===- Emit.h - The six files of a device program ---------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_EMIT_H
#define TILEWRIGHT_COMPILER_TARGET_EMIT_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <utility>
#include <vector>

namespace tilewright {

struct EmitOptions {
  metalium::ApiGeneration api = metalium::kNewestApi;
  std::string name = {}; ///< of the program, in host files; "" for its own
};

/// The one program of a module; an error when there is none, or several.
mlir::FailureOr<metalium::ProgramOp> findProgram(mlir::ModuleOp module);

/// Appends reader.cpp, compute.cpp, writer.cpp, main.cpp, CMakeLists.txt and
/// tt.plan.json of the module's program to `files`. What is incomplete is an
/// error, never guessed.
mlir::LogicalResult
emitProgram(mlir::ModuleOp module, const EmitOptions &options,
            std::vector<std::pair<std::string, std::string>> &files);

/// The files of several programs that run one after the other on one device:
/// kernels `reader_0.cpp`, ... for each, one host program, one plan.
/// `workspaces` are tensors that stand in no file.
mlir::LogicalResult
emitLaunches(llvm::ArrayRef<metalium::ProgramOp> programs,
             llvm::ArrayRef<std::string> workspaces, const EmitOptions &options,
             std::vector<std::pair<std::string, std::string>> &files);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_EMIT_H
