//===- Transfers.cpp - where transfers may go -----------------------------===//
//
// Beyond the limits that the NoC itself checks: DRAM outside every buffer, L1
// that belongs to the firmware, semaphores that the target core does not have,
// the sender of a multicast in its own rectangle, chains of linked multicasts,
// and pages that are sent before they are there or after they are gone. Also
// keeps who has signalled which word, for the wait-for graph.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/Transfers.h"
#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Checks/StrayWrites.h"

#include "Machine/Noc.h"

namespace tilewright::sim {
namespace {

/// The calls as they were before.
TwApi inner;

std::string coreText(CoreCoord at) {
  return "core " + std::to_string(at.x) + "," + std::to_string(at.y);
}

void checkDram(const Endpoint &end, uint32_t bytes, TwLoc loc) {
  const auto &used = machine->memory.dramBlocks.used;
  // A program that allocates nothing places its data itself.
  if (used.empty())
    return;
  auto after = used.upper_bound(end.address);
  if (after != used.begin()) {
    const auto &[start, size] = *std::prev(after);
    if (end.address + bytes <= start + size)
      return;
  }
  const bool freed = machine->memory.dramBlocks.wasFreed(end.address);
  self().fault(FaultCode::OutsideBuffers,
               "a transfer of " + std::to_string(bytes) + " bytes at address " +
                   std::to_string(end.address) + " of DRAM bank " +
                   std::to_string(end.bank) +
                   (freed ? " touches a buffer that has been freed"
                          : " lies outside every buffer"),
               loc);
}

/// The circular buffer of a core that holds an address.
const CircularBuffer *bufferAt(const Core &core, uint64_t address) {
  for (const CircularBuffer &cb : core.cbs)
    if (cb.exists && address >= cb.base &&
        address < cb.base + cb.pages * cb.pageBytes)
      return &cb;
  return nullptr;
}

/// Kernels take the address of their own circular buffer for that of another
/// core, which must have one there, too. What a core that runs nothing keeps
/// in its L1 is not known.
void checkElsewhere(const Endpoint &end, TwLoc loc) {
  const Core &own = *self().core;
  if (!end.core || end.core == &own)
    return;
  const CircularBuffer *mine = bufferAt(own, end.address);
  if (!mine || bufferAt(*end.core, end.address))
    return;
  const auto &used = machine->memory.l1Blocks.used;
  auto after = used.upper_bound(end.address);
  if (after != used.begin()) {
    const auto &[start, size] = *std::prev(after);
    if (end.address < start + size)
      return;
  }
  self().slip(true, FaultCode::OutsideBuffers,
              "L1 address " + std::to_string(end.address) + " is in " +
                  *mine->name + " of " + coreText(own.coord) + "; " +
                  coreText(end.grid) + " has no buffer there",
              loc);
}

/// What a transfer writes at a target.
void checkTarget(const Endpoint &end, uint32_t bytes, TwLoc loc) {
  if (end.bank >= 0)
    return checkDram(end, bytes, loc);
  const uint32_t semaphores = semaphoreBase(machine->chip);
  if (end.address >= machine->chip.l1Base)
    return checkElsewhere(end, loc);
  if (end.address < semaphores)
    self().fault(FaultCode::BadAddress,
                 "a transfer writes L1 address " + std::to_string(end.address) +
                     " of " + coreText(end.grid) +
                     ", which belongs to the firmware; free L1 begins at " +
                     std::to_string(machine->chip.l1Base),
                 loc);
  const uint32_t id = static_cast<uint32_t>(end.address - semaphores) / 16;
  if (end.core && id < end.core->semaphores.size() && !end.core->semaphores[id])
    self().fault(FaultCode::BadSemaphore,
                 "semaphore " + std::to_string(id) + " of " +
                     coreText(end.grid) +
                     " is signalled, but was not created there",
                 loc);
}

/// After a linked multicast only its chain may follow.
void checkChain(uint32_t noc, const char *what, TwLoc loc) {
  Agent &agent = self();
  const TwLoc open = agent.linked[noc & 1];
  if (!open.file)
    return;
  std::vector<std::string> notes = {std::string(open.file) + ":" +
                                    std::to_string(open.line) +
                                    ": the multicast that is linked"};
  agent.fault(FaultCode::LinkedChainOpen,
              std::string(what) + " follows a linked multicast on NoC " +
                  std::to_string(noc & 1) + ", and would wait for ever",
              loc, std::move(notes));
}

void signal(const Endpoint &end, TwLoc loc) {
  if (end.bank < 0)
    machine->signallers
        [uint64_t(end.grid.y * machine->device.grid().x + end.grid.x) << 32 |
         end.address] = {&self(), loc};
}

void checkId(const char *what, int64_t trid, TwLoc loc) {
  if (trid >= kTransactionIds)
    self().fault(FaultCode::BadTransactionId,
                 std::string(what) + " names transaction id " +
                     std::to_string(trid) + "; the last one is " +
                     std::to_string(kTransactionIds - 1),
                 loc);
}

/// What a producer reads in does not run over the pages that it has reserved.
/// Places before and after them are left alone here: L1 addresses are taken for
/// other purposes, too.
void checkReserved(uint32_t l1, uint32_t bytes, TwLoc loc) {
  Agent &agent = self();
  for (const CircularBuffer &cb : agent.core->cbs) {
    if (!cb.exists || l1 < cb.base || l1 >= cb.base + cb.pages * cb.pageBytes)
      continue;
    if (cb.reserver != &agent || cb.reserved == 0 || cb.keepsOld())
      return;
    const uint32_t begin =
        cb.base + cb.write[uint32_t(agent.kind)] * cb.pageBytes;
    const uint32_t end = begin + cb.reserved * cb.pageBytes;
    if (l1 < begin || l1 >= end || l1 + bytes <= end)
      return;
    const uint32_t room = begin + cb.free() * cb.pageBytes;
    const uint32_t last = cb.base + cb.pages * cb.pageBytes;
    agent.slip(l1 + bytes <= std::min(room, last), FaultCode::TileOutsideWindow,
               std::to_string(bytes) + " bytes are read to " + *cb.name +
                   ", which has room for " + std::to_string(end - l1) +
                   " there: " + std::to_string(cb.reserved) +
                   (cb.reserved == 1 ? " page of " : " pages of ") +
                   std::to_string(cb.pageBytes) + " bytes " +
                   (cb.reserved == 1 ? "is" : "are") + " reserved",
               loc);
    return;
  }
}

void nocRead(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
             uint32_t trid, bool onePacket, TwLoc loc) {
  Agent &agent = self();
  checkId("a read", trid, loc);
  if (bytes) {
    const Endpoint from = machine->noc->decode(source, bytes, noc & 1, loc);
    if (!agent.beyond.empty())
      machine->pages.check(source, bytes, false, loc);
    if (from.bank >= 0)
      checkDram(from, bytes, loc);
    checkTarget(machine->noc->local(l1, bytes, loc), bytes, loc);
    checkReserved(l1, bytes, loc);
    checkStray(l1, bytes, "read to", loc);
  }
  agent.issued[noc & 1] = loc;
  inner.nocRead(noc, source, l1, bytes, trid, onePacket, loc);
}

/// A consumer sends pages that are there: not those that it has popped, nor
/// those that nobody has pushed. Circular buffers may share memory; one of them
/// is enough.
void checkSource(uint32_t l1, uint32_t bytes, TwLoc loc) {
  Agent &agent = self();
  const CircularBuffer *empty = nullptr;
  for (const CircularBuffer &cb : agent.core->cbs) {
    if (!cb.exists || l1 < cb.base || l1 >= cb.base + cb.pages * cb.pageBytes)
      continue;
    const bool consumes = cb.consumer == &agent || cb.waiter == &agent;
    const bool produces = cb.producer == &agent || cb.reserver == &agent;
    const uint32_t page = (l1 - cb.base) / cb.pageBytes;
    const auto head = static_cast<uint32_t>(cb.popped % cb.pages);
    if (!consumes || cb.scratch || cb.shares)
      return;
    if ((page + cb.pages - head) % cb.pages < cb.available()) {
      machine->order->written.check(cb, l1, bytes, "sent", loc);
      return;
    }
    if (produces)
      return;
    empty = &cb;
  }
  if (empty)
    agent.fault(FaultCode::TileOutsideWindow,
                std::to_string(bytes) + " bytes of " + *empty->name +
                    " are sent from L1 address " + std::to_string(l1) +
                    ", where no page is: " +
                    (empty->consumer == &agent
                         ? "it has been popped, or not been pushed yet"
                         : "it has not been pushed yet"),
                loc);
}

void nocWrite(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
              uint32_t trid, bool posted, bool onePacket, TwLoc loc) {
  checkChain(noc, "a write", loc);
  checkId("a write", trid, loc);
  checkSource(l1, bytes, loc);
  if (bytes) {
    const Endpoint to = machine->noc->decode(target, bytes, noc & 1, loc);
    if (!self().beyond.empty())
      machine->pages.check(target, bytes, true, loc);
    checkTarget(to, bytes, loc);
    if (to.bank >= 0)
      machine->order->written.checkResult(l1, bytes, loc);
    if (bytes <= 4)
      signal(to, loc);
  }
  self().issued[noc & 1] = loc;
  inner.nocWrite(noc, l1, target, bytes, trid, posted, onePacket, loc);
}

/// NoC 0 runs right and down, NoC 1 left and up: a rectangle is named from the
/// corner that its NoC reaches first. From the other one it is all that lies
/// outside.
void checkCorners(uint32_t noc, uint64_t rectangle, TwLoc loc) {
  const uint32_t x0 = rectangle >> 48 & 63, y0 = rectangle >> 54 & 63;
  const uint32_t x1 = rectangle >> 36 & 63, y1 = rectangle >> 42 & 63;
  const bool second = noc & 1;
  if (second ? x0 >= x1 && y0 >= y1 : x0 <= x1 && y0 <= y1)
    return;
  auto place = [](uint32_t x, uint32_t y) {
    return "(" + std::to_string(x) + ", " + std::to_string(y) + ")";
  };
  self().slip(true, FaultCode::BadNocTarget,
              "a multicast on NoC " + std::to_string(noc & 1) +
                  " names its rectangle from " + place(x0, y0) + " to " +
                  place(x1, y1) +
                  (second ? "; NoC 1 needs the corner with the larger "
                            "coordinates first"
                          : "; NoC 0 needs the corner with the smaller "
                            "coordinates first"),
              loc);
}

/// Whether the sender counts itself, or leaves itself out where it belongs.
void checkSender(uint64_t rectangle, uint32_t receivers, bool loopback,
                 TwLoc loc) {
  const uint32_t x0 = rectangle >> 48 & 63, y0 = rectangle >> 54 & 63;
  const uint32_t x1 = rectangle >> 36 & 63, y1 = rectangle >> 42 & 63;
  auto inside = [&](CoreCoord core) {
    const CoreCoord at = machine->device.virtualCoord(core);
    return at.x >= std::min(x0, x1) && at.x <= std::max(x0, x1) &&
           at.y >= std::min(y0, y1) && at.y <= std::max(y0, y1);
  };
  if (inside(self().core->coord) == loopback)
    return;
  const CoreCoord grid = machine->device.grid();
  uint32_t cores = 0;
  for (uint32_t y = 0; y < grid.y; ++y)
    for (uint32_t x = 0; x < grid.x; ++x)
      cores += inside({x, y});
  if (loopback)
    self().fault(FaultCode::BadReceiverCount,
                 "a multicast with loopback names a rectangle that the sender "
                 "does not stand in",
                 loc);
  if (receivers == cores)
    self().fault(FaultCode::BadReceiverCount,
                 "a multicast names " + std::to_string(receivers) +
                     " receivers, one of them its sender, which only the form "
                     "with loopback reaches",
                 loc);
}

void nocMulticast(uint32_t noc, uint32_t l1, uint64_t rectangle, uint32_t bytes,
                  uint32_t receivers, bool linked, bool loopback,
                  bool onePacket, TwLoc loc) {
  Agent &agent = self();
  checkCorners(noc, rectangle, loc);
  checkSender(rectangle, receivers, loopback, loc);
  checkSource(l1, bytes, loc);
  const uint64_t offset = rectangle & ((uint64_t(1) << 36) - 1);
  if (bytes && offset < semaphoreBase(machine->chip))
    agent.fault(FaultCode::BadAddress,
                "a multicast writes L1 address " + std::to_string(offset) +
                    ", which belongs to the firmware; free L1 begins at " +
                    std::to_string(machine->chip.l1Base),
                loc);
  agent.issued[noc & 1] = loc;
  inner.nocMulticast(noc, l1, rectangle, bytes, receivers, linked, loopback,
                     onePacket, loc);
  agent.linked[noc & 1] = linked ? loc : TwLoc{nullptr, 0};
  if (bytes > 4)
    return;
  for (const Endpoint &end :
       machine->noc->rectangle(rectangle, bytes, loopback, receivers, loc))
    signal(end, loc);
}

void nocInline(uint32_t noc, uint64_t target, uint32_t value,
               uint32_t byteEnable, bool posted, TwLoc loc) {
  checkChain(noc, "a write of a word", loc);
  const Endpoint to = machine->noc->decode(target, 4, noc & 1, loc);
  if (to.bank < 0)
    checkTarget(to, 4, loc);
  signal(to, loc);
  self().issued[noc & 1] = loc;
  inner.nocInline(noc, target, value, byteEnable, posted, loc);
}

void nocAtomicInc(uint32_t noc, uint64_t target, uint32_t value, uint32_t wrap,
                  bool posted, TwLoc loc) {
  checkChain(noc, "a semaphore increment", loc);
  const Endpoint to = machine->noc->decode(target, 4, noc & 1, loc);
  if (to.bank < 0)
    checkTarget(to, 4, loc);
  signal(to, loc);
  self().issued[noc & 1] = loc;
  inner.nocAtomicInc(noc, target, value, wrap, posted, loc);
}

void nocBarrier(uint32_t noc, TwBarrier what, int32_t trid, TwLoc loc) {
  checkId("a barrier", trid, loc);
  inner.nocBarrier(noc, what, trid, loc);
}

void semaphoreSet(uint32_t address, uint32_t value, TwLoc loc) {
  machine->signallers[uint64_t(self().core->index) << 32 | address] = {&self(),
                                                                       loc};
  inner.semaphoreSet(address, value, loc);
}

} // namespace

void installTransferChecks(TwApi &api) {
  inner = api;
  api.nocRead = nocRead;
  api.nocWrite = nocWrite;
  api.nocMulticast = nocMulticast;
  api.nocInline = nocInline;
  api.nocAtomicInc = nocAtomicInc;
  api.nocBarrier = nocBarrier;
  api.semaphoreSet = semaphoreSet;
}

} // namespace tilewright::sim
