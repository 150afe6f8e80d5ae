"""Loops with run-time bounds and conditions around tile operations, on tiles."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from tilewright.diagnostics import TilewrightError

N, B = 128, 32


def blocks(seed: int, shape: tuple = (N, N)) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def on_tiles(kernel) -> bool:
    return not [r for r in kernel.remarks if r.code == "TW4043"]


def run(func, *arrays: np.ndarray) -> np.ndarray:
    kernel = tilelang.compile(func, out_idx=[-1])
    got = kernel(*arrays)
    assert on_tiles(kernel), kernel.remarks
    return got


def test_bounds_that_depend_on_the_block() -> None:
    """Row block y is the sum of the blocks up to the diagonal, as causal attention
    visits them."""

    @T.prim_func
    def main(A: T.Tensor((N, N), "float32"), C: T.Tensor((N, B), "float32")):
        with T.Kernel(N // B) as by:
            a = T.alloc_shared((B, B), "float32")
            c = T.alloc_fragment((B, B), "float32")
            T.clear(c)
            for k in T.Pipelined(T.min(T.ceildiv((by + 1) * B, B), N // B), num_stages=2):
                T.copy(A[by * B, k * B], a)
                for i, j in T.Parallel(B, B):
                    c[i, j] = c[i, j] + a[i, j]
            T.copy(c, C[by * B, 0])

    a = blocks(1)
    want = np.zeros((N, B), np.float32)
    for y in range(N // B):
        for k in range(y + 1):
            want[y * B : y * B + B] += a[y * B : y * B + B, k * B : k * B + B]
    assert np.allclose(run(main, a), want, rtol=1e-5, atol=1e-5)


def test_a_loop_may_start_late_and_step() -> None:
    @T.prim_func
    def main(A: T.Tensor((N, N), "float32"), C: T.Tensor((N, B), "float32")):
        with T.Kernel(N // B) as by:
            a = T.alloc_shared((B, B), "float32")
            c = T.alloc_fragment((B, B), "float32")
            T.fill(c, 1.0)
            for k in T.serial(by, N // B, 2):
                T.copy(A[by * B, k * B], a)
                for i, j in T.Parallel(B, B):
                    c[i, j] = c[i, j] + a[i, j]
            T.copy(c, C[by * B, 0])

    a = blocks(2)
    want = np.ones((N, B), np.float32)
    for y in range(N // B):
        for k in range(y, N // B, 2):
            want[y * B : y * B + B] += a[y * B : y * B + B, k * B : k * B + B]
    assert np.allclose(run(main, a), want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("form", ["copy", "gemm", "both"])
def test_conditions_around_tile_operations(form: str) -> None:
    @T.prim_func
    def main(A: T.Tensor((N, N), "bfloat16"), C: T.Tensor((N, N), "float32")):
        with T.Kernel(N // B, N // B) as (bx, by):
            a = T.alloc_shared((B, B), "bfloat16")
            b = T.alloc_shared((B, B), "bfloat16")
            c = T.alloc_fragment((B, B), "float32")
            T.clear(c)
            for k in T.serial(N // B):
                if form == "copy":
                    if k <= by:
                        T.copy(A[by * B, k * B], a)
                        for i, j in T.Parallel(B, B):
                            c[i, j] = c[i, j] + a[i, j]
                elif form == "gemm":
                    if (k + bx) % 2 == 0:
                        T.copy(A[by * B, k * B], a)
                        T.copy(A[k * B, bx * B], b)
                        T.gemm(a, b, c)
                else:
                    if k < bx:
                        T.copy(A[by * B, k * B], a)
                    else:
                        T.copy(A[k * B, by * B], a)
                    for i, j in T.Parallel(B, B):
                        c[i, j] = c[i, j] + a[i, j]
            T.copy(c, C[by * B, bx * B])

    import ml_dtypes

    a = blocks(3).astype(ml_dtypes.bfloat16)
    x = a.astype(np.float64)
    want = np.zeros((N, N))

    def block(y: int, z: int) -> np.ndarray:
        return x[y * B : y * B + B, z * B : z * B + B]

    for y in range(N // B):
        for z in range(N // B):
            to = want[y * B : y * B + B, z * B : z * B + B]
            for k in range(N // B):
                if form == "copy" and k <= y:
                    to += block(y, k)
                elif form == "gemm" and (k + z) % 2 == 0:
                    to += block(y, k) @ block(k, z)
                elif form == "both":
                    to += block(y, k) if k < z else block(k, y)
    got = run(main, a).astype(np.float64)
    assert np.linalg.norm(got - want) <= 1e-2 * np.linalg.norm(want)


def test_only_some_blocks_write() -> None:
    @T.prim_func
    def main(A: T.Tensor((N, B), "float32"), C: T.Tensor((N, B), "float32")):
        with T.Kernel(N // B) as by:
            a = T.alloc_shared((B, B), "float32")
            T.copy(A[by * B, 0], a)
            if by % 2 == 1:
                T.copy(a, C[by * B, 0])

    a = blocks(4, (N, B))
    c = np.zeros((N, B), np.float32)
    kernel = tilelang.compile(main)
    kernel(a, c)
    want = a.copy()
    want[0:B] = want[2 * B : 3 * B] = 0
    assert on_tiles(kernel) and (c == want).all()


def test_heads_of_a_bshd_tensor() -> None:
    """The tile plane of [batch, seq, heads, dim] is (seq, dim)."""
    b, s, h, d = 2, 64, 3, 64

    @T.prim_func
    def main(A: T.Tensor((b, s, h, d), "float32"), C: T.Tensor((b, s, h, d), "float32")):
        with T.Kernel(s // B, h, b) as (bx, by, bz):
            a = T.alloc_shared((B, d), "float32")
            T.copy(A[bz, bx * B : bx * B + B, by, :], a)
            for i, j in T.Parallel(B, d):
                a[i, j] = a[i, j] * 2.0
            T.copy(a, C[bz, bx * B : bx * B + B, by, :])

    a = blocks(5, (b, s, h, d))
    assert (run(main, a) == a * 2).all()
    kernel = tilelang.compile(main, out_idx=[-1])
    assert [t["plane"] for t in kernel.plan["tensors"]] == [[1, 3], [1, 3]]


def test_a_loop_takes_over_a_name_that_an_earlier_loop_assigned() -> None:
    @T.prim_func
    def main(A: T.Tensor((64, 64), T.float32), B: T.Tensor((64, 64), T.float32)):
        with T.Kernel(1) as _:
            a = T.alloc_shared((64, 64), T.float32)
            T.copy(A, a)
            for n in T.Parallel(64 * 64):
                i, j = n // 64, n % 64
                B[i, j] = a[i, j]
            for i, j in T.Parallel(64, 64):
                B[i, j] = a[i, j] + 1.0

    a = np.random.default_rng(0).standard_normal((64, 64), np.float32)
    b = np.zeros_like(a)
    tilelang.compile(main)(a, b)
    assert np.array_equal(b, a + 1)


def test_blocks_that_a_loop_of_unknown_length_fills() -> None:
    """Whether the loop runs is known at the call only; what it leaves is read behind it."""

    @T.prim_func
    def main(
        X: T.Tensor((96, 32), "float32"),
        count: T.Tensor((1,), "int32"),
        Y: T.Tensor((32, 32), "float32"),
    ):
        with T.Kernel(1):
            x = T.alloc_shared((32, 32), "float32")
            y = T.alloc_fragment((32, 32), "float32")
            for k in T.serial(count[0]):
                T.copy(X[k * 32, 0], x)
                for i, j in T.Parallel(32, 32):
                    y[i, j] = x[i, j] * 2.0
            T.copy(y, Y)

    kernel = tilelang.compile(main, out_idx=[2])
    assert not [r for r in kernel.remarks if r.code == "TW4043"]
    x = np.random.default_rng(4).standard_normal((96, 32)).astype(np.float32)
    for count in (1, 3):
        got = kernel(x, np.array([count], np.int32))
        assert (got == x[count * 32 - 32 : count * 32] * 2).all()


def test_continue_skips_the_rest_of_an_iteration() -> None:
    """In a loop of tile operations, under conditions in conditions."""
    steps = 6

    @T.prim_func
    def main(
        A: T.Tensor((32, 32 * steps), "bfloat16"),
        at: T.Tensor((steps,), "int32"),
        C: T.Tensor((32, 32), "float32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((32, 32), "bfloat16")
            c = T.alloc_fragment((32, 32), "float32")
            T.clear(c)
            for k in T.serial(steps):
                i = at[k]
                if i < 0:
                    if i == -2:
                        for r, j in T.Parallel(32, 32):
                            c[r, j] = c[r, j] + 1.0
                    else:
                        continue
                    for r, j in T.Parallel(32, 32):
                        c[r, j] = c[r, j] * 2.0
                T.copy(A[0, k * 32], a)
                for r, j in T.Parallel(32, 32):
                    c[r, j] = c[r, j] + a[r, j]
            T.copy(c, C)

    kernel = tilelang.compile(main, out_idx=[2], target="tenstorrent -tiles-only=1")
    a = np.random.default_rng(0).integers(-9, 9, (32, 32 * steps)).astype("bfloat16")
    at = np.array([3, -1, -2, 0, -3, 1], np.int32)
    want = np.zeros((32, 32))
    for k, i in enumerate(at):
        if i < 0:
            if i != -2:
                continue
            want = (want + 1) * 2
        want = want + a[:, k * 32 : k * 32 + 32].astype(np.float64)
    np.testing.assert_array_equal(kernel(a, at), want)


def test_several_targets_are_given_what_stood_before() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((32, 32), "float32"),
        B: T.Tensor((32, 32), "float32"),
        C: T.Tensor((32, 32), "float32"),
        n: T.Tensor((2,), "int32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((32, 32), "float32")
            b = T.alloc_shared((32, 32), "float32")
            T.copy(A, a)
            T.copy(B, b)
            for i, j in T.Parallel(32, 32):
                a[i, j], b[i, j] = b[i, j], a[i, j] * 2
            T.copy(a, A)
            T.copy(b, B)
            for i, j in T.Parallel(32, 32):
                a[i, j] = b[i, j] = a[i, j] + b[i, j]
            for i, j in T.Parallel(32, 32):
                a[i, j] += b[i, j]
            T.copy(a, C)
            x = T.alloc_var("int32")
            y = T.alloc_var("int32")
            x, y = n[0], n[1]
            while y != 0:
                x, y = y, x % y
            n[0] = x

    a, b = (np.random.default_rng(s).integers(-9, 9, (32, 32)).astype("float32") for s in (0, 1))
    want_a, want_b = b.copy(), 2 * a
    c, n = np.zeros_like(a), np.array([84, 36], np.int32)
    tilelang.compile(main)(a, b, c, n)
    np.testing.assert_array_equal(a, want_a)
    np.testing.assert_array_equal(b, want_b)
    np.testing.assert_array_equal(c, 2 * (want_a + want_b))
    assert n[0] == 12


@pytest.mark.parametrize("stages", [None, 2])
def test_break_ends_a_loop_over_a_table(stages: int | None) -> None:
    """A list of blocks that ends with -1: on tiles, and proved free of deadlock."""
    blocks_of = np.array([[1, 2, -1, 3], [-1, 0, 0, 0], [3, 3, 1, 0]], np.int32)

    @T.prim_func
    def main(
        A: T.Tensor((4 * B, B), "float32"),
        W: T.Tensor((B, B), "float32"),
        table: T.Tensor((3, 4), "int32"),
        C: T.Tensor((3, B, B), "float32"),
    ):
        with T.Kernel(3) as bx:
            a = T.alloc_shared((B, B), "float32")
            w = T.alloc_shared((B, B), "float32")
            total = T.alloc_fragment((B, B), "float32")
            T.clear(total)
            T.copy(W, w)
            for k in T.Pipelined(4, num_stages=stages) if stages else T.serial(4):
                block = table[bx, k]
                if block < 0:
                    break
                T.copy(A[block * B, 0], a)
                T.gemm(a, w, total)
            T.copy(total, C[bx, :, :])

    a, w = blocks(1, (4 * B, B)), blocks(2, (B, B))
    kernel = tilelang.compile(main, out_idx=[3])
    assert {r.code for r in kernel.remarks} <= {"TW4042"}
    wanted = np.zeros((3, B, B))
    for row, numbers in enumerate(blocks_of):
        for number in numbers:
            if number < 0:
                break
            wanted[row] += a[number * B :][:B].astype(np.float64) @ w
    assert np.abs(kernel(a, w, blocks_of) - wanted).max() < 0.02 * np.abs(wanted).max()


def test_break_beside_continue_in_loops_in_loops() -> None:
    @T.prim_func
    def main(A: T.Tensor((4 * B, B), "float32"), C: T.Tensor((4, B, B), "float32")):
        with T.Kernel(4) as bx:
            a = T.alloc_shared((B, B), "float32")
            total = T.alloc_fragment((B, B), "float32")
            T.clear(total)
            for r in range(2):
                for k in range(4):
                    if k > bx:
                        T.loop_break()
                    if k == 1:
                        continue
                    T.copy(A[k * B, 0], a)
                    if k == 3 and r == 1:
                        break
                    for i, j in T.Parallel(B, B):
                        total[i, j] += a[i, j] * (r + 1)
            T.copy(total, C[bx, :, :])

    a = blocks(3, (4 * B, B))
    kernel = tilelang.compile(main, out_idx=[1])
    assert on_tiles(kernel)
    wanted = np.zeros((4, B, B), np.float32)
    for x in range(4):
        for r in range(2):
            for k in range(4):
                if k > x:
                    break
                if k == 1:
                    continue
                if k == 3 and r == 1:
                    break
                wanted[x] += a[k * B :][:B] * (r + 1)
    assert np.allclose(kernel(a), wanted, rtol=1e-3, atol=1e-3)


def test_break_of_state_that_the_loop_changes() -> None:
    """What stands before the `break` does not run again: element by element, also `while`."""

    @T.prim_func
    def main(A: T.Tensor((64,), "int32"), C: T.Tensor((4,), "int32")):
        with T.Kernel(1):
            total = T.alloc_var("int32", init=0)
            count = T.alloc_var("int32", init=0)
            for k in T.serial(64):
                if k % 3 == 1:
                    continue
                total = total + A[k]
                if total > 40:
                    count = count + 100
                    break
                count = count + 1
            C[0] = total
            C[1] = count
            n = T.alloc_var("int32", init=0)
            while n < 64:
                if A[n] == 7:
                    break
                elif A[n] == 1:
                    total = total + 1000
                n = n + 1
            else:
                total = 0
            for k in range(3):
                if A[k] == 7:
                    break
            else:
                total = total + 10000
            C[2] = n
            C[3] = total

    a = np.arange(64, dtype=np.int32)
    kernel = tilelang.compile(main, out_idx=[1])
    # 0 + 2 + 3 + 5 + 6 + 8 + 9 = 33, then 11 more.
    assert kernel(a).tolist() == [44, 107, 7, 11044]


def test_break_of_a_loop_that_python_runs() -> None:
    @T.prim_func
    def main(A: T.Tensor((4 * B, B), "float32"), C: T.Tensor((B, B), "float32")):
        with T.Kernel(1):
            a = T.alloc_shared((B, B), "float32")
            total = T.alloc_fragment((B, B), "float32")
            T.clear(total)
            for k in [0, 2, 3]:
                if k == 3:
                    break
                T.copy(A[k * B, 0], a)
                for i, j in T.Parallel(B, B):
                    total[i, j] += a[i, j]
            T.copy(total, C)

    a = blocks(4, (4 * B, B))
    wanted = a[:B] + a[2 * B :][:B]
    assert np.allclose(run(main, a), wanted, rtol=1e-3, atol=1e-3)


def test_loop_break_outside_of_a_loop() -> None:
    with pytest.raises(TilewrightError, match="TW1017.*outside of any loop"):

        @T.prim_func
        def main(A: T.Tensor((B, B), "float32")):
            with T.Kernel(1):
                T.loop_break()
