"""No init or reconfig call of a generated kernel is redundant: the simulator counts those
that set what is set already."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import tilewright.language as T

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import flash_attention  # noqa: E402
import gemm_bias_gelu  # noqa: E402
import layer_norm  # noqa: E402
import online_softmax  # noqa: E402
import report  # noqa: E402
import rms_norm  # noqa: E402
import softmax  # noqa: E402

HOST = T.bfloat16.as_numpy()


def count(kernel, *shapes) -> int:
    kernel(*(report.random_array(shape, HOST, seed=i) for i, shape in enumerate(shapes)))
    redundant = kernel.last_run.report["redundant_inits"]
    assert redundant["count"] == sum(p["count"] for p in redundant["places"])
    return redundant["count"]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, 80])
def test_flash_attention(causal, heads) -> None:
    kernel = flash_attention.flash_attention(
        1, heads, 64, 128, 32, causal, 64, 64, stages=2, dtype=T.bfloat16
    )
    q, kv = (1, heads, 64, 32), (1, heads, 128, 32)
    assert count(kernel, q, kv, kv) == 0


@pytest.mark.parametrize("rows", [64, 32 * 80])
def test_row_statistics(rows) -> None:
    assert count(softmax.softmax(rows, 64, 32), (rows, 64)) == 0
    assert count(online_softmax.online_softmax(rows, 128, 32, 64), (rows, 128)) == 0
    assert count(layer_norm.layer_norm(rows, 64, 32), (rows, 64), (64,), (64,)) == 0
    assert count(rms_norm.rms_norm(rows, 64, 32), (rows, 64), (64,)) == 0


@pytest.mark.parametrize("block", [64, 128])
def test_gemm_with_epilogue(block) -> None:
    kernel = gemm_bias_gelu.linear(128, 256, 64, block, block, 32, 2, "gelu")
    assert count(kernel, (128, 64), (64, 256), (256,)) == 0
