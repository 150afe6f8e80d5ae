//===- core_local_mem.h - L1 of this core as an array -----------*- C++ -*-===//
#pragma once

#include "api/lock.h"
#ifdef TW_DATA_MOVEMENT
#include "api/dataflow/noc.h"
#endif

template <typename T, typename AddressType = uintptr_t> class CoreLocalMem {
public:
  CoreLocalMem(AddressType address) : address(address) {}
  CoreLocalMem(T *pointer)
      : address(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer))) {}

  T *get_unsafe_ptr() const {
    return reinterpret_cast<T *>(static_cast<uintptr_t>(address));
  }
  AddressType get_address() const { return address; }
  T &operator[](uint32_t index) const { return get_unsafe_ptr()[index]; }
  T &operator*() const { return *get_unsafe_ptr(); }
  T *operator->() const { return get_unsafe_ptr(); }
  CoreLocalMem &operator+=(ptrdiff_t count) {
    address += count * sizeof(T);
    return *this;
  }
  CoreLocalMem &operator-=(ptrdiff_t count) { return *this += -count; }
  CoreLocalMem &operator++() { return *this += 1; }
  CoreLocalMem &operator--() { return *this += -1; }
  CoreLocalMem operator++(int) {
    const CoreLocalMem before = *this;
    ++*this;
    return before;
  }
  CoreLocalMem operator--(int) {
    const CoreLocalMem before = *this;
    --*this;
    return before;
  }
  CoreLocalMem operator+(ptrdiff_t count) const {
    CoreLocalMem result = *this;
    return result += count;
  }
  CoreLocalMem operator-(ptrdiff_t count) const { return *this + -count; }
  ptrdiff_t operator-(const CoreLocalMem &other) const {
    return (static_cast<ptrdiff_t>(address) -
            static_cast<ptrdiff_t>(other.address)) /
           static_cast<ptrdiff_t>(sizeof(T));
  }
  [[nodiscard]] auto scoped_lock(size_t) {
    return Lock([] {});
  }
  bool operator==(const CoreLocalMem &other) const {
    return address == other.address;
  }
  bool operator<(const CoreLocalMem &other) const {
    return address < other.address;
  }
  explicit operator bool() const { return address != 0; }

private:
  AddressType address;
};

#ifdef TW_DATA_MOVEMENT
template <typename T, typename A> struct noc_traits_t<CoreLocalMem<T, A>> {
  using src_args_type = tilewright_device::OffsetArgs;
  using dst_args_type = tilewright_device::OffsetArgs;
  static uint32_t localSource(const CoreLocalMem<T, A> &memory, const Noc &,
                              const src_args_type &a) {
    return static_cast<uint32_t>(memory.get_address()) + a.offset_bytes;
  }
  static uint32_t local(const CoreLocalMem<T, A> &memory, const Noc &,
                        const dst_args_type &a) {
    return static_cast<uint32_t>(memory.get_address()) + a.offset_bytes;
  }
};
#endif
