//===- FaultTest.cpp - one mistake a program ------------------------------===//

#include "Harness.h"

#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

const std::string kDataflow = "#include \"api/dataflow/dataflow_api.h\"\n";

/// A program of one data-movement kernel on core (0, 0), with cb_in (index 0,
/// 4 pages of bfloat16).
RunResult runReader(const std::string &body) {
  Device device(*findChip("n150"));
  Program program;
  program.addCircularBuffer(buffer("cb_in", 0, DataFormat::Float16_b, 4));
  program.addKernel(textKernel(
      "reader.cpp", kDataflow + "void kernel_main() {\n" + body + "\n}\n",
      Processor::Ncrisc));
  return run(device, program);
}

void expectFault(const RunResult &result, FaultCode code, uint32_t line,
                 const std::string &part) {
  ASSERT_EQ(result.faults.size(), 1u) << faultText(result);
  const Fault &fault = result.faults.front();
  EXPECT_EQ(fault.code, code) << fault.render();
  EXPECT_EQ(fault.file, "reader.cpp");
  EXPECT_EQ(fault.line, line);
  EXPECT_NE(fault.render().find(part), std::string::npos) << fault.render();
}

TEST(Fault, CompileError) {
  const RunResult result = runReader("  no_such_call(3);");
  expectFault(result, FaultCode::KernelCompileError, 3, "no_such_call");
}

TEST(Fault, ArgumentPastEnd) {
  const RunResult result =
      runReader("  volatile uint32_t x = get_arg_val<uint32_t>(5);");
  expectFault(result, FaultCode::ArgumentPastEnd, 3, "argument 5");
}

TEST(Fault, PushWithoutReserve) {
  const RunResult result = runReader("  cb_reserve_back(0, 1);\n"
                                     "  cb_push_back(0, 2);");
  expectFault(result, FaultCode::PushWithoutReserve, 4, "cb_in");
}

TEST(Fault, Deadlock) {
  const RunResult result = runReader("  cb_reserve_back(0, 4);\n"
                                     "  cb_push_back(0, 4);\n"
                                     "  cb_reserve_back(0, 1);");
  expectFault(result, FaultCode::Deadlock, 5, "room for 1 page in cb_in");
}

TEST(Fault, PopWithoutWait) {
  const RunResult result = runReader("  cb_reserve_back(0, 2);\n"
                                     "  cb_push_back(0, 2);\n"
                                     "  cb_pop_front(0, 1);");
  expectFault(result, FaultCode::PopWithoutWait, 5, "1 page from cb_in");
}

TEST(Fault, BeyondDepth) {
  const RunResult result = runReader("  cb_reserve_back(0, 5);");
  expectFault(result, FaultCode::BeyondDepth, 3, "which has 4 pages");
}

TEST(Fault, BlockWraps) {
  const RunResult result = runReader("  for (int i = 0; i < 2; ++i) {\n"
                                     "    cb_reserve_back(0, 3);\n"
                                     "    cb_push_back(0, 3);\n"
                                     "    cb_wait_front(0, 3);\n"
                                     "    cb_pop_front(0, 3);\n"
                                     "  }");
  expectFault(result, FaultCode::BlockWraps, 5, "from page 3 of cb_in");
}

TEST(Fault, UnknownCircularBuffer) {
  const RunResult result = runReader("  cb_reserve_back(7, 1);");
  expectFault(result, FaultCode::UnknownCircularBuffer, 3, "7");
}

TEST(Fault, PagesLeftIsAWarning) {
  const RunResult result = runReader("  cb_reserve_back(0, 2);\n"
                                     "  cb_push_back(0, 2);");
  ASSERT_TRUE(result.ok()) << faultText(result);
  ASSERT_EQ(result.warnings.size(), 1u);
  EXPECT_EQ(result.warnings[0].code, FaultCode::PagesLeft);
  EXPECT_NE(result.warnings[0].message.find("2 pages"), std::string::npos);
}

TEST(Fault, TwoProducers) {
  Device device(*findChip("n150"));
  Program program;
  program.addCircularBuffer(buffer("cb_in", 0, DataFormat::Float16_b, 4));
  const std::string body = kDataflow + "void kernel_main() {\n"
                                       "  cb_reserve_back(0, 1);\n"
                                       "  cb_push_back(0, 1);\n}\n";
  program.addKernel(textKernel("one.cpp", body, Processor::Ncrisc));
  program.addKernel(textKernel("two.cpp", body, Processor::Brisc));
  const RunResult result = run(device, program);
  ASSERT_EQ(result.faults.size(), 1u) << faultText(result);
  EXPECT_EQ(result.faults[0].code, FaultCode::TwoProducers);
  EXPECT_EQ(result.faults[0].line, 4u);
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

struct Launch {
  Device device{*findChip("n150")};
  Program program;

  void expect(FaultCode code, const std::string &part) {
    const RunResult result = run(device, program);
    ASSERT_FALSE(result.faults.empty());
    EXPECT_EQ(result.faults[0].code, code) << faultText(result);
    EXPECT_NE(faultText(result).find(part), std::string::npos)
        << faultText(result);
  }
  KernelId empty(std::vector<CoreRange> cores = {{{0, 0}, {0, 0}}}) {
    return program.addKernel(textKernel("empty.cpp", "void kernel_main() {}\n",
                                        Processor::Brisc, cores));
  }
};

TEST(LaunchFault, L1OverflowListsTheBuffers) {
  Launch launch;
  launch.program.addCircularBuffer(
      buffer("cb_small", 0, DataFormat::Float16_b, 4));
  launch.program.addCircularBuffer(
      buffer("cb_large", 1, DataFormat::Float32, 400));
  launch.empty();
  launch.expect(FaultCode::L1Overflow, "cb_small: 8192 bytes");
}

TEST(LaunchFault, OverlappingBuffers) {
  Launch launch;
  auto first = buffer("cb_first", 0, DataFormat::Float16_b, 4);
  auto second = buffer("cb_second", 1, DataFormat::Float16_b, 4);
  first.address = launch.device.l1Base();
  second.address = launch.device.l1Base() + 2048;
  launch.program.addCircularBuffer(first);
  launch.program.addCircularBuffer(second);
  launch.empty();
  launch.expect(FaultCode::BadCircularBuffer, "cb_second overlaps cb_first");
}

TEST(LaunchFault, TooManyBuffers) {
  Launch launch;
  launch.program.addCircularBuffer(
      buffer("cb_far", 32, DataFormat::Float16_b, 4));
  launch.empty();
  launch.expect(FaultCode::BadCircularBuffer, "index 32");
}

TEST(LaunchFault, CoreOutsideTheGrid) {
  Launch launch;
  launch.empty({{{0, 0}, {8, 0}}});
  launch.expect(FaultCode::BadCore, "8x8");
}

TEST(LaunchFault, SameProcessorTwice) {
  Launch launch;
  launch.empty();
  launch.empty({{{0, 0}, {1, 1}}});
  launch.expect(FaultCode::BadProcessor, "same processor");
}

TEST(LaunchFault, TooManyArguments) {
  Launch launch;
  const KernelId id = launch.empty();
  launch.program.setRuntimeArgs(id, {0, 0}, std::vector<uint32_t>(300));
  launch.program.setCommonRuntimeArgs(id, std::vector<uint32_t>(42));
  launch.expect(FaultCode::TooManyArguments, "342");
}

TEST(LaunchFault, UnreadableKernel) {
  Launch launch;
  launch.program.addKernel(
      fileKernel("no_such_file.cpp", Processor::Brisc, {{{0, 0}, {0, 0}}}));
  launch.expect(FaultCode::KernelUnreadable, "no_such_file.cpp");
}

TEST(LaunchFault, OutOfMemoryAndTooManySemaphores) {
  Launch launch;
  try {
    launch.device.allocate(uint64_t(20) << 30, 2048, BufferType::Dram);
    FAIL() << "20 GiB fit 12 GiB";
  } catch (const FaultError &error) {
    EXPECT_EQ(error.fault.code, FaultCode::OutOfMemory);
  }
  const std::vector<CoreRange> core = {{{0, 0}, {0, 0}}};
  for (uint32_t id = 0; id < 16; ++id)
    EXPECT_EQ(launch.program.addSemaphore(core, 0), id);
  try {
    launch.program.addSemaphore(core, 0);
    FAIL() << "17 semaphores";
  } catch (const FaultError &error) {
    EXPECT_EQ(error.fault.code, FaultCode::BadSemaphore);
  }
}

} // namespace
