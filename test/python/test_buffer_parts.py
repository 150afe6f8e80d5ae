"""Parts of on-chip buffers, and buffers of several matrices, on tiles."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st

RNG = np.random.default_rng(11)


def rows(*shape: int, dtype: type = np.float32) -> np.ndarray:
    return RNG.standard_normal(shape, np.float32).astype(dtype)


def compiled(program, outputs: list[int]) -> tilelang.JITKernel:
    kernel = tilelang.compile(program, out_idx=outputs)
    assert not [r for r in kernel.remarks if r.code == "TW4043"]
    return kernel


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.booleans())
def test_parts_beside_each_other(left: int, right: int, by_rows: bool) -> None:
    """x + y, of x and y the first and the last `size` columns or rows."""
    size = min(left, right)
    whole = left + right
    shape = (whole, 32) if by_rows else (32, whole)
    part = (size, 32) if by_rows else (32, size)

    @T.prim_func
    def main(X: T.Tensor(shape, "float32"), Y: T.Tensor(part, "float32")):
        with T.Kernel(1):
            x = T.alloc_shared(shape, "float32")
            y = T.alloc_fragment(part, "float32")
            T.copy(X, x)
            for i, j in T.Parallel(*part):
                if by_rows:
                    y[i, j] = x[i, j] + x[i + whole - size, j]
                else:
                    y[i, j] = x[i, j] + x[i, j + whole - size]
            T.copy(y, Y)

    kernel = compiled(main, [1])
    x = rows(*shape)
    halves = (x[:size], x[-size:]) if by_rows else (x[:, :size], x[:, -size:])
    assert (kernel(x) == halves[0] + halves[1]).all()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_rotary_embedding_of_halves(dtype: str) -> None:
    s, d = 64, 128
    h = d // 2

    @T.prim_func
    def main(
        X: T.Tensor((s, d), dtype),
        C: T.Tensor((s, h), "float32"),
        S: T.Tensor((s, h), "float32"),
        Y: T.Tensor((s, d), dtype),
    ):
        with T.Kernel(s // 32) as b:
            x = T.alloc_shared((32, d), dtype)
            c = T.alloc_shared((32, h), "float32")
            n = T.alloc_shared((32, h), "float32")
            y = T.alloc_fragment((32, d), dtype)
            T.copy(X[b * 32, 0], x)
            T.copy(C[b * 32, 0], c)
            T.copy(S[b * 32, 0], n)
            for i, j in T.Parallel(32, h):
                y[i, j] = x[i, j] * c[i, j] - x[i, j + h] * n[i, j]
                y[i, j + h] = x[i, j] * n[i, j] + x[i, j + h] * c[i, j]
            T.copy(y, Y[b * 32, 0])

    kind = np.float32 if dtype == "float32" else ml_dtypes.bfloat16
    x, c, n = rows(s, d, dtype=kind), rows(s, h), rows(s, h)
    a, b = x[:, :h].astype(np.float32), x[:, h:].astype(np.float32)
    want = np.concatenate([a * c - b * n, a * n + b * c], 1)
    got = compiled(main, [3])(x, c, n).astype(np.float32)
    assert np.allclose(got, want, atol=1e-5 if dtype == "float32" else 4e-2)


def test_gate_and_value_of_one_gemm() -> None:
    f = 64

    @T.prim_func
    def main(
        X: T.Tensor((64, 64), "bfloat16"),
        W: T.Tensor((64, 2 * f), "bfloat16"),
        Y: T.Tensor((64, f), "float32"),
    ):
        with T.Kernel(2) as b:
            x = T.alloc_shared((32, 64), "bfloat16")
            w = T.alloc_shared((64, 2 * f), "bfloat16")
            h = T.alloc_fragment((32, 2 * f), "float32")
            y = T.alloc_fragment((32, f), "float32")
            T.copy(X[b * 32, 0], x)
            T.copy(W, w)
            T.clear(h)
            T.gemm(x, w, h)
            for i, j in T.Parallel(32, f):
                y[i, j] = h[i, j] * T.sigmoid(h[i, j]) * h[i, j + f]
            T.copy(y, Y[b * 32, 0])

    x, w = rows(64, 64, dtype=ml_dtypes.bfloat16), rows(64, 2 * f, dtype=ml_dtypes.bfloat16)
    h = x.astype(np.float32) @ w.astype(np.float32)
    gate, value = h[:, :f], h[:, f:]
    want = gate / (1 + np.exp(-gate)) * value
    assert np.allclose(compiled(main, [2])(x, w), want, rtol=1e-2, atol=1e-2)


def test_whole_statements_on_a_buffer_in_parts() -> None:
    """Reductions, loops over all columns and copies of a half share one buffer."""

    @T.prim_func
    def main(X: T.Tensor((64, 128), "float32"), Y: T.Tensor((64, 128), "float32")):
        with T.Kernel(2) as b:
            x = T.alloc_fragment((32, 128), "float32")
            m = T.alloc_fragment((32,), "float32")
            T.copy(X[b * 32, 0], x)
            T.reduce_max(x, m, dim=1)
            for i, j in T.Parallel(32, 128):
                x[i, j] = T.exp(x[i, j] - m[i])
            for i, j in T.Parallel(32, 64):
                x[i, j] = x[i, j] * 2.0
            T.reduce_sum(x, m, dim=1)
            for i, j in T.Parallel(32, 128):
                x[i, j] /= m[i]
            T.copy(x[:, 64:128], Y[b * 32, 64])
            T.copy(x[:, 0:64], Y[b * 32, 0])

    x = rows(64, 128)
    e = np.exp(x - x.max(1, keepdims=True))
    e[:, :64] *= 2
    assert np.allclose(compiled(main, [1])(x), e / e.sum(1, keepdims=True), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(("planes", "m", "n"), [(3, 32, 40), (4, 64, 32), (1, 32, 32)])
def test_buffers_of_several_matrices(planes: int, m: int, n: int) -> None:
    @T.prim_func
    def main(X: T.Tensor((planes, m, n), "float32"), Y: T.Tensor((planes, m, n), "float32")):
        with T.Kernel(1):
            x = T.alloc_shared((planes, m, n), "float32")
            top = T.alloc_fragment((m, n), "float32")
            T.copy(X, x)
            T.clear(top)
            for k in T.serial(planes):
                for i, j in T.Parallel(m, n):
                    top[i, j] = T.max(top[i, j], x[k, i, j])
            for k, i, j in T.Parallel(planes, m, n):
                x[k, i, j] = x[k, i, j] - top[i, j]
            T.copy(x, Y)

    x = rows(planes, m, n)
    assert (compiled(main, [1])(x) == x - np.maximum(x.max(0), 0)).all()


@pytest.mark.parametrize("columns", [False, True])
def test_a_row_or_column_that_a_loop_picks(columns: bool) -> None:
    taps, n = 5, 64
    shape = (n, taps) if columns else (taps, n)

    @T.prim_func
    def main(
        X: T.Tensor((32 + taps, n), "float32"),
        W: T.Tensor(shape, "float32"),
        Y: T.Tensor((32, n), "float32"),
    ):
        with T.Kernel(1):
            w = T.alloc_shared(shape, "float32")
            x = T.alloc_shared((32, n), "float32")
            y = T.alloc_fragment((32, n), "float32")
            T.copy(W, w)
            T.clear(y)
            for k in T.serial(taps):
                T.copy(X[k, 0], x)
                for i, j in T.Parallel(32, n):
                    if columns:
                        y[i, j] += x[i, j] * w[j, k]
                    else:
                        y[i, j] += x[i, j] * w[k, j]
            T.copy(y, Y)

    x, w = rows(32 + taps, n), rows(*shape)
    w[0, 0] = np.inf  # stays where it is
    taken = w.T if columns else w
    with np.errstate(invalid="ignore"):
        want = sum(x[k : k + 32] * taken[k] for k in range(taps))
    assert np.allclose(compiled(main, [2])(x, w), want, rtol=1e-4, atol=1e-5, equal_nan=True)


def test_loops_that_pick_parts() -> None:
    """Groups of columns with a scale each, picked by the index of a serial loop."""
    k, n, group = 128, 64, 32

    @T.prim_func
    def main(
        Q: T.Tensor((n, k), "int8"),
        S: T.Tensor((n, k // group), "float32"),
        Y: T.Tensor((n, k), "float32"),
    ):
        with T.Kernel(n // 32) as b:
            q = T.alloc_shared((32, k), "int8")
            s = T.alloc_shared((32, k // group), "float32")
            y = T.alloc_fragment((32, k), "float32")
            T.copy(Q[b * 32, 0], q)
            T.copy(S[b * 32, 0], s)
            for g in T.serial(k // group):
                for i, j in T.Parallel(32, group):
                    y[i, g * group + j] = T.cast(q[i, g * group + j], "float32") * s[i, g]
            T.copy(y, Y[b * 32, 0])

    q = RNG.integers(-128, 128, (n, k)).astype(np.int8)
    s = rows(n, k // group)
    want = q.astype(np.float32) * np.repeat(s, group, 1)
    assert (compiled(main, [2])(q, s) == want).all()


def test_heads_of_one_buffer() -> None:
    s, heads, d = 64, 4, 32

    @T.prim_func
    def main(
        Q: T.Tensor((s, heads * d), "bfloat16"),
        K: T.Tensor((s, heads * d), "bfloat16"),
        Y: T.Tensor((s, heads * s), "float32"),
    ):
        with T.Kernel(s // 32) as b:
            q = T.alloc_shared((32, heads * d), "bfloat16")
            k = T.alloc_shared((s, heads * d), "bfloat16")
            y = T.alloc_fragment((32, heads * s), "float32")
            T.copy(Q[b * 32, 0], q)
            T.copy(K, k)
            for h in T.serial(heads):
                T.gemm(
                    q[:, h * d : (h + 1) * d],
                    k[:, h * d : (h + 1) * d],
                    y[:, h * s : (h + 1) * s],
                    transpose_B=True,
                    clear_accum=True,
                )
            T.copy(y, Y[b * 32, 0])

    q, k = (rows(s, heads * d, dtype=ml_dtypes.bfloat16) for _ in range(2))
    a, b = (x.astype(np.float32).reshape(s, heads, d) for x in (q, k))
    want = np.einsum("ihd,jhd->ihj", a, b).reshape(s, heads * s)
    assert np.allclose(compiled(main, [2])(q, k), want, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("guarded", [False, True])
def test_rows_that_are_written_one_by_one(guarded: bool) -> None:
    m, n = 40, 64

    @T.prim_func
    def main(X: T.Tensor((m, n), "float32"), Y: T.Tensor((m, n), "float32")):
        with T.Kernel(1):
            x = T.alloc_shared((m, n), "float32")
            T.copy(X, x)
            for i in T.serial(m):
                for j in T.Parallel(n):
                    if guarded:
                        if i < j:
                            x[i, j] = x[i, j] * 2.0
                    else:
                        x[i, j] = x[i, j] * 2.0
            T.copy(x, Y)

    x = rows(m, n)
    want = np.where(np.less(*np.indices((m, n))), x * 2, x) if guarded else x * 2
    assert (compiled(main, [1])(x) == want).all()


def test_rows_that_depend_on_the_one_before() -> None:
    @T.prim_func
    def main(X: T.Tensor((8, 64), "float32"), Y: T.Tensor((8, 64), "float32")):
        with T.Kernel(1):
            x = T.alloc_shared((8, 64), "float32")
            T.copy(X, x)
            for i in T.serial(7):
                for j in T.Parallel(64):
                    x[i + 1, j] = x[i + 1, j] + x[i, j]
            T.copy(x, Y)

    x = RNG.integers(-9, 9, (8, 64)).astype(np.float32)
    assert (tilelang.compile(main, out_idx=[1])(x) == np.cumsum(x, 0)).all()


def test_more_parts_than_a_core_has_buffers_for() -> None:
    """The program runs all the same, element by element."""
    s, heads, d = 32, 6, 32

    @T.prim_func
    def main(
        Q: T.Tensor((s, heads * d), "bfloat16"),
        K: T.Tensor((s, heads * d), "bfloat16"),
        Y: T.Tensor((s, heads * s), "float32"),
    ):
        with T.Kernel(1):
            q = T.alloc_shared((s, heads * d), "bfloat16")
            k = T.alloc_shared((s, heads * d), "bfloat16")
            y = T.alloc_fragment((s, heads * s), "float32")
            top = T.alloc_fragment((s,), "float32")
            T.copy(Q, q)
            T.copy(K, k)
            for h in T.serial(heads):
                part = y[:, h * s : (h + 1) * s]
                T.gemm(
                    q[:, h * d : (h + 1) * d],
                    k[:, h * d : (h + 1) * d],
                    part,
                    transpose_B=True,
                    clear_accum=True,
                )
                T.reduce_max(part, top, dim=1)
                for i, j in T.Parallel(s, s):
                    y[i, h * s + j] = y[i, h * s + j] - top[i]
            T.copy(y, Y)

    q, k = (rows(s, heads * d, dtype=ml_dtypes.bfloat16) for _ in range(2))
    a, b = (x.astype(np.float32).reshape(s, heads, d) for x in (q, k))
    scores = np.einsum("ihd,jhd->ihj", a, b)
    want = (scores - scores.max(2, keepdims=True)).reshape(s, heads * s)
    assert np.allclose(tilelang.compile(main, out_idx=[2])(q, k), want, rtol=1e-2, atol=1e-2)
