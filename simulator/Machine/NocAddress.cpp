//===- NocAddress.cpp - what a NoC address names --------------------------===//
//
// A unicast address is x in bits 36 to 41, y in bits 42 to 47 and the offset
// below; a multicast address has the start of its rectangle 12 bits above that.
// Coordinates are those that the host gives to kernels.
//
//===----------------------------------------------------------------------===//

#include "Machine/Noc.h"

namespace tilewright::sim {
namespace {
constexpr uint32_t kMap = 64;
} // namespace

Noc::Noc(Machine &machine)
    : m(machine), chip(machine.chip), hop(cycles(chip.noc.hopCycles)),
      niu(cycles(chip.noc.niuCycles)) {
  const size_t nodes = size_t(2) * chip.nocGrid.x * chip.nocGrid.y;
  links = std::vector<Link>(nodes * 2);
  stamp.resize(nodes * 2);
  outs.resize(nodes);
  ins = std::vector<Link>(nodes);
  streamIn.resize(nodes * chip.dram.banks);
  streamOut.resize(nodes * chip.dram.banks);
  multicastLanded.resize(nodes);
  if (m.options.adversarial)
    unicastLanded.resize(nodes * nodes);
  banks.resize(chip.dram.banks);
  virtualMap.assign(kMap * kMap, -1);
  const CoreCoord grid = m.device.grid();
  for (uint32_t y = 0; y < grid.y; ++y)
    for (uint32_t x = 0; x < grid.x; ++x) {
      const CoreCoord at = m.device.virtualCoord({x, y});
      virtualMap[at.y * kMap + at.x] = static_cast<int32_t>(y * grid.x + x);
    }
  for (uint32_t bank = 0; bank < chip.dram.banks; ++bank) {
    const arch::NocCoord at = chip.dramEndpoints[0][bank];
    virtualMap[at.y * kMap + at.x] = -2 - static_cast<int32_t>(bank);
  }
}

/// Where the cores and the banks are, for messages.
std::string Noc::places() const {
  auto text = [](uint32_t x, uint32_t y) {
    return "(" + std::to_string(x) + ", " + std::to_string(y) + ")";
  };
  const CoreCoord grid = m.device.grid();
  const CoreCoord first = m.device.virtualCoord({0, 0});
  const CoreCoord last = m.device.virtualCoord({grid.x - 1, grid.y - 1});
  const arch::NocCoord bank = chip.dramEndpoints[0][0];
  return "cores are at " + text(first.x, first.y) + " to " +
         text(last.x, last.y) + ", DRAM bank 0 at " + text(bank.x, bank.y);
}

Endpoint Noc::decode(uint64_t address, uint32_t bytes, uint8_t noc, TwLoc loc) {
  Endpoint end;
  end.address = address & ((uint64_t(1) << 36) - 1);
  const uint32_t x = address >> 36 & 63;
  const uint32_t y = address >> 42 & 63;
  const int32_t entry = virtualMap[y * kMap + x];
  if (entry == -1 && (x == kNoDramBank || x == kNoL1Bank)) {
    const bool dram = x == kNoDramBank;
    const CoreCoord grid = m.device.grid();
    self().fault(FaultCode::BadNocTarget,
                 std::string("bank ") + std::to_string(y) +
                     (y == kMap - 1 ? " or a later one" : "") + " of " +
                     (dram ? "DRAM" : "L1") + " is used; there are " +
                     std::to_string(dram ? chip.dram.banks : grid.x * grid.y),
                 loc);
  }
  if (entry == -1)
    self().fault(FaultCode::BadNocTarget,
                 "no core or DRAM bank at NoC coordinates (" +
                     std::to_string(x) + ", " + std::to_string(y) + "); " +
                     places(),
                 loc);
  uint64_t limit = chip.l1Bytes;
  if (entry >= 0) {
    const CoreCoord grid = m.device.grid();
    end.grid = {static_cast<uint32_t>(entry) % grid.x,
                static_cast<uint32_t>(entry) / grid.x};
    end.core = m.coreAt[entry];
    end.at = chip.physical(end.grid.x, end.grid.y);
    end.memory = m.memory.l1[entry].data + end.address;
  } else {
    end.bank = -2 - entry;
    end.at = chip.dramEndpoints[noc][end.bank];
    limit = chip.dram.bytesPerBank;
    end.memory = m.memory.dram[end.bank].data + end.address;
  }
  if (end.address + bytes > limit)
    self().fault(FaultCode::BadAddress,
                 "a transfer of " + std::to_string(bytes) +
                     " bytes at address " + std::to_string(end.address) +
                     " of " +
                     (end.bank >= 0 ? "DRAM bank " + std::to_string(end.bank)
                                    : "core " + std::to_string(end.grid.x) +
                                          "," + std::to_string(end.grid.y)) +
                     " lies outside its " + std::to_string(limit) + " bytes",
                 loc);
  return end;
}

Endpoint Noc::local(uint32_t address, uint32_t bytes, TwLoc loc) {
  Agent &agent = self();
  if (uint64_t(address) + bytes > chip.l1Bytes)
    agent.fault(FaultCode::BadAddress,
                "a transfer of " + std::to_string(bytes) +
                    " bytes at L1 address " + std::to_string(address) +
                    " lies outside the " + std::to_string(chip.l1Bytes) +
                    " bytes of L1",
                loc);
  Endpoint end;
  end.core = agent.core;
  end.grid = agent.core->coord;
  end.at = chip.physical(end.grid.x, end.grid.y);
  end.address = address;
  end.memory = agent.core->l1.data() + address;
  return end;
}

void Noc::checkAlignment(const Endpoint &from, const Endpoint &to, bool read,
                         TwLoc loc) {
  const bool dram = from.bank >= 0 || to.bank >= 0;
  const uint32_t align = !dram  ? chip.noc.l1Alignment
                         : read ? chip.noc.dramReadAlignment
                                : chip.noc.dramWriteAlignment;
  if (from.address % align != to.address % align)
    self().fault(FaultCode::Misaligned,
                 "source address " + std::to_string(from.address) +
                     " and target address " + std::to_string(to.address) +
                     " differ modulo " + std::to_string(align),
                 loc);
}

std::vector<Endpoint> Noc::rectangle(uint64_t address, uint32_t bytes,
                                     bool loopback, uint32_t receivers,
                                     TwLoc loc) {
  Agent &agent = self();
  const uint64_t offset = address & ((uint64_t(1) << 36) - 1);
  const uint32_t x0 = address >> 48 & 63, y0 = address >> 54 & 63;
  const uint32_t x1 = address >> 36 & 63, y1 = address >> 42 & 63;
  std::vector<Endpoint> found;
  // NoC 1 runs the other way, so its rectangles are given end first.
  for (uint32_t y = std::min(y0, y1); y <= std::max(y0, y1); ++y)
    for (uint32_t x = std::min(x0, x1); x <= std::max(x0, x1); ++x) {
      if (virtualMap[y * kMap + x] < 0)
        continue;
      Endpoint end = decode((uint64_t(y) << 42) | (uint64_t(x) << 36) | offset,
                            bytes, 0, loc);
      const bool own = end.grid == agent.core->coord;
      if (!own || loopback)
        found.push_back(end);
    }
  if (found.size() != receivers) {
    const std::string message =
        "a multicast names " + std::to_string(receivers) +
        " receivers, but its rectangle has " + std::to_string(found.size());
    found.clear();
    found.shrink_to_fit();
    agent.fault(FaultCode::BadReceiverCount, message, loc);
  }
  return found;
}

} // namespace tilewright::sim
