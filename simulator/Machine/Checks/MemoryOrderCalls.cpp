//===- MemoryOrderCalls.cpp - transfers and semaphores, ordered -----------===//
//
// A transfer is told to the checks before it is issued, so that a signal is
// known when it lands; a wait and a barrier after they have ended.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Noc.h"

namespace tilewright::sim {
namespace {

using End = MemoryOrder::End;

/// The calls as they were before.
TwApi inner;

MemoryOrder &order() { return *machine->order; }

End endOf(const Endpoint &point) {
  return {point.grid.y * machine->device.grid().x + point.grid.x,
          static_cast<uint32_t>(point.address)};
}
End ownEnd(uint32_t address) { return {self().core->index, address}; }

void nocRead(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
             uint32_t trid, bool onePacket, TwLoc loc) {
  if (bytes) {
    const Endpoint from = machine->noc->decode(source, bytes, noc & 1, loc);
    const End first = endOf(from), to = ownEnd(l1);
    order().readIssued(noc & 1, trid & 15, from.bank < 0 ? &first : nullptr,
                       &to, bytes, loc);
    if (from.bank >= 0)
      order().dramRead(noc & 1, trid & 15, from.bank, from.address, bytes, loc);
  }
  inner.nocRead(noc, source, l1, bytes, trid, onePacket, loc);
}

void nocWrite(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
              uint32_t trid, bool posted, bool onePacket, TwLoc loc) {
  if (bytes) {
    const Endpoint to = machine->noc->decode(target, bytes, noc & 1, loc);
    const End from = ownEnd(l1), last = endOf(to);
    const bool l1Target = to.bank < 0;
    const uint32_t id = posted ? MemoryOrder::Posted : trid & 15;
    order().writeIssued(noc & 1, id, Lane::Unicast, &from, &last, l1Target,
                        bytes, loc);
    if (!l1Target)
      order().dramWritten(noc & 1, id, l1, to.bank, to.address, bytes, loc);
    if (l1Target && MemoryOrder::maySignal(bytes))
      order().signalled(last, bytes, order().signal(noc & 1, Lane::Unicast),
                        loc);
  }
  inner.nocWrite(noc, l1, target, bytes, trid, posted, onePacket, loc);
}

/// The cores of a rectangle, kept where a fault cannot lose them.
void keepTargets(uint64_t rectangle, uint32_t bytes, bool loopback,
                 uint32_t receivers, TwLoc loc) {
  auto &targets = order().targets;
  targets.clear();
  for (const Endpoint &end :
       machine->noc->rectangle(rectangle, bytes, loopback, receivers, loc))
    targets.push_back(endOf(end));
}

void nocMulticast(uint32_t noc, uint32_t l1, uint64_t rectangle, uint32_t bytes,
                  uint32_t receivers, bool linked, bool loopback,
                  bool onePacket, TwLoc loc) {
  if (bytes) {
    keepTargets(rectangle, bytes, loopback, receivers, loc);
    const auto &targets = order().targets;
    const End from = ownEnd(l1);
    order().writeIssued(noc & 1, 0, Lane::Multicast, &from, targets.data(),
                        targets.size(), bytes, loc);
    if (MemoryOrder::maySignal(bytes)) {
      const auto message = order().signal(noc & 1, Lane::Multicast);
      for (const End &end : targets)
        order().signalled(end, bytes, message, loc);
    }
  }
  inner.nocMulticast(noc, l1, rectangle, bytes, receivers, linked, loopback,
                     onePacket, loc);
}

void tellWord(uint32_t noc, uint64_t target, TwLoc loc) {
  const Endpoint to = machine->noc->decode(target, 4, noc & 1, loc);
  if (to.bank < 0)
    order().written.wrote(endOf(to).grid, endOf(to).address, 4);
  if (to.bank < 0)
    order().signalled(endOf(to), 4, order().signal(noc & 1, Lane::Unicast),
                      loc);
}

void nocInline(uint32_t noc, uint64_t target, uint32_t value,
               uint32_t byteEnable, bool posted, TwLoc loc) {
  tellWord(noc, target, loc);
  inner.nocInline(noc, target, value, byteEnable, posted, loc);
}
void nocAtomicInc(uint32_t noc, uint64_t target, uint32_t value, uint32_t wrap,
                  bool posted, TwLoc loc) {
  tellWord(noc, target, loc);
  inner.nocAtomicInc(noc, target, value, wrap, posted, loc);
}
void nocAtomicIncMulticast(uint32_t noc, uint64_t rectangle, uint32_t value,
                           uint32_t receivers, TwLoc loc) {
  keepTargets(rectangle, 4, false, receivers, loc);
  const auto message = order().signal(noc & 1, Lane::Multicast);
  for (const End &end : order().targets)
    order().signalled(end, 4, message, loc);
  inner.nocAtomicIncMulticast(noc, rectangle, value, receivers, loc);
}

void nocBarrier(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc) {
  inner.nocBarrier(noc, what, trid, loc);
  order().barrier(noc & 1, what, trid);
}

bool nocDone(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc) {
  const bool done = inner.nocDone(noc, what, trid, loc);
  if (done)
    order().barrier(noc & 1, what, trid);
  return done;
}

void semaphoreWait(uint32_t address, uint32_t value, bool atLeast, TwLoc loc) {
  inner.semaphoreWait(address, value, atLeast, loc);
  order().observed(address, atLeast ? value : 0);
}
void semaphoreSet(uint32_t address, uint32_t value, TwLoc loc) {
  order().set(address, value, loc);
  inner.semaphoreSet(address, value, loc);
}

} // namespace

void installMemoryOrderCalls(TwApi &api) {
  inner = api;
  api.nocRead = nocRead;
  api.nocWrite = nocWrite;
  api.nocMulticast = nocMulticast;
  api.nocInline = nocInline;
  api.nocAtomicInc = nocAtomicInc;
  api.nocAtomicIncMulticast = nocAtomicIncMulticast;
  api.nocBarrier = nocBarrier;
  api.nocDone = nocDone;
  api.semaphoreWait = semaphoreWait;
  api.semaphoreSet = semaphoreSet;
}

} // namespace tilewright::sim
