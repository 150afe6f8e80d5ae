//===- noc.h - the NoC as an object -----------------------------*- C++ -*-===//
//
// Noc::async_read(source, target, bytes, {...}, {...}) and the like: what kind
// of thing a source or a target is decides what its braces say. Each kind
// specialises noc_traits_t with the types of those arguments and with
// `local()` (an L1 address) or `remote()` (a NoC address).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "api/dataflow/dataflow_api.h"

template <typename T> struct noc_traits_t;

/// What is special about a transfer, from mid-2026 on; before that,
/// enumerations of class Noc said it. Virtual channels make no difference here.
enum class NocOptions : uint32_t {
  DEFAULT = 0,
  TXN_ID = 1,         ///< with the transaction id of NocOptVals
  POSTED = 2,         ///< nobody acknowledges it
  CUSTOM_VC = 4,      ///< on the virtual channel of NocOptVals
  MCAST_INCL_SRC = 8, ///< the sender receives it, too
  INLINE_L1 = 16,
  INLINE_REG = 32
};
constexpr NocOptions operator|(NocOptions a, NocOptions b) {
  return static_cast<NocOptions>(static_cast<uint32_t>(a) |
                                 static_cast<uint32_t>(b));
}
constexpr bool has_flag(NocOptions options, NocOptions flag) {
  return (static_cast<uint32_t>(options) & static_cast<uint32_t>(flag)) != 0;
}
struct NocOptVals {
  uint32_t vc = NOC_UNICAST_WRITE_VC;
  uint32_t trid = 0;
};

class Noc {
public:
  enum class AddressType { NOC, LOCAL_L1 };
  enum class TxnIdMode { ENABLED, DISABLED };
  enum class ResponseMode { NON_POSTED, POSTED };
  enum class BarrierMode { TXN_ID, FULL };
  enum class McastMode { INCLUDE_SRC, EXCLUDE_SRC };
  enum class VcSelection { DEFAULT, CUSTOM };
  static constexpr uint32_t INVALID_TXN_ID = 0xffffffff;

  Noc() : noc(noc_index) {}
  explicit Noc(uint8_t id) : noc(id) {}
  uint8_t get_noc_id() const { return noc; }
  bool is_local_bank(uint32_t x, uint32_t y) const {
    return x == my_x[noc] && y == my_y[noc];
  }
  bool is_local_addr(uint64_t address) const {
    return is_local_bank(address >> 36 & 63, address >> 42 & 63);
  }

private:
  template <typename T>
  using src_args = typename noc_traits_t<T>::src_args_type;
  template <typename T>
  using dst_args = typename noc_traits_t<T>::dst_args_type;
  template <typename T>
  using mcast_args = typename noc_traits_t<T>::dst_args_mcast_type;
  using Options = NocOptions;

public:
  template <Options Set = Options::DEFAULT, uint32_t MaxPageBytes = 0x7fffffff,
            bool Tracing = true, typename Source, typename Target>
  void async_read(const Source &source, const Target &target, uint32_t bytes,
                  const src_args<Source> &from, const dst_args<Target> &to,
                  const NocOptVals &values = {}, TW_LOC) const {
    tw_api->nocRead(noc, noc_traits_t<Source>::remote(source, *this, from),
                    noc_traits_t<Target>::local(target, *this, to), bytes,
                    has_flag(Set, Options::TXN_ID) ? values.trid : 0,
                    MaxPageBytes <= NOC_MAX_BURST_SIZE, loc);
  }
  template <TxnIdMode Ids, uint32_t MaxPageBytes = 0x7fffffff,
            bool Tracing = true, typename Source, typename Target>
  void async_read(const Source &source, const Target &target, uint32_t bytes,
                  const src_args<Source> &from, const dst_args<Target> &to,
                  uint32_t vc = NOC_UNICAST_WRITE_VC,
                  uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    async_read<txn(Ids), MaxPageBytes>(source, target, bytes, from, to,
                                       {vc, trid}, loc);
  }
  template <Options Set = Options::DEFAULT, uint32_t MaxPageBytes = 0x7fffffff,
            typename Source>
  void set_async_read_state(const Source &source, uint32_t bytes,
                            const src_args<Source> &from,
                            const NocOptVals &values = {}) const {
    tilewright_device::readState[noc] = {
        noc_traits_t<Source>::remote(source, *this, from), bytes,
        has_flag(Set, Options::TXN_ID) ? values.trid : 0};
  }
  template <VcSelection, uint32_t MaxPageBytes = 0x7fffffff, typename Source>
  void set_async_read_state(const Source &source, uint32_t bytes,
                            const src_args<Source> &from, uint8_t = 0) const {
    set_async_read_state(source, bytes, from);
  }
  template <Options Set = Options::DEFAULT, uint32_t MaxPageBytes = 0x7fffffff,
            typename Source, typename Target>
  void async_read_with_state(const Source &source, const Target &target,
                             uint32_t bytes, const src_args<Source> &from,
                             const dst_args<Target> &to,
                             const NocOptVals & = {}, TW_LOC) const {
    const auto &state = tilewright_device::readState[noc];
    const uint64_t address = noc_traits_t<Source>::remote(source, *this, from);
    tw_api->nocRead(noc, (state.place >> 36 << 36) | (address & 0xfffffffffull),
                    noc_traits_t<Target>::local(target, *this, to),
                    bytes ? bytes : state.bytes, state.trid, false, loc);
  }
  template <VcSelection, uint32_t MaxPageBytes = 0x7fffffff, typename Source,
            typename Target>
  void async_read_with_state(const Source &source, const Target &target,
                             uint32_t bytes, const src_args<Source> &from,
                             const dst_args<Target> &to, uint8_t = 0,
                             TW_LOC) const {
    async_read_with_state(source, target, bytes, from, to, {}, loc);
  }
  /// Whether the reads with a transaction id have landed.
  bool is_read_trid_flushed(uint32_t trid, TW_LOC) const {
    return tw_api->nocDone(noc, TwBarrier::Reads, static_cast<int32_t>(trid),
                           loc);
  }

  template <Options Set = Options::DEFAULT, uint32_t MaxPageBytes = 0x7fffffff,
            bool Tracing = true, typename Source, typename Target>
  void async_write(const Source &source, const Target &target, uint32_t bytes,
                   const src_args<Source> &from, const dst_args<Target> &to,
                   const NocOptVals &values = {}, TW_LOC) const {
    tw_api->nocWrite(noc,
                     noc_traits_t<Source>::localSource(source, *this, from),
                     noc_traits_t<Target>::remoteTarget(target, *this, to),
                     bytes, has_flag(Set, Options::TXN_ID) ? values.trid : 0,
                     has_flag(Set, Options::POSTED),
                     MaxPageBytes <= NOC_MAX_BURST_SIZE, loc);
  }
  template <TxnIdMode Ids, ResponseMode Response = ResponseMode::NON_POSTED,
            uint32_t MaxPageBytes = 0x7fffffff, bool Tracing = true,
            typename Source, typename Target>
  void async_write(const Source &source, const Target &target, uint32_t bytes,
                   const src_args<Source> &from, const dst_args<Target> &to,
                   uint32_t vc = NOC_UNICAST_WRITE_VC,
                   uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    async_write<txn(Ids) | posted(Response), MaxPageBytes>(
        source, target, bytes, from, to, {vc, trid}, loc);
  }
  template <Options Set = Options::DEFAULT, uint32_t MaxPageBytes = 0x7fffffff,
            typename Target>
  void set_async_write_state(const Target &target, uint32_t bytes,
                             const dst_args<Target> &to,
                             const NocOptVals & = {}) const {
    static_assert(!has_flag(Set, Options::TXN_ID),
                  "writes with a state have no transaction id");
    tilewright_device::writeState[noc] = {
        noc_traits_t<Target>::remoteTarget(target, *this, to), bytes, 0};
  }
  template <ResponseMode Response, uint32_t MaxPageBytes = 0x7fffffff,
            typename Target>
  void set_async_write_state(const Target &target, uint32_t bytes,
                             const dst_args<Target> &to,
                             uint8_t = NOC_UNICAST_WRITE_VC) const {
    set_async_write_state<posted(Response)>(target, bytes, to);
  }
  template <ResponseMode Response, uint32_t MaxPageBytes = 0x7fffffff,
            typename Source, typename Target>
  void async_write_with_state(const Source &source, const Target &target,
                              uint32_t bytes, const src_args<Source> &from,
                              const dst_args<Target> &to,
                              uint8_t = NOC_UNICAST_WRITE_VC, TW_LOC) const {
    async_write_with_state<posted(Response)>(source, target, bytes, from, to,
                                             {}, loc);
  }
  template <Options Set = Options::DEFAULT, uint32_t MaxPageBytes = 0x7fffffff,
            typename Source, typename Target>
  void async_write_with_state(const Source &source, const Target &target,
                              uint32_t bytes, const src_args<Source> &from,
                              const dst_args<Target> &to,
                              const NocOptVals & = {}, TW_LOC) const {
    const auto &state = tilewright_device::writeState[noc];
    const uint64_t address =
        noc_traits_t<Target>::remoteTarget(target, *this, to);
    tw_api->nocWrite(noc,
                     noc_traits_t<Source>::localSource(source, *this, from),
                     (state.place >> 36 << 36) | (address & 0xfffffffffull),
                     bytes ? bytes : state.bytes, 0,
                     has_flag(Set, Options::POSTED), false, loc);
  }

  template <Options Set = Options::DEFAULT, uint32_t MaxPageBytes = 0x7fffffff,
            bool Tracing = true, typename Source, typename Target>
  void async_write_multicast(const Source &source, const Target &target,
                             uint32_t bytes, uint32_t receivers,
                             const src_args<Source> &from,
                             const mcast_args<Target> &to, bool linked = false,
                             TW_LOC) const {
    static_assert(!has_flag(Set, Options::TXN_ID | Options::POSTED),
                  "multicasts have no transaction id and are acknowledged");
    tw_api->nocMulticast(
        noc, noc_traits_t<Source>::localSource(source, *this, from),
        noc_traits_t<Target>::rectangle(target, *this, to), bytes, receivers,
        linked, has_flag(Set, Options::MCAST_INCL_SRC),
        MaxPageBytes <= NOC_MAX_BURST_SIZE, loc);
  }
  template <McastMode Mode, TxnIdMode = TxnIdMode::DISABLED,
            ResponseMode = ResponseMode::NON_POSTED,
            uint32_t MaxPageBytes = 0x7fffffff, bool Tracing = true,
            typename Source, typename Target>
  void async_write_multicast(const Source &source, const Target &target,
                             uint32_t bytes, uint32_t receivers,
                             const src_args<Source> &from,
                             const mcast_args<Target> &to, bool linked = false,
                             uint32_t = INVALID_TXN_ID, TW_LOC) const {
    async_write_multicast<loopback(Mode), MaxPageBytes>(
        source, target, bytes, receivers, from, to, linked, loc);
  }

  template <Options Set = Options::DEFAULT, typename Target>
  void inline_dw_write(const Target &target, uint32_t value,
                       const dst_args<Target> &to, uint8_t byteEnable = 0xf,
                       const NocOptVals & = {}, TW_LOC) const {
    tw_api->nocInline(noc,
                      noc_traits_t<Target>::remoteTarget(target, *this, to),
                      value, byteEnable, has_flag(Set, Options::POSTED), loc);
  }
  template <TxnIdMode, InlineWriteDst = InlineWriteDst::DEFAULT,
            ResponseMode Response = ResponseMode::NON_POSTED, typename Target>
  void inline_dw_write(const Target &target, uint32_t value,
                       const dst_args<Target> &to, uint8_t byteEnable = 0xf,
                       uint32_t = NOC_UNICAST_WRITE_VC,
                       uint32_t = INVALID_TXN_ID, TW_LOC) const {
    inline_dw_write<posted(Response)>(target, value, to, byteEnable, {}, loc);
  }

  template <Options Set = Options::DEFAULT>
  void async_read_barrier(const NocOptVals &values = {}, TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::Reads, id<Set>(values.trid), loc);
  }
  template <BarrierMode Mode>
  void async_read_barrier(uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    async_read_barrier<txn(Mode)>({.trid = trid}, loc);
  }
  template <Options Set = Options::DEFAULT>
  void async_write_barrier(const NocOptVals &values = {}, TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::WritesAcked, id<Set>(values.trid), loc);
  }
  template <BarrierMode Mode>
  void async_write_barrier(uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    async_write_barrier<txn(Mode)>({.trid = trid}, loc);
  }
  template <Options Set = Options::DEFAULT>
  void async_writes_flushed(const NocOptVals &values = {}, TW_LOC) const {
    tw_api->nocBarrier(noc,
                       has_flag(Set, Options::POSTED)
                           ? TwBarrier::PostedDeparted
                           : TwBarrier::WritesDeparted,
                       id<Set>(values.trid), loc);
  }
  template <ResponseMode Response, BarrierMode Mode = BarrierMode::FULL>
  void async_writes_flushed(uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    async_writes_flushed<txn(Mode) | posted(Response)>({.trid = trid}, loc);
  }
  /// Zeroes `bytes` of this core's L1, as reads of its zeros; the barrier waits
  /// for them.
  template <typename Target>
  void async_write_zeros(const Target &target, uint32_t bytes,
                         const dst_args<Target> &to = {}, TW_LOC) const {
    const uint32_t l1 = noc_traits_t<Target>::local(target, *this, to);
    constexpr uint32_t chunk = MEM_ZEROS_SIZE;
    for (uint32_t done = 0; done < bytes; done += chunk)
      tw_api->nocRead(noc, get_noc_addr(MEM_ZEROS_BASE, noc), l1 + done,
                      bytes - done < chunk ? bytes - done : chunk, 0, false,
                      loc);
  }
  void write_zeros_l1_barrier(const NocOptVals & = {}, TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::Reads, -1, loc);
  }
  void async_atomic_barrier(TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::Atomics, -1, loc);
  }
  void async_full_barrier(TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::Full, -1, loc);
  }

private:
  static constexpr Options txn(TxnIdMode mode) {
    return mode == TxnIdMode::ENABLED ? Options::TXN_ID : Options::DEFAULT;
  }
  static constexpr Options txn(BarrierMode mode) {
    return mode == BarrierMode::TXN_ID ? Options::TXN_ID : Options::DEFAULT;
  }
  static constexpr Options posted(ResponseMode mode) {
    return mode == ResponseMode::POSTED ? Options::POSTED : Options::DEFAULT;
  }
  static constexpr Options loopback(McastMode mode) {
    return mode == McastMode::INCLUDE_SRC ? Options::MCAST_INCL_SRC
                                          : Options::DEFAULT;
  }
  template <Options Set> static int32_t id(uint32_t trid) {
    return has_flag(Set, Options::TXN_ID) ? static_cast<int32_t>(trid) : -1;
  }
  uint8_t noc;
};

namespace tilewright_device {
struct OffsetArgs {
  uint32_t offset_bytes = 0;
};
struct OffsetRectangleArgs {
  uint32_t noc_x_start = 0, noc_y_start = 0, noc_x_end = 0, noc_y_end = 0;
  uint32_t offset_bytes = 0;
};
} // namespace tilewright_device
