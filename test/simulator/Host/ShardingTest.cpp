//===- ShardingTest.cpp - Sharded buffers and their accessors -------------===//
//
// Where pages lie is compared with the rule itself, computed without merging
// dimensions; kernels then reach every page through TensorAccessor.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <gtest/gtest.h>

#include <numeric>
#include <random>

using namespace tt::tt_metal;
using tensor_accessor::ArgConfig;

namespace {

/// Core index and place of every page: shard s on core s mod cores.
std::vector<std::pair<size_t, size_t>>
placesByTheRule(const std::vector<uint32_t> &tensor,
                std::vector<uint32_t> shard, size_t cores) {
  // A shard of lower rank is cut from the tensor with its first dimensions
  // folded into one.
  std::vector<uint32_t> folded(tensor.end() - shard.size(), tensor.end());
  for (size_t i = 0; i + shard.size() < tensor.size(); ++i)
    folded[0] *= tensor[i];
  uint32_t pages = 1, volume = 1;
  for (size_t i = 0; i < folded.size(); ++i) {
    pages *= folded[i];
    volume *= shard[i];
  }
  std::vector<std::pair<size_t, size_t>> places;
  for (uint32_t page = 0; page < pages; ++page) {
    uint32_t rest = page;
    std::vector<uint32_t> at(folded.size());
    for (size_t i = folded.size(); i-- > 0;) {
      at[i] = rest % folded[i];
      rest /= folded[i];
    }
    size_t number = 0, inside = 0;
    for (size_t i = 0; i < folded.size(); ++i) {
      number =
          number * ((folded[i] + shard[i] - 1) / shard[i]) + at[i] / shard[i];
      inside = inside * shard[i] + at[i] % shard[i];
    }
    places.emplace_back(number % cores, number / cores * volume + inside);
  }
  return places;
}

TEST(Sharding, MergedDimensionsPlacePagesAsTheRule) {
  std::mt19937 random(1);
  auto between = [&](uint32_t low, uint32_t high) {
    return std::uniform_int_distribution<uint32_t>(low, high)(random);
  };
  for (int round = 0; round < 400; ++round) {
    std::vector<uint32_t> tensor(between(1, 5));
    for (uint32_t &extent : tensor)
      extent = between(1, 6);
    std::vector<uint32_t> shard(between(1, tensor.size()));
    for (uint32_t &extent : shard)
      extent = between(1, 7);
    const uint32_t width = between(1, 4), height = between(1, 3);
    const BufferDistributionSpec spec(
        Shape(tt::stl::Span<const uint32_t>(tensor)),
        Shape(tt::stl::Span<const uint32_t>(shard)),
        CoreRangeSet(CoreRange({0, 0}, {width - 1, height - 1})),
        ShardOrientation::ROW_MAJOR);
    const auto expected =
        placesByTheRule(tensor, shard, size_t(width) * height);
    ASSERT_EQ(spec.tensor_shape_in_pages().volume(), expected.size());
    for (uint32_t page = 0; page < expected.size(); ++page)
      ASSERT_EQ(spec.placeOfPage(page), expected[page])
          << "page " << page << " of round " << round;
    size_t shards = 0;
    for (size_t core = 0; core < spec.num_cores(); ++core)
      shards += spec.num_shards_per_core(core);
    ASSERT_EQ(shards, spec.num_shards());
    const auto [used, all, more, less, perMore, perLess] =
        spec.core_groups_tuple();
    ASSERT_EQ(more.num_cores() * perMore + less.num_cores() * perLess,
              spec.num_shards());
  }
}

TEST(Sharding, ColumnMajorOrderAndGrids) {
  const CoreRangeSet cores(CoreRange({1, 1}, {4, 3}));
  const Shape tensor({4, 6}), shard({2, 2});
  const BufferDistributionSpec columns(tensor, shard, cores,
                                       ShardOrientation::COL_MAJOR);
  EXPECT_EQ(columns.cores()[1], CoreCoord(1, 2));
  EXPECT_EQ(columns.num_cores(), 12u);
  EXPECT_EQ(columns.num_cores_with_data(), 6u);
  // 2 x 3 shards on 3 x 2 cores.
  const BufferDistributionSpec grid(tensor, shard, cores,
                                    ShardOrientation::ROW_MAJOR,
                                    ShardDistributionStrategy::GRID_2D);
  EXPECT_EQ(grid.num_cores(), 6u);
  EXPECT_EQ(grid.cores()[2], CoreCoord(3, 1));
  EXPECT_EQ(grid.cores()[3], CoreCoord(1, 2));
  EXPECT_THROW(BufferDistributionSpec(Shape({8, 6}), shard, cores,
                                      ShardOrientation::ROW_MAJOR,
                                      ShardDistributionStrategy::GRID_2D),
               std::runtime_error);
}

/// A buffer on the chip with numbered words, sharded as `spec` says.
std::shared_ptr<Buffer> numbered(IDevice *device, BufferType type,
                                 uint32_t pageBytes,
                                 const BufferShardingArgs &sharding,
                                 uint32_t pages) {
  auto buffer = Buffer::create(device, uint64_t(pages) * pageBytes, pageBytes,
                               type, sharding);
  std::vector<uint32_t> data(buffer->size() / 4);
  std::iota(data.begin(), data.end(), 1u);
  detail::WriteToBuffer(buffer, data);
  std::vector<uint32_t> back;
  detail::ReadFromBuffer(buffer, back);
  EXPECT_EQ(back, data);
  return buffer;
}

BufferShardingArgs distribute(const Shape &tensor, const Shape &shard,
                              const CoreRange &cores) {
  return BufferDistributionSpec(tensor, shard, CoreRangeSet(cores),
                                ShardOrientation::ROW_MAJOR);
}

constexpr const char *kCopyPages = R"(
#include "api/dataflow/dataflow_api.h"
void kernel_main() {
  constexpr auto from_args = TensorAccessorArgs<1, COMMON>();
  constexpr auto to_args =
      TensorAccessorArgs<from_args.next_compile_time_args_offset(), 0>();
  const auto from = TensorAccessor(from_args, get_arg_val<uint32_t>(0));
  const auto to = TensorAccessor(to_args, get_arg_val<uint32_t>(1));
  constexpr uint32_t scratch = get_compile_time_arg_val(0);
  const uint32_t pages = get_arg_val<uint32_t>(2);
  for (uint32_t page = 0; page < pages; ++page) {
    cb_reserve_back(scratch, 1);
    const uint32_t l1 = get_write_ptr(scratch);
    noc_async_read_page(page, from, l1);
    noc_async_read_barrier();
    noc_async_write_page(page, to, l1);
    noc_async_write_barrier();
  }
}
)";

struct CopyCase {
  const char *name;
  BufferType type;
  Shape tensor, shard;
  CoreRange cores;
  tensor_accessor::ArgsConfig config;
};

void PrintTo(const CopyCase &one, std::ostream *os) { *os << one.name; }

class Accessors : public testing::TestWithParam<CopyCase> {};

TEST_P(Accessors, KernelsReachEveryPage) {
  const CopyCase &given = GetParam();
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  constexpr uint32_t kPage = 96;
  const auto pages = static_cast<uint32_t>(given.tensor.volume());
  auto from =
      numbered(mesh.get(), given.type, kPage,
               distribute(given.tensor, given.shard, given.cores), pages);
  auto to = CreateBuffer({.device = mesh.get(),
                          .size = uint64_t(pages) * kPage,
                          .page_size = kPage});
  Program program = CreateProgram();
  const CoreCoord core(2, 1);
  CreateCircularBuffer(program, core,
                       CircularBufferConfig(128, {{0, tt::DataFormat::UInt32}})
                           .set_page_size(0, 128));
  std::vector<uint32_t> args = {0}, common = {99};
  TensorAccessorArgs(*from, given.config).append_to(args, common);
  TensorAccessorArgs(*to).append_to(args);
  const KernelHandle kernel = CreateKernelFromString(
      program, kCopyPages, core,
      DataMovementConfig{.compile_args = args, .defines = {{"COMMON", "1"}}});
  SetRuntimeArgs(program, kernel, core,
                 {from->address(), to->address(), pages});
  SetCommonRuntimeArgs(program, kernel, common);
  detail::LaunchProgram(mesh.get(), program);
  std::vector<uint32_t> expected, back;
  detail::ReadFromBuffer(from, expected);
  detail::ReadFromBuffer(to, back);
  EXPECT_EQ(back, expected);
}

const CoreRange kCores({0, 0}, {2, 1});
INSTANTIATE_TEST_SUITE_P(
    Layouts, Accessors,
    testing::Values(
        CopyCase{"L1Block",
                 BufferType::L1,
                 Shape({6, 9}),
                 Shape({2, 4}),
                 kCores,
                 {}},
        CopyCase{"L1SeveralShardsACore",
                 BufferType::L1,
                 Shape({20, 3}),
                 Shape({1, 3}),
                 kCores,
                 {}},
        CopyCase{"L1FourDimensions",
                 BufferType::L1,
                 Shape({2, 3, 4, 5}),
                 Shape({1, 2, 2, 3}),
                 kCores,
                 {}},
        CopyCase{"DramBanks",
                 BufferType::DRAM,
                 Shape({8, 6}),
                 Shape({2, 6}),
                 CoreRange({0, 0}, {4, 0}),
                 {}},
        CopyCase{"RuntimeShapes", BufferType::L1, Shape({6, 9}), Shape({2, 4}),
                 kCores,
                 ArgConfig::RuntimeTensorShape | ArgConfig::RuntimeShardShape},
        CopyCase{"RuntimeBanks", BufferType::DRAM, Shape({6, 9}), Shape({2, 4}),
                 CoreRange({1, 0}, {11, 0}),
                 ArgConfig::RuntimeBankCoords | ArgConfig::RuntimeNumBanks},
        CopyCase{"AllAtRunTime", BufferType::L1, Shape({2, 3, 4, 5}),
                 Shape({1, 2, 2, 3}), kCores, ArgConfig::Runtime}),
    [](const auto &info) { return info.param.name; });

// Every core sums the words of its own shards, found by is_local_shard, page by
// page and with the shard as one block.
constexpr const char *kSumLocal = R"(
#include "api/dataflow/dataflow_api.h"
void kernel_main() {
  constexpr auto args = TensorAccessorArgs<0>();
  const auto tensor = TensorAccessor(args, get_arg_val<uint32_t>(0));
  const auto &spec = tensor.dspec();
  const uint32_t shards = get_arg_val<uint32_t>(1);
  cb_reserve_back(0, 1);
  const uint32_t l1 = get_write_ptr(0);
  volatile tt_l1_ptr uint32_t *words = (volatile tt_l1_ptr uint32_t *)l1;
  uint32_t byPage = 0, byShard = 0, numbers = 0;
  for (uint32_t shard = 0; shard < shards; ++shard) {
    if (!tensor.is_local_shard(shard))
      continue;
    for (const auto &page : tensor.shard_pages(shard)) {
      ASSERT(tensor.is_local_page(page.page_id()));
      ASSERT(tensor.get_noc_addr(page.page_id()) == page.noc_addr());
      noc_async_read(page.noc_addr(), l1, tensor.get_aligned_page_size());
      noc_async_read_barrier();
      byPage += words[0];
      numbers += page.page_id();
    }
    noc_async_read_shard(shard, tensor, l1);
    noc_async_read_barrier();
    for (uint32_t page = 0; page < spec.shard_volume(); ++page)
      byShard += words[page * tensor.get_aligned_page_size() / 4];
  }
  uint32_t seen = 0;
  for (const auto &page : tensor.pages())
    seen += tensor.is_local_addr(page.noc_addr());
  DPRINT << byPage << " " << byShard << " " << numbers << " " << seen << ENDL();
}
)";

TEST(Accessors, LocalShardsAreTheOnesOfTheCore) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  constexpr uint32_t kPage = 64;
  const Shape tensor({5, 8}), shard({1, 4});
  auto buffer = numbered(mesh.get(), BufferType::L1, kPage,
                         distribute(tensor, shard, kCores), 40);
  Program program = CreateProgram();
  CreateCircularBuffer(program, kCores,
                       CircularBufferConfig(256, {{0, tt::DataFormat::UInt32}})
                           .set_page_size(0, 256));
  std::vector<uint32_t> args;
  TensorAccessorArgs(*buffer).append_to(args);
  const KernelHandle kernel = CreateKernelFromString(
      program, std::string("#include \"api/debug/dprint.h\"\n") + kSumLocal,
      kCores, DataMovementConfig{.compile_args = args});
  SetRuntimeArgs(program, kernel, kCores, {buffer->address(), 10});
  const auto result =
      tilewright::sim::run(mesh->simulated(), program.impl().program);
  ASSERT_TRUE(result.ok()) << result.faults[0].render();
  // Word 0 of page p is 16 p + 1; shards 0 and 6 lie on core 0, and so on.
  std::string expected;
  for (uint32_t core = 0; core < 6; ++core) {
    uint32_t sum = 0, numbers = 0, pages = 0;
    for (uint32_t page = 0; page < 40; ++page)
      if (page / 4 % 6 == core) {
        sum += 16 * page + 1;
        numbers += page;
        ++pages;
      }
    const std::string line = std::to_string(sum) + " " + std::to_string(sum) +
                             " " + std::to_string(numbers) + " " +
                             std::to_string(pages) + "\n";
    EXPECT_NE(result.output.find(line), std::string::npos)
        << "core " << core << " should print " << line << result.output;
  }
}

TEST(Sharding, HeightShardsCountPagesThrough) {
  // Shards of 4x1 pages of a 4x4 tensor: height sharding takes rows all the
  // same, width sharding takes columns.
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  for (const auto layout : {TensorMemoryLayout::HEIGHT_SHARDED,
                            TensorMemoryLayout::WIDTH_SHARDED}) {
    const ShardSpecBuffer spec(CoreRangeSet(CoreRange({0, 0}, {3, 0})),
                               {128, 32}, ShardOrientation::ROW_MAJOR, {32, 32},
                               {4, 4});
    auto buffer = numbered(mesh.get(), BufferType::L1, 64,
                           BufferShardingArgs(spec, layout), 16);
    std::vector<uint32_t> words;
    detail::ReadFromDeviceL1(mesh.get(), {1, 0}, buffer->address(), 256, words);
    const bool height = layout == TensorMemoryLayout::HEIGHT_SHARDED;
    EXPECT_EQ(words[0], 16u * (height ? 4 : 1) + 1);
    EXPECT_EQ(words[16], 16u * 5 + 1);
  }
}

TEST(Sharding, RowsBeyondTheBufferPlaceNothing) {
  // 16 pages, said to be 16 rows of two: one shard of 2x2 a core.
  auto mesh = distributed::MeshDevice::create_unit_mesh(0);
  const auto buffer = CreateBuffer(ShardedBufferConfig{
      .device = mesh.get(),
      .size = 16 * 2048,
      .page_size = 2048,
      .buffer_type = BufferType::L1,
      .buffer_layout = TensorMemoryLayout::BLOCK_SHARDED,
      .shard_parameters =
          ShardSpecBuffer(CoreRangeSet(CoreRange({0, 0}, {0, 3})), {64, 64},
                          ShardOrientation::ROW_MAJOR, {32, 32}, {16, 2})});
  std::vector<uint32_t> data(buffer->size() / 4), back;
  std::iota(data.begin(), data.end(), 0);
  detail::WriteToBuffer(buffer, data);
  detail::ReadFromBuffer(buffer, back);
  EXPECT_EQ(back, data);
  std::vector<uint32_t> last;
  detail::ReadFromDeviceL1(mesh.get(), CoreCoord{0, 3}, buffer->address(), 4,
                           last);
  EXPECT_EQ(last[0], 12u * 512);
}

TEST(Sharding, ViewsAndRegions) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  auto buffer = numbered(mesh.get(), BufferType::L1, 64,
                         distribute(Shape({4, 4}), Shape({2, 2}), kCores), 16);
  auto part = buffer->view(BufferRegion{3 * 64, 5 * 64});
  std::vector<uint32_t> words;
  detail::ReadFromBuffer(part, words);
  ASSERT_EQ(words.size(), 80u);
  EXPECT_EQ(words[0], 3u * 16 + 1);
  EXPECT_EQ(words[79], 8u * 16);
  std::vector<uint32_t> some(4);
  buffer->read(some.data(), 16, 100);
  EXPECT_EQ(some[0], 26u);
  EXPECT_THROW(buffer->view(BufferRegion{10, 64}), std::runtime_error);
}

std::string messageOf(const std::function<void()> &call) {
  try {
    call();
  } catch (const std::exception &error) {
    return error.what();
  }
  return "";
}

TEST(Sharding, WhatDoesNotFitIsSaid) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  auto make = [&](BufferType type, const BufferShardingArgs &sharding,
                  uint32_t pages) {
    return messageOf(
        [&] { Buffer::create(mesh.get(), pages * 64, 64, type, sharding); });
  };
  EXPECT_NE(
      make(BufferType::L1,
           distribute(Shape({4, 4}), Shape({2, 2}), CoreRange({0, 0}, {8, 0})),
           16)
          .find("outside the 8x8 compute grid"),
      std::string::npos);
  EXPECT_NE(
      make(BufferType::DRAM,
           distribute(Shape({4, 4}), Shape({2, 2}), CoreRange({0, 0}, {0, 1})),
           16)
          .find("DRAM bank (x=0,y=1); the banks are (0,0) to (11,0)"),
      std::string::npos);
  EXPECT_NE(
      make(BufferType::L1, distribute(Shape({4, 4}), Shape({2, 2}), kCores), 17)
          .find("17 pages is sharded as one of 16"),
      std::string::npos);
  EXPECT_NE(
      make(BufferType::L1,
           distribute(Shape({1 << 10, 1 << 10}), Shape({1 << 10, 64}), kCores),
           1 << 20)
          .find("does not fit"),
      std::string::npos);
  const ShardSpecBuffer spec(CoreRangeSet(CoreRange({0, 0}, {1, 1})), {64, 64},
                             ShardOrientation::ROW_MAJOR, {32, 32}, {4, 4});
  auto legacy = Buffer::create(
      mesh.get(), 16 * 64, 64, BufferType::L1,
      BufferShardingArgs(spec, TensorMemoryLayout::BLOCK_SHARDED));
  EXPECT_NE(messageOf([&] {
              TensorAccessorArgs args(*legacy);
            }).find("give its BufferShardingArgs a BufferDistributionSpec"),
            std::string::npos);
}

} // namespace
