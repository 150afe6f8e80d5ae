//===- IRSummary.cpp - What a module holds, for people --------------------===//

#include "compiler/Dialect/Metalium/Metalium.h"
#include "compiler/Driver/IRDump.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

using namespace mlir;

namespace tilewright {

/// Number of ops by name, of everything inside `root`.
static std::map<llvm::StringRef, unsigned> countOps(Operation *root) {
  std::map<llvm::StringRef, unsigned> counts;
  root->walk([&](Operation *op) {
    if (op != root)
      ++counts[op->getName().getStringRef()];
  });
  return counts;
}

static void printCounts(llvm::raw_ostream &os, Operation *root,
                        llvm::StringRef indent) {
  for (auto [name, count] : countOps(root))
    os << indent << llvm::formatv("{0,5} {1}\n", count, name);
}

static void printKernel(llvm::raw_ostream &os, metalium::KernelOp kernel) {
  unsigned total = 0;
  std::map<llvm::StringRef, unsigned> calls;
  kernel.getBody().walk([&](Operation *op) {
    ++total;
    if (isa<metalium::MetaliumCallOpInterface>(op))
      ++calls[op->getName().stripDialect()];
  });
  os << "  kernel " << kernel.getSymName() << " ("
     << metalium::stringifyKernelRole(kernel.getRole()) << "): " << total
     << " operations";
  if (total == 0)
    os << ", EMPTY";
  os << "\n    calls:";
  if (calls.empty())
    os << " none";
  for (auto [name, count] : calls)
    os << ' ' << name << " x" << count;
  os << '\n';
}

static void printProgram(llvm::raw_ostream &os, metalium::ProgramOp program) {
  os << "program " << program.getSymName() << " for " << program.getChip()
     << '\n';
  for (auto tensor : program.getBody().getOps<metalium::TensorOp>())
    os << "  tensor " << tensor.getSymName() << ": "
       << metalium::stringifyTensorRole(tensor.getRole()) << ' '
       << tensor.getTensorType() << '\n';
  int64_t bytes = 0;
  for (auto cb : program.getBody().getOps<metalium::CircularBufferOp>()) {
    int64_t size = cb.getPages() * cb.getPageBytes();
    bytes += size;
    os << llvm::formatv(
        "  circular buffer {0}: index {1}, {2} pages of {3} bytes ({4}), {5} "
        "bytes, {6} to {7}\n",
        cb.getSymName(), cb.getIndex(), cb.getPages(), cb.getPageBytes(),
        tt::stringifyDataFormat(cb.getDataFormat()), size,
        metalium::stringifyKernelRole(cb.getProducer()),
        metalium::stringifyKernelRole(cb.getConsumer()));
  }
  os << "  circular buffers together: " << bytes << " bytes of L1\n";
  for (auto kernel : program.getBody().getOps<metalium::KernelOp>())
    printKernel(os, kernel);
}

std::string summarizeIR(ModuleOp module, ArrayRef<PassTime> passes) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "passes:\n";
  for (const PassTime &pass : passes)
    os << llvm::formatv("  {0,8:F3} ms  {1}\n", pass.milliseconds, pass.name);
  module.walk([&](metalium::ProgramOp program) { printProgram(os, program); });
  os << "operations:\n";
  printCounts(os, module, "  ");
  return text;
}

} // namespace tilewright
