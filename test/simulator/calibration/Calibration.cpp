//===- Calibration.cpp - programs that are timed against silicon ----------===//

#include "Calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace tilewright::test {
namespace {

struct Row {
  std::string what;
  double measured, simulated;
  double error() const { return simulated / measured - 1; }
};
/// By table.
std::map<std::string, std::vector<Row>> &rows() {
  static std::map<std::string, std::vector<Row>> all;
  return all;
}

/// Prints every row, or the mean and the largest error of each table.
class TablePrinter : public testing::Environment {
public:
  void TearDown() override {
    const char *wish = std::getenv("TILEWRIGHT_CALIBRATION_TABLE");
    if (wish && std::string(wish) == "rows")
      printRows();
    else if (wish)
      printTables();
  }

private:
  static void printRows() {
    std::puts("| table | case | measured | simulated | error |\n"
              "|---|---|---|---|---|");
    for (const auto &[table, points] : rows())
      for (const Row &row : points)
        std::printf("| %s | %s | %.6g | %.6g | %+.1f %% |\n", table.c_str(),
                    row.what.c_str(), row.measured, row.simulated,
                    row.error() * 100);
  }
  static void printTables() {
    std::puts("| table | points | mean error | largest error | where |\n"
              "|---|---|---|---|---|");
    for (const auto &[table, points] : rows()) {
      double sum = 0;
      const Row *worst = &points.front();
      for (const Row &row : points) {
        sum += std::abs(row.error());
        if (std::abs(row.error()) > std::abs(worst->error()))
          worst = &row;
      }
      std::printf("| %s | %zu | %.1f %% | %+.1f %% | %s |\n", table.c_str(),
                  points.size(), sum / double(points.size()) * 100,
                  worst->error() * 100, worst->what.c_str());
    }
  }
};
const auto *const printer = testing::AddGlobalTestEnvironment(new TablePrinter);

} // namespace

void compare(const std::string &table, const std::string &what, double measured,
             double simulated) {
  rows()[table].push_back({what, measured, simulated});
}

bool fullTests() {
  const char *value = std::getenv("TILEWRIGHT_FULL_TESTS");
  return value && std::string(value) == "1";
}

Movement::Movement(const char *chip, uint8_t noc, CoreCoord grid)
    : device(*arch::findChip(chip), grid.x, grid.y), noc(noc) {}

void Movement::add(const std::string &file, CoreCoord core,
                   const std::vector<uint32_t> &args) {
  auto found = std::find_if(pending.begin(), pending.end(),
                            [&](const auto &one) { return one.first == file; });
  if (found == pending.end())
    found = pending.insert(pending.end(), {file, {}});
  found->second.push_back({core, args});
}

double Movement::cycles() {
  for (const auto &[file, uses] : pending) {
    KernelSpec spec;
    spec.name = file;
    spec.path = std::string(TILEWRIGHT_CALIBRATION) + "/kernels/" + file;
    spec.processor = Processor::Ncrisc;
    spec.noc = noc;
    for (const auto &use : uses)
      spec.cores.push_back({use.first, use.first});
    const KernelId id = program.addKernel(std::move(spec));
    for (const auto &[core, args] : uses)
      program.setRuntimeArgs(id, core, args);
  }
  RunOptions options;
  options.withData = false;
  const RunResult result = run(device, program, options);
  EXPECT_TRUE(result.ok()) << faultText(result);
  if (result.agents.empty())
    return 0;
  uint64_t begin = result.agents.front().start, end = 0;
  for (const AgentReport &agent : result.agents) {
    begin = std::min(begin, agent.start);
    end = std::max(end, agent.end);
  }
  return static_cast<double>(end - begin);
}

CoreCoord Movement::nearest(uint32_t bank, uint8_t noc) const {
  const arch::Chip &chip = device.chip();
  const arch::NocCoord from = chip.dramEndpoints[noc][bank];
  CoreCoord best;
  uint32_t fewest = ~0u;
  for (uint32_t y = 0; y < device.grid().y; ++y)
    for (uint32_t x = 0; x < device.grid().x; ++x) {
      const arch::NocCoord to = chip.physical(x, y);
      const uint32_t w = chip.nocGrid.x, h = chip.nocGrid.y;
      const uint32_t dx = (to.x + w - from.x) % w, dy = (to.y + h - from.y) % h;
      const uint32_t hops = noc == 0 ? dx + dy : (w - dx) % w + (h - dy) % h;
      // Never along a column first: rows are what banks do not share.
      if (to.y == from.y && hops < fewest) {
        fewest = hops;
        best = {x, y};
      }
    }
  return best;
}

} // namespace tilewright::test
