"""C = A @ B without the blocks that a mask leaves out: only what counts is read and
multiplied.

./tilewright run examples/block_sparse_gemm.py --density 0.25
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def block_sparse_gemm(M, N, K, block, dtype="bfloat16"):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype),
        B: T.Tensor((K, N), dtype),
        mask: T.Tensor((M // block, N // block, K // block), "uint8"),
        C: T.Tensor((M, N), "float32"),
    ):
        with T.Kernel(N // block, M // block) as (bx, by):
            a = T.alloc_shared((block, block), dtype)
            b = T.alloc_shared((block, block), dtype)
            c = T.alloc_fragment((block, block), "float32")
            T.clear(c)
            for k in T.serial(K // block):
                if mask[by, bx, k] != 0:
                    T.copy(A[by * block, k * block], a)
                    T.copy(B[k * block, bx * block], b)
                    T.gemm(a, b, c)
            T.copy(c, C[by * block, bx * block])

    return main


def run(options: argparse.Namespace) -> bool:
    M, N, K, block = options.M, options.N, options.K, options.block
    a = report.random_array((M, K), T.bfloat16.as_numpy(), seed=0)
    b = report.random_array((K, N), T.bfloat16.as_numpy(), seed=1)
    chosen = np.random.default_rng(2).random((M // block, N // block, K // block))
    mask = (chosen < options.density).astype(np.uint8)
    want = np.zeros((M, N))
    for i, j, k in zip(*np.nonzero(mask), strict=True):
        m, n, d = (slice(x * block, (x + 1) * block) for x in (i, j, k))
        want[m, n] += report.f64(a[m, d]) @ report.f64(b[d, n])
    kernel = block_sparse_gemm(M, N, K, block)
    return report.finish(kernel, kernel(a, b, mask), want, tolerance=1e-3, title="block-sparse")


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=64, help="a multiple of block")
    parser.add_argument("--N", type=int, default=64, help="a multiple of block")
    parser.add_argument("--K", type=int, default=128, help="a multiple of block")
    parser.add_argument("--block", type=int, default=32)
    parser.add_argument("--density", type=float, default=0.5, help="share of blocks that count")
    report.main(parser, run)
