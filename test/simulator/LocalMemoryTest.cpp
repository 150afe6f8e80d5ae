//===- LocalMemoryTest.cpp - L1 pointers and globals of kernels -----------===//

#include "Harness.h"

#include <cstdlib>
#include <gtest/gtest.h>

using namespace tilewright::test;
using tilewright::arch::findChip;

namespace {

constexpr uint32_t kPlace = 0x40000;

/// Runs a BRISC kernel on the first row of an n150; argument 0 is kPlace.
struct RowRun {
  Device device{*findChip("n150")};
  RunResult result;

  explicit RowRun(const std::string &before, const std::string &body,
                  uint32_t cores = 8) {
    Program program;
    const std::vector<CoreRange> row = {{{0, 0}, {cores - 1, 0}}};
    const KernelId id = program.addKernel(
        textKernel("kernel.cpp",
                   "#include \"api/dataflow/dataflow_api.h\"\n" + before +
                       "\nvoid kernel_main() {\n" + body + "\n}\n",
                   Processor::Brisc, row));
    for (uint32_t x = 0; x < cores; ++x)
      program.setRuntimeArgs(id, {x, 0}, {kPlace, x});
    result = run(device, program);
  }
  uint32_t word(uint32_t core, uint32_t address) {
    uint32_t value;
    std::memcpy(&value, device.l1({core, 0}).data() + address, 4);
    return value;
  }
};

void expectFault(const RunResult &result, FaultCode code, uint32_t line,
                 const std::string &part) {
  ASSERT_EQ(result.faults.size(), 1u) << faultText(result);
  const Fault &fault = result.faults.front();
  EXPECT_EQ(fault.code, code) << fault.render();
  EXPECT_EQ(fault.file, "kernel.cpp");
  EXPECT_EQ(fault.line, line);
  EXPECT_NE(fault.render().find(part), std::string::npos) << fault.render();
}

TEST(LocalMemory, PointersReachTheOwnCore) {
  RowRun run("", "  auto *p = reinterpret_cast<volatile tt_l1_ptr uint32_t *>("
                 "get_arg_val<uint32_t>(0));\n"
                 "  p[0] = 100 + get_arg_val<uint32_t>(1);\n"
                 "  for (uint32_t i = 1; i < 64; ++i) p[i] = p[i - 1] + 1;\n"
                 "  p[64] = reinterpret_cast<uintptr_t>(p + 2);\n"
                 "  *(uint32_t *)0x50000 = 7 + get_arg_val<uint32_t>(1);\n"
                 "  auto *args = (tt_l1_ptr uint32_t *)get_arg_addr(0);\n"
                 "  p[65] = args[1];\n");
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t x = 0; x < 8; ++x) {
    EXPECT_EQ(run.word(x, kPlace), 100 + x);
    EXPECT_EQ(run.word(x, kPlace + 63 * 4), 163 + x);
    EXPECT_EQ(run.word(x, kPlace + 64 * 4), kPlace + 8);
    EXPECT_EQ(run.word(x, 0x50000), 7 + x);
    EXPECT_EQ(run.word(x, kPlace + 65 * 4), x);
  }
}

TEST(LocalMemory, ConstantPointersAreRebased) {
  RowRun run("volatile uint32_t *const place = "
             "reinterpret_cast<volatile uint32_t *>(0x40000);",
             "  *place = 3 + get_arg_val<uint32_t>(1);\n");
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t x = 0; x < 8; ++x)
    EXPECT_EQ(run.word(x, kPlace), 3 + x);
}

TEST(LocalMemory, GlobalsBelongToTheCore) {
  RowRun run("uint32_t counter = 5;\n"
             "struct Ready { uint32_t value; Ready() : value(counter + 1) {} };"
             "\nReady ready;\n"
             "static uint32_t table[4] = {1, 2, 3, 4};\n"
             "uint32_t next() { static uint32_t calls = 10; return ++calls; }",
             "  counter += get_arg_val<uint32_t>(1);\n"
             "  table[1] *= 3;\n"
             "  noc_async_read_barrier();\n" // others run meanwhile
             "  auto *p = reinterpret_cast<uint32_t *>(0x40000);\n"
             "  p[0] = counter; p[1] = ready.value; p[2] = table[1];\n"
             "  next(); p[3] = next();\n");
  ASSERT_TRUE(run.result.ok()) << faultText(run.result);
  for (uint32_t x = 0; x < 8; ++x) {
    EXPECT_EQ(run.word(x, kPlace), 5 + x);
    EXPECT_EQ(run.word(x, kPlace + 4), 6u);
    EXPECT_EQ(run.word(x, kPlace + 8), 6u);
    EXPECT_EQ(run.word(x, kPlace + 12), 12u);
  }
}

TEST(LocalMemory, GlobalHoldingAnAddressIsRefused) {
  RowRun run("volatile uint32_t *place = (volatile uint32_t *)0x40000;",
             "  *place = 1;\n");
  ASSERT_EQ(run.result.faults.size(), 1u);
  EXPECT_EQ(run.result.faults[0].code, FaultCode::KernelCompileError);
  EXPECT_NE(faultText(run.result).find("place"), std::string::npos);
}

TEST(LocalMemory, OutOfRange) {
  RowRun run("",
             "  auto *p = reinterpret_cast<uint32_t *>(0x40000);\n"
             "  p[2 * get_arg_val<uint32_t>(0)] = 1;\n",
             1);
  expectFault(run.result, FaultCode::BadAddress, 5, "outside");
}

TEST(LocalMemory, Misaligned) {
  RowRun run("",
             "  auto *p = reinterpret_cast<uint32_t *>("
             "get_arg_val<uint32_t>(0) + 2);\n"
             "  *p = 1;\n",
             1);
  expectFault(run.result, FaultCode::Misaligned, 5, "no multiple of 4");
}

TEST(LocalMemory, PollingForeverIsADeadlock) {
  RowRun run("",
             "  auto *p = reinterpret_cast<volatile uint32_t *>("
             "get_arg_val<uint32_t>(0));\n"
             "  while (*p != 77) {\n  }\n",
             1);
  expectFault(run.result, FaultCode::Deadlock, 5, "polls");
}

#if !defined(__has_feature)
#define __has_feature(x) 0
#endif
#if !__has_feature(address_sanitizer)
TEST(LocalMemory, CrashesAreFaults) {
  RowRun divide("",
                "  const uint32_t x = get_arg_val<uint32_t>(1);\n"
                "  *(uint32_t *)0x40000 = 5 / x;\n",
                1);
  expectFault(divide.result, FaultCode::KernelCrash, 0, "divides by zero");
  RowRun stack("__attribute__((noinline)) uint32_t deep(uint32_t n) {\n"
               "  volatile char room[4096]; room[n % 4096] = n;\n"
               "  return n ? deep(n - 1) + room[0] : 0;\n}",
               "  *(uint32_t *)0x40000 = deep(100000);\n", 1);
  expectFault(stack.result, FaultCode::StackOverflow, 0, "stack");
  // After a crash the next run is as good as new.
  RowRun fine("", "  *(uint32_t *)0x40000 = 5;\n", 1);
  EXPECT_TRUE(fine.result.ok());
}
#endif

/// Cycles of a BRISC kernel beyond those of an empty one.
double plainCycles(const std::string &body) {
  auto cycles = [](const std::string &text) {
    const RowRun run("", text, 1);
    EXPECT_TRUE(run.result.ok()) << faultText(run.result);
    return double(run.result.cycles);
  };
  return cycles(body) - cycles("");
}

// Plain instructions take the time of an in-order RV32IM: a load of L1 eight
// cycles, a store five, and the loop around them.
TEST(InstructionTime, WordsOfL1) {
  auto copy = [](const char *count) {
    return std::string("  auto *p = (tt_l1_ptr uint32_t *)0x40000;\n"
                       "  auto *q = (tt_l1_ptr uint32_t *)0x50000;\n"
                       "  for (uint32_t i = 0; i < ") +
           count + "; ++i) q[i] = p[i] * p[i] + i;\n";
  };
  const double some = plainCycles(copy("512")),
               more = plainCycles(copy("4096"));
  EXPECT_GT(more, 4096 * 13.0);
  EXPECT_LT(more, 4096 * 24.0);
  EXPECT_NEAR(more / some, 8.0, 0.4);
}

// However the compiler writes it: a block that is copied takes its words' time.
TEST(InstructionTime, CopiedBlocks) {
  const double cycles = plainCycles("  __builtin_memcpy((void *)0x50000, "
                                    "(void *)0x40000, 8192);\n");
  EXPECT_NEAR(cycles, 2048 * 13.0, 2048 * 2.0);
}

// No floating point in hardware: a sum of floats costs more than one of words.
TEST(InstructionTime, FloatsAreSlow) {
  auto sum = [](const char *type) {
    return std::string("  auto *p = (tt_l1_ptr ") + type + " *)0x40000;\n  " +
           type +
           " sum = 0;\n  for (uint32_t i = 0; i < 1024; ++i) sum += p[i];\n"
           "  p[0] = sum;\n";
  };
  EXPECT_GT(plainCycles(sum("float")),
            plainCycles(sum("uint32_t")) + 1024 * 40);
}

// What the measured cost of a transfer has in it is not counted twice, and a
// kernel that only calls takes the time of its calls.
TEST(InstructionTime, LoopsOfTransfersCostTheirIssue) {
  const double cycles =
      plainCycles("  const uint64_t from = get_noc_addr(18, 18, 0x40000);\n"
                  "  for (uint32_t i = 0; i < 1000; ++i)\n"
                  "    noc_async_read(from, 0x50000, 32);\n"
                  "  noc_async_read_barrier();\n");
  EXPECT_NEAR(cycles, 1000 * 19.0 + 150, 250);
}

// Without it, a loop that calls nothing takes no time.
TEST(InstructionTime, CanBeLeftOut) {
  const std::string body = "  auto *p = (tt_l1_ptr uint32_t *)0x40000;\n"
                           "  for (uint32_t i = 0; i < 512; ++i) p[i] = i;\n";
  EXPECT_GT(plainCycles(body), 512 * 5);
  setenv("TILEWRIGHT_INSTRUCTION_TIME", "0", 1);
  const double without = plainCycles(body);
  unsetenv("TILEWRIGHT_INSTRUCTION_TIME");
  EXPECT_EQ(without, 0);
}

} // namespace
