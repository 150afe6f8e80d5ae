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

} // namespace
