//===- HostApiTest.cpp - The host API by itself
//----------------------------===//
//
// Cores, the split of work, bfloat16, buffers, and what is refused.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/math.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tilize_utils.hpp>
#include <tt-metalium/tt_align.hpp>
#include <tt-metalium/tt_metal.hpp>
#include <tt-metalium/work_split.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

using namespace tt::tt_metal;

namespace {

/// The message of the exception that `call` throws, or "".
template <typename Call> std::string messageOf(Call call) {
  try {
    call();
  } catch (const std::exception &error) {
    return error.what();
  }
  return "";
}

TEST(Spans, AreMadeOfContainers) {
  std::vector<int> values = {1, 2, 3};
  tt::stl::make_span(values)[1] = 5;
  const tt::stl::Span<const int> all = tt::stl::make_const_span(values);
  EXPECT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1], 5);
  EXPECT_EQ(tt::stl::as_bytes(all).size(), 3 * sizeof(int));
}

std::shared_ptr<distributed::MeshDevice> openDevice() {
  return distributed::MeshDevice::createSimulated("n150");
}

TEST(Cores, RangesCountAndIterateByRow) {
  const CoreRange range({1, 2}, {3, 3});
  EXPECT_EQ(range.size(), 6u);
  std::vector<CoreCoord> cores;
  for (const CoreCoord core : range)
    cores.push_back(core);
  const std::vector<CoreCoord> expected = {{1, 2}, {2, 2}, {3, 2},
                                           {1, 3}, {2, 3}, {3, 3}};
  EXPECT_EQ(cores, expected);
  EXPECT_EQ(range.str(), "[(x=1,y=2) - (x=3,y=3)]");
  EXPECT_THROW(CoreRange({3, 0}, {1, 0}), std::runtime_error);
}

TEST(Cores, SetsMergeAndSubtract) {
  const CoreRangeSet left(CoreRange({0, 0}, {3, 3}));
  const CoreRangeSet right(CoreRange({4, 0}, {7, 3}));
  const CoreRangeSet all = left.merge(right);
  EXPECT_EQ(all.num_cores(), 32u);
  EXPECT_EQ(all.size(), 1u);
  EXPECT_TRUE(all.subtract(left) == right);
  EXPECT_TRUE(all.contains(left));
  EXPECT_FALSE(left.intersects(right));
  const std::vector<CoreRange> overlapping = {CoreRange({0, 0}, {1, 1}),
                                              CoreRange({1, 1}, {2, 2})};
  EXPECT_THROW(CoreRangeSet(tt::stl::Span<const CoreRange>(overlapping)),
               std::runtime_error);
}

TEST(Cores, WorkIsSplitEvenly) {
  const CoreCoord grid(8, 8);
  for (const uint32_t units : {1u, 7u, 63u, 64u, 65u, 100u, 1000u}) {
    const auto [cores, all, more, less, perMore, perLess] =
        split_work_to_cores(grid, units);
    EXPECT_EQ(cores, std::min(units, 64u));
    EXPECT_EQ(all.num_cores(), cores);
    EXPECT_EQ(more.num_cores() + less.num_cores(), cores);
    EXPECT_FALSE(more.intersects(less));
    EXPECT_EQ(more.num_cores() * perMore + less.num_cores() * perLess, units);
    if (!less.empty()) {
      EXPECT_EQ(perMore, perLess + 1);
    }
  }
  // Columns first, rows first on request.
  EXPECT_TRUE(std::get<1>(split_work_to_cores(grid, 4)) ==
              CoreRangeSet(CoreRange({0, 0}, {0, 3})));
  EXPECT_TRUE(std::get<1>(split_work_to_cores(grid, 4, true)) ==
              CoreRangeSet(CoreRange({0, 0}, {3, 0})));
}

TEST(Values, Bfloat16RoundsToNearestEven) {
  const auto bits = [](float value) {
    return std::bit_cast<uint16_t>(bfloat16(value));
  };
  EXPECT_EQ(bits(1.0f), 0x3f80);
  EXPECT_EQ(bits(1.0f + 1.0f / 256), 0x3f80); // tie, to even
  EXPECT_EQ(bits(1.0f + 3.0f / 256), 0x3f82); // tie, to even
  EXPECT_EQ(bits(1.0f + 1.1f / 256), 0x3f81);
  EXPECT_EQ(bits(-0.0f), 0x8000);
  EXPECT_EQ(bits(std::numeric_limits<float>::max()), 0x7f80);
  EXPECT_EQ(bits(NAN), 0x7fc0);
  EXPECT_EQ(static_cast<float>(bfloat16::truncate(1.0f + 3.0f / 256)),
            1.0f + 1.0f / 128);
  const std::vector<bfloat16> values = {1.5f, -2.0f, 0.0f, 3.0f};
  EXPECT_TRUE(unpack_uint32_vec_into_bfloat16_vec(
                  pack_bfloat16_vec_into_uint32_vec(values)) == values);
}

TEST(Values, SizesAndRounding) {
  EXPECT_EQ(tt::tile_size(tt::DataFormat::Float16_b), 2048u);
  EXPECT_EQ(tt::tile_size(tt::DataFormat::Float32), 4096u);
  EXPECT_EQ(tt::tile_size(tt::DataFormat::Bfp8_b), 1088u);
  EXPECT_EQ(tt::div_up(7u, 2u), 4u);
  EXPECT_EQ(tt::round_up(33, 32), 64);
  EXPECT_EQ(tt::align(33u, 32u), 64u);
}

TEST(Values, TilesOfOtherShapes) {
  const Tile tile({16, 32});
  EXPECT_EQ(tile.get_num_faces(), 2u);
  EXPECT_EQ(tile.get_tile_hw(), 512u);
  EXPECT_EQ(tile.get_tile_size(tt::DataFormat::Float16_b), 1024u);
  EXPECT_EQ(tile.get_tile_size(tt::DataFormat::Bfp8_b), 512u + 32u);
  // The exponents of small tiles are padded to 16 bytes.
  EXPECT_EQ(Tile({1, 32}).get_tile_size(tt::DataFormat::Bfp8_b), 32u + 16u);
  const std::array<uint32_t, 2> face = {4, 16};
  EXPECT_EQ(Tile({4, 32}).get_face_shape(), face);
  for (const std::array<uint32_t, 2> shape :
       {std::array<uint32_t, 2>{3, 32}, {32, 8}, {64, 32}, {0, 16}})
    EXPECT_NE(messageOf([&] { Tile{shape}; }).find("[TW8505]"),
              std::string::npos);
  CircularBufferConfig config(2048, {{0, tt::DataFormat::Float16_b}});
  EXPECT_NE(messageOf([&] {
              config.set_tile_dims(0, Tile({8, 16}));
            }).find("tiles of 8x16, which the compute units do not take"),
            std::string::npos);
  // A page is a tile unless it is said otherwise.
  config.set_tile_dims(0, tile);
  Program program = CreateProgram();
  CreateCircularBuffer(program, CoreCoord(0, 0), config);
  EXPECT_EQ(program.impl().program.circularBuffers()[0].indices[0].pageBytes,
            1024u);
}

TEST(Values, LayoutsOfOtherTiles) {
  std::vector<uint16_t> rowMajor(64 * 64);
  std::iota(rowMajor.begin(), rowMajor.end(), 0);
  const auto convert = [](const std::vector<uint16_t> &data, auto from, auto to,
                          PhysicalSize tile) {
    return convert_layout(
        tt::stl::Span<const uint16_t>(data.data(), data.size()),
        PhysicalSize{64, 64}, from, to, tile);
  };
  using enum TensorLayoutType;
  for (const PhysicalSize tile :
       {PhysicalSize{32, 32}, {16, 32}, {32, 16}, {8, 32}, {1, 32}, {16, 16}}) {
    const auto tiles = convert(rowMajor, LIN_ROW_MAJOR, TILED_NFACES, tile);
    EXPECT_EQ(convert(tiles, TILED_NFACES, LIN_ROW_MAJOR, tile), rowMajor);
    // The second face begins at column 16, or at row 16 of a narrow tile.
    const uint32_t face = std::min(tile[0], 16u) * 16;
    const uint32_t second = tile[1] == 32   ? 16
                            : tile[0] == 32 ? 16 * 64
                                            : 16; // the next tile
    EXPECT_EQ(tiles[face], second) << tile[0] << "x" << tile[1];
  }
}

template <typename MakeBuffer> void checkBufferRoundTrip(MakeBuffer make) {
  auto mesh = openDevice();
  auto buffer = make(*mesh);
  std::vector<uint32_t> data(buffer->size() / 4);
  std::iota(data.begin(), data.end(), 1u);
  auto &queue = mesh->mesh_command_queue();
  distributed::EnqueueWriteMeshBuffer(queue, buffer, data);
  std::vector<uint32_t> back;
  distributed::EnqueueReadMeshBuffer(queue, back, buffer);
  EXPECT_EQ(back, data);
}

TEST(Buffers, InterleavedKeepTheirContents) {
  for (const BufferType type : {BufferType::DRAM, BufferType::L1})
    checkBufferRoundTrip([&](distributed::MeshDevice &mesh) {
      return distributed::MeshBuffer::create(
          distributed::ReplicatedBufferConfig{.size = 100 * 2048},
          distributed::DeviceLocalBufferConfig{.page_size = 2048,
                                               .buffer_type = type},
          &mesh);
    });
}

TEST(Buffers, InterleavedPagesGoRoundTheBanks) {
  auto mesh = openDevice();
  auto buffer = CreateBuffer(
      {.device = mesh.get(), .size = 30 * 1024, .page_size = 1024});
  std::vector<uint8_t> data(30 * 1024);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<uint8_t>(i / 1024);
  detail::WriteToBuffer(buffer, data);
  const int banks = mesh->num_dram_channels();
  for (const int page : {0, 1, 11, 12, 29}) {
    std::vector<uint32_t> found;
    detail::ReadFromDeviceDRAMChannel(mesh.get(), page % banks,
                                      buffer->address() + page / banks * 1024,
                                      1024, found);
    EXPECT_EQ(found.front(), page * 0x01010101u);
    EXPECT_EQ(found.back(), page * 0x01010101u);
  }
}

TEST(Buffers, AShortWriteLeavesTheRest) {
  auto mesh = openDevice();
  auto buffer =
      CreateBuffer({.device = mesh.get(), .size = 4096, .page_size = 1024});
  detail::WriteToBuffer(buffer, std::vector<uint8_t>(4096, 1));
  detail::WriteToBuffer(buffer, std::vector<uint8_t>(1030, 2));
  std::vector<uint8_t> back;
  detail::ReadFromBuffer(buffer, back);
  EXPECT_EQ(std::count(back.begin(), back.end(), 2), 1030);
  EXPECT_EQ(back[1030], 1);
  EXPECT_NE(messageOf([&] {
              detail::WriteToBuffer(buffer, std::vector<uint8_t>(4097));
            }).find("4097 bytes are written to a buffer of 4096"),
            std::string::npos);
}

TEST(Buffers, ShardedPagesLieWithTheirCores) {
  // 4x4 tiles in 2x2 shards on cores (0,0), (1,0), (0,1), (1,1).
  auto mesh = openDevice();
  const ShardSpecBuffer spec(CoreRangeSet(CoreRange({0, 0}, {1, 1})), {64, 64},
                             ShardOrientation::ROW_MAJOR, {32, 32}, {4, 4});
  auto buffer = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = 16 * 2048},
      distributed::DeviceLocalBufferConfig{
          .page_size = 2048,
          .buffer_type = BufferType::L1,
          .sharding_args =
              BufferShardingArgs(spec, TensorMemoryLayout::BLOCK_SHARDED)},
      mesh.get());
  std::vector<uint16_t> data(16 * 1024);
  for (size_t i = 0; i < data.size(); ++i)
    data[i] = static_cast<uint16_t>(i / 1024);
  auto &queue = mesh->mesh_command_queue();
  distributed::EnqueueWriteMeshBuffer(queue, buffer, data);
  std::vector<uint32_t> found;
  detail::ReadFromDeviceL1(mesh.get(), {1, 0},
                           static_cast<uint32_t>(buffer->address()), 4 * 2048,
                           found);
  EXPECT_EQ(found[0], 0x00020002u);       // page (0, 2)
  EXPECT_EQ(found[512], 0x00030003u);     // page (0, 3)
  EXPECT_EQ(found[2 * 512], 0x00060006u); // page (1, 2)
  std::vector<uint16_t> back;
  distributed::EnqueueReadMeshBuffer(queue, back, buffer);
  EXPECT_EQ(back, data);
}

TEST(Buffers, AccessorArgumentsSayMemoryAndPage) {
  auto mesh = openDevice();
  auto dram =
      CreateBuffer({.device = mesh.get(), .size = 4096, .page_size = 2048});
  std::vector<uint32_t> args = {7};
  TensorAccessorArgs(*dram).append_to(args);
  const std::vector<uint32_t> expected = {7, 2, 2048};
  EXPECT_EQ(args, expected);
}

TEST(Refused, WhatAProgramDeclaresWrongly) {
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  EXPECT_NE(messageOf([&] {
              CreateKernel(program, "absent.cpp", core, DataMovementConfig{});
            }).find("the kernel source 'absent.cpp' is not a file"),
            std::string::npos);
  EXPECT_NE(messageOf([&] {
              CircularBufferConfig(100, {{0, tt::DataFormat::Float16_b}})
                  .set_page_size(0, 64);
            }).find("100 bytes, which is no multiple of a page of 64"),
            std::string::npos);
  EXPECT_NE(messageOf([&] {
              CircularBufferConfig(128, {{0, tt::DataFormat::Float16_b}})
                  .set_page_size(3, 64);
            }).find("circular buffer 3 has no data format"),
            std::string::npos);
  const KernelHandle kernel = CreateKernelFromString(
      program, "void kernel_main() {}", core, DataMovementConfig{});
  EXPECT_NE(messageOf([&] {
              SetRuntimeArgs(program, kernel, CoreCoord(1, 0), {1});
            }).find("kernel 0 is not placed on core (x=1,y=0)"),
            std::string::npos);
  EXPECT_NE(messageOf([&] {
              SetRuntimeArgs(program, kernel, core,
                             std::vector<uint32_t>(342, 0));
            }).find("342 runtime argument words; the limit is 341"),
            std::string::npos);
}

TEST(Refused, DevicesThatAreNotThere) {
  EXPECT_NE(messageOf([] {
              distributed::MeshDevice::createSimulated("n151");
            }).find("there is no chip 'n151'; known are n150"),
            std::string::npos);
  EXPECT_NE(messageOf([] {
              distributed::MeshDevice::createSimulated("n150:9x9");
            }).find("'9x9' is no grid of n150, which has up to 8x10 cores"),
            std::string::npos);
  EXPECT_NE(messageOf([] {
              distributed::MeshDevice::create_unit_mesh(1);
            }).find("the simulator has device 0, not 1"),
            std::string::npos);
}

TEST(Refused, BuffersOfNoWholePages) {
  auto mesh = openDevice();
  EXPECT_NE(messageOf([&] {
              CreateBuffer(
                  {.device = mesh.get(), .size = 100, .page_size = 64});
            }).find("100 bytes does not consist of pages of 64 bytes"),
            std::string::npos);
}

TEST(Arguments, AreKeptPerCore) {
  Program program = CreateProgram();
  const KernelHandle kernel =
      CreateKernelFromString(program, "void kernel_main() {}",
                             CoreRange({0, 0}, {1, 0}), DataMovementConfig{});
  SetRuntimeArgs(program, kernel, CoreRange({0, 0}, {1, 0}), {1, 2});
  SetRuntimeArgs(program, kernel, std::vector<CoreCoord>{{1, 0}},
                 std::vector<std::vector<uint32_t>>{{3, 4}});
  EXPECT_EQ(GetRuntimeArgs(program, kernel, {0, 0})[1], 2u);
  EXPECT_EQ(GetRuntimeArgs(program, kernel, {1, 0})[1], 4u);
  GetRuntimeArgs(program, kernel, {1, 0})[0] = 9;
  EXPECT_EQ(GetRuntimeArgs(program, kernel, {1, 0})[0], 9u);
}

TEST(Arguments, AreReferredTo) {
  Program program = CreateProgram();
  const CoreRange cores({1, 0}, {1, 2});
  const KernelHandle kernel = CreateKernelFromString(
      program, "void kernel_main() {}", cores, DataMovementConfig{});
  SetRuntimeArgs(program, kernel, cores, {1, 2});
  SetCommonRuntimeArgs(program, kernel, {7});
  RuntimeArgsData &one = GetRuntimeArgs(program, kernel, {1, 2});
  RuntimeArgsData &shared = GetCommonRuntimeArgs(program, kernel);
  const KernelHandle other = CreateKernelFromString(
      program, "void kernel_main() {}", CoreCoord{3, 3}, DataMovementConfig{});
  SetCommonRuntimeArgs(program, other, {8});
  one[0] = 5;
  shared[0] = 6;
  EXPECT_EQ(&GetRuntimeArgs(program, kernel, {1, 2}), &one);
  EXPECT_EQ(GetCommonRuntimeArgs(program, kernel).at(0), 6u);

  std::vector<std::vector<RuntimeArgsData>> &all =
      GetRuntimeArgs(program, kernel);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[0].empty());
  ASSERT_EQ(all[1].size(), 3u);
  EXPECT_EQ(all[1][0][0], 1u);
  EXPECT_EQ(all[1][2][0], 5u);
  EXPECT_THROW(all[1][2].at(2), std::out_of_range);
  EXPECT_EQ(RuntimeArgsData().size(), 0u);
}

TEST(Refused, OneIndexForTwoCircularBuffersOfACore) {
  Program program = CreateProgram();
  const CircularBufferConfig config =
      CircularBufferConfig(4096, {{3, tt::DataFormat::Float16_b}})
          .set_page_size(3, 2048);
  CreateCircularBuffer(program, CoreRange({0, 0}, {1, 1}), config);
  CreateCircularBuffer(program, CoreCoord(2, 0), config);
  const std::string said = messageOf([&] {
    CreateCircularBuffer(program, CoreRange({1, 1}, {3, 3}), config);
  });
  EXPECT_NE(said.find("[TW8006]"), std::string::npos) << said;
  EXPECT_NE(said.find("core 1,1 has a circular buffer 3 already"),
            std::string::npos)
      << said;
}

TEST(Refused, ACircularBufferLargerThanItsL1Buffer) {
  const auto device = distributed::MeshDevice::create_unit_mesh(0);
  // One page on each of eight cores.
  const auto pages = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = 8 * 2048},
      distributed::DeviceLocalBufferConfig{.page_size = 2048,
                                           .buffer_type = BufferType::L1},
      device.get());
  CircularBufferConfig config(2048, {{0, tt::DataFormat::Float16_b}});
  config.set_globally_allocated_address(*pages->get_reference_buffer());
  config.set_total_size(4096);
  const std::string said = messageOf([&] {
    config.set_globally_allocated_address(*pages->get_reference_buffer());
  });
  EXPECT_NE(said.find("has 4096 bytes, its L1 buffer 2048 on a core"),
            std::string::npos)
      << said;
  device->close();
}

TEST(Refused, TwoMoversOfACoreOnOneNoc) {
  Program program = CreateProgram();
  const char *nothing = "void kernel_main() {}";
  CreateKernelFromString(program, nothing, CoreRange({0, 0}, {3, 1}),
                         DataMovementConfig{});
  const auto add = [&](CoreCoord core, DataMovementConfig config) {
    config.processor = DataMovementProcessor::RISCV_1;
    return messageOf(
        [&] { CreateKernelFromString(program, nothing, core, config); });
  };
  const std::string said = add({2, 1}, {});
  EXPECT_NE(said.find("[TW8007]"), std::string::npos) << said;
  EXPECT_NE(said.find("both use NoC 0 on core 2,1; give one of them .noc = "
                      "NOC::NOC_1"),
            std::string::npos)
      << said;
  EXPECT_EQ(add({2, 1}, {.noc = NOC::NOC_1}), "");
  EXPECT_EQ(add({4, 0}, {}), "");
  EXPECT_EQ(add({3, 1}, {.noc_mode = NOC_MODE::DM_DYNAMIC_NOC}), "");
}

TEST(Refused, ADeviceThatIsNotThere) {
  const std::string said =
      messageOf([] { distributed::MeshDevice::create_unit_mesh(3); });
  EXPECT_NE(said.find("[TW8505]"), std::string::npos) << said;
  EXPECT_NE(said.find("device 0, not 3"), std::string::npos) << said;
}

/// The table names what takes the room: circular buffers by each of their
/// indices, and the L1 buffers of the program. All cores are alike: one fault.
TEST(Refused, CircularBuffersBesideL1Buffers) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  auto tensor = CreateBuffer({.device = mesh.get(),
                              .size = 64 * 200 * 2048,
                              .page_size = 2048,
                              .buffer_type = BufferType::L1});
  Program program = CreateProgram();
  const CoreRange cores({0, 0}, {3, 3});
  const uint32_t bytes = 500 * 2048;
  CreateCircularBuffer(
      program, cores,
      CircularBufferConfig(bytes, {{16, tt::DataFormat::Float16_b},
                                   {24, tt::DataFormat::Float16_b}})
          .set_page_size(16, 2048)
          .set_page_size(24, 2048));
  CreateKernelFromString(program, "void kernel_main() {}", cores,
                         DataMovementConfig{});
  try {
    detail::LaunchProgram(mesh.get(), program);
    FAIL() << "it does not fit";
  } catch (const std::exception &error) {
    const std::string text = error.what();
    for (const char *part :
         {"TW8004", "circular buffer 16 and 24: 1024000 bytes",
          "L1 buffers of the program: from ", "other cores lie alike"})
      EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
    EXPECT_EQ(text.find("TW8004"), text.rfind("TW8004")) << text;
  }
}

/// What the programs of this build hold was accepted before main.
TEST(Refused, AProgramOfAnotherBuild) {
  EXPECT_EXIT(tilewright::sim::host::requireBuild("another"),
              testing::ExitedWithCode(1), "TW8011.*headers of another build");
}

TEST(Refused, ABufferWithoutDevice) {
  const std::string said = messageOf(
      [] { CreateBuffer({.device = nullptr, .size = 64, .page_size = 64}); });
  EXPECT_NE(said.find("[TW8009]"), std::string::npos) << said;
  EXPECT_NE(said.find("created without a device"), std::string::npos) << said;
}

} // namespace
