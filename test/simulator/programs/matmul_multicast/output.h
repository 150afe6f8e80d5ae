// Writes the sub-blocks of one output block to DRAM as they are packed, or
// waits for a block that is packed where it stays.
#pragma once

#include "api/dataflow/dataflow_api.h"
#include "schedule.h"

template <typename Accessor>
inline void write_block(const Schedule &s, const Accessor &c, uint32_t row,
                        uint32_t col) {
  const uint32_t tile_bytes = get_tile_size(cb_out);
  const uint32_t tiles = s.sub_h * s.sub_w;
  for (uint32_t r = 0; r < s.block_h; r += s.sub_h)
    for (uint32_t w = 0; w < s.block_w; w += s.sub_w) {
      cb_wait_front(cb_out, tiles);
      uint32_t from = get_read_ptr(cb_out);
      for (uint32_t i = 0; i < s.sub_h; ++i)
        for (uint32_t j = 0; j < s.sub_w; ++j) {
          const uint32_t at_row = row + r + i, at_col = col + w + j;
          if (at_row < s.m && at_col < s.n)
            noc_async_write_tile(at_row * s.n + at_col, c, from);
          from += tile_bytes;
        }
      noc_async_write_barrier();
      cb_pop_front(cb_out, tiles);
    }
}

inline void keep_block(const Schedule &s) {
  cb_wait_front(cb_out, s.block_h * s.block_w);
  cb_pop_front(cb_out, s.block_h * s.block_w);
}
