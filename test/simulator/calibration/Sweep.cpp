//===- Sweep.cpp - the error of the matmul time, row by row ---------------===//
//
// simulator_calibration [TABLE] [FILTER]: simulates the rows of the table whose
// name contains FILTER, without data, and prints measured and simulated cycles,
// then mean and maximum of the errors for each chip. A table that a matmul of
// TT-NN would not take is named with its line, and nothing is simulated; a row
// that does not run (its blocks do not fit in L1) is named with its fault.
//
// NAME=VALUE among the filters sets a parameter of the chips for this run.
//
//===----------------------------------------------------------------------===//

#include "calibration/Parameters.h"
#include "calibration/Rows.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

using namespace tilewright::test;

static int sweep(int argc, char **argv) {
  const std::string table = argc > 1 ? argv[1] : TILEWRIGHT_SILICON "/gemm.tsv";
  std::vector<std::string> filters;
  std::vector<std::string> settings;
  for (int i = 2; i < argc; ++i)
    (std::strchr(argv[i], '=') ? settings : filters).push_back(argv[i]);
  const double most = std::getenv("MOST") ? std::atof(std::getenv("MOST")) : 0;
  struct Sum {
    double total = 0, worst = 0;
    uint32_t count = 0;
  };
  std::map<std::string, Sum> sums;
  uint32_t failed = 0;
  for (const MeasuredMatmul &row : readMeasured(table)) {
    bool wanted = true;
    for (const std::string &filter : filters)
      wanted &= row.name.find(filter) != std::string::npos;
    if (!wanted || (most && row.cycles > most))
      continue;
    tilewright::arch::Chip chip = *tilewright::arch::findChip(row.chip);
    for (const std::string &setting : settings)
      setParameter(chip, setting);
    Device device(chip, row.schedule.gridX, row.schedule.gridY);
    const MatmulMulticast matmul(device, row.schedule);
    RunOptions options;
    options.withData = false;
    const RunResult result =
        tilewright::sim::run(device, matmul.program, options);
    if (!result.ok()) {
      std::printf("%s: %s", row.name.c_str(), faultText(result).c_str());
      ++failed;
      continue;
    }
    const double cycles = mathCycles(result);
    const double error = row.cycles ? cycles / row.cycles - 1 : 0;
    if (std::getenv("LINES"))
      for (const LineReport &line : result.lines)
        if (line.busy + line.waits.total() > 20000)
          std::printf("  %-6.*s %s:%u %s: %llu calls, busy %llu, waits %llu\n",
                      int(line.agent.size()), line.agent.data(),
                      line.file.c_str() + line.file.find_last_of('/') + 1,
                      line.line, line.call.c_str(),
                      (unsigned long long)line.calls,
                      (unsigned long long)line.busy,
                      (unsigned long long)line.waits.total());
    if (row.cycles) {
      Sum &sum = sums[row.chip];
      sum.total += std::abs(error);
      sum.worst = std::max(sum.worst, std::abs(error));
      ++sum.count;
    }
    // A row without measured cycles is a prediction.
    char measured[16] = "-", off[16] = "";
    if (row.cycles) {
      std::snprintf(measured, sizeof measured, "%.0f", row.cycles);
      std::snprintf(off, sizeof off, "%+.1f %%", 100 * error);
    }
    std::printf("%-44s %c%c %3u %2ux%-2u %ux%u %11s %11.0f %8s  %6.2f s\n",
                row.name.c_str(), row.schedule.aSharded ? 's' : 'd',
                row.schedule.cSharded ? 's' : 'd', row.schedule.blockK,
                row.schedule.blockH, row.schedule.blockW, row.schedule.subH,
                row.schedule.subW, measured, cycles, off, result.simMs / 1000);
    std::fflush(stdout);
  }
  for (const auto &[chip, sum] : sums)
    std::printf("%s: %u rows, mean %.1f %%, most %.1f %%\n", chip.c_str(),
                sum.count, 100 * sum.total / sum.count, 100 * sum.worst);
  if (failed)
    std::printf("%u rows did not run\n", failed);
  return failed ? 1 : 0;
}

int main(int argc, char **argv) {
  try {
    return sweep(argc, argv);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "simulator_calibration: %s\n", error.what());
    return 2;
  }
}
