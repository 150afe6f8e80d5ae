"""Flash attention forward: O = softmax(Q K^T / sqrt(dim)) V, one compute kernel.

Scores of a block of queries against a block of keys live in L1 only. The row
maximum, the row sum and the output are carried from one block of keys to the
next, rescaled when the maximum grows.

    ./tilewright run examples/flash_attention.py
    ./tilewright run examples/flash_attention.py --causal --seq-q 256 --seq-kv 512
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[3])
def flash_attention(
    batch, heads, seq_q, seq_kv, dim, causal, block_M=64, block_N=64, stages=2, dtype=T.bfloat16
):
    scale = (1.0 / dim) ** 0.5 * 1.44269504  # log2(e)
    q_shape = [batch, heads, seq_q, dim]
    kv_shape = [batch, heads, seq_kv, dim]
    past = seq_kv - seq_q

    @T.prim_func
    def main(
        Q: T.Tensor(q_shape, dtype),
        K: T.Tensor(kv_shape, dtype),
        V: T.Tensor(kv_shape, dtype),
        Output: T.Tensor(q_shape, dtype),
    ):
        with T.Kernel(T.ceildiv(seq_q, block_M), heads, batch, threads=128) as (bx, by, bz):
            Q_shared = T.alloc_shared([block_M, dim], dtype)
            K_shared = T.alloc_shared([block_N, dim], dtype)
            V_shared = T.alloc_shared([block_N, dim], dtype)
            O_shared = T.alloc_shared([block_M, dim], dtype)
            acc_s = T.alloc_fragment([block_M, block_N], T.float32)
            acc_s_cast = T.alloc_fragment([block_M, block_N], dtype)
            acc_o = T.alloc_fragment([block_M, dim], T.float32)
            scores_max = T.alloc_fragment([block_M], T.float32)
            scores_max_prev = T.alloc_fragment([block_M], T.float32)
            scores_scale = T.alloc_fragment([block_M], T.float32)
            scores_sum = T.alloc_fragment([block_M], T.float32)
            logsum = T.alloc_fragment([block_M], T.float32)

            T.copy(Q[bz, by, bx * block_M : (bx + 1) * block_M, :], Q_shared)
            T.fill(acc_o, 0)
            T.fill(logsum, 0)
            T.fill(scores_max, -T.infinity(T.float32))
            blocks = (
                T.min(T.ceildiv(seq_kv, block_N), T.ceildiv((bx + 1) * block_M + past, block_N))
                if causal
                else T.ceildiv(seq_kv, block_N)
            )
            for k in T.Pipelined(blocks, num_stages=stages):
                T.copy(K[bz, by, k * block_N : (k + 1) * block_N, :], K_shared)
                if causal:
                    for i, j in T.Parallel(block_M, block_N):
                        acc_s[i, j] = T.if_then_else(
                            bx * block_M + i + past >= k * block_N + j,
                            0,
                            -T.infinity(acc_s.dtype),
                        )
                else:
                    for i, j in T.Parallel(block_M, block_N):
                        acc_s[i, j] = T.if_then_else(
                            k * block_N + j >= seq_kv, -T.infinity(acc_s.dtype), 0
                        )
                T.gemm(Q_shared, K_shared, acc_s, transpose_B=True)

                T.copy(scores_max, scores_max_prev)
                T.fill(scores_max, -T.infinity(T.float32))
                T.reduce_max(acc_s, scores_max, dim=1, clear=False)
                for i in T.Parallel(block_M):
                    scores_max[i] = T.max(scores_max[i], scores_max_prev[i])
                for i in T.Parallel(block_M):
                    scores_scale[i] = T.exp2(scores_max_prev[i] * scale - scores_max[i] * scale)
                for i, j in T.Parallel(block_M, block_N):
                    acc_s[i, j] = T.exp2(acc_s[i, j] * scale - scores_max[i] * scale)
                T.reduce_sum(acc_s, scores_sum, dim=1)
                for i in T.Parallel(block_M):
                    logsum[i] = logsum[i] * scores_scale[i] + scores_sum[i]
                T.copy(acc_s, acc_s_cast)

                for i, j in T.Parallel(block_M, dim):
                    acc_o[i, j] *= scores_scale[i]
                T.copy(V[bz, by, k * block_N : (k + 1) * block_N, :], V_shared)
                T.gemm(acc_s_cast, V_shared, acc_o)

            for i, j in T.Parallel(block_M, dim):
                acc_o[i, j] /= logsum[i]
            T.copy(acc_o, O_shared)
            T.copy(O_shared, Output[bz, by, bx * block_M : (bx + 1) * block_M, :])

    return main


def reference(q: np.ndarray, k: np.ndarray, v: np.ndarray, causal: bool) -> np.ndarray:
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    if causal:
        queries, keys = scores.shape[-2:]
        seen = np.arange(keys) <= np.arange(queries)[:, None] + keys - queries
        scores = np.where(seen, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True) @ v


def run(options: argparse.Namespace) -> bool:
    shape = (options.batch, options.heads, options.seq_q, options.dim)
    shape_kv = (options.batch, options.heads, options.seq_kv, options.dim)
    kernel = flash_attention(
        *shape[:3],
        options.seq_kv,
        options.dim,
        options.causal,
        options.block_M,
        options.block_N,
        options.stages,
    )
    host = T.bfloat16.as_numpy()
    q = report.random_array(shape, host, seed=1)
    k = report.random_array(shape_kv, host, seed=2)
    v = report.random_array(shape_kv, host, seed=3)
    want = reference(report.f64(q), report.f64(k), report.f64(v), options.causal)
    return report.finish(kernel, kernel(q, k, v), want, tolerance=8e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--seq-q", type=int, default=256)
    parser.add_argument("--seq-kv", type=int, default=256)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--block-M", type=int, default=64)
    parser.add_argument("--block-N", type=int, default=64)
    parser.add_argument("--stages", type=int, default=2)
    parser.add_argument("--causal", action="store_true")
    report.main(parser, run)
