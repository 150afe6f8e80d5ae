//===- noc_traits.h - tensors as ends of NoC transfers ----------*- C++ -*-===//
#pragma once

#include "api/dataflow/noc.h"
#include "api/tensor/tensor_accessor.h"

/// A tensor by its shards.
template <typename Accessor> struct ShardView {
  const Accessor &accessor;
  explicit ShardView(const Accessor &accessor) : accessor(accessor) {}
  bool is_local_shard(uint32_t shard, uint8_t noc = noc_index) const {
    return accessor.is_local_shard(shard, noc);
  }
  uint64_t get_noc_addr(uint32_t shard, uint32_t offset, uint8_t noc) const {
    return accessor.get_shard_noc_addr(shard, offset, noc);
  }
};
/// Anything with get_noc_addr(page, offset, noc) by its pages.
template <typename Accessor> struct PageView {
  const Accessor &accessor;
  explicit PageView(const Accessor &accessor) : accessor(accessor) {}
  uint64_t get_noc_addr(uint32_t page, uint32_t offset, uint8_t noc) const {
    return accessor.get_noc_addr(page, offset, noc);
  }
};

namespace tilewright_device {
struct PageArgs {
  uint32_t page_id = 0, offset_bytes = 0;
};
template <typename Pages> struct PageTraits {
  using src_args_type = PageArgs;
  using dst_args_type = PageArgs;
  static uint64_t remote(const Pages &pages, const Noc &noc,
                         const PageArgs &a) {
    return pages.get_noc_addr(a.page_id, a.offset_bytes, noc.get_noc_id());
  }
  static uint64_t remoteTarget(const Pages &pages, const Noc &noc,
                               const PageArgs &a) {
    return remote(pages, noc, a);
  }
};
} // namespace tilewright_device

template <typename D>
struct noc_traits_t<TensorAccessor<D>>
    : tilewright_device::PageTraits<TensorAccessor<D>> {};
template <typename A>
struct noc_traits_t<PageView<A>> : tilewright_device::PageTraits<PageView<A>> {
};
template <typename A> struct noc_traits_t<ShardView<A>> {
  struct src_args_type {
    uint32_t shard_id = 0, offset_bytes = 0;
  };
  using dst_args_type = src_args_type;
  static uint64_t remote(const ShardView<A> &shards, const Noc &noc,
                         const src_args_type &a) {
    return shards.get_noc_addr(a.shard_id, a.offset_bytes, noc.get_noc_id());
  }
  static uint64_t remoteTarget(const ShardView<A> &shards, const Noc &noc,
                               const dst_args_type &a) {
    return remote(shards, noc, a);
  }
};
template <> struct noc_traits_t<tensor_accessor::Page> {
  using src_args_type = tilewright_device::OffsetArgs;
  using dst_args_type = tilewright_device::OffsetArgs;
  static uint64_t remote(const tensor_accessor::Page &page, const Noc &,
                         const src_args_type &a) {
    return page.noc_addr() + a.offset_bytes;
  }
  static uint64_t remoteTarget(const tensor_accessor::Page &page,
                               const Noc &noc, const dst_args_type &a) {
    return remote(page, noc, a);
  }
};
