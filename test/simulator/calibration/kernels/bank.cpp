// Arguments: DRAM bank, address, L1 address, bytes, count, 1 to read, bytes
// from one transfer to the next in the bank, in L1 the bytes after which to
// start over, transfers before each barrier.
#include "api/dataflow/dataflow_api.h"

void kernel_main() {
  const uint32_t bank = get_arg_val<uint32_t>(0);
  const uint32_t address = get_arg_val<uint32_t>(1);
  const uint32_t l1 = get_arg_val<uint32_t>(2);
  const uint32_t bytes = get_arg_val<uint32_t>(3);
  const uint32_t count = get_arg_val<uint32_t>(4);
  const bool read = get_arg_val<uint32_t>(5);
  const uint32_t step = get_arg_val<uint32_t>(6);
  const uint32_t window = get_arg_val<uint32_t>(7);
  const uint32_t batch = get_arg_val<uint32_t>(8);
  uint64_t far = get_noc_addr_from_bank_id<true>(bank, address);
  uint32_t offset = 0;
  uint32_t open = 0;
  // The plain loop of the published measurements.
  const bool plain = window == bytes && batch == 0;
  if (plain && read)
    for (uint32_t i = 0; i < count; ++i, far += step)
      noc_async_read(far, l1, bytes);
  else if (plain)
    for (uint32_t i = 0; i < count; ++i, far += step)
      noc_async_write(l1, far, bytes);
  for (uint32_t i = plain ? count : 0; i < count; ++i) {
    if (read)
      noc_async_read(far, l1 + offset, bytes);
    else
      noc_async_write(l1 + offset, far, bytes);
    far += step;
    offset += bytes;
    if (offset >= window)
      offset = 0;
    if (++open == batch) {
      open = 0;
      if (read)
        noc_async_read_barrier();
      else
        noc_async_write_barrier();
    }
  }
  if (read)
    noc_async_read_barrier();
  else
    noc_async_write_barrier();
}
