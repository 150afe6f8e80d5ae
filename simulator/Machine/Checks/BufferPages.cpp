//===- BufferPages.cpp - pages that a buffer does not have ----------------===//

#include "Machine/Checks/BufferPages.h"

#include "Machine/Machine.h"

namespace tilewright::sim {

void BufferPages::look(Agent &agent, bool dram, uint64_t base, uint32_t stride,
                       uint32_t page, uint64_t address) {
  const auto &all =
      (dram ? machine->memory.dramBlocks : machine->memory.l1Blocks).pages;
  const auto found = all.find(base);
  // Pages of another size are not those of the buffer.
  if (found == all.end() || found->second.stride != stride)
    return;
  const uint64_t pages = found->second.count;
  if (page < pages) {
    known[(base >> 6 ^ base >> 12) % known.size()] = {base, pages, stride,
                                                      dram};
    if (anyBeyond)
      forget(agent, address);
    return;
  }
  const CoreCoord grid = machine->device.grid();
  const uint64_t banks =
      dram ? machine->chip.dram.banks : uint64_t(grid.x) * grid.y;
  forget(agent, address);
  // A kernel that names many at once uses the last ones.
  constexpr size_t kMost = 64;
  if (agent.beyond.size() == kMost)
    agent.beyond.erase(agent.beyond.begin());
  agent.beyond.push_back({address, base, pages, page, stride, dram,
                          page < (pages + banks - 1) / banks * banks});
  anyBeyond = true;
}

void BufferPages::forget(Agent &agent, uint64_t address) {
  std::erase_if(agent.beyond, [&](const PageBeyond &one) {
    return address >= one.address && address < one.address + one.stride;
  });
}

void BufferPages::check(uint64_t address, uint32_t bytes, bool write,
                        TwLoc loc) {
  Agent &agent = self();
  for (const PageBeyond &one : agent.beyond) {
    if (address < one.address || address >= one.address + one.stride)
      continue;
    const char *memory = one.dram ? "DRAM" : "L1";
    agent.slip(one.padding && !write, FaultCode::OutsideBuffers,
               "a transfer " + std::string(write ? "writes " : "reads ") +
                   std::to_string(bytes) + " bytes of page " +
                   std::to_string(one.page) + " of the " + memory +
                   " buffer at " + std::to_string(one.buffer) + ", which has " +
                   std::to_string(one.pages) +
                   (one.pages == 1 ? " page" : " pages"),
               loc);
    return;
  }
}

} // namespace tilewright::sim
