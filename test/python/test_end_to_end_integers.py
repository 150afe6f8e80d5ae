"""Integers on tiles: element-wise, with constants, indices and floats; reductions.

Every program here is compiled with tiles only: the element-by-element form would
be an error."""

from __future__ import annotations

import ml_dtypes  # noqa: F401 (names bfloat16 for NumPy)
import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st

LIMITS = np.array([0, 1, -1, 2, 31, -32, 2**24 + 1, -(2**24) - 1, 2**31 - 1, -(2**31)])
SHAPE = (64, 96)


def _numbers(dtype, seed=0, shape=SHAPE):
    rng = np.random.default_rng(seed)
    bits = rng.integers(-(2**31), 2**31, shape)
    small = rng.integers(-100, 100, shape)
    values = np.where(rng.random(shape) < 0.5, bits, small)
    values.flat[: len(LIMITS)] = LIMITS
    values.flat[len(LIMITS) : 2 * len(LIMITS)] = LIMITS[::-1]
    return values.astype(np.int64).astype(np.uint32).view(np.dtype(dtype))


def _compile(func):
    return tilelang.compile(func, out_idx=[-1], target="tenstorrent -tiles-only=1")


def _elementwise(body, dtype="int32", out=None, inputs=2, shape=SHAPE):
    out = out or dtype

    @T.prim_func
    def main(A: T.Tensor(shape, dtype), B: T.Tensor(shape, dtype), C: T.Tensor(shape, out)):
        with T.Kernel(shape[1] // 32, shape[0] // 32) as (bx, by):
            a = T.alloc_shared((32, 32), dtype)
            b = T.alloc_shared((32, 32), dtype)
            c = T.alloc_fragment((32, 32), out)
            T.copy(A[by * 32, bx * 32], a)
            T.copy(B[by * 32, bx * 32], b)
            for i, j in T.Parallel(32, 32):
                c[i, j] = body(a[i, j], b[i, j], by * 32 + i, bx * 32 + j)
            T.copy(c, C[by * 32, bx * 32])

    return _compile(main)


def _check(body, reference, dtype="int32", out=None):
    a, b = _numbers(dtype, 1), _numbers(dtype, 2)
    i, j = np.indices(SHAPE)
    got = _elementwise(body, dtype, out)(a, b)
    with np.errstate(all="ignore"):
        expected = np.asarray(reference(a, b, i, j)).astype(out or dtype)
    np.testing.assert_array_equal(got, expected)


def _i32(x):
    return np.asarray(x).astype(np.int64).astype(np.uint32).view(np.int32)


BOTH = {
    "add": (lambda a, b, i, j: a + b,) * 2,
    "sub": (lambda a, b, i, j: a - b,) * 2,
    "mul": (lambda a, b, i, j: a * b,) * 2,
    "max": (lambda a, b, i, j: T.max(a, b), lambda a, b, i, j: np.maximum(a, b)),
    "min": (lambda a, b, i, j: T.min(a, b), lambda a, b, i, j: np.minimum(a, b)),
    "and": (lambda a, b, i, j: a & b,) * 2,
    "or": (lambda a, b, i, j: a | b,) * 2,
    "xor": (lambda a, b, i, j: a ^ b,) * 2,
    "and_constant": (lambda a, b, i, j: a & 255,) * 2,
    "shift_left": (lambda a, b, i, j: a << 3,) * 2,
    "shift_right": (lambda a, b, i, j: a >> 5,) * 2,
    "shift_by": (
        lambda a, b, i, j: (a >> (b & 15)) + (a << (b & 7)),
        lambda a, b, i, j: (a >> (b & a.dtype.type(15))) + (a << (b & a.dtype.type(7))),
    ),
    "chain": (lambda a, b, i, j: (a * 3 - b) ^ (b + 7),) * 2,
    "less": (
        lambda a, b, i, j: T.if_then_else(a < b, a, b + 1),
        lambda a, b, i, j: np.where(a < b, a, b + a.dtype.type(1)),
    ),
    "greater_equal": (
        lambda a, b, i, j: T.if_then_else(a >= b, b, a - 1),
        lambda a, b, i, j: np.where(a >= b, b, a - a.dtype.type(1)),
    ),
    "equal_constant": (
        lambda a, b, i, j: T.if_then_else(a == 1, b, a),
        lambda a, b, i, j: np.where(a == 1, b, a),
    ),
    "logic": (
        lambda a, b, i, j: T.if_then_else(T.And(a > 3, b < 50), a, b),
        lambda a, b, i, j: np.where((a > 3) & (b < 50), a, b),
    ),
}


@pytest.mark.parametrize("dtype", ["int32", "uint32"])
@pytest.mark.parametrize("name", BOTH)
def test_two_blocks(name, dtype):
    body, reference = BOTH[name]
    _check(body, reference, dtype)


def _trunc(a, b):
    return _i32(np.sign(a.astype(np.int64)) * np.sign(b) * (np.abs(a.astype(np.int64)) // abs(b)))


DIVISORS = [3, 10, 641, 2**30 + 1, 2**31 - 1, 2**31 + 5, 2**32 - 1]


@pytest.mark.parametrize("divisor", [*DIVISORS, None])
def test_unsigned_division(divisor):
    def by(b):
        return T.cast(divisor, "uint32") if divisor else T.max(b, 1)

    def reference(a, b, i, j):
        b = np.uint32(divisor) if divisor else np.maximum(b, 1)
        return a // b ^ (a % b << 1)

    _check(lambda a, b, i, j: a // by(b) ^ ((a % by(b)) << 1), reference, "uint32")


SIGNED = {
    "truncated_division": (
        lambda a, b, i, j: T.truncdiv(a, 7) ^ T.truncdiv(a, -9),
        lambda a, b, i, j: _trunc(a, 7) ^ _trunc(a, -9),
    ),
    "truncated_remainder": (
        lambda a, b, i, j: T.truncmod(a, 7),
        lambda a, b, i, j: _i32(a - _trunc(a, 7).astype(np.int64) * 7),
    ),
    "negate": (lambda a, b, i, j: -a, lambda a, b, i, j: -a),
    "not": (lambda a, b, i, j: a ^ -1, lambda a, b, i, j: ~a),
    "floor_division": (lambda a, b, i, j: a // 7, lambda a, b, i, j: a // 7),
    "remainder": (lambda a, b, i, j: a % 7, lambda a, b, i, j: a % 7),
    "division_by_power": (lambda a, b, i, j: a // 16 + a % 16, lambda a, b, i, j: a // 16 + a % 16),
    "index": (
        lambda a, b, i, j: a + i * 100 + j,
        lambda a, b, i, j: _i32(a.astype(np.int64) + i * 100 + j),
    ),
    "diagonal": (
        lambda a, b, i, j: T.if_then_else(i >= j, a, b),
        lambda a, b, i, j: np.where(i >= j, a, b),
    ),
    "minus_constant": (lambda a, b, i, j: 12345678 - a, lambda a, b, i, j: np.int32(12345678) - a),
    "index_bits": (
        lambda a, b, i, j: a ^ ((i ^ j) & 3),
        lambda a, b, i, j: _i32(a ^ ((i ^ j) & 3)),
    ),
}


@pytest.mark.parametrize("name", SIGNED)
def test_signed(name):
    _check(*SIGNED[name])


def test_comparison_is_a_number():
    _check(
        lambda a, b, i, j: T.cast(a > b, "int32") + 1,
        lambda a, b, i, j: (a > b).astype(np.int32) + 1,
    )


@pytest.mark.parametrize("dtype", ["int32", "uint32"])
def test_to_float(dtype):
    _check(
        lambda a, b, i, j: T.cast(a, "float32") * 0.5,
        lambda a, b, i, j: a.astype(np.float32) * np.float32(0.5),
        dtype,
        "float32",
    )


def test_from_float():
    """Rounds to zero, as a cast does."""
    shape = (32, 64)

    @T.prim_func
    def main(A: T.Tensor(shape, "float32"), C: T.Tensor(shape, "int32")):
        with T.Kernel(1):
            a = T.alloc_shared(shape, "float32")
            c = T.alloc_fragment(shape, "int32")
            T.copy(A, a)
            for i, j in T.Parallel(*shape):
                c[i, j] = T.cast(a[i, j] * 2.0, "int32") * 3
            T.copy(c, C)

    a = np.random.default_rng(0).uniform(-1e6, 1e6, shape).astype(np.float32)
    np.testing.assert_array_equal(_compile(main)(a), (a * 2).astype(np.int32) * 3)


@pytest.mark.parametrize(
    "source, target", [("int32", "float32"), ("float32", "int32"), ("int32", "bfloat16")]
)
def test_copy_converts(source, target):
    @T.prim_func
    def main(A: T.Tensor((64, 32), source), C: T.Tensor((64, 32), target)):
        with T.Kernel(1):
            a = T.alloc_shared((64, 32), source)
            c = T.alloc_fragment((64, 32), target)
            T.copy(A, a)
            T.copy(a, c)
            T.copy(c, C)

    a = np.random.default_rng(0).integers(-200, 200, (64, 32)).astype(source)
    got = _compile(main)(a)
    np.testing.assert_array_equal(np.asarray(got, np.float64), a.astype(np.float64))


@pytest.mark.parametrize("dtype", ["int32", "uint32"])
@pytest.mark.parametrize("dim", [0, 1])
@pytest.mark.parametrize("kind", ["sum", "max", "min"])
@settings(max_examples=3, deadline=None)
@given(rows=st.integers(1, 70), cols=st.integers(1, 70), seed=st.integers(0, 99))
def test_reduction(kind, dim, dtype, rows, cols, seed):
    shape, left = (rows, cols), (rows, cols)[1 - dim]

    @T.prim_func
    def main(A: T.Tensor(shape, dtype), C: T.Tensor((left,), dtype)):
        with T.Kernel(1):
            a = T.alloc_shared(shape, dtype)
            c = T.alloc_fragment((left,), dtype)
            T.copy(A, a)
            getattr(T, f"reduce_{kind}")(a, c, dim=dim)
            T.copy(c, C)

    a = _numbers(dtype, seed, (max(rows, 8), max(cols, 8)))[:rows, :cols].copy()
    expected = getattr(np, kind)(a, axis=dim, **({"dtype": dtype} if kind == "sum" else {}))
    np.testing.assert_array_equal(_compile(main)(a), expected)


def test_row_and_column_operands():
    """A vector of a row and one of a column beside a block."""

    @T.prim_func
    def main(
        A: T.Tensor((64, 64), "int32"),
        R: T.Tensor((64,), "int32"),
        C: T.Tensor((64, 64), "int32"),
    ):
        with T.Kernel(1):
            a = T.alloc_shared((64, 64), "int32")
            r = T.alloc_shared((64,), "int32")
            s = T.alloc_fragment((64,), "int32")
            c = T.alloc_fragment((64, 64), "int32")
            T.copy(A, a)
            T.copy(R, r)
            T.reduce_sum(a, s, dim=1)
            for i, j in T.Parallel(64, 64):
                c[i, j] = a[i, j] * r[j] + s[i]
            T.copy(c, C)

    a, r = _numbers("int32", 3, (64, 64)), _numbers("int32", 4, (8, 8)).reshape(-1)
    with np.errstate(all="ignore"):
        expected = a * r[None] + a.sum(1, dtype=np.int32)[:, None]
    np.testing.assert_array_equal(_compile(main)(a, r), expected)


# What indices are multiplied to may leave the numbers that fp32 has.
@pytest.mark.parametrize("factor", [3, 1048577, 2654435761])
@pytest.mark.parametrize("outside", [False, True])
def test_products_of_indices_wrap(factor: int, outside: bool) -> None:
    @T.prim_func
    def main(C: T.Tensor((64, 64), "uint32"), D: T.Tensor((64, 64), "float32")):
        with T.Kernel(2, 2) as (bx, by):
            first = T.cast(by * 2048 + bx * 32, "uint32") * T.uint32(factor)
            for i, j in T.Parallel(32, 32):
                if outside:
                    C[by * 32 + i, bx * 32 + j] = first + T.cast(i * 64 + j, "uint32")
                else:
                    C[by * 32 + i, bx * 32 + j] = T.cast(
                        (by * 32 + i) * 64 + bx * 32 + j, "uint32"
                    ) * T.uint32(factor) + T.cast(i * j, "uint32") * T.uint32(factor)
                D[by * 32 + i, bx * 32 + j] = T.if_then_else(i * 1000003 + j < 20000061, 1.0, 0.0)

    c, d = tilelang.compile(main, out_idx=[0, 1])()
    i, j = np.indices((64, 64), np.uint32)
    inner = (i % 32) * 64 + j % 32 if outside else (i % 32) * (j % 32) * np.uint32(factor)
    start = (i // 32 * 2048 + j // 32 * 32) if outside else i * 64 + j
    assert (c == start * np.uint32(factor) + inner).all()
    assert (d == ((i % 32).astype(int) * 1000003 + j % 32 < 20000061)).all()


@pytest.mark.parametrize("shape", [(33, 1), (1, 40), (40, 50)])
def test_bits_and_quotients_of_indices(shape: tuple) -> None:
    rows, cols = shape

    @T.prim_func
    def main(C: T.Tensor(shape, "int32"), D: T.Tensor(shape, "int32")):
        with T.Kernel(T.ceildiv(rows, 32)) as bx:
            for i, j in T.Parallel(32, cols):
                y = bx * 32 + i
                C[y, j] = ((j << 5) | (j >> 1)) ^ ((y - j) // -3) + (y - j) % -5
                D[y, j] = T.truncdiv(j - y, 7) * 100 + T.truncmod(y - j, 4)

    kernel = tilelang.compile(main, out_idx=[0, 1], target="tenstorrent -tiles-only=1")
    i, j = np.indices(shape)
    c, d = kernel()
    np.testing.assert_array_equal(c, ((j << 5) | (j >> 1)) ^ ((i - j) // -3) + (i - j) % -5)
    np.testing.assert_array_equal(d, np.trunc((j - i) / 7) * 100 + np.fmod(i - j, 4))


def test_words_without_sign_beside_bytes() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((40, 50), "uint32"),
        B: T.Tensor((50,), "uint8"),
        C: T.Tensor((40, 50), "uint32"),
    ):
        with T.Kernel(2) as bx:
            for i, j in T.Parallel(32, 50):
                a = A[bx * 32 + i, j]
                C[bx * 32 + i, j] = T.max(a + a, a & 255) + T.cast(B[j], "uint32")

    a = _numbers("uint32", 1, (40, 50))
    b = np.arange(50).astype(np.uint8) * 5
    want = np.maximum(a + a, a & 255) + b.astype(np.uint32)
    np.testing.assert_array_equal(_compile(main)(a, b), want)
