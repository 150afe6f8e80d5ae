// Reads blocks of B from DRAM and multicasts them down the column of cores;
// then writes this core's output when it goes to DRAM.
#include "api/dataflow/dataflow_api.h"
#include "multicast.h"
#include "output.h"
#include "schedule.h"

void kernel_main() {
  const Schedule s = Schedule::get();
  const uint32_t first_row = get_arg_val<uint32_t>(0);
  const uint32_t first_col = get_arg_val<uint32_t>(1);
  const uint64_t receivers = rectangle_arg(2);
  constexpr auto b_args = TensorAccessorArgs<0>();
  constexpr auto c_args =
      TensorAccessorArgs<b_args.next_compile_time_args_offset()>();
  constexpr bool write_out = get_named_compile_time_arg_val("write_out");
  const auto b = TensorAccessor(b_args, s.b);
  const auto c = TensorAccessor(c_args, s.c);
  const uint32_t ready = get_semaphore(sem_b_ready);
  const uint32_t valid = get_semaphore(sem_b_valid);
  noc_semaphore_set(flag_at(valid), VALID);
  const uint32_t tile_bytes = get_tile_size(cb_b);

  for (uint32_t bh = 0; bh < s.blocks_h; ++bh)
    for (uint32_t bw = 0; bw < s.blocks_w; ++bw) {
      const uint32_t col = first_col + bw * s.block_w;
      for (uint32_t bk = 0; bk < s.blocks_k; ++bk) {
        cb_reserve_back(cb_b, s.b_tiles());
        const uint32_t block = get_write_ptr(cb_b);
        uint32_t to = block;
        for (uint32_t h = 0; h < s.block_k; ++h)
          for (uint32_t w = 0; w < s.block_w; ++w) {
            if (col + w < s.n)
              noc_async_read_tile((bk * s.block_k + h) * s.n + col + w, b, to);
            to += tile_bytes;
          }
        noc_async_read_barrier();
        if (s.rows > 1)
          send_block(block, s.b_tiles() * tile_bytes, receivers, s.rows - 1,
                     ready, valid);
        cb_push_back(cb_b, s.b_tiles());
      }
      if constexpr (write_out)
        write_block(s, c, first_row + bh * s.block_h, col);
      else
        keep_block(s);
    }
  noc_async_write_barrier();
}
