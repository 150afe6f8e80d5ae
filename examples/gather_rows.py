"""Rows of a table in an order that a tensor gives: an embedding.

./tilewright run examples/gather_rows.py
"""

import argparse

import numpy as np
import report
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def gather(entries, dim, count, block, dtype="bfloat16"):
    @T.prim_func
    def main(
        table: T.Tensor((entries, dim), dtype),
        index: T.Tensor((count,), "int32"),
        out: T.Tensor((count, dim), dtype),
    ):
        with T.Kernel(T.ceildiv(count, block)) as bx:
            for i, j in T.Parallel(block, dim):
                out[bx * block + i, j] = table[index[bx * block + i], j]

    return main


def run(options: argparse.Namespace) -> bool:
    rng = np.random.default_rng(0)
    table = report.random_array((options.entries, 48), T.bfloat16.as_numpy(), seed=1)
    index = rng.integers(0, options.entries, options.count).astype(np.int32)
    kernel = gather(options.entries, 48, options.count, 16)
    return report.finish(
        kernel, kernel(table, index), report.f64(table[index]), ulps=0, title="gather"
    )


if __name__ == "__main__":
    parser = report.parser(__doc__)
    parser.add_argument("--entries", type=int, default=100)
    parser.add_argument("--count", type=int, default=70)
    report.main(parser, run)
