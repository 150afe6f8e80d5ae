"""One vector along rows and along columns: transposed where it is needed the other way."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilewright.language as T
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OUTER = """
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(N, dtype, staged):
    @T.prim_func
    def main(A: T.Tensor((N,), dtype), S: T.Tensor((N, N), T.float32)):
        with T.Kernel(1) as bx:
            s = T.alloc_fragment((N, N), T.float32)
            if staged:
                a = T.alloc_shared((N,), dtype)
                T.copy(A, a)
                for i, j in T.Parallel(N, N):
                    s[i, j] = a[i] * a[j] + a[i]
            else:
                for i, j in T.Parallel(N, N):
                    s[i, j] = A[i] * A[j] + A[i]
            T.copy(s, S)
    return main
"""


def on_tiles(kernel) -> bool:
    return not [r for r in kernel.remarks if r.code == "TW4043"]


def numbers(shape, dtype, seed=0):
    host = T.dtype(dtype).as_numpy()
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32).astype(host)


def test_outer_product_with_itself(program) -> None:
    make = program(OUTER)["make"]

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        n=st.integers(1, 100),
        dtype=st.sampled_from(["float32", "bfloat16", "float16"]),
        staged=st.booleans(),
    )
    def check(n, dtype, staged) -> None:
        kernel = make(n, dtype, staged)
        assert on_tiles(kernel), kernel.remarks
        a = numbers((n,), dtype)
        x = a.astype(np.float32)
        # fp32 keeps all of its bits on the way through a transpose
        np.testing.assert_allclose(kernel(a), np.outer(x, x) + x[:, None], rtol=3e-7, atol=1e-6)

    check()


def test_sums_of_both_directions_in_one_buffer(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(N):
    @T.prim_func
    def main(A: T.Tensor((N, N), T.float32), C: T.Tensor((2, N), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((N, N), T.float32)
            s = T.alloc_fragment((N,), T.float32)
            T.copy(A, a)
            T.reduce_sum(a, s, dim=1)
            T.copy(s, C[0, :])
            T.reduce_max(a, s, dim=0)
            T.reduce_max(a, s, dim=1, clear=False)
            T.copy(s, C[1, :])
    return main
""")["make"]
    for n in (64, 50):
        kernel = make(n)
        assert on_tiles(kernel), kernel.remarks
        a = numbers((n, n), "float32")
        got = kernel(a)
        np.testing.assert_allclose(got[0], a.sum(1), rtol=1e-5, atol=1e-5)
        np.testing.assert_array_equal(got[1], np.maximum(a.max(0), a.max(1)))


def test_a_row_of_a_matrix_spread_down_its_rows(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N, dtype):
    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), V: T.Tensor((1, M), dtype),
             C: T.Tensor((M, N), dtype)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((M, N), dtype)
            v = T.alloc_shared((1, M), dtype)
            w = T.alloc_fragment((M, 1), dtype)
            T.copy(A, a)
            T.copy(V, v)
            for i in T.Parallel(M):
                w[i, 0] = v[0, i] + 1
            for i, j in T.Parallel(M, N):
                a[i, j] = a[i, j] * v[0, i] + w[i, 0]
            T.copy(a, C)
    return main
""")["make"]
    for m, n, dtype in ((64, 96, "float32"), (40, 33, "float32"), (64, 32, "bfloat16")):
        kernel = make(m, n, dtype)
        assert on_tiles(kernel), kernel.remarks
        a, v = numbers((m, n), dtype), numbers((1, m), dtype, 1)
        x, y = a.astype(np.float32), v.astype(np.float32)[0][:, None]
        tolerance = 1e-6 if dtype == "float32" else 2e-2
        np.testing.assert_allclose(
            kernel(a, v).astype(np.float32), x * y + y + 1, rtol=tolerance, atol=tolerance
        )


def test_a_column_of_a_tensor_in_a_row(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N):
    @T.prim_func
    def main(A: T.Tensor((M, N), T.float32), C: T.Tensor((M, N), T.float32),
             D: T.Tensor((M, N), T.float32)):
        with T.Kernel(1) as bx:
            v = T.alloc_fragment((M,), T.float32)
            c = T.alloc_fragment((M, M), T.float32)
            T.copy(A[:, 32], v)
            for i, j in T.Parallel(M, M):
                c[i, j] = v[j] - v[i]
            T.copy(c, D)
    return main
""")["make"]
    kernel = make(64, 64)
    assert on_tiles(kernel), kernel.remarks
    a = numbers((64, 64), "float32")
    got = kernel(a, np.zeros_like(a))
    np.testing.assert_array_equal(got, a[:, 32][None, :] - a[:, 32][:, None])


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("shape", [(64, 96), (96, 32), (33, 70)])
def test_what_was_computed_is_transposed(program, dtype, shape) -> None:
    """T.transpose, transposed operands of T.gemm, and x[j, i] of computed blocks."""
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-3, -2, -1])
def make(M, N, dtype):
    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), B: T.Tensor((M, N), dtype), X: T.Tensor((N, M), dtype),
             Y: T.Tensor((N, N), T.float32), Z: T.Tensor((M, M), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((M, N), dtype)
            b = T.alloc_shared((M, N), dtype)
            s = T.alloc_fragment((M,), T.float32)
            p = T.alloc_shared((M, N), dtype)
            x = T.alloc_fragment((N, M), dtype)
            y = T.alloc_fragment((N, N), T.float32)
            z = T.alloc_fragment((M, M), T.float32)
            T.copy(A, a)
            T.copy(B, b)
            T.reduce_max(a, s, dim=1)
            for i, j in T.Parallel(M, N):
                p[i, j] = a[i, j] - s[i]
            for i, j in T.Parallel(N, M):
                x[i, j] = p[j, i]
            T.copy(x, X)
            T.clear(y)
            T.gemm(p, b, y, transpose_A=True)
            T.copy(y, Y)
            T.clear(z)
            T.gemm(b, p, z, transpose_B=True)
            T.copy(z, Z)
    return main
""")["make"]
    m, n = shape
    kernel = make(m, n, dtype)
    assert on_tiles(kernel), kernel.remarks
    a, b = numbers((m, n), dtype), numbers((m, n), dtype, 1)
    got = [g.astype(np.float64) for g in kernel(a, b)]
    wide = a.astype(np.float32)
    p = (wide - wide.max(1)[:, None]).astype(a.dtype).astype(np.float64)
    # the packer and NumPy differ where a value lies between two bf16 numbers
    np.testing.assert_allclose(got[0], p.T, rtol=0 if dtype == "float32" else 2**-7)
    p = got[0].T
    q = b.astype(np.float64)
    for x, want in ((got[1], p.T @ q), (got[2], q @ p.T)):
        assert np.linalg.norm(x - want) <= 2e-3 * np.linalg.norm(want)


@pytest.mark.parametrize("size", [32, 64])
def test_a_column_is_kept_and_written_as_a_row(size: int) -> None:
    """One body stores a vector to its buffer and, turned, to a tensor."""

    @T.prim_func
    def main(A: T.Tensor((size, size), "float32"), C: T.Tensor((2, size), "float32")):
        with T.Kernel(1) as bx:
            a = T.alloc_fragment((size, size), "float32")
            s = T.alloc_fragment((size,), "float32")
            T.copy(A, a)
            T.reduce_sum(a, s, dim=1)
            for i in T.Parallel(size):
                s[i] = s[i] * 2.0 + 100.0
                C[bx, i] = s[i] if i < 20 else T.cast(0, "float32")

    a = np.random.default_rng(3).standard_normal((size, size)).astype(np.float32)
    c = np.full((2, size), 7, np.float32)
    tilelang.compile(main)(a, c)
    want = np.where(np.arange(size) < 20, a.sum(1) * 2 + 100, 0)
    assert np.abs(c[0] - want).max() < 1e-3
    assert np.all(c[1] == 7)
