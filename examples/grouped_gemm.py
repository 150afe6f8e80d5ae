"""Products of groups of rows with a matrix each; the sizes of the groups are only
known when the kernel runs.

./tilewright run examples/grouped_gemm.py
./tilewright run examples/grouped_gemm.py --sizes 5 9 13
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def grouped_gemm(rows, groups, most, K, N, block_M, block_N, dtype="bfloat16"):
    """`most`: the largest number of rows of a group."""

    @T.prim_func
    def main(
        A: T.Tensor((rows, K), dtype),
        B: T.Tensor((groups, K, N), dtype),
        starts: T.Tensor((groups,), "int32"),
        sizes: T.Tensor((groups,), "int32"),
        C: T.Tensor((rows, N), "float32"),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(most, block_M), groups) as (bx, by, bg):
            a = T.alloc_shared((block_M, K), dtype)
            b = T.alloc_shared((K, block_N), dtype)
            c = T.alloc_fragment((block_M, block_N), "float32")
            start, size = starts[bg], sizes[bg]
            if by * block_M < size:
                T.clear(c)
                T.copy(A[start + by * block_M, 0], a)
                T.copy(B[bg, 0, bx * block_N], b)
                T.gemm(a, b, c)
                for i, j in T.Parallel(block_M, block_N):
                    if by * block_M + i < size:
                        C[start + by * block_M + i, bx * block_N + j] = c[i, j]

    return main


def run(options: argparse.Namespace) -> bool:
    sizes = np.array(options.sizes, np.int32)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    rows, groups, K, N = int(sizes.sum()), len(sizes), options.K, options.N
    a = report.random_array((rows, K), T.bfloat16.as_numpy(), seed=1)
    b = report.random_array((groups, K, N), T.bfloat16.as_numpy(), seed=2)
    want = np.concatenate(
        [
            report.f64(a[s : s + n]) @ report.f64(b[g])
            for g, (s, n) in enumerate(zip(starts, sizes, strict=True))
        ]
    )
    kernel = grouped_gemm(rows, groups, int(sizes.max()), K, N, 16, 32)
    return report.finish(kernel, kernel(a, b, starts, sizes), want, tolerance=1e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 7, 40])
    parser.add_argument("--K", type=int, default=64)
    parser.add_argument("--N", type=int, default=64)
    report.main(parser, run)
