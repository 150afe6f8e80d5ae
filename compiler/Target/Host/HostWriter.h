//===- HostWriter.h - What writes main.cpp ----------------------*- C++ -*-===//
//
// Fixed text stands in HostText.cpp; what depends on the program is written by
// this class: types, tensors and kernels in HostEmitter.cpp, the work of each
// core in HostWork.cpp, programs of several launches in HostLaunches.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_HOST_HOSTWRITER_H
#define TILEWRIGHT_COMPILER_TARGET_HOST_HOSTWRITER_H

#include "compiler/Target/Host/HostText.h"
#include "compiler/Target/Kernel/Names.h"
#include "compiler/Target/ProgramView.h"
#include "compiler/Target/SizeText.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

namespace tilewright {

/// "A, B and C".
std::string wordList(llvm::ArrayRef<std::string> words);

/// Writes `text` as comment lines of at most 80 columns.
void writeComment(llvm::raw_ostream &os, llvm::StringRef indent,
                  llvm::StringRef text);

/// "(100, 200)", "(7,)", "(m, 200)".
std::string npyShape(llvm::ArrayRef<mlir::AffineExpr> shape,
                     llvm::ArrayRef<std::string> sizes);

class HostWriter {
public:
  /// `launches`: how many functions `launch_<number>` the text has.
  HostWriter(const ProgramView &program, llvm::raw_ostream &os,
             size_t launches = 0)
      : program(program), os(os), names(program.config.getContext()) {
    names.enter();
    for (llvm::StringRef name : llvm::split(host::kReservedNames, ' '))
      names.declare(name);
    for (size_t number = 0; number < launches; ++number)
      names.declare("launch_" + std::to_string(number));
    for (const TensorView &tensor : program.tensors) {
      std::string name = tensor.name;
      if (tensor.form)
        name += "_" + std::to_string(tensor.form);
      ids[key(tensor)] = {names.declare(name), names.declare(name + "_buffer"),
                          names.declare(name + "_addr"),
                          names.declare(name + "_tiles")};
    }
    for (const CircularBufferView &cb : program.circularBuffers)
      cbNames.push_back(names.declare(cb.name));
    for (const SizeView &size : program.sizes)
      sizeNames.push_back(names.declare(size.name));
  }

  /// The host program of `program`.
  void write();

  /// The host program of several: the tensors are those of `program`.
  void write(const LaunchesView &launches);

private:
  /// Identifiers of one tensor.
  struct Ids {
    std::string tensor, buffer, address, tiles;
  };

  /// A tensor in one of its forms.
  static std::pair<std::string, int> key(const TensorView &tensor) {
    return {tensor.name, tensor.form};
  }
  const Ids &idsOf(const TensorView &tensor) const {
    return ids.at(key(tensor));
  }
  const Ids &idsOf(metalium::ArgAttr arg) const {
    return idsOf(*program.findTensor(arg.getTensor().getValue()));
  }

  void writeHeader();
  void writeHeader(const LaunchesView &launches);
  void writeFunction(size_t number);
  void writeCall(const ProgramView &launch, size_t number);
  void writeMove(const SharedTensor &tensor, const TensorMove &move);
  void writeZeros(const LaunchesView &launches);
  void writeBufferConstants(llvm::StringRef indent);
  void writePrologue();
  void writeTypes();
  void writeHelpers();
  void writeTensorConstants(llvm::StringRef begin);
  void writeSizes();
  void writeItems();
  void writeCommonArgs();
  void writeStatement(const std::string &begin, const std::string &rest);
  void writeBuffer(const TensorView &tensor);
  void writeTensors();
  void writeProgram();
  void writeCircularBuffers();
  void writeUnpackModes();
  void writeKernel(const KernelView &kernel);
  void writeDataMovementConfig(const KernelView &kernel);
  void writeComputeConfig(const KernelView &kernel);
  void writeWork();
  void writeWorkTable();
  void writeWorkRows();
  void writeBlockTable();
  void writeTableInL1();
  void writeSetRuntimeArgs();
  void writeLaunch();
  void writeResults();

  bool isStrided() const {
    return llvm::any_of(program.tensors,
                        [](const TensorView &t) { return !t.isRowMajor(); });
  }
  bool hasSizes() const { return !program.sizes.empty(); }
  std::string cpp(mlir::AffineExpr expr) const {
    return sizeAsCpp(expr, sizeNames);
  }
  bool uses(metalium::ArgKind kind) const;
  bool hasCompileArgs(const KernelView &kernel) const {
    return !kernel.ctArgs.empty();
  }

  const ProgramView &program;
  llvm::raw_ostream &os;
  Names names;
  std::map<std::pair<std::string, int>, Ids> ids;
  std::vector<std::string> cbNames;   ///< as program.circularBuffers
  std::vector<std::string> sizeNames; ///< as program.sizes
  bool moves = false; ///< the host moves tensors between launches
  bool usesTables = false;
};

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_HOST_HOSTWRITER_H
