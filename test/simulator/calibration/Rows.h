//===- Rows.h - the measured matmuls of test/data/silicon -------*- C++ -*-===//

#ifndef TILEWRIGHT_TEST_CALIBRATION_ROWS_H
#define TILEWRIGHT_TEST_CALIBRATION_ROWS_H

#include "programs/matmul_multicast/Host.h"

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace tilewright::test {

struct MeasuredMatmul {
  std::string chip;
  MatmulSchedule schedule;
  double cycles = 0; ///< of the math kernel, mean over the cores
  std::string name;
};

inline MeasuredMatmul
parseMeasured(const std::map<std::string, std::string> &f) {
  auto number = [&](const char *key) {
    return static_cast<uint32_t>(std::stoul(f.at(key)));
  };
  MeasuredMatmul row;
  row.chip = f.at("arch") == "blackhole" ? "p150" : "n150";
  MatmulSchedule &s = row.schedule;
  s.gridX = number("grid_x");
  s.gridY = number("grid_y");
  s.m = number("M") / 32;
  s.k = number("K") / 32;
  s.n = number("N") / 32;
  const std::string &type = f.at("dtype");
  s.format = type == "bfloat16"    ? DataFormat::Float16_b
             : type == "bfloat8_b" ? DataFormat::Bfp8_b
                                   : DataFormat::Bfp4_b;
  const std::string &fidelity = f.at("fidelity");
  s.fidelity = fidelity == "LoFi"    ? MathFidelity::LoFi
               : fidelity == "HiFi2" ? MathFidelity::HiFi2
               : fidelity == "HiFi3" ? MathFidelity::HiFi3
                                     : MathFidelity::HiFi4;
  s.aSharded = f.at("in0") == "l1_block_sharded";
  s.cSharded = f.at("out") == "l1_block_sharded";
  s.blockK = number("in0_block_w_tiles");
  s.blockH = number("out_block_h_tiles");
  s.blockW = number("out_block_w_tiles");
  s.subH = number("out_subblock_h");
  s.subW = number("out_subblock_w");
  row.cycles = std::stod(f.at("device_cycles"));
  row.name = row.chip + " " + f.at("M") + "x" + f.at("K") + "x" + f.at("N") +
             " " + type + " " + fidelity;
  return row;
}

/// The rows of a table of tab-separated columns with a heading.
inline std::vector<MeasuredMatmul> readMeasured(const std::string &path) {
  std::ifstream in(path);
  if (!in)
    throw std::runtime_error("cannot read " + path);
  auto split = [](const std::string &line) {
    std::vector<std::string> fields;
    std::istringstream text(line);
    for (std::string field; std::getline(text, field, '\t');)
      fields.push_back(field);
    return fields;
  };
  std::string line;
  std::getline(in, line);
  const auto heading = split(line);
  std::vector<MeasuredMatmul> rows;
  while (std::getline(in, line)) {
    const auto fields = split(line);
    std::map<std::string, std::string> named;
    for (size_t i = 0; i < heading.size() && i < fields.size(); ++i)
      named[heading[i]] = fields[i];
    if (!named.empty())
      rows.push_back(parseMeasured(named));
  }
  return rows;
}

/// Cycles of the math kernel, mean over the cores.
inline double mathCycles(const RunResult &result) {
  double sum = 0;
  uint32_t count = 0;
  for (const AgentReport &agent : result.agents)
    if (agent.agent == "MATH") {
      sum += double(agent.end - agent.start);
      ++count;
    }
  return count ? sum / count : 0;
}

} // namespace tilewright::test

#endif // TILEWRIGHT_TEST_CALIBRATION_ROWS_H
