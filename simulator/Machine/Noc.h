//===- Noc.h - the two NoCs, their servers and the DRAM banks ---*- C++ -*-===//
//
// Every transfer goes through servers in the order of events: the NIU or DRAM
// bank at its source, each directed link of its dimension-ordered path, and the
// NIU or bank at its end. A transfer samples its source when it departs and
// writes its target when it lands, so that missing barriers show.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_NOC_H
#define TILEWRIGHT_SIMULATOR_MACHINE_NOC_H

#include "Machine/Machine.h"

#include <deque>
#include <memory>
#include <vector>

namespace tilewright::sim {

/// One end of a transfer.
struct Endpoint {
  Core *core = nullptr; ///< a Tensix core with kernels, or
  int32_t bank = -1;    ///< a DRAM bank, or a core without kernels
  CoreCoord grid;       ///< position of a Tensix core
  arch::NocCoord at;    ///< physical position
  uint64_t address = 0;
  uint8_t *memory = nullptr;
};

struct Transfer final : Event {
  enum class Kind : uint8_t { Read, Write, Multicast, Inline, Atomic };
  enum class Stage : uint8_t { Depart, Land };

  Kind kind = Kind::Read;
  Stage stage = Stage::Depart;
  uint8_t noc = 0;
  uint8_t trid = 0;
  bool posted = false;
  bool unlinked = false;
  uint32_t bytes = 0;
  uint32_t value = 0;
  uint32_t byteEnable = 15;
  Agent *agent = nullptr;
  Endpoint from;
  Endpoint to;
  std::vector<Endpoint> receivers; ///< of a multicast
  Time sourceEnd = 0;              ///< the source has sent the last flit
  std::vector<uint8_t> data;

  void fire(Time time) override;
};

class Noc {
public:
  explicit Noc(Machine &machine);

  /// What a NoC address names; faults when it names nothing.
  Endpoint decode(uint64_t address, uint32_t bytes, uint8_t noc, TwLoc loc);
  Endpoint local(uint32_t address, uint32_t bytes, TwLoc loc);
  std::vector<Endpoint> rectangle(uint64_t address, uint32_t bytes,
                                  bool loopback, uint32_t receivers, TwLoc loc);

  void read(uint32_t noc, uint64_t source, uint32_t l1, uint32_t bytes,
            uint32_t trid, TwLoc loc);
  void write(uint32_t noc, uint32_t l1, uint64_t target, uint32_t bytes,
             uint32_t trid, bool posted, TwLoc loc);
  void multicast(uint32_t noc, uint32_t l1, uint64_t rectangle, uint32_t bytes,
                 uint32_t receivers, bool linked, bool loopback, TwLoc loc);
  void word(Transfer::Kind kind, uint32_t noc, const Endpoint &to,
            uint32_t value, uint32_t byteEnable, bool posted);

  void depart(Transfer &transfer, Time time);
  void land(Transfer &transfer, Time time);

  uint64_t bytesMoved = 0;
  uint64_t dramRead = 0;
  uint64_t dramWritten = 0;

private:
  friend struct Transfer;
  Transfer &fresh(Transfer::Kind kind, uint32_t noc);
  void release(Transfer &transfer) { unused.push_back(&transfer); }
  /// Reserves the path for `flits` from `start`; returns when the last flit
  /// arrives.
  Time travel(uint32_t noc, arch::NocCoord from, arch::NocCoord to, Time start,
              Time occupancy);
  /// The same for a multicast: when the farthest receiver has it all.
  Time travelTree(uint32_t noc, arch::NocCoord from,
                  const std::vector<Endpoint> &to, Time start, Time length);
  /// Visits the links of the dimension-ordered path.
  template <typename Visit>
  void walk(uint32_t noc, arch::NocCoord from, arch::NocCoord to, Visit visit);
  uint32_t hops(uint32_t noc, arch::NocCoord from, arch::NocCoord to) const;
  Time flightTime(uint32_t noc, arch::NocCoord from, arch::NocCoord to) const;
  Time occupancy(uint32_t bytes, double perFlit) const;
  uint32_t packets(uint32_t bytes) const;
  Time &niuOut(uint32_t noc, arch::NocCoord at);
  Time &niuIn(uint32_t noc, arch::NocCoord at);
  void checkAlignment(const Endpoint &from, const Endpoint &to, bool read,
                      TwLoc loc);
  size_t node(uint32_t noc, arch::NocCoord at) const {
    return (size_t(noc) * chip.nocGrid.y + at.y) * chip.nocGrid.x + at.x;
  }

  Machine &m;
  const arch::Chip &chip;
  std::vector<Time> links; ///< two directions for each node of each NoC
  std::vector<Time> inject;
  std::vector<Time> eject;
  std::vector<Time> bankFree;
  std::vector<Time> bankWriteFree;
  std::vector<Time> stream; ///< DRAM reads of one core, one for each NoC
  std::vector<Time> streamOut;
  std::vector<Time> multicastLanded; ///< by sender
  std::vector<int32_t> virtualMap; ///< y * 64 + x -> core, or -2 - bank, or -1
  std::deque<Transfer> transfers;
  std::vector<Transfer *> unused;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_NOC_H
