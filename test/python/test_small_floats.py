"""8-bit floats that a program only reads are computed on as bfloat16, on tiles."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilelang.language as T


@pytest.mark.parametrize("dtype", ["float8_e4m3fn", "float8_e5m2", "float8_e4m3"])
def test_gemm_of_small_floats_is_exact_on_tiles(dtype: str) -> None:
    @T.prim_func
    def main(
        A: T.Tensor((64, 96), dtype), B: T.Tensor((32, 96), dtype), C: T.Tensor((64, 32), T.float32)
    ):
        with T.Kernel(2) as bx:
            a = T.alloc_shared((32, 32), dtype)
            b = T.alloc_shared((32, 32), dtype)
            c = T.alloc_fragment((32, 32), T.float32)
            T.clear(c)
            for k in T.Pipelined(3, num_stages=2):
                T.copy(A[bx * 32, k * 32], a)
                T.copy(B[0, k * 32], b)
                T.gemm(a, b, c, transpose_B=True)
            T.copy(c, C[bx * 32, 0])

    host = getattr(ml_dtypes, "float8_e4m3fn" if dtype == "float8_e4m3" else dtype)
    rng = np.random.default_rng(0)
    a = rng.integers(-8, 9, (64, 96)).astype(np.float32).astype(host)
    b = rng.integers(-8, 9, (32, 96)).astype(np.float32).astype(host)
    kernel = tilelang.compile(main, out_idx=[-1])
    assert not [r for r in kernel.remarks if r.code == "TW4043"]
    assert np.array_equal(kernel(a, b), a.astype(np.float32) @ b.astype(np.float32).T)


def test_small_floats_that_are_made_are_rounded() -> None:
    @T.prim_func
    def main(A: T.Tensor((32, 32), T.float32), B: T.Tensor((32, 32), T.float8_e4m3fn)):
        with T.Kernel(1) as _:
            a = T.alloc_shared((32, 32), T.float32)
            T.copy(A, a)
            T.copy(a, B)

    a = np.random.default_rng(1).standard_normal((32, 32), np.float32) * 8
    b = np.zeros((32, 32), ml_dtypes.float8_e4m3fn)
    tilelang.compile(main)(a, b)
    assert np.array_equal(b.view(np.uint8), a.astype(ml_dtypes.float8_e4m3fn).view(np.uint8))


def test_launches_hold_a_tensor_in_the_same_form() -> None:
    """The first launch makes 8-bit floats, which the second one only reads."""

    @T.prim_func
    def main(
        A: T.Tensor((32, 32), T.float32),
        B: T.Tensor((32, 32), T.float8_e4m3fn),
        C: T.Tensor((32, 32), T.float32),
    ):
        W = T.alloc_buffer((32, 32), T.float8_e4m3fn)
        with T.Kernel(1) as _:
            a = T.alloc_shared((32, 32), T.float32)
            T.copy(A, a)
            T.copy(a, W)
        with T.Kernel(1) as _:
            w = T.alloc_shared((32, 32), T.float8_e4m3fn)
            b = T.alloc_shared((32, 32), T.float8_e4m3fn)
            c = T.alloc_shared((32, 32), T.float32)
            T.copy(W, w)
            T.copy(B, b)
            for i, j in T.Parallel(32, 32):
                c[i, j] = T.cast(w[i, j], "float32") + T.cast(b[i, j], "float32")
            T.copy(c, C)

    rng = np.random.default_rng(2)
    a = rng.standard_normal((32, 32), np.float32)
    b = rng.standard_normal((32, 32), np.float32).astype(ml_dtypes.float8_e4m3fn)
    want = a.astype(ml_dtypes.float8_e4m3fn).astype(np.float32) + b.astype(np.float32)
    assert np.array_equal(tilelang.compile(main, out_idx=[2])(a, b), want)
