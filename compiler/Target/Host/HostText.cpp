//===- HostText.cpp - The parts of main.cpp that never change -------------===//

#include "compiler/Target/Host/HostText.h"

using llvm::StringLiteral;

namespace tilewright::host {

const StringLiteral kPrologue = R"cpp(
#include <tt-metalium/bfloat16.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tilize_utils.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace tt::tt_metal;
using distributed::MeshBuffer;
)cpp";

const StringLiteral kScratchMark = R"cpp(
// Marks memory that one kernel keeps for itself, where anybody asks.
#ifndef TILEWRIGHT_SCRATCH
#define TILEWRIGHT_SCRATCH(config)
#endif
)cpp";

const StringLiteral kOpen = R"cpp(
namespace {
)cpp";

const StringLiteral kCircularBuffer = R"cpp(
  const auto circularBuffer = [&](tt::CBIndex index, tt::DataFormat format,
                                  uint32_t pages, uint32_t page_bytes) {
    CreateCircularBuffer(
        program, cores,
        CircularBufferConfig(pages * page_bytes, {{index, format}})
            .set_page_size(index, page_bytes));
  };
)cpp";

const StringLiteral kScratchBuffer = R"cpp(
  // Memory of one kernel.
  const auto scratchBuffer = [&](tt::CBIndex index, tt::DataFormat format,
                                 uint32_t pages, uint32_t page_bytes) {
    CircularBufferConfig config(pages * page_bytes, {{index, format}});
    config.set_page_size(index, page_bytes);
    TILEWRIGHT_SCRATCH(config);
    CreateCircularBuffer(program, cores, config);
  };
)cpp";

const StringLiteral kTensor = R"cpp(
// A tensor as the device holds it: `outer` planes of rows x cols elements, each
// padded with zeros to whole 32x32 tiles.
struct Tensor {
  const char *name;
  const char *type;  // as a .npy header spells it, without the byte order
  const char *shape; // as a .npy header spells it
  uint32_t outer, rows, cols;

  uint32_t paddedRows() const { return (rows + 31) / 32 * 32; }
  uint32_t paddedCols() const { return (cols + 31) / 32 * 32; }
  uint32_t pages() const {
    return outer * (paddedRows() / 32) * (paddedCols() / 32);
  }
};
)cpp";

const StringLiteral kStridedTensor = R"cpp(
// A tensor as the device holds it: `outer` planes of rows x cols elements, each
// padded with zeros to whole 32x32 tiles. Strides are in elements of the file;
// `dims` are the dimensions outside the plane, the fastest varying first.
struct Tensor {
  struct Dim {
    uint32_t extent = 1, stride = 0;
  };
  const char *name;
  const char *type;  // as a .npy header spells it, without the byte order
  const char *shape; // as a .npy header spells it
  uint32_t outer, rows, cols;
  uint32_t row_stride, col_stride;
  Dim dims[8] = {};

  uint32_t paddedRows() const { return (rows + 31) / 32 * 32; }
  uint32_t paddedCols() const { return (cols + 31) / 32 * 32; }
  uint32_t pages() const {
    return outer * (paddedRows() / 32) * (paddedCols() / 32);
  }
  // Place in the file of an element; `row` counts through all planes.
  size_t at(size_t row, size_t col) const {
    size_t place = row % rows * row_stride + col * col_stride;
    size_t plane = row / rows;
    for (const Dim &dim : dims) {
      place += plane % dim.extent * dim.stride;
      plane /= dim.extent;
    }
    return place;
  }
};
)cpp";

const StringLiteral kSizes = R"cpp(
// (m, n) as a .npy header spells it.
std::string shapeText(const std::vector<uint64_t> &extents) {
  std::string text = "(";
  for (size_t i = 0; i < extents.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(extents[i]);
  return text + (extents.size() == 1 ? ",)" : ")");
}

// Dimension `dim` of the tensor of `rank` dimensions in the file of that name.
uint32_t npySize(const std::filesystem::path &folder, const std::string &name,
                 size_t rank, size_t dim) {
  const std::string path = folder / (name + ".npy");
  std::ifstream file(path, std::ios::binary);
  std::string header(4096, '\0');
  file.read(header.data(), header.size());
  const size_t at = header.find("'shape': (");
  if (at == std::string::npos)
    throw std::runtime_error(path + ": cannot be read as a .npy file");
  std::vector<uint64_t> shape;
  bool inNumber = false;
  for (size_t i = at + 10; header[i] != ')' && header[i] != '\0'; ++i) {
    const bool isDigit = header[i] >= '0' && header[i] <= '9';
    if (isDigit && !inNumber)
      shape.push_back(0);
    if (isDigit)
      shape.back() = std::min<uint64_t>(shape.back(), 1u << 31) * 10 +
                     uint64_t(header[i] - '0');
    inNumber = isDigit;
  }
  if (shape.size() != rank)
    throw std::runtime_error(path + ": the tensor has not " +
                             std::to_string(rank) + " dimensions");
  // Kernels count elements and pages with 32 bits.
  if (shape[dim] < 1 || shape[dim] > (1u << 30))
    throw std::runtime_error(path + ": dimension " + std::to_string(dim) +
                             " is not from 1 to 2^30");
  return uint32_t(shape[dim]);
}

void checkPages(const Tensor &t) {
  const uint64_t rows = (uint64_t(t.rows) + 31) / 32;
  const uint64_t cols = (uint64_t(t.cols) + 31) / 32;
  if (rows * cols > UINT32_MAX / std::max<uint64_t>(t.outer, 1))
    throw std::runtime_error(std::string(t.name) + ": too large");
}
)cpp";

const StringLiteral kFirstCores = R"cpp(
// The first `used` cores of a grid with that many columns, row by row.
CoreRangeSet firstCores(uint32_t used, uint32_t columns) {
  std::vector<CoreRange> ranges;
  const uint32_t rows = used / columns, rest = used % columns;
  if (rows > 0)
    ranges.push_back(CoreRange({0, 0}, {columns - 1, rows - 1}));
  if (rest > 0)
    ranges.push_back(CoreRange({0, rows}, {rest - 1, rows}));
  return CoreRangeSet(ranges);
}
)cpp";

const StringLiteral kReadNpy = R"cpp(
template <typename T>
std::vector<T> readNpy(const std::filesystem::path &folder, const Tensor &t) {
  const std::string path = folder / (std::string(t.name) + ".npy");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error(path + ": cannot be read");
  char head[10] = {};
  file.read(head, sizeof(head));
  if (!file || std::memcmp(head, "\x93NUMPY\1", 7) != 0)
    throw std::runtime_error(path + ": not a .npy file of version 1");
  std::string header(uint8_t(head[8]) | uint8_t(head[9]) << 8, ' ');
  file.read(header.data(), header.size());
  const auto has = [&](const std::string &text) {
    return header.find(text) != std::string::npos;
  };
  const std::string type = t.type;
  // NumPy has no bfloat16: such files hold two-byte records, or the bits.
  if (!has("'descr': '<" + type + "'") && !has("'descr': '|" + type + "'") &&
      !(type == "V2" && has("'descr': '<u2'")))
    throw std::runtime_error(path + ": the type is not " + type + ": " +
                             header);
  if (!has("'fortran_order': False") ||
      !has("'shape': " + std::string(t.shape)))
    throw std::runtime_error(path + ": not row-major " + t.shape + ": " +
                             header);
  std::vector<T> data(size_t(t.outer) * t.rows * t.cols);
  file.read(reinterpret_cast<char *>(data.data()), data.size() * sizeof(T));
  if (!file)
    throw std::runtime_error(path + ": the file is too short");
  return data;
}
)cpp";

const StringLiteral kWriteNpy = R"cpp(
template <typename T>
void writeNpy(const std::filesystem::path &folder, const Tensor &t,
              const std::vector<T> &data) {
  const std::string path = folder / (std::string(t.name) + ".npy");
  std::string header = "{'descr': '<" + std::string(t.type) +
                       "', 'fortran_order': False, 'shape': " + t.shape + ", }";
  header.append(63 - (10 + header.size()) % 64, ' ').push_back('\n');
  std::ofstream file(path, std::ios::binary);
  file.write("\x93NUMPY\1\0", 8);
  file.put(char(header.size() & 0xff)).put(char(header.size() >> 8));
  file << header;
  file.write(reinterpret_cast<const char *>(data.data()),
             data.size() * sizeof(T));
  if (!file.flush())
    throw std::runtime_error(path + ": cannot be written");
}
)cpp";

const StringLiteral kConverted = R"cpp(
// The same numbers as elements of another type: small integers are 32 bits wide
// on the device.
template <typename To, typename From>
std::vector<To> converted(const std::vector<From> &data) {
  std::vector<To> result(data.size());
  std::transform(data.begin(), data.end(), result.begin(),
                 [](From value) { return static_cast<To>(value); });
  return result;
}
)cpp";

const StringLiteral kToTiles = R"cpp(
// Row-major elements to tiles.
template <typename T>
std::vector<T> toTiles(const std::vector<T> &data, const Tensor &t) {
  std::vector<T> padded(size_t(t.pages()) * 1024);
  for (size_t row = 0; row < size_t(t.outer) * t.rows; ++row)
    std::copy_n(&data[row * t.cols], t.cols,
                &padded[(row / t.rows * t.paddedRows() + row % t.rows) *
                        t.paddedCols()]);
  return tilize_nfaces(padded, t.outer * t.paddedRows(), t.paddedCols());
}
)cpp";

const StringLiteral kFromTiles = R"cpp(
// Tiles to row-major elements.
template <typename T>
std::vector<T> fromTiles(const std::vector<T> &tiles, const Tensor &t) {
  const std::vector<T> padded =
      untilize_nfaces(tiles, t.outer * t.paddedRows(), t.paddedCols());
  std::vector<T> data(size_t(t.outer) * t.rows * t.cols);
  for (size_t row = 0; row < size_t(t.outer) * t.rows; ++row)
    std::copy_n(&padded[(row / t.rows * t.paddedRows() + row % t.rows) *
                        t.paddedCols()],
                t.cols, &data[row * t.cols]);
  return data;
}
)cpp";

const StringLiteral kStridedToTiles = R"cpp(
// Elements in the order of the file to tiles.
template <typename T>
std::vector<T> toTiles(const std::vector<T> &data, const Tensor &t) {
  std::vector<T> padded(size_t(t.pages()) * 1024);
  for (size_t row = 0; row < size_t(t.outer) * t.rows; ++row)
    for (size_t col = 0; col < t.cols; ++col)
      padded[(row / t.rows * t.paddedRows() + row % t.rows) * t.paddedCols() +
             col] = data[t.at(row, col)];
  return tilize_nfaces(padded, t.outer * t.paddedRows(), t.paddedCols());
}
)cpp";

const StringLiteral kStridedFromTiles = R"cpp(
// Tiles to elements in the order of the file.
template <typename T>
std::vector<T> fromTiles(const std::vector<T> &tiles, const Tensor &t) {
  const std::vector<T> padded =
      untilize_nfaces(tiles, t.outer * t.paddedRows(), t.paddedCols());
  std::vector<T> data(size_t(t.outer) * t.rows * t.cols);
  for (size_t row = 0; row < size_t(t.outer) * t.rows; ++row)
    for (size_t col = 0; col < t.cols; ++col)
      data[t.at(row, col)] =
          padded[(row / t.rows * t.paddedRows() + row % t.rows) *
                     t.paddedCols() +
                 col];
  return data;
}
)cpp";

const StringLiteral kMoveTensor = R"cpp(
// The elements of a tensor to where it lies in another way, or to where it lies
// already, with zeros behind its end.
template <typename T>
void moveTensor(distributed::MeshCommandQueue &queue,
                std::shared_ptr<MeshBuffer> &from, const Tensor &old,
                std::shared_ptr<MeshBuffer> &to, const Tensor &wanted) {
  std::vector<T> tiles;
  distributed::EnqueueReadMeshBuffer(queue, tiles, from, true);
  tiles = toTiles(fromTiles(tiles, old), wanted);
  distributed::EnqueueWriteMeshBuffer(queue, to, tiles, true);
}
)cpp";

const StringLiteral kDramBuffer = R"cpp(
std::shared_ptr<MeshBuffer> dramBuffer(distributed::MeshDevice &mesh,
                                       const Tensor &t, uint32_t page_bytes) {
  const uint64_t bytes = uint64_t(t.pages()) * page_bytes;
  return MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = bytes},
      distributed::DeviceLocalBufferConfig{.page_size = page_bytes,
                                           .buffer_type = BufferType::DRAM},
      &mesh);
}
)cpp";

const StringLiteral kL1Buffer = R"cpp(
/// Tiles interleaved over the L1 of the cores.
std::shared_ptr<MeshBuffer> l1Buffer(distributed::MeshDevice &mesh,
                                     const Tensor &t, uint32_t page_bytes) {
  const uint64_t bytes = uint64_t(t.pages()) * page_bytes;
  return MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = bytes},
      distributed::DeviceLocalBufferConfig{.page_size = page_bytes,
                                           .buffer_type = BufferType::L1},
      &mesh);
}
)cpp";

const StringLiteral kShardedBuffer = R"cpp(
/// Shards of `shard` pages of a tensor of `pages`, on `cores` in turn.
std::shared_ptr<MeshBuffer>
shardedBuffer(distributed::MeshDevice &mesh, const Tensor &t,
              uint32_t page_bytes, BufferType type, const Shape &pages,
              const Shape &shard, const CoreRange &cores) {
  const uint64_t bytes = uint64_t(t.pages()) * page_bytes;
  const BufferDistributionSpec shards(pages, shard, CoreRangeSet(cores),
                                      ShardOrientation::ROW_MAJOR);
  return MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = bytes},
      distributed::DeviceLocalBufferConfig{
          .page_size = page_bytes,
          .buffer_type = type,
          .sharding_args = BufferShardingArgs(shards)},
      &mesh);
}
)cpp";

const StringLiteral kTableBuffer = R"cpp(
/// A page of `bytes` in the L1 of each core of a grid, row by row.
std::shared_ptr<MeshBuffer> tableBuffer(distributed::MeshDevice &mesh,
                                        uint32_t columns, uint32_t rows,
                                        uint32_t bytes) {
  const CoreRangeSet cores(CoreRange({0, 0}, {columns - 1, rows - 1}));
  const BufferDistributionSpec pages(Shape({rows, columns}), Shape({1, 1}),
                                     cores, ShardOrientation::ROW_MAJOR);
  return MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = columns * rows * bytes},
      distributed::DeviceLocalBufferConfig{
          .page_size = bytes,
          .buffer_type = BufferType::L1,
          .sharding_args = BufferShardingArgs(pages)},
      &mesh);
}
)cpp";

const StringLiteral kEpilogue = R"cpp(  mesh->close();
}

} // namespace

int main(int argc, char **argv) {
  try {
    run(argc > 1 ? argv[1] : ".");
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
  return 0;
}
)cpp";

const StringLiteral kReservedNames =
    "Tensor readNpy writeNpy converted toTiles fromTiles moveTensor dramBuffer l1Buffer "
    "shardedBuffer "
    "Shape BufferDistributionSpec BufferShardingArgs x y blocks reader_args "
    "compute_args writer_args run main argc argv "
    "mesh "
    "queue program cores circularBuffer scratchBuffer config index format "
    "pages page_bytes reader "
    "compute writer reader_compile_args compute_compile_args "
    "writer_compile_args "
    "tableBuffer items_buffer items_addr columns rows words tables next "
    "unpack_modes start count core i work Work workload folder std tt "
    "distributed "
    "MeshBuffer KERNEL_DIR CoreCoord CoreRange CoreRangeSet Program "
    "KernelHandle "
    "bfloat16 error stderr NULL EOF NOC BufferType items used extent "
    "shapeText npySize checkPages firstCores UINT32_MAX INT32_MAX";

} // namespace tilewright::host
