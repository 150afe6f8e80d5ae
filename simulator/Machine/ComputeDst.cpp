//===- ComputeDst.cpp - sections of DST -----------------------------------===//
//
// MATH acquires and commits sections; PACK waits for them in that order and
// releases them.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Compute.h"

namespace tilewright::sim::compute {
namespace {

[[noreturn]] void protocol(const char *message, TwLoc loc) {
  self().fault(FaultCode::DstProtocol, message, loc);
}

void dstAcquire(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (dst.mathHolds)
    protocol("tile_regs_acquire of a section that is held already", loc);
  agent.spend(cycles(2u));
  agent.sync();
  while (dst.free == 0)
    agent.block(dst.acquire, WaitKind::DstFree, loc);
  --dst.free;
  machine->order->acquire(agent, dst.releasedClock);
  dst.mathHolds = true;
  dst.firstMath = true;
  dst.written[dst.mathSection] = 0;
  dst.reduced[dst.mathSection] = 0;
  dst.acquired = loc;
  dst.half[dst.mathSection] = false;
}

void dstCommit(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (!dst.mathHolds)
    protocol("tile_regs_commit without tile_regs_acquire", loc);
  agent.spend(cycles(2u));
  agent.sync();
  dst.mathHolds = false;
  ++dst.committed;
  machine->order->release(agent, dst.committedClock);
  dst.mathSection = (dst.mathSection + 1) % dst.sections;
  machine->wake(dst.full, agent.now);
}

void dstWait(TwLoc loc) {
  Agent &agent = self();
  DstState &dst = agent.core->dst;
  if (dst.packHolds)
    protocol("tile_regs_wait for a section that is held already", loc);
  agent.spend(cycles(2u));
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
  agent.spend(cycles(2u));
  agent.sync();
  dst.packHolds = false;
  --dst.committed;
  ++dst.free;
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
