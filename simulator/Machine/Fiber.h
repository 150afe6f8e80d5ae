//===- Fiber.h - stackful coroutines for agents -----------------*- C++ -*-===//
//
// A thin layer over Boost.Context's assembly switch, with a guard page below
// each stack and the annotations that AddressSanitizer needs. A fiber that is
// dropped half-way is simply never resumed: kernels hold no host resources.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_FIBER_H
#define TILEWRIGHT_SIMULATOR_MACHINE_FIBER_H

#include <boost/context/detail/fcontext.hpp>

#include <cstddef>
#include <vector>

namespace tilewright::sim {

/// Stacks of one size; kept for reuse until the pool dies.
class StackPool {
public:
  /// Of all runs of the process: making a stack takes longer than what many
  /// agents do with it.
  static StackPool &shared();
  StackPool();
  ~StackPool();
  StackPool(const StackPool &) = delete;
  StackPool &operator=(const StackPool &) = delete;
  /// The lowest usable byte; the page below it faults.
  char *take();
  void give(char *stack) { unused.push_back(stack); }
  size_t bytes() const { return stackBytes; }
  /// Whether `address` is in the guard page of a stack.
  bool isGuard(const void *address) const;

private:
  size_t stackBytes;
  size_t pageBytes;
  std::vector<char *> all;
  std::vector<char *> unused;
};

class Fiber {
public:
  using Entry = void (*)(void *argument);

  Fiber() = default;
  /// Prepares the fiber to run `entry(argument)` at the first resume.
  void prepare(StackPool &pool, Entry entry, void *argument);
  /// Gives the stack back; only when the fiber is not running.
  void drop(StackPool &pool);
  /// From the thread: runs fibers until one suspends or ends.
  void resume() { leave(nullptr, this); }
  /// From inside the fiber: goes on with another one instead.
  void switchTo(Fiber &next) { leave(this, &next); }
  /// From inside the fiber: back to the thread, behind its resume().
  void suspend() { leave(this, nullptr); }
  bool ended() const { return done; }

private:
  struct Switch;
  static void leave(Fiber *from, Fiber *to);
  static Fiber *arrive(boost::context::detail::transfer_t came);
  static void start(boost::context::detail::transfer_t came);

  boost::context::detail::fcontext_t self = nullptr;
  char *stack = nullptr;
  size_t stackBytes = 0;
  Entry entry = nullptr;
  void *argument = nullptr;
  bool done = false;
  [[maybe_unused]] void *fakeStack = nullptr; ///< AddressSanitizer's
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_FIBER_H
