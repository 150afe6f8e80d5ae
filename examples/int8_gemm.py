"""C = (A @ B) with 8-bit weights and activations, and a scale for each row and column.

Each block quantizes its rows of A (the largest magnitude of a row becomes 127),
multiplies them with int8 weights into int32, and scales the sums back to floats.

./tilewright run examples/int8_gemm.py
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def int8_gemm(M, N, K, block_M, block_N, block_K):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), "float32"),
        W: T.Tensor((K, N), "int8"),
        scale: T.Tensor((N,), "float32"),
        C: T.Tensor((M, N), "float32"),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M)) as (bx, by):
            a = T.alloc_shared((block_M, block_K), "float32")
            q = T.alloc_shared((block_M, block_K), "int8")
            w = T.alloc_shared((block_K, block_N), "int8")
            largest = T.alloc_fragment((block_M,), "float32")
            columns = T.alloc_shared((block_N,), "float32")
            total = T.alloc_fragment((block_M, block_N), "int32")
            result = T.alloc_fragment((block_M, block_N), "float32")

            T.fill(largest, 1e-6)
            for k in T.serial(T.ceildiv(K, block_K)):
                T.copy(A[by * block_M, k * block_K], a)
                T.reduce_absmax(a, largest, dim=1, clear=False)

            T.clear(total)
            for k in T.Pipelined(T.ceildiv(K, block_K), num_stages=2):
                T.copy(A[by * block_M, k * block_K], a)
                T.copy(W[k * block_K, bx * block_N], w)
                for i, j in T.Parallel(block_M, block_K):
                    q[i, j] = T.cast(T.round(a[i, j] * 127.0 / largest[i]), "int8")
                T.gemm(q, w, total)

            T.copy(scale[bx * block_N], columns)
            for i, j in T.Parallel(block_M, block_N):
                result[i, j] = T.cast(total[i, j], "float32") * columns[j] * (largest[i] / 127.0)
            T.copy(result, C[by * block_M, bx * block_N])

    return main


def run(options: argparse.Namespace) -> bool:
    a = report.random_array((options.M, options.K), np.float32, seed=1)
    b = report.random_array((options.K, options.N), np.float32, seed=2)
    scale = np.abs(b).max(0) / 127
    w = np.round(b / scale).astype(np.int8)
    kernel = int8_gemm(options.M, options.N, options.K, 32, 64, 64)
    # The same steps: the sums of integers are exact.
    largest = np.abs(a).max(1, keepdims=True)
    q = np.round(a * np.float32(127) / largest)
    want = (q.astype(np.int64) @ w.astype(np.int64)) * scale.astype(np.float64) * (largest / 127)
    return report.finish(kernel, kernel(a, w, scale), want, tolerance=1e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=100)
    parser.add_argument("--N", type=int, default=192)
    parser.add_argument("--K", type=int, default=256)
    report.main(parser, run)
