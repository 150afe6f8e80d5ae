//===- Report.cpp - a run as JSON -----------------------------------------===//

#include "Runtime/Program.h"

#include <cstdio>

namespace tilewright::sim {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c < 0x20) {
      char code[8];
      std::snprintf(code, sizeof(code), "\\u%04x", c);
      out += code;
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

/// `"name":value` pairs of one object.
class Object {
public:
  Object &add(std::string_view name, uint64_t value) {
    return raw(name, std::to_string(value));
  }
  Object &add(std::string_view name, std::string_view value) {
    return raw(name, quoted(value));
  }
  Object &add(std::string_view name, const char *value) {
    return raw(name, quoted(value));
  }
  Object &add(std::string_view name, double value) {
    char text[40];
    std::snprintf(text, sizeof(text), "%.3f", value);
    return raw(name, text);
  }
  Object &raw(std::string_view name, std::string_view value) {
    text +=
        (text.size() > 1 ? "," : "") + quoted(name) + ":" + std::string(value);
    return *this;
  }
  std::string str() const { return text + "}"; }

private:
  std::string text = "{";
};

template <typename T, typename Render>
std::string array(const std::vector<T> &values, Render render) {
  std::string text = "[";
  for (const T &value : values)
    text += (text.size() > 1 ? "," : "") + render(value);
  return text + "]";
}

std::string renderFault(const Fault &fault) {
  Object object;
  object.add("code", faultCodeName(fault.code))
      .add("name", faultSlug(fault.code))
      .add("message", fault.message)
      .add("file", fault.file)
      .add("line", uint64_t(fault.line));
  if (!fault.agent.empty())
    object
        .raw("core", "[" + std::to_string(fault.coreX) + "," +
                         std::to_string(fault.coreY) + "]")
        .add("agent", fault.agent);
  return object
      .raw("notes",
           array(fault.notes, [](const std::string &s) { return quoted(s); }))
      .add("fix", faultAction(fault.code))
      .str();
}

std::string renderAgent(const AgentReport &agent) {
  return Object()
      .raw("core", "[" + std::to_string(agent.core.x) + "," +
                       std::to_string(agent.core.y) + "]")
      .add("agent", agent.agent)
      .add("kernel", agent.kernel)
      .add("start", agent.start)
      .add("end", agent.end)
      .add("busy", agent.busy)
      .add("wait_cb", agent.waitCb)
      .add("wait_noc", agent.waitNoc)
      .add("wait_dst", agent.waitDst)
      .add("wait_src", agent.waitSrc)
      .add("wait_semaphore", agent.waitSemaphore)
      .str();
}

} // namespace

std::string RunResult::json(bool withWallTimes) const {
  Object object;
  object.add("schema_version", uint64_t(1))
      .raw("ok", ok() ? "true" : "false")
      .add("cycles", cycles)
      .add("bound", bound)
      .add("tile_multiply_adds", tileMultiplyAdds)
      .add("dram_read_bytes", dramReadBytes)
      .add("dram_write_bytes", dramWriteBytes)
      .add("noc_bytes", nocBytes);
  if (withWallTimes)
    object.add("build_ms", buildMs)
        .add("sim_ms", simMs)
        .add("kernels_built", uint64_t(kernelsBuilt))
        .add("kernels_cached", uint64_t(kernelsCached));
  return object.raw("faults", array(faults, renderFault))
      .raw("warnings", array(warnings, renderFault))
      .raw("agents", array(agents, renderAgent))
      .add("output", output)
      .str();
}

} // namespace tilewright::sim
