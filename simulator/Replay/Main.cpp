//===- Main.cpp - tilewright-replay ---------------------------------------===//

#include "Replay/Replay.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

using namespace tilewright;

static int usage() {
  std::fputs(
      "usage: tilewright-replay [--chip NAME] [--own] TRACE...\n\n"
      "Replays NoC traces of tt-metal's device profiler on the simulated chip\n"
      "and compares the end with the recorded one.\n\n"
      "  --chip NAME  n150 (the default), n300, p150 or p100a\n"
      "  --own        issue each call as soon as the one before it allows,\n"
      "               not when the trace says\n",
      stderr);
  return 2;
}

int main(int argc, char **argv) {
  const arch::Chip *chip = arch::findChip("n150");
  sim::IssueTimes times = sim::IssueTimes::Recorded;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (!std::strcmp(argv[i], "--own"))
      times = sim::IssueTimes::Own;
    else if (!std::strcmp(argv[i], "--chip") && i + 1 < argc)
      chip = arch::findChip(argv[++i]);
    else if (argv[i][0] == '-')
      return usage();
    else
      files.push_back(argv[i]);
  }
  if (!chip || files.empty())
    return usage();
  double sum = 0, worst = 0;
  int failed = 0;
  size_t replayed = 0;
  std::puts("recorded  simulated   error  skipped  trace");
  for (const std::string &file : files) {
    try {
      const sim::ReplayResult result =
          sim::replay(*chip, sim::readNocTrace(file), times);
      for (const sim::Fault &fault : result.faults)
        std::fprintf(stderr, "%s\n", fault.render().c_str());
      failed |= !result.faults.empty();
      ++replayed;
      sum += std::abs(result.error());
      if (std::abs(result.error()) > std::abs(worst))
        worst = result.error();
      std::printf("%8llu  %9llu  %+5.1f %%  %7u  %s\n",
                  static_cast<unsigned long long>(result.recorded),
                  static_cast<unsigned long long>(result.cycles),
                  result.error() * 100, result.skipped, file.c_str());
    } catch (const std::exception &error) {
      std::fprintf(stderr, "error: %s\n", error.what());
      failed = 1;
    }
  }
  if (replayed)
    std::printf("mean error %.1f %%, largest %+.1f %%\n",
                sum / double(replayed) * 100, worst * 100);
  return failed;
}
