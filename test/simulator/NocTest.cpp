//===- NocTest.cpp - transfers, barriers, semaphores, multicast -----------===//

#include "Harness.h"

#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

const std::string kHeader = "#include \"api/dataflow/dataflow_api.h\"\n";

/// Two kernels on different cores; each gets the coordinates of the other.
struct Pair {
  Device device;
  Program program;
  RunResult result;

  explicit Pair(const char *chip = "n150") : device(*findChip(chip)) {}

  void add(const std::string &name, CoreCoord core, CoreCoord other,
           const std::string &body, std::vector<uint32_t> more = {}) {
    const KernelId id = program.addKernel(
        textKernel(name, kHeader + "void kernel_main() {\n" + body + "\n}\n",
                   Processor::Ncrisc, {{core, core}}));
    const CoreCoord at = device.virtualCoord(other);
    std::vector<uint32_t> args = {at.x, at.y};
    args.insert(args.end(), more.begin(), more.end());
    program.setRuntimeArgs(id, core, args);
  }
  uint32_t word(CoreCoord core, uint32_t address) {
    uint32_t value;
    std::memcpy(&value, device.l1(core).data() + address, 4);
    return value;
  }
  void put(CoreCoord core, uint32_t address, uint32_t value) {
    std::memcpy(device.l1(core).data() + address, &value, 4);
  }
};

void expectFault(const RunResult &result, FaultCode code, uint32_t line,
                 const std::string &part) {
  ASSERT_EQ(result.faults.size(), 1u) << faultText(result);
  const Fault &fault = result.faults.front();
  EXPECT_EQ(fault.code, code) << fault.render();
  EXPECT_EQ(fault.line, line);
  EXPECT_NE(fault.render().find(part), std::string::npos) << fault.render();
}

/// For programs that show what a missing barrier does.
RunOptions unchecked() {
  RunOptions options;
  options.checkMemory = false;
  return options;
}

// What is read before the barrier is what was there before.
TEST(Noc, ReadsLandAtTheBarrier) {
  Pair pair;
  pair.put({1, 1}, 0x40000, 1234);
  pair.put({0, 0}, 0x50000, 99);
  pair.add("reader.cpp", {0, 0}, {1, 1},
           "  uint64_t far = get_noc_addr(get_arg_val<uint32_t>(0),\n"
           "      get_arg_val<uint32_t>(1), 0x40000);\n"
           "  noc_async_read(far, 0x50000, 64);\n"
           "  uint32_t early = *(uint32_t *)0x50000;\n"
           "  noc_async_read_barrier();\n"
           "  *(uint32_t *)0x60000 = early;\n"
           "  *(uint32_t *)0x60004 = *(uint32_t *)0x50000;\n");
  pair.result = run(pair.device, pair.program, unchecked());
  ASSERT_TRUE(pair.result.ok()) << faultText(pair.result);
  EXPECT_EQ(pair.word({0, 0}, 0x60000), 99u);
  EXPECT_EQ(pair.word({0, 0}, 0x60004), 1234u);
}

// A kernel may look whether the reads with one transaction id have landed; the
// id that is set goes with every read until another one is set.
TEST(Noc, TransactionIdsArePolled) {
  Pair pair;
  pair.put({1, 1}, 0x40000, 1234);
  pair.put({1, 1}, 0x48000, 5678);
  pair.add(
      "poll.cpp", {0, 0}, {1, 1},
      "  const uint32_t x = get_arg_val<uint32_t>(0);\n"
      "  const uint32_t y = get_arg_val<uint32_t>(1);\n"
      "  noc_async_read_set_trid(3);\n"
      "  noc_async_read(get_noc_addr(x, y, 0x40000), 0x50000, 64);\n"
      "  noc_async_read_set_trid(4);\n"
      "  for (uint32_t i = 0; i < 8; ++i)\n"
      "    noc_async_read(get_noc_addr(x, y, 0x48000), 0x58000 + 2048 * i,\n"
      "                   2048);\n"
      "  uint32_t turns = 0;\n"
      "  while (!ncrisc_noc_read_with_transaction_id_flushed(noc_index, 3))\n"
      "    ++turns;\n"
      "  *(uint32_t *)0x70000 = *(uint32_t *)0x50000;\n"
      "  *(uint32_t *)0x70004 = turns;\n"
      "  *(uint32_t *)0x70008 =\n"
      "      ncrisc_noc_read_with_transaction_id_flushed(noc_index, 4);\n"
      "  noc_async_read_barrier_with_trid(4);\n"
      "  *(uint32_t *)0x7000c = *(uint32_t *)0x58000;\n"
      "  *(uint32_t *)0x70010 = ncrisc_noc_reads_flushed(noc_index);\n"
      "  noc_async_read_set_trid(0);\n");
  pair.result = run(pair.device, pair.program);
  ASSERT_TRUE(pair.result.ok()) << faultText(pair.result);
  EXPECT_EQ(pair.word({0, 0}, 0x70000), 1234u);
  EXPECT_GT(pair.word({0, 0}, 0x70004), 0u);
  EXPECT_EQ(pair.word({0, 0}, 0x70008), 0u);
  EXPECT_EQ(pair.word({0, 0}, 0x7000c), 5678u);
  EXPECT_EQ(pair.word({0, 0}, 0x70010), 1u);
}

// A source that is reused before the flush sends what it holds by then.
TEST(Noc, WritesSampleTheirSourceWhenTheyDepart) {
  Pair pair;
  pair.add("writer.cpp", {0, 0}, {1, 1},
           "  uint64_t far = get_noc_addr(get_arg_val<uint32_t>(0),\n"
           "      get_arg_val<uint32_t>(1), 0x40000);\n"
           "  auto *p = (volatile uint32_t *)0x50000;\n"
           "  for (uint32_t i = 0; i < 4; ++i) {\n"
           "    p[0] = i;\n"
           "    noc_async_write(0x50000, far + i * 8192, 8192);\n"
           "  }\n"
           "  noc_async_write_barrier();\n"
           "  for (uint32_t i = 4; i < 8; ++i) {\n"
           "    p[0] = i;\n"
           "    noc_async_write(0x50000, far + i * 8192, 8192);\n"
           "    noc_async_writes_flushed();\n"
           "  }\n"
           "  noc_async_write_barrier();\n");
  pair.result = run(pair.device, pair.program, unchecked());
  ASSERT_TRUE(pair.result.ok()) << faultText(pair.result);
  // Without the flush, the queue behind the NIU sees a later value.
  EXPECT_NE(pair.word({1, 1}, 0x40000 + 1 * 8192), 1u);
  for (uint32_t i = 4; i < 8; ++i)
    EXPECT_EQ(pair.word({1, 1}, 0x40000 + i * 8192), i);
}

TEST(Noc, SemaphoresHandOver) {
  Pair pair;
  const std::vector<CoreRange> both = {{{0, 0}, {0, 0}}, {{3, 2}, {3, 2}}};
  const uint32_t ready = pair.program.addSemaphore(both, 0);
  const uint32_t done = pair.program.addSemaphore(both, 0);
  EXPECT_NE(ready, done);
  pair.add("sender.cpp", {0, 0}, {3, 2},
           "  auto *go = (volatile tt_l1_ptr uint32_t *)get_semaphore(0);\n"
           "  noc_semaphore_wait(go, 3);\n"
           "  noc_semaphore_set(go, 0);\n"
           "  *(uint32_t *)0x50000 = 4321;\n"
           "  uint32_t x = get_arg_val<uint32_t>(0);\n"
           "  uint32_t y = get_arg_val<uint32_t>(1);\n"
           "  noc_async_write(0x50000, get_noc_addr(x, y, 0x40000), 16);\n"
           "  noc_async_write_barrier();\n"
           "  noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(1)), 1);\n"
           "  noc_async_atomic_barrier();\n");
  pair.add("receiver.cpp", {3, 2}, {0, 0},
           "  uint64_t far = get_noc_addr(get_arg_val<uint32_t>(0),\n"
           "      get_arg_val<uint32_t>(1), get_semaphore(0));\n"
           "  noc_semaphore_inc(far, 1);\n"
           "  noc_semaphore_inc(far, 2);\n"
           "  auto *done = (volatile tt_l1_ptr uint32_t *)get_semaphore(1);\n"
           "  noc_semaphore_wait_min(done, 1);\n"
           "  *(uint32_t *)0x60000 = *(uint32_t *)0x40000;\n"
           "  noc_async_atomic_barrier();\n");
  pair.result = run(pair.device, pair.program);
  ASSERT_TRUE(pair.result.ok()) << faultText(pair.result);
  EXPECT_EQ(pair.word({3, 2}, 0x60000), 4321u);
}

// A write and the increment behind it, of one NoC and one target, keep their
// order under any delays.
TEST(Noc, IncrementsStayBehindWrites) {
  RunOptions options;
  options.adversarial = true;
  for (options.seed = 1; options.seed <= 16; ++options.seed) {
    Pair pair;
    pair.program.addSemaphore({{{0, 0}, {0, 0}}, {{3, 2}, {3, 2}}}, 0);
    pair.put({0, 0}, 0x50000, 1234);
    pair.add("sender.cpp", {0, 0}, {3, 2},
             "  uint32_t x = get_arg_val<uint32_t>(0);\n"
             "  uint32_t y = get_arg_val<uint32_t>(1);\n"
             "  noc_async_write(0x50000, get_noc_addr(x, y, 0x40000), 64);\n"
             "  noc_semaphore_inc(get_noc_addr(x, y, get_semaphore(0)), 1);\n"
             "  noc_async_atomic_barrier();\n"
             "  noc_async_write_barrier();\n");
    pair.add("receiver.cpp", {3, 2}, {0, 0},
             "  auto *go = (volatile tt_l1_ptr uint32_t *)get_semaphore(0);\n"
             "  noc_semaphore_wait(go, 1);\n"
             "  *(uint32_t *)0x60000 = *(uint32_t *)0x40000;\n");
    pair.result = run(pair.device, pair.program, options);
    ASSERT_TRUE(pair.result.ok()) << faultText(pair.result);
    EXPECT_EQ(pair.word({3, 2}, 0x60000), 1234u) << options.seed;
  }
}

std::string multicastBody(bool loopback, uint32_t receivers) {
  const std::string call = loopback ? "noc_async_write_multicast_loopback_src"
                                    : "noc_async_write_multicast";
  return "  uint32_t x0 = get_arg_val<uint32_t>(2);\n"
         "  uint32_t y0 = get_arg_val<uint32_t>(3);\n"
         "  uint64_t all = get_noc_multicast_addr(x0, y0,\n"
         "      get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1), 0x40000);\n"
         "  *(uint32_t *)0x50000 = 55;\n"
         "  " +
         call + "(0x50000, all, 2048, " + std::to_string(receivers) +
         ");\n"
         "  noc_async_write_barrier();\n";
}

TEST(Noc, MulticastReachesTheRectangle) {
  for (const char *chip : {"n150", "p150"})
    for (const bool loopback : {false, true}) {
      Pair pair(chip);
      // Across the gap between Blackhole's columns 7 and 10.
      const CoreCoord first = pair.device.virtualCoord({0, 0});
      pair.add("sender.cpp", {0, 0}, {7, 1},
               multicastBody(loopback, loopback ? 16 : 15), {first.x, first.y});
      pair.result = run(pair.device, pair.program);
      ASSERT_TRUE(pair.result.ok()) << chip << faultText(pair.result);
      for (uint32_t y = 0; y < 2; ++y)
        for (uint32_t x = 0; x < 8; ++x) {
          const bool own = x == 0 && y == 0;
          EXPECT_EQ(pair.word({x, y}, 0x40000), own && !loopback ? 0u : 55u);
        }
    }
}

TEST(NocFault, WrongReceiverCount) {
  Pair pair;
  const CoreCoord first = pair.device.virtualCoord({0, 0});
  pair.add("sender.cpp", {0, 0}, {7, 1}, multicastBody(false, 16),
           {first.x, first.y});
  expectFault(run(pair.device, pair.program), FaultCode::BadReceiverCount, 8,
              "16 receivers");
}

TEST(NocFault, NoSuchCore) {
  Pair pair;
  pair.add("reader.cpp", {0, 0}, {1, 1},
           "  noc_async_read(get_noc_addr(40, 40, 0x40000), 0x50000, 64);\n");
  expectFault(run(pair.device, pair.program), FaultCode::BadNocTarget, 3,
              "(40, 40)");
}

TEST(NocFault, Misaligned) {
  Pair pair;
  pair.add("reader.cpp", {0, 0}, {1, 1},
           "  noc_async_read(get_noc_addr(get_arg_val<uint32_t>(0),\n"
           "      get_arg_val<uint32_t>(1), 0x40004), 0x50000, 64);\n");
  expectFault(run(pair.device, pair.program), FaultCode::Misaligned, 3,
              "modulo 16");
}

TEST(NocFault, OutOfRange) {
  Pair pair;
  pair.add("reader.cpp", {0, 0}, {1, 1},
           "  noc_async_read(get_noc_addr(get_arg_val<uint32_t>(0),\n"
           "      get_arg_val<uint32_t>(1), 1499000), 0x50008, 4096);\n");
  expectFault(run(pair.device, pair.program), FaultCode::BadAddress, 3,
              "outside");
}

TEST(NocFault, OnePacketTooLarge) {
  Pair pair;
  pair.add("reader.cpp", {0, 0}, {1, 1},
           "  noc_async_read_one_packet(get_noc_addr(get_arg_val<uint32_t>(0),"
           "\n      get_arg_val<uint32_t>(1), 0x40000), 0x50000, 8224);\n");
  expectFault(run(pair.device, pair.program), FaultCode::TransferTooLarge, 3,
              "8192");
}

TEST(NocFault, ExitWithTransfersInFlight) {
  Pair pair;
  pair.add("reader.cpp", {0, 0}, {1, 1},
           "  noc_async_read(get_noc_addr(get_arg_val<uint32_t>(0),\n"
           "      get_arg_val<uint32_t>(1), 0x40000), 0x50000, 64);\n");
  expectFault(run(pair.device, pair.program), FaultCode::TransfersInFlight, 3,
              "1 read in flight");
}

TEST(NocFault, UnknownSemaphore) {
  Pair pair;
  pair.add("reader.cpp", {0, 0}, {1, 1},
           "  volatile uint32_t s = get_semaphore(3);\n");
  expectFault(run(pair.device, pair.program), FaultCode::BadSemaphore, 3,
              "semaphore 3");
}

// Two cores that each wait for the other.
TEST(NocFault, SemaphoreDeadlockNamesBoth) {
  Pair pair;
  pair.program.addSemaphore({{{0, 0}, {1, 0}}}, 0);
  const std::string body =
      "  auto *s = (volatile tt_l1_ptr uint32_t *)get_semaphore(0);\n"
      "  noc_semaphore_wait(s, 1);\n"
      "  noc_semaphore_inc(get_noc_addr(get_arg_val<uint32_t>(0),\n"
      "      get_arg_val<uint32_t>(1), get_semaphore(0)), 1);\n";
  pair.add("left.cpp", {0, 0}, {1, 0}, body);
  pair.add("right.cpp", {1, 0}, {0, 0}, body);
  const RunResult result = run(pair.device, pair.program);
  expectFault(result, FaultCode::Deadlock, 4, "right.cpp:4");
  EXPECT_NE(faultText(result).find("left.cpp:4"), std::string::npos);
  EXPECT_NE(faultText(result).find("to reach 1, it is 0"), std::string::npos);
}

//===----------------------------------------------------------------------===//
// Time, against published measurements (cycles of n transfers and a barrier);
// those of DRAM use one bank. Within 25 %; simulator_calibration is stricter.
//===----------------------------------------------------------------------===//

struct TimeCase {
  const char *chip;
  bool dram;
  bool read;
  uint32_t bytes;
  uint32_t count;
  double cycles;
};

class NocTime : public testing::TestWithParam<TimeCase> {};

TEST_P(NocTime, IsNearSilicon) {
  const TimeCase &param = GetParam();
  Pair pair(param.chip);
  const std::string address =
      param.dram
          ? "get_noc_addr_from_bank_id<true>(0, 0x40000)"
          : "get_noc_addr(get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1), "
            "0x40000)";
  const std::string bytes = std::to_string(param.bytes);
  pair.add(
      "mover.cpp", {0, 0}, {1, 1},
      "  for (uint32_t i = 0; i < " + std::to_string(param.count) + "; ++i)\n" +
          (param.read
               ? "    noc_async_read(" + address + ", 0x50000, " + bytes
               : "    noc_async_write(0x50000, " + address + ", " + bytes) +
          ");\n  noc_async_" + (param.read ? "read" : "write") +
          "_barrier();\n");
  const RunResult result = run(pair.device, pair.program);
  ASSERT_TRUE(result.ok()) << faultText(result);
  const double took = double(result.agents[0].end - result.agents[0].start);
  EXPECT_NEAR(took / param.cycles, 1.0, 0.25) << took;
}

INSTANTIATE_TEST_SUITE_P(
    Published, NocTime,
    testing::Values(TimeCase{"n150", false, false, 32, 1, 294},
                    TimeCase{"n150", false, false, 2048, 1, 358},
                    TimeCase{"n150", false, false, 8192, 16, 4500},
                    TimeCase{"n150", false, false, 2048, 256, 17293},
                    TimeCase{"n150", false, true, 2048, 1, 364},
                    TimeCase{"n150", false, true, 2048, 256, 18722},
                    TimeCase{"n150", true, true, 2048, 1, 463},
                    TimeCase{"n150", true, true, 2048, 256, 23929},
                    TimeCase{"n150", true, false, 2048, 1, 505},
                    TimeCase{"n150", true, false, 2048, 256, 24293},
                    TimeCase{"p150", false, false, 16384, 256, 67308},
                    TimeCase{"p150", true, true, 2048, 256, 24603}));

} // namespace
