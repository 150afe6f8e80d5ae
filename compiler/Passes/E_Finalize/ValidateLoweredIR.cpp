//===- ValidateLoweredIR.cpp - Nothing unlowered reaches the emitter ------===//
//
// Visits every operation of every kernel. What is neither a TT-Metalium call
// nor a loop, a condition or index arithmetic has no C++ form; each is reported
// with its place, its text, the pass that should have lowered it, and what to
// do. The kernel of a scalar program accesses elements and computes functions
// of them as well.
//
//===----------------------------------------------------------------------===//

#include "compiler/Dialect/Metalium/Elements.h"
#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Dialect/Tile/Tile.h"
#include "compiler/Passes/E_Finalize/Passes.h"
#include "compiler/Support/Codes/StageD.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace tilewright {
#define GEN_PASS_DEF_VALIDATELOWEREDIR
#include "compiler/Passes/E_Finalize/Passes.h.inc"
} // namespace tilewright

using namespace mlir;
using namespace tilewright;

/// The pass that lowers an operation, and what the operation stands for.
static std::pair<StringRef, StringRef> explain(Operation *op) {
  StringRef name = op->getName().getStringRef();
  if (name == "tt.read_to_cb" || name == "tt.write_from_cb")
    return {"tt-lower-cb-intrinsics",
            "a transfer becomes reserve, NoC calls, barrier and push, or wait, "
            "NoC calls, barrier and pop"};
  if (name == "tt.tensor_ref" || name == "tt.accessor")
    return {"tt-configure-tensor-accessor",
            "a tensor is reached through an accessor that is bound to the "
            "kernel's arguments"};
  if (name == "tt.section" || name == "tt.yield")
    return {"tt-insert-dst-management",
            "a section becomes acquire, calls, commit, wait, pack and release"};
  if (name == "tt.cb_ref" || name == "tt.alloc_cb")
    return {"tt-lower-cb-intrinsics",
            "a circular buffer is named by its index"};
  if (op->getName().getDialectNamespace() == "tt")
    return {"tt-insert-dst-management",
            "a tile operation becomes calls of the compute engine"};
  if (op->getName().getDialectNamespace() == "tile")
    return {"tt-lower-shared-to-cb",
            "statements of the program become operations on blocks"};
  return {
      "tt-split-device-kernel",
      "only calls, loops, conditions and index arithmetic go into a kernel"};
}

/// What scalar kernels have beside calls: elements of tensors and arrays, and
/// functions and checks that are written out where they stand.
static bool isScalarForm(Operation *op) {
  return isa<metalium::ElementsOp, metalium::L1ArrayOp, metalium::L1TilesOp,
             metalium::ByElementOp, metalium::FlushElementsOp, memref::LoadOp,
             memref::StoreOp, tile::PrintOp, tile::AssertOp,
             UnrealizedConversionCastOp>(op) ||
         op->getName().getDialectNamespace() == "math";
}

/// The first line of the operation's text.
static std::string snippet(Operation *op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  OpPrintingFlags flags;
  op->print(os, flags.skipRegions().useLocalScope().enableDebugInfo(false));
  StringRef line = StringRef(text).split('\n').first.trim();
  constexpr size_t longest = 160;
  return line.size() > longest ? (line.take_front(longest) + " ...").str()
                               : line.str();
}

namespace {

struct ValidateLoweredIRPass
    : tilewright::impl::ValidateLoweredIRBase<ValidateLoweredIRPass> {
  void runOnOperation() override {
    getOperation().walk([&](metalium::KernelOp kernel) {
      auto program = kernel->getParentOfType<metalium::ProgramOp>();
      bool isScalar = program && program.getScalar();
      kernel.getBody().walk([&](Operation *op) {
        StringRef dialect = op->getName().getDialectNamespace();
        if (isa<metalium::MetaliumCallOpInterface, metalium::CommonValueOp>(
                op) ||
            dialect == "arith" || dialect == "scf" ||
            ((isScalar || metalium::isOfElements(op)) && isScalarForm(op)))
          return;
        auto [pass, suggestion] = explain(op);
        InFlightDiagnostic diag = emitCoded(op, Code::UnloweredOperation);
        diag << "Found unlowered operation '" << op->getName() << "' in "
             << metalium::stringifyKernelRole(kernel.getRole()) << " kernel";
        diag.attachNote() << "it reads: " << snippet(op);
        diag.attachNote() << suggestion << "; look at " << pass;
        signalPassFailure();
      });
    });
    markAllAnalysesPreserved();
  }
};

} // namespace
