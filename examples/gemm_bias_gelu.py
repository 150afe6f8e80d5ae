"""C = gelu(A @ B + bias): the epilogue runs in the compute kernel of the GEMM.

The bias is one row, added to every row of the block; nothing returns to DRAM
between the product and the activation.

    ./tilewright run examples/gemm_bias_gelu.py
    ./tilewright run examples/gemm_bias_gelu.py --activation relu
"""

import argparse

import ml_dtypes
import numpy as np
import report
import tilelang
import tilelang.language as T


@T.macro
def activate(kind, x):
    if kind == "gelu":
        return 0.5 * x * (1.0 + T.erf(x * 0.7071067811865476))
    if kind == "relu":
        return T.max(x, 0.0)
    return x * T.sigmoid(x)  # silu


@tilelang.jit(out_idx=[-1])
def linear(M, N, K, block_M, block_N, block_K, num_stages, activation, dtype=T.bfloat16):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype),
        B: T.Tensor((K, N), dtype),
        bias: T.Tensor((N,), dtype),
        C: T.Tensor((M, N), dtype),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), threads=128) as (bx, by):
            A_shared = T.alloc_shared((block_M, block_K), dtype)
            B_shared = T.alloc_shared((block_K, block_N), dtype)
            bias_shared = T.alloc_shared((block_N,), dtype)
            C_local = T.alloc_fragment((block_M, block_N), T.float32)

            T.copy(bias[bx * block_N], bias_shared)
            T.clear(C_local)
            for k in T.Pipelined(T.ceildiv(K, block_K), num_stages=num_stages):
                T.copy(A[by * block_M, k * block_K], A_shared)
                T.copy(B[k * block_K, bx * block_N], B_shared)
                T.gemm(A_shared, B_shared, C_local)
            for i, j in T.Parallel(block_M, block_N):
                x = C_local[i, j] + bias_shared[j]
                C_local[i, j] = activate(activation, x)
            T.copy(C_local, C[by * block_M, bx * block_N])

    return main


def reference(kind: str, x: np.ndarray) -> np.ndarray:
    if kind == "gelu":
        return 0.5 * x * (1.0 + report.erf(x / np.sqrt(2.0)))
    if kind == "relu":
        return np.maximum(x, 0.0)
    return x / (1.0 + np.exp(-x))


def run(options: argparse.Namespace) -> bool:
    M, N, K = options.M, options.N, options.K
    kernel = linear(
        M,
        N,
        K,
        options.block_M,
        options.block_N,
        options.block_K,
        options.stages,
        options.activation,
    )
    a = report.random_array((M, K), ml_dtypes.bfloat16, seed=1)
    b = report.random_array((K, N), ml_dtypes.bfloat16, seed=2, scale=1 / np.sqrt(K))
    bias = report.random_array((N,), ml_dtypes.bfloat16, seed=3)
    c = kernel(a, b, bias)
    want = reference(options.activation, report.f64(a) @ report.f64(b) + report.f64(bias))
    return report.finish(kernel, c, want, tolerance=4e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=1024)
    parser.add_argument("--K", type=int, default=1024)
    parser.add_argument("--block-M", type=int, default=64)
    parser.add_argument("--block-N", type=int, default=128)
    parser.add_argument("--block-K", type=int, default=64)
    parser.add_argument("--stages", type=int, default=2)
    parser.add_argument("--activation", choices=("gelu", "relu", "silu"), default="gelu")
    report.main(parser, run)
