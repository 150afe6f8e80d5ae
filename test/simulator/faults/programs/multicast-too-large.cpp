// TW8304: a multicast of one packet that is larger than a packet.
// kernel: ncrisc
// expect: NCRISC one-packet transfer of 16384 bytes
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t x = get_arg_val<uint32_t>(0), y = get_arg_val<uint32_t>(1);
  const uint64_t one = get_noc_multicast_addr(x, y, x, y, 0x40000);
#ifdef FIXED
  constexpr uint32_t bytes = NOC_MAX_BURST_SIZE;
#else
  constexpr uint32_t bytes = 2 * NOC_MAX_BURST_SIZE;
#endif
  noc_async_write_multicast_one_packet(0x40000, one, bytes, 1); // <- fault
  noc_async_write_barrier();
}
