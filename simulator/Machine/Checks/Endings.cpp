//===- Endings.cpp - what kernels leave behind ----------------------------===//

#include "Machine/Checks/Endings.h"

#include "Machine/Machine.h"

namespace tilewright::sim {

void checkEnd(Agent &agent) {
  const DstState &dst = agent.core->dst;
  if (agent.kind == AgentKind::Math && dst.mathHolds)
    agent.fault(FaultCode::DstProtocol,
                "the kernel ends without tile_regs_commit of the section that "
                "this tile_regs_acquire began",
                dst.acquired);
  if (agent.kind == AgentKind::Pack && dst.packHolds)
    agent.fault(FaultCode::DstProtocol,
                "the kernel ends without tile_regs_release of the section that "
                "this tile_regs_wait took",
                dst.waitedFor);
  if (agent.kind > AgentKind::Ncrisc)
    return;
  for (uint32_t noc = 0; noc < 2; ++noc) {
    const Agent::NocState &state = agent.noc[noc];
    uint32_t reads = 0, writes = 0;
    for (uint32_t count : state.reads)
      reads += count;
    for (uint32_t count : state.writes)
      writes += count;
    writes += state.postedSending;
    std::string left;
    auto add = [&](uint32_t count, const char *what) {
      if (count)
        left += (left.empty() ? "" : " and ") + std::to_string(count) + " " +
                what + (count == 1 ? "" : "s");
    };
    add(reads, "read");
    add(writes, "write");
    add(state.atomics, "semaphore increment");
    // Writes land all the same: nobody here waits for them.
    if (!left.empty())
      agent.slip(reads == 0, FaultCode::TransfersInFlight,
                 "the kernel ends with " + left + " in flight on NoC " +
                     std::to_string(noc) + "; the last was issued here",
                 agent.issued[noc]);
    if (agent.linked[noc].file)
      agent.fault(FaultCode::LinkedChainOpen,
                  "the kernel ends with a chain of linked multicasts open on "
                  "NoC " +
                      std::to_string(noc) + "; this is its last one",
                  agent.linked[noc]);
  }
}

//===----------------------------------------------------------------------===//
// Pages
//===----------------------------------------------------------------------===//

namespace {
std::string coreText(CoreCoord at) {
  return std::to_string(at.x) + "," + std::to_string(at.y);
}
} // namespace

void reportPagesLeft(Machine &m, const Program &program) {
  auto &left = m.memory.pagesLeft;
  left = {program.id(), {}};
  for (const auto &core : m.cores)
    for (const CircularBuffer &cb : core->cbs) {
      if (!cb.exists || cb.available() == 0 || cb.scratch)
        continue;
      Fault fault;
      fault.code = FaultCode::PagesLeft;
      fault.message = *cb.name + " on core " + coreText(core->coord) +
                      " ends with " + std::to_string(cb.available()) +
                      (cb.available() == 1 ? " page" : " pages") + " in it";
      if (cb.pushedAt.file) {
        fault.file = cb.pushedAt.file;
        fault.line = cb.pushedAt.line;
        fault.notes.push_back(
            std::to_string(cb.pushed) + " pushed, the last ones here; " +
            std::to_string(cb.popped) + " popped" +
            (cb.poppedAt.file
                 ? std::string(", the last ones at ") + cb.poppedAt.file + ":" +
                       std::to_string(cb.poppedAt.line)
                 : ""));
      }
      left.buffers.push_back(fault.message);
      m.result.warnings.push_back(std::move(fault));
    }
}

void checkStalePages(Machine &m, const Program &program) {
  const auto &left = m.memory.pagesLeft;
  if (left.program != program.id() || left.buffers.empty())
    return;
  Fault fault;
  fault.code = FaultCode::StalePages;
  fault.message = "the program is launched again while pages of its last "
                  "launch are left: " +
                  left.buffers.front();
  fault.notes.assign(left.buffers.begin() + 1, left.buffers.end());
  m.result.faults.push_back(std::move(fault));
}

} // namespace tilewright::sim
