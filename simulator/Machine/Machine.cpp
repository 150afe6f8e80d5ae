//===- Machine.cpp - agents, waiting, and the drain of events -------------===//

#include "Machine/Machine.h"

#include "Machine/Checks/Endings.h"
#include "Machine/Checks/MemoryOrder.h"
#include "Machine/Checks/NonFinite.h"
#include "Machine/Checks/Transfers.h"
#include "Machine/Noc.h"
#include "Machine/Profile.h"

#include <limits>

namespace tilewright::sim {

Machine *machine = nullptr;

std::string_view agentName(AgentKind kind) {
  constexpr std::string_view names[] = {"BRISC", "NCRISC", "UNPACK", "MATH",
                                        "PACK"};
  return names[static_cast<uint32_t>(kind)];
}

Machine::Machine(Device &device, const RunOptions &options)
    : device(device), memory(device.impl()), chip(device.chip()),
      options(options), ops(tileOps()), random(options.seed * 2 + 1) {
  installCoreCalls(api);
  installCircularBufferCalls(api);
  installComputeCalls(api);
  installNocCalls(api);
  installOperationCalls(api);
  order = std::make_unique<MemoryOrder>(*this);
  if (order->on())
    installMemoryOrderCalls(api);
  installTransferChecks(api);
  if (options.trackNonFinite && options.withData)
    installNonFiniteCalls(api);
  const uint32_t grid = device.grid().x * device.grid().y;
  profile =
      std::make_unique<Profile>(grid, chip.circularBuffers, options.trace);
  if (options.collectReport)
    measureCalls(api);
  api.l1Bytes = chip.l1Bytes;
  limit = options.maxCycles ? cycles(double(options.maxCycles))
                            : std::numeric_limits<Time>::max();
  noc = std::make_unique<Noc>(*this);
  coreAt.resize(size_t(device.grid().x) * device.grid().y);
  machine = this;
}
Machine::~Machine() {
  for (const auto &core : cores)
    for (const auto &agent : core->agents)
      if (agent)
        agent->fiber.drop(stacks);
  machine = nullptr;
}

Time Machine::delay(uint32_t maxCycles) {
  if (maxCycles == 0)
    return 0;
  // xorshift64: any generator will do, as long as it is ours and seeded.
  random ^= random << 13;
  random ^= random >> 7;
  random ^= random << 17;
  return cycles(static_cast<uint32_t>(random % maxCycles));
}

void Machine::wakeReady(WaitList &list, Time time) {
  for (Agent **link = &list.first; Agent *agent = *link;) {
    if (agent->waitReady && !agent->waitReady(*agent)) {
      link = &agent->nextWaiter;
      continue;
    }
    *link = agent->nextWaiter;
    agent->nextWaiter = nullptr;
    agent->waiting = false;
    ++progress;
    events.post(std::max(agent->now, time) + jitter(30), agent->order, agent);
  }
}

void Machine::wakeAhead(WaitList &list, Time time) {
  if (!runsAhead() || time > limit)
    return wake(list, time);
  while (Agent *agent = list.first) {
    list.first = agent->nextWaiter;
    agent->nextWaiter = nullptr;
    agent->waiting = false;
    agent->now = std::max(agent->now, time);
    ++progress;
    ahead.push_back(agent);
  }
}

Agent *Machine::nextAgent() {
  running = nullptr;
  if (!ahead.empty() && !stopped) {
    Agent *agent = ahead.back();
    ahead.pop_back();
    agent->enter(agent->now);
    return agent;
  }
  while (!stopped && !events.empty()) {
    const Scheduler::Next next = events.next();
    if (next.time > limit) {
      stopped = true;
      Fault fault;
      fault.code = FaultCode::TimeLimit;
      fault.message =
          "the run passed " + std::to_string(options.maxCycles) + " cycles";
      result.faults.push_back(std::move(fault));
      break;
    }
    if (next.agent) {
      next.agent->enter(next.time);
      return next.agent;
    }
    next.event->fire(next.time);
  }
  return nullptr;
}

void Machine::drain() {
  while (Agent *agent = nextAgent())
    agent->fiber.resume();
  running = nullptr;
}

void Machine::yield(Agent &agent) {
  Agent *next = nextAgent();
  if (!next)
    agent.fiber.suspend();
  else if (next != &agent)
    agent.fiber.switchTo(next->fiber);
}

//===----------------------------------------------------------------------===//
// Agents
//===----------------------------------------------------------------------===//

void Agent::enter(Time time) {
  Machine &m = *machine;
  now = std::max(now, time);
  m.running = this;
  m.api.l1 = core->l1.data();
  m.api.globals = globals.data();
  m.api.args = reinterpret_cast<const uint32_t *>(m.api.l1 + argAddress);
  m.api.argCount = argCount;
  m.api.commonArgs = m.api.args + argCount;
  m.api.commonArgCount = commonArgCount;
  m.api.logicalX = core->coord.x;
  m.api.logicalY = core->coord.y;
}

void Agent::end() {
  done = true;
  if (machine->profile)
    machine->profile->ended(*this);
  report.end = wholeCycles(now);
}

void Agent::syncInOrder() {
  settle();
  if (!machine->runsAhead() || now > machine->limit)
    sync();
}

void Agent::sync() {
  settle();
  if (machine->ahead.empty() && machine->events.isNext(now, order) &&
      now <= machine->limit)
    return;
  machine->events.post(now, order, this);
  machine->yield(*this);
}

void Agent::block(WaitList &list, WaitKind why, TwLoc loc,
                  bool (*ready)(const Agent &)) {
  settle();
  waiting = true;
  waitReady = ready;
  waitKind = why;
  where = loc;
  waitSince = now;
  nextWaiter = list.first;
  list.first = this;
  machine->yield(*this);
  countWait(why, now - waitSince);
  waitKind = WaitKind::None;
}

void Agent::fault(FaultCode code, std::string message, TwLoc loc,
                  std::vector<std::string> notes) {
  {
    Fault fault;
    fault.code = code;
    fault.message = std::move(message);
    if (loc.file)
      fault.file = loc.file;
    fault.line = loc.line;
    fault.coreX = core->coord.x;
    fault.coreY = core->coord.y;
    fault.agent = agentName(kind);
    fault.notes = std::move(notes);
    machine->result.faults.push_back(std::move(fault));
    machine->stopped = true;
    // The frames below are never returned to: free what they own here.
    message = std::string();
    notes = {};
  }
  for (;;)
    fiber.suspend();
}

void Agent::slip(bool harmless, FaultCode code, std::string message,
                 TwLoc loc) {
  if (!harmless || !machine->options.tolerant)
    fault(code, std::move(message), loc);
  for (const Fault &known : machine->result.warnings)
    if (known.code == code && known.line == loc.line &&
        known.file == (loc.file ? loc.file : ""))
      return;
  Fault warning;
  warning.code = code;
  warning.message = std::move(message);
  warning.file = loc.file ? loc.file : "";
  warning.line = loc.line;
  warning.coreX = core->coord.x;
  warning.coreY = core->coord.y;
  warning.agent = agentName(kind);
  warning.isWarning = true;
  machine->result.warnings.push_back(std::move(warning));
}

void Agent::poll(Time ticks, const char *what, TwLoc loc) {
  constexpr uint64_t kPatience = 2'000'000;
  settle();
  now += ticks;
  busy += ticks;
  if (pollProgress != machine->progress) {
    pollProgress = machine->progress;
    polls = 0;
  }
  if (++polls > kPatience)
    fault(FaultCode::Deadlock,
          std::string("deadlock: the kernel polls ") + what +
              " and nothing is left that could change it",
          loc, waitNotes(*machine));
}

//===----------------------------------------------------------------------===//
// Calls that belong to no unit
//===----------------------------------------------------------------------===//

namespace {

void zone(const char *name, bool begins, TwLoc loc) {
  if (machine->profile)
    machine->profile->zone(self(), name, begins, loc);
}

void accessFault(uint64_t address, uint32_t bytes, uint32_t align,
                 const char *file, uint32_t line) {
  const bool outside = address > machine->chip.l1Bytes ||
                       address + bytes > machine->chip.l1Bytes;
  // Pointers from integers outside L1 all point to the page behind it.
  constexpr uint64_t kPage = 4096;
  const uint64_t guard =
      (uint64_t(machine->chip.l1Bytes) + kPage - 1) / kPage * kPage;
  if (machine->api.outside && address - guard < kPage)
    address += machine->api.outside - guard;
  std::string message =
      outside ? "access of " + std::to_string(bytes) + " bytes at L1 address " +
                    std::to_string(address) + ", outside the " +
                    std::to_string(machine->chip.l1Bytes) + " bytes of L1"
              : "access of " + std::to_string(bytes) + " bytes at L1 address " +
                    std::to_string(address) + ", which is no multiple of " +
                    std::to_string(align);
  self().fault(outside ? FaultCode::BadAddress : FaultCode::Misaligned,
               std::move(message), {file, line});
}

void argumentFault(uint32_t index, bool common, TwLoc loc) {
  Agent &agent = self();
  const uint32_t count = common ? agent.commonArgCount : agent.argCount;
  agent.fault(FaultCode::ArgumentPastEnd,
              std::string(common ? "common runtime" : "runtime") +
                  " argument " + std::to_string(index) + " is read, but " +
                  std::to_string(count) + " were set",
              loc);
}

uint32_t argumentAddress(bool common) {
  const Agent &agent = self();
  return agent.argAddress + (common ? agent.argCount * 4 : 0);
}

/// A volatile load may be one turn of a loop that waits: take its time, let
/// others run, and give up when nothing but polling has happened for long.
void poll(const char *file, uint32_t line) {
  Agent &agent = self();
  agent.now += cycles(machine->chip.compute.l1Load);
  agent.sync();
  agent.poll(0, "L1", {file, line});
}

/// Places that belong to nobody, or to the arguments of the kernel.
void checkPlace(const Agent &agent, uint64_t address, bool store, TwLoc loc) {
  const arch::Chip &chip = machine->chip;
  const uint32_t arguments = argumentBase(chip, 0);
  if (address < arguments) {
    if (store)
      self().fault(FaultCode::BadAddress,
                   "a pointer writes L1 address " + std::to_string(address) +
                       ", which belongs to the firmware; free L1 begins at " +
                       std::to_string(chip.l1Base),
                   loc);
    return;
  }
  const uint64_t index = (address - agent.argAddress) / 4;
  const uint32_t count = agent.argCount + agent.commonArgCount;
  if (address < agent.argAddress || index >= chip.runtimeArgWords ||
      index < count || store)
    return;
  self().fault(FaultCode::ArgumentPastEnd,
               "runtime argument " + std::to_string(index) +
                   " is read through a pointer, but " + std::to_string(count) +
                   " were set",
               loc);
}

/// A loop that calls nothing takes no time and lets nobody else run.
void loopTurn(uint64_t turns, const char *file, uint32_t line) {
  const uint64_t budget = machine->options.loopBudget;
  if (budget && turns >= budget)
    self().fault(FaultCode::EndlessLoop,
                 "the loop has made " + std::to_string(turns) +
                     " turns without a call",
                 {file, line});
}

void access(uint64_t address, uint32_t bytes, uint32_t flags, const char *file,
            uint32_t line) {
  if (address < machine->chip.l1Base)
    checkPlace(self(), address, flags & TwAccessStore, {file, line});
  machine->order->access(static_cast<uint32_t>(address), bytes, flags,
                         {file, line});
}

void stored() {
  Agent &agent = self();
  agent.sync();
  ++machine->progress;
  machine->wake(agent.core->memory, agent.now);
}

void unsupported(const char *what, TwLoc loc) {
  self().fault(FaultCode::Unsupported,
               std::string(what) + " is not supported by the simulator", loc);
}

void print(const char *text, uint32_t bytes) {
  Agent &agent = self();
  for (uint32_t i = 0; i < bytes; ++i) {
    agent.printing.push_back(text[i]);
    if (text[i] == '\n')
      machine->endLine(agent);
  }
}

void assertFailed(const char *what, TwLoc loc) {
  self().fault(FaultCode::KernelCrash,
               std::string("the kernel's ASSERT(") + what + ") failed", loc);
}

/// Of a kernel that waits; no progress, as a loop may do so for ever.
void spend(uint32_t count) {
  Agent &agent = self();
  agent.settle();
  agent.now += cycles(count);
  agent.busy += cycles(count);
}

uint64_t readCycles() {
  self().settle();
  return wholeCycles(self().now);
}

void shortInit(TwLoc) { self().spend(cycles(machine->chip.compute.initShort)); }

} // namespace

void Machine::endLine(Agent &agent) {
  if (agent.printing.empty())
    return;
  result.output += agent.printing;
  result.printed.push_back(
      {agent.core->coord, agentName(agent.kind), std::move(agent.printing)});
  agent.printing.clear();
}

void installCoreCalls(TwApi &api) {
  api.accessFault = accessFault;
  api.poll = poll;
  api.zone = zone;
  api.stored = stored;
  api.loopTurn = loopTurn;
  api.access = access;
  api.argumentAddress = argumentAddress;
  api.argumentFault = argumentFault;
  api.unsupported = unsupported;
  api.print = print;
  api.assertFailed = assertFailed;
  api.spend = spend;
  api.readCycles = readCycles;
  api.shortInit = shortInit;
}

} // namespace tilewright::sim
