//===- NoDataTest.cpp - runs that take time only --------------------------===//

#include "Harness.h"

#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

class NoData : public testing::Test {
protected:
  Device device{*findChip("n150")};
  Program program;

  /// One page of 2 KiB in DRAM that begins with `first`.
  uint32_t page(uint32_t first) {
    const uint64_t address = device.allocate(2048, 2048, BufferType::Dram);
    std::vector<uint8_t> bytes(2048);
    std::memcpy(bytes.data(), &first, 4);
    device.writePage(address, 2048, BufferType::Dram, 0, bytes);
    return static_cast<uint32_t>(address);
  }
  RunResult run(bool withData) {
    RunOptions options;
    options.withData = withData;
    return tilewright::sim::run(device, program, options);
  }
};

constexpr const char *kFetch = R"(
#include "api/dataflow/dataflow_api.h"
void kernel_main() {
  cb_reserve_back(0, 1);
  noc_async_read(get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0)),
                 get_write_ptr(0), 2048);
  noc_async_read_barrier();
  cb_push_back(0, 1);
  cb_wait_front(0, 1);
  cb_pop_front(0, 1);
}
)";

TEST_F(NoData, TilesDoNotMove) {
  program.addCircularBuffer(buffer("cb_in", 0, DataFormat::Float16_b, 1));
  const KernelId id =
      program.addKernel(textKernel("fetch.cpp", kFetch, Processor::Ncrisc));
  program.setRuntimeArgs(id, {0, 0}, {page(0x12345678)});
  const RunResult without = run(false);
  ASSERT_TRUE(without.ok()) << faultText(without);
  EXPECT_TRUE(without.warnings.empty());
  auto first = [&] {
    uint32_t word;
    std::memcpy(&word, device.l1({0, 0}).data() + device.l1Base(), 4);
    return word;
  };
  EXPECT_NE(first(), 0x12345678u);
  const RunResult with = run(true);
  EXPECT_EQ(first(), 0x12345678u);
  EXPECT_EQ(with.cycles, without.cycles);
}

// A word that comes inside a large transfer decides how long the kernel runs.
constexpr const char *kSteered = R"(
#include "api/dataflow/dataflow_api.h"
void kernel_main() {
  const uint32_t l1 = get_write_ptr(0);
  noc_async_read(get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0)),
                 l1, 2048);
  noc_async_read_barrier();
  const uint32_t count = *reinterpret_cast<tt_l1_ptr uint32_t *>(l1);
  for (uint32_t i = 0; i < count; ++i) {
    noc_async_read(get_noc_addr_from_bank_id<true>(1, 1024), l1 + 2048, 2048);
    noc_async_read_barrier();
  }
}
)";

TEST_F(NoData, WordsThatKernelsReadAreCarried) {
  program.addCircularBuffer(buffer("cb_in", 0, DataFormat::Float16_b, 2));
  const KernelId id =
      program.addKernel(textKernel("steered.cpp", kSteered, Processor::Ncrisc));
  program.setRuntimeArgs(id, {0, 0}, {page(10)});
  const RunResult with = run(true), without = run(false);
  ASSERT_TRUE(without.ok()) << faultText(without);
  EXPECT_EQ(with.cycles, without.cycles);
  EXPECT_GT(without.cycles, 10u * 400);
  EXPECT_TRUE(with.warnings.empty());
  ASSERT_EQ(without.warnings.size(), 1u);
  EXPECT_EQ(without.warnings[0].code, FaultCode::NoDataControl);
  EXPECT_EQ(without.warnings[0].file, "steered.cpp");
}

// A flag behind a pointer to a semaphore is no such word: it is small.
constexpr const char *kSend = R"(
#include "api/dataflow/dataflow_api.h"
void kernel_main() {
  const uint32_t flag = get_semaphore(0);
  const uint64_t there = get_noc_addr(get_arg_val<uint32_t>(0),
                                      get_arg_val<uint32_t>(1), flag);
  noc_semaphore_set(reinterpret_cast<volatile tt_l1_ptr uint32_t *>(flag), 7);
  noc_semaphore_set_remote(flag, there);
  noc_async_write_barrier();
}
)";
constexpr const char *kWait = R"(
#include "api/dataflow/dataflow_api.h"
void kernel_main() {
  const uint32_t flag = get_semaphore(0);
  noc_semaphore_wait(reinterpret_cast<volatile tt_l1_ptr uint32_t *>(flag), 7);
}
)";

TEST_F(NoData, SemaphoresWork) {
  const std::vector<CoreRange> both = {{{0, 0}, {1, 0}}};
  program.addSemaphore(both, 0);
  const KernelId send =
      program.addKernel(textKernel("send.cpp", kSend, Processor::Ncrisc));
  program.addKernel(
      textKernel("wait.cpp", kWait, Processor::Ncrisc, {{{1, 0}, {1, 0}}}));
  const CoreCoord to = device.virtualCoord({1, 0});
  program.setRuntimeArgs(send, {0, 0}, {to.x, to.y});
  const RunResult result = run(false);
  ASSERT_TRUE(result.ok()) << faultText(result);
  EXPECT_TRUE(result.warnings.empty());
}

// A flag inside a larger transfer does not arrive, and the message says why.
constexpr const char *kSendBlock = R"(
#include "api/dataflow/dataflow_api.h"
void kernel_main() {
  const uint32_t flag = get_semaphore(0);
  noc_semaphore_set(reinterpret_cast<volatile tt_l1_ptr uint32_t *>(flag), 7);
  noc_async_write(flag, get_noc_addr(get_arg_val<uint32_t>(0),
                                     get_arg_val<uint32_t>(1), flag), 128);
  noc_async_write_barrier();
}
)";

TEST_F(NoData, FlagInALargeTransferIsExplained) {
  const std::vector<CoreRange> both = {{{0, 0}, {1, 0}}};
  program.addSemaphore(both, 0);
  const KernelId send =
      program.addKernel(textKernel("send.cpp", kSendBlock, Processor::Ncrisc));
  program.addKernel(
      textKernel("wait.cpp", kWait, Processor::Ncrisc, {{{1, 0}, {1, 0}}}));
  const CoreCoord to = device.virtualCoord({1, 0});
  program.setRuntimeArgs(send, {0, 0}, {to.x, to.y});
  const RunResult result = run(false);
  ASSERT_EQ(result.faults.size(), 1u);
  EXPECT_EQ(result.faults[0].code, FaultCode::Deadlock);
  EXPECT_NE(faultText(result).find("moves no data"), std::string::npos);
  EXPECT_TRUE(run(true).ok());
}

} // namespace
