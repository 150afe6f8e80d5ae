"""Attention of one new token over a long cache, in two launches: each block of the
first attends to a part of the keys, the second combines the parts.

./tilewright run examples/flash_decoding.py
./tilewright run examples/flash_decoding.py --heads 4 --keys 512 --splits 4
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[3])
def flash_decoding(heads, keys, dim, splits, block_N, dtype="bfloat16"):
    assert keys % (splits * block_N) == 0, "each part of the keys has whole blocks"
    part = keys // splits
    scale = dim**-0.5 * 1.44269504  # exp(x) = exp2(x * log2(e))

    @T.prim_func
    def main(
        Q: T.Tensor((heads, dim), dtype),
        K: T.Tensor((keys, dim), dtype),
        V: T.Tensor((keys, dim), dtype),
        Out: T.Tensor((heads, dim), "float32"),
    ):
        partial = T.alloc_global((splits, heads, dim), "float32")
        statistics = T.alloc_global((splits, heads), "float32")
        with T.Kernel(splits) as bs:
            q = T.alloc_shared((heads, dim), dtype)
            k = T.alloc_shared((block_N, dim), dtype)
            v = T.alloc_shared((block_N, dim), dtype)
            scores = T.alloc_fragment((heads, block_N), "float32")
            weights = T.alloc_fragment((heads, block_N), dtype)
            acc = T.alloc_fragment((heads, dim), "float32")
            top = T.alloc_fragment((heads,), "float32")
            last_top = T.alloc_fragment((heads,), "float32")
            shrink = T.alloc_fragment((heads,), "float32")
            block_sum = T.alloc_fragment((heads,), "float32")
            total = T.alloc_fragment((heads,), "float32")
            T.copy(Q, q)
            T.fill(acc, 0)
            T.fill(total, 0)
            T.fill(top, -1e30)
            for n in T.serial(part // block_N):
                T.copy(K[bs * part + n * block_N, 0], k)
                T.copy(V[bs * part + n * block_N, 0], v)
                T.gemm(q, k, scores, transpose_B=True, clear_accum=True)
                T.copy(top, last_top)
                T.reduce_max(scores, top, dim=1, clear=False)
                for i in T.Parallel(heads):
                    shrink[i] = T.exp2((last_top[i] - top[i]) * scale)
                for i, j in T.Parallel(heads, block_N):
                    scores[i, j] = T.exp2((scores[i, j] - top[i]) * scale)
                T.reduce_sum(scores, block_sum, dim=1)
                for i in T.Parallel(heads):
                    total[i] = total[i] * shrink[i] + block_sum[i]
                for i, d in T.Parallel(heads, dim):
                    acc[i, d] = acc[i, d] * shrink[i]
                T.copy(scores, weights)
                T.gemm(weights, v, acc)
            for i, d in T.Parallel(heads, dim):
                acc[i, d] = acc[i, d] / total[i]
            for i in T.Parallel(heads):
                total[i] = T.log2(total[i]) + top[i] * scale
            T.copy(acc, partial[bs, :, :])
            T.copy(total, statistics[bs, :])

        with T.Kernel(heads) as bh:
            weight = T.alloc_fragment((splits,), "float32")
            parts = T.alloc_fragment((splits, dim), "float32")
            best = T.alloc_fragment((1,), "float32")
            norm = T.alloc_fragment((1,), "float32")
            value = T.alloc_fragment((dim,), "float32")
            T.copy(statistics[:, bh], weight)
            T.copy(partial[:, bh, :], parts)
            T.reduce_max(weight, best, dim=0)
            for s in T.Parallel(splits):
                weight[s] = T.exp2(weight[s] - best[0])
            T.reduce_sum(weight, norm, dim=0)
            for s, d in T.Parallel(splits, dim):
                parts[s, d] = parts[s, d] * (weight[s] / norm[0])
            T.reduce_sum(parts, value, dim=0)
            T.copy(value, Out[bh, :])

    return main


def run(options: argparse.Namespace) -> bool:
    heads, keys, dim = options.heads, options.keys, options.dim
    dtype = T.bfloat16.as_numpy()
    q = report.random_array((heads, dim), dtype, seed=1)
    k = report.random_array((keys, dim), dtype, seed=2)
    v = report.random_array((keys, dim), dtype, seed=3)
    scores = report.f64(q) @ report.f64(k).T / np.sqrt(dim)
    weights = np.exp(scores - scores.max(1, keepdims=True))
    want = weights @ report.f64(v) / weights.sum(1, keepdims=True)
    kernel = flash_decoding(heads, keys, dim, options.splits, 32)
    # bf16 weights: half an ulp each, 2^-9.
    return report.finish(kernel, kernel(q, k, v), want, tolerance=2**-6)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--heads", type=int, default=32)
    parser.add_argument("--keys", type=int, default=256)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--splits", type=int, default=4)
    report.main(parser, run)
