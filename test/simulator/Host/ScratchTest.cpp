//===- ScratchTest.cpp - Circular buffers declared as plain memory --------===//
//
// A page that a program leaves behind stops its second launch, unless the host
// has declared the circular buffer as scratch; other faults stop it still.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <tt-metalium/distributed.hpp>
#include <tt-metalium/program_descriptors.hpp>
#include <tt-metalium/tt_metal.hpp>

#include <gtest/gtest.h>

#include <functional>

using namespace tt::tt_metal;

namespace {

constexpr const char *kLeavesAPage = R"(
void kernel_main() {
  cb_reserve_back(0, 1);
  *reinterpret_cast<uint32_t *>(get_write_ptr(0)) = 7;
  cb_push_back(0, 1);
  cb_wait_front(0, 1);
}
)";
constexpr const char *kPushesTooMuch = R"(
void kernel_main() {
  cb_reserve_back(0, 1);
  cb_push_back(0, 2);
  cb_wait_front(0, 2);
  cb_push_back(0, 1);
}
)";

/// What two launches of the kernel say, "" when both end well.
std::string
launchTwice(const char *kernel,
            const std::function<void(CircularBufferConfig &)> &set) {
  auto mesh = distributed::MeshDevice::createSimulated("n150");
  Program program = CreateProgram();
  CircularBufferConfig config(2 * 2048, {{0, tt::DataFormat::Float16_b}});
  config.set_page_size(0, 2048);
  set(config);
  CreateCircularBuffer(program, CoreCoord(0, 0), config);
  CreateKernelFromString(program, kernel, CoreCoord(0, 0),
                         DataMovementConfig{});
  distributed::MeshWorkload workload;
  workload.add_program(distributed::MeshCoordinateRange(mesh->shape()),
                       std::move(program));
  try {
    for (int launch = 0; launch < 2; ++launch)
      distributed::EnqueueMeshWorkload(mesh->mesh_command_queue(), workload,
                                       true);
  } catch (const std::exception &error) {
    return error.what();
  }
  return "";
}

TEST(Scratch, MayKeepPages) {
  const std::string said = launchTwice(kLeavesAPage, [](auto &) {});
  EXPECT_NE(said.find("[TW8108]"), std::string::npos) << said;
  EXPECT_EQ(launchTwice(kLeavesAPage,
                        [](auto &config) { TILEWRIGHT_SCRATCH(config); }),
            "");
}

TEST(Scratch, HidesNothingElse) {
  const std::string said = launchTwice(
      kPushesTooMuch, [](auto &config) { TILEWRIGHT_SCRATCH(config); });
  EXPECT_NE(said.find("[TW8102]"), std::string::npos) << said;
}

TEST(Scratch, IsDeclaredInDescriptors) {
  for (const bool declared : {false, true}) {
    CBFormatDescriptor format;
    format.buffer_index = 3;
    format.data_format = tt::DataFormat::Float16_b;
    format.page_size = 2048;
    CBDescriptor descriptor;
    descriptor.total_size = 4096;
    descriptor.core_ranges = CoreRangeSet(CoreRange({0, 0}, {0, 0}));
    descriptor.format_descriptors.push_back(format);
    if (declared)
      TILEWRIGHT_SCRATCH(descriptor);
    ProgramDescriptor described;
    described.cbs.push_back(descriptor);
    const Program program(described);
    const auto &made = program.impl().program.circularBuffers();
    ASSERT_EQ(made.size(), 1u);
    EXPECT_EQ(made[0].scratch, declared);
  }
}

} // namespace
