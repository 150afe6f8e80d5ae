// One block from one sender to a line of receivers, through a flag and a count.
#pragma once

#include "api/dataflow/dataflow_api.h"
#include <cstdint>

using Flag = volatile tt_l1_ptr uint32_t *;

inline Flag flag_at(uint32_t address) {
  return reinterpret_cast<Flag>(address);
}

/// A rectangle of receivers from runtime arguments [at, at + 4).
inline uint64_t rectangle_arg(uint32_t at) {
  return get_noc_multicast_addr(
      get_arg_val<uint32_t>(at), get_arg_val<uint32_t>(at + 1),
      get_arg_val<uint32_t>(at + 2), get_arg_val<uint32_t>(at + 3), 0);
}

/// Waits until all receivers have room, sends the block, then the flag.
inline void send_block(uint32_t block, uint32_t bytes, uint64_t rectangle,
                       uint32_t receivers, uint32_t ready, uint32_t valid) {
  noc_semaphore_wait(flag_at(ready), receivers);
  noc_semaphore_set(flag_at(ready), 0);
  noc_async_write_multicast(block, rectangle | block, bytes, receivers, true);
#ifdef ARCH_BLACKHOLE
  noc_async_writes_flushed();
#endif
  noc_semaphore_set_multicast(valid, rectangle | valid, receivers);
}

/// Tells the sender that there is room, and waits for the block.
inline void receive_block(uint64_t sender_ready, uint32_t valid) {
  noc_semaphore_set(flag_at(valid), INVALID);
  noc_semaphore_inc(sender_ready, 1);
  noc_semaphore_wait(flag_at(valid), VALID);
}
