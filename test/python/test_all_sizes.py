"""One compiled kernel for all sizes: T.dynamic dimensions are run-time arguments."""

from __future__ import annotations

import json
import pathlib

import ml_dtypes
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tilewright import cli, simulate
from tilewright.diagnostics import ArgumentError, TilewrightError
from tilewright.driver import kernel as driver

CHIPS = ("n150", "p150")
FEW = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def compilations(monkeypatch) -> list[str]:
    """Names of the programs that the compiler is run for."""
    monkeypatch.setenv("TILEWRIGHT_CACHE", "0")
    made: list[str] = []
    compiler = driver._load("_compiler")

    class Counting:
        def __getattr__(self, name):
            return getattr(compiler, name)

        def compile(self, ir, settings, file_name):
            made.append(settings["name"])
            return compiler.compile(ir, settings, file_name)

    load = driver._load
    monkeypatch.setattr(driver, "_load", lambda n: Counting() if n == "_compiler" else load(n))
    return made


def rows(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def add(fixed_columns: int | None = None):
    m, n = T.dynamic("m, n")
    n = fixed_columns or n

    @T.prim_func
    def main(
        A: T.Tensor((m, n), "float32"),
        B: T.Tensor((m, n), "float32"),
        C: T.Tensor((m, n), "float32"),
    ):
        with T.Kernel(T.ceildiv(n, 64), T.ceildiv(m, 32)) as (bx, by):
            a = T.alloc_shared((32, 64), "float32")
            b = T.alloc_shared((32, 64), "float32")
            T.copy(A[by * 32, bx * 64], a)
            T.copy(B[by * 32, bx * 64], b)
            for i, j in T.Parallel(32, 64):
                a[i, j] = a[i, j] + b[i, j]
            T.copy(a, C[by * 32, bx * 64])

    return main


def gemm():
    m, n, k = T.dynamic("m, n, k")

    @T.prim_func
    def main(
        A: T.Tensor((m, k), "bfloat16"),
        B: T.Tensor((k, n), "bfloat16"),
        C: T.Tensor((m, n), "float32"),
    ):
        with T.Kernel(T.ceildiv(n, 64), T.ceildiv(m, 64)) as (bx, by):
            a = T.alloc_shared((64, 32), "bfloat16")
            b = T.alloc_shared((32, 64), "bfloat16")
            c = T.alloc_fragment((64, 64), "float32")
            T.clear(c)
            for s in T.Pipelined(T.ceildiv(k, 32), num_stages=2):
                T.copy(A[by * 64, s * 32], a)
                T.copy(B[s * 32, bx * 64], b)
                T.gemm(a, b, c)
            T.copy(c, C[by * 64, bx * 64])

    return main


def softmax(columns: int):
    m = T.dynamic("m")

    @T.prim_func
    def main(X: T.Tensor((m, columns), "float32"), Y: T.Tensor((m, columns), "float32")):
        with T.Kernel(T.ceildiv(m, 32)) as by:
            x = T.alloc_shared((32, columns), "float32")
            top = T.alloc_fragment((32,), "float32")
            total = T.alloc_fragment((32,), "float32")
            T.copy(X[by * 32, 0], x)
            T.reduce_max(x, top, dim=1)
            for i, j in T.Parallel(32, columns):
                x[i, j] = T.exp(x[i, j] - top[i])
            T.reduce_sum(x, total, dim=1)
            for i, j in T.Parallel(32, columns):
                x[i, j] = x[i, j] / total[i]
            T.copy(x, Y[by * 32, 0])

    return main


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("columns", [None, 100])
def test_add_is_compiled_once(chip, columns, compilations) -> None:
    kernel = tilelang.compile(add(columns), out_idx=[2], target=chip)
    assert compilations == ["main"] and kernel.compiled and not kernel.refusal

    @FEW
    @given(st.integers(1, 300), st.integers(1, 300))
    def run(m: int, n: int) -> None:
        a, b = rows(m, columns or n), rows(m, columns or n, seed=1)
        assert (kernel(a, b) == a + b).all()

    run()
    assert compilations == ["main"]
    assert not kernel.variants


@pytest.mark.parametrize("chip", CHIPS)
def test_gemm_is_compiled_once(chip, compilations) -> None:
    kernel = tilelang.compile(gemm(), out_idx=[2], target=chip)

    @FEW
    @given(st.integers(1, 150), st.integers(1, 150), st.integers(1, 200))
    def run(m: int, n: int, k: int) -> None:
        a = rows(m, k).astype(ml_dtypes.bfloat16)
        b = rows(k, n, seed=1).astype(ml_dtypes.bfloat16)
        want = a.astype(np.float64) @ b.astype(np.float64)
        got = kernel(a, b).astype(np.float64)
        assert np.linalg.norm(got - want) <= 3e-3 * np.linalg.norm(want) + 1e-6

    run()
    assert compilations == ["main"]


def test_rows_of_a_softmax(compilations) -> None:
    kernel = tilelang.compile(softmax(96), out_idx=[1])
    for m in (1, 31, 32, 33, 200):
        x = rows(m, 96)
        e = np.exp(x - x.max(axis=1, keepdims=True).astype(np.float64))
        want = e / e.sum(axis=1, keepdims=True)
        assert np.abs(kernel(x) - want).max() < 2e-3
    assert compilations == ["main"]


def test_outer_dimensions(compilations) -> None:
    b, m = T.dynamic("b, m")

    @T.prim_func
    def main(A: T.Tensor((b, 3, m, 64), "float32"), C: T.Tensor((b, 3, m, 64), "float32")):
        with T.Kernel(T.ceildiv(m, 32), 3, b) as (bx, h, z):
            a = T.alloc_shared((32, 64), "float32")
            T.copy(A[z, h, bx * 32, 0], a)
            for i, j in T.Parallel(32, 64):
                a[i, j] = a[i, j] * 2.0
            T.copy(a, C[z, h, bx * 32, 0])

    kernel = tilelang.compile(main, out_idx=[1])
    for shape in ((1, 3, 1, 64), (5, 3, 70, 64), (2, 3, 64, 64)):
        a = rows(*shape)
        assert (kernel(a) == a * 2).all()
    assert compilations == ["main"]


def test_blocks_in_turn(compilations) -> None:
    """A launch of constant extent whose loop a size bounds."""
    m = T.dynamic("m")

    @T.prim_func
    def main(A: T.Tensor((m, 32), "float32"), C: T.Tensor((m, 32), "float32")):
        with T.Kernel(4) as core:
            a = T.alloc_shared((32, 32), "float32")
            for s in T.serial(T.ceildiv(m, 128)):
                T.copy(A[(s * 4 + core) * 32, 0], a)
                for i, j in T.Parallel(32, 32):
                    a[i, j] = a[i, j] + 1.0
                T.copy(a, C[(s * 4 + core) * 32, 0])

    kernel = tilelang.compile(main, out_idx=[1])
    for size in (1, 128, 300):
        a = rows(size, 32)
        assert (kernel(a) == a + 1).all()
    assert compilations == ["main"]


@tilelang.jit
def eager(A, scale: float):
    m = T.dynamic("m")
    A: T.Tensor((m, 32), "float32")
    C = T.empty((m, 32), "float32")
    with T.Kernel(T.ceildiv(m, 32)) as bx:
        a = T.alloc_shared((32, 32), "float32")
        T.copy(A[bx * 32, 0], a)
        for i, j in T.Parallel(32, 32):
            a[i, j] = a[i, j] * scale
        T.copy(a, C[bx * 32, 0])
    return C


def test_eager_style(compilations) -> None:
    for size in (1, 64, 100):
        a = rows(size, 32)
        assert (eager(a, 2.0) == a * 2).all()
    assert compilations == ["eager"]


def test_scalars_are_compiled_in_sizes_are_not(compilations) -> None:
    n = T.dynamic("n")

    @T.prim_func
    def main(A: T.Tensor((n,), "float32"), f: T.float32, C: T.Tensor((n,), "float32")):
        with T.Kernel(T.ceildiv(n, 1024)) as bx:
            a = T.alloc_shared((1024,), "float32")
            T.copy(A[bx * 1024], a)
            for i in T.Parallel(1024):
                a[i] = a[i] * f
            T.copy(a, C[bx * 1024])

    kernel = tilelang.compile(main, out_idx=[2])
    for size, f in ((1, 2.0), (3000, 2.0), (77, 0.5)):
        a = rows(size)
        assert (kernel(a, f) == a * np.float32(f)).all()
    assert len(compilations) == 2  # one for each factor


# -- the plan -------------------------------------------------------------------
def test_the_plan_says_how_work_follows_from_sizes() -> None:
    plan = tilelang.compile(gemm(), out_idx=[2]).plan
    assert [s["name"] for s in plan["sizes"]] == ["m", "k", "n"]
    assert plan["tensors"][0]["shape"] == ["m", "k"]
    assert plan["tensors"][0]["tile_rows"] == ["ceildiv", "m", 32]
    work = plan["work"]
    assert work["launch_grid"] == [["ceildiv", "n", 64], ["ceildiv", "m", 64]]
    assert work["split"] == "balanced" and "per_core" not in work
    reader = plan["kernels"][0]
    assert [a["kind"] for a in reader["common_runtime_args"]] == ["size"] * 3


@FEW
@given(st.integers(1, 4000), st.integers(1, 4000))
def test_every_item_is_given_to_one_core(m: int, n: int) -> None:
    text = tilelang.compile(add(), out_idx=[2]).files["tt.plan.json"]
    resolved, problems = driver.load_simulator().resolve_plan(text, {"m": m, "n": n})
    assert not problems and not driver.load_simulator().validate_plan(resolved)
    work = json.loads(resolved)["work"]
    items = -(-n // 64) * -(-m // 32)
    counts = [c["count"] for c in work["per_core"]]
    assert work["items"] == items == sum(counts)
    assert max(counts) - min(counts) <= 1 and counts == sorted(counts, reverse=True)
    starts = [c["start"] for c in work["per_core"]]
    assert starts == [sum(counts[:i]) for i in range(len(counts))]


def test_a_folder_runs_for_any_sizes(tmp_path: pathlib.Path) -> None:
    kernel = tilelang.compile(add(), out_idx=[2])
    kernel.write_artifacts_to_disk(str(tmp_path))
    for m, n in ((33, 70), (64, 129)):
        a, b = rows(m, n), rows(m, n, seed=1)
        np.save(tmp_path / "A.npy", a)
        np.save(tmp_path / "B.npy", b)
        assert simulate.run_folder(str(tmp_path)) == 0
        assert (np.load(tmp_path / "C.npy") == a + b).all()


def test_main_cpp_runs_for_any_sizes(tmp_path: pathlib.Path) -> None:
    kernel = tilelang.compile(add(), out_idx=[2], target="p150")
    kernel.write_artifacts_to_disk(str(tmp_path))
    text = (tmp_path / "main.cpp").read_text()
    assert "SetCommonRuntimeArgs(program, reader, {m, n});" in text
    for m, n in ((33, 70), (500, 129)):
        a, b = rows(m, n), rows(m, n, seed=1)
        np.save(tmp_path / "A.npy", a)
        np.save(tmp_path / "B.npy", b)
        assert cli.main(["sim", str(tmp_path / "main.cpp"), str(tmp_path)]) == 0
        assert (np.load(tmp_path / "C.npy") == a + b).all()


# -- what is wrong ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("m", "n", "code"),
    [(0, 64, "TW7008"), (64, 0, "TW7008")],
)
def test_sizes_that_cannot_be(m: int, n: int, code: str) -> None:
    kernel = tilelang.compile(add(), out_idx=[2])
    a = np.zeros((m, n), np.float32)
    with pytest.raises(ArgumentError) as caught:
        kernel(a, a)
    text = str(caught.value)
    assert f"[{code}]" in text and "is not from 1 to 1073741824" in text
    assert "test_all_sizes.py" in text


def test_more_than_the_memory_of_the_chip() -> None:
    kernel = tilelang.compile(add(), out_idx=[2])
    huge = np.broadcast_to(np.zeros((1, 1), np.float32), (1 << 20, 1 << 14))
    simulator = driver.load_simulator()
    text, problems = simulator.resolve_plan(
        kernel.files["tt.plan.json"], {"m": huge.shape[0], "n": huge.shape[1]}
    )
    assert not problems
    assert "larger than the memory of n150" in simulator.validate_plan(text)[0]


def test_shapes_that_contradict_each_other() -> None:
    kernel = tilelang.compile(add(), out_idx=[2])
    with pytest.raises(TilewrightError, match=r"\[TW7006\] 'm' is 4 .* and 5 in 'B'"):
        kernel(rows(4, 8), rows(5, 8))


# -- what needs numbers -------------------------------------------------------------
def test_what_needs_numbers_is_compiled_for_each_size(compilations) -> None:
    m = T.dynamic("m")

    @T.prim_func
    def main(A: T.Tensor((m, 32), "float32"), S: T.Tensor((32, 32), "float32")):
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            a = T.alloc_shared((32, 32), "float32")
            T.copy(A[bx * 32, 0], a)
            T.atomic_add(S[0, 0], a)

    kernel = tilelang.compile(main)
    (remark,) = kernel.remarks
    assert remark.code == "TW1044" and "update the same elements" in remark.message
    for size in (32, 96, 40):
        a, s = rows(size, 32), np.zeros((32, 32), np.float32)
        kernel(a, s)
        padded = np.zeros((-(-size // 32) * 32, 32), np.float32)
        padded[:size] = a
        want = padded.reshape(-1, 32, 32).sum(axis=0)
        assert np.abs(s - want).max() < 1e-4
    assert len(kernel.variants) == 3
