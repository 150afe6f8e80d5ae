// Receives blocks of A from the first core of the row.
#include "api/dataflow/dataflow_api.h"
#include "multicast.h"
#include "schedule.h"

void kernel_main() {
  const Schedule s = Schedule::get();
  const uint64_t sender =
      get_noc_addr(get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1),
                   get_semaphore(sem_a_ready));
  const uint32_t valid = get_semaphore(sem_a_valid);
  const uint32_t blocks = s.blocks_h * s.blocks_w * s.blocks_k;
  for (uint32_t i = 0; i < blocks; ++i) {
    cb_reserve_back(cb_a, s.a_tiles());
    receive_block(sender, valid);
    cb_push_back(cb_a, s.a_tiles());
  }
  noc_async_atomic_barrier();
}
