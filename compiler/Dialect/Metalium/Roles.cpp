//===- Roles.cpp - Which kernels of a program have work -------------------===//

#include "compiler/Dialect/Metalium/Roles.h"

namespace tilewright::metalium {

bool isReaderIdle(ProgramOp program) {
  KernelOp reader = program.getKernel(KernelRole::Reader);
  if (!reader || !reader.getBodyBlock()->empty())
    return false;
  // Without a kernel that writes, the program is cut off, not idle.
  if (!program.getKernel(KernelRole::Writer))
    return false;
  return llvm::none_of(program.getBody().getOps<CircularBufferOp>(),
                       [](CircularBufferOp buffer) {
                         return buffer.getProducer() == KernelRole::Reader;
                       });
}

} // namespace tilewright::metalium
