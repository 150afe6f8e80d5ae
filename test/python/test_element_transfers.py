"""Blocks of tensors that start or end inside a tile, on tiles."""

from __future__ import annotations

import ml_dtypes  # noqa: F401 (names bfloat16 for NumPy)
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st

TARGET = "tenstorrent -tiles-only=1"


def _numbers(shape, dtype, seed=0):
    return np.random.default_rng(seed).integers(-100, 100, shape).astype(dtype)


def _move(shape, block, start, to, dtype):
    """Twice what stands at `start` goes to `to`; the rest of the output is 7."""

    @T.prim_func
    def main(A: T.Tensor(shape, dtype), B: T.Tensor(shape, dtype)):
        with T.Kernel(1):
            a = T.alloc_shared(block, dtype)
            b = T.alloc_fragment(block, dtype)
            T.copy(A[start[0] : start[0] + block[0], start[1] : start[1] + block[1]], a)
            for i, j in T.Parallel(*block):
                b[i, j] = a[i, j] + a[i, j]
            T.copy(b, B[to[0] : to[0] + block[0], to[1] : to[1] + block[1]])

    return tilelang.compile(main, target=TARGET)


@pytest.mark.parametrize("dtype", ["bfloat16", "float32", "int32"])
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_any_place(dtype, data):
    shape = data.draw(st.tuples(st.integers(1, 80), st.integers(1, 80)))
    block = data.draw(st.tuples(st.integers(1, 70), st.integers(1, 70)))
    at = st.tuples(st.integers(0, shape[0] - 1), st.integers(0, shape[1] - 1))
    start, to = data.draw(at), data.draw(at)
    a = _numbers(shape, dtype)
    b = np.full(shape, 7, dtype)
    _move(shape, block, start, to, dtype)(a, b)
    # Zero behind the edge; dropped behind the edge.
    wide = np.zeros((shape[0] + block[0], shape[1] + block[1]), np.float64)
    wide[: shape[0], : shape[1]] = a.astype(np.float64)
    want = np.full(wide.shape, 7.0)
    region = wide[start[0] : start[0] + block[0], start[1] : start[1] + block[1]]
    want[to[0] : to[0] + block[0], to[1] : to[1] + block[1]] = 2 * region
    np.testing.assert_array_equal(b.astype(np.float64), want[: shape[0], : shape[1]])


@pytest.mark.parametrize("device", ["n150", "p150"])
def test_blocks_of_48_rows(device):
    """Neighbouring cores write parts of the same tiles."""

    @T.prim_func
    def main(A: T.Tensor((192, 64), "bfloat16"), B: T.Tensor((192, 64), "bfloat16")):
        with T.Kernel(4) as bx:
            a = T.alloc_shared((48, 64), "bfloat16")
            T.copy(A[bx * 48, 0], a)
            for i, j in T.Parallel(48, 64):
                a[i, j] = a[i, j] + 1.0
            T.copy(a, B[bx * 48, 0])

    a = _numbers((192, 64), "bfloat16")
    kernel = tilelang.compile(main, out_idx=[1], target=f"tenstorrent -mcpu={device} -tiles-only=1")
    got = kernel(a)
    np.testing.assert_array_equal(got.astype(np.float64), a.astype(np.float64) + 1)
    assert {r.code for r in kernel.source.remarks} >= {"TW4001"}


def test_row_and_scalar_of_a_tensor_in_a_loop():
    @T.prim_func
    def main(
        A: T.Tensor((96, 64), "float32"),
        S: T.Tensor((3, 5), "float32"),
        R: T.Tensor((3, 64), "float32"),
        B: T.Tensor((96, 64), "float32"),
    ):
        with T.Kernel(3) as bx:
            for i, j in T.Parallel(32, 64):
                B[bx * 32 + i, j] = A[bx * 32 + i, j] * S[bx, 3] + R[bx, j]

    a, s, r = (_numbers(x, "float32", k) for k, x in enumerate([(96, 64), (3, 5), (3, 64)]))
    want = a * s[:, 3].repeat(32)[:, None] + r.repeat(32, axis=0)
    kernel = tilelang.compile(main, out_idx=[3], target=TARGET)
    np.testing.assert_array_equal(kernel(a, s, r), want)


def test_gemm_of_odd_blocks():
    """Rows and the inner dimension in steps of 40."""

    @T.prim_func
    def main(
        A: T.Tensor((80, 120), "bfloat16"),
        B: T.Tensor((120, 64), "bfloat16"),
        C: T.Tensor((80, 64), "float32"),
    ):
        with T.Kernel(2) as bx:
            a = T.alloc_shared((40, 40), "bfloat16")
            b = T.alloc_shared((40, 64), "bfloat16")
            c = T.alloc_fragment((40, 64), "float32")
            T.clear(c)
            for k in T.Pipelined(3, num_stages=2):
                T.copy(A[bx * 40, k * 40], a)
                T.copy(B[k * 40, 0], b)
                T.gemm(a, b, c)
            T.copy(c, C[bx * 40, 0])

    a, b = _numbers((80, 120), "bfloat16"), _numbers((120, 64), "bfloat16", 1)
    kernel = tilelang.compile(main, out_idx=[2], target=TARGET)
    want = a.astype(np.float64) @ b.astype(np.float64)
    np.testing.assert_allclose(kernel(a, b), want, rtol=1e-6)


GUARDS = {
    "remainder": lambda i, j, b, n: (b % 2) * 16 + j < 20,
    "table": lambda i, j, b, n: j < n[b],
    "lower": lambda i, j, b, n: j >= (b % 2) * 12,
    "every_second": lambda i, j, b, n: ((b % 2) * 16 + j < 20) & (j % 2 == 0),
    "triangle": lambda i, j, b, n: ((b % 2) * 16 + j < 20) & (i >= j),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_guarded_blocks_that_overlap(guard):
    """What a condition leaves out belongs to other blocks and is not written back."""
    inside, step = GUARDS[guard], 4 if guard == "lower" else 16
    h, w = 40, 120

    @T.prim_func
    def main(
        x: T.Tensor((h, w), "float32"), n: T.Tensor((12,), "int32"), y: T.Tensor((h, w), "float32")
    ):
        with T.Kernel(12, 2) as (b, by):
            s = T.alloc_shared((32, 16), "float32")
            start = (b // 2) * 20 + (b % 2) * step
            for i, j in T.Parallel(32, 16):
                s[i, j] = x[by * 32 + i, start + j] * 2
            for i, j in T.Parallel(32, 16):
                if inside(i, j, b, n):
                    y[by * 32 + i, start + j] = s[i, j]

    kernel = tilelang.compile(main, target=TARGET)
    assert ("TW4013" in {r.code for r in kernel.remarks}) == (guard not in ("remainder", "table"))
    x = _numbers((h, w), "float32")
    n = np.array([16, 4] * 6, np.int32)
    y = np.full((h, w), 7, np.float32)
    want = y.copy()
    for b in range(12):
        for i, j in np.ndindex(32, 16):
            for row in (i, 32 + i):
                col = (b // 2) * 20 + (b % 2) * step + j
                if row < h and col < w and inside(i, j, b, n):
                    want[row, col] = 2 * x[row, col]
    kernel(x, n, y)
    np.testing.assert_array_equal(y, want)


def test_guarded_blocks_that_overlap_and_are_read():
    """Where the tensor is used elsewhere, too, the launch runs element by element."""

    @T.prim_func
    def main(y: T.Tensor((32, 120), "float32")):
        with T.Kernel(6) as b:
            for i, j in T.Parallel(32, 32):
                if (j >= 4) & (j < 24):
                    y[i, b * 20 + j - 4] = y[i, b * 20 + j - 4] + 1

    y = _numbers((32, 120), "float32")
    want = y + 1
    kernel = tilelang.compile(main)
    assert "TW4043" in {r.code for r in kernel.remarks}
    kernel(y)
    np.testing.assert_array_equal(y, want)
