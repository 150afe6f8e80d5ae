//===- DramOrder.cpp - transfers to and from DRAM that nothing orders -----===//
//
// 1. DRAM is cut into chunks of 2 KiB. Each keeps its last few uses: the range
//    of bytes, the stamp of the stream, read or write.
// 2. A transfer conflicts with a use of another party when one of them writes,
//    their bytes meet, and the issuing agent's clock does not reach the use.
// 3. Two writes of the same bytes with the same contents do not conflict: cores
//    may compute one thing twice.
// 4. A read of a few bytes and a write of a few bytes are how kernels wait for
// a
//    flag in DRAM: they do not conflict, and the reader then knows what the
//    writer knew.
//
// A signal to a core does not carry writes to DRAM: their targets differ, so
// the NoC does not keep them in order; a write barrier does.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/AccessStamp.h"
#include "Machine/Checks/MemoryOrder.h"

#include "Machine/Machine.h"

#include <cstring>

namespace tilewright::sim {

using namespace stamp;

namespace {

constexpr uint32_t kFlagBytes = 64;

/// A sum of bytes that differ when the contents do, but for chance.
uint32_t sumOf(const uint8_t *data, uint32_t bytes) {
  constexpr uint64_t kPrime = 0x9e3779b97f4a7c15;
  uint64_t lane[4] = {bytes, 1, 2, 3};
  uint32_t at = 0;
  for (; at + 32 <= bytes; at += 32)
    for (uint32_t i = 0; i < 4; ++i) {
      uint64_t word;
      std::memcpy(&word, data + at + 8 * i, 8);
      lane[i] = (lane[i] ^ word) * kPrime;
    }
  for (; at < bytes; ++at)
    lane[0] = (lane[0] ^ data[at]) * kPrime;
  uint64_t sum = 0;
  for (const uint64_t one : lane)
    sum = (sum ^ one ^ one >> 32) * kPrime;
  return static_cast<uint32_t>(sum >> 32);
}

} // namespace

MemoryOrder::DramUse *MemoryOrder::dramUses(uint32_t bank, uint64_t address) {
  auto &shadow = dramShadows[bank];
  if (!shadow)
    shadow = std::make_unique<Memory>(
        (m.chip.dram.bytesPerBank / DramChunk + 1) * DramUses * sizeof(DramUse),
        0);
  return reinterpret_cast<DramUse *>(shadow->data) +
         address / DramChunk * DramUses;
}

void MemoryOrder::dramAccess(Agent &agent, uint32_t party, uint32_t bank,
                             uint64_t address, uint32_t bytes,
                             const uint8_t *source, TwLoc loc) {
  if (party == NoParty || address + bytes > m.chip.dram.bytesPerBank)
    return;
  const bool writes = source;
  const uint32_t epoch = states[party / PartySlots].epoch[party % PartySlots];
  const uint64_t stamp = stampOf(party, epoch, loc);
  for (uint32_t done = 0; done < bytes;) {
    const auto begin = static_cast<uint32_t>((address + done) % DramChunk);
    const uint32_t size = std::min(bytes - done, DramChunk - begin);
    DramUse next = {stamp, writes ? sumOf(source + done, size) : 0,
                    static_cast<uint16_t>(begin),
                    static_cast<uint16_t>(begin + size), uint16_t(writes)};
    DramUse *const uses = dramUses(bank, address + done);
    DramUse *place = nullptr;
    for (DramUse *use = uses; use != uses + DramUses; ++use) {
      if (!use->stamp) {
        if (!place)
          place = use;
        continue;
      }
      const bool meets = use->begin < next.end && next.begin < use->end;
      const bool covered = next.begin <= use->begin && use->end <= next.end;
      const bool mine = partyOf(use->stamp) == party;
      if (meets && !mine && (writes || use->writes) &&
          !reached(agent, use->stamp)) {
        const bool same = writes && use->writes && covered &&
                          use->end - use->begin == size && use->sum == next.sum;
        const bool flag = writes != bool(use->writes) && bytes <= kFlagBytes &&
                          use->end - use->begin <= int(kFlagBytes);
        if (!flag && !same)
          reportDram(agent, bank, address + done, *use, writes, loc);
      }
      // What comes after a use that it covers takes its place; a read does not
      // stand for a write.
      if (covered && (writes || !use->writes) &&
          (mine || reached(agent, use->stamp)))
        place = use;
    }
    if (!place) {
      std::memmove(uses, uses + 1, (DramUses - 1) * sizeof(DramUse));
      place = uses + DramUses - 1;
    }
    *place = next;
    done += size;
  }
}

void MemoryOrder::dramRead(uint32_t noc, uint32_t trid, uint32_t bank,
                           uint64_t address, uint32_t bytes, TwLoc loc) {
  if (!enabled)
    return;
  Agent &agent = self();
  dramAccess(agent, streamParty(agent, noc, trid, Stream::Read), bank, address,
             bytes, nullptr, loc);
  std::vector<DramFlag> &flags = states[agent.core->index].flags;
  if (bytes <= kFlagBytes && flags.size() < 64)
    flags.push_back({bank, address, bytes});
}

void MemoryOrder::dramSeen(Agent &agent) {
  std::vector<DramFlag> &flags = states[agent.core->index].flags;
  for (const DramFlag &flag : flags) {
    const auto begin = static_cast<uint32_t>(flag.address % DramChunk);
    const DramUse *const uses = dramUses(flag.bank, flag.address);
    for (const DramUse *use = uses; use != uses + DramUses; ++use)
      if (use->stamp && use->writes && use->begin < begin + flag.bytes &&
          begin < use->end && use->end - use->begin <= int(kFlagBytes) &&
          partyOf(use->stamp) / PartySlots != agent.core->index &&
          !reached(agent, use->stamp))
        adopt(agent, use->stamp);
  }
  flags.clear();
}

void MemoryOrder::dramWritten(uint32_t noc, uint32_t trid, uint32_t l1,
                              uint32_t bank, uint64_t address, uint32_t bytes,
                              TwLoc loc) {
  if (!enabled || uint64_t(l1) + bytes > m.chip.l1Bytes)
    return;
  Agent &agent = self();
  dramAccess(agent, streamParty(agent, noc, trid, Stream::DramTarget), bank,
             address, bytes, agent.core->l1.data() + l1, loc);
}

} // namespace tilewright::sim
