// 4x4 output tiles accumulate over K in L1 through the packer, in fp32.
#include "api/compute/compute_kernel_hw_startup.h"
#include "api/compute/matmul.h"
#include "api/compute/pack.h"
#include "api/compute/tile_move_copy.h"
#include <cstdint>

void kernel_main() {
  const uint32_t count = get_arg_val<uint32_t>(0);
  constexpr uint32_t cb_a = tt::CBIndex::c_0;
  constexpr uint32_t cb_b = tt::CBIndex::c_1;
  constexpr uint32_t cb_acc = tt::CBIndex::c_2;
  constexpr uint32_t cb_c = tt::CBIndex::c_16;
  constexpr uint32_t kt = get_named_compile_time_arg_val("kt");
  compute_kernel_hw_startup<SrcOrder::Reverse>(cb_a, cb_b, cb_acc);
  matmul_block_init(cb_a, cb_b, 0, 2, 2, 1);
  for (uint32_t item = 0; item < count; ++item) {
    reconfig_data_format(cb_b, cb_a);
    pack_reconfig_data_format(cb_acc);
    matmul_block_init(cb_a, cb_b, 0, 2, 2, 1);
    cb_reserve_back(cb_acc, 16);
    for (uint32_t k = 0; k < kt; ++k) {
      cb_wait_front(cb_a, 4);
      cb_wait_front(cb_b, 4);
      for (uint32_t r = 0; r < 4; r += 2)
        for (uint32_t c = 0; c < 4; c += 2) {
          tile_regs_acquire();
          matmul_block(cb_a, cb_b, r, c, 0, 0, 2, 2, 1);
          tile_regs_commit();
          tile_regs_wait();
          pack_tile<true>(0, cb_acc, r * 4 + c);
          pack_tile<true>(1, cb_acc, r * 4 + c + 1);
          pack_tile<true>(2, cb_acc, (r + 1) * 4 + c);
          pack_tile<true>(3, cb_acc, (r + 1) * 4 + c + 1);
          tile_regs_release();
        }
      cb_pop_front(cb_a, 4);
      cb_pop_front(cb_b, 4);
      if (k == 0)
        pack_reconfig_l1_acc(1);
    }
    pack_reconfig_l1_acc(0);
    cb_push_back(cb_acc, 16);
    cb_wait_front(cb_acc, 16);
    reconfig_data_format_srca(cb_acc);
    pack_reconfig_data_format(cb_c);
    copy_init(cb_acc);
    for (uint32_t i = 0; i < 16; ++i) {
      cb_reserve_back(cb_c, 1);
      tile_regs_acquire();
      copy_tile(cb_acc, i, 0);
      tile_regs_commit();
      tile_regs_wait();
      pack_tile(0, cb_c);
      tile_regs_release();
      cb_push_back(cb_c, 1);
    }
    cb_pop_front(cb_acc, 16);
  }
}
