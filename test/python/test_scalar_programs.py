"""Programs without tile form: element by element on data-movement cores."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st
from tilewright.diagnostics import CompileError, SimulationError

DTYPES = ["float32", "bfloat16", "float16", "int32", "int8", "uint8", "float8_e4m3fn"]


def remark_of(kernel) -> str:
    """The message that says what forced the scalar form."""
    found = [r.message for r in kernel.remarks if r.code == "TW4043"]
    return found[0] if found else ""


def values(shape: tuple, dtype: str, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    host = T.dtype(dtype).as_numpy()
    if T.dtype(dtype).is_float:
        numbers = rng.standard_normal(shape).astype(np.float32).astype(host)
        # The compute engine takes subnormal numbers as zero.
        numbers[abs(numbers) < ml_dtypes.finfo(host).smallest_normal] = 0
        return numbers
    return rng.integers(0 if dtype.startswith("u") else -100, 100, shape).astype(host)


@settings(max_examples=12, deadline=None)
@given(
    rows=st.integers(1, 70),
    cols=st.integers(1, 70),
    block=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    dtype=st.sampled_from(DTYPES),
)
def test_blocks_of_every_size_copy_every_element(rows, cols, block, dtype) -> None:
    bm, bn = block

    @T.prim_func
    def main(A: T.Tensor((rows, cols), dtype), B: T.Tensor((rows, cols), dtype)):
        with T.Kernel(T.ceildiv(cols, bn), T.ceildiv(rows, bm)) as (bx, by):
            s = T.alloc_shared((bm, bn), dtype)
            T.copy(A[by * bm, bx * bn], s)
            T.copy(s, B[by * bm, bx * bn])

    a = values((rows, cols), dtype, seed=rows)
    assert tilelang.compile(main, out_idx=[1])(a).tobytes() == a.tobytes()


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float8_e4m3fn", "float8_e5m2"])
def test_conversion_rounds_to_nearest_even(dtype: str) -> None:
    n = 96

    @T.prim_func
    def main(
        index: T.Tensor((n,), "int32"), A: T.Tensor((n,), "float32"), B: T.Tensor((n,), dtype)
    ):
        with T.Kernel(1):
            s = T.alloc_shared((n,), "float32")
            T.copy(A, s)
            for i in T.serial(n):
                B[i] = s[index[i]]

    rng = np.random.default_rng(0)
    a = (rng.standard_normal(n) * 10.0 ** rng.integers(-6, 3, n)).astype(np.float32)
    a[:4] = [0.0, -0.0, 1.0, np.float32(2.0**-9)]
    host = T.dtype(dtype).as_numpy()
    order = rng.permutation(n).astype(np.int32)
    kernel = tilelang.compile(main, out_idx=[2])
    limit = float(ml_dtypes.finfo(host).max)
    want = np.clip(a[order], -limit, limit).astype(host)
    got = kernel(order, a)
    assert (got.astype(np.float32) == want.astype(np.float32)).all()
    assert "outside T.Parallel" in remark_of(kernel) or "TW2010" in remark_of(kernel)


@pytest.mark.parametrize(
    "op, reference",
    [
        ("a // b", lambda a, b: a // b),
        ("a % b", lambda a, b: a % b),
        ("T.truncdiv(a, b)", lambda a, b: np.trunc(a / b).astype(np.int32)),
        ("T.truncmod(a, b)", np.fmod),
        ("T.truncdiv(i - 12, 5)", lambda a, b: np.trunc((np.arange(50) % 25 - 12) / 5)),
        ("a * b - (a ^ b)", lambda a, b: a * b - (a ^ b)),
        ("(a << 3) + (b >> 2)", lambda a, b: (a << 3) + (b >> 2)),
        ("T.min(a, b) + T.max(a, 7)", lambda a, b: np.minimum(a, b) + np.maximum(a, 7)),
        ("T.if_then_else(a < b, a, -b)", lambda a, b: np.where(a < b, a, -b)),
    ],
)
def test_integer_arithmetic(op: str, reference, program) -> None:
    text = f"""
import tilelang.language as T
@T.prim_func
def main(A: T.Tensor((50,), "int32"), B: T.Tensor((50,), "int32"), C: T.Tensor((50,), "int32")):
    with T.Kernel(2) as bx:
        for i in T.Parallel(25):
            a, b = A[bx * 25 + i], B[bx * 25 + i]
            C[bx * 25 + i] = {op}
"""
    a, b = values((50,), "int32", 1), values((50,), "int32", 2)
    b[b == 0] = 3
    main = program(text)["main"]
    assert (tilelang.compile(main, out_idx=[2])(a, b) == reference(a, b)).all()


def test_unsigned_division_of_elements() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((40,), "uint32"), B: T.Tensor((40,), "uint32"), C: T.Tensor((40,), "uint32")
    ):
        with T.Kernel(1):
            for i in T.serial(40):
                C[i] = A[i] // B[i] + A[i] % B[i]

    rng = np.random.default_rng(0)
    a, b = (rng.integers(1, 2**32, 40).astype(np.uint32) for _ in range(2))
    b = np.maximum(b >> np.uint32(np.arange(40) % 32), 1)
    assert (tilelang.compile(main, out_idx=[2])(a, b) == a // b + a % b).all()


@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_truth_of_what_is_copied(dtype: str) -> None:
    @T.prim_func
    def main(A: T.Tensor((50,), dtype), B: T.Tensor((50,), "bool"), C: T.Tensor((50,), "bool")):
        with T.Kernel(1):
            s = T.alloc_shared((50,), dtype)
            T.copy(A, s)
            T.copy(s, B)
            for i in T.serial(50):
                C[i] = s[49 - i]

    a = values((50,), dtype, 1) // 2  # among them even numbers and numbers below 1
    got = tilelang.compile(main, out_idx=[1, 2])(a)
    assert (got[0] == (a != 0)).all() and (got[1] == (a[::-1] != 0)).all()


def test_atomics_from_several_blocks_add_up() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((8, 40), "float32"),
        bins: T.Tensor((8,), "int32"),
        C: T.Tensor((3, 40), "float32"),
    ):
        with T.Kernel(8) as bx:
            for j in T.Parallel(40):
                T.atomic_add(C[bins[bx], j], A[bx, j])

    a = values((8, 40), "float32", 1)
    bins = np.array([0, 2, 1, 1, 0, 2, 2, 0], np.int32)
    c = np.ones((3, 40), np.float32)
    want = c.copy()
    for k in range(8):
        want[bins[k]] += a[k]
    kernel = tilelang.compile(main)
    kernel(a, bins, c)
    assert (c == want).all()
    assert kernel.cores == 1  # in order, so the sums are the same in every run


def test_scans_tests_and_views() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((6, 10), "float32"),
        B: T.Tensor((6, 10), "float32"),
        C: T.Tensor((10, 6), "float32"),
        D: T.Tensor((2,), "int32"),
    ):
        with T.Kernel(1):
            s = T.alloc_shared((6, 10), "float32")
            t = T.alloc_shared((10, 6), "float32")
            T.copy(A, s)
            T.transpose(s, t)
            T.copy(t, C)
            flat = T.reshape(s, (60,))
            for i in T.serial(60):
                flat[i] = flat[i] + 1.0
            T.cumsum(s, dim=1)
            T.copy(s, B)
            D[0] = T.any_of(s[0, 0:4])
            D[1] = T.all_of(s[0, 0:4])

    a = values((6, 10), "float32", 3)
    a[0, 0:4] = -1.0
    kernel = tilelang.compile(main, out_idx=[1, 2, 3])
    b, c, d = kernel(a)
    assert (c == a.T).all()
    assert np.allclose(b, np.cumsum(a + 1, axis=1, dtype=np.float32), rtol=1e-6, atol=1e-6)
    assert d.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("dtype", "words"),
    [("float32", "int32"), ("float32", "uint32"), ("bfloat16", "uint16"), ("float16", "int16")],
)
def test_a_view_is_of_the_bits(dtype: str, words: str) -> None:
    rest = 0x7FFF if words.endswith("16") else 0x7FFFFFFF

    @T.prim_func
    def main(A: T.Tensor((9, 7), dtype), bits: T.Tensor((63,), words), C: T.Tensor((9, 7), dtype)):
        with T.Kernel(1):
            s = T.alloc_shared((9, 7), dtype)
            T.copy(A, s)
            inside = T.view(s, (63,), words)
            T.copy(inside, bits)
            for k in T.Parallel(63):
                inside[k] = inside[k] & T.cast(rest, words)
            T.copy(s, C)

    a = values((9, 7), dtype, 5)
    bits, c = tilelang.compile(main, out_idx=[1, 2])(a)
    assert (bits == a.reshape(-1).view(words)).all()
    assert (c == np.abs(a)).all()


def test_a_view_keeps_the_width() -> None:
    with pytest.raises(CompileError, match=r"TW1003.*float32 as int16, which has another width"):

        @T.prim_func
        def main(A: T.Tensor((8, 8), "float32"), B: T.Tensor((8, 8), "float32")):
            with T.Kernel(1):
                s = T.alloc_shared((8, 8), "float32")
                T.copy(A, s)
                T.view(s, (8, 16), "int16")
                T.copy(s, B)


def test_while_and_mutable_scalars() -> None:
    @T.prim_func
    def main(A: T.Tensor((10,), "int32"), steps: T.Tensor((10,), "int32")):
        with T.Kernel(10) as bx:
            n = T.alloc_var("int32")
            count = T.alloc_var("int32", init=0)
            n = A[bx]
            while n != 1:
                if n % 2 == 0:
                    n = n // 2
                else:
                    n = 3 * n + 1
                count = count + 1
            steps[bx] = count

    def collatz(n: int) -> int:
        count = 0
        while n != 1:
            n, count = (n // 2 if n % 2 == 0 else 3 * n + 1), count + 1
        return count

    a = np.arange(1, 11, dtype=np.int32)
    got = tilelang.compile(main, out_idx=[1])(a)
    assert got.tolist() == [collatz(int(n)) for n in a]


def test_print_shows_the_line(capfd) -> None:
    @T.prim_func
    def main(A: T.Tensor((2, 3), "float32"), B: T.Tensor((2, 3), "float32")):
        with T.Kernel(1):
            s = T.alloc_shared((2, 3), "float32")
            T.copy(A, s)
            T.print(s, "rows")
            T.print(s[1, 2], "corner")
            T.copy(s, B)

    a = np.arange(6, dtype=np.float32).reshape(2, 3)
    tilelang.compile(main, out_idx=[1])(a)
    out = capfd.readouterr().out
    assert "test_scalar_programs.py:" in out
    assert "core (0, 0): rows" in out and "core (0, 0): corner" in out
    numbers = [float(word) for word in out.split() if word.replace(".", "").isdigit()]
    assert numbers == [0, 1, 2, 3, 4, 5, 5]


def test_print_names_the_core(capfd) -> None:
    @T.prim_func
    def main(A: T.Tensor((2,), "int32"), B: T.Tensor((2,), "int32")):
        with T.Kernel(2) as bx:
            T.print(A[bx], "value")
            B[bx] = A[bx]

    kernel = tilelang.compile(main, out_idx=[1], target="tenstorrent -cores=2x1")
    kernel(np.array([7, 8], np.int32))
    lines = capfd.readouterr().out.splitlines()
    found = {lines[k].split(": core ")[1]: lines[k + 1] for k in range(0, len(lines), 2)}
    assert found == {"(0, 0): value": "7", "(1, 0): value": "8"}


def test_failed_assertion_stops_the_device(capfd) -> None:
    @T.prim_func
    def main(A: T.Tensor((4,), "int32"), B: T.Tensor((4,), "int32")):
        with T.Kernel(1):
            for i in T.serial(4):
                T.device_assert(A[i] < 3, "small numbers only")
                B[i] = A[i]

    kernel = tilelang.compile(main, out_idx=[1])
    assert kernel(np.array([0, 1, 2, 0], np.int32)).tolist() == [0, 1, 2, 0]
    with pytest.raises(SimulationError) as caught:
        kernel(np.array([0, 1, 2, 3], np.int32))
    said = capfd.readouterr().out + str(caught.value)
    assert "core (0, 0): device_assert failed: small numbers only" in said


def test_tiles_only_refuses() -> None:
    @T.prim_func
    def main(A: T.Tensor((40, 7), "float32"), B: T.Tensor((40, 7), "float8_e5m2")):
        with T.Kernel(1):
            s = T.alloc_shared((40, 7), "float8_e5m2")
            T.copy(A, s)
            T.copy(s, B)

    with pytest.raises(CompileError) as caught:
        tilelang.compile(main, target="tenstorrent -tiles-only=1")
    assert caught.value.code == "TW2010"


def test_reducers_and_safe_values() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((6, 20), "float32"), B: T.Tensor((6,), "float32"), C: T.Tensor((6,), "float32")
    ):
        with T.Kernel(1):
            T.annotate_safe_value({A: 2.0})
            s = T.alloc_shared((6, 24), "float32")
            total = T.alloc_reducer((6,), "float32")
            top = T.alloc_reducer((6,), "float32", op="max")
            T.copy(A[0:6, 0:24], s)
            T.clear(total)
            T.reducer_init(top)
            for i, j in T.Parallel(6, 24):
                total[i] += s[i, j]
                T.reducer_update(top[i], s[i, j])
            T.finalize_reducer(total)
            T.copy(total, B)
            T.copy(top, C)

    a = np.clip(values((6, 20), "float32", 9), -1.5, 1.5)
    b, c = tilelang.compile(main, out_idx=[1, 2])(a)
    assert np.allclose(b, a.sum(1) + 8.0, rtol=1e-5, atol=1e-5)
    assert (c == 2.0).all()


@pytest.mark.parametrize("shape", [(1, 64), (2, 32), (32,)])
@pytest.mark.parametrize("reverse", [False, True])
def test_scans_count_dimensions_of_one_element(shape: tuple, reverse: bool) -> None:
    @T.prim_func
    def main(A: T.Tensor(shape, T.float32), B: T.Tensor(shape, T.float32)):
        with T.Kernel(1) as _:
            a = T.alloc_shared(shape, T.float32)
            T.copy(A, a)
            T.cumsum(a, dim=len(shape) - 1, reverse=reverse)
            T.copy(a, B)

    a = np.random.default_rng(0).standard_normal(shape, np.float32)
    b = np.zeros_like(a)
    tilelang.compile(main)(a, b)
    want = np.flip(np.cumsum(np.flip(a, -1), -1), -1) if reverse else np.cumsum(a, -1)
    assert np.allclose(b, want, rtol=1e-5, atol=1e-5)


def test_both_reasons_are_said_when_no_form_exists() -> None:
    @T.prim_func
    def main(A: T.Tensor((2048, 1024), "float32"), B: T.Tensor((2048, 1024), "float8_e5m2")):
        with T.Kernel(1):
            s = T.alloc_shared((2048, 1024), "float8_e5m2")
            T.copy(A, s)
            T.copy(s, B)

    with pytest.raises(CompileError) as caught:
        tilelang.compile(main)
    first = caught.value.diagnostics[0]
    assert first.severity == "error"
    notes = [n for n in first.notes if n.startswith("element by element it does not run either")]
    assert len(notes) == 1 and "L1" in notes[0] and notes[0].endswith("(TW4040)")


# -- what is wrong with programs without tile form ---------------------------------
def gathered(size: int, wrong: str):
    """C[i] = A[at[i]], where A is the start of a buffer of `size` bytes."""

    @T.prim_func
    def main(
        A: T.Tensor((64,), "float8_e5m2"),
        at: T.Tensor((64,), "int32"),
        C: T.Tensor((64,), "float8_e5m2"),
    ):
        with T.Kernel(1):
            s = T.alloc_shared((size,), "float8_e5m2")
            if wrong != "uninitialised":
                for i in T.Parallel(64):
                    s[i] = A[i]
            for i in T.Parallel(64):
                if wrong == "race":
                    C[i // 2] = s[at[i]]
                else:
                    C[i] = s[at[i]]
                if wrong == "uninitialised":
                    s[i] = A[i]

    return main


@pytest.mark.parametrize(
    ("wrong", "code", "text"),
    [
        ("uninitialised", "TW4004", "s is read here, and nothing has written to it"),
        ("race", "TW4006", "iterations i = 0 and i = 1 write the same element C[0]"),
    ],
)
def test_what_is_wrong_is_an_error_there_too(wrong: str, code: str, text: str) -> None:
    with pytest.raises(CompileError) as caught:
        tilelang.compile(gathered(64, wrong))
    (found,) = caught.value.diagnostics
    assert found.code == code and text in found.message
    assert found.span and found.span.file.endswith("test_scalar_programs.py")
    assert any("the program runs element by element" in note for note in found.notes)


def test_warnings_are_errors_in_strict_mode() -> None:
    from tilewright.driver.kernel import JITKernel

    func = gathered(1_160_000, "")
    kernel = tilelang.compile(func)
    assert {r.code for r in kernel.remarks} == {"TW4043", "TW5324"}
    with pytest.raises(CompileError, match=r"\[TW5324\] L1 usage"):
        JITKernel(func, options={"strict": True})


def test_the_ir_of_both_forms_is_dumped(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TT_DUMP_IR", "1")
    monkeypatch.setenv("TT_DUMP_IR_DIR", str(tmp_path))
    tilelang.compile(gathered(64, ""))
    names = [p.name for p in sorted(tmp_path.rglob("element_by_element/*.mlir"))]
    assert names[0] == "00_initial.mlir" and names[-1].endswith("tt-validate-split-kernels.mlir")
    (lowered,) = tmp_path.rglob("element_by_element/*tt-lower-to-scalar.mlir")
    assert "metalium.flush_elements" in lowered.read_text()
