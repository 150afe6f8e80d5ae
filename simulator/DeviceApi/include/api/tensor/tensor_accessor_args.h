//===- tensor_accessor_args.h - the arguments of an accessor ----*- C++ -*-===//
//
// TensorAccessorArgs<Cta, Crta> names the words that describe one tensor: from
// word `Cta` of the compile-time arguments and, for what the host leaves to run
// time, from word `Crta` of the common runtime arguments. Their layout is in
// Runtime/AccessorArgs.h.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "hostdevcommon/tensor_accessor/arg_config.hpp"
#include "tilewright/prelude.h"

#include <stddef.h>

namespace tensor_accessor {

/// Where the common arguments begin is said to the constructor.
constexpr size_t UNKNOWN = ~size_t(0);
constexpr uint32_t MAX_RANK = 8;

} // namespace tensor_accessor

template <size_t CTA_OFFSET, size_t CRTA_OFFSET = tensor_accessor::UNKNOWN>
struct TensorAccessorArgs {
private:
  using Flag = tensor_accessor::ArgConfig;
  static_assert(CTA_OFFSET < tilewright_device::compileTimeArgs.size(),
                "compile-time argument index past the end: the host appends "
                "the TensorAccessorArgs of the buffer");
  static constexpr uint32_t flags = get_ct_arg<CTA_OFFSET>();
  static constexpr bool has(Flag flag) {
    return flags & static_cast<uint32_t>(flag);
  }
  template <bool Present, size_t Index> static constexpr uint32_t word() {
    if constexpr (Present)
      return get_ct_arg<Index>();
    else
      return 0;
  }

public:
  static constexpr tensor_accessor::ArgsConfig args_config{
      static_cast<uint8_t>(flags)};
  static constexpr bool is_sharded = has(Flag::Sharded);
  static constexpr bool is_dram = has(Flag::IsDram);
  static constexpr bool rank_is_crta = has(Flag::RuntimeRank);
  static constexpr bool num_banks_is_crta = has(Flag::RuntimeNumBanks);
  static constexpr bool tensor_shape_is_crta = has(Flag::RuntimeTensorShape);
  static constexpr bool shard_shape_is_crta = has(Flag::RuntimeShardShape);
  static constexpr bool bank_coords_is_crta = has(Flag::RuntimeBankCoords);

  /// Bytes of a page, rounded up to the alignment of its memory.
  static constexpr uint32_t AlignedPageSize = get_ct_arg<CTA_OFFSET + 1>();
  static constexpr size_t RankCTAOffset = CTA_OFFSET + 2;
  static constexpr uint32_t RankCT =
      word<is_sharded && !rank_is_crta, RankCTAOffset>();
  static constexpr size_t NumBanksCTAOffset =
      RankCTAOffset + (rank_is_crta ? 0 : 1);
  static constexpr uint32_t NumBanksCT =
      word<is_sharded && !num_banks_is_crta, NumBanksCTAOffset>();
  static constexpr size_t TensorShapeCTAOffset =
      NumBanksCTAOffset + (num_banks_is_crta ? 0 : 1);
  static constexpr size_t ShardShapeCTAOffset =
      TensorShapeCTAOffset + (tensor_shape_is_crta ? 0 : RankCT);
  static constexpr size_t BankCoordsCTAOffset =
      ShardShapeCTAOffset + (shard_shape_is_crta ? 0 : RankCT);
  static constexpr size_t NumArgsCT =
      is_sharded ? BankCoordsCTAOffset - CTA_OFFSET +
                       (bank_coords_is_crta ? 0 : (NumBanksCT + 1) / 2)
                 : 2;
  static_assert(RankCT <= tensor_accessor::MAX_RANK,
                "TensorAccessorArgs: a tensor has at most 8 dimensions");

  constexpr TensorAccessorArgs() = default;
  constexpr explicit TensorAccessorArgs(uint32_t common) : common(common) {
    static_assert(CRTA_OFFSET == tensor_accessor::UNKNOWN,
                  "the offset of the common arguments is given twice");
  }

  static constexpr uint32_t get_aligned_page_size() { return AlignedPageSize; }
  static constexpr uint32_t num_compile_time_args() { return NumArgsCT; }
  static constexpr uint32_t next_compile_time_args_offset() {
    return CTA_OFFSET + NumArgsCT;
  }

  constexpr uint32_t crta_offset() const {
    if constexpr (CRTA_OFFSET != tensor_accessor::UNKNOWN)
      return CRTA_OFFSET;
    else
      return common;
  }
  constexpr uint32_t rank_crta_offset() const { return crta_offset(); }
  constexpr uint32_t num_banks_crta_offset() const {
    return crta_offset() + rank_is_crta;
  }
  constexpr uint32_t get_rank() const {
    if constexpr (rank_is_crta)
      return get_common_arg_val<uint32_t>(rank_crta_offset());
    else
      return RankCT;
  }
  constexpr uint32_t get_num_banks() const {
    if constexpr (num_banks_is_crta)
      return get_common_arg_val<uint32_t>(num_banks_crta_offset());
    else
      return NumBanksCT;
  }
  /// Words of bank coordinates, two coordinates in each.
  constexpr uint32_t get_physical_num_banks() const {
    return (get_num_banks() + 1) / 2;
  }
  constexpr uint32_t tensor_shape_crta_offset() const {
    return num_banks_crta_offset() + num_banks_is_crta;
  }
  constexpr uint32_t shard_shape_crta_offset() const {
    return tensor_shape_crta_offset() + (tensor_shape_is_crta ? get_rank() : 0);
  }
  constexpr uint32_t bank_coords_crta_offset() const {
    return shard_shape_crta_offset() + (shard_shape_is_crta ? get_rank() : 0);
  }
  constexpr uint32_t num_common_runtime_args() const {
    if constexpr (!is_sharded)
      return 0;
    else
      return bank_coords_crta_offset() - crta_offset() +
             (bank_coords_is_crta ? get_physical_num_banks() : 0);
  }
  constexpr uint32_t next_common_runtime_args_offset() const {
    return crta_offset() + num_common_runtime_args();
  }

  // Elements of the arrays, wherever they are.
  constexpr uint32_t tensorExtent(uint32_t dim) const {
    return element<tensor_shape_is_crta, TensorShapeCTAOffset>(
        dim, [&] { return tensor_shape_crta_offset(); });
  }
  constexpr uint32_t shardExtent(uint32_t dim) const {
    return element<shard_shape_is_crta, ShardShapeCTAOffset>(
        dim, [&] { return shard_shape_crta_offset(); });
  }
  /// (x << 8) | y of the core, or of the DRAM bank x, that holds bank `bank`.
  constexpr uint16_t bankCoord(uint32_t bank) const {
    const uint32_t pair = element<bank_coords_is_crta, BankCoordsCTAOffset>(
        bank / 2, [&] { return bank_coords_crta_offset(); });
    return static_cast<uint16_t>(bank % 2 ? pair >> 16 : pair);
  }

private:
  template <bool Common, size_t Offset, typename Where>
  static constexpr uint32_t element(uint32_t index, Where where) {
    if constexpr (Common)
      return get_common_arg_val<uint32_t>(where() + index);
    else
      return tilewright_device::compileTimeArgs[Offset + index];
  }

  uint32_t common = 0;
};

namespace tensor_accessor::detail {
/// Where the words of tensor `Index` begin when tensors follow one another.
template <uint32_t Index, uint32_t Cta>
constexpr uint32_t get_tensor_accessor_args_cta_offset() {
  if constexpr (Index == 0)
    return Cta;
  else
    return TensorAccessorArgs<get_tensor_accessor_args_cta_offset<
        Index - 1, Cta>()>::next_compile_time_args_offset();
}
} // namespace tensor_accessor::detail

// Kernels that take several accessors at once name parts of the C++ library,
// and are given it before this header.
#ifdef _GLIBCXX_TUPLE
template <uint32_t Count, uint32_t Cta>
constexpr auto make_tensor_accessor_args_tuple() {
  return []<uint32_t... Index>(std::integer_sequence<uint32_t, Index...>) {
    return std::make_tuple(
        TensorAccessorArgs<
            tensor_accessor::detail::get_tensor_accessor_args_cta_offset<
                Index, Cta>()>()...);
  }(std::make_integer_sequence<uint32_t, Count>());
}
#endif
