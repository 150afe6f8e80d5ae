"""Accesses to tensors that no copy of tiles is: a data movement kernel moves single
elements, or runs of them, and the compute kernel works on tiles."""

from __future__ import annotations

import ml_dtypes  # noqa: F401 (names bfloat16 for NumPy)
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st
from tilewright.diagnostics import CompileError

TARGET = "tenstorrent -tiles-only=1"
DTYPES = ["float32", "bfloat16", "float16", "int32", "uint32", "int8"]


def _numbers(shape, dtype, seed=0):
    low = 0 if dtype.startswith("uint") else -60
    return np.random.default_rng(seed).integers(low, 60, shape).astype(dtype)


def _compile(func):
    kernel = tilelang.compile(func, target=TARGET)
    assert "TW4013" in {r.code for r in kernel.remarks}
    return kernel


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("factor", [2, 3])
def test_upsampling_takes_single_elements(dtype, factor):
    @T.prim_func
    def main(x: T.Tensor((20, 37), dtype), out: T.Tensor((20 * factor, 37 * factor), dtype)):
        with T.Kernel(T.ceildiv(37 * factor, 64), T.ceildiv(20 * factor, 32)) as (bx, by):
            block = T.alloc_shared((32, 64), dtype)
            for i, j in T.Parallel(32, 64):
                block[i, j] = x[(by * 32 + i) // factor, (bx * 64 + j) // factor]
            T.copy(block, out[by * 32, bx * 64])

    kernel = _compile(main)
    reader = kernel.get_kernel_source(kernel_only=True)
    assert ".copy<" not in reader and "x_elements.load(" in reader
    x = _numbers((20, 37), dtype)
    out = np.zeros((20 * factor, 37 * factor), x.dtype)
    kernel(x, out)
    np.testing.assert_array_equal(out, np.repeat(np.repeat(x, factor, 0), factor, 1))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [40, 48])
def test_rows_by_an_index_tensor_are_copied_in_runs(dtype, width):
    run = 16 if width % 16 == 0 else 8

    @T.prim_func
    def main(
        table: T.Tensor((33, width), dtype),
        first: T.Tensor((45,), "int32"),
        second: T.Tensor((33,), "int32"),
        out: T.Tensor((45, width), dtype),
    ):
        with T.Kernel(T.ceildiv(45, 32)) as bx:
            for i, j in T.Parallel(32, width):
                out[bx * 32 + i, j] = table[second[first[bx * 32 + i]], j] + T.cast(1, dtype)

    kernel = _compile(main)
    assert f"table_elements.copy<{run}>(" in kernel.get_kernel_source(kernel_only=True)
    table = _numbers((33, width), dtype)
    first, second = (np.random.default_rng(s).integers(0, 33, n) for s, n in ((1, 45), (2, 33)))
    out = np.zeros((45, width), table.dtype)
    kernel(table, first.astype(np.int32), second.astype(np.int32), out)
    np.testing.assert_array_equal(out, table[second[first]] + table.dtype.type(1))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32"])
def test_a_choice_goes_with_the_element(dtype):
    n, h, w, c = 2, 5, 7, 40

    @T.prim_func
    def main(x: T.Tensor((n, h, w, c), dtype), out: T.Tensor((n * h * w, c), dtype)):
        with T.Kernel(T.ceildiv(n * h * w, 32)) as bx:
            for i, j in T.Parallel(32, c):
                pixel = bx * 32 + i
                y = pixel % (h * w) // w - 1
                left = pixel % w + 1
                out[pixel, j] = T.if_then_else(
                    (y >= 0) & (left < w), x[pixel // (h * w), y, left, j], T.cast(3, dtype)
                )

    kernel = _compile(main)
    assert "} else {" in kernel.get_kernel_source(kernel_only=True)
    x = _numbers((n, h, w, c), dtype)
    out = np.zeros((n * h * w, c), x.dtype)
    kernel(x, out)
    want = np.full((n, h, w, c), 3).astype(x.dtype)
    want[:, 1:, : w - 1] = x[:, :-1, 1:]
    np.testing.assert_array_equal(out, want.reshape(n * h * w, c))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_pairs_are_rotated(dtype):
    m, n = 40, 64

    @T.prim_func
    def main(
        x: T.Tensor((m, n), dtype),
        angle: T.Tensor((m, n // 2), "float32"),
        out: T.Tensor((m, n), "float32"),
    ):
        with T.Kernel(T.ceildiv(m, 32)) as by:
            for i, j in T.Parallel(32, n):
                other = T.cast(x[by * 32 + i, j // 2 * 2 + 1 - j % 2], "float32")
                sign = T.if_then_else(j % 2 == 0, -1.0, 1.0)
                out[by * 32 + i, j] = T.cast(x[by * 32 + i, j], "float32") * T.cos(
                    angle[by * 32 + i, j // 2]
                ) + sign * other * T.sin(angle[by * 32 + i, j // 2])

    kernel = _compile(main)
    source = kernel.get_kernel_source(kernel_only=True)
    assert source.count("angle_elements.load(") == 1  # both uses share it
    rng = np.random.default_rng(0)
    x = rng.standard_normal((m, n)).astype(dtype)
    angle = rng.standard_normal((m, n // 2)).astype(np.float32)
    out = np.zeros((m, n), np.float32)
    kernel(x, angle, out)
    z = x.astype(np.float64)[:, 0::2] + 1j * x.astype(np.float64)[:, 1::2]
    z = z * np.exp(1j * angle)
    want = np.stack([z.real, z.imag], -1).reshape(m, n)
    np.testing.assert_allclose(out, want, atol=2e-5)


def test_vectors_and_the_diagonal():
    @T.prim_func
    def main(
        x: T.Tensor((70, 70), "float32"),
        y: T.Tensor((70,), "bfloat16"),
        out: T.Tensor((70,), "float32"),
    ):
        with T.Kernel(T.ceildiv(70, 32)) as bx:
            for i in T.Parallel(32):
                out[bx * 32 + i] = x[bx * 32 + i, bx * 32 + i] + T.cast(
                    y[69 - bx * 32 - i], "float32"
                )

    x, y = _numbers((70, 70), "float32"), _numbers((70,), "bfloat16", 1)
    out = np.zeros(70, np.float32)
    _compile(main)(x, y, out)
    np.testing.assert_array_equal(out, np.diag(x) + y[::-1].astype(np.float32))


def test_operand_of_a_gemm_in_a_loop():
    """What is gathered feeds the matrix unit; elements outside the tensor are zero."""

    @T.prim_func
    def main(
        x: T.Tensor((50, 100), "bfloat16"),
        rows: T.Tensor((64,), "int32"),
        w: T.Tensor((96, 40), "bfloat16"),
        out: T.Tensor((64, 40), "float32"),
    ):
        with T.Kernel(2) as bx:
            a = T.alloc_shared((32, 32), "bfloat16")
            b = T.alloc_shared((32, 40), "bfloat16")
            acc = T.alloc_fragment((32, 40), "float32")
            T.clear(acc)
            for k in T.Pipelined(3, num_stages=2):
                for i, j in T.Parallel(32, 32):
                    a[i, j] = x[rows[bx * 32 + i], k * 32 + j]
                T.copy(w[k * 32, 0], b)
                T.gemm(a, b, acc)
            T.copy(acc, out[bx * 32, 0])

    x, w = _numbers((50, 100), "bfloat16"), _numbers((96, 40), "bfloat16", 1)
    rows = np.random.default_rng(2).integers(-5, 60, 64).astype(np.int32)
    out = np.zeros((64, 40), np.float32)
    _compile(main)(x, rows, w, out)
    taken = np.where(
        ((rows >= 0) & (rows < 50))[:, None], x[np.clip(rows, 0, 49)].astype(np.float64), 0
    )
    np.testing.assert_allclose(out, taken[:, :96] @ w.astype(np.float64), rtol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
def test_rows_go_where_an_index_tensor_says(dtype):
    """A permutation; the last rows go nowhere."""
    rows, width = 45, 40

    @T.prim_func
    def main(
        x: T.Tensor((rows, width), dtype),
        to: T.Tensor((rows,), "int32"),
        out: T.Tensor((rows, width), dtype),
    ):
        with T.Kernel(T.ceildiv(rows, 32)) as bx:
            for i, j in T.Parallel(32, width):
                if bx * 32 + i < rows:
                    out[to[bx * 32 + i], j] = x[bx * 32 + i, j] + T.cast(1, dtype)

    kernel = _compile(main)
    assert "out_elements.store(" in kernel.get_kernel_source(kernel_only=True)
    x = _numbers((rows, width), dtype)
    to = np.random.default_rng(1).permutation(rows).astype(np.int32)
    to[to >= 40] = 1000
    out = np.full((rows, width), 7).astype(dtype)
    kernel(x, to, out)
    want = np.full((rows, width), 7).astype(dtype)
    want[to[to < rows]] = x[to < rows] + x.dtype.type(1)
    np.testing.assert_array_equal(out, want)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_pixels_of_a_shuffle(dtype):
    """[n, c * 4, h, w] to [n, c, 2 * h, 2 * w]: every loop variable in several indices."""
    n, c, h, w = 2, 3, 5, 12

    @T.prim_func
    def main(x: T.Tensor((n, c * 4, h, w), dtype), out: T.Tensor((n, c, 2 * h, 2 * w), dtype)):
        with T.Kernel(n * c * 4) as b:
            for i, j in T.Parallel(h, w):
                out[b // (c * 4), b // 4 % c, i * 2 + b // 2 % 2, j * 2 + b % 2] = (
                    x[b // (c * 4), b % (c * 4), i, j] * 2
                )

    x = _numbers((n, c * 4, h, w), dtype)
    out = np.zeros((n, c, 2 * h, 2 * w), x.dtype)
    _compile(main)(x, out)
    want = 2 * x.reshape(n, c, 2, 2, h, w).transpose(0, 1, 4, 2, 5, 3)
    np.testing.assert_array_equal(out, want.reshape(out.shape))


def test_a_product_into_a_view_of_another_rank():
    """Blocks of rows of [n * h * w, f], which do not end with the planes of [n, h, w, f]."""
    n, h, w, f, k = 2, 3, 14, 24, 40

    @T.prim_func
    def main(
        a: T.Tensor((n * h * w, k), "bfloat16"),
        b: T.Tensor((k, f), "bfloat16"),
        out: T.Tensor((n, h, w, f), "float32"),
    ):
        with T.Kernel(T.ceildiv(n * h * w, 32)) as bx:
            left = T.alloc_shared((32, k), "bfloat16")
            right = T.alloc_shared((k, f), "bfloat16")
            acc = T.alloc_fragment((32, f), "float32")
            flat = T.Tensor((n * h * w, f), "float32", out.data)
            T.copy(a[bx * 32, 0], left)
            T.copy(b, right)
            T.gemm(left, right, acc, clear_accum=True)
            T.copy(acc, flat[bx * 32, 0])

    a, b = _numbers((n * h * w, k), "bfloat16"), _numbers((k, f), "bfloat16", 1)
    out = np.zeros((n, h, w, f), np.float32)
    _compile(main)(a, b, out)
    want = a.astype(np.float64) @ b.astype(np.float64)
    np.testing.assert_allclose(out.reshape(-1, f), want, rtol=1e-6)


@pytest.mark.parametrize("device", ["n150", "p150"])
def test_tensors_in_shards(device):
    @T.prim_func
    def main(x: T.Tensor((256, 256), "bfloat16"), out: T.Tensor((256, 256), "bfloat16")):
        with T.Kernel(8, 8) as (bx, by):
            T.annotate_tt_layout(
                x, memory="dram", layout="sharded", nd_shard={"axes": ["M", "N"], "grid": [2, 4]}
            )
            for i, j in T.Parallel(32, 32):
                out[by * 32 + i, bx * 32 + j] = x[bx * 32 + j, 255 - (by * 32 + i)]

    x = _numbers((256, 256), "bfloat16")
    out = np.zeros_like(x)
    tilelang.compile(main, target=f"{TARGET} -device={device}")(x, out)
    np.testing.assert_array_equal(out, x[:, ::-1].T)


def test_an_integer_that_steers_and_writes_under_a_condition():
    @T.prim_func
    def main(
        x: T.Tensor((100, 64), "float32"),
        start: T.Tensor((4,), "int32"),
        out: T.Tensor((128, 64), "float32"),
        picked: T.Tensor((128, 64), "float32"),
    ):
        with T.Kernel(4) as b:
            first = start[b]
            for i, j in T.Parallel(32, 64):
                out[b * 32 + i, j] = x[first + i // 2, j] + 1.0
                if (i + j) % 3 == 0:
                    picked[127 - b * 32 - i, j] = x[first + i // 2, j]

    x = _numbers((100, 64), "float32")
    start = np.array([0, 7, 50, 84], np.int32)
    out, picked = np.zeros((128, 64), np.float32), np.full((128, 64), 5, np.float32)
    _compile(main)(x, start, out, picked)
    taken = np.concatenate([x[s + np.arange(32) // 2] for s in start])
    np.testing.assert_array_equal(out, taken + 1)
    i, j = np.indices((128, 64))
    want = np.where((i % 32 + j) % 3 == 0, taken, 5)[::-1]
    np.testing.assert_array_equal(picked, want)


def test_two_iterations_that_write_one_element_are_refused():
    @T.prim_func
    def main(x: T.Tensor((64,), "float32"), out: T.Tensor((64,), "float32")):
        with T.Kernel(1):
            for i in T.Parallel(64):
                out[i // 2] = x[i]

    with pytest.raises(CompileError, match="TW4006"):
        tilelang.compile(main, target=TARGET)


def test_a_tensor_with_other_writes_is_not_scattered_to():
    """Blocks and single elements would reach DRAM in another order."""

    @T.prim_func
    def main(x: T.Tensor((32, 32), "float32"), out: T.Tensor((32, 32), "float32")):
        with T.Kernel(1):
            zeros = T.alloc_fragment((32, 32), "float32")
            T.clear(zeros)
            T.copy(zeros, out)
            for i, j in T.Parallel(32, 16):
                out[i, j * 2] = x[i, j]

    x = _numbers((32, 32), "float32")
    out = np.ones((32, 32), np.float32)
    kernel = tilelang.compile(main)
    assert "TW4013" not in {r.code for r in kernel.remarks}
    kernel(x, out)
    want = np.zeros((32, 32), np.float32)
    want[:, ::2] = x[:, :16]
    np.testing.assert_array_equal(out, want)


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_index_map(data):
    """Sums of quotients and remainders of the two loop variables, inside and outside."""
    shape = data.draw(st.tuples(st.integers(1, 70), st.integers(1, 70)))
    size = data.draw(st.tuples(st.integers(2, 70), st.integers(2, 70)))
    number = st.integers(1, 40)
    a, b, c, d, e, f = (data.draw(number) for _ in range(6))
    offset = data.draw(st.integers(-20, 20))
    dtype = data.draw(st.sampled_from(DTYPES))

    @T.prim_func
    def main(x: T.Tensor(shape, dtype), out: T.Tensor(size, dtype)):
        with T.Kernel(T.ceildiv(size[0], 32)) as by:
            for i, j in T.Parallel(32, size[1]):
                out[by * 32 + i, j] = x[
                    (by * 32 + i) // a + j % b * c, (by * 32 + i + j) % d + j // e * f + offset
                ]

    x = _numbers(shape, dtype)
    out = np.zeros(size, x.dtype)
    tilelang.compile(main, target=TARGET)(x, out)
    i, j = np.indices(size)
    row, col = i // a + j % b * c, (i + j) % d + j // e * f + offset
    # TileLang counts an index whose bound is negative from the end; blocks have 32 rows.
    rows = -(-size[0] // 32) * 32
    if min(d - 1, rows + size[1] - 2) + (size[1] - 1) // e * f + offset < 0:
        col += shape[1]
    inside = (row < shape[0]) & (col >= 0) & (col < shape[1])
    want = np.where(inside, x[np.where(inside, row, 0), np.where(inside, col, 0)], x.dtype.type(0))
    np.testing.assert_array_equal(out, want)
