// TW8302: what L1 allows, a read from DRAM does not: 32 bytes.
// dram: A 8
// kernel: ncrisc
// expect: NCRISC modulo 32
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t from =
      get_noc_addr_from_bank_id<true>(0, get_arg_val<uint32_t>(0));
#ifdef FIXED
  noc_async_read(from, 0x40020, 64);
#else
  noc_async_read(from, 0x40010, 64); // <- fault
#endif
  noc_async_read_barrier();
}
