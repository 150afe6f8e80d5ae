//===- Noc.h - the two NoCs, their servers and the DRAM banks ---*- C++ -*-===//
//
// Every packet goes through servers in the order of events. A server serves one
// packet at a time; what comes meanwhile waits in the order of arrival.
//
//   read   request flight -> (DRAM bank ->) NIU of the source -> sample ->
//          links -> NIU of the reader -> land
//   write  NIU of the writer -> sample -> links -> NIU of the target
//          (-> DRAM bank) -> land -> acknowledgement flight
//
// A packet samples its source when it departs and writes its target when it
// lands, so that missing barriers show. Requests and acknowledgements of one
// flit are not queued on the links: their load is small beside the data's.
//
// Where: NocAddress.cpp decodes addresses, NocServers.cpp holds paths and
// queues, NocTransfer.cpp the life of a packet, NocCalls.cpp what kernels call.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_NOC_H
#define TILEWRIGHT_SIMULATOR_MACHINE_NOC_H

#include "Machine/Machine.h"

#include <array>
#include <memory>
#include <vector>

namespace tilewright::sim {

/// The x coordinates that stand for a bank that the chip does not have; y is
/// its number. No node of a chip is there.
constexpr uint32_t kNoDramBank = 63, kNoL1Bank = 62;

/// One end of a transfer.
struct Endpoint {
  Core *core = nullptr; ///< a Tensix core with kernels, or
  int32_t bank = -1;    ///< a DRAM bank, or a core without kernels
  CoreCoord grid;       ///< position of a Tensix core
  arch::NocCoord at;    ///< physical position
  uint64_t address = 0;
  uint8_t *memory = nullptr;
};

/// One packet.
struct Transfer final : Event {
  enum class Kind : uint8_t { Read, Write, Multicast, Inline, Atomic };
  enum class Stage : uint8_t {
    Request, ///< a read request reaches its source
    Queue,   ///< the data is ready for the NIU of the source
    Depart,  ///< the NIU of the source begins to send
    Land,    ///< the data is written
    Ack      ///< the writer knows it
  };

  Kind kind = Kind::Read;
  Stage stage = Stage::Depart;
  uint8_t noc = 0;
  uint8_t trid = 0;
  bool posted = false;
  bool linked = false;    ///< multicast: the chain goes on behind it
  bool continues = false; ///< multicast: the chain began before it
  uint32_t bytes = 0;
  uint32_t value = 0;
  uint32_t byteEnable = 15;
  /// Its place among events of one time: by agent, then by age.
  uint64_t number = 0;
  Agent *agent = nullptr;
  Transfer *next = nullptr; ///< behind it in the queue of its NIU
  Endpoint from;
  Endpoint to;
  std::vector<Endpoint> receivers; ///< of a multicast
  std::vector<uint8_t> data;
  Time back = 0;  ///< from landing to the acknowledgement
  Time delay = 0; ///< by packets that came between its flits since it departed

  /// A write that its sender hears nothing of.
  bool unanswered() const { return posted && kind != Kind::Atomic; }

  void fire(Time time) override;
};

/// What a server has done in a run. `busy` is the time for which it carried
/// flits, in ticks; `bytes` is payload without headers.
struct ServerUse {
  uint64_t bytes = 0;
  uint64_t packets = 0;
  Time busy = 0;

  void add(uint32_t count, Time length) {
    bytes += count;
    ++packets;
    busy += length;
  }
};

/// The servers of a run that carried anything, in a fixed order: by NoC, then
/// by row and column, then by direction.
struct NocUse {
  struct Link {
    uint8_t noc;         ///< 0 goes +x and +y, 1 goes -y and -x
    bool alongY;         ///< else along x
    arch::NocCoord from; ///< the router that it leaves
    ServerUse use;
  };
  struct Niu {
    uint8_t noc;
    bool out; ///< into the NoC; else out of it
    arch::NocCoord at;
    ServerUse use;
  };
  struct Bank {
    uint32_t bank;
    ServerUse read;
    ServerUse write;
  };
  std::vector<Link> links;
  std::vector<Niu> nius;
  std::vector<Bank> banks;
};

/// Transfers of the agent that a barrier on `noc` still waits for; of one
/// transaction id, or of all (-1).
uint32_t transfersLeft(const Agent &agent, uint32_t noc, TwBarrier what,
                       int32_t trid);
/// The same for the barrier at which the agent waits.
inline uint32_t transfersLeft(const Agent &agent) {
  return transfersLeft(agent, agent.waitIndex, agent.waitBarrier,
                       agent.waitTrid);
}
/// Waits until none is left.
void awaitTransfers(Agent &agent, uint32_t noc, TwBarrier what, int32_t trid,
                    TwLoc loc);

class Noc {
public:
  explicit Noc(Machine &machine);

  /// What a NoC address names; faults when it names nothing.
  Endpoint decode(uint64_t address, uint32_t bytes, uint8_t noc, TwLoc loc);
  Endpoint local(uint32_t address, uint32_t bytes, TwLoc loc);
  std::string places() const;
  std::vector<Endpoint> rectangle(uint64_t address, uint32_t bytes,
                                  bool loopback, uint32_t receivers, TwLoc loc);

  // Transfers of the running agent. Each is cut into packets, and each packet
  // costs the RISC its issue time, less when the call is for one packet and so
  // sets up nothing.
  void read(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
            uint32_t trid, TwLoc loc, bool onePacket = false);
  void write(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
             uint32_t trid, bool posted, TwLoc loc, bool onePacket = false);
  void multicast(uint32_t noc, uint32_t l1, uint64_t rectangle, uint32_t bytes,
                 uint32_t receivers, bool linked, bool loopback, TwLoc loc);
  void word(Transfer::Kind kind, uint32_t noc, const Endpoint &to,
            uint32_t value, uint32_t byteEnable, bool posted, TwLoc loc);

  /// Bytes and busy time of each link, NIU and bank so far.
  NocUse use() const;

  uint64_t bytesMoved = 0;
  uint64_t dramRead = 0;
  uint64_t dramWritten = 0;

private:
  friend struct Transfer;

  enum Class : uint8_t { Response, Request, Broadcast };
  /// Packets of one lane share virtual channels: those of a class that have
  /// passed the wrap of their axis, or those that have not.
  using Lane = uint8_t;
  static constexpr uint32_t Lanes = 5; ///< multicasts do not wrap
  static Lane lane(Class kind, bool wrapped = false) {
    return static_cast<Lane>(2 * kind + wrapped);
  }

  /// A packet's way over a wire: its first flit enters at `start`, its last has
  /// passed at `done`. The wire has time for its flits until `end`; before that
  /// they come between those of packets that are delayed by it.
  struct Passage {
    Time start, end, done;
  };

  /// A wire that packets pass, and the buffer behind it. Flits of packets in
  /// different virtual channels alternate: a packet takes what earlier
  /// reservations leave. What is reserved lies in the order of its starts. A
  /// packet visits a dozen of them: what each asks first is in one line of the
  /// cache.
  class alignas(64) Link {
  public:
    Link() = default;
    Link(const Link &) = delete;
    Link &operator=(const Link &) = delete;
    ~Link() { delete[] slots; }
    /// The earliest passage from `from` on with `length` of free wire in it,
    /// without a pause if `whole`, from where one of the lane's `channels` (1
    /// or 2) is not held. What has ended at `now` is forgotten at times.
    Passage fit(Lane lane, uint32_t channels, Time from, Time length, Time now,
                bool whole = false) {
      if (idle <= from) {
        if (idle <= now)
          first = count = 0;
      } else {
        // Mostly nothing comes later, or it takes a channel: it follows all.
        const Time free = channels > 1 ? secondLatest[lane] : latest[lane];
        if (lastStart > from &&
            (lastStart >= from + length || (!whole && lastStart > free)))
          return fitAmong(lane, channels, from, length, now, whole);
        from = std::max({from, lastEnd, free});
      }
      return {from, from + length, from + length};
    }
    /// Reserves what of the wire is free in a passage of `length`; the buffer
    /// is held until `held`. `packet`, if not null, may be delayed later.
    void reserve(Lane lane, const Passage &passage, Time length, Time held,
                 Time now, uint32_t bytes, Transfer *packet = nullptr);
    /// Calls delay(packet, by how much) for each response that is to pass in a
    /// pause of `passage`.
    template <typename Delay>
    void delayOthers(const Passage &passage, Time length, Delay delay) const;
    /// How many packets hold it beyond `time`, or come later.
    uint32_t waiting(Time time, Time now);
    ServerUse use;

  private:
    /// Flits of a packet without a pause. The first slot of a packet holds the
    /// channel of its lane; those behind a pause have no lane.
    struct Slot {
      Time start, end, held;
      uint64_t tagged; ///< the packet, if it may be delayed, and the lane

      Lane lane() const { return tagged & 7; }
      Transfer *packet() const {
        return reinterpret_cast<Transfer *>(tagged & ~uint64_t(7));
      }
    };
    static_assert(alignof(Transfer) == 8 && Lanes < 8 && Response == 0);
    Passage fitAmong(Lane lane, uint32_t channels, Time from, Time length,
                     Time now, bool whole);
    static constexpr Lane Continued = Lanes;
    static uint64_t tag(Lane lane, Transfer *packet) {
      return reinterpret_cast<uintptr_t>(packet) | lane;
    }
    void insert(Time start, Time end, Time held, Time now, uint64_t tagged);
    void insertParts(const Passage &passage, Time held, Time now,
                     uint64_t tagged);
    /// Forgets what has ended at `now`.
    void forget(Time now) {
      while (first < count && slots[first].held <= now)
        ++first;
    }
    void makeRoom();

    Time idle = 0; ///< nothing holds it from then on
    Slot *slots = nullptr;
    uint32_t first = 0; ///< those before are forgotten
    uint32_t count = 0; ///< one past the last
    uint32_t capacity = 0;
    // Of all that was ever reserved; what has ended bounds nothing any more.
    Time lastStart = 0, lastEnd = 0;
    std::array<Time, Lanes> latest{};   ///< the latest ends of held channels
    std::array<Time, 2> secondLatest{}; ///< and those before, of responses
  };
  /// The sending side of an NIU.
  struct Niu {
    Time free = 0;
    Transfer *sending = nullptr; ///< its last packet
    Transfer *first = nullptr;   ///< the queue; its first has an event
    Transfer *last = nullptr;
    ServerUse use;
  };
  struct Bank {
    Time free = 0;
    Time written = 0; ///< end of its last write
    ServerUse read, write;
  };

  // The life of a packet.
  void post(Time time, Transfer &transfer) {
    m.events.post(time, transfer.number, &transfer);
  }
  Transfer &fresh(Transfer::Kind kind, uint32_t noc);
  void release(Transfer &transfer) { unused.push_back(&transfer); }
  void send(Transfer &transfer);
  void request(Transfer &transfer, Time time);
  void enqueue(Transfer &transfer, Time time);
  void depart(Transfer &transfer, Time time);
  void sample(Transfer &transfer);
  void changeWord(const Transfer &transfer);
  void land(Transfer &transfer, Time time);
  void acknowledge(Transfer &transfer, Time time);

  // Servers.
  /// Sends a packet of `length` from `start` at the earliest; when the source
  /// has sent it and when its last flit has arrived.
  struct Trip {
    Time sent;
    Time arrives;
    Time back; ///< from then to the last acknowledgement
  };
  Trip travel(Transfer &transfer, Class kind, Time start, Time length);
  /// A packet in whose way another came.
  struct Delayed {
    Transfer *packet;
    Time delay;
  };
  void holdUp(uint32_t noc, const Delayed &other);
  /// What a port holds beside the waiting read requests, in ticks of flits.
  uint32_t portRoom(uint32_t noc) const;
  /// The same for a multicast, along its reserved tree.
  Trip travelTree(const Transfer &transfer, Time start, Time length);
  Time readBank(const Endpoint &from, uint32_t bytes, Time arrives);
  Time writeBank(const Endpoint &to, uint32_t bytes, Time arrives, Time length);
  /// Limits the stream between one core and one bank to `rate` bytes a cycle.
  Time throttle(Time &stream, Time ready, uint32_t bytes, double rate);

  /// Visits the links of the dimension-ordered path in order: visit(index of
  /// the link, whether the path has wrapped around the axis of the link).
  template <typename Visit>
  void walk(uint32_t noc, arch::NocCoord from, arch::NocCoord to, Visit visit);
  uint32_t hops(uint32_t noc, arch::NocCoord from, arch::NocCoord to) const;
  Time flightTime(uint32_t noc, arch::NocCoord from, arch::NocCoord to) const;
  /// Cycles of the flits of one packet, header included.
  Time flits(uint32_t bytes, double perFlit) const;

  void checkAlignment(const Endpoint &from, const Endpoint &to, bool read,
                      TwLoc loc);
  size_t node(uint32_t noc, arch::NocCoord at) const {
    return (size_t(noc) * chip.nocGrid.y + at.y) * chip.nocGrid.x + at.x;
  }
  Time &stream(std::vector<Time> &streams, uint32_t noc, arch::NocCoord core,
               const Endpoint &bank) {
    return streams[node(noc, core) * banks.size() +
                   static_cast<uint32_t>(bank.bank)];
  }
  Niu &out(uint32_t noc, arch::NocCoord at) { return outs[node(noc, at)]; }
  Link &in(uint32_t noc, arch::NocCoord at) { return ins[node(noc, at)]; }

  Machine &m;
  const arch::Chip &chip;
  const Time hop, niu; ///< ticks
  /// Along x and along y, for each node of each NoC.
  static_assert(sizeof(Link) == 128);
  std::vector<Link> links;
  std::vector<Niu> outs;
  std::vector<Link> ins; ///< the receiving sides of the NIUs
  std::vector<Bank> banks;
  /// Reads and writes between one core and one bank, for each NoC.
  std::vector<Time> streamIn, streamOut;
  std::vector<Time> multicastLanded; ///< by sender
  /// By sender and target: the last landing, where delays are added to it.
  std::vector<Time> unicastLanded;
  std::vector<int32_t> virtualMap; ///< y * 64 + x -> core, or -2 - bank, or -1
  /// Requests that wait for the NIU of a core.
  std::array<int64_t, 2> queuedReads{};
  std::vector<Delayed> delayed; ///< scratch of a packet
  // Scratch of a tree.
  std::vector<uint32_t> path;
  std::vector<Time> starts;
  std::vector<uint32_t> stamp; ///< by link: the tree that visited it last
  uint32_t trees = 0;
  std::vector<std::unique_ptr<Transfer[]>> transfers; ///< a block each
  std::vector<Transfer *> unused;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_NOC_H
