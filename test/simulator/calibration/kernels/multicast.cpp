// Arguments: first and last NoC x, y of the rectangle, address, bytes, count,
// receivers, 1 for a linked chain.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t address = get_arg_val<uint32_t>(4);
  const uint64_t all = get_noc_multicast_addr(
      get_arg_val<uint32_t>(0), get_arg_val<uint32_t>(1),
      get_arg_val<uint32_t>(2), get_arg_val<uint32_t>(3), address);
  const uint32_t bytes = get_arg_val<uint32_t>(5);
  const uint32_t count = get_arg_val<uint32_t>(6);
  const uint32_t receivers = get_arg_val<uint32_t>(7);
  const bool linked = get_arg_val<uint32_t>(8);
  for (uint32_t i = 0; i < count; ++i)
    noc_async_write_multicast(address, all, bytes, receivers,
                              linked && i + 1 < count);
  noc_async_write_barrier();
}
