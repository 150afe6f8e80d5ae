"""Flash attention forward from TileLang source to numbers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import tilewright.language as T

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import flash_attention  # noqa: E402
import report  # noqa: E402


def attend(shape, seq_kv, causal, blocks, dtype=T.bfloat16, stages=2):
    batch, heads, seq_q, dim = shape
    kernel = flash_attention.flash_attention(
        batch, heads, seq_q, seq_kv, dim, causal, *blocks, stages=stages, dtype=dtype
    )
    host = dtype.as_numpy()
    q = report.random_array(shape, host, seed=1)
    k, v = (report.random_array((batch, heads, seq_kv, dim), host, seed=s) for s in (2, 3))
    want = flash_attention.reference(report.f64(q), report.f64(k), report.f64(v), causal)
    return kernel, report.relative_error(kernel(q, k, v), want)


@pytest.mark.parametrize(
    ("shape", "seq_kv", "blocks"),
    [
        ((1, 2, 128, 64), 128, (64, 64)),
        ((2, 1, 64, 128), 192, (32, 64)),
        ((1, 1, 128, 32), 128, (128, 32)),
    ],
)
def test_forward(shape, seq_kv, blocks) -> None:
    _, error = attend(shape, seq_kv, False, blocks)
    assert error <= 8e-3


def test_forward_float16() -> None:
    _, error = attend((1, 1, 64, 64), 128, False, (64, 64), dtype=T.float16)
    assert error <= 2e-3


def test_sequences_that_are_no_multiple_of_the_block() -> None:
    _, error = attend((1, 1, 100, 64), 130, False, (64, 64))
    assert error <= 8e-3


@pytest.mark.parametrize("causal", [False, True])
def test_no_set_up_call_in_the_loop_is_redundant(causal) -> None:
    kernel, _ = attend((1, 1, 64, 64), 256, causal, (64, 64))
    lines = kernel.source.files["compute.cpp"].splitlines()
    # The loop over blocks of keys stands at the second level.
    first = next(i for i, line in enumerate(lines) if line.startswith("    for (uint32_t k = 0"))
    last = next(i for i in range(first, len(lines)) if lines[i] == "    }")
    places = kernel.last_run.report["redundant_inits"]["places"]
    # The first iteration may find what the start-up call left, on each core once.
    redundant = [p for p in places if first < p["line"] - 1 < last and p["count"] > kernel.cores]
    assert redundant == []


def test_one_compute_kernel() -> None:
    kernel, _ = attend((1, 1, 64, 64), 128, False, (64, 64))
    plan = json.loads(kernel.plan) if isinstance(kernel.plan, str) else kernel.plan
    roles = [k["role"] for k in plan["kernels"]]
    assert sorted(roles) == ["compute", "reader", "writer"]
