"""Z = tanh(a X + Y) * sigmoid(X) + 1: a chain of operations on one tile.

All six operations of a tile run in one DST section: nothing between them goes
through L1.

    ./tilewright run examples/elementwise_chain.py
    ./tilewright run examples/elementwise_chain.py --M 1000 --N 300 --dtype bfloat16
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def chain(M, N, block_M, block_N, a=0.5, dtype=T.float32):
    @T.prim_func
    def main(X: T.Tensor((M, N), dtype), Y: T.Tensor((M, N), dtype), Z: T.Tensor((M, N), dtype)):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M), threads=128) as (bx, by):
            x = T.alloc_shared((block_M, block_N), dtype)
            y = T.alloc_shared((block_M, block_N), dtype)
            z = T.alloc_fragment((block_M, block_N), dtype)
            T.copy(X[by * block_M, bx * block_N], x)
            T.copy(Y[by * block_M, bx * block_N], y)
            for i, j in T.Parallel(block_M, block_N):
                z[i, j] = T.tanh(x[i, j] * a + y[i, j]) * T.sigmoid(x[i, j]) + 1.0
            T.copy(z, Z[by * block_M, bx * block_N])

    return main


def reference(x: np.ndarray, y: np.ndarray, a: float = 0.5) -> np.ndarray:
    return np.tanh(x * a + y) / (1 + np.exp(-x)) + 1


def run(options: argparse.Namespace) -> bool:
    shape = (options.M, options.N)
    dtype = T.dtype(options.dtype)
    kernel = chain(*shape, options.block_M, options.block_N, dtype=dtype)
    x, y = (report.random_array(shape, dtype.as_numpy(), seed=k) for k in (1, 2))
    tolerance = {"float32": 1e-6, "bfloat16": 4e-3}[options.dtype]
    return report.finish(
        kernel, kernel(x, y), reference(report.f64(x), report.f64(y)), tolerance
    )


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=512)
    parser.add_argument("--block-M", type=int, default=64)
    parser.add_argument("--block-N", type=int, default=64)
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")
    report.main(parser, run)
