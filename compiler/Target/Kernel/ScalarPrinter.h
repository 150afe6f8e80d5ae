//===- ScalarPrinter.h - The text of a scalar kernel ------------*- C++ -*-===//
//
// Operations become variables in order; one whose value is used once, by the
// next operations of the same block, stands where it is used. Values and memory
// are in ScalarEmitter.cpp, control flow in ScalarControl.cpp, what a user
// looks at (T.print, T.device_assert) in ScalarDebug.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALARPRINTER_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALARPRINTER_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Target/Kernel/Expressions.h"
#include "compiler/Target/Kernel/Names.h"
#include "compiler/Target/Kernel/ScalarEmitter.h"
#include "compiler/Target/Kernel/SourceLines.h"
#include "compiler/Target/Kernel/TextWriter.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <set>

namespace tilewright::metalium {

class ScalarPrinter {
public:
  ScalarPrinter(KernelOp kernel, const KernelEmitOptions &options)
      : kernel(kernel), options(options), calls(options.api),
        own(kernel.getContext()), names(own) {}

  /// For a part of another kernel, whose names are taken.
  ScalarPrinter(KernelOp kernel, const KernelEmitOptions &options, Names &names)
      : kernel(kernel), options(options), calls(options.api),
        own(kernel.getContext()), names(names) {}

  mlir::LogicalResult print(llvm::raw_ostream &os);

  /// From now on `value`, from outside of the part, is `text`.
  void bind(mlir::Value value, std::string text) {
    calls.bind(value, std::move(text));
  }
  mlir::LogicalResult printPart(mlir::Block &block, TextWriter &out) {
    return printBlock(block, out);
  }
  /// Small floats that what was printed computes with.
  const std::set<mlir::StringRef> &getFloats() const { return floats; }

private:
  mlir::LogicalResult printBlock(mlir::Block &block, TextWriter &out);
  mlir::LogicalResult printOp(mlir::Operation *op, TextWriter &out);
  mlir::LogicalResult printCall(MetaliumCallOpInterface call, TextWriter &out);
  mlir::LogicalResult printFor(mlir::scf::ForOp loop, TextWriter &out);
  mlir::LogicalResult printIf(mlir::scf::IfOp branch, TextWriter &out);
  mlir::LogicalResult printWhile(mlir::scf::WhileOp loop, TextWriter &out);
  mlir::LogicalResult printLoad(mlir::memref::LoadOp load, TextWriter &out);
  mlir::LogicalResult printStore(mlir::memref::StoreOp store, TextWriter &out);
  mlir::LogicalResult printCopy(CopyElementsOp copy, TextWriter &out);
  mlir::LogicalResult printPrint(tile::PrintOp print, TextWriter &out);
  mlir::LogicalResult printAssert(tile::AssertOp check, TextWriter &out);
  mlir::LogicalResult assign(mlir::ValueRange targets, mlir::ValueRange values,
                             TextWriter &out);
  void printElements(ElementsOp op, TextWriter &out);
  void printArray(L1ArrayOp op, TextWriter &out);

  /// Without the parentheses around a whole expression.
  static std::string bare(std::string text);
  /// A primary expression for a value.
  std::optional<std::string> use(mlir::Value value);
  bool isInlined(mlir::Operation *op);
  std::string declareName(mlir::Value value, mlir::StringRef fallback);
  mlir::LogicalResult declare(mlir::Value value, const std::string &text,
                              TextWriter &out);
  std::optional<std::string> place(mlir::Value memref,
                                   mlir::OperandRange indices);
  /// A statement that prints the place of `op`, the core, and a message.
  std::string printPlace(mlir::Operation *op, mlir::StringRef message);
  mlir::LogicalResult unknown(mlir::Operation *op);
  void comment(mlir::Operation *op, TextWriter &out);

  KernelOp kernel;
  const KernelEmitOptions &options;
  Expressions calls;
  Names own;
  Names &names;
  SourceLines lines;
  std::set<mlir::StringRef> headers;
  std::set<mlir::StringRef> floats;
  std::set<std::pair<mlir::StringRef, unsigned>> commented;
  bool usesElements = false;
};

} // namespace tilewright::metalium

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALARPRINTER_H
