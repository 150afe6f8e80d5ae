"""Reductions and row statistics from TileLang source to numbers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tilewright.language as T
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import layer_norm  # noqa: E402
import online_softmax  # noqa: E402
import report  # noqa: E402
import rms_norm  # noqa: E402
import softmax  # noqa: E402

REDUCE = """
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N, kind, dim, start, dtype):
    left = M if dim == 1 else N

    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), Out: T.Tensor((left,), T.float32)):
        with T.Kernel(1) as bx:
            a = T.alloc_shared((M, N), dtype)
            out = T.alloc_fragment((left,), T.float32)
            T.copy(A, a)
            if start is not None:
                T.fill(out, start)
                getattr(T, "reduce_" + kind)(a, out, dim=dim, clear=False)
            else:
                getattr(T, "reduce_" + kind)(a, out, dim=dim)
            T.copy(out, Out)
    return main
"""

NUMPY = {
    "sum": lambda a, axis: a.sum(axis=axis),
    "max": lambda a, axis: a.max(axis=axis),
    "min": lambda a, axis: a.min(axis=axis),
    "absmax": lambda a, axis: np.abs(a).max(axis=axis),
    "abssum": lambda a, axis: np.abs(a).sum(axis=axis),
}
FOLD = {"sum": np.add, "max": np.maximum, "min": np.minimum, "absmax": np.maximum}


def check_reduction(make, shape, kind, dim, start, dtype) -> None:
    # All of one sign: the zeros behind the edge would win a wrong maximum.
    sign = -1 if kind in ("max", "absmax") else 1
    values = np.abs(report.random_array(shape, np.float32, seed=sum(shape))) + 0.5
    a = (sign * values).astype(T.dtype(dtype).as_numpy())
    got = make(*shape, kind, dim, start, dtype)(a)
    want = NUMPY[kind](report.f64(a), dim)
    if start is not None:
        want = FOLD[kind](want, start)
    # Extrema are exact; sums of up to 100 numbers in fp32.
    limit = 1e-6 if kind.endswith("sum") else 0
    assert np.max(np.abs(got - want) / np.abs(want)) <= limit


@pytest.mark.parametrize("kind", sorted(NUMPY))
@pytest.mark.parametrize("dim", [0, 1])
def test_reduction_of_partial_tiles(program, kind: str, dim: int) -> None:
    check_reduction(program(REDUCE)["make"], (40, 70), kind, dim, None, "float32")


@pytest.mark.parametrize("kind", sorted(FOLD))
def test_reduction_onto_previous_contents(program, kind: str) -> None:
    check_reduction(program(REDUCE)["make"], (33, 64), kind, 1, 0.75, "float32")


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    shape=st.tuples(st.integers(1, 100), st.integers(1, 100)),
    kind=st.sampled_from(sorted(NUMPY)),
    dim=st.sampled_from([0, 1]),
    dtype=st.sampled_from(["float32", "bfloat16", "float16"]),
)
def test_reductions_of_any_shape(program, shape, kind, dim, dtype) -> None:
    check_reduction(program(REDUCE)["make"], shape, kind, dim, None, dtype)


def test_float32_sums_keep_all_bits(program) -> None:
    """Sums through the matrix unit would keep ten bits of each number."""
    a = np.full((32, 64), 1.0 + 2.0**-12, np.float32)
    got = program(REDUCE)["make"](32, 64, "sum", 1, None, "float32")(a)
    assert np.all(got == np.float32(64.0 + 2.0**-6))


def softmax_case(shape: tuple, dtype: str) -> float:
    x = report.random_array(shape, T.dtype(dtype).as_numpy(), seed=1)
    got = softmax.softmax(*shape, 32, T.dtype(dtype))(x)
    return report.relative_error(got, softmax.reference(report.f64(x)))


@pytest.mark.parametrize("shape", [(64, 96), (50, 70), (1, 33)])
@pytest.mark.parametrize(("dtype", "limit"), [("float32", 2e-6), ("bfloat16", 4e-3)])
def test_softmax(shape: tuple, dtype: str, limit: float) -> None:
    assert softmax_case(shape, dtype) <= limit


def test_online_softmax() -> None:
    x = report.random_array((64, 256), T.bfloat16.as_numpy(), seed=1)
    got = online_softmax.online_softmax(64, 256, 32, 64)(x)
    assert report.relative_error(got, softmax.reference(report.f64(x))) <= 4e-3


@pytest.mark.parametrize("shape", [(64, 128), (40, 100)])
def test_rms_norm(shape: tuple) -> None:
    x = report.random_array(shape, T.bfloat16.as_numpy(), seed=1)
    weight = report.random_array(shape[1:], T.bfloat16.as_numpy(), seed=2)
    got = rms_norm.rms_norm(*shape, 32)(x, weight)
    want = rms_norm.reference(report.f64(x), report.f64(weight))
    assert report.relative_error(got, want) <= 4e-3


@pytest.mark.parametrize("shape", [(64, 128), (40, 100)])
def test_layer_norm(shape: tuple) -> None:
    x = report.random_array(shape, T.bfloat16.as_numpy(), seed=1)
    gamma = report.random_array(shape[1:], T.bfloat16.as_numpy(), seed=2)
    beta = report.random_array(shape[1:], T.bfloat16.as_numpy(), seed=3)
    got = layer_norm.layer_norm(*shape, 32)(x, gamma, beta)
    want = layer_norm.reference(report.f64(x), report.f64(gamma), report.f64(beta))
    for part, wanted, limit in zip(got, want, (4e-3, 1e-5, 1e-5), strict=True):
        assert report.relative_error(part, wanted) <= limit
