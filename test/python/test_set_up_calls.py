"""No init or reconfig call of a generated kernel is redundant: the simulator counts those
that set what is set already."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tilewright
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


@tilewright.jit(out_idx=[-5, -4, -3, -2, -1])
def gated_backward(width, block):
    size = 64

    @T.prim_func
    def main(
        mix: T.Tensor((size, size), "float32"),
        scale: T.Tensor((size,), "float32"),
        x: T.Tensor((size, width), "float32"),
        gate: T.Tensor((size, width), "float32"),
        dy: T.Tensor((size, width), "float32"),
        du: T.Tensor((size, width), "float32"),
        dx: T.Tensor((size, width), "float32"),
        dgate: T.Tensor((size, width), "float32"),
        dv: T.Tensor((size, width), "float32"),
        dscale: T.Tensor((size,), "float32"),
        dmix: T.Tensor((size, size), "float32"),
    ):
        with T.Kernel(1):
            mix_s = T.alloc_shared((size, size), "float32")
            scale_s = T.alloc_shared((size,), "float32")
            x_s = T.alloc_shared((size, block), "float32")
            gate_s = T.alloc_shared((size, block), "float32")
            grown = T.alloc_shared((size, block), "float32")
            gated = T.alloc_shared((size, block), "float32")
            dy_s = T.alloc_shared((size, block), "float32")
            du_s = T.alloc_shared((size, 64), "float32")
            lower = T.alloc_shared((size, size), "float32")
            mixed = T.alloc_fragment((size, block), "float32")
            dx_f = T.alloc_fragment((size, block), "float32")
            parts = T.alloc_fragment((size, block), "float32")
            dgate_f = T.alloc_fragment((size, block), "float32")
            mixed_u = T.alloc_fragment((size, 64), "float32")
            dv_f = T.alloc_fragment((size, 64), "float32")
            dscale_f = T.alloc_fragment((size,), "float32")
            first = T.alloc_fragment((size, size), "float32")
            second = T.alloc_fragment((size, size), "float32")
            ones = T.alloc_fragment((size, size), "float32")
            T.fill(ones, 1.0)
            T.clear(dscale_f)
            T.copy(mix, mix_s)
            T.copy(scale, scale_s)
            for k in T.Pipelined(width // block, num_stages=0):
                T.copy(x[0, k * block], x_s)
                T.copy(gate[0, k * block], gate_s)
                for i, j in T.Parallel(size, block):
                    grown[i, j] = T.exp2(gate_s[i, j])
                    gated[i, j] = x_s[i, j] * scale_s[i] * grown[i, j]
                T.copy(dy[0, k * block], dy_s)
                T.gemm(mix_s, dy_s, mixed, transpose_A=True, clear_accum=True)
                for i, j in T.Parallel(size, block):
                    dx_f[i, j] = mixed[i, j] * grown[i, j] * scale_s[i] + x_s[i, j]
                    parts[i, j] = mixed[i, j] * x_s[i, j] * grown[i, j]
                T.reduce_sum(parts, dscale_f, dim=1, clear=False)
                for i, j in T.Parallel(size, block):
                    dgate_f[i, j] = mixed[i, j] * gated[i, j] + gate_s[i, j]
                T.copy(dx_f, dx[0, k * block])
                T.copy(dgate_f, dgate[0, k * block])
            for k in T.Pipelined(width // 64, num_stages=0):
                T.copy(du[0, k * 64], du_s)
                T.gemm(mix_s, du_s, mixed_u, transpose_A=True, clear_accum=True)
                for i, j in T.Parallel(size, 64):
                    dv_f[i, j] = mixed_u[i, j] * scale_s[i]
                T.copy(dv_f, dv[0, k * 64])
            T.copy(dscale_f, dscale)
            for i, j in T.Parallel(size, size):
                lower[i, j] = T.if_then_else(i > j, ones[i, j], 0.0)
            T.gemm(lower, mix_s, first, transpose_B=True, clear_accum=True)
            T.copy(first, lower)
            T.gemm(mix_s, lower, second, transpose_A=True, clear_accum=True)
            for i, j in T.Parallel(size, size):
                second[i, j] = T.if_then_else(i > j, -second[i, j], 0.0)
            T.copy(second, dmix)

    return main


# A call that leaves a loop at its end, and one further on that takes away what it counts on.
@pytest.mark.parametrize("block", [32, 64, 128])
def test_formats_that_alternate_between_loops(block) -> None:
    kernel = gated_backward(128, block)
    rng = np.random.default_rng(5)
    shapes = [(64, 64), (64,)] + 4 * [(64, 128)]
    mix, scale, x, gate, dy, du = inputs = [
        rng.uniform(-1, 1, shape).astype(np.float32) for shape in shapes
    ]
    mixed, grown = mix.T @ dy, np.exp2(gate)
    wanted = [
        mixed * grown * scale[:, None] + x,
        mixed * x * scale[:, None] * grown + gate,
        mix.T @ du * scale[:, None],
        (mixed * x * grown).sum(1),
        -np.tril(mix.T @ (np.tril(np.ones((64, 64)), -1) @ mix.T), -1),
    ]
    for result, reference in zip(kernel(*inputs), wanted, strict=True):
        assert np.linalg.norm(result - reference) <= 5e-3 * np.linalg.norm(reference)
