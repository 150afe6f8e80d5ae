"""Floats that are known at run time, beside tiles: T.alloc_var, elements of tensors and of
buffers, arguments, fills, conditions on indices."""

from __future__ import annotations

import numpy as np
import pytest
import tilewright.language as T


def on_tiles(kernel) -> bool:
    return not [r for r in kernel.remarks if r.code == "TW4043"]


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def test_an_element_of_a_tensor_scales_a_block(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N, dtype):
    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), S: T.Tensor((M // 32,), T.float32),
             C: T.Tensor((M, N), T.float32)):
        with T.Kernel(M // 32) as bx:
            a = T.alloc_shared((32, N), dtype)
            c = T.alloc_fragment((32, N), T.float32)
            s = S[bx]
            T.copy(A[bx * 32, 0], a)
            for i, j in T.Parallel(32, N):
                c[i, j] = a[i, j] * s + T.exp(s)
            T.copy(c, C[bx * 32, 0])
    return main
""")["make"]
    for dtype in ("float32", "bfloat16"):
        kernel = make(96, 64, dtype)
        assert on_tiles(kernel), kernel.remarks

        a, s = numbers(96, 64).astype(T.dtype(dtype).as_numpy()), numbers(3, seed=1)
        wide = np.repeat(s, 32)[:, None]
        np.testing.assert_allclose(
            kernel(a, s), a.astype(np.float32) * wide + np.exp(wide), rtol=2e-6, atol=1e-6
        )


def test_fill_with_a_number_that_is_read(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-2, -1])
def make(dtype):
    @T.prim_func
    def main(S: T.Tensor((3, 50), T.float32), C: T.Tensor((96, 64), dtype),
             D: T.Tensor((96,), T.float32)):
        with T.Kernel(3) as bx:
            c = T.alloc_fragment((32, 64), dtype)
            d = T.alloc_fragment((32,), T.float32)
            T.fill(c, S[bx, 40] * 2)
            T.fill(d, S[bx, bx])
            T.copy(c, C[bx * 32, 0])
            T.copy(d, D[bx * 32])
    return main
""")["make"]
    kernel = make("float32")
    assert on_tiles(kernel), kernel.remarks
    s = numbers(3, 50)
    c, d = kernel(s)
    np.testing.assert_array_equal(c, np.repeat(s[:, 40] * 2, 32)[:, None] + np.zeros((1, 64)))
    np.testing.assert_array_equal(d, np.repeat(s[range(3), range(3)], 32))


def test_variables(program) -> None:
    """A variable that a loop updates, that a condition sets, and whose old value is kept."""
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(steps):
    @T.prim_func
    def main(A: T.Tensor((96, 64), T.float32), S: T.Tensor((steps,), T.float32),
             C: T.Tensor((96, 64), T.float32)):
        with T.Kernel(3) as bx:
            a = T.alloc_shared((32, 64), T.float32)
            v = T.alloc_var(T.float32, init=2.0)
            w = T.alloc_var(T.float32, init=0.0)
            T.copy(A[bx * 32, 0], a)
            for k in T.serial(steps):
                w = v
                v = v * 0.5 + S[k]
            if bx == 1:
                v = v + 100.0
            else:
                w = T.max(w, 0.25)
            for i, j in T.Parallel(32, 64):
                a[i, j] = a[i, j] * v + w
            T.copy(a, C[bx * 32, 0])
    return main
""")["make"]
    for steps in (1, 5):
        kernel = make(steps)
        assert on_tiles(kernel), kernel.remarks
        a, s = numbers(96, 64), numbers(steps, seed=1)
        v = np.float32(2)
        for x in s:
            w, v = v, np.float32(v * np.float32(0.5)) + x
        vs = np.array([v, v + np.float32(100), v])
        ws = np.array([max(w, 0.25), w, max(w, 0.25)])
        want = a * np.repeat(vs, 32)[:, None] + np.repeat(ws, 32)[:, None]
        np.testing.assert_allclose(kernel(a, s), want, rtol=1e-6, atol=1e-6)


def test_a_running_maximum_over_blocks(program) -> None:
    """A float that tiles make and tiles use, carried by a loop."""
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(blocks):
    @T.prim_func
    def main(A: T.Tensor((blocks * 32, 64), T.float32), C: T.Tensor((blocks * 32, 64), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((32, 64), T.float32)
            rows = T.alloc_fragment((32,), T.float32)
            top = T.alloc_fragment((1,), T.float32)
            T.fill(top, -T.infinity(T.float32))
            for k in T.serial(blocks):
                T.copy(A[k * 32, 0], a)
                T.reduce_max(a, rows, dim=1)
                T.reduce_max(rows, top, dim=0, clear=False)
                t = top[0]
                for i, j in T.Parallel(32, 64):
                    a[i, j] = a[i, j] - t
                T.copy(a, C[k * 32, 0])
    return main
""")["make"]
    kernel = make(3)
    assert on_tiles(kernel), kernel.remarks
    a = numbers(96, 64)
    top = np.maximum.accumulate(a.reshape(3, -1).max(1))
    np.testing.assert_array_equal(kernel(a), a - np.repeat(top, 32)[:, None])


def test_an_element_is_kept_where_its_buffer_changes(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make():
    @T.prim_func
    def main(A: T.Tensor((32, 32), T.float32), C: T.Tensor((32, 32), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((32, 32), T.float32)
            T.copy(A, a)
            first = a[0, 0]
            for i, j in T.Parallel(32, 32):
                a[i, j] = a[i, j] * first
            for i, j in T.Parallel(32, 32):
                a[i, j] = a[i, j] + first
            T.copy(a, C)
    return main
""")["make"]
    kernel = make()
    assert on_tiles(kernel), kernel.remarks
    a = numbers(32, 32)
    np.testing.assert_allclose(kernel(a), a * a[0, 0] + a[0, 0], rtol=1e-6, atol=1e-6)


def test_arguments(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make():
    @T.prim_func
    def main(A: T.Tensor((64, 64), T.float32), scale: T.float32, C: T.Tensor((64, 64), T.float32)):
        with T.Kernel(2) as bx:
            a = T.alloc_shared((32, 64), T.float32)
            T.copy(A[bx * 32, 0], a)
            for i, j in T.Parallel(32, 64):
                a[i, j] = a[i, j] * scale
            T.copy(a, C[bx * 32, 0])
    return main
""")["make"]
    kernel = make()
    a = numbers(64, 64)
    for scale in (0.5, -3.25):
        np.testing.assert_array_equal(kernel(a, scale), a * np.float32(scale))


def test_a_choice_by_a_float_that_is_read(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make():
    @T.prim_func
    def main(A: T.Tensor((64, 64), T.float32), S: T.Tensor((2,), T.float32),
             C: T.Tensor((64, 64), T.float32)):
        with T.Kernel(2) as bx:
            a = T.alloc_shared((32, 64), T.float32)
            T.copy(A[bx * 32, 0], a)
            s = S[bx]
            large = s > 0.5
            for i, j in T.Parallel(32, 64):
                a[i, j] = T.if_then_else(large, a[i, j], -s)
            T.copy(a, C[bx * 32, 0])
    return main
""")["make"]
    kernel = make()
    assert on_tiles(kernel), kernel.remarks
    a = numbers(64, 64)
    got = kernel(a, np.array([0.75, 0.25], np.float32))
    np.testing.assert_array_equal(got[:32], a[:32])
    np.testing.assert_array_equal(got[32:], np.full((32, 64), -0.25, np.float32))


@pytest.mark.parametrize("taps", [4])
def test_causal_convolution(program, taps) -> None:
    """Rows in front of the tensor are zero; each tap's weights are read in a loop."""
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(B, L, C, taps, block):
    @T.prim_func
    def main(X: T.Tensor((B, L, C), T.float32), W: T.Tensor((taps, C), T.float32),
             Y: T.Tensor((B, L, C), T.float32)):
        with T.Kernel(L // block, C // 32, B) as (bl, bc, b):
            w = T.alloc_shared((32,), T.float32)
            acc = T.alloc_fragment((block, 32), T.float32)
            T.clear(acc)
            for t in T.serial(taps):
                T.copy(W[t, bc * 32 : (bc + 1) * 32], w)
                for i, j in T.Parallel(block, 32):
                    acc[i, j] += X[b, bl * block + i + t - (taps - 1), bc * 32 + j] * w[j]
            T.copy(acc, Y[b, bl * block : (bl + 1) * block, bc * 32 : (bc + 1) * 32])
    return main
""")["make"]
    kernel = make(2, 64, 64, taps, 32)
    assert on_tiles(kernel), kernel.remarks
    x, w = numbers(2, 64, 64), numbers(taps, 64, seed=1)
    padded = np.concatenate([np.zeros((2, taps - 1, 64), np.float32), x], axis=1)
    want = sum(padded[:, t : t + 64] * w[t] for t in range(taps))
    np.testing.assert_allclose(kernel(x, w), want, rtol=1e-5, atol=1e-5)


def test_an_element_of_a_block_is_a_result(program) -> None:
    make = program("""
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-2, -1])
def make(B, M, N):
    @T.prim_func
    def main(A: T.Tensor((B, M, N), "float32"), at: T.Tensor((B,), "int32"),
             S: T.Tensor((B,), "float32"), R: T.Tensor((B, 3), "float32")):
        with T.Kernel(B) as bx:
            a = T.alloc_shared((M, N), "float32")
            r = T.alloc_fragment((M,), "float32")
            s = T.alloc_fragment((1,), "float32")
            T.copy(A[bx, 0, 0], a)
            T.reduce_max(a, r, dim=1)
            T.reduce_max(r, s, dim=0)
            S[at[bx]] = s[0]
            for k in T.serial(3):
                if k != 1:
                    R[bx, k] = s[0] * k + r[2]
                T.fill(s, 7)
    return main
""")["make"]
    for shape in ((5, 40, 33), (100, 3, 20)):
        kernel = make(*shape)
        assert on_tiles(kernel), kernel.remarks
        a = numbers(*shape)
        at = np.random.default_rng(1).permutation(shape[0]).astype(np.int32)
        s, r = kernel(a, at)
        np.testing.assert_array_equal(s[at], a.max((1, 2)))
        rows = a.max(2)[:, 2]
        np.testing.assert_allclose(r, np.stack([rows, 0 * rows, 14 + rows], 1), rtol=1e-6)
