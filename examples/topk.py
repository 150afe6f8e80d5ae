"""The k largest elements of each row and where they stand, as a router of experts
needs them: the maximum is taken k times, and masked out where it was found.

    ./tilewright run examples/topk.py
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[1, 2])
def topk(M, N, k, block=32):
    @T.prim_func
    def main(
        Logits: T.Tensor((M, N), T.float32),
        Values: T.Tensor((M, k), T.float32),
        Indices: T.Tensor((M, k), T.int32),
    ):
        with T.Kernel(T.ceildiv(M, block), threads=128) as bx:
            logits = T.alloc_fragment((block, N), T.float32)
            places = T.alloc_fragment((block, N), T.int32)
            value = T.alloc_fragment((block,), T.float32)
            index = T.alloc_fragment((block,), T.int32)
            T.copy(Logits[bx * block, 0], logits)
            for step in T.serial(k):
                T.reduce_max(logits, value, dim=1)
                # The first place that holds the maximum.
                for i, j in T.Parallel(block, N):
                    places[i, j] = T.if_then_else(logits[i, j] == value[i], j, N)
                T.reduce_min(places, index, dim=1)
                for i, j in T.Parallel(block, N):
                    logits[i, j] = T.if_then_else(
                        j == index[i], -T.infinity(T.float32), logits[i, j]
                    )
                T.copy(value, Values[bx * block : (bx + 1) * block, step])
                T.copy(index, Indices[bx * block : (bx + 1) * block, step])

    return main


def reference(logits: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(-logits, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(logits, order, axis=1), order


def run(options: argparse.Namespace) -> bool:
    logits = report.random_array((options.M, options.N), np.float32, seed=1)
    kernel = topk(options.M, options.N, options.k)
    want = reference(report.f64(logits), options.k)
    return report.finish(kernel, kernel(logits), want, tolerance=0.0)


if __name__ == "__main__":
    parser = report.parser(__doc__)
    for name, size in (("M", 64), ("N", 96), ("k", 4)):
        parser.add_argument(f"--{name}", type=int, default=size)
    report.main(parser, run)
