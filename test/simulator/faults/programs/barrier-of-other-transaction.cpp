// TW8307: the barrier waits for another transaction id.
// dram: A 8
// cb: cb_in 0 Float16_b 2
// kernel: ncrisc
// kernel: brisc drains cb_in 1
// expect: NCRISC page 0 of cb_in
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  cb_reserve_back(0, 1);
  noc_async_read_set_trid(1);
  noc_async_read(get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0)),
                 get_write_ptr(0), 2048);
#ifdef FIXED
  noc_async_read_barrier_with_trid(1);
#else
  noc_async_read_barrier_with_trid(2);
#endif
  cb_push_back(0, 1); // <- fault
  noc_async_read_barrier();
}
