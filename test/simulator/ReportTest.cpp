//===- ReportTest.cpp - what a run says of itself -------------------------===//

#include "Harness.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace tilewright::test;
using tilewright::arch::findChip;
using Json = nlohmann::json;

namespace {

constexpr uint32_t kTiles = 24;

/// 24 tiles added on one core, through buffers of two pages.
RunResult addTiles(Device &device, const RunOptions &options) {
  const std::vector<CoreRange> core = {{{1, 2}, {1, 2}}};
  const Tensor a = Tensor::make(device, 32, 32 * kTiles, DataFormat::Float16_b);
  const Tensor b = Tensor::make(device, 32, 32 * kTiles, DataFormat::Float16_b);
  const Tensor c = Tensor::make(device, 32, 32 * kTiles, DataFormat::Float16_b);
  a.write(device, randomBf16(1024 * kTiles, 1));
  b.write(device, randomBf16(1024 * kTiles, 2));
  Program program;
  for (const auto &[name, index] :
       {std::pair("cb_a", 0u), std::pair("cb_b", 1u), std::pair("cb_c", 16u)})
    program.addCircularBuffer(
        buffer(name, index, DataFormat::Float16_b, 2, core));
  KernelSpec reader = fileKernel("add_reader.cpp", Processor::Ncrisc, core);
  a.describe(device, reader.compileTimeArgs);
  b.describe(device, reader.compileTimeArgs);
  KernelSpec writer = fileKernel("writer.cpp", Processor::Brisc, core);
  c.describe(device, writer.compileTimeArgs);
  KernelSpec compute = fileKernel("add_compute.cpp", Processor::Compute, core);
  const KernelId readerId = program.addKernel(reader);
  const KernelId computeId = program.addKernel(compute);
  const KernelId writerId = program.addKernel(writer);
  program.setRuntimeArgs(readerId, {1, 2},
                         {uint32_t(a.address), uint32_t(b.address), 0, kTiles});
  program.setRuntimeArgs(computeId, {1, 2}, {kTiles});
  program.setRuntimeArgs(writerId, {1, 2}, {uint32_t(c.address), 0, kTiles});
  return run(device, program, options);
}

TEST(Report, LinesAddUpToTheirAgent) {
  Device device(*findChip("n150"));
  const RunResult result = addTiles(device, {});
  ASSERT_TRUE(result.ok()) << result.faults.front().render();
  ASSERT_EQ(result.agents.size(), 5u);
  for (const AgentReport &agent : result.agents) {
    EXPECT_EQ(agent.core, (CoreCoord{1, 2}));
    uint64_t busy = 0, waited = 0, lines = 0;
    for (const LineReport &line : result.lines)
      if (line.agent == agent.agent) {
        busy += line.busy;
        waited += line.waits.total();
        ++lines;
        EXPECT_TRUE(line.file.ends_with(".cpp")) << line.file;
        EXPECT_GT(line.calls, 0u);
      }
    // Each line, and each kind of wait, is rounded up to a whole cycle.
    EXPECT_GE(busy, agent.busy);
    EXPECT_LE(busy, agent.busy + lines) << agent.agent;
    EXPECT_NEAR(double(waited), double(agent.waits.total()), 8.0 * lines)
        << agent.agent;
    // Nothing but calls takes time: work and waits fill the agent's life.
    EXPECT_NEAR(double(agent.busy + agent.waits.total()),
                double(agent.end - agent.start), 10.0)
        << agent.agent;
  }
}

TEST(Report, BuffersAndDst) {
  Device device(*findChip("n150"));
  const RunResult result = addTiles(device, {});
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result.buffers.size(), 3u);
  for (const BufferReport &buffer : result.buffers) {
    EXPECT_EQ(buffer.pushed, kTiles) << buffer.name;
    EXPECT_GE(buffer.peak, 1u);
    EXPECT_LE(buffer.peak, buffer.pages);
    EXPECT_GT(buffer.mean, 0.0);
    EXPECT_LT(buffer.mean, buffer.peak);
  }
  ASSERT_EQ(result.dst.size(), 1u);
  EXPECT_GT(result.dst[0].mean, 0.0);
  EXPECT_LE(result.dst[0].mean, result.dst[0].sections);
}

TEST(Report, JsonSaysTheSame) {
  Device device(*findChip("p150"));
  const RunResult result = addTiles(device, {});
  const Json json = Json::parse(result.json());
  EXPECT_EQ(json["schema_version"], 2);
  EXPECT_EQ(json["chip"], "p150");
  EXPECT_EQ(json["cycles"], result.cycles);
  EXPECT_EQ(json["agents"].size(), 5u);
  EXPECT_EQ(json["lines"].size(), result.lines.size());
  EXPECT_EQ(json["circular_buffers"][0]["name"], "cb_a");
}

TEST(Report, TraceIsComplete) {
  Device device(*findChip("n150"));
  RunOptions options;
  options.trace = true;
  const RunResult result = addTiles(device, options);
  ASSERT_TRUE(result.ok());
  const Json events = Json::parse(result.trace)["traceEvents"];
  std::set<int> threads;
  size_t pushes = 0, levels = 0;
  for (const Json &event : events) {
    if (event["ph"] == "X") {
      threads.insert(event["tid"].get<int>());
      pushes += event["name"] == "cb_push_back";
      EXPECT_GT(event["dur"].get<double>(), 0);
    }
    levels += event["ph"] == "C";
  }
  EXPECT_EQ(threads.size(), 5u);
  EXPECT_EQ(pushes, 3 * kTiles);
  EXPECT_EQ(levels, 2 * 3 * kTiles); // each page comes and goes
  EXPECT_TRUE(addTiles(device, {}).trace.empty());
}

TEST(Report, FilesAreWrittenOrWarnedOf) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "tilewright-report-test";
  std::filesystem::remove_all(folder);
  Device device(*findChip("n150"));
  RunOptions options;
  options.reportFolder = folder.string();
  ASSERT_TRUE(addTiles(device, options).warnings.empty());
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  EXPECT_EQ(names.size(), 2u);
  for (const std::string &name : names) {
    std::ifstream file(folder / name);
    EXPECT_TRUE(Json::accept(file)) << name;
  }
  std::filesystem::remove_all(folder);

  options.reportFolder = "/proc/no/such/folder";
  const RunResult refused = addTiles(device, options);
  EXPECT_TRUE(refused.ok());
  ASSERT_EQ(refused.warnings.size(), 1u);
  EXPECT_EQ(refused.warnings[0].code, FaultCode::ReportNotWritten);
}

TEST(Report, EqualRunsGiveEqualBytes) {
  Device first(*findChip("n150")), second(*findChip("n150"));
  RunOptions options;
  options.trace = true;
  const RunResult a = addTiles(first, options);
  const RunResult b = addTiles(second, options);
  EXPECT_EQ(a.json(), b.json());
  EXPECT_EQ(a.trace, b.trace);
}

/// A trace has a limit, and says so where it is reached.
TEST(Report, TraceHasALimit) {
  setenv("TILEWRIGHT_TRACE_CALLS", "7", 1);
  Device device(*tilewright::arch::findChip("n150"));
  RunOptions options;
  options.trace = true;
  const RunResult result = addTiles(device, options);
  setenv("TILEWRIGHT_TRACE_CALLS", "few", 1);
  const RunResult refused = addTiles(device, options);
  unsetenv("TILEWRIGHT_TRACE_CALLS");
  ASSERT_TRUE(result.ok()) << faultText(result);
  uint32_t calls = 0, marks = 0;
  const Json events = Json::parse(result.trace)["traceEvents"];
  for (const Json &event : events) {
    calls += event["ph"] == "X";
    marks += event["ph"] == "i";
  }
  EXPECT_EQ(calls, 7u);
  EXPECT_EQ(marks, 1u);
  EXPECT_NE(faultText(refused).find("TILEWRIGHT_TRACE_CALLS is 'few'"),
            std::string::npos);
}

/// Stretches that a kernel names stand in the report and in the trace.
TEST(Report, ShowsTheZonesOfKernels) {
  Device device(*findChip("n150"));
  Program program;
  program.addKernel(textKernel("zones.cpp",
                               "void kernel_main() {\n"
                               "  for (int i = 0; i < 3; ++i) {\n"
                               "    DeviceZoneScopedN(\"OUTER\");\n"
                               "    riscv_wait(100);\n"
                               "    { DeviceZoneScopedN(\"INNER\");\n"
                               "      riscv_wait(40); }\n"
                               "  }\n"
                               "}\n",
                               Processor::Brisc));
  RunOptions options;
  options.trace = true;
  const RunResult result = run(device, program, options);
  ASSERT_TRUE(result.ok()) << result.faults.front().render();
  ASSERT_EQ(result.zones.size(), 2u);
  EXPECT_EQ(result.zones[0].name, "OUTER");
  EXPECT_EQ(result.zones[0].agent, "BRISC");
  EXPECT_EQ(result.zones[0].count, 3u);
  EXPECT_EQ(result.zones[0].cycles, 420u);
  EXPECT_EQ(result.zones[1].cycles, 120u);
  EXPECT_NE(result.trace.find("INNER"), std::string::npos);
}

} // namespace
