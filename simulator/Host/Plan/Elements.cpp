//===- Elements.cpp - Elements of a tensor and its tiles ------------------===//

#include "Plan/Elements.h"

#include <cstring>

namespace tilewright::sim::plan {
namespace {

template <typename To, typename From>
std::vector<uint8_t> convert(std::span<const uint8_t> bytes) {
  std::vector<uint8_t> result(bytes.size() / sizeof(From) * sizeof(To));
  for (size_t i = 0; i < bytes.size() / sizeof(From); ++i) {
    From from;
    std::memcpy(&from, &bytes[i * sizeof(From)], sizeof(From));
    const To to = static_cast<To>(from);
    std::memcpy(&result[i * sizeof(To)], &to, sizeof(To));
  }
  return result;
}

/// Between a narrow dtype and int32.
template <typename Narrow>
std::vector<uint8_t> convert(std::span<const uint8_t> bytes, bool widen) {
  return widen ? convert<int32_t, Narrow>(bytes)
               : convert<Narrow, int32_t>(bytes);
}

std::vector<uint8_t> convert(std::string_view dtype,
                             std::span<const uint8_t> bytes, bool widen) {
  if (dtype == "int8")
    return convert<int8_t>(bytes, widen);
  if (dtype == "int16")
    return convert<int16_t>(bytes, widen);
  if (dtype == "uint16")
    return convert<uint16_t>(bytes, widen);
  return convert<uint8_t>(bytes, widen); // uint8 and bool
}

} // namespace

bool isNarrowInteger(std::string_view dtype) {
  return dtype == "int8" || dtype == "int16" || dtype == "uint8" ||
         dtype == "uint16" || dtype == "bool";
}

std::vector<uint8_t> tilesOf(const Tensor &tensor,
                             std::span<const uint8_t> elements) {
  std::vector<uint8_t> tiles(tensor.pages * tensor.pageBytes);
  if (tensor.isHeldAsInt32())
    host::tilize(tensor.view(), convert(tensor.dtype, elements, true), tiles,
                 sizeof(int32_t));
  else
    host::tilize(tensor.view(), elements, tiles, dtypeBytes(tensor.dtype));
  return tiles;
}

std::vector<uint8_t> elementsOf(const Tensor &tensor,
                                std::span<const uint8_t> tiles) {
  const host::PlaneView view = tensor.view();
  const uint32_t bytes =
      tensor.isHeldAsInt32() ? sizeof(int32_t) : dtypeBytes(tensor.dtype);
  std::vector<uint8_t> elements(view.elements() * bytes);
  host::untilize(view, tiles, elements, bytes);
  if (tensor.isHeldAsInt32())
    return convert(tensor.dtype, elements, false);
  return elements; // moved: a tensor may be a good part of the memory
}

} // namespace tilewright::sim::plan
