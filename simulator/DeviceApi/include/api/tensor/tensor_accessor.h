//===- tensor_accessor.h - pages of a tensor to NoC addresses ---*- C++ -*-===//
//
// TensorAccessor turns a page into a bank and an offset. Shard s of a sharded
// tensor lies in bank s mod banks, after the s / banks shards before it there;
// the pages of a shard follow one another row-major. An interleaved tensor is
// the same with shards of one page.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "api/tensor/tensor_accessor_args.h"
#include "tilewright/prelude.h"

namespace tensor_accessor {

class Page {
public:
  constexpr Page(uint64_t address, uint32_t page)
      : address(address), page(page) {}
  uint64_t noc_addr() const { return address; }
  /// The page in the tensor.
  uint32_t page_id() const { return page; }

private:
  uint64_t address;
  uint32_t page;
};

/// One number a dimension.
struct Extents {
  uint32_t data[MAX_RANK] = {};
  uint32_t rank = 0;
  constexpr uint32_t operator[](uint32_t dim) const { return data[dim]; }
  constexpr uint32_t &operator[](uint32_t dim) { return data[dim]; }
  constexpr uint32_t size() const { return rank; }
  constexpr const uint32_t *begin() const { return data; }
  constexpr const uint32_t *end() const { return data + rank; }
};

/// Shapes, strides and banks of one tensor; `Args` is its TensorAccessorArgs.
template <typename Args> struct DistributionSpec {
  static constexpr bool is_dram = Args::is_dram;
  static constexpr bool is_interleaved = !Args::is_sharded;
  static constexpr bool has_static_rank = !Args::rank_is_crta;
  static constexpr bool has_static_num_banks = !Args::num_banks_is_crta;
  static constexpr bool tensor_shape_static =
      has_static_rank && !Args::tensor_shape_is_crta;
  static constexpr bool shard_shape_static =
      has_static_rank && !Args::shard_shape_is_crta;
  static constexpr bool shapes_static =
      tensor_shape_static && shard_shape_static;
  static constexpr bool bank_coords_static =
      has_static_num_banks && !Args::bank_coords_is_crta;
  static constexpr bool is_static =
      !(Args::rank_is_crta || Args::num_banks_is_crta ||
        Args::tensor_shape_is_crta || Args::shard_shape_is_crta ||
        Args::bank_coords_is_crta);
  using Shape = Extents;

  constexpr DistributionSpec() : DistributionSpec(Args()) {}
  constexpr explicit DistributionSpec(const Args &given)
      : args(given), dims(given.get_rank()), banks(given.get_num_banks()) {
    tensor.rank = shard.rank = tensorStep.rank = shardStep.rank = dims;
    grid.rank = gridStep.rank = dims;
    for (uint32_t i = dims; i-- > 0;) {
      tensor[i] = args.tensorExtent(i);
      shard[i] = args.shardExtent(i);
      grid[i] = shard[i] ? (tensor[i] + shard[i] - 1) / shard[i] : 0;
      tensorStep[i] = tensorPages;
      shardStep[i] = shardPages;
      gridStep[i] = shards;
      tensorPages *= tensor[i];
      shardPages *= shard[i];
      shards *= grid[i];
    }
  }

  constexpr uint32_t rank() const { return dims; }
  constexpr uint32_t num_banks() const { return banks; }
  constexpr const Extents &tensor_shape() const { return tensor; }
  constexpr const Extents &shard_shape() const { return shard; }
  constexpr const Extents &tensor_strides() const { return tensorStep; }
  constexpr const Extents &shard_strides() const { return shardStep; }
  constexpr const Extents &shard_grid() const { return grid; }
  constexpr const Extents &shard_grid_strides() const { return gridStep; }
  /// Pages.
  constexpr uint32_t tensor_volume() const { return tensorPages; }
  constexpr uint32_t shard_volume() const { return shardPages; }
  constexpr uint16_t bankCoord(uint32_t bank) const {
    return args.bankCoord(bank);
  }

private:
  Args args;
  uint32_t dims;
  uint32_t banks;
  Extents tensor, shard, tensorStep, shardStep, grid, gridStep;
  uint32_t tensorPages = 1;
  uint32_t shardPages = 1;
  uint32_t shards = 1;
};

/// A range of pages, for `for (const auto &page : ...)`.
template <typename Walk> struct PageRange {
  struct Iterator {
    Walk walk;
    uint32_t at;
    Page operator*() const { return walk.page(at); }
    struct Held {
      Page page;
      const Page *operator->() const { return &page; }
    };
    Held operator->() const { return {walk.page(at)}; }
    uint32_t page_id() const { return walk.page(at).page_id(); }
    Iterator &operator++() {
      at = walk.next(at + 1);
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    Iterator &operator+=(int steps) {
      while (steps-- > 0)
        ++*this;
      return *this;
    }
    Iterator operator+(int steps) const {
      Iterator result = *this;
      return result += steps;
    }
    bool operator==(const Iterator &other) const { return at == other.at; }
    bool operator<(const Iterator &other) const { return at < other.at; }
  };
  Walk walk;
  uint32_t first, last;
  Iterator begin() const { return {walk, walk.next(first)}; }
  Iterator end() const { return {walk, last}; }
};

} // namespace tensor_accessor

template <bool Dram> struct TwInterleavedAccessor {
  static constexpr bool is_dram = Dram;
  uint64_t bank_base_address;
  uint32_t page_size;
  uint32_t stride;

  FORCE_INLINE uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0,
                                     uint8_t noc = noc_index) const {
    return tw_api->pageAddress(Dram, bank_base_address, stride, page, offset,
                               noc);
  }
  uint32_t get_page_size() const { return page_size; }
  uint32_t get_aligned_page_size() const { return stride; }

  struct Walk {
    const TwInterleavedAccessor *accessor;
    uint8_t noc;
    uint32_t next(uint32_t at) const { return at; }
    tensor_accessor::Page page(uint32_t at) const {
      return {accessor->get_noc_addr(at, 0, noc), at};
    }
  };
  /// The accessor does not know how many pages the tensor has.
  tensor_accessor::PageRange<Walk> pages(uint32_t first, uint32_t end,
                                         uint8_t noc = noc_index) const {
    return {{this, noc}, first, end};
  }
};

template <typename DSpecT> struct TwShardedAccessor {
  using DSpec = DSpecT;
  static constexpr bool is_dram = DSpec::is_dram;
  struct PageMapping {
    size_t bank_id;
    size_t bank_page_offset; ///< pages
  };

  DSpec distribution;
  uint64_t bank_base_address;
  uint32_t page_size;
  uint32_t stride;

  constexpr const DSpec &dspec() const { return distribution; }
  uint32_t get_page_size() const { return page_size; }
  uint32_t get_aligned_page_size() const { return stride; }

  PageMapping get_bank_and_offset(uint32_t page, TW_LOC) const {
    if (page >= dspec().tensor_volume())
      tw_api->assertFailed("the page lies inside the tensor", loc);
    tensor_accessor::Extents coordinate;
    for (uint32_t i = dspec().rank(); i-- > 0;) {
      coordinate[i] = page % dspec().tensor_shape()[i];
      page /= dspec().tensor_shape()[i];
    }
    return get_bank_and_offset(coordinate, loc);
  }
  /// `coordinate` has one number a dimension, in pages.
  template <typename Coordinate>
    requires requires(const Coordinate &c) { c[0]; }
  PageMapping get_bank_and_offset(const Coordinate &coordinate, TW_LOC) const {
    uint32_t shard = 0, inShard = 0;
    for (uint32_t i = 0; i < dspec().rank(); ++i) {
      const uint32_t at = coordinate[i];
      if (at >= dspec().tensor_shape()[i])
        tw_api->assertFailed("the page lies inside the tensor", loc);
      shard += at / dspec().shard_shape()[i] * dspec().shard_grid_strides()[i];
      inShard += at % dspec().shard_shape()[i] * dspec().shard_strides()[i];
    }
    return {shard % dspec().num_banks(),
            shard / dspec().num_banks() * dspec().shard_volume() + inShard};
  }

  template <typename Where>
  uint64_t get_noc_addr(const Where &page, uint32_t offset = 0,
                        uint8_t noc = noc_index, TW_LOC) const {
    return address(get_bank_and_offset(page, loc), offset, noc);
  }
  uint64_t get_shard_noc_addr(uint32_t shard, uint32_t offset = 0,
                              uint8_t noc = noc_index) const {
    return address({shard % dspec().num_banks(),
                    shard / dspec().num_banks() * dspec().shard_volume()},
                   offset, noc);
  }
  template <typename Coordinate>
    requires requires(const Coordinate &c) { c[0]; }
  uint64_t get_shard_noc_addr(const Coordinate &coordinate, uint32_t offset = 0,
                              uint8_t noc = noc_index) const {
    uint32_t shard = 0;
    for (uint32_t i = 0; i < dspec().rank(); ++i)
      shard += coordinate[i] * dspec().shard_grid_strides()[i];
    return get_shard_noc_addr(shard, offset, noc);
  }

  static bool is_local_bank(uint32_t x, uint32_t y, uint8_t = noc_index) {
    return !is_dram && x == tw_api->ownCoord(0) && y == tw_api->ownCoord(1);
  }
  static bool is_local_addr(uint64_t address, uint8_t = noc_index) {
    return is_local_bank(address >> 36 & 63, address >> 42 & 63);
  }
  bool is_local_page(uint32_t page, uint8_t = noc_index, TW_LOC) const {
    return isLocal(get_bank_and_offset(page, loc).bank_id);
  }
  bool is_local_shard(uint32_t shard, uint8_t = noc_index) const {
    return isLocal(shard % dspec().num_banks());
  }

  struct Walk {
    const TwShardedAccessor *accessor;
    uint8_t noc;
    uint32_t next(uint32_t at) const { return at; }
    tensor_accessor::Page page(uint32_t at) const {
      return {accessor->get_noc_addr(at, 0, noc), at};
    }
  };
  /// The pages of the tensor in order; `end` 0 stands for all.
  tensor_accessor::PageRange<Walk> pages(uint32_t first = 0, uint32_t end = 0,
                                         uint8_t noc = noc_index) const {
    return {{this, noc}, first, end ? end : dspec().tensor_volume()};
  }

  struct ShardWalk {
    const TwShardedAccessor *accessor;
    uint32_t shard;
    uint32_t end;
    uint8_t noc;
    /// The page of the tensor at offset `at` of the shard; no page when the
    /// shard reaches beyond the tensor there.
    bool find(uint32_t at, uint32_t &page) const {
      const DSpec &d = accessor->dspec();
      page = 0;
      for (uint32_t i = 0; i < d.rank(); ++i) {
        const uint32_t inGrid =
            shard / d.shard_grid_strides()[i] % d.shard_grid()[i];
        const uint32_t inShard = at / d.shard_strides()[i] % d.shard_shape()[i];
        const uint32_t coordinate = inGrid * d.shard_shape()[i] + inShard;
        if (coordinate >= d.tensor_shape()[i])
          return false;
        page += coordinate * d.tensor_strides()[i];
      }
      return true;
    }
    uint32_t next(uint32_t at) const {
      uint32_t page;
      while (at < end && !find(at, page))
        ++at;
      return at;
    }
    tensor_accessor::Page page(uint32_t at) const {
      uint32_t found;
      find(at, found);
      return {accessor->get_shard_noc_addr(shard, at * accessor->stride, noc),
              found};
    }
  };
  /// The pages of one shard that lie inside the tensor, from offset `first` of
  /// the shard to `end` (0: the whole shard).
  tensor_accessor::PageRange<ShardWalk>
  shard_pages(uint32_t shard, uint32_t first = 0, uint32_t end = 0,
              uint8_t noc = noc_index) const {
    const uint32_t last = end ? end : dspec().shard_volume();
    return {{this, shard, last, noc}, first, last};
  }

private:
  bool isLocal(uint32_t bank) const {
    const uint16_t coord = dspec().bankCoord(bank);
    return is_local_bank(coord >> 8, coord & 0xff);
  }
  uint64_t address(PageMapping page, uint32_t offset, uint8_t noc) const {
    const uint16_t coord = dspec().bankCoord(page.bank_id);
    const uint64_t inBank =
        bank_base_address + uint64_t(page.bank_page_offset) * stride + offset;
    if constexpr (is_dram)
      return tw_api->bankAddress(true, coord >> 8, inBank, noc);
    else
      return (uint64_t(coord & 0xff) << 42) | (uint64_t(coord >> 8) << 36) |
             inBank;
  }
};

template <typename DSpec, bool Interleaved = DSpec::is_interleaved>
struct TwAccessorBase;
template <typename DSpecT>
struct TwAccessorBase<DSpecT, true> : TwInterleavedAccessor<DSpecT::is_dram> {
  using DSpec = DSpecT;
  constexpr TwAccessorBase(const auto &, uint64_t base, uint32_t page,
                           uint32_t stride)
      : TwInterleavedAccessor<DSpecT::is_dram>{base, page, stride} {}
};
template <typename DSpecT>
struct TwAccessorBase<DSpecT, false> : TwShardedAccessor<DSpecT> {
  constexpr TwAccessorBase(const auto &args, uint64_t base, uint32_t page,
                           uint32_t stride)
      : TwShardedAccessor<DSpecT>{DSpecT(args), base, page, stride} {}
};

template <typename DSpecT> struct TensorAccessor : TwAccessorBase<DSpecT> {
  /// `base` is the address of the buffer, common to all banks; `page` the bytes
  /// of a page when they are not those of the arguments.
  template <size_t Cta, size_t Crta>
  constexpr TensorAccessor(
      const TensorAccessorArgs<Cta, Crta> &args, uint64_t base,
      uint32_t page = TensorAccessorArgs<Cta, Crta>::AlignedPageSize)
      : TwAccessorBase<DSpecT>(args, base, page, pageStride(args, page)) {}

private:
  /// Bytes from page to page in a bank. Those of an interleaved tensor are
  /// aligned here, those of a sharded one are taken as they are given.
  template <size_t Cta, size_t Crta>
  static constexpr uint32_t pageStride(const TensorAccessorArgs<Cta, Crta> &,
                                       uint32_t page) {
    using Args = TensorAccessorArgs<Cta, Crta>;
    if (Args::is_sharded)
      return page;
    const uint32_t align = Args::is_dram ? TW_DRAM_ALIGNMENT : TW_L1_ALIGNMENT;
    return (page + align - 1) / align * align;
  }
};
template <size_t Cta, size_t Crta>
TensorAccessor(const TensorAccessorArgs<Cta, Crta> &, size_t) -> TensorAccessor<
    tensor_accessor::DistributionSpec<TensorAccessorArgs<Cta, Crta>>>;
template <size_t Cta, size_t Crta>
TensorAccessor(const TensorAccessorArgs<Cta, Crta> &, size_t, uint32_t)
    -> TensorAccessor<
        tensor_accessor::DistributionSpec<TensorAccessorArgs<Cta, Crta>>>;

/// Accessors of different tensors behind one type.
class AbstractTensorAccessorWrapper {
public:
  AbstractTensorAccessorWrapper() = default;
  template <typename Accessor>
  explicit(false) AbstractTensorAccessorWrapper(const Accessor &accessor)
      : accessor(&accessor), call([](const void *self, uint32_t page,
                                     uint32_t offset, uint8_t noc) -> uint64_t {
          return static_cast<const Accessor *>(self)->get_noc_addr(page, offset,
                                                                   noc);
        }) {}
  uint64_t get_noc_addr(uint32_t page, uint32_t offset = 0,
                        uint8_t noc = noc_index) const {
    return call(accessor, page, offset, noc);
  }

private:
  const void *accessor = nullptr;
  uint64_t (*call)(const void *, uint32_t, uint32_t, uint8_t) = nullptr;
};

#ifdef _GLIBCXX_TUPLE
namespace tensor_accessor::detail {
template <typename... Args, size_t... I>
auto accessorTuple(const std::tuple<Args...> &args, uint32_t firstAddress,
                   uint32_t firstPage, std::index_sequence<I...>) {
  return std::make_tuple(TensorAccessor(
      std::get<I>(args), get_arg_val<uint32_t>(uint32_t(firstAddress + I)),
      tilewright_device::compileTimeArgs[uint32_t(firstPage + I)])...);
}
template <typename... Accessors, size_t... I>
std::array<AbstractTensorAccessorWrapper, sizeof...(Accessors)>
wrappers(const std::tuple<Accessors...> &accessors, std::index_sequence<I...>) {
  return {AbstractTensorAccessorWrapper(std::get<I>(accessors))...};
}
} // namespace tensor_accessor::detail

/// Accessors of many tensors, whose addresses are run-time arguments from
/// `firstAddress` on and whose page bytes compile-time arguments from
/// `firstPage` on.
template <typename... Args>
auto make_tensor_accessor_tuple(const std::tuple<Args...> &args,
                                uint32_t firstAddress, uint32_t firstPage) {
  return tensor_accessor::detail::accessorTuple(
      args, firstAddress, firstPage, std::index_sequence_for<Args...>());
}
template <typename... Accessors>
auto make_abstract_tensor_accessor_wrappers(
    const std::tuple<Accessors...> &accessors) {
  return tensor_accessor::detail::wrappers(
      accessors, std::index_sequence_for<Accessors...>());
}
#endif
