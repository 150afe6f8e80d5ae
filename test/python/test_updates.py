"""Updates of DRAM tensors by several blocks, and reads after writes in one launch."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilelang.language as T


def on_tiles(kernel: tilelang.JITKernel) -> bool:
    return not [r for r in kernel.remarks if r.code == "TW4043"]


def split_k(m: int, n: int, k: int, parts: int, elementwise: bool) -> T.PrimFunc:
    part = k // parts

    @T.prim_func
    def main(
        A: T.Tensor((m, k), T.bfloat16),
        B: T.Tensor((k, n), T.bfloat16),
        C: T.Tensor((m, n), T.float32),
    ):
        with T.Kernel(T.ceildiv(n, 64), T.ceildiv(m, 32), parts) as (bx, by, bz):
            a = T.alloc_shared((32, 32), T.bfloat16)
            b = T.alloc_shared((32, 64), T.bfloat16)
            c = T.alloc_fragment((32, 64), T.float32)
            T.clear(c)
            for i in T.Pipelined(part // 32, num_stages=2):
                T.copy(A[by * 32, bz * part + i * 32], a)
                T.copy(B[bz * part + i * 32, bx * 64], b)
                T.gemm(a, b, c)
            if elementwise:
                for i, j in T.Parallel(32, 64):
                    T.atomic_add(C[by * 32 + i, bx * 64 + j], c[i, j])
            else:
                T.atomic_add(C[by * 32, bx * 64], c)

    return main


@pytest.mark.parametrize("elementwise", [True, False])
def test_split_k_adds_on_tiles(elementwise: bool) -> None:
    import ml_dtypes

    rng = np.random.default_rng(0)
    a = rng.standard_normal((64, 256), np.float32).astype(ml_dtypes.bfloat16)
    b = rng.standard_normal((256, 128), np.float32).astype(ml_dtypes.bfloat16)
    before = rng.standard_normal((64, 128), np.float32)
    kernel = tilelang.compile(split_k(64, 128, 256, 4, elementwise))
    c = before.copy()
    kernel(a, b, c)
    want = before + a.astype(np.float64) @ b.astype(np.float64)
    assert np.linalg.norm(c - want) / np.linalg.norm(want) < 3e-3
    assert on_tiles(kernel)
    # The four parts of a block of C are on one core, the blocks on four.
    assert kernel.cores == 4
    again = before.copy()
    kernel(a, b, again)
    assert c.tobytes() == again.tobytes()


def test_an_accumulator_that_all_blocks_share() -> None:
    n, steps = 64, 3

    @T.prim_func
    def main(X: T.Tensor((n * 4, n), T.float32), S: T.Tensor((n * steps, n), T.float32)):
        with T.Kernel(4) as bx:
            x = T.alloc_shared((n, n), T.float32)
            y = T.alloc_fragment((n, n), T.float32)
            T.copy(X[bx * n, 0], x)
            for k in T.serial(steps):
                for i, j in T.Parallel(n, n):
                    y[i, j] = x[i, j] * (k + 1.0)
                T.atomic_add(S[k * n, 0], y)

    rng = np.random.default_rng(1)
    x = rng.standard_normal((n * 4, n), np.float32)
    s = rng.standard_normal((n * steps, n), np.float32)
    want = s + np.concatenate([(k + 1) * x.reshape(4, n, n).sum(0) for k in range(steps)])
    kernel = tilelang.compile(main)
    kernel(x, s)
    assert np.allclose(s, want, rtol=1e-5, atol=1e-5)
    assert on_tiles(kernel)
    assert kernel.cores == 1


@pytest.mark.parametrize("n", [32, 96])
def test_a_block_is_read_after_it_was_written(n: int) -> None:
    @T.prim_func
    def main(
        A: T.Tensor((n, n), T.float32),
        W: T.Tensor((2 * n, n), T.float32),
        B: T.Tensor((n, n), T.float32),
    ):
        with T.Kernel(1) as _:
            a = T.alloc_shared((n, n), T.float32)
            w = T.alloc_shared((n, n), T.float32)
            y = T.alloc_fragment((n, n), T.float32)
            T.copy(A, a)
            for k in T.serial(3):
                for i, j in T.Parallel(n, n):
                    y[i, j] = a[i, j] + k
                T.copy(y, W[n, 0])
                T.copy(W[n, 0], w)
                for i, j in T.Parallel(n, n):
                    y[i, j] = w[i, j] * 2.0
                T.copy(y, B)

    a = np.random.default_rng(2).standard_normal((n, n), np.float32)
    w, b = np.zeros((2 * n, n), np.float32), np.zeros((n, n), np.float32)
    kernel = tilelang.compile(main)
    kernel(a, w, b)
    assert np.allclose(w[n:], a + 2, rtol=1e-6)
    assert np.allclose(b, (a + 2) * 2, rtol=1e-6)
    assert on_tiles(kernel)


def test_groups_of_blocks_element_by_element() -> None:
    @T.prim_func
    def main(A: T.Tensor((6, 5, 40), "int32"), S: T.Tensor((6, 40), "int32")):
        with T.Kernel(6, 5) as (bx, by):
            for i in T.serial(40):
                T.atomic_add(S[bx, i], A[bx, by, i])

    rng = np.random.default_rng(3)
    a = rng.integers(-99, 99, (6, 5, 40), dtype=np.int32)
    s = rng.integers(-99, 99, (6, 40), dtype=np.int32)
    want = s + a.sum(1)
    kernel = tilelang.compile(main)
    kernel(a, s)
    assert np.array_equal(s, want)
    assert not on_tiles(kernel)
    # Rows of S share pages, but no two blocks of different columns an element.
    assert kernel.cores == 6
