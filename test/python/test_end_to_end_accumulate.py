"""Products that are added to a block read from a tensor."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilelang.language as T


@tilelang.jit(out_idx=[-1])
def multiply_add(M, N, K, block_M, block_N, block_K, c_dtype):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), T.bfloat16),
        B: T.Tensor((K, N), T.bfloat16),
        C: T.Tensor((M, N), c_dtype),
        D: T.Tensor((M, N), T.float32),
    ):
        with T.Kernel(T.ceildiv(N, block_N), T.ceildiv(M, block_M)) as (bx, by):
            A_shared = T.alloc_shared((block_M, block_K), T.bfloat16)
            B_shared = T.alloc_shared((block_K, block_N), T.bfloat16)
            sums = T.alloc_fragment((block_M, block_N), T.float32)
            T.copy(C[by * block_M, bx * block_N], sums)
            for k in T.Pipelined(T.ceildiv(K, block_K), num_stages=2):
                T.copy(A[by * block_M, k * block_K], A_shared)
                T.copy(B[k * block_K, bx * block_N], B_shared)
                T.gemm(A_shared, B_shared, sums)
            T.copy(sums, D[by * block_M, bx * block_N])

    return main


@pytest.mark.parametrize("c_dtype", [T.float32, T.bfloat16])
@pytest.mark.parametrize(
    "sizes",
    [
        (32, 32, 32, 32, 32, 32),  # one product
        (64, 64, 96, 64, 64, 32),  # sums fit DST
        (128, 128, 96, 128, 128, 32),  # sums stay in L1
    ],
    ids=["one step", "in DST", "in L1"],
)
def test_product_added_to_a_tensor(sizes, c_dtype) -> None:
    M, N, K = sizes[:3]
    rng = np.random.default_rng(5)
    a, b = (rng.standard_normal(s).astype(ml_dtypes.bfloat16) for s in ((M, K), (K, N)))
    host = np.float32 if c_dtype == T.float32 else ml_dtypes.bfloat16
    c = (100 * rng.standard_normal((M, N))).astype(host)
    d = np.asarray(multiply_add(*sizes, c_dtype)(a, b, c))
    want = c.astype(np.float64) + a.astype(np.float64) @ b.astype(np.float64)
    assert np.abs(d - want).max() < 1e-3
