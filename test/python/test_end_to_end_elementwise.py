"""Element-wise programs from TileLang source to numbers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import tilelang
import tilewright.language as T

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import add  # noqa: E402
import report  # noqa: E402


def arrays(shape: tuple, dtype: str, count: int = 2) -> list[np.ndarray]:
    host = T.dtype(dtype).as_numpy()
    return [report.random_array(shape, host, seed=k) for k in range(count)]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("shape", [(1, 1), (33, 65), (100, 300)])
def test_add_lazy(shape: tuple, dtype: str) -> None:
    a, b = arrays(shape, dtype)
    kernel = add.add_lazy(*shape, 32, 64, T.dtype(dtype))
    assert report.ulp_error(kernel(a, b), report.f64(a) + report.f64(b)) <= 1


@pytest.mark.parametrize("shape", [(64, 64), (40, 200)])
def test_add_eager(shape: tuple) -> None:
    a, b = arrays(shape, "float32")
    got = add.add_eager(a, b, 32, 64, T.float32)
    assert report.ulp_error(got, report.f64(a) + report.f64(b)) <= 1


def test_lazy_and_eager_give_the_same_bytes() -> None:
    a, b = arrays((96, 96), "float32")
    lazy = add.add_lazy(96, 96, 32, 32, T.float32)(a, b)
    assert lazy.tobytes() == add.add_eager(a, b, 32, 32, T.float32).tobytes()


PROGRAM = """
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N, bM, bN, dtype="float32"):
    @T.prim_func
    def main(A: T.Tensor((M, N), dtype), B: T.Tensor((M, N), dtype), C: T.Tensor((M, N), dtype)):
        with T.Kernel(T.ceildiv(N, bN), T.ceildiv(M, bM)) as (bx, by):
            X = T.alloc_shared((bM, bN), dtype)
            Y = T.alloc_shared((bM, bN), dtype)
            Z = T.alloc_fragment((bM, bN), dtype)
            T.copy(A[by * bM, bx * bN], X)
            T.copy(B[by * bM, bx * bN], Y)
            for i, j in T.Parallel(bM, bN):
                Z[i, j] = EXPRESSION
            T.copy(Z, C[by * bM, bx * bN])
    return main
"""


@pytest.mark.parametrize(
    ("expression", "reference"),
    [
        ("X[i, j] * Y[i, j]", lambda x, y: x * y),
        ("X[i, j] - Y[i, j] * 2.0", lambda x, y: x - 2 * y),
        ("T.max(X[i, j], Y[i, j]) + 1.0", lambda x, y: np.maximum(x, y) + 1),
        ("T.exp(X[i, j])", lambda x, y: np.exp(x)),
        ("X[i, j] / (T.abs(Y[i, j]) + 1.0)", lambda x, y: x / (np.abs(y) + 1)),
        ("T.sqrt(T.abs(X[i, j]))", lambda x, y: np.sqrt(np.abs(x))),
    ],
)
def test_expressions(program, expression: str, reference) -> None:
    make = program(PROGRAM.replace("EXPRESSION", expression))["make"]
    a, b = arrays((48, 80), "float32")
    got = make(48, 80, 32, 32)(a, b)
    want = reference(report.f64(a), report.f64(b))
    assert report.relative_error(got, want) <= 1e-5


def test_a_tensor_written_in_place(program) -> None:
    text = """
import tilelang, tilelang.language as T

@tilelang.jit
def make(N):
    @T.prim_func
    def main(A: T.Tensor((N, N), "float32"), C: T.Tensor((N, N), "float32")):
        with T.Kernel(N // 32, N // 32) as (bx, by):
            S = T.alloc_shared((32, 32), "float32")
            T.copy(A[by * 32, bx * 32], S)
            T.copy(S, C[by * 32, bx * 32])
    return main
"""
    kernel = program(text)["make"](64)
    (a,) = arrays((64, 64), "float32", 1)
    c = np.zeros((64, 64), np.float32)
    assert kernel(a, c) is None
    assert c.tobytes() == a.tobytes()


@pytest.mark.parametrize(
    "names",
    [
        ("cb_push_back", "get_arg_val", "r"),
        ("start", "count", "item"),
        ("float_", "int32_t", "kernel_main"),
        ("register", "template", "namespace"),
        ("größe", "x__y", "_A"),
    ],
    ids=lambda n: n[0],
)
def test_names_of_any_kind(program, names: tuple[str, str, str]) -> None:
    text = PROGRAM.replace("EXPRESSION", "X[i, j] + Y[i, j]")
    for old, new in zip("XYZ", names, strict=True):
        text = text.replace(f"{old}[", f"{new}[").replace(f" {old} =", f" {new} =")
        text = text.replace(f", {old})", f", {new})").replace(f"copy({old},", f"copy({new},")
    make = program(text)["make"]
    a, b = arrays((32, 64), "float32")
    got = make(32, 64, 32, 32)(a, b)
    assert report.ulp_error(got, report.f64(a) + report.f64(b)) <= 1


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_transposed_access_is_exact(dtype: str) -> None:
    import tilelang

    @T.prim_func
    def transpose(A: T.Tensor((100, 70), dtype), C: T.Tensor((70, 100), dtype)):
        with T.Kernel(T.ceildiv(100, 64), T.ceildiv(70, 32)) as (bx, by):
            rows = T.alloc_shared((64, 32), dtype)
            columns = T.alloc_fragment((32, 64), dtype)
            T.copy(A[bx * 64, by * 32], rows)
            for i, j in T.Parallel(32, 64):
                columns[i, j] = rows[j, i]
            T.copy(columns, C[by * 32, bx * 64])

    (a,) = arrays((100, 70), dtype, 1)
    np.testing.assert_array_equal(tilelang.compile(transpose, out_idx=[-1])(a), a.T)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32"])
def test_kernels_without_an_input(dtype: str) -> None:
    """Nothing is read: the numbers come from the indices, or from a fill and its sums."""

    @T.prim_func
    def indices(C: T.Tensor((70, 50), dtype)):
        with T.Kernel(2, 3) as (bx, by):
            for i, j in T.Parallel(32, 32):
                C[by * 32 + i, bx * 32 + j] = T.cast(by * 32 + i + bx * 32 + j, dtype)

    @T.prim_func
    def sums(C: T.Tensor((64, 64), dtype)):
        with T.Kernel(1) as _:
            c = T.alloc_shared((64, 64), dtype)
            r = T.alloc_fragment((64,), dtype)
            T.fill(c, 3)
            T.reduce_sum(c, r, dim=1)
            for i, j in T.Parallel(64, 64):
                C[i, j] = r[i] + c[j, i]

    kernel = tilelang.compile(indices, out_idx=-1)
    assert not [r for r in kernel.remarks if r.code == "TW4043"]
    assert np.array_equal(
        kernel().astype(np.float32), np.add.outer(np.arange(70), np.arange(50))
    )
    assert np.all(tilelang.compile(sums, out_idx=-1)().astype(np.float32) == 195)
