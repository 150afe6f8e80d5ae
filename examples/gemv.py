"""y = A @ x: each block keeps sums of its rows and reduces them once.

./tilewright run examples/gemv.py
"""

import argparse

import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def gemv(M, K, block_M, block_K, dtype="bfloat16"):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), dtype), x: T.Tensor((1, K), dtype), y: T.Tensor((M, 1), "float32")
    ):
        with T.Kernel(T.ceildiv(M, block_M)) as bx:
            a = T.alloc_shared((block_M, block_K), dtype)
            xs = T.alloc_shared((1, block_K), dtype)
            products = T.alloc_fragment((block_M, block_K), "float32")
            total = T.alloc_fragment((block_M, 1), "float32")
            T.clear(products)
            for k in T.serial(T.ceildiv(K, block_K)):
                T.copy(A[bx * block_M, k * block_K], a)
                T.copy(x[0, k * block_K], xs)
                for i, j in T.Parallel(block_M, block_K):
                    products[i, j] = products[i, j] + a[i, j].astype("float32") * xs[0, j]
            T.reduce_sum(products, total, dim=1)
            T.copy(total, y[bx * block_M, 0])

    return main


def run(options: argparse.Namespace) -> bool:
    a = report.random_array((options.M, options.K), T.bfloat16.as_numpy(), seed=1)
    x = report.random_array((1, options.K), T.bfloat16.as_numpy(), seed=2)
    kernel = gemv(options.M, options.K, 32, 64)
    want = report.f64(a) @ report.f64(x).T
    return report.finish(kernel, kernel(a, x), want, tolerance=2e-3)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--M", type=int, default=100)
    parser.add_argument("--K", type=int, default=192)
    report.main(parser, run)
