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

  template <TxnIdMode Ids = TxnIdMode::DISABLED,
            uint32_t MaxPageBytes = 0x7fffffff, bool Tracing = true,
            typename Source, typename Target>
  void async_read(const Source &source, const Target &target, uint32_t bytes,
                  const typename noc_traits_t<Source>::src_args_type &from,
                  const typename noc_traits_t<Target>::dst_args_type &to,
                  uint32_t = NOC_UNICAST_WRITE_VC,
                  uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    tw_api->nocRead(noc, noc_traits_t<Source>::remote(source, *this, from),
                    noc_traits_t<Target>::local(target, *this, to), bytes,
                    Ids == TxnIdMode::ENABLED ? trid : 0, false, loc);
  }
  template <VcSelection = VcSelection::DEFAULT,
            uint32_t MaxPageBytes = 0x7fffffff, typename Source>
  void
  set_async_read_state(const Source &source, uint32_t bytes,
                       const typename noc_traits_t<Source>::src_args_type &from,
                       uint8_t = 0) const {
    tilewright_device::readState[noc] = {
        noc_traits_t<Source>::remote(source, *this, from), bytes, 0};
  }
  template <VcSelection = VcSelection::DEFAULT,
            uint32_t MaxPageBytes = 0x7fffffff, typename Source,
            typename Target>
  void async_read_with_state(
      const Source &source, const Target &target, uint32_t bytes,
      const typename noc_traits_t<Source>::src_args_type &from,
      const typename noc_traits_t<Target>::dst_args_type &to, uint8_t = 0,
      TW_LOC) const {
    const auto &state = tilewright_device::readState[noc];
    const uint64_t address = noc_traits_t<Source>::remote(source, *this, from);
    tw_api->nocRead(noc, (state.place >> 36 << 36) | (address & 0xfffffffffull),
                    noc_traits_t<Target>::local(target, *this, to),
                    bytes ? bytes : state.bytes, 0, false, loc);
  }

  template <TxnIdMode Ids = TxnIdMode::DISABLED,
            ResponseMode Response = ResponseMode::NON_POSTED,
            uint32_t MaxPageBytes = 0x7fffffff, bool Tracing = true,
            typename Source, typename Target>
  void async_write(const Source &source, const Target &target, uint32_t bytes,
                   const typename noc_traits_t<Source>::src_args_type &from,
                   const typename noc_traits_t<Target>::dst_args_type &to,
                   uint32_t = NOC_UNICAST_WRITE_VC,
                   uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    tw_api->nocWrite(noc,
                     noc_traits_t<Source>::localSource(source, *this, from),
                     noc_traits_t<Target>::remoteTarget(target, *this, to),
                     bytes, Ids == TxnIdMode::ENABLED ? trid : 0,
                     Response == ResponseMode::POSTED, false, loc);
  }
  template <ResponseMode = ResponseMode::NON_POSTED,
            uint32_t MaxPageBytes = 0x7fffffff, typename Target>
  void
  set_async_write_state(const Target &target, uint32_t bytes,
                        const typename noc_traits_t<Target>::dst_args_type &to,
                        uint8_t = NOC_UNICAST_WRITE_VC) const {
    tilewright_device::writeState[noc] = {
        noc_traits_t<Target>::remoteTarget(target, *this, to), bytes, 0};
  }
  template <ResponseMode Response = ResponseMode::NON_POSTED,
            uint32_t MaxPageBytes = 0x7fffffff, typename Source,
            typename Target>
  void async_write_with_state(
      const Source &source, const Target &target, uint32_t bytes,
      const typename noc_traits_t<Source>::src_args_type &from,
      const typename noc_traits_t<Target>::dst_args_type &to,
      uint8_t = NOC_UNICAST_WRITE_VC, TW_LOC) const {
    const auto &state = tilewright_device::writeState[noc];
    const uint64_t address =
        noc_traits_t<Target>::remoteTarget(target, *this, to);
    tw_api->nocWrite(noc,
                     noc_traits_t<Source>::localSource(source, *this, from),
                     (state.place >> 36 << 36) | (address & 0xfffffffffull),
                     bytes ? bytes : state.bytes, 0,
                     Response == ResponseMode::POSTED, false, loc);
  }

  template <McastMode Mode = McastMode::EXCLUDE_SRC,
            TxnIdMode = TxnIdMode::DISABLED,
            ResponseMode = ResponseMode::NON_POSTED,
            uint32_t MaxPageBytes = 0x7fffffff, bool Tracing = true,
            typename Source, typename Target>
  void async_write_multicast(
      const Source &source, const Target &target, uint32_t bytes,
      uint32_t receivers,
      const typename noc_traits_t<Source>::src_args_type &from,
      const typename noc_traits_t<Target>::dst_args_mcast_type &to,
      bool linked = false, uint32_t = INVALID_TXN_ID, TW_LOC) const {
    tw_api->nocMulticast(
        noc, noc_traits_t<Source>::localSource(source, *this, from),
        noc_traits_t<Target>::rectangle(target, *this, to), bytes, receivers,
        linked, Mode == McastMode::INCLUDE_SRC, loc);
  }

  template <typename Target>
  void inline_dw_write(const Target &target, uint32_t value,
                       const typename noc_traits_t<Target>::dst_args_type &to,
                       uint8_t byteEnable = 0xf,
                       uint32_t = NOC_UNICAST_WRITE_VC,
                       uint32_t = INVALID_TXN_ID, TW_LOC) const {
    tw_api->nocInline(noc,
                      noc_traits_t<Target>::remoteTarget(target, *this, to),
                      value, byteEnable, false, loc);
  }

  template <BarrierMode Mode = BarrierMode::FULL>
  void async_read_barrier(uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::Reads, id<Mode>(trid), loc);
  }
  template <BarrierMode Mode = BarrierMode::FULL>
  void async_write_barrier(uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::WritesAcked, id<Mode>(trid), loc);
  }
  template <ResponseMode = ResponseMode::NON_POSTED,
            BarrierMode Mode = BarrierMode::FULL>
  void async_writes_flushed(uint32_t trid = INVALID_TXN_ID, TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::WritesDeparted, id<Mode>(trid), loc);
  }
  void async_atomic_barrier(TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::Atomics, -1, loc);
  }
  void async_full_barrier(TW_LOC) const {
    tw_api->nocBarrier(noc, TwBarrier::Full, -1, loc);
  }

private:
  template <BarrierMode Mode> static int32_t id(uint32_t trid) {
    return Mode == BarrierMode::TXN_ID ? static_cast<int32_t>(trid) : -1;
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
