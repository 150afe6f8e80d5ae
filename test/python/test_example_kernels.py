"""The smaller examples at small sizes, against NumPy."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tilewright.language as T

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import elementwise_chain  # noqa: E402
import masks  # noqa: E402
import reductions  # noqa: E402
import report  # noqa: E402
import softmax  # noqa: E402
import swiglu  # noqa: E402
import transpose  # noqa: E402


def test_elementwise_chain_is_one_section() -> None:
    kernel = elementwise_chain.chain(40, 70, 32, 64)
    x, y = (report.random_array((40, 70), np.float32, seed=k) for k in (1, 2))
    want = elementwise_chain.reference(report.f64(x), report.f64(y))
    assert report.relative_error(kernel(x, y), want) <= 1e-6
    compute = kernel.source.files["compute.cpp"]
    assert compute.count("tile_regs_acquire()") == 1
    # Two inputs and an output: nothing between goes through L1.
    assert compute.count("constexpr uint32_t cb_") == 3


def test_swiglu() -> None:
    host = T.bfloat16.as_numpy()
    x = report.random_array((40, 96), host, seed=1)
    gate, up = (report.random_array((96, 64), host, seed=k, scale=0.1) for k in (2, 3))
    got = swiglu.swiglu(40, 64, 96, 32, 32, 32)(x, gate, up)
    want = swiglu.reference(*map(report.f64, (x, gate, up)))
    assert report.relative_error(got, want) <= 4e-3


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_transpose(dtype: str) -> None:
    a = report.random_array((40, 100), T.dtype(dtype).as_numpy(), seed=1)
    got = transpose.transpose(40, 100, 32, 64, T.dtype(dtype))(a)
    assert np.array_equal(got, a.T)


@pytest.mark.parametrize("dim", [0, 1])
@pytest.mark.parametrize("kind", ["sum", "absmax"])
def test_reduction_block_by_block(kind: str, dim: int) -> None:
    make = reductions.reduce_rows if dim == 1 else reductions.reduce_columns
    a = report.random_array((128, 128), np.float32, seed=1)
    got = make(128, 128, kind, block=32, length=64)(a)
    assert report.relative_error(got, reductions.NUMPY[kind](report.f64(a), dim)) <= 1e-6


def test_masked_softmax() -> None:
    s = report.random_array((64, 64), np.float32, seed=1)
    distance = np.arange(64)[:, None] - np.arange(64)
    seen = (distance >= 0) & (distance < 20)
    want = softmax.reference(np.where(seen, report.f64(s), -np.inf))
    assert report.relative_error(masks.masked_softmax(64, 20)(s), want) <= 2e-6
