//===- Program.cpp - what is launched on a device -------------------------===//

#include "Runtime/Program.h"

#include "tilewright/arch/Chip.h"

#include <algorithm>
#include <atomic>

namespace tilewright::sim {
namespace {
bool overlap(const CoreRange &a, const CoreRange &b) {
  return a.start.x <= b.end.x && b.start.x <= a.end.x && a.start.y <= b.end.y &&
         b.start.y <= a.end.y;
}
} // namespace

uint64_t Program::nextSerial() {
  static std::atomic<uint64_t> last = 0;
  return ++last;
}

KernelId Program::addKernel(KernelSpec spec) {
  kernelSpecs.push_back(std::move(spec));
  uniqueArgs.emplace_back();
  sharedArgs.emplace_back();
  return static_cast<KernelId>(kernelSpecs.size() - 1);
}

CircularBufferId Program::addCircularBuffer(CircularBufferSpec spec) {
  cbSpecs.push_back(std::move(spec));
  return static_cast<CircularBufferId>(cbSpecs.size() - 1);
}

uint32_t Program::addSemaphore(const std::vector<CoreRange> &cores,
                               uint32_t initial) {
  uint32_t most = 0;
  for (const arch::Chip *chip : arch::allChips())
    most = std::max(most, chip->semaphores);
  for (uint32_t id = 0; id < most; ++id) {
    const bool taken = std::any_of(semaphoreSpecs.begin(), semaphoreSpecs.end(),
                                   [&](const Semaphore &s) {
                                     if (s.id != id)
                                       return false;
                                     for (const CoreRange &a : s.cores)
                                       for (const CoreRange &b : cores)
                                         if (overlap(a, b))
                                           return true;
                                     return false;
                                   });
    if (!taken) {
      semaphoreSpecs.push_back({cores, id, initial});
      return id;
    }
  }
  Fault fault;
  fault.code = FaultCode::BadSemaphore;
  fault.message =
      "more than " + std::to_string(most) + " semaphores on one core";
  throw FaultError(std::move(fault));
}

void Program::setRuntimeArgs(KernelId kernel, CoreCoord core,
                             std::vector<uint32_t> args) {
  uniqueArgs[kernel][core] = std::move(args);
}
void Program::setCommonRuntimeArgs(KernelId kernel,
                                   std::vector<uint32_t> args) {
  sharedArgs[kernel] = std::move(args);
}
std::vector<uint32_t> &Program::runtimeArgs(KernelId kernel, CoreCoord core) {
  return uniqueArgs[kernel][core];
}
std::vector<uint32_t> &Program::commonRuntimeArgs(KernelId kernel) {
  return sharedArgs[kernel];
}
CircularBufferSpec &Program::circularBuffer(CircularBufferId id) {
  return cbSpecs[id];
}

} // namespace tilewright::sim
