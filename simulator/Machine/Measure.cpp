//===- Measure.cpp - every call of the table, measured --------------------===//
//
// A call's own function knows nothing of profiles: here each entry of the table
// is replaced by one that calls it and tells the profile what it took. `X`
// lists the entries with the name that a kernel's author knows.
//
//===----------------------------------------------------------------------===//

#include "Machine/Profile.h"

namespace tilewright::sim {
namespace {

/// The place among the arguments of a call: a TwLoc, or a file and a line.
template <typename... Args> TwLoc place(Args... args) {
  TwLoc loc{nullptr, 0};
  const char *file = nullptr;
  auto look = [&](auto value) {
    using Value = decltype(value);
    if constexpr (std::is_same_v<Value, TwLoc>)
      loc = value;
    else if constexpr (std::is_same_v<Value, const char *>)
      file = value;
    else if constexpr (std::is_same_v<Value, uint32_t>)
      if (file)
        loc = {file, value};
  };
  (look(args), ...);
  return loc;
}

template <auto Entry> struct Measured;

template <typename R, typename... Args, R (*TwApi::*Entry)(Args...)>
struct Measured<Entry> {
  static inline R (*original)(Args...) = nullptr;
  static inline const char *name = nullptr;

  static R call(Args... args) {
    Agent &agent = self();
    const Time begin = agent.now;
    const Time busy = agent.busy;
    if constexpr (std::is_void_v<R>) {
      original(args...);
      machine->profile->called(agent, name, place(args...), begin, busy);
    } else {
      const R value = original(args...);
      machine->profile->called(agent, name, place(args...), begin, busy);
      return value;
    }
  }

  static void install(TwApi &api, const char *called) {
    original = api.*Entry;
    name = called;
    api.*Entry = call;
  }
};

/// A push or a pop changes what is in the buffer.
template <auto Entry> struct Pages : Measured<Entry> {
  using Base = Measured<Entry>;
  static void call(uint32_t index, uint32_t pages, TwLoc loc) {
    Base::call(index, pages, loc);
    // Faults do not return: the buffer exists. Others may have had their turn
    // within the call, so what was there before is counted back from now.
    const uint32_t now = self().core->cbs[index].available();
    const uint32_t before = Entry == &TwApi::cbPush ? now - pages : now + pages;
    machine->profile->circularBuffer(self(), index, before);
  }
  static void install(TwApi &api, const char *called) {
    Base::install(api, called);
    api.*Entry = call;
  }
};

/// Acquire takes a DST section, release gives one back.
template <auto Entry> struct Sections : Measured<Entry> {
  using Base = Measured<Entry>;
  static void call(TwLoc loc) {
    Base::call(loc);
    const DstState &dst = self().core->dst;
    const uint32_t used = dst.used();
    machine->profile->dstSections(
        self(), Entry == &TwApi::dstAcquire ? used - 1 : used + 1);
  }
  static void install(TwApi &api, const char *called) {
    Base::install(api, called);
    api.*Entry = call;
  }
};

} // namespace

void measureCalls(TwApi &api) {
  Pages<&TwApi::cbPush>::install(api, "cb_push_back");
  Pages<&TwApi::cbPop>::install(api, "cb_pop_front");
  Sections<&TwApi::dstAcquire>::install(api, "tile_regs_acquire");
  Sections<&TwApi::dstRelease>::install(api, "tile_regs_release");
#define X(Entry, Name) Measured<&TwApi::Entry>::install(api, Name);
  X(poll, "volatile load")
  X(spend, "spend")
  X(stored, "volatile store")
  X(readCycles, "get_timestamp")
  X(bankAddress, "get_noc_addr")
  X(bankCount, "get_noc_addr")
  X(pageAddress, "get_noc_addr")
  X(cbReserve, "cb_reserve_back")
  X(cbWait, "cb_wait_front")
  X(cbFree, "cb_pages_reservable_at_back")
  X(cbAvailable, "cb_pages_available_at_front")
  X(nocRead, "noc_async_read")
  X(nocWrite, "noc_async_write")
  X(nocMulticast, "noc_async_write_multicast")
  X(nocInline, "noc_inline_dw_write")
  X(nocAtomicInc, "noc_semaphore_inc")
  X(nocAtomicIncMulticast, "noc_semaphore_inc_multicast")
  X(nocBarrier, "NoC barrier")
  X(nocDone, "NoC poll")
  X(semaphoreWait, "noc_semaphore_wait")
  X(semaphoreSet, "noc_semaphore_set")
  X(unpackConfigure, "configure unpack")
  X(unpackReconfigure, "reconfigure unpack")
  X(unpackMatmul, "unpack matmul")
  X(unpackBinary, "unpack binary")
  X(unpackUnary, "unpack")
  X(mathConfigure, "configure math")
  X(mathMatmul, "matmul")
  X(mathBinary, "binary")
  X(mathReuse, "binary with DST")
  X(mathUnary, "copy to DST")
  X(mathReduce, "reduce")
  X(mathTransposeDst, "transpose DST")
  X(sfpuUnary, "SFPU unary")
  X(sfpuBinary, "SFPU binary")
  X(sfpuLoad, "SFPU load")
  X(sfpuStore, "SFPU store")
  X(mailboxWrite, "mailbox_write")
  X(mailboxRead, "mailbox_read")
  X(dstCommit, "tile_regs_commit")
  X(packConfigure, "configure pack")
  X(packReconfigure, "reconfigure pack")
  X(packTile, "pack_tile")
  X(dstWait, "tile_regs_wait")
  X(shortInit, "init")
#undef X
}

} // namespace tilewright::sim
