//===- endpoints.h - places on the NoC --------------------------*- C++ -*-===//
#pragma once

#include "api/dataflow/noc.h"

struct UnicastEndpoint {};
struct MulticastEndpoint {};
enum AllocatorBankType { L1, DRAM };
template <AllocatorBankType Type> struct AllocatorBank {};

template <> struct noc_traits_t<UnicastEndpoint> {
  struct src_args_type {
    uint32_t noc_x = 0, noc_y = 0, addr = 0;
  };
  using dst_args_type = src_args_type;
  static uint64_t remote(const UnicastEndpoint &, const Noc &noc,
                         const src_args_type &a) {
    return get_noc_addr(a.noc_x, a.noc_y, a.addr, noc.get_noc_id());
  }
  static uint64_t remoteTarget(const UnicastEndpoint &e, const Noc &noc,
                               const dst_args_type &a) {
    return remote(e, noc, a);
  }
  static uint32_t local(const UnicastEndpoint &, const Noc &,
                        const dst_args_type &a) {
    return a.addr;
  }
  static uint32_t localSource(const UnicastEndpoint &, const Noc &,
                              const src_args_type &a) {
    return a.addr;
  }
};

template <> struct noc_traits_t<MulticastEndpoint> {
  struct dst_args_mcast_type {
    uint32_t noc_x_start = 0, noc_y_start = 0, noc_x_end = 0, noc_y_end = 0;
    uint32_t addr = 0;
  };
  static uint64_t rectangle(const MulticastEndpoint &, const Noc &noc,
                            const dst_args_mcast_type &a) {
    return get_noc_multicast_addr(a.noc_x_start, a.noc_y_start, a.noc_x_end,
                                  a.noc_y_end, a.addr, noc.get_noc_id());
  }
};

template <AllocatorBankType Type> struct noc_traits_t<AllocatorBank<Type>> {
  struct src_args_type {
    uint32_t bank_id = 0, addr = 0;
  };
  using dst_args_type = src_args_type;
  static uint64_t remote(const AllocatorBank<Type> &, const Noc &noc,
                         const src_args_type &a) {
    return get_noc_addr_from_bank_id<Type == AllocatorBankType::DRAM>(
        a.bank_id, a.addr, noc.get_noc_id());
  }
  static uint64_t remoteTarget(const AllocatorBank<Type> &bank, const Noc &noc,
                               const dst_args_type &a) {
    return remote(bank, noc, a);
  }
};
