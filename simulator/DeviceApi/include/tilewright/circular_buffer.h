//===- circular_buffer.h - circular buffer calls ----------------*- C++ -*-===//
//
// The same names on every processor. On the compute threads, waiting and
// popping belong to UNPACK, reserving and pushing to PACK.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "tilewright/prelude.h"

#if defined(TW_DATA_MOVEMENT) || defined(TRISC_PACK)
#define TW_CB_PRODUCER(call) call
#else
#define TW_CB_PRODUCER(call) (void)0
#endif
#if defined(TW_DATA_MOVEMENT) || defined(TRISC_UNPACK)
#define TW_CB_CONSUMER(call) call
#else
#define TW_CB_CONSUMER(call) (void)0
#endif

// On a thread that has no part in a call its arguments go unused.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"

FORCE_INLINE void cb_reserve_back(uint32_t cb, uint32_t pages, TW_LOC) {
  TW_CB_PRODUCER(tw_api->cbReserve(cb, pages, loc));
}
FORCE_INLINE void cb_push_back(uint32_t cb, uint32_t pages, TW_LOC) {
  TW_CB_PRODUCER(tw_api->cbPush(cb, pages, loc));
}
FORCE_INLINE void cb_wait_front(uint32_t cb, uint32_t pages, TW_LOC) {
  TW_CB_CONSUMER(tw_api->cbWait(cb, pages, loc));
}
FORCE_INLINE void cb_pop_front(uint32_t cb, uint32_t pages, TW_LOC) {
  TW_CB_CONSUMER(tw_api->cbPop(cb, pages, loc));
}
FORCE_INLINE bool cb_pages_reservable_at_back(uint32_t cb, uint32_t pages,
                                              TW_LOC) {
  return tw_api->cbFree(cb, loc) >= pages;
}
FORCE_INLINE bool cb_pages_available_at_front(uint32_t cb, uint32_t pages,
                                              TW_LOC) {
  return tw_api->cbAvailable(cb, loc) >= pages;
}
FORCE_INLINE uint32_t get_write_ptr(uint32_t cb, TW_LOC) {
  return tw_api->cbWritePtr(cb, loc);
}
FORCE_INLINE uint32_t get_read_ptr(uint32_t cb, TW_LOC) {
  return tw_api->cbReadPtr(cb, loc);
}

/// Declares a circular buffer that is used as plain memory of the core: pages
/// may stay in it, and any agent may push and pop. A kernel that is also built
/// with the vendor's SDK defines it empty there (docs/simulator/faults.md).
#define TILEWRIGHT_SCRATCH_CB(cb) tw_api->cbScratch(cb, TwLoc::here())

#pragma clang diagnostic pop
