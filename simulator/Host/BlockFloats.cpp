//===- BlockFloats.cpp - Vectors of floats to block-float tiles -----------===//

#include "Numerics/HostFormats.h"

#include <tilewright/block_floats.h>
#include <tt-metalium/tilize_utils.hpp>
#include <tt_stl/assert.hpp>

#include <cstring>

namespace sim = tilewright::sim;

namespace tt::tt_metal::host_detail {
namespace {

/// One tile of a format and where its elements stand.
struct TileOf {
  DataFormat format;
  std::vector<uint32_t> places; ///< of row-major elements in tile order
  size_t bytes;

  TileOf(uint32_t bits, bool shortExponents, const std::optional<Tile> &tile) {
    TT_FATAL(bits == 8 || bits == 4, "a block format of {} bits", bits);
    const Tile shape = tile.value_or(Tile());
    format = bits == 8
                 ? (shortExponents ? DataFormat::Bfp8 : DataFormat::Bfp8_b)
                 : (shortExponents ? DataFormat::Bfp4 : DataFormat::Bfp4_b);
    places = tilePlaces(shape.get_height(), shape.get_width(),
                        shape.get_tile_shape());
    bytes = sim::encodedBytes(format, places.size());
  }
};

} // namespace

std::vector<uint32_t> packBlockFloats(uint32_t bits, bool shortExponents,
                                      tt::stl::Span<const float> values,
                                      bool rowMajor,
                                      const std::optional<Tile> &tile) {
  const TileOf one(bits, shortExponents, tile);
  const size_t elements = one.places.size();
  TT_FATAL(values.size() % elements == 0,
           "{} numbers are no whole tiles of {} elements", values.size(),
           elements);
  const size_t count = values.size() / elements;
  std::vector<uint8_t> bytes(count * one.bytes);
  std::vector<float> inOrder(elements);
  for (size_t t = 0; t < count; ++t) {
    for (size_t i = 0; i < elements; ++i)
      inOrder[rowMajor ? one.places[i] : i] = values[t * elements + i];
    sim::encodeTile(one.format, inOrder,
                    std::span(bytes).subspan(t * one.bytes, one.bytes));
  }
  std::vector<uint32_t> words(bytes.size() / sizeof(uint32_t));
  std::memcpy(words.data(), bytes.data(), words.size() * sizeof(uint32_t));
  return words;
}

std::vector<float> unpackBlockFloats(uint32_t bits, bool shortExponents,
                                     tt::stl::Span<const uint32_t> words,
                                     bool rowMajor,
                                     const std::optional<Tile> &tile) {
  const TileOf one(bits, shortExponents, tile);
  const size_t elements = one.places.size();
  TT_FATAL(words.size_bytes() % one.bytes == 0,
           "{} bytes are no whole tiles of {} bytes", words.size_bytes(),
           one.bytes);
  std::vector<float> values(words.size_bytes() / one.bytes * elements);
  std::vector<float> inOrder(elements);
  const auto *bytes = reinterpret_cast<const uint8_t *>(words.data());
  for (size_t at = 0; at < values.size(); at += elements) {
    sim::decodeTile(one.format, {bytes + at / elements * one.bytes, one.bytes},
                    inOrder);
    for (size_t i = 0; i < elements; ++i)
      values[at + i] = inOrder[rowMajor ? one.places[i] : i];
  }
  return values;
}

} // namespace tt::tt_metal::host_detail
