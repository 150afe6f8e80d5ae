"""Y = X / sqrt(mean(X^2) + eps) * weight, along the rows.

    ./tilewright run examples/rms_norm.py
    ./tilewright run examples/rms_norm.py --N 1000
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def rms_norm(M, N, block_M, eps=1e-6, dtype=T.bfloat16):
    @T.prim_func
    def main(
        X: T.Tensor((M, N), dtype), weight: T.Tensor((N,), dtype), Y: T.Tensor((M, N), dtype)
    ):
        with T.Kernel(T.ceildiv(M, block_M), threads=128) as bx:
            x = T.alloc_fragment((block_M, N), dtype)
            w = T.alloc_shared((N,), dtype)
            squares = T.alloc_fragment((block_M, N), T.float32)
            r = T.alloc_fragment((block_M,), T.float32)

            T.copy(weight, w)
            T.copy(X[bx * block_M : (bx + 1) * block_M, :], x)
            for i, j in T.Parallel(block_M, N):
                squares[i, j] = x[i, j] * x[i, j]
            T.reduce_sum(squares, r, dim=1)
            for i in T.Parallel(block_M):
                r[i] = T.rsqrt(r[i] / N + eps)
            for i, j in T.Parallel(block_M, N):
                x[i, j] = x[i, j] * r[i] * w[j]
            T.copy(x, Y[bx * block_M : (bx + 1) * block_M, :])

    return main


def reference(x: np.ndarray, weight: np.ndarray, eps: float = 1e-6) -> np.ndarray:
    return x / np.sqrt((x * x).mean(axis=1, keepdims=True) + eps) * weight


def run(options: argparse.Namespace) -> bool:
    kernel = rms_norm(options.M, options.N, options.block_M)
    host = T.bfloat16.as_numpy()
    x = report.random_array((options.M, options.N), host, seed=1)
    weight = report.random_array((options.N,), host, seed=2)
    want = reference(report.f64(x), report.f64(weight))
    return report.finish(kernel, kernel(x, weight), want, tolerance=4e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=512)
    parser.add_argument("--block-M", type=int, default=32)
    report.main(parser, run)
