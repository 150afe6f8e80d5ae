//===- AccessStamp.h - who has last used some bytes -------------*- C++ -*-===//
//
// A stamp: party (13 bits, from 1), epoch (28), place (15), words (8); 0 is
// nobody's.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_ACCESSSTAMP_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_ACCESSSTAMP_H

#include <cstdint>

namespace tilewright::sim::stamp {

constexpr uint32_t LineBytes = 32;
constexpr uint32_t Words = 0xff;
constexpr uint32_t PlaceBits = 15, EpochBits = 28, WordBits = 8;
constexpr uint32_t WhenShift = WordBits + PlaceBits;
constexpr uint32_t PartyShift = WhenShift + EpochBits;

inline uint32_t wordsOf(uint64_t stamp) { return stamp & Words; }
inline uint32_t placeOf(uint64_t stamp) {
  return stamp >> WordBits & ((1u << PlaceBits) - 1);
}
inline uint32_t epochOf(uint64_t stamp) {
  return stamp >> WhenShift & ((1u << EpochBits) - 1);
}
inline uint32_t partyOf(uint64_t stamp) {
  return static_cast<uint32_t>(stamp >> PartyShift) - 1;
}

} // namespace tilewright::sim::stamp

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_ACCESSSTAMP_H
