// Reads blocks of A from DRAM and multicasts them along the row of cores.
#include "api/dataflow/dataflow_api.h"
#include "multicast.h"
#include "schedule.h"

void kernel_main() {
  const Schedule s = Schedule::get();
  const uint32_t first_row = get_arg_val<uint32_t>(0);
  const uint64_t receivers = rectangle_arg(1);
  constexpr auto a_args = TensorAccessorArgs<0>();
  const auto a = TensorAccessor(a_args, s.a);
  const uint32_t ready = get_semaphore(sem_a_ready);
  const uint32_t valid = get_semaphore(sem_a_valid);
  noc_semaphore_set(flag_at(valid), VALID);
  const uint32_t tile_bytes = get_tile_size(cb_a);

  for (uint32_t bh = 0; bh < s.blocks_h; ++bh)
    for (uint32_t bw = 0; bw < s.blocks_w; ++bw)
      for (uint32_t bk = 0; bk < s.blocks_k; ++bk) {
        cb_reserve_back(cb_a, s.a_tiles());
        const uint32_t block = get_write_ptr(cb_a);
        uint32_t to = block;
        for (uint32_t h = 0; h < s.block_h; ++h) {
          const uint32_t row = first_row + bh * s.block_h + h;
          if (row >= s.m)
            break;
          for (uint32_t w = 0; w < s.block_k; ++w) {
            noc_async_read_tile(row * s.k + bk * s.block_k + w, a, to);
            to += tile_bytes;
          }
        }
        noc_async_read_barrier();
        if (s.columns > 1)
          send_block(block, s.a_tiles() * tile_bytes, receivers, s.columns - 1,
                     ready, valid);
        cb_push_back(cb_a, s.a_tiles());
      }
  noc_async_write_barrier();
}
