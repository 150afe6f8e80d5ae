//===- MemoryOrder.h - accesses to L1 that nothing orders -------*- C++ -*-===//
//
// Terms. A party is an agent, or a stream: the transfers that an agent has
// issued on one NoC with one transaction id and not yet waited for. A stream is
// what reads and writes memory while its agent goes on. A stamp names a party,
// how far it was, and the source line.
//
// Each 32-byte line of L1 keeps the stamp of its last write and of one read
// since, each with the 4-byte words it covers.
//
//   1. An agent's calls pass clocks on: push -> wait, pop -> reserve, Src and
//      DST hand-over, semaphore -> wait on it. A barrier lets the agent know
//      its streams; a flush lets it know what the streams have read.
//   2. A transfer is an access by its stream at the time of issue. It may do
//      what its agent may do then.
//   3. A signal (an increment, a write of at most 32 bytes) carries the clock
//      of its sender and the streams that the NoC keeps in front of it: those
//      of the same NoC and class (unicast or multicast), whatever their
//      transaction id and whether or not they are acknowledged.
//   4. An access conflicts with a stamp of another party when one of them
//      writes, the words meet, and the accessing agent's clock does not reach
//      the stamp. By the party: a read in flight (TW8307), a source that is
//      still being read (TW8308), else a race (TW8309).
//   5. Volatile accesses are how kernels wait for each other without calls.
//      They conflict only with transfers of their own core; a volatile load
//      takes over what the writer of its word knows.
//
//   6. A word that a kernel resets with noc_semaphore_set must not be signalled
//      by another party at the same time: the order of the two would decide
//      whether the signal is lost.
//
//   7. Transfers to and from DRAM conflict in the same way (DramOrder.cpp).
//
// This finds a missing barrier or signal even where the times of this run hide
// it. It never reports ordered accesses; as a line keeps one read and one
// write, it may miss a race. After FastTrack (Flanagan and Freund, 2009).
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_MEMORYORDER_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_MEMORYORDER_H

#include "DeviceApi/include/tilewright/table.h"
#include "Machine/Checks/VectorClock.h"
#include "Machine/Checks/WrittenPages.h"
#include "Support/Faults.h"

#include <map>
#include <string>
#include <unordered_map>

namespace tilewright::sim {

struct Agent;
struct CircularBuffer;
struct Machine;
class Memory;

/// The order of one agent's data movement.
enum class Lane : uint8_t { Unicast, Multicast };

/// Wraps the NoC and semaphore calls of the table with these checks.
void installMemoryOrderCalls(TwApi &api);

class MemoryOrder {
public:
  explicit MemoryOrder(Machine &machine);
  ~MemoryOrder();
  bool on() const { return enabled; }

  /// Hands the agent's clock on, and takes one over.
  void release(Agent &agent, VectorClock &into);
  void acquire(Agent &agent, const VectorClock &from);

  /// Accesses of the running agent to its own L1.
  void read(uint32_t address, uint32_t bytes, TwLoc loc);
  void write(uint32_t address, uint32_t bytes, TwLoc loc);
  /// The same through a pointer of the kernel (`TwAccess` in `flags`).
  void access(uint32_t address, uint32_t bytes, uint32_t flags, TwLoc loc);
  /// Pages that are pushed must have arrived.
  void pushed(const CircularBuffer &cb, uint32_t page, uint32_t pages,
              TwLoc loc);

  /// One end of a transfer: L1 of the core at a grid position.
  struct End {
    uint32_t grid;
    uint32_t address;
  };
  /// Stands for a transaction id: writes that nobody acknowledges, which only
  /// their own flush waits for.
  static constexpr uint32_t Posted = kTransactionIds;
  /// Transfers issued by the running agent; an end in DRAM is null.
  void readIssued(uint32_t noc, uint32_t trid, const End *from, const End *to,
                  uint32_t bytes, TwLoc loc);
  void writeIssued(uint32_t noc, uint32_t trid, Lane lane, const End *from,
                   const End *to, size_t targets, uint32_t bytes, TwLoc loc);
  /// The same with an end in DRAM; the other one is L1 of its core, at `l1`.
  void dramRead(uint32_t noc, uint32_t trid, uint32_t bank, uint64_t address,
                uint32_t bytes, TwLoc loc);
  void dramWritten(uint32_t noc, uint32_t trid, uint32_t l1, uint32_t bank,
                   uint64_t address, uint32_t bytes, TwLoc loc);
  void barrier(uint32_t noc, TwBarrier what, int32_t trid);

  /// What a signal on this NoC tells; null when the checks are off.
  std::shared_ptr<const Knowledge> signal(uint32_t noc, Lane lane);
  /// Whether a transfer of this size may be a flag that a kernel waits for.
  static bool maySignal(uint32_t bytes) { return bytes <= 32; }
  /// The signal has arrived at a word (`replaces`: it was written).
  void signalled(End word, uint32_t bytes,
                 const std::shared_ptr<const Knowledge> &message, TwLoc loc);
  /// The running agent has seen the value of a word of its own L1; after a wait
  /// for at least a value, that value.
  void observed(uint32_t address, uint32_t atLeast = 0);
  /// The running agent sets a word of its own L1 for others to see.
  void set(uint32_t address, uint32_t value, TwLoc loc);

  /// Which pages hold what was written for them.
  WrittenPages written;
  /// Room for the ends of a multicast, so that no frame owns it.
  std::vector<End> targets;

private:
  struct Line {
    uint64_t write;
    uint64_t read;
  };
  struct Access {
    uint32_t party;
    uint64_t stamp; ///< without its words
    bool writes;
    bool keeps; ///< leaves its stamp
    bool synchronises;
    bool pushes; ///< hands pages on, rather than reading them
    TwLoc loc;
  };
  enum class Stream : uint8_t {
    Read,
    UnicastSource,
    MulticastSource,
    UnicastTarget,
    MulticastTarget,
    DramTarget
  };
  static constexpr uint32_t Streams = 6;
  static constexpr uint32_t NoParty = ~0u;

  /// What a transfer has done to a chunk of DRAM; a stamp of 0 stands for none.
  /// The uses of a chunk are a line of the cache.
  struct DramUse {
    uint64_t stamp;
    uint32_t sum; ///< of what it writes
    uint16_t begin, end : 15, writes : 1;
  };
  static constexpr uint32_t DramChunk = 2048, DramUses = 4;
  /// A few bytes of DRAM that an agent reads.
  struct DramFlag {
    uint32_t bank;
    uint64_t address;
    uint32_t bytes;
  };

  struct CoreState {
    std::array<uint32_t, PartySlots> epoch; ///< of streams
    struct Known {
      uint32_t agent, noc, trid;
      Stream kind;
      uint32_t slot;
    };
    std::vector<Known> streams; ///< those that there have been
    /// The slots of those without a transaction id; 0: none yet.
    std::array<uint8_t, 4 * Streams> plain;
    uint32_t nextSlot;
    std::vector<DramFlag> flags; ///< read since the last barrier
  };

  static bool isStream(uint32_t party);
  uint32_t agentParty(const Agent &agent) const;
  /// The party of a stream; 0 when the core has too many.
  uint32_t streamParty(const Agent &agent, uint32_t noc, uint32_t trid,
                       Stream kind);
  uint64_t stampOf(uint32_t party, uint32_t epoch, TwLoc loc);
  Line *linesOf(uint32_t grid);
  Line passed(Agent &agent, uint32_t grid, uint32_t index, uint32_t words,
              const Access &access);
  void visit(Agent &agent, uint32_t grid, uint32_t address, uint32_t bytes,
             const Access &access);
  bool reached(const Agent &agent, uint64_t stamp) const;
  bool isSettled(const Agent &agent, uint32_t address, uint32_t bytes,
                 bool store) const;
  struct Finding {
    FaultCode code;
    std::string message;
    std::vector<std::string> notes;
  };
  Finding explain(const Agent &agent, uint32_t grid, uint32_t address,
                  uint64_t stamp, bool stampWrites, const Access &access) const;
  /// Takes over what the party of a stamp knows now.
  void adopt(Agent &agent, uint64_t stamp);
  DramUse *dramUses(uint32_t bank, uint64_t address);
  /// `source`: what is written; null for a read.
  void dramAccess(Agent &agent, uint32_t party, uint32_t bank, uint64_t address,
                  uint32_t bytes, const uint8_t *source, TwLoc loc);
  /// The flags that the agent has read have arrived: it knows their writers.
  void dramSeen(Agent &agent);
  /// `reset`: a word is reset after a signal; else it is signalled after a
  /// reset.
  [[noreturn]] void reportReset(Agent &agent, End word, uint64_t stamp,
                                bool reset, TwLoc loc);
  [[noreturn]] void reportDram(Agent &agent, uint32_t bank, uint64_t address,
                               const DramUse &use, bool writes, TwLoc loc);
  /// The party of a stamp, as messages name it, and its transfer.
  struct Named {
    std::string who, transfer;
  };
  Named nameOf(const Agent &agent, uint32_t party) const;
  [[noreturn]] void report(Agent &agent, uint32_t grid, uint32_t address,
                           uint64_t stamp, bool stampWrites,
                           const Access &access);
  std::string describe(uint32_t grid, uint32_t address) const;
  void streamAccess(Agent &agent, uint32_t party, const End &end,
                    uint32_t bytes, bool writes, TwLoc loc);
  void waitFor(Agent &agent, uint32_t noc, int32_t trid, Stream kind);

  Machine &m;
  bool enabled;
  uint32_t parties;
  std::vector<std::unique_ptr<Memory>> shadows;     ///< by grid position
  std::vector<std::unique_ptr<Memory>> dramShadows; ///< by bank
  std::vector<CoreState> states;
  /// A word that agents signal each other with.
  struct Word {
    VectorClock clock;
    uint64_t reset = 0, signal = 0; ///< stamps of the last ones
    uint32_t atLeast = 0;           ///< what its core has last waited for
  };
  std::unordered_map<uint64_t, Word> words;
  std::vector<TwLoc> places;
  std::map<std::pair<const char *, uint32_t>, uint32_t> placeIds;
  struct Place {
    TwLoc loc;
    uint32_t id;
  };
  std::array<Place, 64> recent{};
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_MEMORYORDER_H
