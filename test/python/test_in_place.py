"""Tensors that a launch reads and writes: in order within a block, refused across blocks."""

from __future__ import annotations

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from tilewright.diagnostics import CompileError

B = 32


def test_a_block_reads_what_it_wrote(tmp_path) -> None:
    """All reads follow writes, so the writer makes them and there is no reader."""

    @T.prim_func
    def main(A: T.Tensor((5 * B, B), "float32")):
        with T.Kernel(1) as _:
            a = T.alloc_shared((B, B), "float32")
            for k in T.serial(4):
                T.copy(A[k * B, 0], a)
                for i, j in T.Parallel(B, B):
                    a[i, j] = a[i, j] * 2.0 + 1.0
                T.copy(a, A[(k + 1) * B, 0])

    kernel = tilelang.compile(main)
    a = np.random.default_rng(1).standard_normal((5 * B, B)).astype(np.float32)
    want = a.copy()
    for k in range(4):
        want[(k + 1) * B : (k + 2) * B] = want[k * B : (k + 1) * B] * 2 + 1
    kernel(a)
    assert np.array_equal(a, want)


def test_the_neighbours_elements_are_refused() -> None:
    @T.prim_func
    def main(A: T.Tensor((1024,), "float32")):
        with T.Kernel(8) as bx:
            for i in T.Parallel(128):
                A[bx * 128 + i] = A[bx * 128 + i] + A[bx * 128 + i + 1]

    with pytest.raises(CompileError, match=r"\(bx = 0\) reads what \(bx = 1\) writes"):
        tilelang.compile(main)


@pytest.mark.parametrize(("across", "other"), [(False, "bx = 0, by = 2"), (True, "bx = 3, by = 2")])
def test_blocks_that_count_backwards_are_refused(across: bool, other: str) -> None:
    @T.prim_func
    def main(A: T.Tensor((96, 128), "float32")):
        with T.Kernel(4, 3) as (bx, by):
            a = T.alloc_shared((32, 32), "float32")
            T.copy(A[(2 - by) * 32, (3 - bx if across else bx) * 32], a)
            T.copy(a, A[by * 32, bx * 32])

    with pytest.raises(CompileError, match=rf"\(bx = 0, by = 0\) reads what \({other}\) writes"):
        tilelang.compile(main)


def test_the_same_place_from_every_block_is_refused() -> None:
    """The note shows the launch with its own place."""

    @T.prim_func
    def main(A: T.Tensor((4, 64), "float32"), C: T.Tensor((64,), "float32")):
        with T.Kernel(4) as bx:
            a = T.alloc_fragment((64,), "float32")
            T.copy(A[bx, 0], a)
            T.copy(a, C[0])

    with pytest.raises(CompileError) as raised:
        tilelang.compile(main)
    assert raised.value.code == "TW3017"
    assert "test_in_place.py:" in raised.value.diagnostics[0].notes[0]
    assert raised.value.diagnostics[0].notes[0].endswith(": the launch")


@pytest.mark.parametrize("chip", ["n150", "p150"])
def test_rows_at_places_from_a_tensor(chip: str) -> None:
    """A cache of keys: row `pos[b]` of sequence b gets the new one."""

    @T.prim_func
    def main(
        new: T.Tensor((4, 64), "bfloat16"),
        pos: T.Tensor((4,), "int32"),
        cache: T.Tensor((4, 100, 64), "bfloat16"),
    ):
        with T.Kernel(4) as b:
            x = T.alloc_shared((1, 64), "bfloat16")
            T.copy(new[b : b + 1, 0:64], x)
            T.copy(x, cache[b, pos[b] : pos[b] + 1, 0:64])

    rng = np.random.default_rng(2)
    dtype = T.dtype("bfloat16").as_numpy()
    new, cache = (rng.standard_normal(s).astype(dtype) for s in ((4, 64), (4, 100, 64)))
    pos = np.array([3, 99, 0, 42], np.int32)
    want = cache.copy()
    want[np.arange(4), pos] = new
    tilelang.compile(main, target=chip)(new, pos, cache)
    assert np.array_equal(cache, want)


@pytest.mark.parametrize("device", ["n150", "p150"])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("block", [(16, 16), (8, 64), (20, 20), (32, 9)])
def test_blocks_of_other_cores_on_the_same_page(block, dtype, device):
    """A core reads its own elements of a page, and no others: they are being written."""
    shape = (50, 45)

    @T.prim_func
    def main(x: T.Tensor(shape, dtype)):
        with T.Kernel(T.ceildiv(shape[1], block[1]), T.ceildiv(shape[0], block[0])) as (bx, by):
            for i, j in T.Parallel(*block):
                if x[by * block[0] + i, bx * block[1] + j] > 0:
                    x[by * block[0] + i, bx * block[1] + j] *= -2

    kernel = tilelang.compile(main, target=f"tenstorrent -device={device} -tiles-only=1")
    x = np.random.default_rng(0).integers(-9, 9, shape).astype(dtype)
    want = np.where(x.astype(np.float32) > 0, -2 * x.astype(np.float32), x.astype(np.float32))
    kernel(x)
    np.testing.assert_array_equal(x.astype(np.float32), want)
