"""Layer norm forward: the normalised rows, their means and 1 / deviations.

    ./tilewright run examples/layer_norm.py
    ./tilewright run examples/layer_norm.py --N 1000
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-3, -2, -1])
def layer_norm(M, N, block_M, eps=1e-5, dtype=T.bfloat16):
    @T.prim_func
    def main(
        X: T.Tensor((M, N), dtype),
        gamma: T.Tensor((N,), dtype),
        beta: T.Tensor((N,), dtype),
        Y: T.Tensor((M, N), dtype),
        Mean: T.Tensor((M,), T.float32),
        Rstd: T.Tensor((M,), T.float32),
    ):
        with T.Kernel(T.ceildiv(M, block_M), threads=128) as bx:
            x = T.alloc_shared((block_M, N), dtype)
            g = T.alloc_shared((N,), dtype)
            b = T.alloc_shared((N,), dtype)
            centred = T.alloc_fragment((block_M, N), T.float32)
            squares = T.alloc_fragment((block_M, N), T.float32)
            mean = T.alloc_fragment((block_M,), T.float32)
            rstd = T.alloc_fragment((block_M,), T.float32)

            T.copy(gamma, g)
            T.copy(beta, b)
            T.copy(X[bx * block_M, 0], x)
            T.reduce_sum(x, mean, dim=1)
            for i in T.Parallel(block_M):
                mean[i] = mean[i] / N
            for i, j in T.Parallel(block_M, N):
                centred[i, j] = x[i, j] - mean[i]
                squares[i, j] = centred[i, j] * centred[i, j]
            T.reduce_sum(squares, rstd, dim=1)
            for i in T.Parallel(block_M):
                rstd[i] = T.rsqrt(rstd[i] / N + eps)
            for i, j in T.Parallel(block_M, N):
                x[i, j] = centred[i, j] * rstd[i] * g[j] + b[j]
            T.copy(x, Y[bx * block_M, 0])
            T.copy(mean, Mean[bx * block_M])
            T.copy(rstd, Rstd[bx * block_M])

    return main


def reference(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> tuple:
    mean = x.mean(axis=1)
    rstd = 1 / np.sqrt(x.var(axis=1) + eps)
    return (x - mean[:, None]) * rstd[:, None] * gamma + beta, mean, rstd


def run(options: argparse.Namespace) -> bool:
    kernel = layer_norm(options.M, options.N, options.block_M)
    host = T.bfloat16.as_numpy()
    x = report.random_array((options.M, options.N), host, seed=1)
    gamma = report.random_array((options.N,), host, seed=2)
    beta = report.random_array((options.N,), host, seed=3)
    want = reference(report.f64(x), report.f64(gamma), report.f64(beta))
    return report.finish(kernel, kernel(x, gamma, beta), want, tolerance=4e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=512)
    parser.add_argument("--block-M", type=int, default=32)
    report.main(parser, run)
