"""One kernel for matrices of every size: dimensions are arguments of the compiled
kernels (a scalar argument is compiled in), and the host deals the blocks out to the cores
when it knows how many there are; and a fixed number of blocks that share the tiles
(T.Persistent).

./tilewright run examples/any_size.py
"""

import argparse

import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def scaled(block, dtype="float32"):
    m, n = T.dynamic("m, n")

    @T.prim_func
    def main(A: T.Tensor((m, n), dtype), factor: T.float32, B: T.Tensor((m, n), dtype)):
        with T.Kernel(T.ceildiv(n, block), T.ceildiv(m, block)) as (bx, by):
            a = T.alloc_shared((block, block), dtype)
            T.copy(A[by * block, bx * block], a)
            for i, j in T.Parallel(block, block):
                a[i, j] = a[i, j] * factor
            T.copy(a, B[by * block, bx * block])

    return main


@tilelang.jit(out_idx=[-1])
def any_gemm(block, dtype="bfloat16"):
    m, n, k = T.dynamic("m, n, k")

    @T.prim_func
    def main(
        A: T.Tensor((m, k), dtype), B: T.Tensor((k, n), dtype), C: T.Tensor((m, n), "float32")
    ):
        with T.Kernel(T.ceildiv(n, block), T.ceildiv(m, block)) as (bx, by):
            a = T.alloc_shared((block, block), dtype)
            b = T.alloc_shared((block, block), dtype)
            c = T.alloc_fragment((block, block), "float32")
            T.clear(c)
            for s in T.Pipelined(T.ceildiv(k, block), num_stages=2):
                T.copy(A[by * block, s * block], a)
                T.copy(B[s * block, bx * block], b)
                T.gemm(a, b, c)
            T.copy(c, C[by * block, bx * block])

    return main


@tilelang.jit(out_idx=[-1])
def persistent_gemm(M, N, K, block, cores, dtype="bfloat16"):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype), B: T.Tensor((K, N), dtype), C: T.Tensor((M, N), "float32")
    ):
        with T.Kernel(cores) as core:
            a = T.alloc_shared((block, block), dtype)
            b = T.alloc_shared((block, block), dtype)
            c = T.alloc_fragment((block, block), "float32")
            for by, bx in T.Persistent([T.ceildiv(M, block), T.ceildiv(N, block)], cores, core):
                T.clear(c)
                for k in T.Pipelined(T.ceildiv(K, block), num_stages=2):
                    T.copy(A[by * block, k * block], a)
                    T.copy(B[k * block, bx * block], b)
                    T.gemm(a, b, c)
                T.copy(c, C[by * block, bx * block])

    return main


def run(options: argparse.Namespace) -> bool:
    kernel = scaled(32)
    ok = True
    for m, n in ((64, 64), (40, 100), (1, 7)):
        a = report.random_array((m, n), "float32", seed=m)
        want = report.f64(a) * 1.5
        ok &= report.finish(kernel, kernel(a, 1.5), want, ulps=1, title=f"{m} x {n}")
    gemm = any_gemm(32)
    print(f"sizes the compiled kernels take: {', '.join(s['name'] for s in gemm.plan['sizes'])}")
    for m, n, k in ((64, 64, 64), (100, 30, 200), (1, 128, 5)):
        a = report.random_array((m, k), T.bfloat16.as_numpy(), seed=m)
        b = report.random_array((k, n), T.bfloat16.as_numpy(), seed=n)
        want = report.f64(a) @ report.f64(b)
        title = f"gemm {m} x {n} x {k}"
        ok &= report.finish(gemm, gemm(a, b), want, tolerance=3e-3, title=title)
    a = report.random_array((options.M, options.K), T.bfloat16.as_numpy(), seed=1)
    b = report.random_array((options.K, options.N), T.bfloat16.as_numpy(), seed=2)
    kernel = persistent_gemm(options.M, options.N, options.K, 32, 3)
    want = report.f64(a) @ report.f64(b)
    return ok & report.finish(kernel, kernel(a, b), want, tolerance=1e-3, title="persistent gemm")


if __name__ == "__main__":
    parser = report.parser(__doc__)
    for name, size in (("M", 96), ("N", 80), ("K", 64)):
        parser.add_argument(f"--{name}", type=int, default=size)
    report.main(parser, run)
