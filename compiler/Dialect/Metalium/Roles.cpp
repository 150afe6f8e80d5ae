//===- Roles.cpp - Which kernels of a program have work -------------------===//

#include "compiler/Dialect/Metalium/Roles.h"

namespace tilewright::metalium {

bool isReaderIdle(ProgramOp program) {
  KernelOp reader = program.getKernel(KernelRole::Reader);
  if (!reader || !reader.getBodyBlock()->empty())
    return false;
  bool writerFills = false;
  for (auto buffer : program.getBody().getOps<CircularBufferOp>()) {
    if (buffer.getProducer() == KernelRole::Reader)
      return false;
    writerFills |= buffer.getProducer() == KernelRole::Writer;
  }
  return writerFills;
}

} // namespace tilewright::metalium
