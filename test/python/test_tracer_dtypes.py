"""Data types: every accepted form, and TileLang's promotion rules."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest
import tilewright.language as T
from hypothesis import given
from hypothesis import strategies as st
from tilewright.language.dtypes import ALL_DTYPES, dtype, promote
from tilewright.language.expr import Expr, as_expr, cast, const

SCALARS = [d for d in ALL_DTYPES.values() if d.bits >= 8 and d != "tfloat32"]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("bfloat16", "bfloat16"),
        ("half", "float16"),
        (np.float32, "float32"),
        (np.dtype("int8"), "int8"),
        (ml_dtypes.bfloat16, "bfloat16"),
        (np.dtype(ml_dtypes.bfloat16), "bfloat16"),
        (float, "float32"),
        (int, "int32"),
        (T.float16, "float16"),
    ],
)
def test_forms(form: object, name: str) -> None:
    assert dtype(form) == name


def test_dtype_behaves_like_its_name() -> None:
    assert T.bfloat16 == "bfloat16"
    assert f"{T.float16}" == "float16"
    assert T.float16 in ["float16", "float32"]
    assert "float8" in T.float8_e4m3fn
    assert (T.int4.bits, T.int4.bytes, T.float32.bytes) == (4, 1, 4)
    assert T.bfloat16.as_numpy() == np.dtype(ml_dtypes.bfloat16)
    assert T.float32(3).value == 3.0


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        ("float16", "float32", "float32"),
        ("bfloat16", "float32", "float32"),
        ("float16", "bfloat16", "float16"),
        ("float16", "int64", "float16"),
        ("float8_e4m3fn", "float32", "float32"),
        ("float8_e4m3fn", "bfloat16", "bfloat16"),
        ("bool", "int8", "int8"),
        ("int8", "int64", "int64"),
        ("int32", "uint32", "uint32"),
        ("int64", "uint32", "int64"),
        ("bool", "float16", "float16"),
    ],
)
def test_promotion(a: str, b: str, result: str) -> None:
    assert promote(dtype(a), dtype(b)) == result
    assert promote(dtype(b), dtype(a)) == result


@given(st.sampled_from(SCALARS), st.sampled_from(SCALARS))
def test_promotion_never_narrows_a_kind(a: T.dtype, b: T.dtype) -> None:
    order = {"bool": 0, "uint": 1, "int": 1, "float": 2}
    result = promote(a, b)
    assert result in (a, b)
    assert order[result.kind] == max(order[a.kind], order[b.kind])
    same = [d for d in (a, b) if order[d.kind] == order[result.kind]]
    assert result.bits == max(d.bits for d in same)


def test_literals_are_not_weak() -> None:
    """A Python float is float32; an int literal keeps a float type."""
    half = Expr("opaque", (), dtype("float16"))
    assert (half * 0.5).dtype == "float32"
    assert (half * 2).dtype == "float16"
    long = Expr("opaque", (), dtype("int64"))
    assert (long + 1).dtype == "int64"
    assert (long < 3).dtype == "bool"


@given(st.integers(-1000, 1000), st.integers(-1000, 1000).filter(bool))
def test_constants_fold_as_python_does(a: int, b: int) -> None:
    x, y = as_expr(a), as_expr(b)
    for got, want in (
        (x + y, a + b),
        (x - y, a - b),
        (x * y, a * b),
        (x // y, a // b),
        (x % y, a % b),
        (x & y, a & b),
        (x ^ y, a ^ b),
        (-x, -a),
    ):
        assert got.is_const and got.value == want
    assert bool(x < y) == (a < b)


def test_equality_is_an_expression_with_structural_truth() -> None:
    x = Expr("opaque", (), dtype("int32"))
    y = Expr("other", (), dtype("int32"))
    assert bool(x + y == x + y)
    assert not bool(x == y)
    assert bool(x != y)


def test_limits() -> None:
    assert T.infinity("float32").value == float("inf")
    assert T.min_value("int8").value == -128
    assert T.max_value("uint8").value == 255
    assert T.max_value("bfloat16").value == float(ml_dtypes.finfo(ml_dtypes.bfloat16).max)


def test_cast_of_a_constant_is_a_constant() -> None:
    assert cast(const(3, dtype("int32")), dtype("float32")).value == 3.0
    assert T.Cast("float16", 2).dtype == "float16"
    assert T.cast(2, "float16").dtype == "float16"
