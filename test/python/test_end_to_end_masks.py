"""Conditions and loop indices in T.Parallel bodies, from source to numbers."""

from __future__ import annotations

import numpy as np
import pytest

PROGRAM = """
import tilelang, tilelang.language as T

@tilelang.jit(out_idx=[-1])
def make(M, N, bM, bN):
    @T.prim_func
    def main(A: T.Tensor((M, N), "float32"), C: T.Tensor((M, N), "float32")):
        with T.Kernel(T.ceildiv(N, bN), T.ceildiv(M, bM)) as (bx, by):
            X = T.alloc_shared((bM, bN), "float32")
            T.copy(A[by * bM, bx * bN], X)
            for i, j in T.Parallel(bM, bN):
                row = by * bM + i
                col = bx * bN + j
                BODY
            T.copy(X, C[by * bM, bx * bN])
    return main
"""

EXPRESSIONS = {
    "causal": (
        "T.if_then_else(row >= col, X[i, j], -T.infinity('float32'))",
        lambda x, r, c: np.where(r >= c, x, -np.inf),
    ),
    "window": (
        "T.if_then_else((row >= col) & (row - col < 20), X[i, j], 0.0)",
        lambda x, r, c: np.where((r >= c) & (r - c < 20), x, 0),
    ),
    "limit": (
        "T.Select(col < 50, X[i, j], 7.0)",
        lambda x, r, c: np.where(c < 50, x, 7),
    ),
    "equal": ("T.if_then_else(i == j, 1.0, X[i, j])", None),
    "index as a value": (
        "X[i, j] + T.cast(row * 3 - col, 'float32')",
        lambda x, r, c: x + (3 * r - c),
    ),
    "division": (
        "T.cast(row // 5 + col % 7, 'float32') + 0.0 * X[i, j]",
        lambda x, r, c: r // 5 + c % 7 + 0 * x,
    ),
    "value": (
        "T.if_then_else(X[i, j] > 0.25, X[i, j], X[i, j] * 2.0)",
        lambda x, r, c: np.where(x > 0.25, x, x * 2),
    ),
    "either": (
        "T.if_then_else(T.Or(X[i, j] < -1.0, T.Not(col != 3)), 0.0, X[i, j])",
        lambda x, r, c: np.where((x < -1) | (c == 3), 0, x),
    ),
    "guarded division": (
        "T.if_then_else(X[i, j] != 0.0, 1.0 / X[i, j], 0.0)",
        lambda x, r, c: np.where(x != 0, 1 / np.where(x == 0, 1, x), 0),
    ),
    "truth": (
        "T.cast(X[i, j] >= 0.0, 'float32')",
        lambda x, r, c: (x >= 0).astype(float),
    ),
}


def run(program, body: str, shape: tuple, blocks: tuple) -> tuple:
    make = program(PROGRAM.replace("BODY", body))["make"]
    a = np.random.default_rng(1).standard_normal(shape, dtype=np.float32)
    a[::3, ::4] = 0
    rows, cols = np.indices(shape)
    return make(*shape, *blocks)(a), a.astype(np.float64), rows, cols


@pytest.mark.parametrize("name", sorted(EXPRESSIONS))
@pytest.mark.parametrize("blocks", [(32, 64), (64, 32)])
def test_choices(program, name: str, blocks: tuple) -> None:
    expression, reference = EXPRESSIONS[name]
    got, x, rows, cols = run(program, f"X[i, j] = {expression}", (70, 100), blocks)
    if reference is None:
        want = np.where(rows % blocks[0] == cols % blocks[1], 1, x)
    else:
        want = reference(x, rows, cols)
    np.testing.assert_allclose(got, want, rtol=1e-6)


def test_statements_in_a_branch(program) -> None:
    body = """if col >= 40:
                    X[i, j] = X[i, j] + 1.0
                else:
                    X[i, j] = 0.0"""
    got, x, _, cols = run(program, body, (40, 96), (32, 32))
    np.testing.assert_allclose(got, np.where(cols >= 40, x + 1, 0), rtol=1e-6)


def test_branch_that_changes_some_elements(program) -> None:
    got, x, rows, _ = run(
        program, "if row % 2 == 1:\n                    X[i, j] = 5.0", (40, 64), (32, 32)
    )
    np.testing.assert_allclose(got, np.where(rows % 2 == 1, 5, x), rtol=1e-6)


def test_a_condition_that_always_holds_makes_no_mask(program) -> None:
    make = program(
        PROGRAM.replace("BODY", "X[i, j] = T.if_then_else(col < 64, X[i, j] * 2.0, 0.0)")
    )["make"]
    text = make(64, 64, 32, 32).get_kernel_source()
    assert "where_tile" not in str(text) and "mul_unary_tile" in str(text)
