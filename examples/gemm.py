"""C = A @ B: bf16 inputs, fp32 accumulation, software-pipelined copies.

./tilewright run examples/gemm.py
./tilewright run examples/gemm.py --M 1000 --N 777 --K 2048 --device p150
"""

import argparse

import ml_dtypes
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def matmul(M, N, K, block_M, block_N, block_K, num_stages=2, dtype=T.bfloat16):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype),
        B: T.Tensor((K, N), dtype),
        C: T.Tensor((M, N), dtype),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), threads=128) as (bx, by):
            A_shared = T.alloc_shared((block_M, block_K), dtype)
            B_shared = T.alloc_shared((block_K, block_N), dtype)
            C_local = T.alloc_fragment((block_M, block_N), T.float32)

            T.clear(C_local)
            for k in T.Pipelined(T.ceildiv(K, block_K), num_stages=num_stages):
                T.copy(A[by * block_M, k * block_K], A_shared)
                T.copy(B[k * block_K, bx * block_N], B_shared)
                T.gemm(A_shared, B_shared, C_local)
            T.copy(C_local, C[by * block_M, bx * block_N])

    return main


def run(options: argparse.Namespace) -> bool:
    M, N, K = options.M, options.N, options.K
    kernel = matmul(M, N, K, options.block_M, options.block_N, options.block_K, options.stages)
    a = report.random_array((M, K), ml_dtypes.bfloat16, seed=1)
    b = report.random_array((K, N), ml_dtypes.bfloat16, seed=2)
    c = kernel(a, b)
    return report.finish(kernel, c, report.f64(a) @ report.f64(b), tolerance=3e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=1024, help="rows of A and C")
    parser.add_argument("--N", type=int, default=1024, help="columns of B and C")
    parser.add_argument("--K", type=int, default=1024, help="columns of A, rows of B")
    parser.add_argument("--block-M", type=int, default=128)
    parser.add_argument("--block-N", type=int, default=128)
    parser.add_argument("--block-K", type=int, default=64)
    parser.add_argument("--stages", type=int, default=2, help="blocks of K in flight")
    report.main(parser, run)
