//===- noc_state.h - transfers whose parts are set beforehand ---*- C++ -*-===//
//
// The forms that leave fields in the command buffer of a NoC (`_set_state`) and
// issue transfers that name the others (`_with_state`, `_with_trid`). A field
// that is set stays until it is set again. Part of dataflow_api.h.
//
//===----------------------------------------------------------------------===//
#pragma once

namespace tilewright_device {
struct WordState {
  uint64_t place;
  uint32_t value;
  uint8_t byteEnable;
};
inline WordState wordState[2];
} // namespace tilewright_device

constexpr uint8_t read_cmd_buf = 1;
constexpr uint8_t write_cmd_buf = 0;
constexpr uint8_t write_reg_cmd_buf = 2;
constexpr uint8_t write_at_cmd_buf = 3;

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

template <bool UseVc = false>
FORCE_INLINE void
noc_async_read_one_packet_set_state(uint64_t source, uint32_t bytes,
                                    uint32_t = 0, uint8_t noc = noc_index) {
  tilewright_device::readState[noc].place = source;
  tilewright_device::readState[noc].bytes = bytes;
}
template <bool IncrementCounter = true, bool UseVc = false>
FORCE_INLINE void
noc_async_read_one_packet_with_state(uint32_t source, uint32_t l1, uint32_t = 0,
                                     uint8_t noc = noc_index, TW_LOC) {
  const auto &state = tilewright_device::readState[noc];
  tw_api->nocRead(noc, state.at(source), l1, state.bytes, state.trid, true,
                  loc);
}
FORCE_INLINE void noc_async_read_set_state(uint64_t source,
                                           uint8_t noc = noc_index) {
  tilewright_device::readState[noc].place = source;
}
template <bool IncrementCounter = true>
FORCE_INLINE void noc_async_read_with_state(uint32_t source, uint32_t l1,
                                            uint32_t bytes,
                                            uint8_t noc = noc_index, TW_LOC) {
  const auto &state = tilewright_device::readState[noc];
  tw_api->nocRead(noc, state.at(source), l1, bytes, state.trid, false, loc);
}
/// Reads count when they are issued, whatever a kernel adds itself.
FORCE_INLINE void noc_async_read_inc_num_issued(uint32_t, uint8_t = noc_index) {
}
FORCE_INLINE void noc_async_read_set_trid(uint32_t trid = 0,
                                          uint8_t noc = noc_index) {
  tilewright_device::readState[noc].trid = trid;
}
template <bool SkipPointer = false, bool SkipCheck = false>
FORCE_INLINE void noc_async_read_one_packet_with_state_with_trid(
    uint32_t sourceBase, uint32_t source, uint32_t l1, uint32_t trid = 0,
    uint8_t noc = noc_index, TW_LOC) {
  const auto &state = tilewright_device::readState[noc];
  tw_api->nocRead(noc, state.at(sourceBase + source), l1, state.bytes, trid,
                  true, loc);
}

/// The same from a bank of DRAM; early in 2025 by these names.
template <bool UseVc = false>
FORCE_INLINE uint32_t noc_async_read_tile_dram_sharded_set_state(
    uint32_t address, uint32_t bytes, uint32_t bank = 0, uint32_t = 0,
    uint8_t noc = noc_index) {
  auto &state = tilewright_device::readState[noc];
  state.place = tw_api->bankAddress(true, bank, address, noc);
  state.bytes = bytes;
  return static_cast<uint32_t>(state.place);
}
FORCE_INLINE void noc_async_read_tile_dram_sharded_with_state(
    uint32_t sourceBase, uint32_t source, uint32_t l1, uint32_t = 0,
    uint8_t noc = noc_index, TW_LOC) {
  const auto &state = tilewright_device::readState[noc];
  tw_api->nocRead(noc, state.at(sourceBase + source), l1, state.bytes,
                  state.trid, true, loc);
}
template <bool SkipPointer = false>
FORCE_INLINE void noc_async_read_tile_dram_sharded_with_state_with_trid(
    uint32_t sourceBase, uint32_t source, uint32_t l1, uint32_t trid = 0,
    uint8_t noc = noc_index, TW_LOC) {
  noc_async_read_one_packet_with_state_with_trid(sourceBase, source, l1, trid,
                                                 noc, loc);
}
FORCE_INLINE void
noc_async_read_tile_dram_sharded_set_trid(uint32_t trid = 0,
                                          uint8_t noc = noc_index) {
  noc_async_read_set_trid(trid, noc);
}
/// The counters of transaction ids are always right here.
FORCE_INLINE void reset_noc_trid_barrier_counter(uint32_t = ~0u,
                                                 uint32_t = noc_index) {}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

template <bool Posted = false>
FORCE_INLINE void
noc_async_write_one_packet_set_state(uint64_t target, uint32_t bytes,
                                     uint8_t noc = noc_index, uint8_t = 0) {
  tilewright_device::writeState[noc].place = target;
  tilewright_device::writeState[noc].bytes = bytes;
}
template <bool Posted = false>
FORCE_INLINE void
noc_async_write_one_packet_with_state(uint32_t l1, uint32_t target,
                                      uint8_t noc = noc_index, TW_LOC) {
  const auto &state = tilewright_device::writeState[noc];
  tw_api->nocWrite(noc, l1, state.at(target), state.bytes, state.trid, Posted,
                   true, loc);
}
FORCE_INLINE void noc_async_write_set_trid(uint32_t trid = 0,
                                           uint8_t noc = noc_index) {
  tilewright_device::writeState[noc].trid = trid;
}
template <bool UpdateCounter = true, bool Posted = false>
FORCE_INLINE void noc_async_write_one_packet_with_trid(
    uint32_t l1, uint64_t target, uint32_t bytes, uint32_t trid,
    uint8_t = write_cmd_buf, uint8_t noc = noc_index,
    uint8_t = NOC_UNICAST_WRITE_VC, TW_LOC) {
  tw_api->nocWrite(noc, l1, target, bytes, trid, Posted, true, loc);
}
template <bool Posted = false>
FORCE_INLINE void noc_async_write_one_packet_with_trid_set_state(
    uint64_t target, uint8_t = write_cmd_buf, uint8_t noc = noc_index,
    uint8_t = NOC_UNICAST_WRITE_VC) {
  tilewright_device::writeState[noc].place = target;
}
template <bool UpdateCounter = true, bool Posted = false>
FORCE_INLINE void noc_async_write_one_packet_with_trid_with_state(
    uint32_t l1, uint32_t target, uint32_t bytes, uint32_t trid,
    uint8_t = write_cmd_buf, uint8_t noc = noc_index, TW_LOC) {
  const auto &state = tilewright_device::writeState[noc];
  tw_api->nocWrite(noc, l1, state.at(target), bytes, trid, Posted, true, loc);
}
FORCE_INLINE void noc_async_write_flushed_with_trid(uint32_t trid,
                                                    uint8_t noc = noc_index,
                                                    TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::WritesDeparted, trid, loc);
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

template <bool Posted = false, bool SetValue = false>
FORCE_INLINE void noc_inline_dw_write_set_state(
    uint64_t target, uint32_t value = 0, uint8_t byteEnable = 0xf,
    uint8_t = write_at_cmd_buf, uint8_t noc = noc_index,
    uint8_t = NOC_UNICAST_WRITE_VC) {
  auto &state = tilewright_device::wordState[noc];
  state.place = target;
  state.byteEnable = byteEnable;
  if (SetValue)
    state.value = value;
}
template <bool UpdateLow = false, bool UpdateCounter = true,
          bool Posted = false, bool UpdateHigh = false,
          bool UpdateValue = false,
          InlineWriteDst Destination = InlineWriteDst::DEFAULT>
FORCE_INLINE void
noc_inline_dw_write_with_state(uint32_t value, uint32_t address = 0,
                               uint8_t = write_at_cmd_buf,
                               uint8_t noc = noc_index, TW_LOC) {
  static_assert(!UpdateHigh, "not simulated: changing the core of a word's "
                             "target; set the state again");
  auto &state = tilewright_device::wordState[noc];
  if (UpdateLow)
    state.place = state.place >> 32 << 32 | address;
  if (UpdateValue)
    state.value = value;
  tw_api->nocInline(noc, state.place, state.value, state.byteEnable, Posted,
                    loc);
}
