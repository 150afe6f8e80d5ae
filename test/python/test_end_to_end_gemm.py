"""GEMM from TileLang source to numbers, against NumPy in double precision."""

from __future__ import annotations

import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
import tilewright.language as T

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import gemm  # noqa: E402
import gemm_bias_gelu  # noqa: E402
import gemm_variants  # noqa: E402
import report  # noqa: E402

TOLERANCE = {"bfloat16": 3e-3, "float16": 2e-3, "float32": 2e-3}


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch):
    """Chooses the device and the core grid."""

    def choose(device: str = "n150", cores: str = "") -> None:
        monkeypatch.setenv("TILEWRIGHT_DEVICE", device)
        monkeypatch.setenv("TILEWRIGHT_CORES", cores)

    choose()
    return choose


def check(got: np.ndarray, want: np.ndarray, tolerance: float) -> None:
    assert got.shape == want.shape
    assert report.relative_error(got, want) <= tolerance


def product(M, N, K, block, stages, dtype="bfloat16") -> None:
    host = T.dtype(dtype).as_numpy()
    a = report.random_array((M, K), host, seed=1)
    b = report.random_array((K, N), host, seed=2)
    kernel = gemm.matmul(M, N, K, *block, stages, T.dtype(dtype))
    got = kernel(a, b)
    assert got.dtype == host
    check(got, report.f64(a) @ report.f64(b), TOLERANCE[dtype])


@pytest.mark.parametrize(
    ("shape", "block", "stages", "cores"),
    [
        ((1, 1, 1), (32, 32, 32), 1, "1x1"),
        ((64, 64, 64), (32, 32, 32), 2, "2x2"),
        ((100, 70, 50), (32, 64, 32), 2, ""),
        ((257, 129, 65), (64, 32, 96), 3, "3x2"),
        ((33, 500, 31), (64, 128, 32), 4, "1x1"),
        ((256, 256, 256), (128, 256, 64), 4, ""),
        ((320, 320, 64), (32, 32, 32), 2, "2x2"),
        ((512, 512, 256), (64, 64, 64), 2, ""),
        ((31, 33, 2048), (32, 64, 256), 1, ""),
    ],
    ids=lambda v: "x".join(map(str, v)) if isinstance(v, tuple) else str(v or "all"),
)
def test_shapes_blocks_stages_and_grids(chip, shape, block, stages, cores) -> None:
    chip(cores=cores)
    product(*shape, block, stages)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_input_types(chip, dtype: str) -> None:
    product(96, 160, 200, (64, 64, 64), 2, dtype)


@pytest.mark.parametrize("device", ["n150", "n300", "p150", "p100a"])
def test_devices(chip, device: str) -> None:
    chip(device)
    product(256, 320, 128, (32, 32, 64), 2)


def test_all_cores_of_the_grid_have_work(chip) -> None:
    kernel = gemm.matmul.compile(512, 512, 64, 64, 64, 64)
    assert kernel.cores == 64
    chip(cores="3x3")
    assert gemm.matmul.compile(512, 512, 64, 64, 64, 64).cores == 9


@pytest.mark.parametrize("transpose_A", [False, True])
@pytest.mark.parametrize("transpose_B", [False, True])
@pytest.mark.parametrize("dtype", ["bfloat16", "float32"])
def test_transposed_operands(chip, transpose_A: bool, transpose_B: bool, dtype: str) -> None:
    M, N, K = 96, 130, 70
    host = T.dtype(dtype).as_numpy()
    a = report.random_array((K, M) if transpose_A else (M, K), host, seed=1)
    b = report.random_array((N, K) if transpose_B else (K, N), host, seed=2)
    kernel = gemm_variants.matmul(
        M, N, K, 64, 32, 32, 2, T.dtype(dtype), "float32", transpose_A, transpose_B
    )
    want = (report.f64(a).T if transpose_A else report.f64(a)) @ (
        report.f64(b).T if transpose_B else report.f64(b)
    )
    check(kernel(a, b), want, TOLERANCE[dtype])


@pytest.mark.parametrize("batch", [1, 3])
def test_batch_in_the_third_grid_dimension(chip, batch: int) -> None:
    M, N, K = 64, 100, 96
    kernel = gemm_variants.batched_matmul(batch, M, N, K, 32, 64, 32, 2)
    a = report.random_array((batch, M, K), ml_dtypes.bfloat16, seed=1)
    b = report.random_array((batch, K, N), ml_dtypes.bfloat16, seed=2)
    check(kernel(a, b), np.matmul(report.f64(a), report.f64(b)), 3e-3)


def test_two_products_share_one_operand(chip) -> None:
    M, N, K = 64, 96, 128
    kernel = gemm_variants.two_products(M, N, K, 64, 32, 64, 2)
    a = report.random_array((M, K), ml_dtypes.bfloat16, seed=1)
    b = report.random_array((K, N), ml_dtypes.bfloat16, seed=2)
    e = report.random_array((K, N), ml_dtypes.bfloat16, seed=3)
    c, d = kernel(a, b, e)
    check(c, report.f64(a) @ report.f64(b), 3e-3)
    check(d, report.f64(a) @ report.f64(e), 3e-3)


@pytest.mark.parametrize("activation", ["gelu", "relu", "silu"])
def test_bias_and_activation(chip, activation: str) -> None:
    M, N, K = 70, 150, 96
    kernel = gemm_bias_gelu.linear(M, N, K, 32, 64, 32, 2, activation)
    a = report.random_array((M, K), ml_dtypes.bfloat16, seed=1)
    b = report.random_array((K, N), ml_dtypes.bfloat16, seed=2, scale=K**-0.5)
    bias = report.random_array((N,), ml_dtypes.bfloat16, seed=3)
    want = gemm_bias_gelu.reference(activation, report.f64(a) @ report.f64(b) + report.f64(bias))
    check(kernel(a, b, bias), want, 5e-3)


def test_accumulation_in_fp32_at_a_long_k(chip) -> None:
    product(32, 32, 4096, (32, 32, 128), 2)


def test_the_same_call_gives_the_same_bytes(chip) -> None:
    kernel = gemm.matmul(64, 64, 64, 32, 32, 32, 2)
    a = report.random_array((64, 64), ml_dtypes.bfloat16, seed=1)
    first, cycles = kernel(a, a).tobytes(), kernel.last_run.cycles
    assert kernel(a, a).tobytes() == first
    assert kernel.last_run.cycles == cycles
