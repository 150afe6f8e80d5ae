"""Causal and sliding-window masks: conditions on indices choose elements.

`S[i, j] if row >= col and row - col < window else -inf`, then a softmax over
what is left. The condition becomes a mask of tiles on the chip.

    ./tilewright run examples/masks.py
    ./tilewright run examples/masks.py --window 64
"""

import argparse

import numpy as np
import report
import softmax as full
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def masked_softmax(N, window, block=32, dtype=T.float32):
    @T.prim_func
    def main(S: T.Tensor((N, N), dtype), Y: T.Tensor((N, N), dtype)):
        with T.Kernel(T.ceildiv(N, block), threads=128) as bx:
            s = T.alloc_shared((block, N), dtype)
            m = T.alloc_fragment((block,), dtype)
            total = T.alloc_fragment((block,), dtype)
            T.copy(S[bx * block, 0], s)
            for i, j in T.Parallel(block, N):
                row = bx * block + i
                seen = T.And(row >= j, row - j < window)
                s[i, j] = T.if_then_else(seen, s[i, j], -T.infinity(dtype))
            T.reduce_max(s, m, dim=1)
            for i, j in T.Parallel(block, N):
                s[i, j] = T.exp(s[i, j] - m[i])
            T.reduce_sum(s, total, dim=1)
            for i, j in T.Parallel(block, N):
                s[i, j] = s[i, j] / total[i]
            T.copy(s, Y[bx * block, 0])

    return main


def run(options: argparse.Namespace) -> bool:
    N, window = options.N, options.window
    kernel = masked_softmax(N, window)
    s = report.random_array((N, N), np.float32, seed=1)
    distance = np.arange(N)[:, None] - np.arange(N)
    seen = (distance >= 0) & (distance < window)
    want = full.reference(np.where(seen, report.f64(s), -np.inf))
    return report.finish(kernel, kernel(s), want, tolerance=2e-6)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--N", type=int, default=256)
    parser.add_argument("--window", type=int, default=100)
    report.main(parser, run)
