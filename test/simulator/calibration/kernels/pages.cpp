// Pages of an interleaved tensor in turn. Arguments: address, L1 address, bytes
// of a page, pages, 1 to read.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t l1 = get_arg_val<uint32_t>(1);
  const uint32_t bytes = get_arg_val<uint32_t>(2);
  const uint32_t count = get_arg_val<uint32_t>(3);
  const InterleavedAddrGen<true> tensor = {
      .bank_base_address = get_arg_val<uint32_t>(0), .page_size = bytes};
  if (get_arg_val<uint32_t>(4)) {
    for (uint32_t i = 0; i < count; ++i)
      noc_async_read(get_noc_addr(i, tensor), l1, bytes);
    noc_async_read_barrier();
  } else {
    for (uint32_t i = 0; i < count; ++i)
      noc_async_write(l1, get_noc_addr(i, tensor), bytes);
    noc_async_write_barrier();
  }
}
