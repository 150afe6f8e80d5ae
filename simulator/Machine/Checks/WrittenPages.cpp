//===- WrittenPages.cpp - pages that are read though nobody wrote ---------===//

#include "Machine/Checks/WrittenPages.h"

#include "Machine/Machine.h"

#include <cstring>
#include <span>

namespace tilewright::sim {
namespace {

constexpr uint32_t kUnitBytes = 16;

/// Calls `each(word, mask)` for the bits [begin, end).
template <typename Each> void forBits(uint32_t begin, uint32_t end, Each each) {
  while (begin < end) {
    const uint32_t word = begin / 64, from = begin % 64;
    const uint32_t count = std::min(64 - from, end - begin);
    const uint64_t ones =
        count == 64 ? ~uint64_t(0) : (uint64_t(1) << count) - 1;
    each(word, ones << from);
    begin += count;
  }
}

} // namespace

WrittenPages::WrittenPages(uint32_t cores, uint32_t l1Bytes)
    : l1Bytes(l1Bytes), cores(cores) {}

uint64_t *WrittenPages::bitsOf(uint32_t grid) {
  auto &bits = cores[grid];
  if (bits.empty())
    bits.resize(l1Bytes / kUnitBytes / 64 + 1);
  return bits.data();
}

void WrittenPages::wrote(uint32_t grid, uint32_t address, uint32_t bytes) {
  if (cores.empty() || bytes == 0 || uint64_t(address) + bytes > l1Bytes)
    return;
  uint64_t *bits = bitsOf(grid);
  forBits(address / kUnitBytes, (address + bytes - 1) / kUnitBytes + 1,
          [&](uint32_t word, uint64_t mask) { bits[word] |= mask; });
}

bool WrittenPages::anyWritten(uint32_t grid, uint32_t begin,
                              uint32_t end) const {
  const auto &bits = cores[grid];
  bool any = false;
  if (!bits.empty())
    forBits(begin / kUnitBytes, (end + kUnitBytes - 1) / kUnitBytes,
            [&](uint32_t word, uint64_t mask) {
              any = any || (bits[word] & mask) != 0;
            });
  return any;
}

/// Whether one of the floats in `bytes` is no finite number; false for other
/// formats.
static bool holdsNonFinite(DataFormat format, std::span<const uint8_t> bytes) {
  auto any = [&](auto word, uint32_t exponent) {
    for (size_t at = 0; at + sizeof(word) <= bytes.size(); at += sizeof(word)) {
      std::memcpy(&word, &bytes[at], sizeof(word));
      if ((word & exponent) == exponent)
        return true;
    }
    return false;
  };
  switch (format) {
  case DataFormat::Float32:
    return any(uint32_t(0), 0x7f800000u);
  case DataFormat::Float16_b:
    return any(uint16_t(0), 0x7f80u);
  case DataFormat::Float16:
    return any(uint16_t(0), 0x7c00u);
  default:
    return false;
  }
}

void WrittenPages::check(const CircularBuffer &cb, uint32_t address,
                         uint32_t bytes, const char *verb, TwLoc loc) {
  if (cores.empty() || bytes == 0 || cb.keepsOld() ||
      anyWritten(self().core->index, address, address + bytes))
    return;
  const std::string page = "page " +
                           std::to_string((address - cb.base) / cb.pageBytes) +
                           " of " + *cb.name;
  if (anyWritten(self().core->index, cb.base,
                 cb.base + cb.pages * cb.pageBytes)) {
    if (firstUse.empty() && bytes >= cb.pageBytes)
      firstUse = page + ", which is " + verb + " at " +
                 (loc.file ? loc.file : "") + ":" + std::to_string(loc.line) +
                 " on core " + std::to_string(self().core->coord.x) + "," +
                 std::to_string(self().core->coord.y) +
                 " though nobody has written it";
    return;
  }
  self().slip(true, FaultCode::UnwrittenPage,
              page + " is " + verb +
                  ", but nothing has been written to this circular buffer" +
                  (cb.pushedAt.file ? "; the last push is at " +
                                          std::string(cb.pushedAt.file) + ":" +
                                          std::to_string(cb.pushedAt.line)
                                    : ""),
              loc);
}

void WrittenPages::checkSum(const CircularBuffer &cb, uint32_t address,
                            uint32_t bytes, TwLoc loc) const {
  if (cores.empty() || cb.keepsOld() ||
      anyWritten(self().core->index, address, address + bytes))
    return;
  self().slip(true, FaultCode::UnwrittenPage,
              "page " + std::to_string((address - cb.base) / cb.pageBytes) +
                  " of " + *cb.name +
                  " is accumulated to in L1, but nothing has been written to "
                  "it: pack the first block before pack_reconfig_l1_acc(1)",
              loc);
}

void WrittenPages::checkResult(uint32_t address, uint32_t bytes,
                               TwLoc loc) const {
  if (firstUse.empty() || !machine->options.withData)
    return;
  const Core &core = *self().core;
  for (const CircularBuffer &cb : core.cbs)
    if (cb.exists && address >= cb.base &&
        address + bytes <= cb.base + cb.pages * cb.pageBytes &&
        holdsNonFinite(cb.format, {core.l1.data() + address, bytes}))
      return self().slip(true, FaultCode::UnwrittenPage,
                         "NaN or infinities of " + *cb.name +
                             " are sent to DRAM; they come of " + firstUse,
                         loc);
}

} // namespace tilewright::sim
