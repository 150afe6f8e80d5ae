//===- Launch.cpp - Running a program for a host program ------------------===//
//
// What kernels print goes to the standard output, a line at a time, with the
// device, the core and the processor in front as the SDK does. As there,
// TT_METAL_DPRINT_CORES and TT_METAL_DPRINT_RISCVS choose who is heard (all
// when unset), TT_METAL_DPRINT_FILE names a file instead, and
// TT_METAL_DPRINT_PREPEND_DEVICE_CORE_RISC=0 leaves the prefix out.
//
//===----------------------------------------------------------------------===//

#include "ProgramImpl.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace tilewright::sim::host {
namespace {

void appendReport(const RunResult &result) {
  const char *path = std::getenv("TILEWRIGHT_REPORT");
  if (!path || !*path)
    return;
  // One line a launch; the first launch of the process starts the file.
  static bool started = false;
  std::FILE *file = std::fopen(path, started ? "a" : "w");
  started = true;
  if (!file) {
    std::fprintf(stderr, "TILEWRIGHT_REPORT: %s cannot be written\n", path);
    return;
  }
  std::string json = result.json();
  std::replace(json.begin(), json.end(), '\n', ' ');
  std::fprintf(file, "%s\n", json.c_str());
  std::fclose(file);
}

std::string setting(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

std::string_view riscName(std::string_view agent) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"BRISC", "BR"},
      {"NCRISC", "NC"},
      {"UNPACK", "TR0"},
      {"MATH", "TR1"},
      {"PACK", "TR2"}};
  for (const auto &[kind, name] : names)
    if (kind == agent)
      return name;
  return agent;
}

/// Whether a list such as "(0,0)-(0,3);(2,2)", "1,1" or "all" names the core.
bool names(const std::string &list, CoreCoord core) {
  std::vector<uint32_t> numbers;
  std::vector<bool> rangeAfter;
  for (size_t i = 0; i < list.size();) {
    if (list[i] >= '0' && list[i] <= '9') {
      char *end = nullptr;
      numbers.push_back(
          static_cast<uint32_t>(std::strtoul(list.c_str() + i, &end, 10)));
      rangeAfter.push_back(false);
      i = static_cast<size_t>(end - list.c_str());
    } else {
      if (list[i] == '-' && !rangeAfter.empty())
        rangeAfter.back() = true;
      ++i;
    }
  }
  if (numbers.size() < 2)
    return true;
  for (size_t i = 0; i + 1 < numbers.size(); i += 2) {
    size_t last = i;
    if (rangeAfter[i + 1] && i + 3 < numbers.size())
      last = i + 2;
    if (core.x >= numbers[i] && core.x <= numbers[last] &&
        core.y >= numbers[i + 1] && core.y <= numbers[last + 1])
      return true;
    i = last;
  }
  return false;
}

void print(const RunResult &result, int device) {
  const std::string cores = setting("TT_METAL_DPRINT_CORES");
  const std::string riscs = setting("TT_METAL_DPRINT_RISCVS");
  const std::string path = setting("TT_METAL_DPRINT_FILE");
  const bool prefix =
      setting("TT_METAL_DPRINT_PREPEND_DEVICE_CORE_RISC") != "0";
  static std::FILE *file = nullptr;
  if (!path.empty() && !file) {
    file = std::fopen(path.c_str(), "w");
    if (!file)
      std::fprintf(stderr, "TT_METAL_DPRINT_FILE: %s cannot be written\n",
                   path.c_str());
  }
  std::FILE *out = file ? file : stdout;
  for (const PrintedLine &line : result.printed) {
    const std::string_view risc = riscName(line.agent);
    if (!cores.empty() && !names(cores, line.core))
      continue;
    if (!riscs.empty() && riscs.find(risc) == std::string::npos)
      continue;
    if (prefix)
      std::fprintf(out, "%d:(x=%u,y=%u):%.*s: ", device, line.core.x,
                   line.core.y, static_cast<int>(risc.size()), risc.data());
    std::fwrite(line.text.data(), 1, line.text.size(), out);
    if (line.text.empty() || line.text.back() != '\n')
      std::fputc('\n', out);
  }
  std::fflush(out);
}

/// The message of an exception that a program does not catch, by itself.
[[noreturn]] void sayAndStop() {
  std::fflush(stdout);
  if (const std::exception_ptr current = std::current_exception()) {
    try {
      std::rethrow_exception(current);
    } catch (const std::exception &error) {
      std::fprintf(stderr, "%s\n", error.what());
      std::_Exit(1);
    } catch (...) {
    }
  }
  std::fprintf(stderr, "the program ends without having caught an exception\n");
  std::_Exit(1);
}

const std::terminate_handler before = std::set_terminate(sayAndStop);

} // namespace

void launch(Device &device, const Program &program, int number) {
  (void)before;
  // Programs that silicon runs well are run, and told what they leave out.
  RunOptions options;
  options.tolerant = setting("TILEWRIGHT_STRICT") != "1";
  const RunResult result = run(device, program, options);
  print(result, number);
  for (const Fault &warning : result.warnings)
    std::fprintf(stderr, "%s\n", warning.render().c_str());
  appendReport(result);
  if (result.ok())
    return;
  std::string text;
  for (const Fault &fault : result.faults)
    text += (text.empty() ? "" : "\n") + fault.render();
  throw std::runtime_error(text);
}

} // namespace tilewright::sim::host
