//===- MeshTest.cpp - Meshes, traces, queues and descriptors --------------===//
//
// Programs of third parties in small: each launches kernels and compares what
// they leave in memory with what they should.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/tensor_accessor_args.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <numeric>

using namespace tt::tt_metal;
using distributed::MeshCoordinate;
using distributed::MeshCoordinateRange;
using distributed::MeshShape;

namespace {

std::string messageOf(const std::function<void()> &call) {
  try {
    call();
  } catch (const std::exception &error) {
    return error.what();
  }
  return "";
}

// Writes its argument to the word at an L1 address.
constexpr const char *kStore = R"(
void kernel_main() {
  *(volatile tt_l1_ptr uint32_t *)get_arg_val<uint32_t>(0) =
      get_arg_val<uint32_t>(1) + get_common_arg_val<uint32_t>(0);
}
)";

Program storeProgram(uint32_t address, uint32_t value) {
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  const KernelHandle kernel =
      CreateKernelFromString(program, kStore, core, DataMovementConfig{});
  SetRuntimeArgs(program, kernel, core, {address, value});
  SetCommonRuntimeArgs(program, kernel, {100});
  return program;
}

uint32_t wordOf(IDevice *device, uint32_t address) {
  std::vector<uint32_t> words;
  detail::ReadFromDeviceL1(device, {0, 0}, address, 4, words);
  return words.at(0);
}

TEST(Mesh, ShardsGoToTheirDevices) {
  auto mesh = distributed::MeshDevice::createSimulated("n150", MeshShape(2, 4));
  EXPECT_EQ(mesh->num_devices(), 8u);
  // 64 x 128 words in shards of 32 x 32, row by row.
  auto buffer = distributed::MeshBuffer::create(
      distributed::ShardedBufferConfig{.global_size = 64 * 128 * 4,
                                       .global_buffer_shape = {64, 128},
                                       .shard_shape = {32, 32}},
      distributed::DeviceLocalBufferConfig{.page_size = 4096}, mesh.get());
  std::vector<uint32_t> data(64 * 128);
  std::iota(data.begin(), data.end(), 0u);
  auto &queue = mesh->mesh_command_queue();
  distributed::EnqueueWriteMeshBuffer(queue, buffer, data);
  std::vector<uint32_t> part;
  distributed::ReadShard(queue, part, buffer, MeshCoordinate(1, 2));
  ASSERT_EQ(part.size(), 1024u);
  EXPECT_EQ(part[0], 32u * 128 + 64);
  EXPECT_EQ(part[33], 33u * 128 + 65);
  std::vector<uint32_t> back;
  distributed::EnqueueReadMeshBuffer(queue, back, buffer);
  EXPECT_EQ(back, data);
  EXPECT_NE(messageOf([&] {
              mesh->get_device(MeshCoordinate(2, 0));
            }).find("outside the mesh"),
            std::string::npos);
}

TEST(Mesh, ProgramsRunOnTheDevicesOfTheirRange) {
  auto mesh = distributed::MeshDevice::createSimulated("n150", MeshShape(1, 3));
  auto word = distributed::MeshBuffer::create(
      distributed::ReplicatedBufferConfig{.size = 64},
      distributed::DeviceLocalBufferConfig{.page_size = 64,
                                           .buffer_type = BufferType::L1},
      mesh.get());
  const auto address = static_cast<uint32_t>(word->address());
  distributed::MeshWorkload workload;
  workload.add_program(
      MeshCoordinateRange(MeshCoordinate(0, 0), MeshCoordinate(0, 1)),
      storeProgram(address, 7));
  workload.add_program(MeshCoordinateRange(MeshCoordinate(0, 2)),
                       storeProgram(address, 9));
  distributed::EnqueueMeshWorkload(mesh->mesh_command_queue(), workload, false);
  distributed::Finish(mesh->mesh_command_queue());
  const std::vector<IDevice *> devices = mesh->get_devices();
  EXPECT_EQ(wordOf(devices[0], address), 107u);
  EXPECT_EQ(wordOf(devices[1], address), 107u);
  EXPECT_EQ(wordOf(devices[2], address), 109u);
}

TEST(Mesh, ATraceKeepsTheArgumentsOfItsCapture) {
  auto mesh =
      distributed::MeshDevice::createSimulated("n150", MeshShape(1, 1), 2);
  constexpr uint32_t kAddress = 0x40000;
  distributed::MeshWorkload workload;
  workload.add_program(MeshCoordinateRange(mesh->shape()),
                       storeProgram(kAddress, 1));
  auto &queue = mesh->mesh_command_queue(1);
  const auto trace = distributed::BeginTraceCapture(mesh.get(), 1);
  distributed::EnqueueMeshWorkload(queue, workload, false);
  mesh->end_mesh_trace(1, trace);
  EXPECT_NE(wordOf(mesh.get(), kAddress), 101u) << "captured, not run";
  // New arguments for the workload leave the trace as it is.
  Program &program = workload.get_programs().begin()->second;
  GetRuntimeArgs(program, 0, {0, 0})[1] = 2;
  distributed::EnqueueMeshWorkload(queue, workload, false);
  EXPECT_EQ(wordOf(mesh.get(), kAddress), 102u);
  mesh->replay_mesh_trace(1, trace, false);
  EXPECT_EQ(wordOf(mesh.get(), kAddress), 101u);
  mesh->release_mesh_trace(trace);
  EXPECT_NE(messageOf([&] {
              mesh->replay_mesh_trace(1, trace, false);
            }).find("there is no captured trace 0"),
            std::string::npos);
  EXPECT_NE(
      messageOf([&] { mesh->mesh_command_queue(2); }).find("queue 2 of 2"),
      std::string::npos);
}

TEST(Older, QueuesOfOneDevice) {
  Device *device = CreateDevice(0);
  CommandQueue &queue = device->command_queue();
  auto buffer =
      CreateBuffer({.device = device, .size = 4096, .page_size = 1024});
  std::vector<uint32_t> data(1024);
  std::iota(data.begin(), data.end(), 5u);
  EnqueueWriteBuffer(queue, buffer, data, false);
  Program program = storeProgram(0x40000, 3);
  EnqueueProgram(queue, program, false);
  Finish(queue);
  EXPECT_EQ(wordOf(device, 0x40000), 103u);
  std::vector<uint32_t> back;
  EnqueueReadBuffer(queue, *buffer, back, true);
  EXPECT_EQ(back, data);
  EXPECT_EQ(bfloat16(2.5f).to_float(), 2.5f);
  buffer.reset();
  EXPECT_TRUE(CloseDevice(device));
}

TEST(Descriptors, MakeTheProgramThatTheyDescribe) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  const CoreRangeSet cores(CoreRange({0, 0}, {1, 0}));
  ProgramDescriptor described;
  CBDescriptor cb;
  cb.total_size = 4096;
  cb.core_ranges = cores;
  CBFormatDescriptor format;
  format.buffer_index = 3;
  format.data_format = tt::DataFormat::Float16_b;
  format.page_size = 2048;
  cb.format_descriptors.push_back(format);
  described.cbs.push_back(cb);
  described.semaphores.push_back(
      {.id = 0, .core_ranges = cores, .initial_value = 40});
  KernelDescriptor kernel;
  kernel.kernel_source = R"(
void kernel_main() {
  constexpr uint32_t cb = get_compile_time_arg_val(0);
  constexpr uint32_t extra = get_named_compile_time_arg_val("extra");
  cb_reserve_back(cb, 2);
  volatile tt_l1_ptr uint32_t *to =
      (volatile tt_l1_ptr uint32_t *)get_arg_val<uint32_t>(0);
  *to = *(volatile tt_l1_ptr uint32_t *)get_semaphore(0) + extra + FROM_DEFINE;
}
)";
  kernel.source_type = KernelDescriptor::SourceType::SOURCE_CODE;
  kernel.core_ranges = cores;
  kernel.compile_time_args = {3};
  kernel.named_compile_time_args = {{"extra", 2}};
  kernel.defines = {{"FROM_DEFINE", "1"}};
  kernel.runtime_args = {{{0, 0}, {0x40000}}, {{1, 0}, {0x40000}}};
  kernel.config = ReaderConfigDescriptor{};
  described.kernels.push_back(kernel);
  Program program(described);
  detail::LaunchProgram(mesh.get(), program);
  EXPECT_EQ(wordOf(mesh.get(), 0x40000), 43u);
}

TEST(Refused, EthernetKernelsByName) {
  Program program = CreateProgram();
  EXPECT_NE(messageOf([&] {
              CreateKernelFromString(program, "void kernel_main() {}",
                                     CoreCoord(0, 0), EthernetConfig{});
            }).find("ethernet cores are not simulated"),
            std::string::npos);
}

TEST(Printing, LinesStayWholeAndNameTheirCore) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  Program program = CreateProgram();
  const CoreRange cores({0, 0}, {1, 0});
  CreateKernelFromString(program, R"(
void kernel_main() {
  DPRINT << "at " << (uint32_t)get_absolute_logical_x() << ": ";
  DPRINT << SETW(5) << 42 << " " << HEX() << 255u << DEC() << " " << -7 << " "
         << F32(1.5f) << " " << BF16(0x4049) << " " << 1e-7f << " "
         << 100000.0f << " " << 2.0e10f << ENDL();
  DPRINT << FIXED() << SETPRECISION(2) << 3.14159f << " unfinished";
}
)",
                         cores, DataMovementConfig{});
  const auto result =
      tilewright::sim::run(mesh->simulated(), program.impl().program);
  ASSERT_TRUE(result.ok()) << result.faults[0].render();
  ASSERT_EQ(result.printed.size(), 4u);
  for (const auto &line : result.printed)
    EXPECT_EQ(line.agent, "BRISC");
  const std::string numbers = "    42 ff -7 1.5 3.14062 1e-07 100000 2e+10\n";
  EXPECT_EQ(result.printed[0].text, "at 0: " + numbers.substr(1));
  EXPECT_EQ(result.printed[1].text, "at 1: " + numbers.substr(1));
  EXPECT_EQ(result.printed[1].core.x, 1u);
  EXPECT_EQ(result.printed[3].text, "3.14 unfinished");
}

TEST(Tolerance, ASlipWithoutEffectIsAWarningOnRequest) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  Program program = CreateProgram();
  const CoreCoord core(0, 0);
  CreateCircularBuffer(program, core,
                       CircularBufferConfig(64, {{0, tt::DataFormat::UInt32}})
                           .set_page_size(0, 32));
  const KernelHandle kernel =
      CreateKernelFromString(program, R"(
void kernel_main() {
  for (uint32_t i = 0; i < get_arg_val<uint32_t>(0); ++i)
    cb_push_back(0, 1);
}
)",
                             core, DataMovementConfig{});
  SetRuntimeArgs(program, kernel, core, {2});
  tilewright::sim::RunOptions options;
  auto run = [&] {
    return tilewright::sim::run(mesh->simulated(), program.impl().program,
                                options);
  };
  EXPECT_FALSE(run().ok());
  options.tolerant = true;
  const auto tolerated = run();
  ASSERT_TRUE(tolerated.ok()) << tolerated.faults[0].render();
  EXPECT_EQ(tolerated.warnings[0].code,
            tilewright::sim::FaultCode::PushWithoutReserve);
  EXPECT_NE(tolerated.warnings[0].render().find("warning: [TW8102]"),
            std::string::npos);
  // A third page has no room: what would be lost is never tolerated.
  SetRuntimeArgs(program, kernel, core, {3});
  EXPECT_FALSE(run().ok());
}

} // namespace
