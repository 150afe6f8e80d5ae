"""Y = softmax(X) along the rows: a block of whole rows at a time.

The row maximum and the row sum are vectors of one element a row; `m[i]` beside
`X[i, j]` spreads over the row. Rows longer than L1 holds need online_softmax.py.

    ./tilewright run examples/softmax.py
    ./tilewright run examples/softmax.py --N 1000 --dtype float32
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def softmax(M, N, block_M, dtype=T.bfloat16):
    scale = 1.44269504  # log2(e): exp(x) is exp2(x * scale)

    @T.prim_func
    def main(X: T.Tensor((M, N), dtype), Y: T.Tensor((M, N), dtype)):
        with T.Kernel(T.ceildiv(M, block_M), threads=128) as bx:
            x = T.alloc_fragment((block_M, N), dtype)
            e = T.alloc_fragment((block_M, N), T.float32)
            m = T.alloc_fragment((block_M,), T.float32)
            s = T.alloc_fragment((block_M,), T.float32)

            T.copy(X[bx * block_M : (bx + 1) * block_M, :], x)
            T.reduce_max(x, m, dim=1)
            for i, j in T.Parallel(block_M, N):
                e[i, j] = T.exp2((x[i, j] - m[i]) * scale)
            T.reduce_sum(e, s, dim=1)
            for i, j in T.Parallel(block_M, N):
                e[i, j] /= s[i]
            T.copy(e, Y[bx * block_M : (bx + 1) * block_M, :])

    return main


def reference(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def run(options: argparse.Namespace) -> bool:
    kernel = softmax(options.M, options.N, options.block_M, T.dtype(options.dtype))
    x = report.random_array((options.M, options.N), T.dtype(options.dtype).as_numpy(), seed=1)
    tolerance = {"float32": 2e-6, "bfloat16": 4e-3, "float16": 5e-4}[options.dtype]
    return report.finish(kernel, kernel(x), reference(report.f64(x)), tolerance)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=512)
    parser.add_argument("--block-M", type=int, default=32)
    parser.add_argument("--dtype", choices=("bfloat16", "float16", "float32"), default="bfloat16")
    report.main(parser, run)
