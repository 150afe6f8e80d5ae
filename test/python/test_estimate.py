"""The cycles that a plan expects, against those of the simulator.

The estimate has no contention, so it is an order of magnitude to plan with: it stays
within a factor of 2 of the simulated time, mostly below it.
"""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilewright.language as T


def gemm(m: int, n: int, k: int, block_m: int, block_n: int, block_k: int):
    @T.prim_func
    def main(
        A: T.Tensor((m, k), "bfloat16"),
        B: T.Tensor((k, n), "bfloat16"),
        C: T.Tensor((m, n), "bfloat16"),
    ):
        with T.Kernel(n // block_n, m // block_m) as (bx, by):
            a = T.alloc_shared((block_m, block_k), "bfloat16")
            b = T.alloc_shared((block_k, block_n), "bfloat16")
            c = T.alloc_fragment((block_m, block_n), "float32")
            T.clear(c)
            for s in T.Pipelined(k // block_k, num_stages=2):
                T.copy(A[by * block_m, s * block_k], a)
                T.copy(B[s * block_k, bx * block_n], b)
                T.gemm(a, b, c)
            T.copy(c, C[by * block_m, bx * block_n])

    return main


def add(rows: int, cols: int, block: int):
    @T.prim_func
    def main(
        A: T.Tensor((rows, cols), "bfloat16"),
        B: T.Tensor((rows, cols), "bfloat16"),
        C: T.Tensor((rows, cols), "bfloat16"),
    ):
        with T.Kernel(cols // block, rows // block) as (bx, by):
            a = T.alloc_shared((block, block), "bfloat16")
            b = T.alloc_shared((block, block), "bfloat16")
            c = T.alloc_fragment((block, block), "bfloat16")
            T.copy(A[by * block, bx * block], a)
            T.copy(B[by * block, bx * block], b)
            for i, j in T.Parallel(block, block):
                c[i, j] = a[i, j] + b[i, j]
            T.copy(c, C[by * block, bx * block])

    return main


@pytest.mark.parametrize("device", ["n150", "p150"])
@pytest.mark.parametrize(
    "func",
    [gemm(256, 256, 256, 64, 64, 32), gemm(64, 64, 512, 32, 32, 32), add(256, 256, 32)],
    ids=["gemm", "deep_gemm", "add"],
)
def test_estimate_is_near_the_simulated_time(func, device: str) -> None:
    kernel = tilelang.compile(func, out_idx=[-1], target=f"tenstorrent -device={device}")
    shapes = [tuple(p.shape) for p in func.params[:2]]
    kernel(*(np.ones(shape, ml_dtypes.bfloat16) for shape in shapes))
    ratio = kernel.last_run.cycles / kernel.plan["estimate"]["cycles"]
    assert 0.5 < ratio < 2
