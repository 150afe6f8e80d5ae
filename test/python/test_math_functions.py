"""Every function of one and two numbers in T.Parallel against NumPy: ordinary values
and the edges of the function's domain."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tilelang
import tilelang.language as T

SHAPE = (32, 32)
INF, NAN = float("inf"), float("nan")
_erf = np.vectorize(math.erf, otypes=[np.float64])


def _half_away(x):
    return np.sign(x) * np.floor(np.abs(x) + 0.5)


# name -> (body, reference, (low, high), edges, relative tolerance)
ONE = {
    "exp": (T.exp, np.exp, (-20, 20), [0, -INF, INF, NAN], 2e-6),
    "exp2": (T.exp2, np.exp2, (-20, 20), [0, -INF, INF, 3], 2e-6),
    "exp10": (T.exp10, lambda x: 10.0**x, (-8, 8), [0, 1, -1], 1e-5),
    "log": (T.log, np.log, (1e-6, 1e6), [1, INF], 2e-6),
    "log2": (T.log2, np.log2, (1e-6, 1e6), [1, 8, 0.25], 2e-6),
    "log10": (T.log10, np.log10, (1e-6, 1e6), [1, 100], 2e-6),
    "sqrt": (T.sqrt, np.sqrt, (0, 1e6), [0, 1, 4], 1e-6),
    "rsqrt": (T.rsqrt, lambda x: 1 / np.sqrt(x), (1e-6, 1e6), [1, 4], 2e-6),
    "sigmoid": (T.sigmoid, lambda x: 1 / (1 + np.exp(-x)), (-20, 20), [0, 80, -80], 3e-6),
    "tanh": (T.tanh, np.tanh, (-5, 5), [0, 30, -30], 3e-6),
    "sin": (T.sin, np.sin, (-3, 3), [0], 1e-5),
    "cos": (T.cos, np.cos, (-3, 3), [0], 1e-5),
    "tan": (T.tan, np.tan, (-1.4, 1.4), [0, 1], 2e-5),
    "atan": (T.atan, np.arctan, (-50, 50), [0, 1], 1e-5),
    "sinh": (T.sinh, np.sinh, (-5, 5), [0, 1], 2e-5),
    "cosh": (T.cosh, np.cosh, (-5, 5), [0, 1], 1e-5),
    "erf": (T.erf, _erf, (-3, 3), [0, 5, -5], 1e-5),
    "abs": (T.abs, np.abs, (-9, 9), [0, -0.0, INF, -INF], 0),
    "floor": (T.floor, np.floor, (-9, 9), [2, -2, 2.5, -2.5, 0], 0),
    "ceil": (T.ceil, np.ceil, (-9, 9), [2, -2, 2.5, -2.5, 0], 0),
    "trunc": (T.trunc, np.trunc, (-9, 9), [2, -2, 2.5, -2.5, 0], 0),
    "round": (
        T.round,
        _half_away,
        (-9, 9),
        [0.5, 1.5, 2.5, -0.5, -2.5, 0.49999997, 8388607.5, 8388609, -8388609, 3e9],
        0,
    ),
    "truncated": (lambda x: T.truncdiv(x, 2.0), lambda x: np.trunc(x / 2), (-9, 9), [-1, 3], 0),
    "negative": (lambda x: -x, np.negative, (-9, 9), [0, INF, -INF], 0),
    "square": (lambda x: x * x, np.square, (-9, 9), [0, INF], 1e-7),
    "power": (lambda x: T.pow(x, 2.5), lambda x: x**2.5, (0.1, 9), [1, 4], 1e-5),
    "whole_power": (lambda x: T.pow(x, 3), lambda x: x**3, (-9, 9), [0, -1, 2], 1e-6),
    "relu": (lambda x: T.max(x, 0.0), lambda x: np.maximum(x, 0), (-9, 9), [0, -INF, INF], 0),
    "clamp": (lambda x: T.clamp(x, -1.0, 2.0), lambda x: np.clip(x, -1, 2), (-9, 9), [-1, 2], 0),
    "reciprocal": (lambda x: 1.0 / x, lambda x: 1 / x, (0.1, 9), [1, -4, INF], 1e-6),
    "isnan": (
        lambda x: T.if_then_else(T.isnan(x), 1.0, 2.0),
        lambda x: np.where(np.isnan(x), 1, 2),
        (-9, 9),
        [NAN, INF, -INF, 0],
        0,
    ),
    "isinf": (
        lambda x: T.if_then_else(T.isinf(x), 1.0, 2.0),
        lambda x: np.where(np.isinf(x), 1, 2),
        (-9, 9),
        [NAN, INF, -INF, 0],
        0,
    ),
    "isfinite": (
        lambda x: T.if_then_else(T.isfinite(x), 1.0, 2.0),
        lambda x: np.where(np.isfinite(x), 1, 2),
        (-9, 9),
        [NAN, INF, -INF, 0],
        0,
    ),
}
TWO = {
    "add": (lambda x, y: x + y, np.add, 0),
    "subtract": (lambda x, y: x - y, np.subtract, 0),
    "multiply": (lambda x, y: x * y, np.multiply, 0),
    "divide": (lambda x, y: x / y, np.divide, 1e-6),
    "max": (T.max, np.maximum, 0),
    "min": (T.min, np.minimum, 0),
    "pow": (lambda x, y: T.pow(T.abs(x) + 0.5, y), lambda x, y: (np.abs(x) + 0.5) ** y, 2e-5),
    "fmod": (T.fmod, np.fmod, 1e-5),
    "floor_division": (lambda x, y: x // y, np.floor_divide, 1e-6),
}


def _run(body, inputs):
    names = "xy"[: len(inputs)]

    if len(names) == 1:

        @T.prim_func
        def main(A: T.Tensor(SHAPE, "float32"), C: T.Tensor(SHAPE, "float32")):
            with T.Kernel(1):
                for i, j in T.Parallel(*SHAPE):
                    C[i, j] = body(A[i, j])

    else:

        @T.prim_func
        def main(
            A: T.Tensor(SHAPE, "float32"),
            B: T.Tensor(SHAPE, "float32"),
            C: T.Tensor(SHAPE, "float32"),
        ):
            with T.Kernel(1):
                for i, j in T.Parallel(*SHAPE):
                    C[i, j] = body(A[i, j], B[i, j])

    return tilelang.compile(main, out_idx=[-1])(*inputs)


def _values(low, high, edges, seed=0):
    x = np.random.default_rng(seed).uniform(low, high, SHAPE).astype(np.float32)
    x.flat[: len(edges)] = edges
    return x


@pytest.mark.parametrize("name", ONE)
def test_one_number(name):
    body, reference, span, edges, tolerance = ONE[name]
    x = _values(*span, edges)
    with np.errstate(all="ignore"):
        want = reference(x.astype(np.float64))
    # Near a zero of the function the error of the argument counts.
    np.testing.assert_allclose(_run(body, [x]), want, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", TWO)
def test_two_numbers(name):
    body, reference, tolerance = TWO[name]
    x = _values(-9, 9, [0, 1, -1, 4, 0], 1)
    y = _values(0.5, 3, [1, 1, 2, 2, 3], 2)
    with np.errstate(all="ignore"):
        want = reference(x, y) if tolerance == 0 else reference(x.astype(float), y.astype(float))
    np.testing.assert_allclose(_run(body, [x, y]), want, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "==", "!="])
def test_choices_of_nan(op):
    numbers = np.array([NAN, INF, -INF, 0, -0.0, 1, -1, 2], np.float32)
    x, y = _values(-9, 9, [], 1), _values(-9, 9, [], 2)
    x.flat[:64], y.flat[:64] = (v.flat for v in np.meshgrid(numbers, numbers))
    compare = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
    }[op]
    got = _run(lambda a, b: T.if_then_else(compare(a, b), a, b), [x, y])
    np.testing.assert_array_equal(got, np.where(compare(x, y), x, y))
    got = _run(lambda a, b: T.Select(compare(a, b), b, a), [x, y])
    np.testing.assert_array_equal(got, np.where(compare(x, y), y, x))
