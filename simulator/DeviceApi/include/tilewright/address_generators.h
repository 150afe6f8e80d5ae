//===- address_generators.h - where a page of a buffer lies -----*- C++ -*-===//
//
// What kernels of the generations before TensorAccessor use: the steps by which
// a page is found, and generators for pages of any size, of a power of two, and
// of tiles. Part of dataflow_api.h.
//
//===----------------------------------------------------------------------===//
#pragma once

/// The steps in which older kernels find a page: its bank, and where in there.
template <bool DRAM> FORCE_INLINE uint32_t get_bank_offset_index(uint32_t id) {
  return id / tw_api->bankCount(DRAM);
}
template <bool DRAM>
FORCE_INLINE uint32_t get_bank_index(uint32_t id, uint32_t offsetIndex) {
  return id - offsetIndex * tw_api->bankCount(DRAM);
}
template <bool DRAM>
FORCE_INLINE uint32_t get_noc_xy(uint32_t bank, uint8_t noc = noc_index) {
  return static_cast<uint32_t>(tw_api->bankAddress(DRAM, bank, 0, noc) >>
                               NOC_ADDR_COORD_SHIFT);
}
template <bool DRAM> FORCE_INLINE uint32_t get_bank_offset(uint32_t bank) {
  return static_cast<uint32_t>(tw_api->bankAddress(DRAM, bank, 0, noc_index) &
                               0xfffffffffull);
}
template <bool DRAM> constexpr uint32_t get_allocator_alignment() {
  return DRAM ? DRAM_ALIGNMENT : L1_ALIGNMENT;
}
template <bool DRAM> constexpr uint32_t get_log_base2_of_allocator_alignment() {
  return __builtin_ctz(get_allocator_alignment<DRAM>());
}

/// Address generators of the generations before TensorAccessor.
template <bool DRAM> struct InterleavedAddrGen {
  uint32_t bank_base_address;
  uint32_t page_size;

  FORCE_INLINE uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0,
                                     uint8_t noc = noc_index) const {
    const uint32_t align = DRAM ? DRAM_ALIGNMENT : L1_ALIGNMENT;
    const uint32_t stride = (page_size + align - 1) / align * align;
    return tw_api->pageAddress(DRAM, bank_base_address, stride, page, offset,
                               noc);
  }
};
template <bool DRAM> struct InterleavedPow2AddrGen {
  uint32_t bank_base_address;
  uint32_t log_base_2_of_page_size;

  FORCE_INLINE uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0,
                                     uint8_t noc = noc_index) const {
    const InterleavedAddrGen<DRAM> general{bank_base_address,
                                           1u << log_base_2_of_page_size};
    return general.get_noc_addr(page, offset, noc);
  }
};
template <bool DRAM, uint32_t tile_hw = 1024> struct InterleavedAddrGenFast {
  uint32_t bank_base_address;
  uint32_t page_size;
  DataFormat data_format;

  FORCE_INLINE uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0,
                                     uint8_t noc = noc_index) const {
    const uint32_t bytes = tilewright_device::formatTileBytes(
        static_cast<uint32_t>(data_format), tile_hw);
    const InterleavedAddrGen<DRAM> general{bank_base_address, bytes};
    return general.get_noc_addr(page, offset, noc);
  }
};
template <bool DRAM> struct InterleavedPow2AddrGenFast {
  uint32_t bank_base_address;
  uint32_t log_base_2_of_page_size;

  FORCE_INLINE uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0,
                                     uint8_t noc = noc_index) const {
    const InterleavedAddrGen<DRAM> general{bank_base_address,
                                           1u << log_base_2_of_page_size};
    return general.get_noc_addr(page, offset, noc);
  }
};

namespace tilewright_device {
template <bool D> constexpr uint32_t pageBytes(const InterleavedAddrGen<D> &g) {
  return g.page_size;
}
template <bool D, uint32_t H>
constexpr uint32_t pageBytes(const InterleavedAddrGenFast<D, H> &g) {
  return formatTileBytes(static_cast<uint32_t>(g.data_format), H);
}
template <bool D>
constexpr uint32_t pageBytes(const InterleavedPow2AddrGen<D> &g) {
  return 1u << g.log_base_2_of_page_size;
}
template <bool D>
constexpr uint32_t pageBytes(const InterleavedPow2AddrGenFast<D> &g) {
  return 1u << g.log_base_2_of_page_size;
}
template <typename D> constexpr uint32_t pageBytes(const TensorAccessor<D> &g) {
  return g.page_size;
}
} // namespace tilewright_device

/// What kernels ask of an address generator before they use it.
template <typename G>
inline constexpr bool has_get_aligned_page_size_v =
    requires(const G &g) { g.get_aligned_page_size(); };
template <typename G>
inline constexpr bool has_page_size_v = requires(const G &g) { g.page_size; };
template <typename G>
inline constexpr bool has_log_base_2_of_page_size_v =
    requires(const G &g) { g.log_base_2_of_page_size; };

/// The generator of a buffer whose pages may be a power of two: `size` is then
/// its logarithm, unless that is given besides.
template <bool DRAM, bool Pow2>
FORCE_INLINE auto get_interleaved_addr_gen(uint32_t base, uint32_t size,
                                           uint32_t log2) {
  if constexpr (Pow2)
    return InterleavedPow2AddrGen<DRAM>{base, log2};
  else
    return InterleavedAddrGen<DRAM>{base, size};
}
template <bool DRAM, bool Pow2>
FORCE_INLINE auto get_interleaved_addr_gen(uint32_t base, uint32_t size) {
  return get_interleaved_addr_gen<DRAM, Pow2>(base, size, size);
}
template <bool DRAM, uint32_t PageBytes>
FORCE_INLINE auto get_interleaved_addr_gen(uint32_t base) {
  return InterleavedAddrGen<DRAM>{base, PageBytes};
}

template <typename Generator>
  requires requires(const Generator &g) { g.get_noc_addr(0u, 0u, noc_index); }
FORCE_INLINE uint64_t get_noc_addr(uint32_t page, const Generator &generator,
                                   uint32_t offset = 0,
                                   uint8_t noc = noc_index) {
  return generator.get_noc_addr(page, offset, noc);
}

// Kernels may name the memory, and the size of a tile, that the generator has.
template <bool DRAM>
FORCE_INLINE uint64_t get_noc_addr(uint32_t page,
                                   const InterleavedAddrGen<DRAM> &generator,
                                   uint32_t offset = 0,
                                   uint8_t noc = noc_index) {
  return generator.get_noc_addr(page, offset, noc);
}
template <bool DRAM>
FORCE_INLINE uint64_t
get_noc_addr(uint32_t page, const InterleavedPow2AddrGen<DRAM> &generator,
             uint32_t offset = 0, uint8_t noc = noc_index) {
  return generator.get_noc_addr(page, offset, noc);
}
template <bool DRAM, uint32_t tile_hw = 1024>
FORCE_INLINE uint64_t get_noc_addr(
    uint32_t page, const InterleavedAddrGenFast<DRAM, tile_hw> &generator,
    uint32_t offset = 0, uint8_t noc = noc_index) {
  return generator.get_noc_addr(page, offset, noc);
}
