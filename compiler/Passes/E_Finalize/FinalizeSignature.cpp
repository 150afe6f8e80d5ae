//===- FinalizeSignature.cpp - Pass E1: one argument list a kernel --------===//
//
// Kernels read their run-time arguments by name (`metalium.arg`) and describe
// tensors one after the other (`metalium.tensor_accessor_args`). This pass
// fixes the positions: of the run-time arguments, addresses of tensors in the
// order of the program's tensors, then the first work item, the number of
// items, the rest, and the list of blocks where the launch has one (or the
// address of the list in L1, where a list is too long for arguments); of the
// common arguments, the sizes in the order of the program's tensors; of the
// compile-time arguments, the order in which the descriptions follow each
// other. The lists become attributes of the kernel; the kernel, the host
// program and the plan all read them. The operations that read the arguments
// stand at the top of the kernel in the same order.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Passes/E_Finalize/Passes.h"
#include "tilewright/arch/Chip.h"
#include "llvm/ADT/MapVector.h"

namespace tilewright {
#define GEN_PASS_DEF_FINALIZESIGNATURE
#include "compiler/Passes/E_Finalize/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;
using metalium::ArgKind;

/// Position of a tensor among the program's tensors.
static unsigned tensorPosition(metalium::ProgramOp program, StringRef name) {
  unsigned position = 0;
  for (auto tensor : program.getBody().getOps<metalium::TensorOp>()) {
    if (tensor.getSymName() == name)
      break;
    ++position;
  }
  return position;
}

/// Sort key of a run-time argument: its group, then its tensor.
static std::pair<unsigned, unsigned> rank(metalium::ProgramOp program,
                                          metalium::ArgOp arg) {
  switch (arg.getKind()) {
  case ArgKind::TensorAddress:
    return {0, tensorPosition(program, arg.getTensor().value_or(""))};
  case ArgKind::WorkStart:
    return {1, 0};
  case ArgKind::WorkCount:
    return {2, 0};
  case ArgKind::Scalar:
  case ArgKind::Accessor:
  case ArgKind::Size:
    return {3, 0};
  case ArgKind::WorkItems:
  case ArgKind::WorkTable:
    return {4, 0};
  }
  llvm_unreachable("every kind has a rank");
}

/// The run-time arguments that the kernel uses, one op each, in their order.
static SmallVector<metalium::ArgOp> collectArgs(metalium::ProgramOp program,
                                                metalium::KernelOp kernel) {
  llvm::MapVector<StringRef, metalium::ArgOp> byName;
  SmallVector<metalium::ArgOp> all;
  kernel.walk([&](metalium::ArgOp arg) { all.push_back(arg); });
  for (metalium::ArgOp arg : all) {
    auto [entry, isNew] = byName.insert({arg.getName(), arg});
    if (!isNew && entry->second.getKind() == arg.getKind()) {
      // A second op that reads the same argument.
      arg.getValue().replaceAllUsesWith(entry->second.getValue());
      arg.erase();
    }
  }
  // Arguments of one rank stay in the order in which the kernel reads them.
  using Ranked = std::tuple<unsigned, unsigned, size_t, metalium::ArgOp>;
  SmallVector<Ranked> ranked;
  for (auto [name, arg] : byName) {
    if (arg.getValue().use_empty()) {
      arg.erase();
      continue;
    }
    auto [group, position] = rank(program, arg);
    ranked.push_back({group, position, ranked.size(), arg});
  }
  llvm::sort(ranked, [](const Ranked &a, const Ranked &b) {
    return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
           std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
  });
  return llvm::map_to_vector(
      ranked, [](const Ranked &entry) { return std::get<3>(entry); });
}

/// Lists that are too long for arguments are tables in L1: the argument is the
/// address.
static void readTables(metalium::ProgramOp program, metalium::KernelOp kernel) {
  const arch::Chip *chip = arch::findChip(std::string_view(program.getChip()));
  auto work = program.getWork();
  if (!chip || !work || !tt::getBlockTableBytes(*work, chip->runtimeArgWords))
    return;
  SmallVector<metalium::WorkItemOp> items;
  kernel.walk([&](metalium::WorkItemOp item) { items.push_back(item); });
  if (items.empty())
    return;
  OpBuilder builder(kernel.getContext());
  builder.setInsertionPointToStart(kernel.getBodyBlock());
  Location loc =
      NameLoc::get(builder.getStringAttr(metalium::kItemsArg), kernel.getLoc());
  Value table = metalium::ArgOp::create(builder, loc, builder.getIndexType(),
                                        metalium::kItemsArg, ArgKind::WorkTable,
                                        StringAttr());
  for (metalium::WorkItemOp item : items) {
    builder.setInsertionPoint(item);
    item.replaceAllUsesWith(metalium::WorkTableItemOp::create(
                                builder, item.getLoc(), builder.getIndexType(),
                                table, item.getIndex())
                                .getBlock());
    item.erase();
  }
}

/// The names of the program's sizes, in the order of its tensors.
static SmallVector<StringRef> getSizeNames(metalium::ProgramOp program) {
  SmallVector<StringRef> names;
  for (auto tensor : program.getBody().getOps<metalium::TensorOp>())
    if (ArrayAttr sizes = tensor.getSizesAttr())
      for (StringRef name : sizes.getAsValueRange<StringAttr>())
        if (!name.empty() && !llvm::is_contained(names, name))
          names.push_back(name);
  return names;
}

/// Arguments that hold sizes become common ones, at the top of the kernel.
static void shareSizes(metalium::ProgramOp program, metalium::KernelOp kernel) {
  llvm::MapVector<StringRef, SmallVector<metalium::ArgOp>> byName;
  for (StringRef name : getSizeNames(program))
    byName[name];
  kernel.walk([&](metalium::ArgOp arg) {
    if (arg.getKind() == ArgKind::Size)
      byName[arg.getName()].push_back(arg);
  });
  SmallVector<metalium::ArgAttr> common;
  OpBuilder builder = OpBuilder::atBlockBegin(kernel.getBodyBlock());
  for (auto &[name, args] : byName) {
    bool isUsed = llvm::any_of(
        args, [](metalium::ArgOp arg) { return !arg.getValue().use_empty(); });
    if (isUsed) {
      Location loc =
          NameLoc::get(builder.getStringAttr(name), args.front().getLoc());
      Value shared = metalium::CommonArgOp::create(
          builder, loc, builder.getIndexType(), common.size());
      for (metalium::ArgOp arg : args)
        arg.getValue().replaceAllUsesWith(shared);
      common.push_back(metalium::ArgAttr::get(builder.getContext(), name,
                                              ArgKind::Size, StringAttr()));
    }
    for (metalium::ArgOp arg : args)
      arg.erase();
  }
  if (!common.empty())
    kernel.setCommonArgsAttr(
        metalium::ArgListAttr::get(builder.getContext(), common));
}

static void finalize(metalium::ProgramOp program, metalium::KernelOp kernel) {
  MLIRContext *context = kernel.getContext();
  SmallVector<metalium::ArgAttr> runtime, compileTime;
  Block *body = kernel.getBodyBlock();
  shareSizes(program, kernel);
  Operation *last = nullptr;
  readTables(program, kernel);
  for (metalium::ArgOp arg : collectArgs(program, kernel)) {
    runtime.push_back(metalium::ArgAttr::get(
        context, arg.getName(), arg.getKind(), arg.getTensorAttr()));
    if (last)
      arg->moveAfter(last);
    else
      arg->moveBefore(body, body->begin());
    last = arg;
  }
  // The listed blocks come last, as many as the core has.
  bool isListed =
      kernel.walk([](metalium::WorkItemOp) { return WalkResult::interrupt(); })
          .wasInterrupted();
  if (isListed)
    runtime.push_back(metalium::ArgAttr::get(context, metalium::kItemsArg,
                                             ArgKind::WorkItems, StringAttr()));
  // The description that follows no other is the first.
  SmallVector<metalium::TensorAccessorArgsOp> descriptions(
      body->getOps<metalium::TensorAccessorArgsOp>());
  Value previous;
  auto follows = [&](metalium::TensorAccessorArgsOp op) {
    return op.getPrevious() == previous;
  };
  for (auto next = llvm::find_if(descriptions, follows);
       next != descriptions.end();
       next = llvm::find_if(descriptions, follows)) {
    StringAttr tensor = next->getTensorAttr();
    compileTime.push_back(metalium::ArgAttr::get(context, tensor.getValue(),
                                                 ArgKind::Accessor, tensor));
    previous = next->getArgs();
  }
  kernel.setArgsAttr(metalium::ArgListAttr::get(context, runtime));
  kernel.setCtArgsAttr(metalium::ArgListAttr::get(context, compileTime));
}

namespace {

struct FinalizeSignaturePass
    : tilewright::impl::FinalizeSignatureBase<FinalizeSignaturePass> {
  void runOnOperation() override {
    getOperation().walk([](metalium::KernelOp kernel) {
      finalize(kernel->getParentOfType<metalium::ProgramOp>(), kernel);
    });
  }
};

} // namespace
