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


def test_scalar_arguments_are_arguments_too(compilations) -> None:
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
    for size, f in ((1, 2.0), (3000, -1.5), (77, 0.1), (77, float("inf"))):
        a = rows(size)
        assert (kernel(a, f) == a * np.float32(f)).all()
    assert compilations == ["main"] and not kernel.remarks


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
    assert "SetCommonRuntimeArgs(program, reader, {n});" in text
    for m, n in ((33, 70), (500, 129)):
        a, b = rows(m, n), rows(m, n, seed=1)
        np.save(tmp_path / "A.npy", a)
        np.save(tmp_path / "B.npy", b)
        assert cli.main(["sim", str(tmp_path / "main.cpp"), str(tmp_path)]) == 0
        assert (np.load(tmp_path / "C.npy") == a + b).all()


# -- what is wrong ----------------------------------------------------------------
def row_sums():
    m, n = T.dynamic("m, n")

    @T.prim_func
    def main(A: T.Tensor((m, n), "float32"), C: T.Tensor((m,), "float32")):
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            a, c = T.alloc_shared((32, 64), "float32"), T.alloc_fragment((32,), "float32")
            T.clear(c)
            for k in T.serial(T.ceildiv(n, 64)):
                T.copy(A[bx * 32, k * 64], a)
                T.reduce_sum(a, c, dim=1, clear=False)
            T.copy(c, C[bx * 32])

    return main


@pytest.mark.parametrize(("m", "n"), [(0, 64), (64, 0), (0, 0)])
def test_nothing_runs_where_nothing_is_written(m: int, n: int) -> None:
    kernel = tilelang.compile(add(), out_idx=[2])
    a = np.zeros((m, n), np.float32)
    got = kernel(a, a)
    assert got.shape == (m, n) and got.dtype == np.float32 and kernel.last_run.cycles == 0
    assert kernel(np.ones((3, 4), np.float32), np.ones((3, 4), np.float32)).sum() == 24


def test_a_size_of_zero_in_place_and_in_derived_shapes() -> None:
    n = T.dynamic("n")

    @T.prim_func
    def main(
        A: T.Tensor((n,), "int32"), B: T.Tensor((n,), "int32"), C: T.Tensor((n * 2,), "int32")
    ):
        with T.Kernel(T.ceildiv(n, 32)) as bx:
            for i in T.Parallel(32):
                B[bx * 32 + i] += A[bx * 32 + i]
                C[bx * 32 + i] = A[bx * 32 + i]

    kernel = tilelang.compile(main)
    assert kernel(*(np.zeros(k, np.int32) for k in (0, 0, 0))) is None


def test_sizes_that_cannot_be() -> None:
    kernel = tilelang.compile(row_sums(), out_idx=[1])
    assert kernel(np.zeros((0, 7), np.float32)).shape == (0,)
    with pytest.raises(ArgumentError) as caught:
        kernel(np.zeros((7, 0), np.float32))
    text = str(caught.value)
    assert "[TW7008]" in text and "size n: 0 is not from 1 to 1073741824" in text
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


def annotated(m, n):
    @T.prim_func
    def main(A: T.Tensor((m, n), "float32"), C: T.Tensor((m, n), "float32")):
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            T.annotate_tt_schedule(order="column_major")
            for k in range(T.ceildiv(n, 32)):
                a = T.alloc_shared((32, 32), "float32")
                T.copy(A[bx * 32, k * 32], a)
                T.copy(a, C[bx * 32, k * 32])

    return main


def test_only_what_has_to_be_a_number_is_compiled_in(compilations) -> None:
    m, n = T.dynamic("m, n")
    kernel = tilelang.compile(annotated(m, n), out_idx=[1])
    before = kernel.remarks[0]
    assert "for each set of sizes (m, n): " in before.message
    # The annotation is the cause, and is where the remark points.
    assert "order of an annotation says what each core does" in before.message
    assert before.span and "test_all_sizes.py" in before.span.file
    for size in ((64, 32), (64, 100), (64, 7), (40, 70)):
        a = rows(*size)
        assert (kernel(a) == a).all()
    # For all sizes, then with a number for m; and again for another m.
    assert len(compilations) == 3
    message = kernel.remarks[0].message
    assert "for each value of m (n stays an argument): " in message


def test_a_core_grid_goes_with_any_size(compilations) -> None:
    m = T.dynamic("m")

    @T.prim_func
    def main(A: T.Tensor((m, 32), "float32"), C: T.Tensor((m, 32), "float32")):
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            T.annotate_tt_schedule(core_grid=(3, 2), order="row_major")
            a = T.alloc_shared((32, 32), "float32")
            T.copy(A[bx * 32, 0], a)
            T.copy(a, C[bx * 32, 0])

    kernel = tilelang.compile(main, out_idx=[1])
    for size, cores in ((33, 2), (1000, 6)):
        a = rows(size, 32)
        assert (kernel(a) == a).all() and kernel.cores == cores
        assert {tuple(c["core"]) for c in kernel.last_plan["work"]["per_core"]} <= {
            (x, y) for x in range(3) for y in range(2)
        }
    assert compilations == ["main"] and not kernel.remarks


def test_a_fault_of_the_compiler_is_no_reason_to_compile_for_each_size(tmp_path) -> None:
    options = {"fail_pass": "tt-grid-to-core-grid", "reproducer_dir": str(tmp_path)}
    with pytest.raises(TilewrightError, match=r"\[TW9003\] the pass .* crashed"):
        driver.JITKernel(add(), out_idx=[2], options=options)


def test_a_wrong_program_says_so_at_the_call() -> None:
    n = T.dynamic("n")

    @T.prim_func
    def main(A: T.Tensor((n,), "float32"), C: T.Tensor((n,), "float32")):
        with T.Kernel(1):
            a = T.alloc_shared((32,), "float32")
            T.copy(a, C[0])
            T.copy(A[0], a)

    kernel = tilelang.compile(main, out_idx=[1])
    with pytest.raises(TilewrightError, match=r"\[TW4004\] a is read here"):
        kernel(rows(32))


def test_an_integer_of_a_tensor_steers_a_launch_of_any_size(compilations) -> None:
    m, n = T.dynamic("m, n")

    @T.prim_func
    def main(
        A: T.Tensor((m, n), "float32"),
        order: T.Tensor((m,), "int32"),
        C: T.Tensor((m, n), "float32"),
    ):
        with T.Kernel(T.ceildiv(m, 32)) as bx:
            a = T.alloc_shared((32, 64), "float32")
            for k in range(T.ceildiv(n, 64)):
                T.copy(A[order[bx] * 32, k * 64], a)
                T.copy(a, C[bx * 32, k * 64])

    kernel = tilelang.compile(main, out_idx=[2])
    for blocks, columns in ((3, 70), (5, 200), (1, 1)):
        a = rows(blocks * 32, columns)
        order = np.zeros(blocks * 32, np.int32)
        order[:blocks] = np.random.default_rng(blocks).permutation(blocks)
        want = np.concatenate([a[b * 32 : b * 32 + 32] for b in order[:blocks]])
        assert (kernel(a, order) == want).all()
    assert compilations == ["main"]


# -- scalar arguments -------------------------------------------------------------
@FEW
@given(
    st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False),
    st.integers(0, 3),
    st.integers(-100, 100),
)
def test_scalars_of_several_types(compilations, f: float, blocks: int, add: int) -> None:
    """One kernel: a float that scales, an integer that bounds a loop and is an offset,
    and one that is added."""
    compilations.clear()

    @T.prim_func
    def main(
        A: T.Tensor((128, 32), "float32"),
        f: T.float32,
        blocks: T.int32,
        C: T.Tensor((128, 32), "float32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((32, 32), "float32")
            for k in range(blocks):
                T.copy(A[k * 32, 0], a)
                for i, j in T.Parallel(32, 32):
                    a[i, j] = T.max(a[i, j], f)
                T.copy(a, C[(blocks - 1 - k) * 32, 0])

    kernel = tilelang.compile(main)
    a = rows(128, 32, seed=add + 100)
    c = np.zeros_like(a)
    kernel(a, f, blocks, c)
    want = np.zeros_like(a)
    for k in range(blocks):
        want[(blocks - 1 - k) * 32 :][:32] = np.maximum(a[k * 32 : k * 32 + 32], np.float32(f))
    assert (c == want).all()
    kernel(a, f / 2, 1, c)
    assert (c[:32] == np.maximum(a[:32], np.float32(f / 2))).all()
    assert len(compilations) == 1


def test_a_scalar_that_decides_the_launch_is_compiled_in(compilations) -> None:
    @T.prim_func
    def main(n: T.int32, f: T.float32, C: T.Tensor((96, 32), "float32")):
        with T.Kernel(n) as bx:
            a = T.alloc_shared((32, 32), "float32")
            T.fill(a, f)
            T.copy(a, C[bx * 32, 0])

    kernel = tilelang.compile(main)
    for n, f in ((1, 2.0), (1, 3.0), (3, 4.0)):
        c = np.zeros((96, 32), np.float32)
        kernel(n, f, c)
        assert (c[: 32 * n] == f).all() and not c[32 * n :].any()
    assert len(compilations) == 3  # for all, for n = 1, for n = 3
    (remark,) = [r for r in kernel.remarks if r.code == "TW1044"]
    assert "for each value of n (f stays an argument)" in remark.message
    assert "is needed before the launch" in remark.message


def test_programs_without_tile_form_take_scalars_too(compilations) -> None:
    @T.prim_func
    def main(
        A: T.Tensor((50,), "float32"),
        at: T.Tensor((50,), "int32"),
        f: T.float32,
        C: T.Tensor((50,), "float32"),
    ):
        with T.Kernel(1):
            for i in T.Parallel(50):
                C[i] = A[at[i]] * f

    kernel = tilelang.compile(main, out_idx=[3])
    a, at = rows(50), np.arange(50, dtype=np.int32)[::-1].copy()
    for f in (2.0, 0.5, -3.0):
        assert (kernel(a, at, f) == a[at] * np.float32(f)).all()
    first = len(compilations)
    assert (kernel(a, at, 7.0) == a[at] * np.float32(7)).all()
    assert len(compilations) == first


# -- the estimate -------------------------------------------------------------------
def test_the_estimate_is_made_for_the_sizes_of_the_run() -> None:
    kernel = tilelang.compile(gemm(), out_idx=[2])
    general = kernel.plan["estimate"]
    assert general["size"] == 1024 and general["terms"]
    simulator = driver.load_simulator()

    def at(m: int, n: int, k: int) -> dict:
        text, problems = simulator.resolve_plan(
            kernel.files["tt.plan.json"], {"m": m, "n": n, "k": k}
        )
        assert not problems
        return json.loads(text)["estimate"]

    same = at(1024, 1024, 1024)
    assert same == {key: general[key] for key in same}
    assert at(64, 64, 64)["cycles"] < same["cycles"] / 4
    # What is compiled for these sizes is expected to take as long.
    fixed = tilelang.compile(kernel.prim_func.specialised({"m": 320, "n": 200, "k": 96}), [2])
    for key, value in at(320, 200, 96).items():
        wanted = fixed.plan["estimate"][key]
        assert value == wanted if isinstance(value, str) else abs(value - wanted) <= wanted / 5


@pytest.mark.parametrize("causal", [False, True])
def test_masks_at_sizes_of_a_call(causal: bool) -> None:
    """What a row sums up behind the end of a tensor, or above the diagonal, is left out."""
    rows, cols = T.dynamic("rows, cols")

    @T.prim_func
    def main(x: T.Tensor((rows, cols), "float32"), y: T.Tensor((rows,), "float32")):
        with T.Kernel(T.ceildiv(rows, 32)) as bx:
            s = T.alloc_fragment((32, 64), "float32")
            total = T.alloc_fragment((32,), "float32")
            T.clear(total)
            for k in T.Pipelined(T.ceildiv(cols, 64), num_stages=2):
                T.copy(x[bx * 32, k * 64], s)
                for i, j in T.Parallel(32, 64):
                    at = k * 64 + j
                    inside = at <= bx * 32 + i if causal else at < cols - 1
                    s[i, j] = T.if_then_else(inside, s[i, j] + 1, 0)
                T.reduce_sum(s, total, dim=1, clear=False)
            T.copy(total, y[bx * 32])

    kernel = tilelang.compile(main, out_idx=[1])
    for shape in [(33, 100), (1, 1), (70, 64), (64, 129)]:
        x = np.random.default_rng(0).integers(-9, 9, shape).astype(np.float32)
        i, j = np.ogrid[: shape[0], : -(-shape[1] // 64) * 64]
        wide = np.pad(x, ((0, 0), (0, j.size - shape[1]))) + 1
        want = np.where(j <= i if causal else j < shape[1] - 1, wide, 0).sum(1)
        np.testing.assert_array_equal(kernel(x), want)
    assert not kernel.remarks
