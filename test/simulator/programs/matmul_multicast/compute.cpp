// Output blocks, sub-block by sub-block. Partial sums of the K blocks meet in
// L1 through the packer; the last K block takes them back into DST, so that
// the packer converts the finished sums to the format of the output.
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/matmul.h"
#include "api/compute/pack.h"
#include "api/compute/reconfig_data_format.h"
#include "api/compute/tile_move_copy.h"
#include "schedule.h"

void kernel_main() {
  const Schedule s = Schedule::get();
  const uint32_t sub_tiles = s.sub_h * s.sub_w;
  const uint32_t out_tiles = s.block_h * s.block_w;
  auto matmul_setup = [&] {
    matmul_block_init(cb_a, cb_b, 0, s.sub_w, s.sub_h, s.block_k);
  };
  compute_kernel_hw_startup<SrcOrder::Reverse>(cb_a, cb_b, cb_partials);
  matmul_setup();

  for (uint32_t block = 0; block < s.blocks_h * s.blocks_w; ++block) {
    if (s.blocks_h * s.blocks_w > 1)
      pack_reconfig_data_format(cb_partials);
    for (uint32_t bk = 0; bk < s.blocks_k; ++bk) {
      const bool last = bk + 1 == s.blocks_k;
      const bool reload = last && bk > 0;
      cb_wait_front(cb_a, s.a_tiles());
      cb_wait_front(cb_b, s.b_tiles());
      uint32_t out_free = sub_tiles;
      for (uint32_t r = 0; r < s.block_h; r += s.sub_h)
        for (uint32_t w = 0; w < s.block_w; w += s.sub_w) {
          tile_regs_acquire();
          if (reload) {
            copy_tile_to_dst_init_short_with_dt(cb_b, cb_partials);
            cb_wait_front(cb_partials, sub_tiles);
            copy_block_matmul_partials(cb_partials, 0, 0, sub_tiles);
            cb_pop_front(cb_partials, sub_tiles);
            reconfig_data_format_srca(cb_partials, cb_b);
            matmul_setup();
          }
          for (uint32_t k = 0; k < s.block_k; ++k)
            matmul_block(cb_a, cb_b, r * s.block_k + k, k * s.block_w + w, 0, 0,
                         s.sub_w, s.sub_h, s.block_k);
          tile_regs_commit();
          if (last) {
            cb_reserve_back(cb_out, sub_tiles);
            tile_regs_wait();
            pack_reconfig_data_format(cb_out);
            pack_reconfig_l1_acc(0);
            pack_tile_block(0, cb_out, sub_tiles);
            tile_regs_release();
            cb_push_back(cb_out, sub_tiles);
          } else {
            // The partial sums may lie where the last output block did.
            if (bk == 0) {
              cb_reserve_back(cb_out, out_free);
              out_free += sub_tiles;
            }
            cb_reserve_back(cb_partials, sub_tiles);
            tile_regs_wait();
            pack_reconfig_l1_acc(bk > 0);
            pack_tile_block(0, cb_partials, sub_tiles);
            tile_regs_release();
            cb_push_back(cb_partials, sub_tiles);
          }
        }
      // Once around the buffer: the next K block is added to the same tiles.
      if (bk + 2 < s.blocks_k) {
        cb_wait_front(cb_partials, out_tiles);
        cb_pop_front(cb_partials, out_tiles);
      }
      cb_pop_front(cb_a, s.a_tiles());
      cb_pop_front(cb_b, s.b_tiles());
    }
  }
}
