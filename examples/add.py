"""C = A + B, element by element, written twice: lazy and eager style.

./tilewright run examples/add.py
./tilewright run examples/add.py --M 100 --N 300 --dtype bfloat16
"""

import argparse

import report
import tilelang
import tilelang.language as T


# Lazy style: a Python factory returns the kernel function; sizes are its arguments.
@tilelang.jit(out_idx=[-1])
def add_lazy(M, N, block_M, block_N, dtype):
    @T.prim_func
    def add(
        A: T.Tensor((M, N), dtype),
        B: T.Tensor((M, N), dtype),
        C: T.Tensor((M, N), dtype),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), threads=128) as (bx, by):
            A_shared = T.alloc_shared((block_M, block_N), dtype)
            B_shared = T.alloc_shared((block_M, block_N), dtype)
            C_local = T.alloc_fragment((block_M, block_N), dtype)
            T.copy(A[by * block_M, bx * block_N], A_shared)
            T.copy(B[by * block_M, bx * block_N], B_shared)
            for i, j in T.Parallel(block_M, block_N):
                C_local[i, j] = A_shared[i, j] + B_shared[i, j]
            T.copy(C_local, C[by * block_M, bx * block_N])

    return add


# Eager style: the function is the kernel; sizes come from the arrays of the call.
@tilelang.jit
def add_eager(A, B, block_M: int, block_N: int, dtype):
    M, N = T.const("M, N")
    A: T.Tensor((M, N), dtype)
    B: T.Tensor((M, N), dtype)
    C = T.empty((M, N), dtype)
    with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), threads=128) as (bx, by):
        for i, j in T.Parallel(block_M, block_N):
            y, x = by * block_M + i, bx * block_N + j
            C[y, x] = A[y, x] + B[y, x]
    return C


def run(options: argparse.Namespace) -> bool:
    M, N, block = options.M, options.N, (options.block_M, options.block_N)
    dtype = T.dtype(options.dtype)
    a = report.random_array((M, N), dtype.as_numpy(), seed=1)
    b = report.random_array((M, N), dtype.as_numpy(), seed=2)
    want = report.f64(a) + report.f64(b)
    ok = True
    if options.style in ("lazy", "both"):
        kernel = add_lazy(M, N, *block, dtype)
        ok &= report.finish(kernel, kernel(a, b), want, ulps=1, title="lazy style")
    if options.style in ("eager", "both"):
        kernel = add_eager.compile(M=M, N=N, block_M=block[0], block_N=block[1], dtype=dtype)
        ok &= report.finish(kernel, kernel(a, b), want, ulps=1, title="eager style")
    return ok


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=1024)
    parser.add_argument("--N", type=int, default=1024)
    parser.add_argument("--block-M", type=int, default=64)
    parser.add_argument("--block-N", type=int, default=64)
    parser.add_argument("--dtype", default="float32", help="float32, bfloat16 or float16")
    parser.add_argument("--style", choices=("lazy", "eager", "both"), default="both")
    report.main(parser, run)
