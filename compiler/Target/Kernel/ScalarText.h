//===- ScalarText.h - Fixed text of scalar kernels --------------*- C++ -*-===//
#ifndef TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALARTEXT_H
#define TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALARTEXT_H

namespace tilewright::scalar {

/// Floating-point formats of 8 and 16 bits.
inline constexpr const char *kSmallFloat = R"cpp(
/// A floating-point format below 32 bits: rounding is to the nearest, to even
/// between two. Without infinity, what is too large becomes the largest number.
template <typename Word, int Exponent, int Mantissa, bool HasInfinity>
struct SmallFloat {
  static constexpr int bias = (1 << (Exponent - 1)) - 1;
  static constexpr int shift = 23 - Mantissa;
  static constexpr uint32_t top = ((1u << Exponent) - 1) << Mantissa;

  static uint32_t bitsOf(float value) {
    return __builtin_bit_cast(uint32_t, value);
  }
  static float decode(Word word) {
    const uint32_t sign = uint32_t(word) >> (Exponent + Mantissa) << 31;
    const uint32_t rest = word & ((1u << (Exponent + Mantissa)) - 1);
    const uint32_t exponent = rest >> Mantissa;
    uint32_t bits;
    if (Exponent == 8) {
      bits = rest << shift;
    } else if (HasInfinity ? rest >= top
                           : rest == (top | ((1u << Mantissa) - 1))) {
      bits = 0x7f800000 | (HasInfinity ? (rest << shift) & 0x7fffff : 0x400000);
    } else if (exponent == 0) {
      const float unit =
          __builtin_bit_cast(float, uint32_t(128 - bias - Mantissa) << 23);
      bits = bitsOf(float(rest) * unit);
    } else {
      bits = (rest << shift) + (uint32_t(127 - bias) << 23);
    }
    return __builtin_bit_cast(float, bits | sign);
  }
  static uint32_t roundShift(uint32_t value, int by) {
    if (by > 25)
      return 0;
    const uint32_t half = (1u << (by - 1)) - 1 + ((value >> by) & 1);
    return (value + half) >> by;
  }
  static Word encode(float value) {
    const uint32_t all = bitsOf(value), bits = all & 0x7fffffff;
    const uint32_t sign = (all >> 31) << (Exponent + Mantissa);
    if (bits > 0x7f800000)
      return Word(sign | top | (HasInfinity ? 1u << (Mantissa - 1)
                                            : (1u << Mantissa) - 1));
    uint32_t kept;
    const int exponent = int(bits >> 23) - 127 + bias;
    if (Exponent == 8)
      kept = roundShift(bits, shift);
    else if (exponent <= 0)
      kept = roundShift((bits & 0x7fffff) | 0x800000, shift + 1 - exponent);
    else
      kept = roundShift((uint32_t(exponent) << 23) | (bits & 0x7fffff), shift);
    const uint32_t limit =
        HasInfinity ? top : (top | ((1u << Mantissa) - 1)) - 1;
    if (kept > limit || exponent >= (1 << Exponent))
      kept = limit;
    return Word(sign | kept);
  }
  static float round(float value) { return decode(encode(value)); }
};
)cpp";

/// Where elements of tensors are.
inline constexpr const char *kFindElement = R"cpp(
/// The page of an element of a tensor of that shape, and its number in it; false
/// where the indices are not in the tensor. Row and Column are the dimensions of
/// the tile plane, -1 for none.
template <int Row, int Column, uint32_t... Shape>
bool findElement(const int32_t (&at)[sizeof...(Shape)], uint32_t &page,
                 uint32_t &element) {
  constexpr uint32_t shape[] = {Shape...};
  uint32_t outer = 0, row = 0, column = 0, rows = 1, columns = 1;
  for (int dim = 0; dim < int(sizeof...(Shape)); ++dim) {
    const uint32_t index = at[dim];
    if (index >= shape[dim])
      return false;
    if (dim == Row)
      row = index, rows = shape[dim];
    else if (dim == Column)
      column = index, columns = shape[dim];
    else
      outer = outer * shape[dim] + index;
  }
  page = (outer * ((rows + 31) / 32) + row / 32) * ((columns + 31) / 32) +
         column / 32;
  element = (row % 32 / 16 * 2 + column % 32 / 16) * 256 + row % 16 * 16 +
            column % 16;
  return true;
}
)cpp";

/// Elements of tensors.
inline constexpr const char *kElements = R"cpp(
/// Elements of a tensor in DRAM, through a few of its pages in L1. A page has a
/// mask of the elements that were stored and are not in DRAM yet. Of a tensor
/// that cores write, a core reads the rows of faces that it needs: others may
/// be writing the rest of the page.
template <typename Word, typename Accessor, int Row, int Column,
          uint32_t... Shape>
class Elements {
public:
  Elements(const Accessor &accessor, uint32_t l1, bool byRow)
      : accessor(accessor), l1(l1), byRow(byRow) {
    for (uint32_t i = 0; i < lines; ++i)
      for (uint32_t row = 0; row < 64; ++row)
        mask(i)[row] = 0;
  }

  /// The element, or `outside` where the indices are not in the tensor.
  Word load(const int32_t (&at)[sizeof...(Shape)], Word outside = 0) {
    uint32_t page, element;
    if (!findElement<Row, Column, Shape...>(at, page, element))
      return outside;
    const uint32_t line = open(page);
    const uint32_t row = element / 16;
    if (!(filled[line] >> row & 1) && !(mask(line)[row] >> element % 16 & 1))
      fill(line, row);
    return data(line)[element];
  }
  /// Stores where the indices are in the tensor.
  void store(const int32_t (&at)[sizeof...(Shape)], Word value) {
    uint32_t page, element;
    if (!findElement<Row, Column, Shape...>(at, page, element))
      return;
    const uint32_t line = open(page);
    data(line)[element] = value;
    mask(line)[element / 16] |= 1u << element % 16;
  }
  /// Writes to DRAM what was stored.
  void flush() {
    for (uint32_t i = 0; i < lines; ++i)
      write(i);
  }

private:
  static constexpr uint32_t lines = 4, pageBytes = 1024 * sizeof(Word);

  uint32_t start(uint32_t line) const { return l1 + line * (pageBytes + 128); }
  Word *data(uint32_t line) const {
    return reinterpret_cast<Word *>(start(line));
  }
  uint16_t *mask(uint32_t line) const {
    return reinterpret_cast<uint16_t *>(start(line) + pageBytes);
  }
  /// The line of that page; the page that was there is written back.
  uint32_t open(uint32_t page) {
    const uint32_t line = page % lines;
    if (pages[line] != page) {
      write(line);
      pages[line] = page;
      filled[line] = 0;
    }
    return line;
  }
  void fill(uint32_t line, uint32_t row) {
    write(line);
    if (byRow) {
      const uint32_t bytes = 16 * sizeof(Word), offset = row * bytes;
      noc_async_read(accessor.get_noc_addr(pages[line], offset),
                     start(line) + offset, bytes);
      filled[line] |= uint64_t(1) << row;
    } else {
      noc_async_read_page(pages[line], accessor, start(line));
      filled[line] = ~uint64_t(0);
    }
    noc_async_read_barrier();
  }
  /// One write for each run of stored elements in a row of a face.
  void write(uint32_t line) {
    bool any = false;
    for (uint32_t row = 0; row < 64; ++row) {
      uint32_t bits = mask(line)[row];
      mask(line)[row] = 0;
      while (bits) {
        const uint32_t first = __builtin_ctz(bits);
        const uint32_t count = __builtin_ctz(~(bits >> first));
        const uint32_t offset = (row * 16 + first) * sizeof(Word);
        noc_async_write(start(line) + offset,
                        accessor.get_noc_addr(pages[line], offset),
                        count * sizeof(Word));
        bits &= ~(((1u << count) - 1) << first);
        any = true;
      }
    }
    if (any)
      noc_async_write_barrier();
  }

  const Accessor &accessor;
  uint32_t l1;
  bool byRow;
  uint32_t pages[lines] = {~0u, ~0u, ~0u, ~0u};
  uint64_t filled[lines] = {}; // rows of faces, by bit
};
)cpp";

/// Elements of tensors that are only read.
inline constexpr const char *kElementReader = R"cpp(
/// Elements of a tensor in DRAM to which nobody writes meanwhile, through a few
/// of its pages in L1.
template <typename Word, typename Accessor, int Row, int Column,
          uint32_t... Shape>
class ElementReader {
public:
  ElementReader(const Accessor &accessor, uint32_t l1)
      : accessor(accessor), l1(l1) {
    for (uint32_t &page : pages)
      page = ~0u;
  }

  /// The element, or zero where the indices are not in the tensor.
  Word load(const int32_t (&at)[sizeof...(Shape)]) {
    const Word *from = find(at);
    return from ? *from : Word(0);
  }
  /// That element and those behind it in a row of a face, Count in all.
  template <uint32_t Count>
  void copy(const int32_t (&at)[sizeof...(Shape)], Word *to) {
    const uint32_t *from = reinterpret_cast<const uint32_t *>(find(at));
    uint32_t *words = reinterpret_cast<uint32_t *>(to);
    for (uint32_t i = 0; i < Count * sizeof(Word) / 4; ++i)
      words[i] = from ? from[i] : 0;
  }

private:
  static constexpr uint32_t lines = 16;

  const Word *find(const int32_t (&at)[sizeof...(Shape)]) {
    uint32_t page, element;
    if (!findElement<Row, Column, Shape...>(at, page, element))
      return nullptr;
    const uint32_t line = page % lines;
    const uint32_t start = l1 + line * 1024 * sizeof(Word);
    if (pages[line] != page) {
      noc_async_read_page(page, accessor, start);
      noc_async_read_barrier();
      pages[line] = page;
    }
    return reinterpret_cast<const Word *>(start) + element;
  }

  const Accessor &accessor;
  uint32_t l1;
  uint32_t pages[lines];
};
)cpp";

/// Elements of blocks of tiles.
inline constexpr const char *kInTiles = R"cpp(
/// The number of element (row, column) in a block that is Tiles tiles wide.
template <uint32_t Tiles> uint32_t inTiles(uint32_t row, uint32_t column) {
  return (row / 32 * Tiles + column / 32) * 1024 +
         (row % 32 / 16 * 2 + column % 32 / 16) * 256 + row % 16 * 16 +
         column % 16;
}
)cpp";

inline constexpr const char *kClear = R"cpp(
/// Zeros in a block of that many elements.
template <typename Word> void clear(Word *block, uint32_t elements) {
  uint32_t *words = reinterpret_cast<uint32_t *>(block);
  for (uint32_t i = 0; i < elements * sizeof(Word) / 4; ++i)
    words[i] = 0;
}
)cpp";

} // namespace tilewright::scalar

#endif // TILEWRIGHT_COMPILER_TARGET_KERNEL_SCALARTEXT_H
