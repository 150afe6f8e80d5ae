//===- ComputeVectors.cpp - kernels' own programs for the vector unit -----===//
//
// sfpi.h computes in the kernel; what reaches the machine are its loads and
// stores of DST, 32 datums each, with the cycles of the instructions between
// them. Here too: the mailboxes between the processors of a core.
//
//===----------------------------------------------------------------------===//

#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Compute.h"

#include <bit>
#include <cstring>

namespace tilewright::sim::compute {
namespace {

constexpr uint32_t Lanes = 32;
constexpr uint32_t VectorsOfTile = TileElements / Lanes;

/// Where lane `lane` of a vector lies in a tile of 32x32: eight vectors a face,
/// two of them for four rows, the even columns and the odd ones.
uint32_t element(uint32_t vector, uint32_t lane) {
  const uint32_t face = vector / 8, within = vector % 8;
  const uint32_t row = face / 2 * 16 + within / 2 * 4 + lane / 8;
  const uint32_t column = face % 2 * 16 + lane % 8 * 2 + within % 2;
  return row * 32 + column;
}

/// fp16 as a plain store leaves it: cut, at most its largest number.
uint32_t cutToFp16(uint32_t bits) {
  const uint32_t sign = bits & 0x80000000u, size = bits & 0x7fffffffu;
  if (size < 0x38800000u)
    return 0;
  return sign | std::min(size & 0xffffe000u, 0x47ffe000u);
}

void sfpuLoad(uint32_t vector, uint32_t *words, uint32_t taken, TwLoc loc) {
  Agent &agent = self();
  const float *tile =
      mathTile(*agent.core, vector / VectorsOfTile, /*reads=*/true, loc);
  for (uint32_t lane = 0; lane < Lanes; ++lane)
    words[lane] = withData() ? std::bit_cast<uint32_t>(
                                   tile[element(vector % VectorsOfTile, lane)])
                             : 0;
  agent.core->dst.firstMath = false;
  agent.spend(cycles(taken));
}

void sfpuStore(uint32_t vector, const uint32_t *words, const uint32_t *lanes,
               bool integer, uint32_t taken, TwLoc loc) {
  Agent &agent = self();
  Core &core = *agent.core;
  float *tile = mathTile(core, vector / VectorsOfTile, /*reads=*/false, loc);
  const bool half = core.dst.half[core.dst.mathSection];
  for (uint32_t lane = 0; withData() && lane < Lanes; ++lane) {
    if (!lanes[lane])
      continue;
    uint32_t bits = words[lane];
    if (!core.dst.fp32)
      bits = integer ? bits & 0xffffu
             : half  ? cutToFp16(bits)
                     : bits & MaskBf16;
    tile[element(vector % VectorsOfTile, lane)] = std::bit_cast<float>(bits);
  }
  core.dst.firstMath = false;
  agent.spend(cycles(taken) + machine->jitter(4));
}

/// The number of the running agent: a ThreadId of tilewright/mailbox.h.
uint32_t thread() {
  const AgentKind kind = self().kind;
  return kind < AgentKind::Unpack
             ? 3
             : uint32_t(kind) - uint32_t(AgentKind::Unpack);
}

void mailboxWrite(uint32_t to, uint32_t value, TwLoc loc) {
  Agent &agent = self();
  Mailbox &box = agent.core->mailboxes[thread()][to];
  agent.spend(cycles(2u));
  agent.sync();
  while (box.count == Mailbox::Depth)
    agent.block(box.room, WaitKind::Mailbox, loc);
  box.words[(box.first + box.count++) % Mailbox::Depth] = value;
  machine->order->release(agent, box.clock);
  machine->wake(box.arrival, agent.now);
}

uint32_t mailboxRead(uint32_t from, TwLoc loc) {
  Agent &agent = self();
  Mailbox &box = agent.core->mailboxes[from][thread()];
  agent.spend(cycles(2u));
  agent.sync();
  while (box.count == 0) {
    agent.waitIndex = from;
    agent.block(box.arrival, WaitKind::Mailbox, loc);
  }
  const uint32_t value = box.words[box.first];
  box.first = (box.first + 1) % Mailbox::Depth;
  --box.count;
  machine->order->acquire(agent, box.clock);
  machine->wake(box.room, agent.now);
  return value;
}

} // namespace

void installVectorCalls(TwApi &api) {
  api.sfpuLoad = sfpuLoad;
  api.sfpuStore = sfpuStore;
  api.mailboxWrite = mailboxWrite;
  api.mailboxRead = mailboxRead;
}

} // namespace tilewright::sim::compute
