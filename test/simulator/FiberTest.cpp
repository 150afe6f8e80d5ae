//===- FiberTest.cpp - switching between stacks ---------------------------===//
//
// Fibers with frames of their own that switch, end, and are dropped half-way;
// their stacks are used again. What goes wrong here shows with sanitizers.
//
//===----------------------------------------------------------------------===//

#include "Machine/Fiber.h"

#include <gtest/gtest.h>

#include <array>

using namespace tilewright::sim;

namespace {

struct Work {
  Fiber *self;
  Fiber *next; ///< null: back to the thread
  int sum = 0;
};

__attribute__((noinline)) void add(std::array<int, 16> &numbers) {
  for (int i = 0; i < 16; ++i)
    numbers[i] += i;
}

/// Six frames, of which the last one switches; each adds 30.
__attribute__((noinline)) void descend(Work &work, int depth) {
  std::array<int, 16> numbers{};
  add(numbers);
  if (depth > 0)
    descend(work, depth - 1);
  else if (work.next)
    work.self->switchTo(*work.next);
  else
    work.self->suspend();
  add(numbers);
  work.sum += numbers[15];
}

void threeTimes(void *argument) {
  for (int i = 0; i < 3; ++i)
    descend(*static_cast<Work *>(argument), 5);
}

TEST(Fibers, KeepTheirFrames) {
  StackPool &pool = StackPool::shared();
  for (int round = 0; round < 12; ++round) {
    Fiber first, second;
    Work a{&first, &second}, b{&second, nullptr};
    first.prepare(pool, threeTimes, &a);
    second.prepare(pool, threeTimes, &b);
    first.resume(); // to second, and back here from there
    EXPECT_EQ(a.sum + b.sum, 0);
    if (round % 3 != 0) {
      while (!first.ended())
        first.resume();
      while (!second.ended())
        second.resume();
      EXPECT_EQ(a.sum, 3 * 6 * 30);
      EXPECT_EQ(b.sum, 3 * 6 * 30);
    } // else both are dropped half-way
    first.drop(pool);
    second.drop(pool);
  }
}

} // namespace
