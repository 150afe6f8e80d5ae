//===- Report.cpp - a run as JSON -----------------------------------------===//
//
// One document a run, version 2: docs/simulator.md says what each field is.
// Fields keep the order written here, so that equal runs give equal bytes.
//
//===----------------------------------------------------------------------===//

#include "Runtime/Program.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace tilewright::sim {
namespace {

using Json = nlohmann::ordered_json;

/// Three digits are enough for a person, and do not depend on the machine.
double rounded(double value) { return std::round(value * 1000) / 1000; }

Json render(CoreCoord core) { return Json::array({core.x, core.y}); }

Json render(const WaitReport &waits) {
  Json out = Json::object();
  auto add = [&](const char *name, uint64_t cycles) {
    if (cycles)
      out[name] = cycles;
  };
  add("cb_pages", waits.cbPages);
  add("cb_space", waits.cbSpace);
  add("src", waits.src);
  add("src_free", waits.srcFree);
  add("dst_free", waits.dstFree);
  add("dst_full", waits.dstFull);
  add("noc", waits.noc);
  add("semaphore", waits.semaphore);
  return out;
}

Json render(const Fault &fault) {
  Json out = {{"code", faultCodeName(fault.code)},
              {"name", faultSlug(fault.code)},
              {"message", fault.message},
              {"file", fault.file},
              {"line", fault.line}};
  if (!fault.agent.empty()) {
    out["core"] = render(CoreCoord{fault.coreX, fault.coreY});
    out["agent"] = fault.agent;
  }
  out["notes"] = fault.notes;
  out["fix"] = faultAction(fault.code);
  return out;
}

Json render(const AgentReport &agent) {
  return {{"core", render(agent.core)},
          {"agent", agent.agent},
          {"kernel", agent.kernel},
          {"start", agent.start},
          {"end", agent.end},
          {"busy", agent.busy},
          {"waits", render(agent.waits)}};
}

Json render(const LineReport &line) {
  return {{"kernel", line.kernel}, {"agent", line.agent},
          {"file", line.file},     {"line", line.line},
          {"call", line.call},     {"calls", line.calls},
          {"busy", line.busy},     {"waits", render(line.waits)}};
}

Json render(const ZoneReport &zone) {
  return {{"core", render(zone.core)}, {"agent", zone.agent},
          {"kernel", zone.kernel},     {"name", zone.name},
          {"count", zone.count},       {"cycles", zone.cycles}};
}

Json render(const BufferReport &buffer) {
  return {{"core", render(buffer.core)},
          {"index", buffer.index},
          {"name", buffer.name},
          {"format", buffer.format},
          {"address", buffer.address},
          {"pages", buffer.pages},
          {"page_bytes", buffer.pageBytes},
          {"pushed", buffer.pushed},
          {"peak", buffer.peak},
          {"mean", rounded(buffer.mean)}};
}

Json render(const DstReport &dst) {
  return {{"core", render(dst.core)},
          {"sections", dst.sections},
          {"capacity", dst.capacity},
          {"fp32", dst.fp32},
          {"mean_sections", rounded(dst.mean)}};
}

void addUse(Json &out, const ServerReport &use) {
  out["bytes"] = use.bytes;
  out["packets"] = use.packets;
  out["busy"] = use.busy;
}

Json render(const LinkReport &link) {
  Json out = {{"noc", link.noc},
              {"from", render(link.from)},
              {"direction", link.direction}};
  addUse(out, link.use);
  return out;
}

Json render(const NiuReport &niu) {
  Json out = {{"noc", niu.noc}, {"at", render(niu.at)}, {"out", niu.out}};
  addUse(out, niu.use);
  return out;
}

Json render(const BankReport &bank) {
  return {{"bank", bank.bank},
          {"read_bytes", bank.read.bytes},
          {"reads", bank.read.packets},
          {"write_bytes", bank.write.bytes},
          {"writes", bank.write.packets},
          {"busy", bank.read.busy + bank.write.busy}};
}

template <typename T> Json renderAll(const std::vector<T> &values) {
  Json out = Json::array();
  for (const T &value : values)
    out.push_back(render(value));
  return out;
}

} // namespace

std::string RunResult::json() const {
  Json out = {{"schema_version", 2},
              {"ok", ok()},
              {"chip", chip},
              {"clock_ghz", clockGHz},
              {"grid", render(grid)},
              {"cycles", cycles},
              {"bound", bound},
              {"tile_multiply_adds", tileMultiplyAdds},
              {"dram_read_bytes", dramReadBytes},
              {"dram_write_bytes", dramWriteBytes},
              {"noc_bytes", nocBytes}};
  out["faults"] = renderAll(faults);
  out["warnings"] = renderAll(warnings);
  out["agents"] = renderAll(agents);
  out["lines"] = renderAll(lines);
  out["zones"] = renderAll(zones);
  out["circular_buffers"] = renderAll(buffers);
  out["dst"] = renderAll(dst);
  out["noc"] = {{"grid", render(noc.grid)},
                {"links", renderAll(noc.links)},
                {"nius", renderAll(noc.nius)},
                {"banks", renderAll(noc.banks)}};
  uint64_t redundant = 0;
  Json places = Json::array();
  for (const auto &[place, count] : redundantInits) {
    redundant += count;
    places.push_back(
        {{"file", place.first}, {"line", place.second}, {"count", count}});
  }
  out["redundant_inits"] = {{"count", redundant}, {"places", places}};
  out["output"] = output;
  if (!sources.empty())
    out["sources"] = sources;
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace tilewright::sim
