//===- Rows.h - the measured matmuls of test/data/silicon -------*- C++ -*-===//

#ifndef TILEWRIGHT_TEST_CALIBRATION_ROWS_H
#define TILEWRIGHT_TEST_CALIBRATION_ROWS_H

#include "programs/matmul_multicast/Host.h"

#include <cstdlib>
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

/// One row, by the names of its columns. Sizes that are no multiples of a tile
/// are rounded up to tiles. Without `device_cycles` the row is a prediction;
/// `out_block_*` are those of a core where they are missing. Throws
/// std::invalid_argument with what is wrong in the row.
inline MeasuredMatmul
parseMeasured(const std::map<std::string, std::string> &f) {
  auto field = [&](const char *key, const char *other = nullptr) {
    const auto found = f.find(key);
    if (found != f.end() && !found->second.empty())
      return found->second;
    if (!other)
      throw std::invalid_argument(std::string("no column ") + key);
    return std::string(other);
  };
  auto number = [&](const char *key, const char *other = nullptr) {
    const std::string text = field(key, other);
    if (text.empty() || text.size() > 9 ||
        text.find_first_not_of("0123456789") != std::string::npos)
      throw std::invalid_argument(std::string(key) + " is '" + text +
                                  "', no whole number");
    return static_cast<uint32_t>(std::stoul(text));
  };
  auto one = [&](const char *key, auto choices, const char *other = nullptr) {
    const std::string text = field(key, other);
    std::string names;
    for (const auto &[name, value] : choices) {
      if (text == name)
        return value;
      names += (names.empty() ? "" : ", ") + std::string(name);
    }
    throw std::invalid_argument(std::string(key) + " is '" + text +
                                "'; it can be " + names);
  };
  using Name = const char *;
  auto tiles = [&](const char *key) { return (number(key) + 31) / 32; };
  MeasuredMatmul row;
  row.chip = one("arch", std::vector<std::pair<Name, std::string>>{
                             {"wormhole_b0", "n150"}, {"blackhole", "p150"}});
  MatmulSchedule &s = row.schedule;
  s.gridX = number("grid_x");
  s.gridY = number("grid_y");
  s.m = tiles("M");
  s.k = tiles("K");
  s.n = tiles("N");
  s.format = one("dtype", std::vector<std::pair<Name, DataFormat>>{
                              {"bfloat16", DataFormat::Float16_b},
                              {"bfloat8_b", DataFormat::Bfp8_b},
                              {"bfloat4_b", DataFormat::Bfp4_b}});
  s.fidelity = one("fidelity", std::vector<std::pair<Name, MathFidelity>>{
                                   {"LoFi", MathFidelity::LoFi},
                                   {"HiFi2", MathFidelity::HiFi2},
                                   {"HiFi3", MathFidelity::HiFi3},
                                   {"HiFi4", MathFidelity::HiFi4}});
  const std::vector<std::pair<Name, bool>> places = {
      {"l1_block_sharded", true}, {"dram_interleaved", false}};
  s.aSharded = one("in0", places, "dram_interleaved");
  one("in1", std::vector<std::pair<Name, bool>>{{"dram_interleaved", false}},
      "dram_interleaved");
  s.cSharded = one("out", places, "dram_interleaved");
  s.coreM = number("per_core_M_tiles", "0");
  s.coreN = number("per_core_N_tiles", "0");
  s.blockK = number("in0_block_w_tiles");
  s.subH = number("out_subblock_h");
  s.subW = number("out_subblock_w");
  // An even share divides by the grid, which problem() looks at.
  const bool grid = s.gridX > 0 && s.gridY > 0;
  s.blockH =
      grid ? number("out_block_h_tiles", std::to_string(s.perCoreM()).c_str())
           : 0;
  s.blockW =
      grid ? number("out_block_w_tiles", std::to_string(s.perCoreN()).c_str())
           : 0;
  const std::string cycles = field("device_cycles", "0");
  char *rest = nullptr;
  row.cycles = std::strtod(cycles.c_str(), &rest);
  if (*rest || !(row.cycles >= 0))
    throw std::invalid_argument("device_cycles is '" + cycles +
                                "', no number of cycles");
  row.name = row.chip + " " + f.at("M") + "x" + f.at("K") + "x" + f.at("N") +
             " " + f.at("dtype") + " " + f.at("fidelity");
  if (const std::string what = s.problem(*arch::findChip(row.chip));
      !what.empty())
    throw std::invalid_argument(what);
  return row;
}

/// The rows of a table of tab-separated columns with a heading. Throws
/// std::invalid_argument that names the file and the line.
inline std::vector<MeasuredMatmul> readMeasured(std::istream &in,
                                                const std::string &path) {
  auto split = [](std::string line) {
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
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
  for (uint32_t at = 2; std::getline(in, line); ++at) {
    const auto fields = split(line);
    std::map<std::string, std::string> named;
    for (size_t i = 0; i < heading.size() && i < fields.size(); ++i)
      named[heading[i]] = fields[i];
    if (named.empty())
      continue;
    try {
      rows.push_back(parseMeasured(named));
    } catch (const std::invalid_argument &error) {
      throw std::invalid_argument(path + ":" + std::to_string(at) + ": " +
                                  error.what());
    }
  }
  return rows;
}
inline std::vector<MeasuredMatmul> readMeasured(const std::string &path) {
  std::ifstream in(path);
  if (!in)
    throw std::invalid_argument("cannot read " + path);
  return readMeasured(in, path);
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
