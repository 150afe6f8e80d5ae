//===- tensor_accessor.h - pages of a tensor to NoC addresses ---*- C++ -*-===//
//
// TensorAccessorArgs names the compile-time words of a tensor (their layout is
// in Runtime/AccessorArgs.h); TensorAccessor turns a page number into a bank
// and an offset.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

template <uint32_t Cta, uint32_t Crta = 0> struct TensorAccessorArgs {
  static constexpr uint32_t flags = get_ct_arg<Cta>();
  static constexpr bool is_sharded = flags & 1;
  static constexpr bool is_dram = flags & 2;
  static constexpr uint32_t aligned_page_size = get_ct_arg<Cta + 1>();
  static_assert(!is_sharded,
                "TensorAccessorArgs: sharded tensors are not supported");

  static constexpr uint32_t num_compile_time_args() { return 2; }
  static constexpr uint32_t num_common_runtime_args() { return 0; }
  static constexpr uint32_t next_compile_time_args_offset() { return Cta + 2; }
  static constexpr uint32_t next_common_runtime_args_offset() { return Crta; }
  static constexpr uint32_t get_aligned_page_size() {
    return aligned_page_size;
  }
};

template <bool Dram> struct TwInterleavedAccessor {
  static constexpr bool is_dram = Dram;
  uint64_t bank_base_address;
  uint32_t page_size;
  uint32_t stride;

  FORCE_INLINE uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0,
                                     uint32_t noc = noc_index) const {
    const uint32_t banks = tw_api->bankCount(Dram);
    return tw_api->bankAddress(
        Dram, page % banks,
        bank_base_address + static_cast<uint64_t>(page / banks) * stride +
            offset,
        noc);
  }
  uint32_t get_page_size() const { return page_size; }
  uint32_t get_aligned_page_size() const { return stride; }
};

template <bool Dram> struct TensorAccessor : TwInterleavedAccessor<Dram> {
  template <uint32_t Cta, uint32_t Crta>
  constexpr TensorAccessor(
      TensorAccessorArgs<Cta, Crta>, uint64_t base,
      uint32_t page = TensorAccessorArgs<Cta, Crta>::aligned_page_size)
      : TwInterleavedAccessor<Dram>{
            base, page, TensorAccessorArgs<Cta, Crta>::aligned_page_size} {}
};
template <uint32_t Cta, uint32_t Crta>
TensorAccessor(TensorAccessorArgs<Cta, Crta>, uint64_t)
    -> TensorAccessor<TensorAccessorArgs<Cta, Crta>::is_dram>;
template <uint32_t Cta, uint32_t Crta>
TensorAccessor(TensorAccessorArgs<Cta, Crta>, uint64_t, uint32_t)
    -> TensorAccessor<TensorAccessorArgs<Cta, Crta>::is_dram>;
