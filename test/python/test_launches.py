"""Several launches in one function, and what only a call knows."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from tilewright.diagnostics import ArgumentError, TilewrightError


def rows(m: int, n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((m, n)).astype(np.float32)


def two_launches():
    @T.prim_func
    def main(A: T.Tensor((64, 64), "float32"), B: T.Tensor((64, 64), "float32")):
        W = T.alloc_global((64, 64), "float32")
        with T.Kernel(2, 2) as (bx, by):
            s = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], s)
            for i, j in T.Parallel(32, 32):
                s[i, j] = s[i, j] + 1.0
            T.copy(s, W[bx * 32, by * 32])
        with T.Kernel(2) as bx:
            s = T.alloc_shared((32, 64), "float32")
            T.copy(W[bx * 32, 0], s)
            for i, j in T.Parallel(32, 64):
                s[i, j] = s[i, j] * 2.0
            T.copy(s, B[bx * 32, 0])

    return main


def test_a_workspace_hands_data_to_the_next_launch() -> None:
    a = rows(64, 64)
    want = np.block([[a[:32, :32], a[32:, :32]], [a[:32, 32:], a[32:, 32:]]])
    kernel = tilelang.compile(two_launches(), out_idx=[1])
    assert np.allclose(kernel(a), (want + 1) * 2, rtol=1e-6, atol=1e-6)
    assert [p["name"] for p in kernel.plans] == ["main_0", "main_1"]
    assert not [r for r in kernel.remarks if r.code == "TW4043"]  # both on tiles


def test_files_of_each_launch_stand_in_a_folder(tmp_path) -> None:
    kernel = tilelang.compile(two_launches(), out_idx=[1])
    kernel.write_artifacts_to_disk(str(tmp_path / "out"))
    for launch in ("launch_0", "launch_1"):
        assert (tmp_path / "out" / launch / "tt.plan.json").is_file()


def dynamic():
    m, n = T.dynamic("m, n")

    @T.prim_func
    def main(A: T.Tensor((m, n), "float32"), B: T.Tensor((m, n), "float32"), f: T.float32):
        with T.Kernel(T.ceildiv(n, 32), T.ceildiv(m, 32)) as (bx, by):
            s = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], s)
            for i, j in T.Parallel(32, 32):
                s[i, j] = s[i, j] * f
            T.copy(s, B[by * 32, bx * 32])

    return main


def test_dimensions_and_scalars_are_known_at_the_call() -> None:
    kernel = tilelang.compile(dynamic(), out_idx=[1])
    for m, n, f in ((64, 64, 2.0), (33, 70, 0.5), (1, 1, -1.0)):
        a = rows(m, n)
        assert (kernel(a, f) == a * np.float32(f)).all()
    before = len(kernel.variants)
    kernel(rows(64, 64), 2.0)
    assert len(kernel.variants) == before == 3


def test_sizes_that_do_not_agree() -> None:
    m = T.dynamic("m")

    @T.prim_func
    def main(
        A: T.Tensor((m,), "float32"), B: T.Tensor((m,), "float32"), C: T.Tensor((m,), "float32")
    ):
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            for i in T.Parallel(32):
                C[bx * 32 + i] = A[bx * 32 + i] + B[bx * 32 + i]

    kernel = tilelang.compile(main, out_idx=[2])
    with pytest.raises(ArgumentError) as caught:
        kernel(np.zeros(5, np.float32), np.zeros(6, np.float32))
    assert "'m' is 5 in an earlier argument and 6 in 'B'" in str(caught.value)


def test_sources_before_the_first_call() -> None:
    kernel = tilelang.compile(dynamic(), out_idx=[1])
    with pytest.raises(TilewrightError, match="compiled when f is known"):
        kernel.get_kernel_source()
    kernel(rows(32, 32), 1.0)
    assert "kernel_main" in kernel.get_kernel_source()


def test_a_buffer_outside_the_launches_is_a_workspace() -> None:
    @T.prim_func
    def main(A: T.Tensor((64, 64), "float32"), B: T.Tensor((64, 64), "float32")):
        W = T.alloc_buffer((64, 64), "float32")
        with T.Kernel(2) as bx:
            for i, j in T.Parallel(32, 64):
                W[bx * 32 + i, j] = A[bx * 32 + i, j] * 2.0
        with T.Kernel(2) as bx:
            for i, j in T.Parallel(32, 64):
                B[bx * 32 + i, j] = W[bx * 32 + i, j] + 1.0

    a = rows(64, 64)
    got = tilelang.compile(main, out_idx=[1])(a)
    assert np.allclose(got, a * 2 + 1, rtol=1e-6)


def test_the_source_for_the_sizes_of_given_arrays() -> None:
    @tilelang.jit
    def double(A, B):
        m = T.dynamic("m")
        A: T.Tensor((m, 32), "float32")
        B: T.Tensor((m, 32), "float32")
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            for i, j in T.Parallel(32, 32):
                B[bx * 32 + i, j] = A[bx * 32 + i, j] * 2.0

    a, b = rows(96, 32), np.zeros((96, 32), np.float32)
    assert "kernel_main" in double.get_kernel_source(a, b)
    double(a, b)
    assert (b == a * 2).all()
