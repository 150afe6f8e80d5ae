"""Products spelled out in scalars: gemms where they are one, unchanged where they are not."""

from __future__ import annotations

import itertools
import linecache

import numpy as np
import pytest
import tilelang
import tilelang.language as T
from hypothesis import given, settings
from hypothesis import strategies as st

_count = itertools.count()

PROGRAM = """
def main(A: T.Tensor({a}, "{dtype}"), B: T.Tensor({b}, "{dtype}"), C: T.Tensor({c}, "{out}")):
    with T.Kernel(1) as bx:
        a = T.alloc_shared({a}, "{dtype}")
        b = T.alloc_shared({b}, "{dtype}")
        c = T.alloc_fragment({c}, "float32")
        s = T.alloc_local((1,), "float32")
        T.copy(A, a)
        T.copy(B, b)
        T.fill(c, 0.5)
{nest}
        T.copy(c, C)
"""


def make(nest: str, m=32, n=32, k=64, dtype="bfloat16", turn=(False, False), out="float32"):
    """The kernel of a nest of statements in a program with a, b and c on chip."""
    text = PROGRAM.format(
        a=(k, m) if turn[0] else (m, k),
        b=(n, k) if turn[1] else (k, n),
        c=(m, n),
        dtype=dtype,
        out=out,
        nest="\n".join(" " * 8 + line for line in nest.strip("\n").splitlines()),
    )
    file = f"/nest_{next(_count)}.py"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope = {"__name__": "nest", "__file__": file, "T": T}
    exec(compile(text, file, "exec"), scope)
    return tilelang.compile(T.prim_func(scope["main"]), out_idx=[2])


def operands(m, n, k, dtype, turn=(False, False)):
    rng = np.random.default_rng(m + 7 * n + 31 * k)
    host = T.dtype(dtype).as_numpy()
    a = rng.standard_normal((m, k)).astype(np.float32).astype(host)
    b = rng.standard_normal((k, n)).astype(np.float32).astype(host)
    product = a.astype(np.float64) @ b.astype(np.float64)
    return (a.T.copy() if turn[0] else a), (b.T.copy() if turn[1] else b), product


def is_product(kernel) -> bool:
    """Whether the matrix unit does the work, and nothing is done element by element."""
    return "matmul_block(" in kernel.files.get("compute.cpp", "")


def error(got, want) -> float:
    return float(np.linalg.norm(got.astype(np.float64) - want) / np.linalg.norm(want))


LOOPS = [
    "parallel ij, serial k",
    "serial k, parallel ij",
    "serial i, serial k, parallel j",
    "serial j, serial k, serial i",
    "grid kij",
]


def loops(form: str, m: int, n: int, k: int) -> tuple[str, str]:
    """Headers of the loops, and the indent of the body."""
    sizes = {"i": m, "j": n, "k": k}
    if form.startswith("grid"):
        ids = form.split()[1]
        extents = ", ".join(str(sizes[v]) for v in ids)
        return f"for {', '.join(ids)} in T.grid({extents}):\n", " " * 4
    text, indent = "", ""
    for part in form.split(", "):
        kind, ids = part.split()
        maker = {"parallel": "T.Parallel", "serial": "T.serial"}[kind]
        extents = ", ".join(str(sizes[v]) for v in ids)
        text += f"{indent}for {', '.join(ids)} in {maker}({extents}):\n"
        indent += "    "
    return text, indent


@settings(max_examples=12, deadline=None)
@given(
    form=st.sampled_from(LOOPS),
    sizes=st.tuples(*[st.sampled_from([1, 20, 32, 40, 64]) for _ in range(3)]),
    dtype=st.sampled_from(["bfloat16", "float16", "float32"]),
    turn=st.tuples(st.booleans(), st.booleans()),
    cast=st.booleans(),
    swapped=st.booleans(),
    added=st.booleans(),
)
def test_every_spelling_is_a_product(form, sizes, dtype, turn, cast, swapped, added) -> None:
    m, n, k = sizes
    x = "a[k, i]" if turn[0] else "a[i, k]"
    y = "b[j, k]" if turn[1] else "b[k, j]"
    if cast:
        x, y = (f'T.cast({v}, "float32")' for v in (x, y))
    term = f"{y} * {x}" if swapped else f"{x} * {y}"
    head, indent = loops(form, m, n, k)
    statement = f"c[i, j] = {term} + c[i, j]" if added else f"c[i, j] += {term}"
    kernel = make(head + indent + statement, m, n, k, dtype, turn)
    assert is_product(kernel)
    a, b, product = operands(m, n, k, dtype, turn)
    assert error(kernel(a, b), product + 0.5) < 3e-3


SPLIT = {
    "start value": (
        """
for i, j in T.Parallel(32, 32):
    c[i, j] = 2.0
    for k in T.serial(64):
        c[i, j] += a[i, k] * b[k, j]
""",
        lambda p: p + 2,
    ),
    "epilogue": (
        """
for i, j in T.Parallel(32, 32):
    for k in T.serial(64):
        c[i, j] += a[i, k] * b[k, j]
    c[i, j] = T.max(c[i, j] * 2.0, 0.0)
""",
        lambda p: np.maximum(2 * (p + 0.5), 0),
    ),
    "accumulator": (
        """
for i in T.serial(32):
    for j in T.serial(32):
        s[0] = 0.0
        for k in T.serial(64):
            s[0] += a[i, k] * b[k, j]
        c[i, j] = s[0] - 1.0
""",
        lambda p: p - 1,
    ),
}


@pytest.mark.parametrize("name", SPLIT)
def test_statements_around_the_sum_stay(name: str) -> None:
    nest, want = SPLIT[name]
    kernel = make(nest)
    assert is_product(kernel)
    a, b, product = operands(32, 32, 64, "bfloat16")
    assert error(kernel(a, b), want(product)) < 3e-3


def test_blocks_of_tensors_are_copied() -> None:
    @T.prim_func
    def main(
        A: T.Tensor((64, 256), "bfloat16"),
        B: T.Tensor((256, 96), "bfloat16"),
        C: T.Tensor((64, 96), "float32"),
    ):
        with T.Kernel(3, 2) as (bx, by):
            for i, j in T.Parallel(32, 32):
                C[by * 32 + i, bx * 32 + j] = 0.0
                for k in T.serial(256):
                    C[by * 32 + i, bx * 32 + j] += A[by * 32 + i, k] * B[k, bx * 32 + j]

    kernel = tilelang.compile(main, out_idx=[2])
    assert is_product(kernel)
    a, b, product = operands(64, 96, 256, "bfloat16")
    assert error(kernel(a, b), product) < 3e-3


def serial(m: int, n: int, k: int, step) -> np.ndarray:
    """What the loops i, j, k compute one after the other."""
    c = np.full((m, n), 0.5)
    for i in range(m):
        for j in range(n):
            for x in range(k):
                step(c, i, j, x)
    return c


def multiply(a, b, condition=lambda i, j, k: True):
    def step(c, i, j, k):
        if condition(i, j, k):
            c[i, j] += a[i, k] * b[k, j]

    return step


# What looks like a product and is none: nest, and what one step of it does.
NEAR = {
    "condition": (
        "if k <= i:\n    c[i, j] += a[i, k] * b[k, j]",
        lambda a, b: multiply(a, b, lambda i, j, k: k <= i),
    ),
    "extra term": (
        "c[i, j] += a[i, k] * b[k, j] + 1.0",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), c[i, j] + a[i, k] * b[k, j] + 1),
    ),
    "decay": (
        "c[i, j] = 0.5 * c[i, j] + a[i, k] * b[k, j]",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), 0.5 * c[i, j] + a[i, k] * b[k, j]),
    ),
    "difference": (
        "c[i, j] = c[i, j] - a[i, k] * b[k, j]",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), c[i, j] - a[i, k] * b[k, j]),
    ),
    "maximum": (
        "c[i, j] = T.max(c[i, j], a[i, k] * b[k, j])",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), max(c[i, j], a[i, k] * b[k, j])),
    ),
    "dependence": (
        "c[i, j] += c[i, k] * b[k, j]",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), c[i, j] + c[i, k] * b[k, j]),
    ),
    "other element": (
        "c[i, j] = c[j, i] + a[i, k] * b[k, j]",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), c[j, i] + a[i, k] * b[k, j]),
    ),
    "stride": (
        "c[i, j] += a[i, k] * b[k // 2, j]",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), c[i, j] + a[i, k] * b[k // 2, j]),
    ),
    "no row": (
        "c[i, j] += a[0, k] * b[k, j]",
        lambda a, b: lambda c, i, j, k: c.__setitem__((i, j), c[i, j] + a[0, k] * b[k, j]),
    ),
}


@pytest.mark.parametrize("name", NEAR)
def test_near_misses_compute_what_they_say(name: str) -> None:
    statement, step = NEAR[name]
    size = 8
    body = "\n".join("            " + line for line in statement.splitlines())
    head = f"for i in T.serial({size}):\n    for j in T.serial({size}):\n"
    kernel = make(f"{head}        for k in T.serial({size}):\n{body}", size, size, size, "float32")
    assert not is_product(kernel)
    a, b, _ = operands(size, size, size, "float32")
    a, b = a / 4, b / 4
    want = serial(size, size, size, step(a.astype(np.float64), b.astype(np.float64)))
    assert np.allclose(kernel(a, b), want, rtol=1e-4, atol=1e-4)


def test_integers_are_no_product_of_the_matrix_unit() -> None:
    kernel = make(
        """
for i, j in T.Parallel(8, 8):
    for k in T.serial(8):
        c[i, j] += T.cast(a[i, k] * b[k, j], "float32")
""",
        8,
        8,
        8,
        "int32",
    )
    assert not is_product(kernel)
    a = np.arange(64, dtype=np.int32).reshape(8, 8)
    assert np.array_equal(kernel(a, a.T.copy()), (a @ a.T + 0.5).astype(np.float32))


def test_rounding_operands_is_part_of_the_program() -> None:
    """A narrowing cast of an operand stays."""
    kernel = make(
        """
for i, j in T.Parallel(32, 32):
    for k in T.serial(64):
        c[i, j] += T.cast(T.cast(a[i, k], "bfloat16") * T.cast(b[k, j], "bfloat16"), "float32")
""",
        dtype="float32",
    )
    assert not is_product(kernel)


@pytest.mark.parametrize("width", [32, 64])
def test_sums_that_start_from_a_product_of_vectors(width: int) -> None:
    """What stands before the loop is computed from loads of its own."""

    @T.prim_func
    def main(
        a: T.Tensor((4, 4), "float32"),
        b: T.Tensor((4, width), "float32"),
        c: T.Tensor((4,), "float32"),
        d: T.Tensor((width,), "float32"),
        x: T.Tensor((4, width), "float32"),
    ):
        with T.Kernel(1) as _:
            al = T.alloc_fragment((4, 4), "float32")
            bl = T.alloc_fragment((4, width), "float32")
            cl = T.alloc_fragment((4,), "float32")
            dl = T.alloc_fragment((width,), "float32")
            xl = T.alloc_fragment((4, width), "float32")
            T.copy(a, al)
            T.copy(b, bl)
            T.copy(c, cl)
            T.copy(d, dl)
            for i, j in T.Parallel(4, width):
                xl[i, j] = cl[i] * dl[j]
                for k in T.serial(4):
                    xl[i, j] += al[k, i] * bl[k, j]
            T.copy(xl, x)

    random = np.random.default_rng(5)
    a, b, c, d = (
        random.standard_normal(s).astype(np.float32) for s in ((4, 4), (4, width), 4, width)
    )
    got = tilelang.compile(main, out_idx=-1)(a, b, c, d)
    want = np.outer(c, d) + a.T @ b
    assert np.abs(got - want).max() <= 4e-3 * np.abs(want).max()
