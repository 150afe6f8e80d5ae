"""The smaller examples at small sizes, against NumPy."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tilewright.language as T

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import batched_gemm  # noqa: E402
import elementwise_chain  # noqa: E402
import gemv  # noqa: E402
import linear_attention  # noqa: E402
import masks  # noqa: E402
import persistent_gemm  # noqa: E402
import reductions  # noqa: E402
import report  # noqa: E402
import softmax  # noqa: E402
import split_k  # noqa: E402
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


def on_tiles(kernel: object) -> bool:
    return not [r for r in kernel.remarks if r.code == "TW4043"]


@pytest.mark.parametrize(("batch", "m", "n", "k"), [(3, 64, 64, 64), (2, 40, 70, 100)])
def test_batched_gemm(batch: int, m: int, n: int, k: int) -> None:
    host = T.bfloat16.as_numpy()
    a = report.random_array((batch, m, k), host, seed=1)
    b = report.random_array((batch, k, n), host, seed=2)
    kernel = batched_gemm.batched_gemm(batch, m, n, k, 32, 64, 32)
    want = np.matmul(report.f64(a), report.f64(b))
    assert report.relative_error(kernel(a, b), want) <= 3e-3
    assert on_tiles(kernel)


@pytest.mark.parametrize(("m", "blocks"), [(96, 1), (100, 5), (32, 7)])
def test_persistent_gemm_visits_each_block_once(m: int, blocks: int) -> None:
    host = T.bfloat16.as_numpy()
    a = report.random_array((m, 64), host, seed=1)
    b = report.random_array((64, 192), host, seed=2)
    kernel = persistent_gemm.persistent_gemm(m, 192, 64, 32, 64, 32, blocks)
    want = report.f64(a) @ report.f64(b)
    assert report.relative_error(kernel(a, b), want) <= 3e-3
    assert on_tiles(kernel) and kernel.cores == blocks


@pytest.mark.parametrize(("heads", "sequence", "dim", "chunk"), [(1, 96, 32, 32), (2, 128, 64, 64)])
def test_linear_attention(heads: int, sequence: int, dim: int, chunk: int) -> None:
    shape = (1, heads, sequence, dim)
    q, k, v = (report.random_array(shape, T.bfloat16.as_numpy(), seed=n) for n in (1, 2, 3))
    kernel = linear_attention.linear_attention(*shape, chunk)
    want = linear_attention.reference(*map(report.f64, (q, k, v)))
    assert report.relative_error(kernel(q, k, v), want) <= 6e-3
    assert on_tiles(kernel)


def test_gemv_on_tiles() -> None:
    host = T.bfloat16.as_numpy()
    a = report.random_array((70, 128), host, seed=1)
    x = report.random_array((1, 128), host, seed=2)
    kernel = gemv.gemv(70, 128, 32, 64)
    assert report.relative_error(kernel(a, x), report.f64(a) @ report.f64(x).T) <= 2e-3
    assert on_tiles(kernel)


def test_split_k_in_both_ways() -> None:
    host = T.bfloat16.as_numpy()
    a = report.random_array((64, 256), host, seed=1)
    b = report.random_array((256, 64), host, seed=2)
    want = report.f64(a) @ report.f64(b)
    whole = split_k.with_workspace(64, 64, 256, 4, 32)
    assert report.relative_error(whole(a, b), want) <= 1e-3
    atomic = split_k.with_atomics(64, 64, 256, 4, 32)
    c = np.zeros((64, 64), np.float32)
    atomic(a, b, c)
    assert report.relative_error(c, want) <= 1e-3
    assert on_tiles(whole) and on_tiles(atomic)
