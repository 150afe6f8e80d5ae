//===- ProgramView.h - A device program as hosts see it ---------*- C++ -*-===//
//
// What the host program and the plan say about a `metalium.program`, computed
// once: shapes in tiles, cores that work, addresses of circular buffers.
//
//===----------------------------------------------------------------------===//
#ifndef TILEWRIGHT_COMPILER_TARGET_PROGRAMVIEW_H
#define TILEWRIGHT_COMPILER_TARGET_PROGRAMVIEW_H

#include "compiler/Dialect/Metalium/Metalium.h"
#include "tilewright/arch/Chip.h"

#include <array>
#include <string>
#include <vector>

namespace tilewright {

/// How an element type is spelled outside MLIR.
struct DtypeSpelling {
  llvm::StringRef dtype;  ///< NumPy and plan: "bfloat16"
  llvm::StringRef npy;    ///< .npy header without byte order: "V2"
  llvm::StringRef host;   ///< C++ on the host: "bfloat16"
  llvm::StringRef device; ///< C++ of what device memory holds, mostly the same

  bool isConverted() const { return host != device; }
};

struct TensorView {
  std::string name;
  std::string source; ///< "gemm.py:20" or ""
  DtypeSpelling type;
  std::vector<int64_t> shape;
  std::array<int64_t, 2> plane; ///< dimensions of rows and columns, -1: absent
  int64_t outer, rows, cols;    ///< elements; outer counts planes
  int64_t tileRows, tileCols, pages, pageBytes;
  tt::DataFormat format;
  bool isRead, isWritten;
  int form = 0; ///< of several ways to lie, for launches that share tensors
  bool startsRead = false; ///< the first of several launches reads it
  tt::Memory memory;
  tt::ShardAttr shard; ///< null for an interleaved tensor
  /// What is above as expressions over the sizes of the program: constants
  /// where no size decides.
  std::vector<mlir::AffineExpr> dims;
  mlir::AffineExpr outerExpr, rowsExpr, colsExpr;
  /// Extents of the tensor and of a shard in pages: outer dimensions, tile
  /// rows, tile columns. Empty for an interleaved tensor.
  std::vector<int64_t> tensorPages, shardPages;

  /// "interleaved", or how the shards lie: "height_sharded" and "width_sharded"
  /// (one axis of the tile plane), "block_sharded" (both), "nd_sharded".
  llvm::StringRef placement() const;

  /// Whether the bytes of `other` in device memory mean the same elements.
  bool liesAs(const TensorView &other) const;

  /// Rows and columns are the last dimensions, in this order.
  bool isRowMajor() const;
};

struct CircularBufferView {
  std::string name;
  std::string source; ///< "gemm.py:24" or ""
  std::string buffer; ///< the TileLang buffer, or ""
  int64_t index, pages, pageBytes, bytes;
  int64_t address; ///< in L1
  tt::DataFormat format;
  metalium::KernelRole producer, consumer;
  bool unpackToDestFp32;
  bool scratch; ///< memory of the one data movement kernel at both ends
  /// Why its block does not stay in DST, where C3 decided that.
  std::vector<tt::SpillAttr> spills;
};

/// A size that only a call knows, and a dimension of a tensor that is read
/// which tells it.
struct SizeView {
  std::string name, tensor;
  int64_t dim;
};

/// Both corners belong to the range.
struct CoreRangeView {
  std::array<int64_t, 2> start, end;
};

struct CoreWork {
  std::array<int64_t, 2> core;
  int64_t start, count;
  std::vector<int64_t> blocks; ///< row-major numbers, in order
};

struct KernelView {
  metalium::KernelOp op;
  metalium::KernelRole role;
  std::string name;                       ///< "reader", "compute", "writer"
  std::string file;                       ///< "reader.cpp"
  llvm::ArrayRef<metalium::ArgAttr> args; ///< run time
  llvm::ArrayRef<metalium::ArgAttr> commonArgs; ///< run time, of all cores
  llvm::ArrayRef<metalium::ArgAttr> ctArgs;     ///< compile time
};

struct ProgramView {
  metalium::ProgramOp op;
  std::string name;
  std::string sourceFile; ///< "gemm.py" or ""
  const arch::Chip *chip;
  metalium::ComputeConfigAttr config;
  std::vector<TensorView> tensors;
  std::vector<CircularBufferView> circularBuffers; ///< by index
  std::vector<KernelView> kernels;                 ///< reader, compute, writer
  std::vector<metalium::DstSectionAttr> dstSections; ///< of the compute kernel
  /// Sizes that only a call knows. Where there are any, numbers here that
  /// follow from them are those for kSampleSize.
  std::vector<SizeView> sizes;
  std::vector<int64_t> launchGrid;
  std::vector<mlir::AffineExpr> launchExprs; ///< over `sizes`
  std::array<int64_t, 2> coreGrid;
  std::vector<CoreWork> work; ///< cores with work, row-major
  std::vector<CoreRangeView> coreRanges;
  int64_t items;
  tt::WorkAttr partition;
  bool isListed;      ///< kernels take their blocks from a list
  int64_t tableBytes; ///< of the list in the L1 of each core; 0: in arguments
  bool isCutByHost;   ///< sizes decide the work; the host deals it out
  int64_t l1Used;
  bool hasScratch = false; ///< among the circular buffers

  const TensorView *findTensor(llvm::StringRef name) const;
  std::vector<std::string> sizeNames() const;
};

/// What estimates take each size for that only a call knows.
inline constexpr int64_t kSampleSize = 1024;

/// A tensor of several programs, and the form in which each of them has it.
struct SharedTensor {
  std::string name;
  bool isRead, isWritten; ///< from and to files
  bool isWorkspace;       ///< in no file
  /// Ways in which the tensor lies: the first is that of the first program
  /// that uses it.
  std::vector<TensorView> forms;
  /// For each program the form that it uses, -1 where it does not.
  std::vector<int> formOf;
};

/// What the host does to a tensor before a launch: from one form to another, or
/// from a form to itself, for the zeros behind the end of the tensor, which
/// launches that write whole tiles do not keep.
struct TensorMove {
  size_t tensor; ///< of LaunchesView::tensors
  int from, to;  ///< forms
  /// Extents of the tile plane; where all are whole tiles at run time, a move
  /// from a form to itself is not needed. Empty: it is.
  std::vector<mlir::AffineExpr> ragged;
};

/// Programs that run one after the other on one device.
struct LaunchesView {
  std::string name;
  std::vector<ProgramView> programs;
  std::vector<SharedTensor> tensors;
  std::vector<std::vector<TensorMove>> moves; ///< before each program
};

/// Fills the tensors and moves of `launches` from its programs.
void joinTensors(LaunchesView &launches,
                 llvm::ArrayRef<std::string> workspaces);

/// Builds the view. Errors say what the program lacks and which pass should
/// have provided it. `name` replaces the program's own unless it is empty;
/// `sizes`, of launches that share tensors, the sizes that its tensors tell.
mlir::FailureOr<ProgramView>
viewProgram(metalium::ProgramOp program, llvm::StringRef name,
            const std::vector<SizeView> *sizes = nullptr);

/// The sizes of all programs, each told by a tensor that the caller passes: one
/// that is no workspace, and that the first program which uses it reads.
std::vector<SizeView> collectSizes(llvm::ArrayRef<metalium::ProgramOp> programs,
                                   llvm::ArrayRef<std::string> workspaces);

/// Every launch has room in L1 for its circular buffers and lists beside the
/// tensors of all launches that lie there, which keep their places.
mlir::LogicalResult checkSharedMemory(const LaunchesView &launches);

/// "gemm.py:31", or "" where the source is not known.
std::string sourceText(mlir::Location location);

/// The kernels of a program are there, not empty, fully lowered and do the work
/// of their role. Errors are located and name the pass to look at.
mlir::LogicalResult checkKernels(metalium::ProgramOp program);

} // namespace tilewright

#endif // TILEWRIGHT_COMPILER_TARGET_PROGRAMVIEW_H
