//===- Fiber.cpp - stackful coroutines for agents -------------------------===//

#include "Machine/Fiber.h"

#include <cstdint>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TILEWRIGHT_ASAN 1
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#endif

// A function that switches keeps its frame on the stack itself. Under
// detect_stack_use_after_return the frames of others lie in a fake stack, and
// the fake stack of a fiber that ends is gone from the moment the switch
// begins, when its last frame is still in use.
#ifdef TILEWRIGHT_ASAN
#define TILEWRIGHT_SWITCHES __attribute__((no_sanitize("address"), noinline))
#else
#define TILEWRIGHT_SWITCHES
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

StackPool &StackPool::shared() {
  static StackPool pool;
  return pool;
}

StackPool::~StackPool() {
  for (char *stack : all)
    munmap(stack - pageBytes, stackBytes + pageBytes);
}

char *StackPool::take() {
  if (!unused.empty()) {
    char *stack = unused.back();
    unused.pop_back();
#ifdef TILEWRIGHT_ASAN
    // Frames of a fiber that was dropped half-way were never left.
    ASAN_UNPOISON_MEMORY_REGION(stack, stackBytes);
#endif
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
  // One that was dropped half-way has left its fake stack behind.
  fakeStack = nullptr;
  // Stacks begin at different places of their pages: those of all fibers would
  // compete for the same lines of the caches.
  constexpr size_t kLine = 64, kPlaces = 64, kStride = 9;
  const size_t page = reinterpret_cast<uintptr_t>(stack) >> 12;
  const size_t skipped = page * kStride % kPlaces * kLine;
  char *top = stack + stackBytes - skipped;
  self = make_fcontext(top, stackBytes - skipped, &Fiber::start);
}

void Fiber::drop(StackPool &pool) {
  if (stack)
    pool.give(stack);
  stack = nullptr;
}

namespace {
/// Where the thread goes on while fibers run.
fcontext_t thread = nullptr;
#ifdef TILEWRIGHT_ASAN
void *threadFake = nullptr;
const void *threadBottom = nullptr;
size_t threadBytes = 0;
#endif
} // namespace

/// Told across a switch: who is left and who goes on; null is the thread.
struct Fiber::Switch {
  Fiber *from;
  Fiber *to;
};

TILEWRIGHT_SWITCHES void Fiber::leave(Fiber *from, Fiber *to) {
#ifdef TILEWRIGHT_ASAN
  void **fake = !from ? &threadFake : from->done ? nullptr : &from->fakeStack;
  __sanitizer_start_switch_fiber(fake, to ? to->stack : threadBottom,
                                 to ? to->stackBytes : threadBytes);
#endif
  Switch what = {from, to};
  arrive(jump_fcontext(to ? to->self : thread, &what));
}

/// On the stack that goes on: keeps where the other one does.
TILEWRIGHT_SWITCHES Fiber *Fiber::arrive(transfer_t came) {
  const Switch what = *static_cast<Switch *>(came.data);
  (what.from ? what.from->self : thread) = came.fctx;
#ifdef TILEWRIGHT_ASAN
  const void *bottom = nullptr;
  size_t bytes = 0;
  __sanitizer_finish_switch_fiber(what.to ? what.to->fakeStack : threadFake,
                                  &bottom, &bytes);
  if (!what.from) {
    threadBottom = bottom;
    threadBytes = bytes;
  }
#endif
  return what.to;
}

TILEWRIGHT_SWITCHES void Fiber::start(transfer_t came) {
  Fiber *fiber = arrive(came);
  fiber->entry(fiber->argument);
  fiber->done = true;
  fiber->suspend();
}

} // namespace tilewright::sim
