// Writes to every core of a list. Arguments: bytes, transfers to each core
// at a time, rounds over the list, where in the list to begin, number of cores,
// then x, y of each.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t bytes = get_arg_val<uint32_t>(0);
  const uint32_t count = get_arg_val<uint32_t>(1);
  const uint32_t rounds = get_arg_val<uint32_t>(2);
  const uint32_t cores = get_arg_val<uint32_t>(4);
  for (uint32_t round = 0; round < rounds; ++round) {
    uint32_t core = get_arg_val<uint32_t>(3);
    for (uint32_t n = 0; n < cores; ++n) {
      const uint64_t far =
          get_noc_addr(get_arg_val<uint32_t>(5 + 2 * core),
                       get_arg_val<uint32_t>(6 + 2 * core), 0x40000);
      for (uint32_t i = 0; i < count; ++i)
        noc_async_write(0x80000, far, bytes);
      if (++core == cores)
        core = 0;
    }
  }
  noc_async_write_barrier();
}
