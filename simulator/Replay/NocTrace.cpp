//===- NocTrace.cpp - reading of NoC traces -------------------------------===//
//
// JSON: a list of events. Zones `BRISC-KERNEL` and `NCRISC-KERNEL` begin and
// end a kernel; the profiler may name a begin twice. A call that uses a state
// set before (`..._WITH_STATE`) takes from it what its own event does not say.
//
// The short form has a line for a kernel, `kernel B|N x y begin end`, and below
// it one for each event, `time noc TYPE [x y [x y]] [bytes]`; times of events
// count from the begin of their kernel.
//
//===----------------------------------------------------------------------===//

#include "Replay/NocTrace.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <tuple>

namespace tilewright::sim {
namespace {

using Kind = NocEvent::Kind;

struct TypeName {
  const char *name;
  Kind kind;
  bool setsState;
};
constexpr TypeName kTypes[] = {
    {"READ", Kind::Read, false},
    {"READ_SET_STATE", Kind::Read, true},
    {"READ_WITH_STATE", Kind::Read, false},
    {"READ_WITH_STATE_AND_TRID", Kind::Read, false},
    {"READ_DRAM_SHARDED_SET_STATE", Kind::Read, true},
    {"READ_DRAM_SHARDED_WITH_STATE", Kind::Read, false},
    {"WRITE", Kind::Write, false},
    {"WRITE_", Kind::Write, false},
    {"WRITE_WITH_TRID", Kind::Write, false},
    {"WRITE_SET_STATE", Kind::Write, true},
    {"WRITE_WITH_STATE", Kind::Write, false},
    {"WRITE_WITH_TRID_SET_STATE", Kind::Write, true},
    {"WRITE_WITH_TRID_WITH_STATE", Kind::Write, false},
    {"WRITE_MULTICAST", Kind::Multicast, false},
    {"SEMAPHORE_SET_MULTICAST", Kind::Multicast, false},
    {"WRITE_INLINE", Kind::Inline, false},
    {"SEMAPHORE_INC", Kind::Atomic, false},
    {"ATOMIC_INC", Kind::Atomic, false},
    {"READ_BARRIER_START", Kind::ReadBarrier, false},
    {"READ_BARRIER_WITH_TRID", Kind::ReadBarrier, false},
    {"READ_BARRIER_END", Kind::BarrierEnd, false},
    {"WRITE_BARRIER_START", Kind::WriteBarrier, false},
    {"WRITE_BARRIER_WITH_TRID", Kind::WriteBarrier, false},
    {"WRITE_BARRIER_END", Kind::BarrierEnd, false},
    {"WRITE_FLUSH", Kind::WriteFlush, false},
    {"ATOMIC_BARRIER", Kind::AtomicBarrier, false},
    {"FULL_BARRIER", Kind::FullBarrier, false},
    {"SEMAPHORE_WAIT", Kind::Other, false},
    {"SEMAPHORE_SET", Kind::Other, false},
    {"READ_SET_TRID", Kind::Other, false},
};

const TypeName *findType(const std::string &name) {
  for (const TypeName &type : kTypes)
    if (name == type.name)
      return &type;
  return nullptr;
}

bool isTransfer(Kind kind) { return kind <= Kind::Atomic; }

[[noreturn]] void fail(const std::string &path, const std::string &what) {
  throw std::runtime_error(path + ": " + what);
}

/// Makes times relative to the earliest begin and fills in missing ends.
void finish(NocTrace &trace, const std::string &path) {
  std::erase_if(trace.kernels, [](const NocKernel &kernel) {
    return kernel.begin == ~uint64_t(0);
  });
  if (trace.kernels.empty())
    fail(path, "the trace names no begin of a kernel (BRISC-KERNEL or "
               "NCRISC-KERNEL)");
  uint64_t first = ~uint64_t(0);
  for (NocKernel &kernel : trace.kernels) {
    for (const NocEvent &event : kernel.events)
      if (event.time < kernel.begin)
        fail(path, "an event lies before the begin of its kernel");
    first = std::min(first, kernel.begin);
  }
  for (NocKernel &kernel : trace.kernels) {
    kernel.begin -= first;
    for (NocEvent &event : kernel.events)
      event.time -= first;
    kernel.end = kernel.end ? kernel.end - first : kernel.begin;
    if (!kernel.events.empty())
      kernel.end = std::max(kernel.end, kernel.events.back().time);
  }
}

class JsonReader {
public:
  NocTrace read(const nlohmann::json &json) {
    for (const nlohmann::json &event : json)
      readEvent(event);
    NocTrace trace;
    for (auto &[key, kernel] : kernels) {
      std::sort(
          kernel.events.begin(), kernel.events.end(),
          [](const NocEvent &a, const NocEvent &b) { return a.time < b.time; });
      trace.kernels.push_back(std::move(kernel));
    }
    trace.skipped = skipped;
    return trace;
  }

private:
  void readEvent(const nlohmann::json &json) {
    const std::string proc = json.value("proc", "");
    if (proc != "BRISC" && proc != "NCRISC")
      return;
    const bool ncrisc = proc == "NCRISC";
    const uint32_t x = json.value("sx", 0u), y = json.value("sy", 0u);
    const uint64_t time = json.value("timestamp", uint64_t(0));
    auto [at, added] = kernels.try_emplace({y, x, ncrisc});
    NocKernel &kernel = at->second;
    if (added) {
      kernel.ncrisc = ncrisc;
      kernel.at = {x, y};
      kernel.begin = ~uint64_t(0);
    }
    if (json.contains("zone")) {
      if (json.value("zone", "") != proc + "-KERNEL")
        return;
      if (json.value("zone_phase", "") == "begin")
        kernel.begin = std::min(kernel.begin, time);
      else
        kernel.end = std::max(kernel.end, time);
      return;
    }
    const TypeName *type = findType(json.value("type", ""));
    if (!type) {
      ++skipped;
      return;
    }
    NocEvent event;
    event.kind = type->kind;
    event.noc = json.value("noc", "NOC_0") == "NOC_1";
    event.time = time;
    event.bytes = json.value("num_bytes", 0u);
    readTarget(json, event);
    State &state = states[{y, x, ncrisc}][event.kind == Kind::Read];
    if (type->setsState) {
      state = {event.to, event.bytes};
      return;
    }
    if (isTransfer(event.kind) &&
        std::string(type->name).find("STATE") != std::string::npos) {
      if (json.value("dx", -1) < 0)
        event.to = state.to;
      if (event.bytes == 0)
        event.bytes = state.bytes;
    }
    kernel.events.push_back(event);
  }

  static void readTarget(const nlohmann::json &json, NocEvent &event) {
    auto number = [&](const char *name) {
      return static_cast<uint32_t>(std::max(0, json.value(name, -1)));
    };
    if (event.kind == Kind::Multicast || json.contains("mcast_start_x")) {
      if (event.kind == Kind::Write)
        event.kind = Kind::Multicast;
      event.to = {number("mcast_start_x"), number("mcast_start_y")};
      event.last = {number("mcast_end_x"), number("mcast_end_y")};
    } else {
      event.to = event.last = {number("dx"), number("dy")};
    }
  }

  struct State {
    arch::NocCoord to;
    uint32_t bytes = 0;
  };
  using Key = std::tuple<uint32_t, uint32_t, bool>;
  std::map<Key, NocKernel> kernels;
  std::map<Key, std::array<State, 2>> states;
  uint32_t skipped = 0;
};

NocTrace readShort(std::istream &file, const std::string &path) {
  NocTrace trace;
  std::string line;
  for (uint32_t number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line[0] == '#')
      continue;
    std::istringstream words(line);
    auto expect = [&](bool fine) {
      if (!fine)
        fail(path, "line " + std::to_string(number) + " is not understood");
    };
    if (line.starts_with("kernel ")) {
      NocKernel kernel;
      std::string word, processor;
      words >> word >> processor >> kernel.at.x >> kernel.at.y >>
          kernel.begin >> kernel.end;
      expect(bool(words));
      kernel.ncrisc = processor == "N";
      trace.kernels.push_back(kernel);
      continue;
    }
    expect(!trace.kernels.empty());
    NocEvent event;
    uint64_t offset = 0;
    uint32_t noc = 0;
    std::string name;
    words >> offset >> noc >> name;
    const TypeName *type = findType(name);
    expect(bool(words) && type);
    event.kind = type->kind;
    event.noc = static_cast<uint8_t>(noc & 1);
    event.time = trace.kernels.back().begin + offset;
    if (isTransfer(event.kind)) {
      words >> event.to.x >> event.to.y;
      event.last = event.to;
      if (event.kind == Kind::Multicast)
        words >> event.last.x >> event.last.y;
      words >> event.bytes;
      expect(bool(words));
    }
    trace.kernels.back().events.push_back(event);
  }
  return trace;
}

} // namespace

uint64_t NocTrace::cycles() const {
  uint64_t last = 0;
  for (const NocKernel &kernel : kernels)
    last = std::max(last, kernel.end);
  return last;
}

NocTrace readNocTrace(const std::string &path) {
  std::ifstream file(path);
  if (!file)
    fail(path, "cannot be read");
  const int first = (file >> std::ws).peek();
  NocTrace trace;
  if (first == '[' || first == '{') {
    const nlohmann::json json =
        nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
    if (!json.is_array())
      fail(path, "a NoC trace is a JSON list of events");
    try {
      trace = JsonReader().read(json);
    } catch (const nlohmann::json::exception &error) {
      fail(path, std::string("an event has a field of another type: ") +
                     error.what());
    }
  } else {
    trace = readShort(file, path);
  }
  finish(trace, path);
  return trace;
}

} // namespace tilewright::sim
