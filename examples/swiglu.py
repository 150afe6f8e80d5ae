"""Y = silu(X @ W_gate) * (X @ W_up): two products and the gate in one kernel.

Both accumulators stay on the chip; only Y goes back to DRAM.

    ./tilewright run examples/swiglu.py
    ./tilewright run examples/swiglu.py --M 128 --N 512 --K 256
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def swiglu(M, N, K, block_M, block_N, block_K, dtype=T.bfloat16):
    @T.prim_func
    def main(
        X: T.Tensor((M, K), dtype),
        gate: T.Tensor((K, N), dtype),
        up: T.Tensor((K, N), dtype),
        Y: T.Tensor((M, N), dtype),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), threads=128) as (bx, by):
            x = T.alloc_shared((block_M, block_K), dtype)
            w_gate = T.alloc_shared((block_K, block_N), dtype)
            w_up = T.alloc_shared((block_K, block_N), dtype)
            g = T.alloc_fragment((block_M, block_N), T.float32)
            u = T.alloc_fragment((block_M, block_N), T.float32)

            T.clear(g)
            T.clear(u)
            for k in T.Pipelined(T.ceildiv(K, block_K), num_stages=2):
                T.copy(X[by * block_M, k * block_K], x)
                T.copy(gate[k * block_K, bx * block_N], w_gate)
                T.copy(up[k * block_K, bx * block_N], w_up)
                T.gemm(x, w_gate, g)
                T.gemm(x, w_up, u)
            for i, j in T.Parallel(block_M, block_N):
                u[i, j] *= g[i, j] * T.sigmoid(g[i, j])
            T.copy(u, Y[by * block_M, bx * block_N])

    return main


def reference(x: np.ndarray, gate: np.ndarray, up: np.ndarray) -> np.ndarray:
    g = x @ gate
    return g / (1 + np.exp(-g)) * (x @ up)


def run(options: argparse.Namespace) -> bool:
    M, N, K = options.M, options.N, options.K
    kernel = swiglu(M, N, K, options.block_M, options.block_N, options.block_K)
    host = T.bfloat16.as_numpy()
    x = report.random_array((M, K), host, seed=1)
    gate = report.random_array((K, N), host, seed=2, scale=1 / np.sqrt(K))
    up = report.random_array((K, N), host, seed=3, scale=1 / np.sqrt(K))
    want = reference(*map(report.f64, (x, gate, up)))
    return report.finish(kernel, kernel(x, gate, up), want, tolerance=4e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=256)
    parser.add_argument("--N", type=int, default=512)
    parser.add_argument("--K", type=int, default=512)
    parser.add_argument("--block-M", type=int, default=64)
    parser.add_argument("--block-N", type=int, default=64)
    parser.add_argument("--block-K", type=int, default=64)
    report.main(parser, run)
