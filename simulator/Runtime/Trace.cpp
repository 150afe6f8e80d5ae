//===- Trace.cpp - a run for Perfetto -------------------------------------===//
//
// The Trace Event Format, which ui.perfetto.dev opens: "X" events are calls,
// "C" events the pages of circular buffers. A process is a core, its threads
// are the five agents. Times are microseconds at the nominal clock.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Collect.h"

#include "Machine/Profile.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <string_view>

namespace tilewright::sim {
namespace {

std::string jsonText(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false,
                                   nlohmann::json::error_handler_t::replace);
}

/// Millions of events: text is appended, no document is built.
class Writer {
public:
  explicit Writer(double clockGHz) : perTick(1e-3 / clockGHz / TicksPerCycle) {}

  void name(const char *kind, uint32_t process, uint32_t thread,
            std::string_view text) {
    begin();
    out += "{\"ph\":\"M\",\"name\":\"";
    out += kind;
    out += "\",\"pid\":" + std::to_string(process) +
           ",\"tid\":" + std::to_string(thread) +
           ",\"args\":{\"name\":" + jsonText(text) + "}}";
  }

  void call(uint32_t process, uint32_t thread, const Profile::Span &span) {
    char text[160];
    begin();
    std::snprintf(text, sizeof(text),
                  "{\"ph\":\"X\",\"pid\":%u,\"tid\":%u,\"ts\":%.4f,"
                  "\"dur\":%.4f,\"name\":\"%s\",\"args\":{",
                  process, thread, double(span.begin) * perTick,
                  double(span.end - span.begin) * perTick, span.call);
    out += text;
    if (span.file)
      out += "\"at\":" + place(span) + ",";
    std::snprintf(
        text, sizeof(text), "\"cycles\":%llu,\"waited\":%llu}}",
        static_cast<unsigned long long>(wholeCycles(span.end - span.begin)),
        static_cast<unsigned long long>(
            wholeCycles(span.end - span.begin - span.busy)));
    out += text;
  }

  void level(uint32_t process, std::string_view what, Time time,
             uint32_t value) {
    char text[48];
    begin();
    std::snprintf(text, sizeof(text), "\"ts\":%.4f,", double(time) * perTick);
    out += "{\"ph\":\"C\",\"pid\":" + std::to_string(process) + "," + text +
           "\"name\":" + jsonText(what) +
           ",\"args\":{\"pages\":" + std::to_string(value) + "}}";
  }

  void instant(std::string_view text, Time time) {
    char at[48];
    begin();
    std::snprintf(at, sizeof(at), "\"ts\":%.4f,", double(time) * perTick);
    out += std::string("{\"ph\":\"i\",\"s\":\"g\",\"pid\":1,\"tid\":0,") + at +
           "\"name\":" + jsonText(text) + "}";
  }

  std::string finish() {
    return "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n" + out + "\n]}\n";
  }

private:
  void begin() {
    if (!out.empty())
      out += ",\n";
  }
  /// The same few lines occur again and again.
  std::string place(const Profile::Span &span) {
    if (span.file != lastFile || span.line != lastLine) {
      lastFile = span.file;
      lastLine = span.line;
      last = jsonText(std::string(span.file) + ":" + std::to_string(span.line));
    }
    return last;
  }

  double perTick;
  std::string out;
  const char *lastFile = nullptr;
  uint32_t lastLine = 0;
  std::string last;
};

} // namespace

std::string renderTrace(const Machine &m) {
  const Profile &profile = *m.profile;
  if (!profile.tracing())
    return "";
  Writer writer(m.chip.clockGHz);
  for (const auto &core : m.cores) {
    const uint32_t process = core->index + 1;
    writer.name("process_name", process, 0,
                "core " + std::to_string(core->coord.x) + "," +
                    std::to_string(core->coord.y));
    for (const auto &agent : core->agents)
      if (agent)
        writer.name("thread_name", process, uint32_t(agent->kind) + 1,
                    std::string(agentName(agent->kind)) + " " +
                        agent->kernel->name);
  }
  for (const Profile::Span &span : profile.spans())
    writer.call((span.agent - 1) / AgentKinds + 1,
                (span.agent - 1) % AgentKinds + 1, span);
  for (const Profile::Sample &sample : profile.samples())
    writer.level(sample.core + 1,
                 *m.coreAt[sample.core]->cbs[sample.index].name, sample.time,
                 sample.pages);
  if (profile.cutAt())
    writer.instant("the trace is full here; the run goes on", profile.cutAt());
  return writer.finish();
}

} // namespace tilewright::sim
