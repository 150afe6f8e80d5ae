"""C[b] = A[b] @ B[b] for a batch of matrices: the third extent of the grid is the batch.

./tilewright run examples/batched_gemm.py
./tilewright run examples/batched_gemm.py --batch 3 --M 100 --N 70 --K 96
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def batched_gemm(batch, M, N, K, block_M, block_N, block_K, dtype="bfloat16"):
    @T.prim_func
    def main(
        A: T.Tensor((batch, M, K), dtype),
        B: T.Tensor((batch, K, N), dtype),
        C: T.Tensor((batch, M, N), dtype),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), batch) as (bx, by, bz):
            a = T.alloc_shared((block_M, block_K), dtype)
            b = T.alloc_shared((block_K, block_N), dtype)
            c = T.alloc_fragment((block_M, block_N), "float32")
            T.clear(c)
            for k in T.Pipelined(T.ceildiv(K, block_K), num_stages=2):
                T.copy(A[bz, by * block_M, k * block_K], a)
                T.copy(B[bz, k * block_K, bx * block_N], b)
                T.gemm(a, b, c)
            T.copy(c, C[bz, by * block_M, bx * block_N])

    return main


def run(options: argparse.Namespace) -> bool:
    host = T.bfloat16.as_numpy()
    a = report.random_array((options.batch, options.M, options.K), host, seed=1)
    b = report.random_array((options.batch, options.K, options.N), host, seed=2)
    kernel = batched_gemm(options.batch, options.M, options.N, options.K, 32, 64, 32)
    want = np.matmul(report.f64(a), report.f64(b))
    return report.finish(kernel, kernel(a, b), want, tolerance=3e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--M", type=int, default=64)
    parser.add_argument("--N", type=int, default=128)
    parser.add_argument("--K", type=int, default=96)
    report.main(parser, run)
