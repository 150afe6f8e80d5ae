"""B = A^T: a parallel loop that reads [j, i] and writes [i, j].

The reader brings the tiles in transposed order, the unpacker transposes their
insides. float32 keeps all its bits.

    ./tilewright run examples/transpose.py
    ./tilewright run examples/transpose.py --M 100 --N 200 --dtype bfloat16
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def transpose(M, N, block_M, block_N, dtype=T.float32):
    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), B: T.Tensor((N, M), dtype)):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), threads=128) as (bx, by):
            a = T.alloc_shared((block_M, block_N), dtype)
            b = T.alloc_shared((block_N, block_M), dtype)
            T.copy(A[by * block_M, bx * block_N], a)
            for i, j in T.Parallel(block_N, block_M):
                b[i, j] = a[j, i]
            T.copy(b, B[bx * block_N, by * block_M])

    return main


def run(options: argparse.Namespace) -> bool:
    dtype = T.dtype(options.dtype)
    kernel = transpose(options.M, options.N, options.block_M, options.block_N, dtype)
    a = report.random_array((options.M, options.N), dtype.as_numpy(), seed=1)
    return report.finish(kernel, kernel(a), report.f64(np.ascontiguousarray(a.T)), ulps=0)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=256)
    parser.add_argument("--block-M", type=int, default=64)
    parser.add_argument("--block-N", type=int, default=64)
    parser.add_argument("--dtype", choices=("float32", "bfloat16", "float16"), default="float32")
    report.main(parser, run)
