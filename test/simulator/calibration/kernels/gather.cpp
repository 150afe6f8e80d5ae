// Reads from every core of a list in turn. Arguments: bytes, transfers from each
// core, number of cores, then x, y of each.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t bytes = get_arg_val<uint32_t>(0);
  const uint32_t count = get_arg_val<uint32_t>(1);
  const uint32_t cores = get_arg_val<uint32_t>(2);
  for (uint32_t core = 0; core < cores; ++core) {
    const uint64_t far =
        get_noc_addr(get_arg_val<uint32_t>(3 + 2 * core),
                     get_arg_val<uint32_t>(4 + 2 * core), 0x40000);
    for (uint32_t i = 0; i < count; ++i)
      noc_async_read(far, 0x80000, bytes);
  }
  noc_async_read_barrier();
}
