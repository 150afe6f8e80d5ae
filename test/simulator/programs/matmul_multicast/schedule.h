// What the kernels of the multicast matmul share: the schedule, from the common
// runtime arguments. Sizes are in tiles.
//
//   C[M, N] = A[M, K] * B[K, N]. Core (x, y) makes the output tiles of row y
//   and column x of the core grid, one output block after the other; K runs
//   innermost, a block of `block_k` at a time. A blocks travel along rows, B
//   blocks along columns.
//
//   The last row and column of cores may reach beyond M and N: those tiles are
//   neither read nor written, and computed from what lies there.
#pragma once

#include <cstdint>

struct Schedule {
  uint32_t a, b, c;          // addresses of the tensors
  uint32_t block_k;          // K tiles of a block
  uint32_t block_h, block_w; // output block
  uint32_t blocks_k, blocks_h, blocks_w;
  uint32_t sub_h, sub_w;  // output sub-block, what DST holds
  uint32_t m, k, n;       // whole tensors
  uint32_t columns, rows; // of the cores that compute
  uint32_t shard_k;       // K tiles of the shard of A in each core's L1

  static Schedule get() {
    uint32_t i = 0;
    auto next = [&] { return get_common_arg_val<uint32_t>(i++); };
    Schedule s;
    s.a = next();
    s.b = next();
    s.c = next();
    s.block_k = next();
    s.block_h = next();
    s.block_w = next();
    s.blocks_k = next();
    s.blocks_h = next();
    s.blocks_w = next();
    s.sub_h = next();
    s.sub_w = next();
    s.m = next();
    s.k = next();
    s.n = next();
    s.columns = next();
    s.rows = next();
    s.shard_k = next();
    return s;
  }
  uint32_t a_tiles() const { return block_h * block_k; }
  uint32_t b_tiles() const { return block_k * block_w; }
};

constexpr uint32_t cb_a = 0;
constexpr uint32_t cb_b = 1;
constexpr uint32_t cb_shard = 2; // A's shard, where it stands in L1
constexpr uint32_t cb_valid = 5; // one word that holds VALID
constexpr uint32_t cb_out = 16;
constexpr uint32_t cb_partials = 24;

// Semaphores: receivers that are ready, and the flag that a block has come.
constexpr uint32_t sem_a_ready = 0;
constexpr uint32_t sem_a_valid = 1;
constexpr uint32_t sem_b_ready = 2;
constexpr uint32_t sem_b_valid = 3;
