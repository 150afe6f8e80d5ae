// Receives blocks of B from the first core of the column; then writes this
// core's output when it goes to DRAM.
#include "api/dataflow/dataflow_api.h"
#include "multicast.h"
#include "output.h"
#include "schedule.h"

void kernel_main() {
  const Schedule s = Schedule::get();
  const uint32_t first_row = get_arg_val<uint32_t>(0);
  const uint32_t first_col = get_arg_val<uint32_t>(1);
  const uint64_t sender =
      get_noc_addr(get_arg_val<uint32_t>(2), get_arg_val<uint32_t>(3),
                   get_semaphore(sem_b_ready));
  constexpr auto c_args = TensorAccessorArgs<0>();
  constexpr bool write_out = get_named_compile_time_arg_val("write_out");
  const auto c = TensorAccessor(c_args, s.c);
  const uint32_t valid = get_semaphore(sem_b_valid);

  for (uint32_t bh = 0; bh < s.blocks_h; ++bh)
    for (uint32_t bw = 0; bw < s.blocks_w; ++bw) {
      for (uint32_t bk = 0; bk < s.blocks_k; ++bk) {
        cb_reserve_back(cb_b, s.b_tiles());
        receive_block(sender, valid);
        cb_push_back(cb_b, s.b_tiles());
      }
      if constexpr (write_out)
        write_block(s, c, first_row + bh * s.block_h,
                    first_col + bw * s.block_w);
      else
        keep_block(s);
    }
  noc_async_atomic_barrier();
  noc_async_write_barrier();
}
