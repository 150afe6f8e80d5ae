"""Integers of tensors that steer the three kernels: which blocks are copied, how
often loops run, what is skipped. Everything stays on tiles."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st

B = 32


def floats(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def compiled(func, out_idx=-1):
    kernel = tilelang.compile(func, out_idx=out_idx)
    assert not [r for r in kernel.remarks if r.code == "TW4043"], kernel.remarks
    return kernel


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int16", "int32", "uint32"])
def test_a_mask_says_which_blocks_are_copied(dtype: str) -> None:
    @T.prim_func
    def main(
        A: T.Tensor((128, 64), "float32"),
        mask: T.Tensor((4, 2), dtype),
        C: T.Tensor((128, 64), "float32"),
    ):
        with T.Kernel(2, 4) as (bx, by):
            a = T.alloc_fragment((B, B), "float32")
            T.clear(a)
            if mask[by, bx] != 0:
                T.copy(A[by * B, bx * B], a)
            T.copy(a, C[by * B, bx * B])

    a = floats(1, 128, 64)
    mask = np.array([[1, 0], [0, 1], [1, 1], [0, 0]])
    host = mask.astype(T.dtype(dtype).as_numpy())
    want = a * np.kron(mask, np.ones((B, B), np.float32))
    assert np.array_equal(compiled(main)(a, host), want)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32"])
def test_negative_numbers(dtype: str) -> None:
    """A block is added as it is where its number is negative, twice where it is not."""

    @T.prim_func
    def main(
        A: T.Tensor((128, 32), "float32"),
        sign: T.Tensor((4,), dtype),
        C: T.Tensor((128, 32), "float32"),
    ):
        with T.Kernel(4) as bx:
            a = T.alloc_fragment((B, B), "float32")
            T.copy(A[bx * B, 0], a)
            if sign[bx] >= 0:
                for i, j in T.Parallel(B, B):
                    a[i, j] = a[i, j] + a[i, j]
            T.copy(a, C[bx * B, 0])

    a = floats(2, 128, 32)
    sign = np.array([-1, 0, 5, -100], dtype)
    factor = np.where(sign >= 0, 2, 1).astype(np.float32)
    assert np.array_equal(compiled(main)(a, sign), a * np.repeat(factor, B)[:, None])


@settings(max_examples=8, deadline=None)
@given(
    pages=st.integers(1, 40),
    rows=st.integers(1, 5),
    data=st.data(),
)
def test_block_table(pages: int, rows: int, data: st.DataObject) -> None:
    """Pages of a cache in the order of a table of two dimensions."""

    @T.prim_func
    def main(
        cache: T.Tensor((pages, B, 64), "bfloat16"),
        table: T.Tensor((rows, 3), "int32"),
        O: T.Tensor((rows, 3, B, 64), "bfloat16"),
    ):
        with T.Kernel(3, rows) as (bx, by):
            x = T.alloc_shared((B, 64), "bfloat16")
            page = table[by, bx]
            T.copy(cache[page, 0, 0], x)
            T.copy(x, O[by, bx, 0, 0])

    cache = floats(3, pages, B, 64).astype(T.bfloat16.as_numpy())
    numbers = st.lists(st.integers(0, pages - 1), min_size=3 * rows, max_size=3 * rows)
    table = np.array(data.draw(numbers), np.int32).reshape(rows, 3)
    assert np.array_equal(compiled(main)(cache, table), cache[table])


@settings(max_examples=6, deadline=None)
@given(lengths=st.lists(st.integers(0, 6), min_size=3, max_size=3))
def test_a_loop_runs_as_often_as_a_tensor_says(lengths: list[int]) -> None:
    """Sums of the first blocks of each sequence, none included."""

    @T.prim_func
    def main(
        A: T.Tensor((3, 6 * B, B), "float32"),
        lengths: T.Tensor((3,), "int32"),
        C: T.Tensor((3, B, B), "float32"),
    ):
        with T.Kernel(3) as b:
            a = T.alloc_shared((B, B), "float32")
            c = T.alloc_fragment((B, B), "float32")
            T.clear(c)
            for k in T.Pipelined(lengths[b], num_stages=2):
                T.copy(A[b, k * B, 0], a)
                for i, j in T.Parallel(B, B):
                    c[i, j] += a[i, j]
            T.copy(c, C[b, 0, 0])

    a = floats(4, 3, 6 * B, B)
    want = np.stack([a[b].reshape(6, B, B)[:n].sum(0) for b, n in enumerate(lengths)])
    got = compiled(main)(a, np.array(lengths, np.int32))
    assert np.allclose(got, want, rtol=1e-5, atol=1e-5)


def test_block_sparse_gemm() -> None:
    M, N, K = 128, 64, 128

    @T.prim_func
    def main(
        A: T.Tensor((M, K), "bfloat16"),
        W: T.Tensor((K, N), "bfloat16"),
        mask: T.Tensor((M // B, N // B, K // B), "bool"),
        C: T.Tensor((M, N), "float32"),
    ):
        with T.Kernel(N // B, M // B) as (bx, by):
            a = T.alloc_shared((B, B), "bfloat16")
            w = T.alloc_shared((B, B), "bfloat16")
            c = T.alloc_fragment((B, B), "float32")
            T.clear(c)
            for k in T.Pipelined(K // B, num_stages=2):
                if mask[by, bx, k]:
                    T.copy(A[by * B, k * B], a)
                    T.copy(W[k * B, bx * B], w)
                    T.gemm(a, w, c)
            T.copy(c, C[by * B, bx * B])

    host = T.bfloat16.as_numpy()
    a, w = floats(5, M, K).astype(host), floats(6, K, N).astype(host)
    mask = np.random.default_rng(7).random((M // B, N // B, K // B)) < 0.5
    want = np.zeros((M, N))
    for y, x, k in np.argwhere(mask):
        rows, cols, deep = (slice(i * B, i * B + B) for i in (y, x, k))
        want[rows, cols] += a[rows, deep].astype(np.float64) @ w[deep, cols].astype(np.float64)
    got = compiled(main)(a, w, mask)
    assert np.abs(got - want).max() <= 4e-3 * np.abs(want).max()


def test_a_variable_that_loops_carry() -> None:
    """The blocks whose flag is set, packed: the variable counts them."""

    @T.prim_func
    def main(
        A: T.Tensor((8 * B, B), "float32"),
        flags: T.Tensor((8,), "int32"),
        C: T.Tensor((8 * B, B), "float32"),
    ):
        with T.Kernel(1) as _:
            a = T.alloc_shared((B, B), "float32")
            used = T.alloc_var("int32")
            used = 0
            for k in T.serial(8):
                if flags[k] > 0:
                    T.copy(A[k * B, 0], a)
                    T.copy(a, C[used * B, 0])
                    used = used + 1

    a = floats(8, 8 * B, B)
    flags = np.array([1, 0, 0, 1, 1, 0, 1, 0], np.int32)
    got = compiled(main)(a, flags)
    packed = a.reshape(8, B, B)[flags > 0].reshape(-1, B)
    assert np.array_equal(got[: len(packed)], packed)


def test_the_rows_of_an_expert() -> None:
    """A local buffer of one element, read in the loop over k; a table of a table."""
    experts, tokens, K, N = 3, 96, 64, 64

    @T.prim_func
    def main(
        A: T.Tensor((tokens, K), "bfloat16"),
        W: T.Tensor((experts, N, K), "bfloat16"),
        order: T.Tensor((tokens // B,), "int32"),
        expert: T.Tensor((tokens // B,), "int32"),
        C: T.Tensor((tokens, N), "float32"),
    ):
        with T.Kernel(N // B, tokens // B) as (bx, by):
            a = T.alloc_shared((B, B), "bfloat16")
            w = T.alloc_shared((B, B), "bfloat16")
            c = T.alloc_fragment((B, B), "float32")
            which = T.alloc_local((1,), "int32")
            which[0] = expert[order[by]]
            T.clear(c)
            for k in T.Pipelined(K // B, num_stages=2):
                T.copy(A[by * B, k * B], a)
                T.copy(W[which[0], bx * B, k * B], w)
                T.gemm(a, w, c, transpose_B=True)
            T.copy(c, C[by * B, bx * B])

    host = T.bfloat16.as_numpy()
    a, w = floats(9, tokens, K).astype(host), floats(10, experts, N, K).astype(host)
    order, expert = np.array([2, 0, 1], np.int32), np.array([1, 2, 0], np.int32)
    rows = a.astype(np.float64).reshape(-1, B, K)
    want = [x @ w[expert[o]].astype(np.float64).T for x, o in zip(rows, order, strict=True)]
    got = compiled(main)(a, w, order, expert)
    assert np.abs(got - np.concatenate(want)).max() <= 4e-3 * np.abs(want).max()


def test_a_tensor_that_the_launch_writes_is_left_to_element_by_element_code() -> None:
    @T.prim_func
    def main(n: T.Tensor((B, B), "int32")):
        with T.Kernel(1) as _:
            a = T.alloc_fragment((B, B), "int32")
            T.fill(a, 3)
            if n[0, 0] > 0:
                T.copy(a, n[0, 0])

    kernel = tilelang.compile(main)
    assert [r for r in kernel.remarks if "TW4009" in r.message]
    for start, want in ((1, 3), (0, 0)):
        n = np.full((B, B), start, np.int32)
        kernel(n)
        assert np.all(n == want)


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=3, max_size=3),
    st.sampled_from(["float32", "bfloat16", "int32"]),
    st.sampled_from([32, 45, 64]),
)
def test_rows_of_groups_that_share_tiles(sizes: list[int], dtype: str, width: int) -> None:
    """Blocks of 32 rows overlap where groups are smaller: each writes its own rows
    and columns only, and the tensor keeps what no group covers."""
    rows = 130

    @T.prim_func
    def main(
        A: T.Tensor((3, 64, 64), dtype),
        starts: T.Tensor((4,), "int32"),
        width: T.Tensor((1,), "int32"),
        C: T.Tensor((rows, 64), dtype),
    ):
        with T.Kernel(2, 3) as (b, g):
            a = T.alloc_fragment((B, 64), dtype)
            T.copy(A[g, b * B, 0], a)
            start = starts[g]
            size = starts[g + 1] - start
            end = width[0]
            for i, j in T.Parallel(B, 64):
                if b * B + i < size and j < end:
                    C[start + b * B + i, j] = a[i, j]

    host = T.dtype(dtype).as_numpy()
    a = (floats(11, 3, 64, 64) * 9).astype(host)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32) + 3
    c = np.full((rows, 64), 7, host)
    want = c.copy()
    for g, n in enumerate(sizes):
        want[starts[g] : starts[g + 1], :width] = a[g, :n, :width]
    compiled(main, None)(a, starts, np.array([width], np.int32), c)
    assert np.array_equal(c, want)


@pytest.mark.parametrize("flag", [0, 1])
def test_a_guard_that_all_iterations_share(flag: int) -> None:
    """It decides whether the block is written; the other arm is the opposite bound."""

    @T.prim_func
    def main(
        A: T.Tensor((B, B), "float32"),
        at: T.Tensor((2,), "int32"),
        C: T.Tensor((100, B), "float32"),
        D: T.Tensor((100, B), "float32"),
    ):
        with T.Kernel(1) as _:
            a = T.alloc_fragment((B, B), "float32")
            T.copy(A, a)
            start, flag = at[0], at[1]
            for i, j in T.Parallel(B, B):
                if flag == 1:
                    C[start + i, j] = a[i, j]
            for i, j in T.Parallel(B, B):
                if i >= start:
                    a[i, j] = 0.0
                else:
                    D[start + i, j] = a[i, j]

    a, c, d = floats(3, B, B), np.zeros((100, B), np.float32), np.zeros((100, B), np.float32)
    compiled(main, None)(a, np.array([21, flag], np.int32), c, d)
    want = np.zeros_like(c)
    want[21:53] = a
    assert np.array_equal(c, want * flag)
    want[42:] = 0
    assert np.array_equal(d, want)


@pytest.mark.parametrize("groups", [2, 3])
def test_an_index_divided_in_the_body(groups: int) -> None:
    """Heads of queries that share one of the keys, in place and elsewhere."""
    heads = 2 * groups

    @T.prim_func
    def main(
        A: T.Tensor((B, 2, B), "float32"),
        C: T.Tensor((B, heads, B), "float32"),
    ):
        with T.Kernel(heads) as h:
            a = T.alloc_fragment((B, B), "float32")
            for i, j in T.Parallel(B, B):
                a[i, j] = A[i, h // groups, j] + A[i, h % 2, j]
            for i, j in T.Parallel(B, B):
                C[i, h // groups * groups + h % groups, j] = a[i, j]
            for i, j in T.Parallel(B, B):
                C[i, (h * 2) // 2, j] = C[i, (h * 2) // 2, j] * 2.0

    a = floats(6, B, 2, B)
    h = np.arange(heads)
    got = compiled(main)(a)
    assert np.array_equal(got, (a[:, h // groups] + a[:, h % 2]) * 2)


@pytest.mark.parametrize("size", [0, 5, 32, 50])
def test_both_sides_of_a_branch_fill_a_buffer(size: int) -> None:
    """What no side reads is not looked at: the rows of a sequence, zero behind it."""

    @T.prim_func
    def main(
        A: T.Tensor((100, B), "float32"),
        at: T.Tensor((2,), "int32"),
        C: T.Tensor((B, B), "float32"),
        D: T.Tensor((B, B), "float32"),
    ):
        with T.Kernel(1) as _:
            a = T.alloc_fragment((B, B), "float32")
            d = T.alloc_fragment((B, B), "float32")
            start, size = at[0], at[1]
            for i, j in T.Parallel(B, B):
                if i < size:
                    a[i, j] = A[start + i, j]
                    d[i, j] = a[i, j] * 2.0
                else:
                    a[i, j] = 0.0
                    if j > 7:
                        d[i, j] = 1.0
                    else:
                        d[i, j] = a[i, j] - 3.0
            T.copy(a, C)
            T.copy(d, D)

    a, start = floats(4, 100, B), 13
    c, d = np.zeros((B, B), np.float32), np.zeros((B, B), np.float32)
    compiled(main, None)(a, np.array([start, size], np.int32), c, d)
    rows, cols = np.arange(B)[:, None], np.arange(B)[None, :]
    want = np.where(rows < size, a[start : start + B], 0)
    assert np.array_equal(c, want)
    assert np.array_equal(d, np.where(rows < size, want * 2, np.where(cols > 7, 1, -3)))


def test_a_lower_bound_does_not_cut_a_block() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((B, B), "float32"),
        at: T.Tensor((1,), "int32"),
        C: T.Tensor((100, B), "float32"),
    ):
        with T.Kernel(1) as _:
            a = T.alloc_fragment((B, B), "float32")
            T.copy(A, a)
            start = at[0]
            for i, j in T.Parallel(B, B):
                if i > start:
                    C[start + i, j] = a[i, j]

    a, c = floats(3, B, B), np.zeros((100, B), np.float32)
    kernel = tilelang.compile(main)
    assert [r.code for r in kernel.remarks] == ["TW4013"]
    kernel(a, np.array([9], np.int32), c)
    want = np.zeros_like(c)
    want[19:41] = a[10:]
    assert np.array_equal(c, want)


@pytest.mark.parametrize("dtype", ["int32", "float32"])
@pytest.mark.parametrize("number", [5, -7, 2**25 + 1, -(2**26) - 3])
def test_a_number_of_a_tensor_is_added_exactly(dtype: str, number: int) -> None:
    @T.prim_func
    def main(A: T.Tensor((B, B), dtype), n: T.Tensor((4,), "int32"), C: T.Tensor((B, B), dtype)):
        with T.Kernel(1) as _:
            a = T.alloc_fragment((B, B), dtype)
            T.copy(A, a)
            v = T.alloc_var("int32")
            v = n[2]
            for i, j in T.Parallel(B, B):
                a[i, j] = a[i, j] + T.cast(v, dtype)
            T.copy(a, C)

    a = np.arange(B * B).reshape(B, B).astype(dtype)
    n = np.array([1, 2, number, 3], np.int32)
    want = a + np.array(number).astype(dtype)
    assert np.array_equal(tilelang.compile(main, out_idx=-1)(a, n), want)


def test_addresses_that_a_parallel_loop_reads() -> None:
    """The start of a group is read where it is used, in T.Parallel."""
    groups, n = 3, 64

    @T.prim_func
    def main(
        X: T.Tensor((groups * 32, n), "float32"),
        first: T.Tensor((groups,), "int32"),
        Y: T.Tensor((128, n), "float32"),
    ):
        with T.Kernel(groups) as g:
            x = T.alloc_shared((32, n), "float32")
            T.copy(X[g * 32, 0], x)
            for i, j in T.Parallel(32, n):
                x[i, j] = x[i, j] + Y[first[g] * 32 + i, j]
            T.copy(x, X[g * 32, 0])

    kernel = tilelang.compile(main)
    assert not [r for r in kernel.remarks if r.code == "TW4043"]
    rng = np.random.default_rng(3)
    x, y = (rng.standard_normal(shape).astype(np.float32) for shape in ((96, n), (128, n)))
    first = np.array([2, 0, 3], np.int32)
    want = x + y.reshape(4, 32, n)[first].reshape(96, n)
    kernel(x, first, y)
    assert (x == want).all()
