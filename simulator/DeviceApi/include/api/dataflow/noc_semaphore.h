//===- noc_semaphore.h - a semaphore as an object ---------------*- C++ -*-===//
#pragma once

#include "api/dataflow/noc.h"

/// Who may change a semaphore at a time; all are safe here.
enum class SemScope : uint8_t { LOCAL_NONATOMIC, DM_LOCAL_CACHED, EXTERNAL };

template <ProgrammableCoreType Type = ProgrammableCoreType::TENSIX,
          SemScope Scope = SemScope::LOCAL_NONATOMIC>
class Semaphore {
  template <ProgrammableCoreType, SemScope> friend class Semaphore;
  static_assert(Type == ProgrammableCoreType::TENSIX,
                "the simulator has semaphores on Tensix cores only");

public:
  explicit Semaphore(uint32_t id, TW_LOC) : address(get_semaphore(id, loc)) {}

  /// Adds to the semaphore of this core, or of another.
  void up(uint32_t value, TW_LOC) {
    tw_api->semaphoreSet(address, *pointer() + value, loc);
  }
  void up(const Noc &noc, uint32_t x, uint32_t y, uint32_t value,
          uint8_t vc = NOC_UNICAST_WRITE_VC, TW_LOC) {
    noc_semaphore_inc(get_noc_addr(x, y, address), value, noc.get_noc_id(), vc,
                      loc);
  }
  /// Waits for at least `value` and takes it.
  void down(uint32_t value, TW_LOC) {
    tw_api->semaphoreWait(address, value, true, loc);
    tw_api->semaphoreSet(address, *pointer() - value, loc);
  }
  void wait(uint32_t value, TW_LOC) {
    tw_api->semaphoreWait(address, value, false, loc);
  }
  void wait_min(uint32_t value, TW_LOC) {
    tw_api->semaphoreWait(address, value, true, loc);
  }
  void set(uint32_t value, TW_LOC) {
    tw_api->semaphoreSet(address, value, loc);
  }
  uint32_t value() const { return *pointer(); }
  template <NocOptions Set = NocOptions::DEFAULT>
  void set_multicast(const Noc &noc, uint32_t xStart, uint32_t yStart,
                     uint32_t xEnd, uint32_t yEnd, uint32_t receivers,
                     bool linked = false, TW_LOC) {
    relay_multicast<Set>(noc, *this, xStart, yStart, xEnd, yEnd, receivers,
                         linked, loc);
  }
  template <Noc::McastMode Mode>
  void set_multicast(const Noc &noc, uint32_t xStart, uint32_t yStart,
                     uint32_t xEnd, uint32_t yEnd, uint32_t receivers,
                     bool linked = false, TW_LOC) {
    relay_multicast<Mode == Noc::McastMode::INCLUDE_SRC
                        ? NocOptions::MCAST_INCL_SRC
                        : NocOptions::DEFAULT>(noc, *this, xStart, yStart, xEnd,
                                               yEnd, receivers, linked, loc);
  }
  /// Sends this core's value to another semaphore of one core, or of many.
  template <ProgrammableCoreType T, SemScope S>
  void relay_unicast(const Noc &noc, const Semaphore<T, S> &target, uint32_t x,
                     uint32_t y, TW_LOC) {
    noc_semaphore_set_remote(
        address, get_noc_addr(x, y, target.address, noc.get_noc_id()),
        noc.get_noc_id(), loc);
  }
  template <NocOptions Set = NocOptions::DEFAULT, ProgrammableCoreType T,
            SemScope S>
  void relay_multicast(const Noc &noc, const Semaphore<T, S> &target,
                       uint32_t xStart, uint32_t yStart, uint32_t xEnd,
                       uint32_t yEnd, uint32_t receivers, bool linked = false,
                       TW_LOC) {
    tw_api->nocMulticast(noc.get_noc_id(), address,
                         get_noc_multicast_addr(xStart, yStart, xEnd, yEnd,
                                                target.address,
                                                noc.get_noc_id()),
                         4, receivers, linked,
                         has_flag(Set, NocOptions::MCAST_INCL_SRC), false, loc);
  }
  void inc_multicast(const Noc &noc, uint32_t xStart, uint32_t yStart,
                     uint32_t xEnd, uint32_t yEnd, uint32_t value,
                     uint32_t receivers, TW_LOC) {
    noc_semaphore_inc_multicast(get_noc_multicast_addr(xStart, yStart, xEnd,
                                                       yEnd, address,
                                                       noc.get_noc_id()),
                                value, receivers, noc.get_noc_id(), loc);
  }

private:
  volatile uint32_t *pointer() const {
    return reinterpret_cast<volatile uint32_t *>(
        static_cast<uintptr_t>(address));
  }
  uint32_t address;
};
