//===- ReplayTest.cpp - NoC traces of silicon on the simulated chip -------===//

#include "Calibration.h"

#include "Replay/Replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

using namespace tilewright;
using namespace tilewright::test;

namespace {

std::vector<std::filesystem::path> traces() {
  std::vector<std::filesystem::path> files;
  for (const auto &entry : std::filesystem::directory_iterator(
           std::string(TILEWRIGHT_SILICON) + "/noc-traces"))
    if (entry.path().extension() == ".trace")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// With the recorded issue times, the end is what the model of the NoC says.
TEST(Replay, EndsWithSilicon) {
  const auto files = traces();
  ASSERT_EQ(files.size(), 47u);
  double sum = 0;
  for (const auto &file : files) {
    const ReplayResult result = replay(
        *arch::findChip("n150"), readNocTrace(file), IssueTimes::Recorded);
    EXPECT_TRUE(result.faults.empty()) << file;
    EXPECT_EQ(result.skipped, 0u) << file;
    compare("NoC traces, recorded issue times", file.stem(),
            double(result.recorded), double(result.cycles));
    EXPECT_LE(std::abs(result.error()), 0.13) << file;
    sum += std::abs(result.error());
  }
  EXPECT_LE(sum / double(files.size()), 0.04);
}

// With its own issue times and the cost of the recording, a prediction.
TEST(Replay, PredictsWithoutIssueTimes) {
  double sum = 0;
  const auto files = traces();
  for (const auto &file : files) {
    const ReplayResult result =
        replay(*arch::findChip("n150"), readNocTrace(file), IssueTimes::Own);
    compare("NoC traces, own issue times", file.stem(), double(result.recorded),
            double(result.cycles));
    sum += std::abs(result.error());
  }
  EXPECT_LE(sum / double(files.size()), 0.15);
}

class TraceFile {
public:
  explicit TraceFile(const std::string &text)
      : path(std::filesystem::temp_directory_path() /
             ("tilewright-trace-" + std::to_string(++count) + "-" +
              testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::ofstream(path) << text;
  }
  ~TraceFile() { std::filesystem::remove(path); }
  const std::filesystem::path path;

private:
  static inline int count = 0;
};

std::string event(const std::string &type, int time, const std::string &more) {
  return R"(,{"proc":"NCRISC","noc":"NOC_0","sx":1,"sy":1,"type":")" + type +
         R"(","timestamp":)" + std::to_string(1000 + time) + more + "}\n";
}

const std::string kBegin =
    R"([{"proc":"NCRISC","zone":"NCRISC-KERNEL","zone_phase":"begin",)"
    R"("sx":1,"sy":1,"timestamp":1000})";

TEST(Replay, ReadsEveryTypeOfTheProfiler) {
  const TraceFile file(
      kBegin + event("WRITE_", 100, R"(,"dx":3,"dy":2,"num_bytes":2048)") +
      event("WRITE_MULTICAST", 220,
            R"(,"mcast_start_x":1,"mcast_start_y":1,"mcast_end_x":4,)"
            R"("mcast_end_y":2,"num_bytes":4096)") +
      event("WRITE_BARRIER_START", 340, "") +
      event("WRITE_BARRIER_END", 900, "") +
      event("READ_SET_STATE", 1000, R"(,"dx":0,"dy":11,"num_bytes":1024)") +
      event("READ_WITH_STATE", 1100, R"(,"dx":-1,"dy":-1,"num_bytes":0)") +
      event("READ_BARRIER_START", 1200, "") +
      event("READ_BARRIER_END", 1700, "") +
      event("SEMAPHORE_INC", 1800, R"(,"dx":2,"dy":2,"num_bytes":4)") +
      event("ATOMIC_BARRIER", 1900, "") + event("SOMETHING_NEW", 2300, "") +
      R"(,{"proc":"NCRISC","zone":"NCRISC-KERNEL","zone_phase":"end",)"
      R"("sx":1,"sy":1,"timestamp":3400}])");
  const NocTrace trace = readNocTrace(file.path);
  EXPECT_EQ(trace.cycles(), 2400u);
  EXPECT_EQ(trace.skipped, 1u);
  ASSERT_EQ(trace.kernels.size(), 1u);
  ASSERT_EQ(trace.kernels[0].events.size(), 9u);
  EXPECT_EQ(trace.kernels[0].events[4].bytes, 1024u);
  const ReplayResult result =
      replay(*arch::findChip("n150"), trace, IssueTimes::Recorded);
  EXPECT_TRUE(result.faults.empty());
  EXPECT_EQ(result.bytes, 2048u + 4096 + 1024 + 4);
  EXPECT_NEAR(double(result.cycles), 2400, 100);
}

// A barrier waits for the data, also when the trace says less.
TEST(Replay, DelaysWhatWaitsForData) {
  const TraceFile file(
      kBegin + event("READ", 100, R"(,"dx":3,"dy":2,"num_bytes":524288)") +
      event("READ_BARRIER_START", 200, "") +
      event("READ_BARRIER_END", 300, "") + "]");
  const ReplayResult result = replay(
      *arch::findChip("n150"), readNocTrace(file.path), IssueTimes::Recorded);
  EXPECT_EQ(result.recorded, 300u);
  EXPECT_NEAR(double(result.cycles), 100 + 524288 / 28.7 + 300, 400);
}

TEST(Replay, SaysWhatIsWrongWithAFile) {
  auto message = [](const std::string &text) -> std::string {
    const TraceFile file(text);
    try {
      readNocTrace(file.path);
    } catch (const std::runtime_error &error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message("[{\"proc\":").find("JSON list"), std::string::npos);
  EXPECT_NE(message("[]").find("no begin of a kernel"), std::string::npos);
  EXPECT_NE(message("kernel N 1 1 0 0\n12 0 NOTHING\n").find("line 2"),
            std::string::npos);
  EXPECT_NE(message(kBegin + R"(,{"proc":"BRISC","sx":"one"}])")
                .find("of another type"),
            std::string::npos);
}

} // namespace
