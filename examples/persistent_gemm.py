"""A persistent GEMM: as many blocks as cores, and each one walks over its share of C.

`T.Persistent` deals the blocks of C to the launch's blocks, so that the launch has the
size of the machine whatever the size of C.

./tilewright run examples/persistent_gemm.py
./tilewright run examples/persistent_gemm.py --M 256 --blocks 5
"""

import argparse

import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def persistent_gemm(M, N, K, block_M, block_N, block_K, blocks, dtype="bfloat16"):
    rows, columns = T.ceildiv(M, block_M), T.ceildiv(N, block_N)

    @T.prim_func
    def main(A: T.Tensor((M, K), dtype), B: T.Tensor((K, N), dtype), C: T.Tensor((M, N), dtype)):
        with T.Kernel(blocks) as block:
            a = T.alloc_shared((block_M, block_K), dtype)
            b = T.alloc_shared((block_K, block_N), dtype)
            c = T.alloc_fragment((block_M, block_N), "float32")
            for by, bx in T.Persistent([rows, columns], blocks, block):
                T.clear(c)
                for k in T.Pipelined(T.ceildiv(K, block_K), num_stages=2):
                    T.copy(A[by * block_M, k * block_K], a)
                    T.copy(B[k * block_K, bx * block_N], b)
                    T.gemm(a, b, c)
                T.copy(c, C[by * block_M, bx * block_N])

    return main


def run(options: argparse.Namespace) -> bool:
    host = T.bfloat16.as_numpy()
    a = report.random_array((options.M, options.K), host, seed=1)
    b = report.random_array((options.K, options.N), host, seed=2)
    kernel = persistent_gemm(options.M, options.N, options.K, 32, 64, 32, options.blocks)
    return report.finish(kernel, kernel(a, b), report.f64(a) @ report.f64(b), tolerance=3e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=128)
    parser.add_argument("--N", type=int, default=192)
    parser.add_argument("--K", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=8, help="blocks of the launch")
    report.main(parser, run)
