"""Rows of a table in an order that a tensor gives (an embedding), and a product with
blocks that a mask leaves out.

./tilewright run examples/gather_rows.py
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def gather(entries, dim, count, block, dtype="bfloat16"):
    @T.prim_func
    def main(
        table: T.Tensor((entries, dim), dtype),
        index: T.Tensor((count,), "int32"),
        out: T.Tensor((count, dim), dtype),
    ):
        with T.Kernel(T.ceildiv(count, block)) as bx:
            for i, j in T.Parallel(block, dim):
                out[bx * block + i, j] = table[index[bx * block + i], j]

    return main


@tilelang.jit(out_idx=[-1])
def masked_gemm(M, N, K, block, dtype="bfloat16"):
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
    rng = np.random.default_rng(0)
    table = report.random_array((options.entries, 48), T.bfloat16.as_numpy(), seed=1)
    index = rng.integers(0, options.entries, options.count).astype(np.int32)
    kernel = gather(options.entries, 48, options.count, 16)
    ok = report.finish(
        kernel, kernel(table, index), report.f64(table[index]), ulps=0, title="gather"
    )
    a = report.random_array((64, 128), T.bfloat16.as_numpy(), seed=2)
    b = report.random_array((128, 64), T.bfloat16.as_numpy(), seed=3)
    mask = rng.integers(0, 2, (2, 2, 4)).astype(np.uint8)
    want = np.zeros((64, 64))
    for i, j, k in zip(*np.nonzero(mask), strict=True):
        m, n, d = (slice(x * 32, x * 32 + 32) for x in (i, j, k))
        want[m, n] += report.f64(a[m, d]) @ report.f64(b[d, n])
    kernel = masked_gemm(64, 64, 128, 32)
    got = kernel(a, b, mask)
    return ok & report.finish(kernel, got, want, tolerance=1e-3, title="masked gemm")


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--entries", type=int, default=100)
    parser.add_argument("--count", type=int, default=70)
    report.main(parser, run)
