"""Sums, extrema and absolute sums of a matrix along its rows or its columns.

Sums are fp32 to the last bit of each number: the vector unit adds them, not the
matrix unit. Long rows are folded block by block (`clear=False`).

    ./tilewright run examples/reductions.py
    ./tilewright run examples/reductions.py --kind absmax --dim 0 --M 256 --N 1000
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T

NUMPY = {
    "sum": lambda a, axis: a.sum(axis=axis),
    "max": lambda a, axis: a.max(axis=axis),
    "min": lambda a, axis: a.min(axis=axis),
    "absmax": lambda a, axis: np.abs(a).max(axis=axis),
}
START = {"sum": 0.0, "max": -np.inf, "min": np.inf, "absmax": 0.0}


@tilelang.jit(out_idx=[-1])
def reduce_rows(M, N, kind, block=32, length=128, dtype=T.float32):
    fold = getattr(T, "reduce_" + kind)

    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), Out: T.Tensor((M,), T.float32)):
        with T.Kernel(T.ceildiv(M, block), threads=128) as bx:
            a = T.alloc_shared((block, length), dtype)
            out = T.alloc_fragment((block,), T.float32)
            T.fill(out, START[kind])
            for k in T.Pipelined(N // length, num_stages=2):
                T.copy(A[bx * block, k * length], a)
                fold(a, out, dim=1, clear=False)
            T.copy(out, Out[bx * block])

    return main


@tilelang.jit(out_idx=[-1])
def reduce_columns(M, N, kind, block=32, length=128, dtype=T.float32):
    fold = getattr(T, "reduce_" + kind)

    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), Out: T.Tensor((N,), T.float32)):
        with T.Kernel(T.ceildiv(N, block), threads=128) as bx:
            a = T.alloc_shared((length, block), dtype)
            out = T.alloc_fragment((block,), T.float32)
            T.fill(out, START[kind])
            for k in T.Pipelined(M // length, num_stages=2):
                T.copy(A[k * length, bx * block], a)
                fold(a, out, dim=0, clear=False)
            T.copy(out, Out[bx * block])

    return main


def run(options: argparse.Namespace) -> bool:
    along = options.N if options.dim == 1 else options.M
    if along < 128 or along % 128:
        raise SystemExit(f"the reduced dimension is {along}; these kernels take steps of 128")
    make = reduce_rows if options.dim == 1 else reduce_columns
    kernel = make(options.M, options.N, options.kind)
    a = report.random_array((options.M, options.N), np.float32, seed=1)
    want = NUMPY[options.kind](report.f64(a), options.dim)
    return report.finish(kernel, kernel(a), want, tolerance=1e-6)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=1024)
    parser.add_argument("--kind", choices=sorted(NUMPY), default="sum")
    parser.add_argument("--dim", type=int, choices=(0, 1), default=1)
    report.main(parser, run)
