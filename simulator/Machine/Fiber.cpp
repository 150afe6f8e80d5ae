//===- Fiber.cpp - stackful coroutines for agents -------------------------===//

#include "Machine/Fiber.h"

#include <cstdint>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TILEWRIGHT_ASAN 1
#include <sanitizer/common_interface_defs.h>
#endif
#endif

using namespace boost::context::detail;

namespace tilewright::sim {

StackPool::StackPool() : pageBytes(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
#ifdef TILEWRIGHT_ASAN
  stackBytes = 512 * 1024;
#else
  stackBytes = 128 * 1024;
#endif
}

StackPool::~StackPool() {
  for (char *stack : all)
    munmap(stack - pageBytes, stackBytes + pageBytes);
}

char *StackPool::take() {
  if (!unused.empty()) {
    char *stack = unused.back();
    unused.pop_back();
    return stack;
  }
  void *memory = mmap(nullptr, stackBytes + pageBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    throw std::bad_alloc();
  mprotect(memory, pageBytes, PROT_NONE);
  char *stack = static_cast<char *>(memory) + pageBytes;
  all.push_back(stack);
  return stack;
}

bool StackPool::isGuard(const void *address) const {
  const auto at = reinterpret_cast<uintptr_t>(address);
  for (const char *stack : all) {
    const auto low = reinterpret_cast<uintptr_t>(stack);
    if (at >= low - pageBytes && at < low)
      return true;
  }
  return false;
}

void Fiber::prepare(StackPool &pool, Entry function, void *context) {
  stack = pool.take();
  stackBytes = pool.bytes();
  entry = function;
  argument = context;
  done = false;
  self = make_fcontext(stack + stackBytes, stackBytes, &Fiber::start);
}

void Fiber::drop(StackPool &pool) {
  if (stack)
    pool.give(stack);
  stack = nullptr;
}

void Fiber::resume() {
#ifdef TILEWRIGHT_ASAN
  void *saved = nullptr;
  __sanitizer_start_switch_fiber(&saved, stack, stackBytes);
#endif
  transfer_t back = jump_fcontext(self, this);
#ifdef TILEWRIGHT_ASAN
  __sanitizer_finish_switch_fiber(saved, nullptr, nullptr);
#endif
  self = back.fctx;
}

void Fiber::suspend() {
#ifdef TILEWRIGHT_ASAN
  __sanitizer_start_switch_fiber(done ? nullptr : &fakeStack, callerBottom,
                                 callerBytes);
#endif
  transfer_t back = jump_fcontext(caller, nullptr);
#ifdef TILEWRIGHT_ASAN
  __sanitizer_finish_switch_fiber(fakeStack, &callerBottom, &callerBytes);
#endif
  caller = back.fctx;
}

void Fiber::start(transfer_t from) {
  auto *fiber = static_cast<Fiber *>(from.data);
#ifdef TILEWRIGHT_ASAN
  __sanitizer_finish_switch_fiber(nullptr, &fiber->callerBottom,
                                  &fiber->callerBytes);
#endif
  fiber->caller = from.fctx;
  fiber->entry(fiber->argument);
  fiber->done = true;
  fiber->suspend();
}

} // namespace tilewright::sim
