"""Attention of grouped heads in [batch, sequence, heads, dim] tensors, causal, over a
window of the last keys or all of them. One compute kernel.

    ./tilewright run examples/grouped_attention.py
    ./tilewright run examples/grouped_attention.py --window 100 --seq 300 --dim 128
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[3])
def grouped_attention(batch, seq, heads, groups, dim, window, block_M=64, block_N=64):
    """`groups` heads of keys and values serve `heads` heads of queries. A query sees
    the `window` keys up to its own (0: all of them)."""
    dtype = T.bfloat16
    scale = (1.0 / dim) ** 0.5 * 1.44269504  # log2(e)

    @T.prim_func
    def main(
        Q: T.Tensor((batch, seq, heads, dim), dtype),
        K: T.Tensor((batch, seq, groups, dim), dtype),
        V: T.Tensor((batch, seq, groups, dim), dtype),
        Output: T.Tensor((batch, seq, heads, dim), dtype),
    ):
        with T.Kernel(T.ceildiv(seq, block_M), heads, batch, threads=128) as (bx, by, bz):
            q = T.alloc_shared((block_M, dim), dtype)
            k = T.alloc_shared((block_N, dim), dtype)
            v = T.alloc_shared((block_N, dim), dtype)
            scores = T.alloc_fragment((block_M, block_N), T.float32)
            weights = T.alloc_fragment((block_M, block_N), dtype)
            out = T.alloc_fragment((block_M, dim), T.float32)
            highest = T.alloc_fragment((block_M,), T.float32)
            before = T.alloc_fragment((block_M,), T.float32)
            shrink = T.alloc_fragment((block_M,), T.float32)
            part = T.alloc_fragment((block_M,), T.float32)
            total = T.alloc_fragment((block_M,), T.float32)

            group = by // (heads // groups)
            T.copy(Q[bz, bx * block_M : (bx + 1) * block_M, by, :], q)
            T.clear(out)
            T.clear(total)
            # Finite: a block may hold no key that a query sees.
            T.fill(highest, -1e30)
            first = T.max(0, (bx * block_M + 1 - window) // block_N) if window else 0
            last = T.min(T.ceildiv(seq, block_N), T.ceildiv((bx + 1) * block_M, block_N))
            for n in T.Pipelined(first, last, num_stages=2):
                T.copy(K[bz, n * block_N : (n + 1) * block_N, group, :], k)
                T.gemm(q, k, scores, transpose_B=True, clear_accum=True)
                for i, j in T.Parallel(block_M, block_N):
                    query, key = bx * block_M + i, n * block_N + j
                    seen = key <= query
                    if window:
                        seen = T.And(seen, key > query - window)
                    scores[i, j] = T.if_then_else(seen, scores[i, j], -T.infinity(T.float32))
                T.copy(highest, before)
                T.reduce_max(scores, highest, dim=1, clear=False)
                for i in T.Parallel(block_M):
                    shrink[i] = T.exp2((before[i] - highest[i]) * scale)
                for i, j in T.Parallel(block_M, block_N):
                    scores[i, j] = T.exp2(scores[i, j] * scale - highest[i] * scale)
                T.reduce_sum(scores, part, dim=1)
                for i in T.Parallel(block_M):
                    total[i] = total[i] * shrink[i] + part[i]
                T.copy(scores, weights)
                for i, j in T.Parallel(block_M, dim):
                    out[i, j] *= shrink[i]
                T.copy(V[bz, n * block_N : (n + 1) * block_N, group, :], v)
                T.gemm(weights, v, out)
            for i, j in T.Parallel(block_M, dim):
                out[i, j] /= total[i]
            T.copy(out, Output[bz, bx * block_M : (bx + 1) * block_M, by, :])

    return main


def reference(q: np.ndarray, k: np.ndarray, v: np.ndarray, window: int) -> np.ndarray:
    share = q.shape[2] // k.shape[2]
    q, k, v = (x.swapaxes(1, 2) for x in (q, k.repeat(share, axis=2), v.repeat(share, axis=2)))
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    distance = np.arange(q.shape[2])[:, None] - np.arange(k.shape[2])
    seen = (distance >= 0) & (distance < (window or k.shape[2]))
    scores = np.where(seen, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True) @ v).swapaxes(1, 2)


def run(options: argparse.Namespace) -> bool:
    batch, seq, heads, groups, dim = (
        getattr(options, name) for name in ("batch", "seq", "heads", "groups", "dim")
    )
    kernel = grouped_attention(batch, seq, heads, groups, dim, options.window)
    host = T.bfloat16.as_numpy()
    q = report.random_array((batch, seq, heads, dim), host, seed=1)
    k, v = (report.random_array((batch, seq, groups, dim), host, seed=s) for s in (2, 3))
    want = reference(report.f64(q), report.f64(k), report.f64(v), options.window)
    return report.finish(kernel, kernel(q, k, v), want, tolerance=8e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    sizes = (("batch", 1), ("seq", 200), ("heads", 4), ("groups", 2), ("dim", 64), ("window", 0))
    for name, size in sizes:
        parser.add_argument(f"--{name}", type=int, default=size)
    report.main(parser, run)
