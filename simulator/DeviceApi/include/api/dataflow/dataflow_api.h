//===- dataflow_api.h - the data-movement API -------------------*- C++ -*-===//
//
// What a kernel on BRISC or NCRISC may call: NoC reads and writes, barriers,
// multicast, semaphores, circular buffers, address generators. Transfers are
// asynchronous: data lands when it lands, so barriers matter.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

#include "api/tensor/tensor_accessor.h"
#include "tilewright/circular_buffer.h"
#include "tilewright/local_cb.h"

constexpr uint32_t NOC_MAX_BURST_SIZE = TW_MAX_PACKET;
constexpr uint32_t NOC_DRAM_READ_ALIGNMENT_BYTES = TW_DRAM_ALIGNMENT;
constexpr uint32_t NOC_L1_READ_ALIGNMENT_BYTES = TW_L1_ALIGNMENT;
constexpr uint32_t NOC_L1_WRITE_ALIGNMENT_BYTES = TW_L1_ALIGNMENT;
/// Coordinates are the same on both NoCs.
#define DYNAMIC_NOC_X(noc, x) (x)
#define DYNAMIC_NOC_Y(noc, y) (y)
#define NOC_XY_ENCODING(x, y) (uint32_t(y) << 6 | uint32_t(x))
#define NOC_XY_ADDR(x, y, address)                                             \
  (uint64_t(NOC_XY_ENCODING(x, y)) << 36 | uint64_t(address))
constexpr uint32_t L1_ALIGNMENT = TW_L1_ALIGNMENT;
constexpr uint32_t DRAM_ALIGNMENT = TW_DRAM_ALIGNMENT;
#define MEM_ZEROS_BASE TW_ZEROS_BASE
// An int, as kernels expect of a plain number.
#define MEM_ZEROS_SIZE static_cast<int>(TW_ZEROS_SIZE)
constexpr uint8_t NUM_NOCS = 2;
constexpr uint32_t NOC_UNICAST_WRITE_VC = 1;
constexpr uint32_t NOC_MULTICAST_WRITE_VC = 4;

/// Coordinates of this core, one for each NoC.
namespace tilewright_device {
template <uint32_t Axis> struct OwnCoord {
  operator uint8_t() const { return tw_api->ownCoord(Axis); }
  uint8_t operator[](uint32_t) const { return tw_api->ownCoord(Axis); }
};
} // namespace tilewright_device
inline constexpr tilewright_device::OwnCoord<0> my_x;
inline constexpr tilewright_device::OwnCoord<1> my_y;

//===----------------------------------------------------------------------===//
// Addresses
//===----------------------------------------------------------------------===//

FORCE_INLINE uint64_t get_noc_addr(uint32_t x, uint32_t y, uint32_t address,
                                   uint8_t = noc_index) {
  return (static_cast<uint64_t>(y) << 42) | (static_cast<uint64_t>(x) << 36) |
         address;
}
FORCE_INLINE uint64_t get_noc_addr(uint32_t address, uint8_t noc = noc_index) {
  return get_noc_addr(my_x, my_y, address, noc);
}
FORCE_INLINE uint64_t get_noc_multicast_addr(uint32_t xStart, uint32_t yStart,
                                             uint32_t xEnd, uint32_t yEnd,
                                             uint32_t address,
                                             uint8_t = noc_index) {
  return (static_cast<uint64_t>(yStart) << 54) |
         (static_cast<uint64_t>(xStart) << 48) |
         (static_cast<uint64_t>(yEnd) << 42) |
         (static_cast<uint64_t>(xEnd) << 36) | address;
}
template <bool Dram>
FORCE_INLINE uint64_t get_noc_addr_from_bank_id(uint32_t bank, uint64_t offset,
                                                uint8_t noc = noc_index) {
  return tw_api->bankAddress(Dram, bank, offset, noc);
}

namespace tilewright_device {
/// A bool and nothing that converts to one.
template <typename T>
concept Flag = __is_same(T, bool);
/// What older address generators read of a bank: where in its memory it
/// begins, and the core or DRAM port that serves it.
template <bool Dram> struct BankOffsets {
  uint32_t operator[](uint32_t bank) const {
    return static_cast<uint32_t>(tw_api->bankAddress(Dram, bank, 0, noc_index) &
                                 0xfffffffffull);
  }
};
template <bool Dram> struct BankPlaces {
  struct Places {
    uint32_t noc;
    uint32_t operator[](uint32_t bank) const {
      return static_cast<uint32_t>(tw_api->bankAddress(Dram, bank, 0, noc) >>
                                   36);
    }
  };
  Places operator[](uint32_t noc) const { return {noc}; }
};
} // namespace tilewright_device
inline constexpr tilewright_device::BankOffsets<true> bank_to_dram_offset;
inline constexpr tilewright_device::BankOffsets<false> bank_to_l1_offset;
inline constexpr tilewright_device::BankPlaces<true> dram_bank_to_noc_xy;
inline constexpr tilewright_device::BankPlaces<false> l1_bank_to_noc_xy;
constexpr uint32_t NOC_ADDR_COORD_SHIFT = 36;
/// The address of packed coordinates, x in the lower six bits.
FORCE_INLINE uint64_t get_noc_addr_helper(uint32_t place, uint32_t address) {
  return (static_cast<uint64_t>(place) << NOC_ADDR_COORD_SHIFT) | address;
}

#include "tilewright/address_generators.h"

namespace tilewright_device {
/// What a command buffer of a NoC keeps: a field that is set stays until it is
/// set again, the transaction id for all transfers.
struct TransferState {
  uint64_t place; ///< where it reads from, or writes to
  uint32_t bytes;
  uint32_t trid;
  /// The other core or bank that was set, at another address.
  uint64_t at(uint32_t address) const { return place >> 32 << 32 | address; }
};
inline TransferState readState[2];
inline TransferState writeState[2];
FORCE_INLINE uint32_t readId(uint8_t noc) { return readState[noc & 1].trid; }
FORCE_INLINE uint32_t writeId(uint8_t noc) { return writeState[noc & 1].trid; }
} // namespace tilewright_device

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

template <uint32_t MaxPageBytes = 0x7fffffff, bool Posted = false>
FORCE_INLINE void noc_async_read(uint64_t source, uint32_t l1, uint32_t bytes,
                                 uint8_t noc = noc_index, uint32_t = 0,
                                 TW_LOC) {
  tw_api->nocRead(noc, source, l1, bytes, tilewright_device::readId(noc), false,
                  loc);
}
template <bool Tracing = true>
FORCE_INLINE void
noc_async_read_one_packet(uint64_t source, uint32_t l1, uint32_t bytes,
                          uint8_t noc = noc_index, uint32_t = 0, TW_LOC) {
  tw_api->nocRead(noc, source, l1, bytes, tilewright_device::readId(noc), true,
                  loc);
}
template <typename Generator>
FORCE_INLINE void noc_async_read_page(uint32_t page, const Generator &generator,
                                      uint32_t l1, uint32_t offset = 0,
                                      uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocRead(noc, generator.get_noc_addr(page, offset, noc), l1,
                  tilewright_device::pageBytes(generator) - offset,
                  tilewright_device::readId(noc), false, loc);
}
template <typename Generator>
FORCE_INLINE void noc_async_read_tile(uint32_t page, const Generator &generator,
                                      uint32_t l1, uint32_t offset = 0,
                                      uint8_t noc = noc_index, TW_LOC) {
  noc_async_read_page(page, generator, l1, offset, noc, loc);
}
template <bool DRAM, uint32_t tile_hw = 1024>
FORCE_INLINE void noc_async_read_tile(
    uint32_t page, const InterleavedAddrGenFast<DRAM, tile_hw> &generator,
    uint32_t l1, uint32_t offset = 0, uint8_t noc = noc_index, TW_LOC) {
  noc_async_read_page(page, generator, l1, offset, noc, loc);
}
template <bool DRAM>
FORCE_INLINE void noc_async_read_tile(uint32_t page,
                                      const InterleavedAddrGen<DRAM> &generator,
                                      uint32_t l1, uint32_t offset = 0,
                                      uint8_t noc = noc_index, TW_LOC) {
  noc_async_read_page(page, generator, l1, offset, noc, loc);
}
template <bool DRAM>
FORCE_INLINE void noc_async_read_page(
    uint32_t page, const InterleavedPow2AddrGenFast<DRAM> &generator,
    uint32_t l1, uint32_t offset = 0, uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocRead(noc, generator.get_noc_addr(page, offset, noc), l1,
                  tilewright_device::pageBytes(generator) - offset,
                  tilewright_device::readId(noc), false, loc);
}
/// `bytes` of a page, from byte `offset` of it on.
template <typename Generator>
FORCE_INLINE void
noc_async_read_partial_page(uint32_t page, const Generator &generator,
                            uint32_t l1, uint32_t bytes, uint32_t offset,
                            uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocRead(noc, generator.get_noc_addr(page, offset, noc), l1, bytes,
                  tilewright_device::readId(noc), false, loc);
}
/// A whole shard of a sharded tensor.
template <typename DSpec>
FORCE_INLINE void
noc_async_read_shard(uint32_t shard, const TensorAccessor<DSpec> &tensor,
                     uint32_t l1, uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocRead(noc, tensor.get_shard_noc_addr(shard, 0, noc), l1,
                  tensor.get_aligned_page_size() *
                      tensor.dspec().shard_volume(),
                  tilewright_device::readId(noc), false, loc);
}
FORCE_INLINE void noc_async_read_barrier(uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::Reads, -1, loc);
}
FORCE_INLINE void noc_async_read_barrier_with_trid(uint32_t trid,
                                                   uint8_t noc = noc_index,
                                                   TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::Reads, trid, loc);
}

//===----------------------------------------------------------------------===//
// Writes
//===----------------------------------------------------------------------===//

template <uint32_t MaxPageBytes = 0x7fffffff, bool Tracing = true,
          bool Posted = false>
FORCE_INLINE void noc_async_write(uint32_t l1, uint64_t target, uint32_t bytes,
                                  uint8_t noc = noc_index, uint32_t = 0,
                                  TW_LOC) {
  tw_api->nocWrite(noc, l1, target, bytes, tilewright_device::writeId(noc),
                   Posted, false, loc);
}
template <bool Tracing = true, bool Posted = false>
FORCE_INLINE void
noc_async_write_one_packet(uint32_t l1, uint64_t target, uint32_t bytes,
                           uint8_t noc = noc_index, uint32_t = 0, TW_LOC) {
  tw_api->nocWrite(noc, l1, target, bytes, tilewright_device::writeId(noc),
                   Posted, true, loc);
}
template <typename Generator>
FORCE_INLINE void noc_async_write_page(uint32_t page,
                                       const Generator &generator, uint32_t l1,
                                       uint32_t bytes = 0, uint32_t offset = 0,
                                       uint8_t noc = noc_index, TW_LOC) {
  const uint32_t whole = tilewright_device::pageBytes(generator) - offset;
  tw_api->nocWrite(noc, l1, generator.get_noc_addr(page, offset, noc),
                   bytes ? bytes : whole, tilewright_device::writeId(noc),
                   false, false, loc);
}
template <typename Generator>
FORCE_INLINE void noc_async_write_tile(uint32_t page,
                                       const Generator &generator, uint32_t l1,
                                       uint8_t noc = noc_index, TW_LOC) {
  noc_async_write_page(page, generator, l1, 0, 0, noc, loc);
}
template <bool DRAM, uint32_t tile_hw = 1024>
FORCE_INLINE void
noc_async_write_tile(uint32_t page,
                     const InterleavedAddrGenFast<DRAM, tile_hw> &generator,
                     uint32_t l1, uint8_t noc = noc_index, TW_LOC) {
  noc_async_write_page(page, generator, l1, 0, 0, noc, loc);
}
template <bool DRAM>
FORCE_INLINE void
noc_async_write_tile(uint32_t page, const InterleavedAddrGen<DRAM> &generator,
                     uint32_t l1, uint8_t noc = noc_index, TW_LOC) {
  noc_async_write_page(page, generator, l1, 0, 0, noc, loc);
}
template <bool Posted = false, typename DSpec>
FORCE_INLINE void
noc_async_write_shard(uint32_t shard, const TensorAccessor<DSpec> &tensor,
                      uint32_t l1, uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocWrite(noc, l1, tensor.get_shard_noc_addr(shard, 0, noc),
                   tensor.get_aligned_page_size() *
                       tensor.dspec().shard_volume(),
                   tilewright_device::writeId(noc), Posted, false, loc);
}
FORCE_INLINE void noc_async_write_barrier(uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::WritesAcked, -1, loc);
}
FORCE_INLINE void noc_async_write_barrier_with_trid(uint32_t trid,
                                                    uint8_t noc = noc_index,
                                                    TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::WritesAcked, trid, loc);
}
FORCE_INLINE void noc_async_writes_flushed(uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::WritesDeparted, -1, loc);
}
FORCE_INLINE void noc_async_posted_writes_flushed(uint8_t noc = noc_index,
                                                  TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::PostedDeparted, -1, loc);
}
FORCE_INLINE void noc_async_atomic_barrier(uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::Atomics, -1, loc);
}
FORCE_INLINE void noc_async_full_barrier(uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocBarrier(noc, TwBarrier::Full, -1, loc);
}

/// Whether what a barrier waits for has come: for kernels that look instead of
/// waiting.
FORCE_INLINE bool ncrisc_noc_reads_flushed(uint32_t noc, TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::Reads, -1, loc);
}
FORCE_INLINE bool ncrisc_noc_read_with_transaction_id_flushed(uint32_t noc,
                                                              uint32_t trid,
                                                              TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::Reads, trid, loc);
}
FORCE_INLINE bool ncrisc_noc_nonposted_writes_sent(uint32_t noc, TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::WritesDeparted, -1, loc);
}
FORCE_INLINE bool ncrisc_noc_posted_writes_sent(uint32_t noc, TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::PostedDeparted, -1, loc);
}
FORCE_INLINE bool ncrisc_noc_nonposted_writes_flushed(uint32_t noc, TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::WritesAcked, -1, loc);
}
FORCE_INLINE bool
ncrisc_noc_nonposted_write_with_transaction_id_sent(uint32_t noc, uint32_t trid,
                                                    TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::WritesDeparted, trid, loc);
}
FORCE_INLINE bool
ncrisc_noc_nonposted_write_with_transaction_id_flushed(uint32_t noc,
                                                       uint32_t trid, TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::WritesAcked, trid, loc);
}
FORCE_INLINE bool ncrisc_noc_nonposted_atomics_flushed(uint32_t noc, TW_LOC) {
  return tw_api->nocDone(noc, TwBarrier::Atomics, -1, loc);
}

//===----------------------------------------------------------------------===//
// Multicast
//===----------------------------------------------------------------------===//

template <uint32_t MaxPageBytes = 0x7fffffff>
FORCE_INLINE void noc_async_write_multicast(uint32_t l1, uint64_t rectangle,
                                            uint32_t bytes, uint32_t receivers,
                                            bool linked = false,
                                            uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocMulticast(noc, l1, rectangle, bytes, receivers, linked, false,
                       false, loc);
}
template <bool Tracing = true>
FORCE_INLINE void noc_async_write_multicast_one_packet(
    uint32_t l1, uint64_t rectangle, uint32_t bytes, uint32_t receivers,
    bool linked = false, uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocMulticast(noc, l1, rectangle, bytes, receivers, linked, false,
                       true, loc);
}
FORCE_INLINE void noc_async_write_multicast_loopback_src(
    uint32_t l1, uint64_t rectangle, uint32_t bytes, uint32_t receivers,
    bool linked = false, uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocMulticast(noc, l1, rectangle, bytes, receivers, linked, true,
                       false, loc);
}

/// Early in 2025 a multicast also said whether it reserves its path, which
/// makes no difference here; the NoC came after that.
template <uint32_t MaxPageBytes = 0x7fffffff, tilewright_device::Flag Reserve>
FORCE_INLINE void noc_async_write_multicast(uint32_t l1, uint64_t rectangle,
                                            uint32_t bytes, uint32_t receivers,
                                            bool linked, Reserve,
                                            uint8_t noc = noc_index, TW_LOC) {
  noc_async_write_multicast<MaxPageBytes>(l1, rectangle, bytes, receivers,
                                          linked, noc, loc);
}
template <tilewright_device::Flag Reserve>
FORCE_INLINE void noc_async_write_multicast_one_packet(
    uint32_t l1, uint64_t rectangle, uint32_t bytes, uint32_t receivers,
    bool linked, Reserve, uint8_t noc = noc_index, TW_LOC) {
  noc_async_write_multicast_one_packet<true>(l1, rectangle, bytes, receivers,
                                             linked, noc, loc);
}
template <tilewright_device::Flag Reserve>
FORCE_INLINE void noc_async_write_multicast_loopback_src(
    uint32_t l1, uint64_t rectangle, uint32_t bytes, uint32_t receivers,
    bool linked, Reserve, uint8_t noc = noc_index, TW_LOC) {
  noc_async_write_multicast_loopback_src(l1, rectangle, bytes, receivers,
                                         linked, noc, loc);
}
TW_NOT_SIMULATED(noc_async_write_multicast_exclude_region,
                 "multicasts that leave a rectangle out")
TW_NOT_SIMULATED(get_noc_exclude_region,
                 "multicasts that leave a rectangle out")

//===----------------------------------------------------------------------===//
// Semaphores
//===----------------------------------------------------------------------===//

enum class ProgrammableCoreType : uint8_t { TENSIX, ACTIVE_ETH, IDLE_ETH };
template <ProgrammableCoreType Type = ProgrammableCoreType::TENSIX>
FORCE_INLINE uint32_t get_semaphore(uint32_t id, TW_LOC) {
  static_assert(Type == ProgrammableCoreType::TENSIX,
                "not simulated: semaphores of ethernet cores");
  return tw_api->semaphoreAddress(id, loc);
}
namespace tilewright_device {
/// Back from a rebased pointer to the address in L1.
FORCE_INLINE uint32_t l1Address(const volatile void *pointer) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer));
}
} // namespace tilewright_device
FORCE_INLINE void noc_semaphore_set(volatile tt_l1_ptr uint32_t *semaphore,
                                    uint32_t value, TW_LOC) {
  tw_api->semaphoreSet(tilewright_device::l1Address(semaphore), value, loc);
}
FORCE_INLINE void noc_semaphore_wait(volatile tt_l1_ptr uint32_t *semaphore,
                                     uint32_t value, TW_LOC) {
  tw_api->semaphoreWait(tilewright_device::l1Address(semaphore), value, false,
                        loc);
}
FORCE_INLINE void noc_semaphore_wait_min(volatile tt_l1_ptr uint32_t *semaphore,
                                         uint32_t value, TW_LOC) {
  tw_api->semaphoreWait(tilewright_device::l1Address(semaphore), value, true,
                        loc);
}
template <bool Posted = false>
FORCE_INLINE void noc_semaphore_inc(uint64_t target, uint32_t increment,
                                    uint8_t noc = noc_index, uint8_t = 0,
                                    TW_LOC) {
  tw_api->nocAtomicInc(noc, target, increment, 31, Posted, loc);
}
template <bool Posted = false>
FORCE_INLINE void noc_semaphore_inc_multicast(uint64_t rectangle,
                                              uint32_t increment,
                                              uint32_t receivers,
                                              uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocAtomicIncMulticast(noc, rectangle, increment, receivers, loc);
}
FORCE_INLINE void noc_semaphore_set_remote(uint32_t l1, uint64_t target,
                                           uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocWrite(noc, l1, target, 4, 0, false, true, loc);
}
FORCE_INLINE void noc_semaphore_set_multicast(uint32_t l1, uint64_t rectangle,
                                              uint32_t receivers,
                                              bool linked = false,
                                              uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocMulticast(noc, l1, rectangle, 4, receivers, linked, false, false,
                       loc);
}
FORCE_INLINE void noc_semaphore_set_multicast_loopback_src(
    uint32_t l1, uint64_t rectangle, uint32_t receivers, bool linked = false,
    uint8_t noc = noc_index, TW_LOC) {
  tw_api->nocMulticast(noc, l1, rectangle, 4, receivers, linked, true, false,
                       loc);
}
/// The forms of early 2025, with a reserved path, as of the multicasts.
template <tilewright_device::Flag Reserve>
FORCE_INLINE void noc_semaphore_set_multicast(uint32_t l1, uint64_t rectangle,
                                              uint32_t receivers, bool linked,
                                              Reserve, uint8_t noc = noc_index,
                                              TW_LOC) {
  noc_semaphore_set_multicast(l1, rectangle, receivers, linked, noc, loc);
}
template <tilewright_device::Flag Reserve>
FORCE_INLINE void noc_semaphore_set_multicast_loopback_src(
    uint32_t l1, uint64_t rectangle, uint32_t receivers, bool linked, Reserve,
    uint8_t noc = noc_index, TW_LOC) {
  noc_semaphore_set_multicast_loopback_src(l1, rectangle, receivers, linked,
                                           noc, loc);
}
/// What the word is written to; all the same here.
enum class InlineWriteDst : uint8_t { DEFAULT, L1, REG };
template <InlineWriteDst Destination = InlineWriteDst::DEFAULT,
          bool Posted = false, bool Flush = true>
FORCE_INLINE void noc_inline_dw_write(uint64_t target, uint32_t value,
                                      uint8_t byteEnable = 0xf,
                                      uint8_t noc = noc_index, uint8_t = 0,
                                      uint32_t = 0, TW_LOC) {
  tw_api->nocInline(noc, target, value, byteEnable, Posted, loc);
}

/// Early in 2025 a bool said whether the word is a register.
template <bool ToRegister, bool Posted = false>
FORCE_INLINE void
noc_inline_dw_write(uint64_t target, uint32_t value, uint8_t byteEnable = 0xf,
                    uint8_t noc = noc_index, uint8_t = 0, TW_LOC) {
  tw_api->nocInline(noc, target, value, byteEnable, Posted, loc);
}

#include "tilewright/noc_state.h"
