//===- Machine.h - one run of a program on the chip -------------*- C++ -*-===//
//
// The state of a run: cores with five agents each, circular buffers, the Src
// hand-over and DST, the NoC's servers, and the events. Parts of the machine
// stand in CircularBuffers.cpp, Compute*.cpp and Noc.cpp; the functions that
// kernels call (the table) are defined there too, each beside what it does.
//
// An agent runs ahead on its own clock (`now`) and joins the order of events
// (`sync`) before it touches anything that another agent can see.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_MACHINE_H
#define TILEWRIGHT_SIMULATOR_MACHINE_MACHINE_H

#include "DeviceApi/include/tilewright/table.h"
#include "Machine/Checks/BufferPages.h"
#include "Machine/Checks/Operations.h"
#include "Machine/Checks/VectorClock.h"
#include "Machine/Fiber.h"
#include "Machine/Scheduler.h"
#include "Numerics/Tile.h"
#include "Runtime/DeviceImpl.h"
#include "Runtime/Program.h"

#include "tilewright/arch/Chip.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tilewright::sim {

struct Agent;
struct Core;
struct Machine;
class MemoryOrder;
class Noc;
class Profile;

enum class AgentKind : uint8_t { Brisc, Ncrisc, Unpack, Math, Pack };
constexpr uint32_t AgentKinds = 5;
std::string_view agentName(AgentKind kind);

/// Why an agent waits; decides where its waiting time is counted.
enum class WaitKind : uint8_t {
  None,
  CbSpace,
  CbPages,
  Src,
  SrcFree,
  DstFree,
  DstFull,
  Noc,
  Semaphore,
  Mailbox
};

/// A list of agents that wait for one thing.
struct WaitList {
  Agent *first = nullptr;
  bool empty() const { return !first; }
};

struct CircularBuffer {
  bool exists = false;
  uint32_t base = 0;
  uint32_t pageBytes = 0;
  uint32_t pages = 0;
  DataFormat format = DataFormat::Invalid;
  TileShape shape;
  const std::string *name = nullptr;
  bool scratch = false; ///< declared as plain memory: no page rules at the end
  bool shares = false;  ///< lies in an L1 buffer, which holds data already
  bool aliased = false; ///< other indices see the same memory
  /// Pages ever pushed and popped.
  uint64_t pushed = 0;
  uint64_t popped = 0;
  /// Pages the producer may write, and the consumer may read.
  uint32_t reserved = 0;
  uint32_t waited = 0;
  /// Tiles packed in order since the last push.
  uint32_t packed = 0;
  uint32_t peak = 0;
  Agent *producer = nullptr;
  Agent *consumer = nullptr;
  Agent *reserver = nullptr; ///< who has last reserved, and waited
  Agent *waiter = nullptr;
  TwLoc pushedAt{}, poppedAt{}; ///< the last ones
  /// Where its reserver has written a page that it has not reserved.
  TwLoc strayAt{};
  uint32_t strayAddress = 0, strayBytes = 0;
  const char *strayVerb = "";
  WaitList space;
  WaitList arrival;
  /// What is known once pages have arrived, and once they are free.
  VectorClock pushedClock, poppedClock;
  /// Page index of the pointers of each RISC.
  std::array<uint32_t, AgentKinds> write{};
  std::array<uint32_t, AgentKinds> read{};

  uint32_t available() const { return static_cast<uint32_t>(pushed - popped); }
  uint32_t free() const { return pages - available(); }
  uint32_t tileSize() const { return tileBytes(format, shape); } ///< bytes
  /// What it holds may be old on purpose.
  bool keepsOld() const { return scratch || shares || aliased; }
};

/// Operands on their way from the unpacker to the math unit.
struct SrcOperands {
  bool pending = false;
  TwOp op = TwOp::None;
  TwBroadcast broadcast = TwBroadcast::None;
  uint32_t ct = 1, rt = 1;
  bool exact = false;   ///< to DST without Src, all 32 bits
  bool integer = false; ///< words are integers, not fp32
  bool half = false;    ///< fp16 exponents: a 16-bit DST holds fp16
  Time ready = 0;       ///< the first tiles are in Src
  Time end = 0;         ///< the last tiles are in Src
  TwLoc where{};
  TileShape shapeA, shapeB;
  std::vector<float> a;      ///< SrcA tiles (in1 of a matmul)
  std::vector<float> b;      ///< SrcB tiles (in0 of a matmul)
  WaitList arrival;          ///< MATH waits for operands
  WaitList space;            ///< UNPACK waits for room
  VectorClock filled, taken; ///< what each side knows at the hand-over
  Time freeAt = 0;           ///< when the banks have room again
  uint64_t tilesToFree = 0;
};

struct DstState {
  uint32_t sections = 2; ///< 2 half sync, 1 full sync
  uint32_t capacity = 8; ///< tiles in a section
  bool fp32 = false;
  std::vector<float> data;
  std::array<uint32_t, 2> written{};   ///< bit for each tile of a section
  std::array<uint32_t, 2> nonFinite{}; ///< tiles with a NaN or an infinity
  std::array<uint32_t, 2> reduced{};   ///< tiles that hold a pooled edge
  std::array<bool, 2> half{};          ///< 16-bit tiles are fp16
  /// What part of each tile its last operation has made.
  std::array<std::array<TileShape, 16>, 2> shapes{};
  uint32_t committed = 0; ///< sections that PACK has not released
  uint32_t mathSection = 0;
  uint32_t packSection = 0;
  bool mathHolds = false;
  bool packHolds = false;
  TwLoc acquired{};      ///< where MATH began its section,
  TwLoc waitedFor{};     ///< and PACK its own
  bool firstMath = true; ///< no math operation in this section yet
  bool firstPack = true;
  WaitList acquire;
  WaitList full;
  VectorClock committedClock, releasedClock;

  /// Sections that are committed or that MATH works on.
  uint32_t used() const {
    return std::min(committed + (mathHolds ? 1u : 0u), sections);
  }
  /// Null in a run without data.
  float *tile(uint32_t section, uint32_t index) {
    if (data.empty())
      return nullptr;
    return data.data() + (size_t(section) * capacity + index) * TileElements;
  }
};

/// Words from one processor of a core to another, in order.
struct Mailbox {
  static constexpr uint32_t Depth = 4;
  std::array<uint32_t, Depth> words; ///< a ring
  uint32_t first = 0, count = 0;
  VectorClock clock;
  WaitList arrival, room;
};

struct KernelImage;

struct Agent final {
  Machine *machine = nullptr;
  Core *core = nullptr;
  AgentKind kind = AgentKind::Brisc;
  uint32_t order = 0;
  const KernelSpec *kernel = nullptr;
  std::string printing; ///< a line that is not at its end
  void (*entry)() = nullptr;
  void (*construct)() = nullptr;
  Fiber fiber;
  Time now = 0;
  VectorClock clock; ///< what it knows of other parties' accesses
  bool done = false;
  bool waiting = false;
  Agent *nextWaiter = nullptr;
  Time waitSince = 0;
  WaitKind waitKind = WaitKind::None;
  // What the agent waits for, for the wait-for list.
  TwLoc where{};
  uint32_t waitIndex = 0;
  uint32_t waitWanted = 0;
  TwBarrier waitBarrier{};  ///< of a wait for transfers
  int32_t waitTrid = -1;    ///< the same; -1: all transaction ids
  bool waitAtLeast = false; ///< of a wait for a semaphore
  /// Whether what it waits for has come; null: whatever wakes it.
  bool (*waitReady)(const Agent &) = nullptr;

  /// Runtime arguments, in L1 as on silicon.
  uint32_t argAddress = 0;
  uint32_t argCount = 0;
  uint32_t commonArgCount = 0;
  std::vector<unsigned char> globals;

  // NoC counters, one for each NoC and transaction id.
  struct NocState {
    std::array<uint32_t, kTransactionIds> reads{};
    std::array<uint32_t, kTransactionIds> writes{};
    uint32_t atomics = 0;
    /// Packets that their NIU has not begun to send, and when the last of them
    /// has left; posted writes, which nobody acknowledges, by themselves.
    uint32_t sending = 0, postedSending = 0;
    Time departed = 0, postedDeparted = 0;
    bool linked = false;
  };
  std::array<NocState, 2> noc;
  /// The last transfer of each NoC, and the linked multicast that is open.
  std::array<TwLoc, 2> issued{}, linked{};
  /// Pages beyond the end of their buffers that its kernel has named.
  std::vector<PageBeyond> beyond;
  WaitList nocDone;        ///< a barrier: data or an acknowledgement arrives
  WaitList nocSent;        ///< the command buffer is free again
  uint32_t semaphores = 0; ///< bit for each id whose address it has asked for
  uint32_t transfers = 0;  ///< how many it has begun
  uint64_t polls = 0;
  uint64_t pollProgress = 0;

  AgentReport report;
  Time busy = 0;
  std::array<Time, 10> waited{};
  uint64_t waits = 0; ///< how often `waited` has grown

  /// Makes its state that which kernels see, from `time` on.
  void enter(Time time);
  /// Its kernel has ended.
  void end();
  /// Joins the order of events: returns when everything before `now` has
  /// happened.
  void sync();
  /// The same for what others see with its time only, and before a wait for
  /// what others only ever add to: once there, it stays.
  void syncInOrder();
  /// Takes the time of the plain instructions since its last call.
  void settle();
  /// Plain instructions that the cost of the coming call has in it.
  void fold(uint32_t count);
  /// Spends cycles of work.
  void spend(Time ticks);
  /// The same for a call that a kernel may make again and again while it waits
  /// for others; faults when nothing but that has happened for long.
  void poll(Time ticks, const char *what, TwLoc loc);
  /// Counts time in which it waited; `now` is moved by the caller.
  void countWait(WaitKind why, Time ticks) {
    waited[static_cast<uint32_t>(why)] += ticks;
    ++waits;
  }
  /// Waits in `list` until something wakes it for which `ready` holds.
  void block(WaitList &list, WaitKind why, TwLoc loc,
             bool (*ready)(const Agent &) = nullptr);
  [[noreturn]] void fault(FaultCode code, std::string message, TwLoc loc,
                          std::vector<std::string> notes = {});
  /// The same for a slip that `harmless` says has no effect in this run: with
  /// RunOptions::tolerant a warning, one for each place in the kernels.
  void slip(bool harmless, FaultCode code, std::string message, TwLoc loc);
};

/// What the unpacker, the math unit and the packer are set to.
struct ComputeState {
  bool configured = false;
  DataFormat srcA = DataFormat::Invalid;
  DataFormat srcB = DataFormat::Invalid;
  DataFormat out = DataFormat::Invalid;
  /// Whether the operands go to DST whole; and how often formats changed.
  bool exactA = false, exactB = false;
  uint32_t formatChanges = 0;
  bool packConfigured = false;
  bool accumulate = false;
  uint32_t relu = 0;
  uint32_t reluThreshold = 0;
  int32_t reduceMask = -1;
  /// Whether the unpacker and the packer see tiles or rows, and since when.
  struct Layout {
    TwLayout value = TwLayout::Tiles;
    TwLoc where{};
  } unpackLayout, packLayout;
  /// The vector unit: its generator, and the last row of a running sum.
  uint64_t random = 0;
  std::array<float, 32> runningSum{};
  bool unpackSection = true; ///< the next unpack begins a section
  OperationState unpackOp, mathOp;
  VectorUnitState vectorUnit;
  bool fed = false; ///< L1 is fed over the NoC
  Time mathEnd = 0;
};

struct Core {
  CoreCoord coord;
  uint32_t index = 0;
  std::span<uint8_t> l1;
  std::vector<CircularBuffer> cbs;
  std::vector<bool> semaphores;
  SrcOperands src;
  DstState dst;
  ComputeState compute;
  const ComputeConfig *config = nullptr;
  std::vector<bool> unpackExact;
  std::array<std::unique_ptr<Agent>, AgentKinds> agents;
  /// By those that write and read: UNPACK, MATH, PACK, data movement.
  std::array<std::array<Mailbox, 4>, 4> mailboxes;
  WaitList memory;      ///< agents that wait for a word of this L1
  uint32_t landing = 0; ///< transfers on their way into this L1
};

struct Machine {
  Machine(Device &device, const RunOptions &options);
  ~Machine();

  Device &device;
  Device::Impl &memory;
  const arch::Chip &chip;
  const RunOptions &options;
  const TileOps &ops;
  TwApi api{};
  Scheduler events;
  StackPool &stacks = StackPool::shared();
  std::vector<std::unique_ptr<Core>> cores; ///< only those with kernels
  std::vector<Core *> coreAt;               ///< by grid position, or null
  std::unique_ptr<Noc> noc;
  std::unique_ptr<MemoryOrder> order;
  BufferPages pages;
  /// Who has last signalled a word: core index << 32 | address.
  struct Signaller {
    Agent *agent;
    TwLoc where;
  };
  std::unordered_map<uint64_t, Signaller> signallers;
  std::unique_ptr<Profile> profile;
  Agent *running = nullptr;
  bool stopped = false;
  /// Transfers above SmallTransfer move their bytes; false only in runs without
  /// data whose kernels cannot see them.
  bool carriesData = true;
  static constexpr uint32_t SmallTransfer = 64;
  Time limit = 0; ///< of RunOptions::maxCycles
  RunResult result;
  uint64_t random = 0;
  uint64_t progress = 0; ///< grows with all work but polling

  /// Puts out the line that an agent has begun to print.
  void endLine(Agent &agent);
  Core *at(uint32_t x, uint32_t y) { return coreAt[y * device.grid().x + x]; }
  /// Seeded extra delay of the adversarial mode; 0 otherwise.
  Time jitter(uint32_t maxCycles) {
    return options.adversarial ? delay(maxCycles) : 0;
  }
  Time delay(uint32_t maxCycles);
  /// Wakes those of the list for whom what they wait for has come.
  void wake(WaitList &list, Time time) {
    if (list.first)
      wakeReady(list, time);
  }
  void wakeReady(WaitList &list, Time time);
  /// The same across Src, whose two sides share nothing but times: which of
  /// them runs first makes no difference, so that a run without data need not
  /// keep their order among all events.
  void wakeAhead(WaitList &list, Time time);
  /// Whether the units of a core may run ahead of the events.
  bool runsAhead() const { return !options.withData && !options.adversarial; }
  /// Runs agents and fires events until none is left or a fault stops the run.
  void drain();
  /// The running agent waits for its turn, or for something to wake it: goes on
  /// with the agent that is next, straight from fiber to fiber.
  void yield(Agent &agent);

private:
  /// Fires the events before the next agent and enters it; null at the end.
  Agent *nextAgent();

  /// Agents that go on before the next event; their clocks may be ahead of it.
  std::vector<Agent *> ahead;
  friend struct Agent;
};

/// The machine of the running simulation; one at a time in a process.
extern Machine *machine;
inline Agent &self() { return *machine->running; }

inline void Agent::settle() {
  const uint64_t work = std::exchange(machine->api.work, 0);
  now += Time(work) * TicksPerCycle;
  busy += Time(work) * TicksPerCycle;
}

inline void Agent::fold(uint32_t count) {
  machine->api.work -= std::min<uint64_t>(machine->api.work, count);
}

inline void Agent::spend(Time ticks) {
  settle();
  now += ticks;
  busy += ticks;
  ++machine->progress;
}

// The parts of the table.
void installCoreCalls(TwApi &api);
void installCircularBufferCalls(TwApi &api);
void installComputeCalls(TwApi &api);
void installNocCalls(TwApi &api);

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_MACHINE_H
