//===- CircularBuffers.cpp - circular buffer calls ------------------------===//
//
// Rules that are checked: an index exists on the core; a push is covered by a
// reserve and a pop by a wait; waits are cumulative until popped and never
// beyond the depth; a block never runs over the end of the buffer; one agent
// pushes and one pops.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Checks/StrayWrites.h"
#include "Machine/Machine.h"

namespace tilewright::sim {
namespace {

uint32_t slot(const Agent &agent) { return static_cast<uint32_t>(agent.kind); }

std::string called(const CircularBuffer &cb) { return *cb.name; }
std::string pages(uint32_t count) {
  return std::to_string(count) + (count == 1 ? " page" : " pages");
}

CircularBuffer &find(uint32_t index, TwLoc loc) {
  Agent &agent = self();
  auto &cbs = agent.core->cbs;
  if (index >= cbs.size() || !cbs[index].exists)
    agent.fault(FaultCode::UnknownCircularBuffer,
                "circular buffer " + std::to_string(index) +
                    " does not exist on this core",
                loc);
  // The compute threads count circular buffers in words of 16 bytes.
  if (agent.kind >= AgentKind::Unpack && cbs[index].pageBytes % 16 != 0)
    agent.fault(FaultCode::BadCircularBuffer,
                called(cbs[index]) + " has pages of " +
                    std::to_string(cbs[index].pageBytes) +
                    " bytes, no multiple of 16, and a compute kernel uses it",
                loc);
  return cbs[index];
}

void checkDepth(const CircularBuffer &cb, uint32_t count, const char *call,
                TwLoc loc) {
  if (count > cb.pages)
    self().fault(FaultCode::BeyondDepth,
                 std::string(call) + " asks for " + pages(count) + " of " +
                     called(cb) + ", which has " + pages(cb.pages),
                 loc);
}

void checkOwner(Agent *&owner, TwLoc &last, const CircularBuffer &cb,
                const char *verb, TwLoc loc) {
  Agent &agent = self();
  if (cb.scratch || !owner || owner == &agent) {
    owner = &agent;
    last = loc;
    return;
  }
  std::vector<std::string> notes = {std::string(last.file ? last.file : "?") +
                                    ":" + std::to_string(last.line) + ": " +
                                    std::string(agentName(owner->kind)) +
                                    ", the other one"};
  agent.fault(FaultCode::TwoProducers,
              called(cb) + " is " + verb + " by " +
                  std::string(agentName(agent.kind)) + " and by " +
                  std::string(agentName(owner->kind)),
              loc, std::move(notes));
}

/// Moves a page pointer; a block may end at the end of the buffer, not cross.
void advance(uint32_t &pointer, uint32_t count, const CircularBuffer &cb,
             const char *call, TwLoc loc) {
  pointer += count;
  if (pointer > cb.pages)
    self().fault(FaultCode::BlockWraps,
                 std::string(call) + " moves " + pages(count) + " from page " +
                     std::to_string(pointer - count) + " of " + called(cb) +
                     ", over its end at page " + std::to_string(cb.pages),
                 loc);
  if (pointer == cb.pages)
    pointer = 0;
}

void reserve(uint32_t index, uint32_t count, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  Agent &agent = self();
  agent.spend(cycles(machine->chip.compute.cbCall) + machine->jitter(40));
  checkDepth(cb, count, "cb_reserve_back", loc);
  agent.syncInOrder();
  cb.reserver = &agent;
  while (cb.free() < count) {
    agent.waitIndex = index;
    agent.waitWanted = count;
    agent.block(cb.space, WaitKind::CbSpace, loc, [](const Agent &waiter) {
      return waiter.core->cbs[waiter.waitIndex].free() >= waiter.waitWanted;
    });
  }
  cb.reserved = std::max(cb.reserved, count);
  machine->order->acquire(agent, cb.poppedClock);
}

void push(uint32_t index, uint32_t count, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  Agent &agent = self();
  agent.spend(cycles(machine->chip.compute.cbCall) + machine->jitter(40));
  agent.sync();
  checkOwner(cb.producer, cb.pushedAt, cb, "pushed", loc);
  checkStrayBefore(cb);
  if (count > cb.reserved) {
    agent.slip(cb.free() >= count, FaultCode::PushWithoutReserve,
               "cb_push_back of " + pages(count) + " to " + called(cb) +
                   ", of which " + std::to_string(cb.reserved) +
                   " are reserved",
               loc);
    cb.reserved = count;
  }
  const uint32_t first = cb.write[slot(agent)];
  advance(cb.write[slot(agent)], count, cb, "cb_push_back", loc);
  machine->order->pushed(cb, first, count, loc);
  machine->order->release(agent, cb.pushedClock);
  cb.reserved -= count;
  cb.packed = 0;
  cb.pushed += count;
  cb.peak = std::max(cb.peak, cb.available());
  machine->wake(cb.arrival, agent.now);
}

void wait(uint32_t index, uint32_t count, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  Agent &agent = self();
  agent.spend(cycles(machine->chip.compute.cbCall) + machine->jitter(40));
  checkDepth(cb, count, "cb_wait_front", loc);
  agent.syncInOrder();
  cb.waiter = &agent;
  while (cb.available() < count) {
    agent.waitIndex = index;
    agent.waitWanted = count;
    agent.block(cb.arrival, WaitKind::CbPages, loc, [](const Agent &waiter) {
      return waiter.core->cbs[waiter.waitIndex].available() >=
             waiter.waitWanted;
    });
  }
  cb.waited = std::max(cb.waited, count);
  machine->order->acquire(agent, cb.pushedClock);
}

void pop(uint32_t index, uint32_t count, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  Agent &agent = self();
  agent.spend(cycles(machine->chip.compute.cbCall) + machine->jitter(40));
  agent.sync();
  checkOwner(cb.consumer, cb.poppedAt, cb, "popped", loc);
  if (count > cb.waited) {
    agent.slip(cb.available() >= count || cb.shares, FaultCode::PopWithoutWait,
               "cb_pop_front of " + pages(count) + " from " + called(cb) +
                   ", of which " + std::to_string(cb.waited) +
                   " have been waited for",
               loc);
    // What lies in an L1 buffer is there without having been pushed.
    if (cb.available() < count)
      cb.pushed = cb.popped + count;
    cb.waited = count;
  }
  advance(cb.read[slot(agent)], count, cb, "cb_pop_front", loc);
  machine->order->release(agent, cb.poppedClock);
  cb.waited -= count;
  cb.popped += count;
  machine->wake(cb.space, agent.now);
}

uint32_t writePtr(uint32_t index, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  return cb.base + cb.write[slot(self())] * cb.pageBytes;
}
uint32_t readPtr(uint32_t index, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  return cb.base + cb.read[slot(self())] * cb.pageBytes;
}
uint32_t freePages(uint32_t index, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  self().poll(cycles(machine->chip.compute.cbCall), cb.name->c_str(), loc);
  self().sync();
  machine->order->acquire(self(), cb.poppedClock);
  return cb.free();
}
uint32_t availablePages(uint32_t index, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  self().poll(cycles(machine->chip.compute.cbCall), cb.name->c_str(), loc);
  self().sync();
  machine->order->acquire(self(), cb.pushedClock);
  return cb.available();
}
void declareScratch(uint32_t index, TwLoc loc) {
  find(index, loc).scratch = true;
}
uint32_t info(uint32_t index, uint32_t what, TwLoc loc) {
  CircularBuffer &cb = find(index, loc);
  return what == 0 ? cb.pageBytes : what == 1 ? cb.pages : cb.base;
}

} // namespace

void installCircularBufferCalls(TwApi &api) {
  api.cbReserve = reserve;
  api.cbPush = push;
  api.cbWait = wait;
  api.cbPop = pop;
  api.cbWritePtr = writePtr;
  api.cbReadPtr = readPtr;
  api.cbFree = freePages;
  api.cbAvailable = availablePages;
  api.cbInfo = info;
  api.cbScratch = declareScratch;
}

} // namespace tilewright::sim
