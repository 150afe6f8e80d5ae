// Arguments: NoC x, y of the other core, its address, bytes, count, 1 to read.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint64_t far = get_noc_addr(get_arg_val<uint32_t>(0),
                                    get_arg_val<uint32_t>(1),
                                    get_arg_val<uint32_t>(2));
  const uint32_t near = get_arg_val<uint32_t>(2);
  const uint32_t bytes = get_arg_val<uint32_t>(3);
  const uint32_t count = get_arg_val<uint32_t>(4);
  if (get_arg_val<uint32_t>(5)) {
    for (uint32_t i = 0; i < count; ++i)
      noc_async_read(far, near, bytes);
    noc_async_read_barrier();
  } else {
    for (uint32_t i = 0; i < count; ++i)
      noc_async_write(near, far, bytes);
    noc_async_write_barrier();
  }
}
