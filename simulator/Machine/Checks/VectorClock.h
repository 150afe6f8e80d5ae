//===- VectorClock.h - clocks of agents and their transfers -----*- C++ -*-===//
//
// Who takes part in the order of memory accesses is a party: the five agents of
// a core, and the streams of transfers that its two data-movement agents have
// issued and not yet waited for. A clock says how far its holder knows the work
// of each party (Mattern, "Virtual time and global states", 1989).
//
// Most ordering stays inside one core, so a clock holds its own core's parties
// in place and shares what it knows of others, which it rarely does.
//
//===----------------------------------------------------------------------===//

#ifndef TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_VECTORCLOCK_H
#define TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_VECTORCLOCK_H

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace tilewright::sim {

/// The NoC's command buffers tag what they issue with one of so many ids.
constexpr uint32_t kTransactionIds = 16;

/// Parties of one core.
constexpr uint32_t PartySlots = 32;

/// What is known of all parties of the grid: core index * PartySlots + slot.
using Knowledge = std::vector<uint32_t>;

class VectorClock {
public:
  uint32_t &own(uint32_t slot) { return local[slot]; }
  uint32_t own(uint32_t slot) const { return local[slot]; }

  /// What this clock of core `home` knows of a party.
  uint32_t of(uint32_t home, uint32_t party) const {
    if (party / PartySlots == home)
      return local[party % PartySlots];
    return remote && party < remote->size() ? (*remote)[party] : 0;
  }

  /// Adds what another clock of the same core knows.
  void join(const VectorClock &other) {
    for (uint32_t slot = 0; slot < PartySlots; ++slot)
      local[slot] = std::max(local[slot], other.local[slot]);
    learn(other.remote);
  }

  /// Adds what a message from any core says.
  void join(uint32_t home, const std::shared_ptr<const Knowledge> &message) {
    if (!message)
      return;
    const uint32_t *mine = message->data() + size_t(home) * PartySlots;
    for (uint32_t slot = 0; slot < PartySlots; ++slot)
      local[slot] = std::max(local[slot], mine[slot]);
    learn(message);
  }

  /// Everything this clock of core `home` knows.
  std::shared_ptr<Knowledge> message(uint32_t home, uint32_t parties) const {
    auto all = remote ? std::make_shared<Knowledge>(*remote)
                      : std::make_shared<Knowledge>(parties);
    std::copy(local.begin(), local.end(),
              all->begin() + size_t(home) * PartySlots);
    return all;
  }

private:
  void learn(const std::shared_ptr<const Knowledge> &other) {
    if (!other || other == remote)
      return;
    if (!remote) {
      remote = other;
      return;
    }
    bool more = false, less = false;
    for (size_t i = 0; i < other->size(); ++i) {
      more |= (*other)[i] > (*remote)[i];
      less |= (*other)[i] < (*remote)[i];
    }
    if (!more)
      return;
    if (!less) {
      remote = other;
      return;
    }
    auto both = std::make_shared<Knowledge>(*remote);
    for (size_t i = 0; i < other->size(); ++i)
      (*both)[i] = std::max((*both)[i], (*other)[i]);
    remote = std::move(both);
  }

  std::array<uint32_t, PartySlots> local{};
  std::shared_ptr<const Knowledge> remote;
};

} // namespace tilewright::sim

#endif // TILEWRIGHT_SIMULATOR_MACHINE_CHECKS_VECTORCLOCK_H
