//===- RunPlanTest.cpp - Plans that run
//------------------------------------===//
//
// The plan of programs/add against a sum computed here, over what a caller may
// get wrong.
//
//===----------------------------------------------------------------------===//

#include "Plan/Run.h"
#include "PlanFiles.h"

#include <tt-metalium/bfloat16.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cstring>

using namespace tilewright::sim;
using tilewright::test::readKernels;
using tilewright::test::readProgramFile;

namespace {

constexpr size_t kElements = 100 * 200;

class RunAdd : public testing::Test {
protected:
  RunAdd()
      : json(readProgramFile("add", "tt.plan.json")),
        A(create_random_vector_of_bfloat16_native(2 * kElements, 8, 1, -4)),
        B(create_random_vector_of_bfloat16_native(2 * kElements, 8, 2, -4)) {
    inputs.json = json;
    inputs.sources = readKernels("add");
    inputs.tensors["A"] = bytesOf(A);
    inputs.tensors["B"] = bytesOf(B);
  }

  static std::span<const uint8_t> bytesOf(const std::vector<bfloat16> &data) {
    return {reinterpret_cast<const uint8_t *>(data.data()),
            data.size() * sizeof(bfloat16)};
  }

  std::string json;
  std::vector<bfloat16> A;
  std::vector<bfloat16> B;
  plan::PlanInputs inputs;
};

TEST_F(RunAdd, GivesTheSumToTheBit) {
  const plan::PlanResult result = plan::runPlan(inputs);
  for (const Fault &fault : result.run.faults)
    ADD_FAILURE() << fault.render();
  ASSERT_EQ(result.outputs.size(), 1u);
  const std::vector<uint8_t> &C = result.outputs.at("C");
  ASSERT_EQ(C.size(), 2 * kElements);
  for (size_t i = 0; i < kElements; ++i) {
    uint16_t bits;
    std::memcpy(&bits, &C[2 * i], 2);
    // The packer rounds to nearest, ties away from zero.
    const float sum = static_cast<float>(A[i]) + static_cast<float>(B[i]);
    ASSERT_EQ(bits, (std::bit_cast<uint32_t>(sum) + 0x8000) >> 16)
        << "element " << i;
  }
  EXPECT_GT(result.run.cycles, 0u);
  EXPECT_GE(result.wall.total, result.wall.simulate);
}

TEST_F(RunAdd, RunsOnOneCoreOfAnotherChip) {
  const auto replace = [&](const std::string &from, const std::string &to) {
    ASSERT_NE(json.find(from), std::string::npos);
    json.replace(json.find(from), from.size(), to);
  };
  replace("\"n150\"", "\"n300\"");
  replace("[4, 2]", "[8, 8]");
  inputs.json = json;
  const plan::PlanResult result = plan::runPlan(inputs);
  EXPECT_TRUE(result.run.ok());
  EXPECT_EQ(result.outputs.size(), 1u);
}

TEST_F(RunAdd, RefusesMissingAndShortTensors) {
  inputs.tensors.erase("A");
  inputs.tensors["B"] = inputs.tensors["B"].first(100);
  const plan::PlanResult result = plan::runPlan(inputs);
  ASSERT_EQ(result.run.faults.size(), 2u);
  EXPECT_EQ(result.run.faults[0].code, FaultCode::BadPlan);
  EXPECT_EQ(result.run.faults[0].message, "tensor A: no data is given");
  EXPECT_EQ(result.run.faults[1].message,
            "tensor B: 100 bytes are given, the plan has 40000");
  EXPECT_TRUE(result.outputs.empty());
}

TEST_F(RunAdd, RefusesAnEditedKernel) {
  inputs.sources["compute.cpp"] += "\n";
  const plan::PlanResult result = plan::runPlan(inputs);
  ASSERT_EQ(result.run.faults.size(), 1u);
  EXPECT_EQ(result.run.faults[0].message.substr(0, 50),
            "kernels[1].sha256: compute.cpp has been changed: i");
}

TEST_F(RunAdd, RefusesNoise) {
  inputs.json = "\x01\xff{";
  const plan::PlanResult result = plan::runPlan(inputs);
  ASSERT_EQ(result.run.faults.size(), 1u);
  EXPECT_EQ(result.run.faults[0].message, "the plan: line 1 is not JSON");
}

} // namespace
