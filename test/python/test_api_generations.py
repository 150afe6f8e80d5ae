"""Programs in the generation 2026-03 of the API, which lacks some calls."""

from __future__ import annotations

import operator

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilewright.language as T

BEFORE = {"metalium_api": "2026-03"}
ORDERS = ["lt", "le", "gt", "ge", "eq", "ne"]


def _choose(relation: str, dtype):
    """10 where the relation of two tiles holds, 20 elsewhere."""
    compare = getattr(operator, relation)

    @T.prim_func
    def main(
        A: T.Tensor((64, 64), dtype), B: T.Tensor((64, 64), dtype), C: T.Tensor((64, 64), dtype)
    ):
        with T.Kernel(2, 2) as (bx, by):
            a = T.alloc_shared((32, 32), dtype)
            b = T.alloc_shared((32, 32), dtype)
            c = T.alloc_fragment((32, 32), dtype)
            T.copy(A[by * 32, bx * 32], a)
            T.copy(B[by * 32, bx * 32], b)
            for i, j in T.Parallel(32, 32):
                c[i, j] = T.if_then_else(
                    compare(a[i, j], b[i, j]), T.cast(10, dtype), T.cast(20, dtype)
                )
            T.copy(c, C[by * 32, bx * 32])

    return main


def _values(dtype, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a = rng.integers(-3, 4, (64, 64)).astype(dtype)
    b = rng.integers(-3, 4, (64, 64)).astype(dtype)
    if np.dtype(dtype).kind == "i":
        edges = np.array([-(2**31), 2**31 - 1, 0, -1], np.int32)
    else:
        edges = np.array([np.inf, -np.inf, 0.0, -0.0, np.nan, 1e30, -1e30, 1.5], np.float32)
    pairs = np.array([(x, y) for x in edges for y in edges]).astype(dtype)
    a.flat[: len(pairs)], b.flat[: len(pairs)] = pairs[:, 0], pairs[:, 1]
    return a, b


@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16, np.int32])
@pytest.mark.parametrize("relation", ORDERS)
def test_comparisons(relation: str, dtype) -> None:
    name = np.dtype(dtype).name
    kernel = tilelang.compile(_choose(relation, name), out_idx=[-1], target=BEFORE)
    a, b = _values(dtype)
    with np.errstate(invalid="ignore"):
        expected = np.where(getattr(operator, relation)(a, b), 10, 20)
    np.testing.assert_array_equal(np.asarray(kernel(a, b)).astype(np.int64), expected)


@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16])
def test_a_row_is_subtracted(dtype) -> None:
    name = np.dtype(dtype).name

    @T.prim_func
    def main(A: T.Tensor((64, 96), name), R: T.Tensor((96,), name), C: T.Tensor((64, 96), name)):
        with T.Kernel(2) as by:
            a = T.alloc_shared((32, 96), name)
            r = T.alloc_shared((96,), name)
            c = T.alloc_fragment((32, 96), name)
            T.copy(A[by * 32, 0], a)
            T.copy(R, r)
            for i, j in T.Parallel(32, 96):
                c[i, j] = a[i, j] - r[j]
            T.copy(c, C[by * 32, 0])

    rng = np.random.default_rng(5)
    a = rng.standard_normal((64, 96)).astype(dtype)
    r = rng.standard_normal(96).astype(dtype)
    kernel = tilelang.compile(main, out_idx=[-1], target=BEFORE)
    assert "sub_binary_tile(" in kernel.get_kernel_source()
    expected = a.astype(np.float32) - r.astype(np.float32)
    got = np.asarray(kernel(a, r)).astype(np.float32)
    # Exact in fp32; bfloat16 keeps 8 bits.
    np.testing.assert_allclose(got, expected, rtol=0 if dtype is np.float32 else 2**-8)
