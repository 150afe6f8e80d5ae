//===- ProgramView.cpp - A device program as hosts see it -----------------===//

#include "compiler/Target/ProgramView.h"

#include "compiler/Dialect/Metalium/Roles.h"
#include "compiler/Support/Codes/Emit.h"
#include "compiler/Support/Codes/StageB.h"
#include "compiler/Target/SizeText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

#include <optional>

using namespace mlir;

namespace tilewright {

bool TensorView::isRowMajor() const {
  int64_t rank = shape.size();
  auto [row, col] = plane;
  if (col == -1)
    return row == rank - 1;
  return col == rank - 1 && (row == -1 || row == rank - 2);
}

llvm::StringRef TensorView::placement() const {
  if (!shard)
    return "interleaved";
  bool rowsCut = false, colsCut = false, othersCut = false;
  for (auto [axis, extent] : llvm::zip(shard.getAxes(), shard.getGrid())) {
    bool isCut = extent > 1;
    (axis == plane[0]   ? rowsCut
     : axis == plane[1] ? colsCut
                        : othersCut) |= isCut;
  }
  if (othersCut || outer > 1)
    return "nd_sharded";
  return colsCut ? rowsCut ? "block_sharded" : "width_sharded"
                 : "height_sharded";
}

const TensorView *ProgramView::findTensor(llvm::StringRef name) const {
  for (const TensorView &tensor : tensors)
    if (tensor.name == name)
      return &tensor;
  return nullptr;
}

std::string sourceText(Location location) {
  SourcePosition position = getSourcePosition(location);
  if (!position.line)
    return {};
  return (position.file + ":" + Twine(position.line)).str();
}

static std::optional<DtypeSpelling> spellType(Type type) {
  if (type.isBF16())
    return DtypeSpelling{"bfloat16", "V2", "bfloat16", "bfloat16"};
  // The host API has no half-precision type; the bits are moved as they are.
  if (type.isF16())
    return DtypeSpelling{"float16", "f2", "uint16_t", "uint16_t"};
  if (type.isF32())
    return DtypeSpelling{"float32", "f4", "float", "float"};
  if (type.isSignlessInteger(32) || type.isSignedInteger(32))
    return DtypeSpelling{"int32", "i4", "int32_t", "int32_t"};
  if (type.isUnsignedInteger(32))
    return DtypeSpelling{"uint32", "u4", "uint32_t", "uint32_t"};
  if (type.isUnsignedInteger(16))
    return DtypeSpelling{"uint16", "u2", "uint16_t", "uint16_t"};
  if (type.isSignlessInteger(16))
    return DtypeSpelling{"int16", "i2", "int16_t", "int16_t"};
  if (type.isInteger(1))
    return DtypeSpelling{"bool", "b1", "uint8_t", "uint8_t"};
  if (isa<Float8E4M3FNType>(type))
    return DtypeSpelling{"float8_e4m3fn", "V1", "uint8_t", "uint8_t"};
  if (isa<Float8E5M2Type>(type))
    return DtypeSpelling{"float8_e5m2", "V1", "uint8_t", "uint8_t"};
  if (type.isSignlessInteger(8) || type.isSignedInteger(8))
    return DtypeSpelling{"int8", "i1", "int8_t", "int8_t"};
  if (type.isUnsignedInteger(8))
    return DtypeSpelling{"uint8", "u1", "uint8_t", "uint8_t"};
  return std::nullopt;
}

std::vector<std::string> ProgramView::sizeNames() const {
  std::vector<std::string> names;
  for (const SizeView &size : sizes)
    names.push_back(size.name);
  return names;
}

std::vector<SizeView> collectSizes(ArrayRef<metalium::ProgramOp> programs,
                                   ArrayRef<std::string> workspaces) {
  std::vector<SizeView> sizes;
  llvm::StringSet<> seen;
  for (metalium::ProgramOp program : programs)
    for (auto op : program.getBody().getOps<metalium::TensorOp>()) {
      ArrayAttr names = op.getSizesAttr();
      bool isGiven = seen.insert(op.getSymName()).second &&
                     op.getRole() != metalium::TensorRole::Output &&
                     !llvm::is_contained(workspaces, op.getSymName().str());
      if (!names || !isGiven)
        continue;
      for (auto [dim, attr] : llvm::enumerate(names)) {
        StringRef name = cast<StringAttr>(attr).getValue();
        bool isKnown = llvm::any_of(
            sizes, [&](const SizeView &size) { return size.name == name; });
        if (!name.empty() && !isKnown)
          sizes.push_back(
              {name.str(), op.getSymName().str(), static_cast<int64_t>(dim)});
      }
    }
  return sizes;
}

/// Every dimension of a tensor is a number or one of the sizes of the view.
static LogicalResult checkSizes(const ProgramView &view) {
  std::vector<std::string> known = view.sizeNames();
  metalium::ProgramOp program = view.op;
  for (auto op : program.getBody().getOps<metalium::TensorOp>())
    if (ArrayAttr names = op.getSizesAttr())
      for (StringRef name : names.getAsValueRange<StringAttr>())
        if (!name.empty() && !llvm::is_contained(known, name.str()))
          return emitCoded(program, Code::UnsupportedHostTensor)
                 << "no tensor that the program reads has the size '" << name
                 << "' as a dimension";
  return success();
}

static FailureOr<TensorView> viewTensor(metalium::TensorOp op,
                                        const ProgramView &program) {
  MemRefType type = op.getTensorType();
  tt::LayoutAttr layout = op.getLayout();
  std::optional<DtypeSpelling> spelling =
      spellType(op.getDtype().value_or(type.getElementType()));
  std::optional<DtypeSpelling> held = spellType(type.getElementType());
  if (!spelling || !held)
    return emitCoded(op, Code::UnsupportedHostTensor)
           << "tensor '" << op.getSymName() << "' of type " << type
           << " cannot be moved by the host program";

  TensorView view;
  view.name = op.getSymName().str();
  view.source = sourceText(op.getLoc());
  view.type = *spelling;
  view.type.device = held->host;
  view.plane = {layout.getPlane()[0], layout.getPlane()[1]};
  MLIRContext *context = op.getContext();
  std::vector<std::string> names = program.sizeNames();
  SmallVector<int64_t> samples(names.size(), kSampleSize);
  AffineExpr one = getAffineConstantExpr(1, context);
  view.outerExpr = view.rowsExpr = view.colsExpr = one;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    AffineExpr extent = getAffineConstantExpr(type.getDimSize(dim), context);
    if (type.isDynamicDim(dim)) {
      auto name = cast<StringAttr>((*op.getSizes())[dim]).getValue();
      extent = getAffineSymbolExpr(
          llvm::find(names, name.str()) - names.begin(), context);
    }
    view.dims.push_back(extent);
    view.shape.push_back(evaluateSize(extent, samples));
    if (dim == view.plane[0])
      view.rowsExpr = extent;
    else if (dim == view.plane[1])
      view.colsExpr = extent;
    else
      view.outerExpr = view.outerExpr * extent;
  }
  auto extent = [&](int64_t dim) { return dim < 0 ? 1 : type.getDimSize(dim); };
  view.rows = evaluateSize(view.rowsExpr, samples);
  view.cols = evaluateSize(view.colsExpr, samples);
  view.outer = evaluateSize(view.outerExpr, samples);
  view.tileRows = llvm::divideCeil(view.rows, tt::kTileDim);
  view.tileCols = llvm::divideCeil(view.cols, tt::kTileDim);
  view.pages = view.outer * view.tileRows * view.tileCols;
  view.format = layout.getFormat();
  view.memory = layout.getMemory();
  view.shard = layout.getShard();
  if (view.shard) {
    auto inShard = [&](int64_t dim) {
      for (auto [axis, size] :
           llvm::zip(view.shard.getAxes(), view.shard.getShape()))
        if (axis == dim)
          return size;
      return extent(dim);
    };
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (!llvm::is_contained(view.plane, dim)) {
        view.tensorPages.push_back(extent(dim));
        view.shardPages.push_back(inShard(dim));
      }
    for (int64_t dim : view.plane) {
      view.tensorPages.push_back(llvm::divideCeil(extent(dim), tt::kTileDim));
      view.shardPages.push_back(llvm::divideCeil(inShard(dim), tt::kTileDim));
    }
  }
  view.pageBytes = tt::getTileBytes(view.format);
  view.isRead = op.getRole() != metalium::TensorRole::Output;
  view.isWritten = op.getRole() != metalium::TensorRole::Input;
  return view;
}

/// Circular buffers by index; those without an address follow each other from
/// the first free byte, aligned to 32 bytes.
static void viewCircularBuffers(ProgramView &view) {
  constexpr int64_t alignment = 32;
  auto ops =
      llvm::to_vector(view.op.getBody().getOps<metalium::CircularBufferOp>());
  llvm::sort(ops, [](auto a, auto b) { return a.getIndex() < b.getIndex(); });
  int64_t next = llvm::alignTo(view.chip->l1Base, alignment);
  int64_t end = view.chip->l1Base;
  for (metalium::CircularBufferOp op : ops) {
    CircularBufferView cb;
    cb.name = op.getSymName().str();
    cb.source = sourceText(op.getLoc());
    cb.buffer = op.getBuffer().value_or("").str();
    cb.index = op.getIndex();
    cb.pages = op.getPages();
    cb.pageBytes = op.getPageBytes();
    cb.bytes = cb.pages * cb.pageBytes;
    cb.address = op.getL1Address().value_or(next);
    cb.format = op.getDataFormat();
    cb.producer = op.getProducer();
    cb.consumer = op.getConsumer();
    cb.unpackToDestFp32 = op.getUnpackToDestFp32();
    // What a data movement kernel fills and empties is memory of its own.
    cb.scratch = cb.producer == cb.consumer &&
                 cb.producer != metalium::KernelRole::Compute;
    view.hasScratch |= cb.scratch;
    if (op.getSpills())
      for (auto spill : op.getSpills()->getAsRange<tt::SpillAttr>())
        cb.spills.push_back(spill);
    end = std::max(end, cb.address + cb.bytes);
    next = llvm::alignTo(std::max(next, cb.address + cb.bytes), alignment);
    view.circularBuffers.push_back(std::move(cb));
  }
  view.l1Used = end - view.chip->l1Base;
}

/// The cores with work as rectangles: runs of a row, merged with equal runs of
/// the row before.
static std::vector<CoreRangeView> coverCores(ArrayRef<CoreWork> work) {
  std::vector<CoreRangeView> runs;
  for (const CoreWork &each : work) {
    auto [x, y] = each.core;
    if (!runs.empty() && runs.back().end[1] == y && runs.back().end[0] + 1 == x)
      runs.back().end[0] = x;
    else
      runs.push_back({each.core, each.core});
  }
  std::vector<CoreRangeView> ranges;
  for (const CoreRangeView &run : runs) {
    auto above = llvm::find_if(ranges, [&](const CoreRangeView &range) {
      return range.start[0] == run.start[0] && range.end[0] == run.end[0] &&
             range.end[1] + 1 == run.start[1];
    });
    if (above == ranges.end())
      ranges.push_back(run);
    else
      above->end[1] = run.end[1];
  }
  return ranges;
}

/// Work that the host cuts, for the sizes that estimates take.
static LogicalResult viewDynamicWork(ProgramView &view, tt::WorkAttr work) {
  std::vector<std::string> names = view.sizeNames();
  MLIRContext *context = work.getContext();
  SmallVector<AffineExpr> symbols;
  for (StringRef name : work.getSizes().getAsValueRange<StringAttr>()) {
    auto found = llvm::find(names, name.str());
    if (found == names.end())
      return emitCoded(view.op, Code::IncompleteProgram)
             << "the launch grid depends on '" << name
             << "', which is a dimension of no tensor that is read; look at "
                "tt-partition-work";
    symbols.push_back(getAffineSymbolExpr(found - names.begin(), context));
  }
  SmallVector<int64_t> samples(names.size(), kSampleSize);
  view.items = 1;
  for (AffineExpr extent : work.getExtents().getValue().getResults()) {
    view.launchExprs.push_back(extent.replaceSymbols(symbols));
    int64_t number = evaluateSize(view.launchExprs.back(), samples);
    view.launchGrid.push_back(std::max<int64_t>(number, 1));
    view.items *= view.launchGrid.back();
  }
  int64_t cores = view.coreGrid[0] * view.coreGrid[1];
  int64_t used = std::min(view.items, cores), start = 0;
  for (int64_t core = 0; core < used; ++core) {
    int64_t count = view.items / used + (core < view.items % used);
    view.work.push_back(
        {{core % view.coreGrid[0], core / view.coreGrid[0]}, start, count, {}});
    start += count;
  }
  view.coreRanges = {{{0, 0}, {view.coreGrid[0] - 1, view.coreGrid[1] - 1}}};
  return success();
}

static LogicalResult viewWork(ProgramView &view) {
  auto work = view.op.getWorkAttr();
  if (!work)
    return emitCoded(view.op, Code::IncompleteProgram)
           << "the program '" << view.name
           << "' has no work partition; look at tt-partition-work";
  view.coreGrid = {work.getCoreGrid()[0], work.getCoreGrid()[1]};
  view.partition = work;
  view.isListed =
      work.getOrder() && work.getOrder().getKind() == tt::OrderKind::Listed;
  view.tableBytes = tt::getBlockTableBytes(work, view.chip->runtimeArgWords);
  view.isCutByHost = work.isDynamic();
  if (view.isCutByHost)
    return viewDynamicWork(view, work);
  MLIRContext *context = work.getContext();
  view.launchGrid = work.getLaunchGrid().vec();
  view.items = 1;
  for (int64_t extent : view.launchGrid) {
    view.items *= extent;
    view.launchExprs.push_back(getAffineConstantExpr(extent, context));
  }
  for (auto [i, count] : llvm::enumerate(work.getCounts())) {
    int64_t core = i;
    if (count <= 0)
      continue;
    view.work.push_back({{core % view.coreGrid[0], core / view.coreGrid[0]},
                         work.getStarts()[i],
                         count,
                         {}});
    for (int64_t item = 0; item < count; ++item)
      view.work.back().blocks.push_back(
          work.getBlock(work.getStarts()[i] + item));
  }
  if (view.work.empty())
    return emitCoded(view.op, Code::IncompleteProgram)
           << "no core of the program '" << view.name
           << "' has work; look at tt-partition-work";
  view.coreRanges = coverCores(view.work);
  return success();
}

/// Every argument that the kernel reads is in its lists, and every one in the
/// lists is something that the host can give.
static LogicalResult checkArguments(const ProgramView &program,
                                    const KernelView &kernel) {
  auto reject = [&](Operation *op) {
    return emitCoded(op, Code::IncompleteProgram);
  };
  auto has = [](ArrayRef<metalium::ArgAttr> list, auto matches) {
    return llvm::any_of(list, matches);
  };
  metalium::KernelOp kernelOp = kernel.op;
  WalkResult walked = kernelOp.walk([&](Operation *op) -> WalkResult {
    if (auto arg = dyn_cast<metalium::ArgOp>(op))
      if (!has(kernel.args,
               [&](auto each) { return each.getName() == arg.getName(); }))
        return reject(op) << "argument '" << arg.getName()
                          << "' is not in the list of the " << kernel.name
                          << " kernel; look at tt-finalize-signature";
    if (auto args = dyn_cast<metalium::TensorAccessorArgsOp>(op))
      if (!has(kernel.ctArgs, [&](auto each) {
            return each.getTensor() == args.getTensorAttr();
          }))
        return reject(op) << "the accessor of '" << args.getTensor()
                          << "' is not in the compile-time arguments of the "
                          << kernel.name
                          << " kernel; look at tt-finalize-signature";
    auto common = dyn_cast<metalium::CommonArgOp>(op);
    if (common && !common.getSizeName())
      return reject(op) << "the common argument " << common.getPosition()
                        << " is not in the list of the " << kernel.name
                        << " kernel; look at tt-finalize-signature";
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  for (ArrayRef<metalium::ArgAttr> list : {kernel.args, kernel.ctArgs})
    for (metalium::ArgAttr arg : list) {
      if (arg.getKind() == metalium::ArgKind::Scalar)
        return reject(kernelOp)
               << "argument '" << arg.getName() << "' of the " << kernel.name
               << " kernel has no value that the host knows";
      bool needsTensor = arg.getKind() == metalium::ArgKind::TensorAddress ||
                         arg.getKind() == metalium::ArgKind::Accessor;
      if (needsTensor &&
          (!arg.getTensor() || !program.findTensor(arg.getTensor().getValue())))
        return reject(kernelOp)
               << "argument '" << arg.getName() << "' of the " << kernel.name
               << " kernel is of a tensor that the program does not have";
    }
  return success();
}

/// Arguments of the fullest core fit the words that the chip has for them.
static LogicalResult checkArgumentWords(const ProgramView &view) {
  int64_t longest = 0;
  for (const CoreWork &work : view.work)
    longest = std::max(longest, work.count);
  for (const KernelView &kernel : view.kernels) {
    int64_t words = 0;
    for (metalium::ArgAttr arg : kernel.args)
      words += arg.getKind() == metalium::ArgKind::WorkItems ? longest : 1;
    if (words <= int64_t(view.chip->runtimeArgWords))
      continue;
    auto diag = emitCoded(view.op, Code::TooManyArguments)
                << "the " << kernel.name << " kernel has " << words
                << " words of run-time arguments, a kernel of "
                << StringRef(view.chip->name) << " has room for "
                << view.chip->runtimeArgWords;
    diag.attachNote() << "fix: use fewer tensors, or put several into one";
    return diag;
  }
  return success();
}

static LogicalResult viewKernels(ProgramView &view) {
  for (auto role : {metalium::KernelRole::Reader, metalium::KernelRole::Compute,
                    metalium::KernelRole::Writer}) {
    metalium::KernelOp kernel = view.op.getKernel(role);
    std::string name = metalium::stringifyKernelRole(role).str();
    if (!kernel && view.op.getScalar())
      continue;
    if (role == metalium::KernelRole::Reader && metalium::isReaderIdle(view.op))
      continue;
    if (!kernel)
      return emitCoded(view.op, Code::IncompleteKernel)
             << "no " << name
             << " kernel in the program; look at tt-split-device-kernel";
    KernelView each{kernel, role, name, name + ".cpp", {}, {}, {}};
    if (kernel.getArgs())
      each.args = kernel.getArgs()->getArgs();
    if (kernel.getCommonArgs())
      each.commonArgs = kernel.getCommonArgs()->getArgs();
    if (kernel.getCtArgs())
      each.ctArgs = kernel.getCtArgs()->getArgs();
    if (kernel.getDstSections())
      for (auto section :
           kernel.getDstSections()->getAsRange<metalium::DstSectionAttr>())
        view.dstSections.push_back(section);
    if (failed(checkArguments(view, each)))
      return failure();
    view.kernels.push_back(std::move(each));
  }
  return success();
}

FailureOr<ProgramView> viewProgram(metalium::ProgramOp program,
                                   llvm::StringRef name,
                                   const std::vector<SizeView> *sizes) {
  ProgramView view;
  view.op = program;
  view.name = name.empty() ? program.getSymName().str() : name.str();
  view.sourceFile =
      llvm::sys::path::filename(getSourcePosition(program.getLoc()).file).str();
  view.config = program.getConfig();
  view.chip = arch::findChip(std::string_view(program.getChip()));
  if (!view.chip)
    return emitCoded(program, Code::BadOption)
           << "there is no chip '" << program.getChip() << "'";
  view.sizes = sizes ? *sizes : collectSizes({program}, {});
  if (failed(checkSizes(view)))
    return failure();
  for (auto tensor : program.getBody().getOps<metalium::TensorOp>()) {
    FailureOr<TensorView> viewed = viewTensor(tensor, view);
    if (failed(viewed))
      return failure();
    view.tensors.push_back(std::move(*viewed));
  }
  if (view.tensors.empty())
    return emitCoded(program, Code::IncompleteProgram)
           << "the program '" << view.name << "' has no tensors";
  viewCircularBuffers(view);
  if (failed(viewWork(view)) || failed(viewKernels(view)) ||
      failed(checkArgumentWords(view)))
    return failure();
  return view;
}

} // namespace tilewright
