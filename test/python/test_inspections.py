"""T.print and T.device_assert in programs on tiles: the values are those of the program,
with core and line, and the rest of the program stays on tiles."""

from __future__ import annotations

import linecache
import re

import ml_dtypes
import numpy as np
import pytest
import tilewright as tilelang
import tilewright.language as T
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tilewright.diagnostics import SimulationError

TYPES = {
    "float32": np.float32,
    "bfloat16": ml_dtypes.bfloat16,
    "float16": np.float16,
    "int32": np.int32,
}


def on_tiles(func, out_idx):
    """The kernel of `func`; it must not run element by element."""
    return tilelang.compile(func, out_idx=out_idx, target="tenstorrent -tiles-only")


def numbers(text: str) -> list[float]:
    """The numbers of the lines that name no place."""
    lines = [line for line in text.splitlines() if ": core (" not in line]
    return [float(word) for line in lines for word in line.split()]


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.integers(1, 40),
    cols=st.integers(1, 40),
    name=st.sampled_from(sorted(TYPES)),
)
def test_whole_buffers_of_any_size(capfd, rows: int, cols: int, name: str) -> None:
    @T.prim_func
    def main(A: T.Tensor((rows, cols), name), B: T.Tensor((rows, cols), name)):
        with T.Kernel(1):
            s = T.alloc_shared((rows, cols), name)
            T.copy(A, s)
            for i, j in T.Parallel(rows, cols):
                s[i, j] = s[i, j] + s[i, j]
            T.print(s, "twice")
            T.copy(s, B)

    a = np.random.default_rng(rows * 41 + cols).integers(-9, 9, (rows, cols)).astype(TYPES[name])
    got = on_tiles(main, [1])(a)
    out = capfd.readouterr().out
    line = find("T.print(s,")
    assert f"test_inspections.py:{line}: core (0, 0): twice" in out
    assert np.array_equal(got.astype(np.float64), 2 * a.astype(np.float64))
    assert np.array_equal(numbers(out), 2 * a.astype(np.float64).ravel())
    lines = [line for line in out.splitlines() if ": core (" not in line]
    assert [len(line.split()) for line in lines] == [cols] * rows


def find(text: str) -> int:
    lines = linecache.getlines(__file__)
    return next(n for n, line in enumerate(lines, 1) if line.strip().startswith(text))


def test_every_kind_of_value(capfd) -> None:
    @T.prim_func
    def main(
        A: T.Tensor((64, 64), "bfloat16"),
        Table: T.Tensor((4,), "int32"),
        B: T.Tensor((64, 64), "float32"),
    ):
        with T.Kernel(2, 2) as (bx, by):
            s = T.alloc_shared((32, 32), "bfloat16")
            f = T.alloc_fragment((32, 32), "float32")
            m = T.alloc_fragment((32,), "float32")
            v = T.alloc_var("float32")
            T.copy(A[by * 32, bx * 32], s)
            for i, j in T.Parallel(32, 32):
                f[i, j] = s[i, j] * 3.0
            T.reduce_max(f, m, dim=1)
            v = f[5, 6]
            if bx == 1 and by == 0:
                T.print(m, "maxima")
                T.print(f[3, 4], "element")
                T.print(A[1, 40], "tensor")
                T.print(v + 1.0, "expression")
                T.print(Table[bx], "integer")
                T.print(bx - 9, "block")
                T.print("only a message")
            for i, j in T.Parallel(32, 32):
                f[i, j] = f[i, j] - v
            T.copy(f, B[by * 32, bx * 32])

    a = np.random.default_rng(1).integers(-50, 50, (64, 64)).astype(ml_dtypes.bfloat16)
    table = np.array([3, -7, 1, 2], np.int32)
    got = on_tiles(main, [2])(a, table)
    out = capfd.readouterr().out
    block = 3 * a[:32, 32:].astype(np.float32)
    shown = [*block.max(1), block[3, 4], a[1, 40], block[5, 6] + 1, -7, -8]
    assert numbers(out) == [float(x) for x in shown]
    assert re.findall(r": core \((\d, \d)\): (.*)", out) == [
        ("1, 0", text)
        for text in (
            "maxima",
            "element",
            "tensor",
            "expression",
            "integer",
            "block",
            "only a message",
        )
    ]
    wide = 3 * a.astype(np.float32)
    for y in (0, 32):
        for x in (0, 32):
            part = wide[y : y + 32, x : x + 32]
            assert np.array_equal(got[y : y + 32, x : x + 32], part - part[5, 6])


def test_sums_inside_their_loop(capfd) -> None:
    @T.prim_func
    def main(A: T.Tensor((64, 96), "bfloat16"), C: T.Tensor((64, 64), "float32")):
        with T.Kernel(1):
            a = T.alloc_shared((64, 32), "bfloat16")
            c = T.alloc_fragment((64, 64), "float32")
            T.clear(c)
            for k in T.Pipelined(3, num_stages=2):
                T.copy(A[0, k * 32], a)
                T.gemm(a, a, c, transpose_B=True)
                T.print(c[40, 2], "so far")
                T.print(k, "k")
            T.copy(c, C)

    a = np.random.default_rng(2).integers(-3, 4, (64, 96)).astype(ml_dtypes.bfloat16)
    got = on_tiles(main, [1])(a)
    wide = a.astype(np.float32)
    shown = []
    for k in range(3):
        upto = wide[:, : 32 * (k + 1)]
        shown += [upto[40] @ upto[2], k]
    assert numbers(capfd.readouterr().out) == shown
    assert np.array_equal(got, wide @ wide.T)


@pytest.mark.parametrize("form", ["integer", "float", "every element"])
def test_assertions(capfd, form: str) -> None:
    @T.prim_func
    def main(A: T.Tensor((40, 64), "float32"), B: T.Tensor((40, 64), "float32")):
        with T.Kernel(2) as bx:
            s = T.alloc_shared((40, 32), "float32")
            T.copy(A[0, bx * 32], s)
            if form == "integer":
                T.device_assert(bx < 1, "first block only")
            elif form == "float":
                T.device_assert(s[39, 3] < 5.0, "small")
            else:
                for i, j in T.Parallel(40, 32):
                    T.device_assert(s[i, j] < 5.0, "all small")
            T.copy(s, B[0, bx * 32])

    kernel = on_tiles(main, [1])
    a = np.zeros((40, 64), np.float32)
    if form != "integer":
        assert np.array_equal(kernel(a), a)
    a[39, 35] = 7
    with pytest.raises(SimulationError) as caught:
        kernel(a)
    said = capfd.readouterr().out + str(caught.value)
    message = {"integer": "first block only", "float": "small"}.get(form, "all small")
    assert f"core (1, 0): device_assert failed: {message}" in said
    assert f"test_inspections.py:{find('T.device_assert(')}" in said or form != "integer"


def test_elements_at_any_place() -> None:
    """x[r, c] with r and c of the program, inside and outside T.Parallel."""

    @T.prim_func
    def main(
        A: T.Tensor((48, 40), "float32"),
        W: T.Tensor((7,), "float32"),
        B: T.Tensor((48, 40), "float32"),
    ):
        with T.Kernel(1):
            s = T.alloc_shared((48, 40), "float32")
            w = T.alloc_shared((7,), "float32")
            f = T.alloc_fragment((48, 40), "float32")
            v = T.alloc_var("float32")
            T.copy(A, s)
            T.copy(W, w)
            T.clear(f)
            for k in T.serial(7):
                v = s[k * 5, 39 - k]
                for i, j in T.Parallel(48, 40):
                    f[i, j] = f[i, j] + s[i, j] * w[k] + v
            T.copy(f, B)

    rng = np.random.default_rng(3)
    a = rng.integers(-20, 20, (48, 40)).astype(np.float32)
    w = rng.integers(-20, 20, 7).astype(np.float32)
    got = on_tiles(main, [2])(a, w)
    assert np.array_equal(got, a * w.sum() + sum(a[k * 5, 39 - k] for k in range(7)))


def test_lines_of_one_core_stay_together(capfd) -> None:
    @T.prim_func
    def main(A: T.Tensor((64, 40), "float32"), B: T.Tensor((64, 40), "float32")):
        with T.Kernel(4) as bx:
            s = T.alloc_shared((16, 40), "float32")
            T.copy(A[bx * 16, 0], s)
            T.print(s, "block")
            T.print(bx, "number")
            T.copy(s, B[bx * 16, 0])

    a = np.arange(64 * 40, dtype=np.float32).reshape(64, 40)
    on_tiles(main, [1])(a)
    lines = [x for x in capfd.readouterr().out.splitlines() if x]
    for core in range(4):
        first = 19 * core
        assert lines[first].endswith(f"core ({core}, 0): block")
        rows = [[float(x) for x in line.split()] for line in lines[first + 1 : first + 17]]
        assert np.allclose(rows, a[16 * core : 16 * core + 16], rtol=1e-5)
        assert lines[first + 17].endswith(f"core ({core}, 0): number")
        assert int(lines[first + 18]) == core
