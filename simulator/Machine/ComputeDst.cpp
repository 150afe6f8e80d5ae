//===- ComputeDst.cpp - sections of DST -----------------------------------===//
//
// MATH acquires and commits sections; PACK waits for them in that order and
// releases them. The chip keeps one semaphore, the number of committed
// sections: acquire waits while it is full and changes nothing, commit counts
// it up and turns MATH to the next section, wait waits while it is zero,
// release counts it down and turns PACK. Calls that come in another order are
// faults; where the semaphore makes them harmless, host programs get a warning.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Compute.h"

#include <algorithm>

namespace tilewright::sim::compute {
namespace {

/// A call out of order, which the chip takes all the same.
void protocol(const char *message, TwLoc loc) {
  self().slip(/*harmless=*/true, FaultCode::DstProtocol, message, loc);
}

void dstAcquire(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (dst.mathHolds)
    protocol("tile_regs_acquire of a section that is held already", loc);
  agent.spend(cycles(costs().dstCall));
  agent.sync();
  while (dst.committed >= dst.sections)
    agent.block(dst.acquire, WaitKind::DstFree, loc);
  machine->order->acquire(agent, dst.releasedClock);
  dst.acquired = loc;
  if (dst.mathHolds)
    return;
  dst.mathHolds = true;
  dst.firstMath = true;
  dst.written[dst.mathSection] = 0;
  dst.reduced[dst.mathSection] = 0;
  dst.half[dst.mathSection] = false;
}

void dstCommit(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (!dst.mathHolds)
    protocol("tile_regs_commit without tile_regs_acquire", loc);
  agent.spend(cycles(costs().dstCall));
  agent.sync();
  dst.mathHolds = false;
  // The counter of the chip has four bits and stays at their largest value.
  dst.committed = std::min(dst.committed + 1, 15u);
  machine->order->release(agent, dst.committedClock);
  dst.mathSection = (dst.mathSection + 1) % dst.sections;
  machine->wake(dst.full, agent.now);
}

void dstWait(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (dst.packHolds)
    protocol("tile_regs_wait for a section that is held already", loc);
  agent.spend(cycles(costs().dstCall));
  agent.sync();
  while (dst.committed == 0)
    agent.block(dst.full, WaitKind::DstFull, loc);
  dst.packHolds = true;
  machine->order->acquire(agent, dst.committedClock);
  dst.waitedFor = loc;
  dst.firstPack = true;
}

void dstRelease(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (!dst.packHolds)
    protocol("tile_regs_release without tile_regs_wait", loc);
  agent.spend(cycles(costs().dstCall));
  agent.sync();
  dst.packHolds = false;
  dst.committed -= dst.committed > 0;
  machine->order->release(agent, dst.releasedClock);
  dst.packSection = (dst.packSection + 1) % dst.sections;
  machine->wake(dst.acquire, agent.now);
}

} // namespace

void installDstCalls(TwApi &api) {
  api.dstAcquire = dstAcquire;
  api.dstCommit = dstCommit;
  api.dstWait = dstWait;
  api.dstRelease = dstRelease;
}

} // namespace tilewright::sim::compute
