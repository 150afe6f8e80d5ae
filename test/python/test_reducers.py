"""Reducers and reductions that a program spells as loops, on tiles, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import tilewright.language as T  # noqa: F401  (lets `import tilelang` work)


def on_tiles(kernel) -> bool:
    return not [r for r in kernel.remarks if r.code == "TW4043"]


@pytest.mark.parametrize("op", ["sum", "max", "min"])
@pytest.mark.parametrize(("m", "n"), [(64, 96), (33, 50)])
def test_reducer_of_rows(program, op, m, n) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N, op):
    @T.prim_func
    def main(A: T.Tensor((M, N), T.float32), C: T.Tensor((M,), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((M, N), T.float32)
            r = T.alloc_reducer((M,), T.float32, op=op)
            T.copy(A, a)
            T.reducer_init(r)
            for i, j in T.Parallel(M, N):
                T.reducer_update(r[i], a[i, j] * 2.0)
            T.finalize_reducer(r)
            T.copy(r, C)
    return main
""")["make"]
    kernel = make(m, n, op)
    assert on_tiles(kernel), kernel.remarks
    a = np.random.default_rng(0).standard_normal((m, n)).astype(np.float32)
    want = getattr(np, op)(a * 2, axis=1)
    np.testing.assert_allclose(kernel(a), want, rtol=1e-5, atol=1e-5)


def test_serial_sums_of_columns_and_of_all(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-2, -1])
def make(M, N):
    @T.prim_func
    def main(A: T.Tensor((2 * M, N), T.float32), C: T.Tensor((N,), T.float32),
             D: T.Tensor((1,), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((M, N), T.float32)
            c = T.alloc_fragment((N,), T.float32)
            d = T.alloc_fragment((1,), T.float32)
            T.fill(c, 1.0)
            T.clear(d)
            for k in T.serial(2):
                T.copy(A[k * M, 0], a)
                for i in T.serial(M):
                    for j in T.serial(N):
                        c[j] += a[i, j] * a[i, j]
                for i in T.serial(M):
                    for j in T.serial(N):
                        d[0] = d[0] + a[i, j]
            T.copy(c, C)
            T.copy(d, D)
    return main
""")["make"]
    kernel = make(40, 64)
    assert on_tiles(kernel), kernel.remarks
    a = np.random.default_rng(0).standard_normal((80, 64)).astype(np.float32)
    c, d = kernel(a)
    np.testing.assert_allclose(c, 1 + (a.astype(np.float64) ** 2).sum(0), rtol=1e-5)
    np.testing.assert_allclose(d[0], a.astype(np.float64).sum(), rtol=1e-4, atol=1e-4)


def test_a_loop_that_is_no_reduction(program) -> None:
    """Each element depends on the one before."""
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make():
    @T.prim_func
    def main(A: T.Tensor((32,), T.float32), C: T.Tensor((32,), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((32,), T.float32)
            T.copy(A, a)
            for i in T.serial(31):
                a[i + 1] = a[i + 1] + a[i]
            T.copy(a, C)
    return main
""")["make"]
    a = np.arange(32, dtype=np.float32)
    np.testing.assert_array_equal(make()(a), np.cumsum(a))


def test_indices_beside_the_matrix(program) -> None:
    """A parallel loop of three indices over tensors."""
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make():
    @T.prim_func
    def main(A: T.Tensor((4, 64, 40), T.float32), B: T.Tensor((64, 4, 40), T.float32)):
        with T.Kernel(2) as bx:
            for i, h, j in T.Parallel(64, 2, 40):
                B[i, bx * 2 + h, j] = A[bx * 2 + h, i, j] * 2.0 + h
    return main
""")["make"]
    kernel = make()
    assert on_tiles(kernel), kernel.remarks
    a = np.random.default_rng(0).standard_normal((4, 64, 40)).astype(np.float32)
    want = (a * 2 + (np.arange(4) % 2)[:, None, None].astype(np.float32)).transpose(1, 0, 2)
    np.testing.assert_allclose(kernel(a), want, rtol=1e-6)
