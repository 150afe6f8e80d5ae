// A is block-sharded: each core of a row is in turn the sender of the K blocks
// in its shard, and a receiver of the others. A core that computes nothing,
// as N needs fewer columns than K has shards, only sends.
#include "api/dataflow/dataflow_api.h"
#include "multicast.h"
#include "schedule.h"

void kernel_main() {
  const Schedule s = Schedule::get();
  const uint32_t self = get_arg_val<uint32_t>(0);
  const uint64_t row = rectangle_arg(1);
  const uint32_t ready = get_semaphore(sem_a_ready);
  const uint32_t valid = get_semaphore(sem_a_valid);
  const uint32_t tile_bytes = get_tile_size(cb_a);
  const uint32_t bytes = s.a_tiles() * tile_bytes;
  const uint32_t per_shard = s.shard_k / s.block_k;
  const bool receives = self < s.columns;
  const uint32_t others = s.columns - receives;
  // A block that is narrower than the shard is gathered from its rows first.
  const bool gather = per_shard > 1 && s.block_h * s.blocks_h > 1;

  const uint32_t valid_word = get_write_ptr(cb_valid);
  flag_at(valid_word)[0] = VALID;
  noc_semaphore_set(flag_at(valid), VALID);
  const uint32_t shard = get_read_ptr(cb_shard);
  const uint32_t shard_stride = s.shard_k * tile_bytes;
  // Where the receivers' block goes, at a core that counts no pages.
  uint32_t next = get_write_ptr(cb_a);
  const uint32_t first = next;
  const uint32_t end = first + get_arg_val<uint32_t>(5);

  for (uint32_t bh = 0; bh < s.blocks_h; ++bh)
    for (uint32_t bw = 0; bw < s.blocks_w; ++bw) {
      uint32_t from = shard + bh * s.block_h * shard_stride;
      for (uint32_t bk = 0; bk < s.blocks_k; ++bk) {
        const uint32_t sender = bk / per_shard;
        if (receives)
          cb_reserve_back(cb_a, s.a_tiles());
        const uint32_t block = next;
        next = next + bytes == end ? first : next + bytes;
        if (receives)
          noc_semaphore_set(flag_at(valid), INVALID);
        if (sender == self) {
          uint32_t source = from;
          if (gather) {
            source = block;
            const uint32_t width = s.block_k * tile_bytes;
            for (uint32_t h = 0; h < s.block_h; ++h)
              noc_async_read(get_noc_addr(from + h * shard_stride),
                             block + h * width, width);
            from += width;
            noc_async_read_barrier();
          } else {
            from += bytes;
          }
          noc_semaphore_wait(flag_at(ready), others);
          noc_semaphore_set(flag_at(ready), 0);
          if (receives && !gather)
            noc_async_write_multicast_loopback_src(source, row | block, bytes,
                                                   s.columns, true);
          else if (others > 0)
            noc_async_write_multicast(source, row | block, bytes, others, true);
          if (receives)
            noc_semaphore_set_multicast_loopback_src(valid_word, row | valid,
                                                     s.columns);
          else
            noc_semaphore_set_multicast(valid_word, row | valid, s.columns);
#ifdef ARCH_BLACKHOLE
          noc_async_writes_flushed();
#endif
        } else if (receives) {
          const uint64_t there =
              get_noc_addr(get_arg_val<uint32_t>(6 + 2 * sender),
                           get_arg_val<uint32_t>(7 + 2 * sender), ready);
          noc_semaphore_inc(there, 1);
        }
        if (receives) {
          noc_semaphore_wait(flag_at(valid), VALID);
          cb_push_back(cb_a, s.a_tiles());
        }
      }
    }
  noc_async_write_barrier();
  noc_async_atomic_barrier();
}
