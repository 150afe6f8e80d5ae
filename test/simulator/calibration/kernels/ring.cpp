// Streams one DRAM bank with two transaction ids in flight. Arguments: bank,
// address, L1 address, bytes of a packet, packets.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t l1 = get_arg_val<uint32_t>(2);
  const uint32_t bytes = get_arg_val<uint32_t>(3);
  const uint32_t count = get_arg_val<uint32_t>(4);
  uint64_t far = get_noc_addr_from_bank_id<true>(get_arg_val<uint32_t>(0),
                                                 get_arg_val<uint32_t>(1));
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t slot = i & 1;
    if (i >= 2)
      noc_async_read_barrier_with_trid(slot + 1);
    noc_async_read_set_trid(slot + 1);
    noc_async_read(far, l1 + slot * bytes, bytes);
    far += bytes;
  }
  noc_async_read_barrier_with_trid(1);
  noc_async_read_barrier_with_trid(2);
}
