//===- TilizeTest.cpp - Row-major elements to tiles and back --------------===//
//
// Against the definition: element (r, c) of a plane is in page
// (outer * tileRows + r / 32) * tileCols + c / 32, in face
// (r % 32 / 16) * 2 + c % 32 / 16, at row r % 16 and column c % 16.
//
//===----------------------------------------------------------------------===//

#include "Tilize.h"

#include <tt-metalium/tilize_untilize.hpp>
#include <tt-metalium/tilize_utils.hpp>

#include <gtest/gtest.h>

#include <random>

using namespace tilewright::sim::host;

namespace {

uint64_t tileElement(const PlaneView &view, uint32_t outer, uint32_t r,
                     uint32_t c) {
  const uint64_t page =
      (uint64_t(outer) * view.tileRows() + r / 32) * view.tileCols() + c / 32;
  const uint32_t face = r % 32 / 16 * 2 + c % 32 / 16;
  return page * 1024 + face * 256 + r % 16 * 16 + c % 16;
}

template <typename T>
void checkRoundTrip(const std::vector<uint32_t> &shape,
                    std::array<int, 2> plane, std::mt19937 &engine) {
  const PlaneView view = makePlaneView(shape, plane);
  std::vector<T> elements(view.elements());
  for (T &element : elements)
    element = static_cast<T>(engine() | 1); // never zero
  std::vector<T> tiles(view.pages() * 1024, T(0x55));
  const auto bytes = [](auto &values) {
    return std::span(reinterpret_cast<uint8_t *>(values.data()),
                     values.size() * sizeof(T));
  };
  tilize(view, bytes(elements), bytes(tiles), sizeof(T));

  std::vector<T> expected(tiles.size(), T(0));
  for (uint32_t outer = 0; outer < view.outer; ++outer)
    for (uint32_t r = 0; r < view.rows; ++r)
      for (uint32_t c = 0; c < view.cols; ++c)
        expected[tileElement(view, outer, r, c)] =
            elements[view.origins[outer] + r * view.rowStride +
                     c * view.colStride];
  ASSERT_EQ(tiles, expected);

  std::vector<T> back(elements.size());
  untilize(view, bytes(tiles), bytes(back), sizeof(T));
  ASSERT_EQ(back, elements);
}

TEST(Tilize, RoundTripsOverShapesAndPlanes) {
  std::mt19937 engine(1);
  for (int i = 0; i < 200; ++i) {
    const int rank = 1 + static_cast<int>(engine() % 4);
    std::vector<uint32_t> shape(rank);
    for (uint32_t &dim : shape)
      dim = 1 + engine() % (rank == 1 ? 300 : rank == 2 ? 100 : 40);
    std::array<int, 2> plane = {-1, 0};
    if (rank == 1) {
      plane = engine() % 2 ? std::array{-1, 0} : std::array{0, -1};
    } else {
      plane[0] = static_cast<int>(engine() % rank);
      plane[1] =
          (plane[0] + 1 + static_cast<int>(engine() % (rank - 1))) % rank;
    }
    SCOPED_TRACE(testing::PrintToString(shape) + testing::PrintToString(plane));
    checkRoundTrip<uint8_t>(shape, plane, engine);
    checkRoundTrip<uint16_t>(shape, plane, engine);
    checkRoundTrip<uint32_t>(shape, plane, engine);
  }
}

TEST(Tilize, OuterDimensionsAreFlattenedRowMajor) {
  const std::vector<uint32_t> shape = {2, 3, 32, 64};
  const PlaneView view = makePlaneView(shape, {2, 3});
  EXPECT_EQ(view.outer, 6u);
  EXPECT_EQ(view.origins[4], 4u * 32 * 64);
  EXPECT_EQ(view.pages(), 12u);
  const PlaneView inner = makePlaneView(shape, {0, 1});
  EXPECT_EQ(inner.outer, 32u * 64);
  EXPECT_EQ(inner.rows, 2u);
  EXPECT_EQ(inner.origins[65], 65u);
}

TEST(Tilize, VectorsBecomeRowsOrColumns) {
  const std::vector<uint32_t> shape = {100};
  const PlaneView row = makePlaneView(shape, {-1, 0});
  EXPECT_EQ(row.tileRows(), 1u);
  EXPECT_EQ(row.tileCols(), 4u);
  const PlaneView column = makePlaneView(shape, {0, -1});
  EXPECT_EQ(column.tileRows(), 4u);
  EXPECT_EQ(column.tileCols(), 1u);
}

TEST(Tilize, HostApiFunctionsAgreeAndCheckTheirInput) {
  std::vector<uint16_t> matrix(64 * 96);
  for (size_t i = 0; i < matrix.size(); ++i)
    matrix[i] = static_cast<uint16_t>(i);
  const std::vector<uint16_t> tiles = tilize_nfaces(matrix, 64, 96);
  EXPECT_EQ(tiles[1], 1u);
  EXPECT_EQ(tiles[16], 96u);            // second row of the first face
  EXPECT_EQ(tiles[256], 16u);           // second face
  EXPECT_EQ(tiles[512], 16u * 96);      // third face
  EXPECT_EQ(tiles[1024], 32u);          // second tile
  EXPECT_EQ(tiles[3 * 1024], 32u * 96); // second row of tiles
  EXPECT_EQ(untilize_nfaces(tiles, 64, 96), matrix);
  EXPECT_THROW(tilize_nfaces(matrix, 60, 96), std::runtime_error);
  EXPECT_THROW(tilize_nfaces(matrix, 96, 96), std::runtime_error);
}

TEST(Tilize, InPlaceIsTheSameOrder) {
  std::vector<uint16_t> data(2 * 64 * 96);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<uint16_t>(i);
  std::vector<uint16_t> tiles = data;
  ::tilize(tiles, 64, 96);
  EXPECT_EQ(tiles, tilize_nfaces(data, 64, 96));
  ::untilize(tiles, 64, 96);
  EXPECT_EQ(tiles, data);
}

} // namespace
