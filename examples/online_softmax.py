"""Y = softmax(X) along rows of any length: two passes over blocks of a row.

The first pass keeps the running logarithm of the sum of exponentials, the
second one divides by it. Nothing in L1 grows with the length of a row.

    ./tilewright run examples/online_softmax.py
    ./tilewright run examples/online_softmax.py --M 64 --N 8192 --block-N 512
"""

import argparse

import report
import softmax as full
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def online_softmax(M, N, block_M, block_N, dtype=T.bfloat16):
    scale = 1.44269504  # log2(e)

    @T.prim_func
    def main(X: T.Tensor((M, N), dtype), Y: T.Tensor((M, N), dtype)):
        with T.Kernel(T.ceildiv(M, block_M), threads=128) as bx:
            x = T.alloc_fragment((block_M, block_N), dtype)
            y = T.alloc_fragment((block_M, block_N), dtype)
            e = T.alloc_fragment((block_M, block_N), T.float32)
            m = T.alloc_fragment((block_M,), T.float32)
            s = T.alloc_fragment((block_M,), T.float32)
            lse = T.alloc_fragment((block_M,), T.float32)

            T.fill(lse, -T.infinity(T.float32))
            for k in T.Pipelined(T.ceildiv(N, block_N), num_stages=2):
                T.copy(X[bx * block_M, k * block_N], x)
                T.reduce_max(x, m, dim=1, clear=True)
                for i, j in T.Parallel(block_M, block_N):
                    e[i, j] = T.exp2(x[i, j] * scale - m[i] * scale)
                T.reduce_sum(e, s, dim=1, clear=True)
                for i in T.Parallel(block_M):
                    lse[i] = m[i] * scale + T.log2(T.exp2(lse[i] - m[i] * scale) + s[i])
            for k in T.Pipelined(T.ceildiv(N, block_N), num_stages=2):
                T.copy(X[bx * block_M, k * block_N], x)
                for i, j in T.Parallel(block_M, block_N):
                    y[i, j] = T.exp2(x[i, j] * scale - lse[i])
                T.copy(y, Y[bx * block_M, k * block_N])

    return main


def run(options: argparse.Namespace) -> bool:
    kernel = online_softmax(options.M, options.N, options.block_M, options.block_N)
    x = report.random_array((options.M, options.N), T.bfloat16.as_numpy(), seed=1)
    return report.finish(kernel, kernel(x), full.reference(report.f64(x)), tolerance=4e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=512)
    parser.add_argument("--N", type=int, default=1024)
    parser.add_argument("--block-M", type=int, default=32)
    parser.add_argument("--block-N", type=int, default=256)
    report.main(parser, run)
