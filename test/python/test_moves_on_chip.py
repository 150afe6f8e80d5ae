"""Elements and parts of on-chip buffers at any place: rows, columns and elements are
chosen on tiles; all else a data movement kernel moves, between tile operations."""

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
DTYPES = ["float32", "bfloat16", "float16", "int32", "uint32"]


def _numbers(shape, dtype, seed=0):
    low = 0 if dtype.startswith("uint") else -60
    return np.random.default_rng(seed).integers(low, 60, shape).astype(dtype)


def _run(func, inputs, shape, dtype, moved=True, target=TARGET):
    """What the kernel writes to its last tensor."""
    kernel = tilelang.compile(func, target=target)
    assert ("TW4013" in {r.code for r in kernel.remarks}) == moved
    out = np.zeros(shape, dtype)
    kernel(*inputs, out)
    return out


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("target", [TARGET, TARGET + " -device=p150"])
def test_pairs_are_taken_apart_and_put_together(dtype, target):
    @T.prim_func
    def main(x: T.Tensor((70, 128), dtype), out: T.Tensor((70, 128), dtype)):
        with T.Kernel(3) as bx:
            pairs = T.alloc_shared((32, 128), dtype)
            turned = T.alloc_fragment((32, 128), dtype)
            T.copy(x[bx * 32, 0], pairs)
            for i, j in T.Parallel(32, 64):
                turned[i, 2 * j] = pairs[i, 2 * j + 1] + pairs[i, 2 * j]
                turned[i, 2 * j + 1] = pairs[i, 2 * j]
            T.copy(turned, out[bx * 32, 0])

    x = _numbers((70, 128), dtype)
    want = np.empty_like(x)
    want[:, ::2], want[:, 1::2] = x[:, 1::2] + x[:, ::2], x[:, ::2]
    np.testing.assert_array_equal(_run(main, [x], x.shape, dtype, target=target), want)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32"])
def test_rows_and_columns_stay_on_tiles(dtype):
    @T.prim_func
    def main(x: T.Tensor((40, 64), dtype), out: T.Tensor((64, 40), dtype)):
        with T.Kernel(1):
            block = T.alloc_shared((40, 64), dtype)
            row = T.alloc_fragment((64,), dtype)
            columns = T.alloc_fragment((64, 40), dtype)
            T.copy(x, block)
            for k in T.serial(40):
                T.copy(block[39 - k, :], row)
                T.copy(row, columns[:, k])
            for _ in T.Parallel(1):
                columns[3, 4] = block[5, 6]
            T.copy(columns, out)

    x = _numbers((40, 64), dtype)
    want = x[::-1].T.copy()
    want[3, 4] = x[5, 6]
    np.testing.assert_array_equal(_run(main, [x], (64, 40), dtype, moved=False), want)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32"])
def test_windows_and_guarded_neighbours(dtype):
    @T.prim_func
    def main(x: T.Tensor((64, 96), dtype), out: T.Tensor((64, 96), dtype)):
        with T.Kernel(2) as bx:
            block = T.alloc_shared((32, 96), dtype)
            sums = T.alloc_fragment((32, 96), dtype)
            T.copy(x[bx * 32, 0], block)
            for i, j in T.Parallel(32, 96):
                left = T.if_then_else(j > 0, block[i, j - 1], T.cast(0, dtype))
                right = T.if_then_else(j < 95, block[i, j + 1], T.cast(0, dtype))
                sums[i, j] = left + block[i, j] + right
            T.copy(sums, out[bx * 32, 0])

    x = _numbers((64, 96), dtype)
    padded = np.pad(x, ((0, 0), (1, 1)))
    want = padded[:, :-2] + x + padded[:, 2:]
    np.testing.assert_array_equal(_run(main, [x], x.shape, dtype), want)


def test_parts_are_copied_from_and_to_tensors_with_casts():
    @T.prim_func
    def main(
        a: T.Tensor((64, 40), "bfloat16"),
        b: T.Tensor((64, 24), "float32"),
        out: T.Tensor((64, 64), "float32"),
        part: T.Tensor((20, 30), "bfloat16"),
    ):
        with T.Kernel(1):
            block = T.alloc_shared((64, 64), "float32")
            for k in T.serial(2):
                T.copy(a[:, k * 20 : k * 20 + 20], block[:, k * 20 : k * 20 + 20])
            T.copy(b, block[:, 40:])
            T.copy(block, out)
            for k in T.serial(2):
                T.copy(block[k * 10 : k * 10 + 10, 30:60], part[k * 10 : k * 10 + 10, :])

    a, b = _numbers((64, 40), "bfloat16"), _numbers((64, 24), "float32", 1)
    kernel = tilelang.compile(main, target=TARGET)
    out, part = np.zeros((64, 64), np.float32), np.zeros((20, 30), "bfloat16")
    kernel(a, b, out, part)
    want = np.concatenate([a.astype(np.float32), b], 1)
    np.testing.assert_array_equal(out, want)
    np.testing.assert_array_equal(part, want[:20, 30:60].astype(part.dtype))


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32"])
def test_the_start_of_a_block_leaves_without_a_move(dtype):
    @T.prim_func
    def main(x: T.Tensor((96, 64), dtype), rows: T.Tensor((60, 50), dtype)):
        with T.Kernel(3) as bx:
            block = T.alloc_shared((32, 64), dtype)
            T.copy(x[bx * 32, 0], block)
            T.copy(block[:20, :50], rows[bx * 20 : bx * 20 + 20, :])

    x = _numbers((96, 64), dtype)
    want = x.reshape(3, 32, 64)[:, :20, :50].reshape(60, 50)
    np.testing.assert_array_equal(_run(main, [x], (60, 50), dtype, moved=False), want)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_operands_of_a_gemm_are_put_together_in_a_loop(dtype):
    @T.prim_func
    def main(
        a: T.Tensor((64, 128), dtype),
        b: T.Tensor((64, 64), dtype),
        c: T.Tensor((64, 64), "float32"),
    ):
        with T.Kernel(1):
            whole = T.alloc_shared((64, 128), dtype)
            every = T.alloc_shared((64, 64), dtype)
            right = T.alloc_shared((64, 64), dtype)
            total = T.alloc_fragment((64, 64), "float32")
            T.copy(a, whole)
            T.copy(b, right)
            T.clear(total)
            for k in T.serial(2):
                for i, j in T.Parallel(64, 64):
                    every[i, j] = whole[i, 2 * j + k]
                T.gemm(every, right, total)
            T.copy(total, c)

    rng = np.random.default_rng(0)
    a, b = (rng.integers(-3, 4, s).astype(dtype) for s in ((64, 128), (64, 64)))
    wide = a.astype(np.float32)
    want = (wide[:, ::2] + wide[:, 1::2]) @ b.astype(np.float32)
    np.testing.assert_array_equal(_run(main, [a, b], (64, 64), "float32"), want)


def test_what_an_update_leaves_goes_through_loops():
    @T.prim_func
    def main(x: T.Tensor((6, 32, 32), "int32"), out: T.Tensor((32, 32), "int32")):
        with T.Kernel(1):
            step = T.alloc_shared((32, 32), "int32")
            total = T.alloc_fragment((32, 32), "int32")
            T.clear(total)
            for k in T.serial(6):
                T.copy(x[k, :, :], step)
                for i, j in T.Parallel(16, 32):
                    total[2 * i, 31 - j] = step[i + k, j] + total[2 * i, 31 - j]
            T.copy(total, out)

    x = _numbers((6, 32, 32), "int32")
    want = np.zeros((32, 32), np.int32)
    for k in range(6):
        want[::2, ::-1] += x[k, k : k + 16]
    np.testing.assert_array_equal(_run(main, [x], (32, 32), "int32"), want)


@pytest.mark.parametrize("where", ["buffer", "tensor"])
def test_an_index_that_is_read(where):
    @T.prim_func
    def main(
        x: T.Tensor((64, 96), "float32"),
        order: T.Tensor((32,), "int32"),
        out: T.Tensor((32, 96), "float32"),
    ):
        with T.Kernel(1):
            block = T.alloc_shared((64, 96), "float32")
            rows = T.alloc_shared((32,), "int32")
            taken = T.alloc_fragment((32, 96), "float32")
            T.copy(x, block)
            T.copy(order, rows)
            for i, j in T.Parallel(32, 96):
                at = rows[i] if where == "buffer" else order[i]
                taken[i, j] = block[at, j]
            T.copy(taken, out)

    x = np.random.default_rng(0).standard_normal((64, 96)).astype(np.float32)
    order = np.random.default_rng(1).integers(0, 64, 32).astype(np.int32)
    np.testing.assert_array_equal(_run(main, [x, order], (32, 96), "float32"), x[order])


def test_a_block_under_another_shape():
    @T.prim_func
    def main(
        x: T.Tensor((64, 32), "float32"),
        flat: T.Tensor((2048,), "float32"),
        wide: T.Tensor((32, 64), "float32"),
    ):
        with T.Kernel(1):
            block = T.alloc_shared((64, 32), "float32")
            other = T.alloc_fragment((32, 64), "float32")
            T.copy(x, block)
            T.copy(T.reshape(block, (2048,)), flat)
            T.copy(T.reshape(block, (32, 64)), other)
            T.copy(other, wide)

    x = np.random.default_rng(0).standard_normal((64, 32)).astype(np.float32)
    flat, wide = np.zeros(2048, np.float32), np.zeros((32, 64), np.float32)
    tilelang.compile(main, target=TARGET)(x, flat, wide)
    np.testing.assert_array_equal(flat, x.reshape(-1))
    np.testing.assert_array_equal(wide, x.reshape(32, 64))


@settings(max_examples=20, deadline=None)
@given(
    rows=st.integers(1, 40),
    cols=st.integers(2, 70),
    stride=st.integers(1, 3),
    start=st.integers(-3, 3),
    turn=st.booleans(),
    dtype=st.sampled_from(["float32", "bfloat16", "int32"]),
)
def test_any_affine_place(rows, cols, stride, start, turn, dtype):
    """What is loaded outside is zero, what is stored outside is dropped."""

    @T.prim_func
    def main(x: T.Tensor((rows, cols), dtype), out: T.Tensor((rows, cols), dtype)):
        with T.Kernel(1):
            block = T.alloc_shared((rows, cols), dtype)
            result = T.alloc_fragment((rows, cols), dtype)
            T.copy(x, block)
            T.fill(result, T.cast(7, dtype))
            for i, j in T.Parallel(rows, cols):
                at = j * stride + start
                if (at >= 0) & (at < cols):
                    if turn:
                        result[i, cols - 1 - at] = block[rows - 1 - i, j]
                    else:
                        result[i, at] = block[i, j]
            T.copy(result, out)

    x = _numbers((rows, cols), dtype)
    want = np.full_like(x, 7)
    for j in range(cols):
        at = j * stride + start
        if 0 <= at < cols:
            want[:, cols - 1 - at if turn else at] = x[::-1, j] if turn else x[:, j]
    kernel = tilelang.compile(main, target=TARGET)
    out = np.zeros_like(x)
    kernel(x, out)
    np.testing.assert_array_equal(out, want)


def test_elements_that_a_condition_keeps_go_round_a_loop_that_nobody_reads_behind():
    @T.prim_func
    def main(x: T.Tensor((40, 32), "int32"), out: T.Tensor((40, 32), "int32")):
        with T.Kernel(1):
            block = T.alloc_shared((40, 32), "int32")
            unread = T.alloc_fragment((40, 32), "int32")
            T.copy(x, block)
            T.fill(unread, 1)
            for _ in T.serial(3):
                for i, j in T.Parallel(40, 32):
                    if i > j:
                        unread[i, j] = block[i, j]
            T.copy(block, out)

    x = _numbers((40, 32), "int32")
    np.testing.assert_array_equal(_run(main, [x], x.shape, "int32", moved=False), x)


def test_iterations_that_write_one_element_are_a_race():
    @T.prim_func
    def main(x: T.Tensor((32, 64), "float32"), out: T.Tensor((32, 64), "float32")):
        with T.Kernel(1):
            block = T.alloc_shared((32, 64), "float32")
            halves = T.alloc_shared((32, 64), "float32")
            T.copy(x, block)
            for i, j in T.Parallel(32, 64):
                halves[i, j // 2] = block[i, j]
            T.copy(halves, out)

    with pytest.raises(CompileError, match=r"TW4006.*write the same element halves"):
        tilelang.compile(main, target=TARGET)


def test_more_elements_than_a_buffer_has_are_left_to_the_scalar_form():
    @T.prim_func
    def main(x: T.Tensor((64,), "float32"), out: T.Tensor((64,), "float32")):
        with T.Kernel(1):
            few = T.alloc_fragment((8,), "float32")
            for i in T.Parallel(64):
                few[i] = x[i]
            for i in T.Parallel(64):
                out[i] = few[i]

    with pytest.raises(CompileError, match="TW4003"):
        tilelang.compile(main, target=TARGET)


def _many_blocks(count: int):
    """A program whose `count` steps each need blocks of their own, one after the other."""

    @T.prim_func
    def main(x: T.Tensor((32, 32), "float32"), out: T.Tensor((count, 32), "float32")):
        with T.Kernel(1):
            block = T.alloc_shared((32, 32), "float32")
            T.copy(x, block)
            for k in T.unroll(count):
                scaled = T.alloc_fragment((32, 32), "float32")
                total = T.alloc_fragment((32,), "float32")
                for i, j in T.Parallel(32, 32):
                    scaled[i, j] = block[i, j] * (k + 1)
                T.reduce_max(scaled, total, dim=1)
                T.copy(total, out[k, :])

    return main


@pytest.mark.parametrize("count", [4, 40])
def test_blocks_that_are_not_in_use_at_once_share_circular_buffers(count):
    x = _numbers((32, 32), "float32")
    kernel = tilelang.compile(_many_blocks(count), target=TARGET)
    buffers = [c for plan in kernel.plans for c in plan["circular_buffers"]]
    assert len(buffers) <= 32
    out = np.zeros((count, 32), np.float32)
    kernel(x, out)
    want = np.stack([(x * (k + 1)).max(1) for k in range(count)])
    np.testing.assert_array_equal(out, want)
