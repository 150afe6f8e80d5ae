"""C = A @ B with the K dimension split over blocks, in two ways: partial products in
a workspace that a second launch adds up, and atomic additions to C.

./tilewright run examples/split_k.py
"""

import argparse

import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[2])
def with_workspace(M, N, K, splits, block, dtype="bfloat16"):
    part = K // splits

    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype), B: T.Tensor((K, N), dtype), C: T.Tensor((M, N), "float32")
    ):
        partial = T.alloc_global((splits, M, N), "float32")
        with T.Kernel(T.ceildiv(N, block), T.ceildiv(M, block), splits) as (bx, by, bz):
            a = T.alloc_shared((block, block), dtype)
            b = T.alloc_shared((block, block), dtype)
            c = T.alloc_fragment((block, block), "float32")
            T.clear(c)
            for k in T.Pipelined(part // block, num_stages=2):
                T.copy(A[by * block, bz * part + k * block], a)
                T.copy(B[bz * part + k * block, bx * block], b)
                T.gemm(a, b, c)
            T.copy(c, partial[bz, by * block, bx * block])
        with T.Kernel(T.ceildiv(N, block), T.ceildiv(M, block)) as (bx, by):
            one = T.alloc_shared((block, block), "float32")
            c = T.alloc_fragment((block, block), "float32")
            T.clear(c)
            for s in T.serial(splits):
                T.copy(partial[s, by * block, bx * block], one)
                for i, j in T.Parallel(block, block):
                    c[i, j] = c[i, j] + one[i, j]
            T.copy(c, C[by * block, bx * block])

    return main


@tilelang.jit
def with_atomics(M, N, K, splits, block, dtype="bfloat16"):
    part = K // splits

    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype), B: T.Tensor((K, N), dtype), C: T.Tensor((M, N), "float32")
    ):
        with T.Kernel(T.ceildiv(N, block), T.ceildiv(M, block), splits) as (bx, by, bz):
            a = T.alloc_shared((block, block), dtype)
            b = T.alloc_shared((block, block), dtype)
            c = T.alloc_fragment((block, block), "float32")
            T.clear(c)
            for k in T.Pipelined(part // block, num_stages=2):
                T.copy(A[by * block, bz * part + k * block], a)
                T.copy(B[bz * part + k * block, bx * block], b)
                T.gemm(a, b, c)
            T.atomic_add(C[by * block, bx * block], c)

    return main


def run(options: argparse.Namespace) -> bool:
    M, N, K = options.M, options.N, options.K
    a = report.random_array((M, K), T.bfloat16.as_numpy(), seed=1)
    b = report.random_array((K, N), T.bfloat16.as_numpy(), seed=2)
    want = report.f64(a) @ report.f64(b)
    kernel = with_workspace(M, N, K, options.splits, 32)
    ok = report.finish(kernel, kernel(a, b), want, tolerance=1e-3, title="workspace")
    kernel = with_atomics(M, N, K, options.splits, 32)
    c = want.astype("float32") * 0
    kernel(a, b, c)
    return ok & report.finish(kernel, c, want, tolerance=1e-3, title="atomics")


if __name__ == "__main__":
    parser = report.parser(__doc__)
    for name, size in (("M", 64), ("N", 64), ("K", 256)):
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--splits", type=int, default=4)
    report.main(parser, run)
