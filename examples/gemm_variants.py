"""The GEMM in its other forms: transposed operands, a batch in the third grid
dimension, fp16 and fp32 inputs, and two products that share one operand.

    ./tilewright run examples/gemm_variants.py
    ./tilewright run examples/gemm_variants.py --only batch --batch 4
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def matmul(M, N, K, bM, bN, bK, stages, dtype, out_dtype, transpose_A=False, transpose_B=False):
    A_shape, A_block = ((K, M), (bK, bM)) if transpose_A else ((M, K), (bM, bK))
    B_shape, B_block = ((N, K), (bN, bK)) if transpose_B else ((K, N), (bK, bN))

    @T.prim_func
    def main(
        A: T.Tensor(A_shape, dtype),
        B: T.Tensor(B_shape, dtype),
        C: T.Tensor((M, N), out_dtype),
    ):
        with T.Kernel(T.ceildiv(N, bN), T.ceildiv(M, bM), threads=128) as (bx, by):
            A_shared = T.alloc_shared(A_block, dtype)
            B_shared = T.alloc_shared(B_block, dtype)
            C_local = T.alloc_fragment((bM, bN), T.float32)
            T.clear(C_local)
            for k in T.Pipelined(T.ceildiv(K, bK), num_stages=stages):
                if transpose_A:
                    T.copy(A[k * bK, by * bM], A_shared)
                else:
                    T.copy(A[by * bM, k * bK], A_shared)
                if transpose_B:
                    T.copy(B[bx * bN, k * bK], B_shared)
                else:
                    T.copy(B[k * bK, bx * bN], B_shared)
                T.gemm(A_shared, B_shared, C_local, transpose_A, transpose_B)
            T.copy(C_local, C[by * bM, bx * bN])

    return main


@tilelang.jit(out_idx=[-1])
def batched_matmul(batch, M, N, K, bM, bN, bK, stages, dtype=T.bfloat16):
    @T.prim_func
    def main(
        A: T.Tensor((batch, M, K), dtype),
        B: T.Tensor((batch, K, N), dtype),
        C: T.Tensor((batch, M, N), dtype),
    ):
        with T.Kernel(T.ceildiv(N, bN), T.ceildiv(M, bM), batch, threads=128) as (bx, by, bz):
            A_shared = T.alloc_shared((bM, bK), dtype)
            B_shared = T.alloc_shared((bK, bN), dtype)
            C_local = T.alloc_fragment((bM, bN), T.float32)
            T.clear(C_local)
            for k in T.Pipelined(T.ceildiv(K, bK), num_stages=stages):
                T.copy(A[bz, by * bM, k * bK], A_shared)
                T.copy(B[bz, k * bK, bx * bN], B_shared)
                T.gemm(A_shared, B_shared, C_local)
            T.copy(C_local, C[bz, by * bM, bx * bN])

    return main


@tilelang.jit(out_idx=[-2, -1])
def two_products(M, N, K, bM, bN, bK, stages, dtype=T.bfloat16):
    """C = A @ B and D = A @ E; each block of A is read once for both."""

    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype),
        B: T.Tensor((K, N), dtype),
        E: T.Tensor((K, N), dtype),
        C: T.Tensor((M, N), dtype),
        D: T.Tensor((M, N), dtype),
    ):
        with T.Kernel(T.ceildiv(N, bN), T.ceildiv(M, bM), threads=128) as (bx, by):
            A_shared = T.alloc_shared((bM, bK), dtype)
            B_shared = T.alloc_shared((bK, bN), dtype)
            E_shared = T.alloc_shared((bK, bN), dtype)
            C_local = T.alloc_fragment((bM, bN), T.float32)
            D_local = T.alloc_fragment((bM, bN), T.float32)
            T.clear(C_local)
            T.clear(D_local)
            for k in T.Pipelined(T.ceildiv(K, bK), num_stages=stages):
                T.copy(A[by * bM, k * bK], A_shared)
                T.copy(B[k * bK, bx * bN], B_shared)
                T.copy(E[k * bK, bx * bN], E_shared)
                T.gemm(A_shared, B_shared, C_local)
                T.gemm(A_shared, E_shared, D_local)
            T.copy(C_local, C[by * bM, bx * bN])
            T.copy(D_local, D[by * bM, bx * bN])

    return main


def run(options: argparse.Namespace) -> bool:
    M, N, K = options.M, options.N, options.K
    block = (options.block_M, options.block_N, options.block_K, options.stages)
    ok = True

    def product(title, dtype, tolerance, tA=False, tB=False, out=None):
        kernel = matmul(M, N, K, *block, dtype, out or dtype, tA, tB)
        host = T.dtype(dtype).as_numpy()
        a = report.random_array((K, M) if tA else (M, K), host, seed=1)
        b = report.random_array((N, K) if tB else (K, N), host, seed=2)
        want = (report.f64(a).T if tA else report.f64(a)) @ (
            report.f64(b).T if tB else report.f64(b)
        )
        return report.finish(kernel, kernel(a, b), want, tolerance=tolerance, title=title)

    variants = {
        "transpose-A": lambda: product("A transposed", T.bfloat16, 3e-3, tA=True),
        "transpose-B": lambda: product("B transposed", T.bfloat16, 3e-3, tB=True),
        "fp16": lambda: product("fp16 inputs", T.float16, 2e-3),
        "fp32": lambda: product("fp32 inputs (TF32 products)", T.float32, 2e-3),
        "batch": lambda: batch(),
        "shared": lambda: shared(),
    }

    def batch() -> bool:
        kernel = batched_matmul(options.batch, M, N, K, *block)
        host = T.bfloat16.as_numpy()
        a = report.random_array((options.batch, M, K), host, seed=1)
        b = report.random_array((options.batch, K, N), host, seed=2)
        want = np.matmul(report.f64(a), report.f64(b))
        title = f"batch of {options.batch}"
        return report.finish(kernel, kernel(a, b), want, tolerance=3e-3, title=title)

    def shared() -> bool:
        kernel = two_products(M, N, K, *block)
        host = T.bfloat16.as_numpy()
        a, b, e = (
            report.random_array(s, host, seed=k) for k, s in enumerate([(M, K), (K, N), (K, N)])
        )
        got = kernel(a, b, e)
        want = (report.f64(a) @ report.f64(b), report.f64(a) @ report.f64(e))
        return report.finish(kernel, got, want, tolerance=3e-3, title="two products, one A")

    for name, variant in variants.items():
        if options.only in (None, name):
            ok &= variant()
    return ok


if __name__ == "__main__":
    names = ("transpose-A", "transpose-B", "fp16", "fp32", "batch", "shared")
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=256)
    parser.add_argument("--N", type=int, default=256)
    parser.add_argument("--K", type=int, default=512)
    parser.add_argument("--block-M", type=int, default=64)
    parser.add_argument("--block-N", type=int, default=64)
    parser.add_argument("--block-K", type=int, default=64)
    parser.add_argument("--stages", type=int, default=2)
    parser.add_argument("--batch", type=int, default=3)
    parser.add_argument("--only", choices=names, help="run one variant")
    report.main(parser, run)
