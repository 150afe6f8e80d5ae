"""Faults of the simulator: their page, their examples, and the adversarial mode."""

import os

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from tilewright import cli, faults
from tilewright.diagnostics import TilewrightError
from tilewright.explain import all_entries

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def test_the_page_is_what_the_table_says():
    with open(os.path.join(ROOT, "docs", "simulator", "faults.md"), encoding="utf-8") as page:
        text = page.read()
    assert text == faults.markdown(), "run: python -m tilewright.faults > docs/simulator/faults.md"


def test_every_fault_has_an_example():
    missing = [
        entry.code
        for entry in all_entries().values()
        if entry.code.startswith("TW8") and not faults.example(entry.code, entry.slug)
    ]
    assert not missing


def test_explain_shows_the_program(capsys):
    assert cli.main(["explain", "TW8307"]) == 0
    shown = capsys.readouterr().out
    assert "read-before-barrier" in shown
    assert "noc_async_read_barrier();" in shown


def test_a_seed_that_is_no_number_is_named(monkeypatch):
    monkeypatch.setenv("TILEWRIGHT_ADVERSARIAL", "often")
    ones = np.ones((64, 64), np.float32)
    with pytest.raises(TilewrightError, match="TW8010"):
        add(64, 64)(ones, ones)


@tilelang.jit(out_idx=[-1])
def add(M, N):
    @T.prim_func
    def main(
        A: T.Tensor((M, N), "float32"),
        B: T.Tensor((M, N), "float32"),
        C: T.Tensor((M, N), "float32"),
    ):
        with T.Kernel(T.ceildiv(N, 32), T.ceildiv(M, 32)) as (bx, by):
            a = T.alloc_shared((32, 32), "float32")
            b = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], a)
            T.copy(B[by * 32, bx * 32], b)
            for i, j in T.Parallel(32, 32):
                a[i, j] = a[i, j] + b[i, j]
            T.copy(a, C[by * 32, bx * 32])

    return main


@tilelang.jit(out_idx=[-1])
def matmul(M, N, K, stages):
    @T.prim_func
    def main(
        A: T.Tensor((M, K), "bfloat16"),
        B: T.Tensor((K, N), "bfloat16"),
        C: T.Tensor((M, N), "bfloat16"),
    ):
        with T.Kernel(T.ceildiv(N, 64), T.ceildiv(M, 64)) as (bx, by):
            a = T.alloc_shared((64, 32), "bfloat16")
            b = T.alloc_shared((32, 64), "bfloat16")
            c = T.alloc_fragment((64, 64), "float32")
            T.clear(c)
            for k in T.Pipelined(T.ceildiv(K, 32), num_stages=stages):
                T.copy(A[by * 64, k * 32], a)
                T.copy(B[k * 32, bx * 64], b)
                T.gemm(a, b, c)
            T.copy(c, C[by * 64, bx * 64])

    return main


def equal_under_seeds(kernel, inputs, monkeypatch, seeds=(1, 2, 3)):
    nominal = kernel(*inputs)
    cycles = kernel.last_run.cycles
    others = set()
    for seed in seeds:
        monkeypatch.setenv("TILEWRIGHT_ADVERSARIAL", str(seed))
        delayed = kernel(*inputs)
        others.add(kernel.last_run.cycles)
        assert delayed.tobytes() == nominal.tobytes()
    assert others - {cycles}, "the seeds changed no time"


def test_an_addition_is_the_same_under_delays(monkeypatch):
    rng = np.random.default_rng(1)
    inputs = [rng.standard_normal((96, 160), dtype=np.float32) for _ in range(2)]
    equal_under_seeds(add(96, 160), inputs, monkeypatch)


@pytest.mark.parametrize("stages", [1, 2, 3])
def test_a_product_is_the_same_under_delays(stages, monkeypatch):
    import ml_dtypes

    rng = np.random.default_rng(2)
    a = rng.standard_normal((128, 96)).astype(ml_dtypes.bfloat16)
    b = rng.standard_normal((96, 192)).astype(ml_dtypes.bfloat16)
    equal_under_seeds(matmul(128, 192, 96, stages), [a, b], monkeypatch)


def test_the_switch_sets_the_seed(monkeypatch, capsys):
    monkeypatch.delenv("TILEWRIGHT_ADVERSARIAL", raising=False)
    path = os.path.join(ROOT, "examples", "add.py")
    monkeypatch.setattr("sys.argv", ["tilewright"])
    assert cli.main(["run", "--adversarial", "7", path, "--M", "64", "--N", "64"]) in (0, None)
    assert os.environ.pop("TILEWRIGHT_ADVERSARIAL") == "7"
    assert "PASS" in capsys.readouterr().out


@pytest.mark.parametrize("size", [32, 70])
def test_the_first_nan_is_named_with_the_line_of_the_program(size, monkeypatch, capfd):
    @T.prim_func
    def main(A: T.Tensor((size, size), "float32"), B: T.Tensor((size, size), "float32")):
        with T.Kernel(1):
            a = T.alloc_shared((size, size), "float32")
            T.copy(A, a)
            for i, j in T.Parallel(size, size):
                B[i, j] = T.sqrt(a[i, j]) + 1.0

    kernel = tilelang.compile(main, out_idx=[1])
    a = np.ones((size, size), np.float32)
    monkeypatch.setenv("TILEWRIGHT_TRACK_NONFINITE", "1")
    kernel(a)
    assert "TW8602" not in capfd.readouterr().err
    a[3, 5] = -1
    assert np.isnan(kernel(a)).sum() == 1
    said = capfd.readouterr().err
    assert "[TW8602] the first NaN appears" in said
    line = next(n for n, t in enumerate(open(__file__), 1) if "T.sqrt(a[i, j])" in t)
    assert f"test_faults.py:{line}: B[i, j] = T.sqrt(a[i, j]) + 1.0" in said


def test_the_padding_of_tiles_names_no_line(monkeypatch, capfd):
    size = 33

    @T.prim_func
    def main(A: T.Tensor((size, size), "float32"), B: T.Tensor((size, size), "float32")):
        with T.Kernel(1):
            a = T.alloc_shared((size, size), "float32")
            T.copy(A, a)
            for i, j in T.Parallel(size, size):
                a[i, j] = T.log(a[i, j])
            T.copy(a, B)
            for i, j in T.Parallel(size, size):
                B[i, j] = T.sqrt(a[i, j] + 4.0)

    kernel = tilelang.compile(main, out_idx=[1])
    a = np.ones((size, size), np.float32)
    monkeypatch.setenv("TILEWRIGHT_TRACK_NONFINITE", "1")
    assert np.isfinite(kernel(a)).all()  # but log(0) behind its edge is not
    assert "TW8602" not in capfd.readouterr().err
    a[3, 5] = 1e-3
    assert np.isnan(kernel(a)).sum() == 1
    said = capfd.readouterr().err
    assert "row 3, column 5" in said and "T.sqrt(a[i, j] + 4.0)" in said
