//===- LaunchesView.cpp - Programs that run one after the other -----------===//
//
// Launches of one function share tensors. Each launch says how its tensors lie;
// a tensor that lies in another way in a later launch has several forms.
//
//===----------------------------------------------------------------------===//

#include "compiler/Support/Codes/StageD.h"
#include "compiler/Target/ProgramView.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <functional>
#include <numeric>

using namespace mlir;

namespace tilewright {

bool TensorView::liesAs(const TensorView &other) const {
  return plane == other.plane && memory == other.memory &&
         format == other.format && shard == other.shard;
}

/// The moves before each launch: a tensor lies in another way, or an earlier
/// launch has left something behind its end.
static void findMoves(LaunchesView &launches) {
  launches.moves.resize(launches.programs.size());
  for (auto [index, shared] : llvm::enumerate(launches.tensors)) {
    int current = 0;
    bool isWritten = false;
    for (auto [number, program] : llvm::enumerate(launches.programs)) {
      const TensorView *tensor = program.findTensor(shared.name);
      if (!tensor)
        continue;
      TensorMove move{index, current, tensor->form, {}};
      bool isNeeded = move.from != move.to;
      if (!isNeeded && isWritten && tensor->isRead)
        for (AffineExpr extent : {tensor->rowsExpr, tensor->colsExpr}) {
          auto constant = dyn_cast<AffineConstantExpr>(extent);
          bool isWhole = constant && constant.getValue() % tt::kTileDim == 0;
          // An extent of one is no dimension, or one row of a tile.
          isNeeded |= !isWhole;
          if (!constant)
            move.ragged.push_back(extent);
        }
      // One extent that is ragged always decides.
      if (llvm::any_of(ArrayRef{tensor->rowsExpr, tensor->colsExpr},
                       [](AffineExpr extent) {
                         auto constant = dyn_cast<AffineConstantExpr>(extent);
                         return constant &&
                                constant.getValue() % tt::kTileDim != 0;
                       }))
        move.ragged.clear();
      if (isNeeded) {
        launches.moves[number].push_back(std::move(move));
        current = tensor->form;
        isWritten = false;
      }
      isWritten |= tensor->isWritten;
    }
  }
}

void joinTensors(LaunchesView &launches, ArrayRef<std::string> workspaces) {
  for (auto [index, program] : llvm::enumerate(launches.programs))
    for (TensorView &tensor : program.tensors) {
      auto known = llvm::find_if(launches.tensors, [&](const auto &each) {
        return each.name == tensor.name;
      });
      bool isWorkspace = llvm::is_contained(workspaces, tensor.name);
      if (known == launches.tensors.end()) {
        launches.tensors.push_back(
            {tensor.name,
             tensor.isRead && !isWorkspace,
             false,
             isWorkspace,
             {},
             std::vector<int>(launches.programs.size(), -1)});
        known = std::prev(launches.tensors.end());
      }
      known->isWritten |= tensor.isWritten && !isWorkspace;
      auto form = llvm::find_if(known->forms, [&](const TensorView &each) {
        return each.liesAs(tensor);
      });
      tensor.form = known->formOf[index] = form - known->forms.begin();
      tensor.startsRead = known->forms.empty() && tensor.isRead;
      if (tensor.form == int(known->forms.size()))
        known->forms.push_back(tensor);
    }
  findMoves(launches);
}

/// Bytes that a tensor takes in the L1 of the fullest of `cores`.
static int64_t bytesInL1(const TensorView &tensor, int64_t cores) {
  if (tensor.memory != tt::Memory::L1)
    return 0;
  if (!tensor.shard)
    return llvm::divideCeil(tensor.pages, cores) * tensor.pageBytes;
  int64_t times =
      llvm::divideCeil(tensor.shard.getNumShards(), tensor.shard.getNumCores());
  return times * tensor.pageBytes *
         std::accumulate(tensor.shardPages.begin(), tensor.shardPages.end(),
                         int64_t{1}, std::multiplies<>());
}

LogicalResult checkSharedMemory(const LaunchesView &launches) {
  for (auto [number, program] : llvm::enumerate(launches.programs)) {
    int64_t cores = program.coreGrid[0] * program.coreGrid[1];
    int64_t tensors = 0;
    for (const SharedTensor &tensor : launches.tensors)
      for (const TensorView &form : tensor.forms)
        tensors += bytesInL1(form, cores);
    int64_t own = program.l1Used + program.tableBytes;
    int64_t free = program.chip->l1Free();
    if (tensors == 0 || own + tensors <= free)
      continue;
    InFlightDiagnostic diag = emitCoded(program.op, Code::BuffersExceedL1);
    diag << "launch " << number << " needs " << own
         << " bytes of L1 for its circular buffers and lists, the tensors of "
            "all launches that lie there take "
         << tensors << ", but " << llvm::StringRef(program.chip->name)
         << " has " << free << " free";
    for (const SharedTensor &tensor : launches.tensors)
      for (const TensorView &form : tensor.forms)
        if (int64_t bytes = bytesInL1(form, cores))
          diag.attachNote()
              << "tensor '" << tensor.name << "': " << bytes << " bytes"
              << (form.source.empty() ? "" : ", " + form.source);
    diag.attachNote() << "fix: leave some of the tensors in DRAM, or make the "
                         "blocks smaller";
    return diag;
  }
  return success();
}

} // namespace tilewright
