//===- StrayWrites.cpp - writes beside the reserved pages -----------------===//

#include "Machine/Checks/StrayWrites.h"

#include "Machine/Machine.h"

namespace tilewright::sim {
namespace {

/// Whether nobody would see bytes at `address`: the page is free.
bool isFree(const CircularBuffer &cb, uint32_t address, uint32_t bytes) {
  const uint32_t first = (address - cb.base) / cb.pageBytes;
  const uint32_t last = (address + bytes - 1 - cb.base) / cb.pageBytes;
  if (last >= cb.pages)
    return false;
  const auto head = static_cast<uint32_t>(cb.popped % cb.pages);
  for (uint32_t page = first; page <= last; ++page)
    if ((page + cb.pages - head) % cb.pages < cb.available())
      return false;
  return true;
}

void report(const CircularBuffer &cb, uint32_t address, uint32_t bytes,
            const char *verb, bool harmless, TwLoc loc) {
  const uint32_t page = (address - cb.base) / cb.pageBytes;
  self().slip(
      harmless, FaultCode::TileOutsideWindow,
      std::to_string(bytes) + " bytes are " + verb + " page " +
          std::to_string(page) + " of " + *cb.name + " (L1 address " +
          std::to_string(address) + "); " +
          (cb.reserved ? std::to_string(cb.reserved) +
                             (cb.reserved == 1 ? " page is" : " pages are")
                       : std::string("none is")) +
          " reserved" +
          (cb.reserved
               ? ", from page " +
                     std::to_string(cb.write[uint32_t(self().kind)]) + " on"
               : std::string()),
      loc);
}

} // namespace

void checkStray(uint32_t address, uint32_t bytes, const char *verb, TwLoc loc) {
  Agent &agent = self();
  for (CircularBuffer &cb : agent.core->cbs) {
    if (!cb.exists || address < cb.base ||
        address >= cb.base + cb.pages * cb.pageBytes)
      continue;
    const bool pushes = cb.producer == &agent;
    if (cb.keepsOld() || cb.consumer == &agent || cb.waiter == &agent ||
        !(pushes || (cb.reserver == &agent && cb.reserved && !cb.producer)))
      return;
    // What is reserved may run over the end of the buffer.
    const uint32_t write = cb.write[uint32_t(agent.kind)];
    const uint32_t last = cb.base + cb.pages * cb.pageBytes;
    while (true) {
      const uint32_t page = (address - cb.base) / cb.pageBytes;
      if ((page + cb.pages - write) % cb.pages >= cb.reserved)
        break;
      const uint32_t next = cb.base + (page + 1) * cb.pageBytes;
      if (address + bytes <= next || next >= last)
        return;
      bytes -= next - address;
      address = next;
    }
    if (pushes) {
      report(cb, address, bytes, verb, isFree(cb, address, bytes), loc);
    } else if (!cb.strayAt.file) {
      cb.strayAt = loc;
      cb.strayAddress = address;
      cb.strayBytes = bytes;
      cb.strayVerb = verb;
    }
    return;
  }
}

void checkStrayBefore(CircularBuffer &cb) {
  if (cb.strayAt.file && cb.reserver == &self() && !cb.keepsOld())
    report(cb, cb.strayAddress, cb.strayBytes, cb.strayVerb, true, cb.strayAt);
  cb.strayAt = {};
}

} // namespace tilewright::sim
