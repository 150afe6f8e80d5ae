//===- circular_buffer.h - a circular buffer as an object -------*- C++ -*-===//
//
// As a source of a NoC transfer it stands for its read pointer, as a target for
// its write pointer.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "api/lock.h"
#include "tilewright/circular_buffer.h"
#ifdef TW_DATA_MOVEMENT
#include "api/dataflow/noc.h"
#else
#include "api/compute/cb_api.h"
#endif

class CircularBuffer {
public:
  enum class AddrSelector { WRITE_PTR, READ_PTR };

  explicit CircularBuffer(uint32_t id) : id(id) {}
  uint32_t get_cb_id() const { return id; }
  void reserve_back(int32_t pages, TW_LOC) { cb_reserve_back(id, pages, loc); }
  void push_back(int32_t pages, TW_LOC) { cb_push_back(id, pages, loc); }
  void wait_front(int32_t pages, TW_LOC) { cb_wait_front(id, pages, loc); }
  void pop_front(int32_t pages, TW_LOC) { cb_pop_front(id, pages, loc); }
  uint32_t get_tile_size() const { return ::get_tile_size(id); }
  uint32_t get_tile_hw() const { return ::get_tile_hw(id); }
  DataFormat get_dataformat() const { return ::get_dataformat(id); }
  bool pages_reservable_at_back(int32_t pages, TW_LOC) const {
    return cb_pages_reservable_at_back(id, pages, loc);
  }
  bool pages_available_at_front(int32_t pages, TW_LOC) const {
    return cb_pages_available_at_front(id, pages, loc);
  }
  uint32_t get_write_ptr(TW_LOC) const { return ::get_write_ptr(id, loc); }
  uint32_t get_read_ptr(TW_LOC) const { return ::get_read_ptr(id, loc); }
#ifdef TW_COMPUTE
  uint32_t get_tile_address(uint32_t tile, TW_LOC) {
    return ckernel::get_tile_address(id, tile, loc);
  }
  uint32_t read_tile_value(uint32_t tile, uint32_t element, TW_LOC) {
    return ckernel::read_tile_value(id, tile, element, loc);
  }
#endif
  [[nodiscard]] auto scoped_lock() {
    return Lock([] {});
  }

private:
  uint32_t id;
};

/// On Wormhole and Blackhole a data-flow buffer is a circular buffer.
class DataflowBuffer : public CircularBuffer {
public:
  explicit DataflowBuffer(uint32_t id) : CircularBuffer(id) {}
  uint32_t get_id() const { return get_cb_id(); }
  uint32_t get_entry_size(TW_LOC) const {
    return tw_api->cbInfo(get_cb_id(), 0, loc);
  }
  void finish() {}
  void write_barrier() {}
#ifdef TW_DATA_MOVEMENT
  void write_barrier(const Noc &noc, TW_LOC) const {
    noc.async_write_barrier({}, loc);
  }
#endif
};

#ifdef TW_DATA_MOVEMENT
namespace tilewright_device {
template <typename Buffer, bool ReadPointer, bool WritePointer>
struct BufferTraits {
  using src_args_type = OffsetArgs;
  using dst_args_type = OffsetArgs;
  using dst_args_mcast_type = OffsetRectangleArgs;
  static uint32_t localSource(const Buffer &cb, const Noc &,
                              const src_args_type &a) {
    return (WritePointer ? cb.get_write_ptr() : cb.get_read_ptr()) +
           a.offset_bytes;
  }
  static uint32_t local(const Buffer &cb, const Noc &, const dst_args_type &a) {
    return (ReadPointer ? cb.get_read_ptr() : cb.get_write_ptr()) +
           a.offset_bytes;
  }
  static uint64_t rectangle(const Buffer &cb, const Noc &noc,
                            const dst_args_mcast_type &a) {
    return get_noc_multicast_addr(a.noc_x_start, a.noc_y_start, a.noc_x_end,
                                  a.noc_y_end, local(cb, noc, {a.offset_bytes}),
                                  noc.get_noc_id());
  }
};
} // namespace tilewright_device

template <>
struct noc_traits_t<CircularBuffer>
    : tilewright_device::BufferTraits<CircularBuffer, false, false> {};
template <>
struct noc_traits_t<DataflowBuffer>
    : tilewright_device::BufferTraits<DataflowBuffer, false, false> {};

/// A circular buffer seen through one of its pointers, whatever it is used for.
template <CircularBuffer::AddrSelector Which> struct CircularBufferView {
  const CircularBuffer &cb;
  explicit constexpr CircularBufferView(const CircularBuffer &cb) : cb(cb) {}
  uint32_t get_write_ptr() const { return cb.get_write_ptr(); }
  uint32_t get_read_ptr() const { return cb.get_read_ptr(); }
};
template <CircularBuffer::AddrSelector Which>
constexpr auto use(const CircularBuffer &cb) {
  return CircularBufferView<Which>(cb);
}
template <CircularBuffer::AddrSelector Which>
struct noc_traits_t<CircularBufferView<Which>>
    : tilewright_device::BufferTraits<
          CircularBufferView<Which>,
          Which == CircularBuffer::AddrSelector::READ_PTR,
          Which == CircularBuffer::AddrSelector::WRITE_PTR> {};
#endif
