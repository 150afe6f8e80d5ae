// Streams one DRAM bank with two transaction ids in flight. Arguments: bank,
// address, L1 address, bytes of a packet, packets.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t address = get_arg_val<uint32_t>(1);
  const uint32_t l1 = get_arg_val<uint32_t>(2);
  const uint32_t bytes = get_arg_val<uint32_t>(3);
  const uint32_t count = get_arg_val<uint32_t>(4);
  const uint64_t bank =
      get_noc_addr_from_bank_id<true>(get_arg_val<uint32_t>(0), 0);
  noc_async_read_one_packet_set_state(bank, bytes);
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t slot = i & 1;
    if (i >= 2)
      noc_async_read_barrier_with_trid(slot + 1);
    noc_async_read_one_packet_with_state_with_trid(
        static_cast<uint32_t>(bank), address + i * bytes, l1 + slot * bytes,
        slot + 1);
  }
  noc_async_read_barrier_with_trid(1);
  noc_async_read_barrier_with_trid(2);
}
