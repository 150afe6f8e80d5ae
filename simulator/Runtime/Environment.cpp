//===- Environment.cpp - options of a run from the environment ------------===//

#include "Runtime/Environment.h"

#include <charconv>
#include <cstdlib>

namespace tilewright::sim {

namespace {

/// The whole number of a variable; nothing where there is none, and `bad` is
/// its text where it is something else.
std::optional<uint64_t> numberOf(const char *name, const char *&bad) {
  const char *text = std::getenv(name);
  if (!text || !*text)
    return std::nullopt;
  const std::string_view view = text;
  uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(view.data(), view.data() + view.size(), value);
  if (error == std::errc() && end == view.data() + view.size())
    return value;
  bad = text;
  return std::nullopt;
}

} // namespace

size_t traceCalls() {
  const char *bad = nullptr;
  return numberOf("TILEWRIGHT_TRACE_CALLS", bad).value_or(2'000'000);
}

RunOptions withEnvironment(RunOptions options, std::vector<Fault> &faults) {
  auto number = [&](const char *name) -> std::optional<uint64_t> {
    const char *bad = nullptr;
    const auto value = numberOf(name, bad);
    if (!bad)
      return value;
    Fault fault;
    fault.code = FaultCode::BadOption;
    fault.message = std::string(name) + " is '" + bad +
                    "', which is no whole number of at least 0";
    faults.push_back(std::move(fault));
    return std::nullopt;
  };
  if (const auto seed = number("TILEWRIGHT_ADVERSARIAL")) {
    options.adversarial = true;
    options.seed = *seed;
  }
  if (const auto check = number("TILEWRIGHT_CHECK_MEMORY"))
    options.checkMemory = *check != 0;
  if (const auto turns = number("TILEWRIGHT_LOOP_BUDGET"))
    options.loopBudget = *turns;
  if (const auto cycles = number("TILEWRIGHT_MAX_CYCLES"))
    options.maxCycles = *cycles;
  if (const auto track = number("TILEWRIGHT_TRACK_NONFINITE"))
    options.trackNonFinite = *track != 0;
  if (const auto none = number("TILEWRIGHT_NO_DATA"); none && *none)
    options.withData = false;
  number("TILEWRIGHT_TRACE_CALLS");
  const char *numerics = std::getenv("TILEWRIGHT_NUMERICS");
  if (const std::string_view mode = numerics ? numerics : ""; !mode.empty()) {
    options.exactNumerics = mode == "exact";
    if (mode != "exact" && mode != "fast") {
      Fault fault;
      fault.code = FaultCode::BadOption;
      fault.message = "TILEWRIGHT_NUMERICS is '" + std::string(mode) +
                      "'; it may be 'exact' or 'fast'";
      faults.push_back(std::move(fault));
    }
  }
  return options;
}

} // namespace tilewright::sim
