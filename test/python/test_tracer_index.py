"""Index arithmetic: the emitted ops compute what Python computes.

Random trees over two loop variables are traced, and the emitted text is evaluated
here, op by op, for every value of the variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import tilewright.language as T
from hypothesis import given, settings
from hypothesis import strategies as st
from tilewright.language.buffer import TensorSpec
from tilewright.language.builder import Builder

_LINE = re.compile(r"%(\S+) = arith\.(\w+) (.*?) : index")


def evaluate(text: str, i: int, j: int) -> int:
    """The index of the one memref.store in `text`."""
    env: dict[str, int] = {"i": i, "j": j}
    ops: dict[str, Callable[[int, int], int]] = {
        "addi": lambda a, b: a + b,
        "subi": lambda a, b: a - b,
        "muli": lambda a, b: a * b,
        "divsi": lambda a, b: int(a / b),
        "remsi": lambda a, b: a - int(a / b) * b,
        "floordivsi": lambda a, b: a // b,
        "minsi": min,
        "maxsi": max,
    }
    for line in text.splitlines():
        match = _LINE.search(line)
        if match:
            name, op, rest = match.groups()
            if op == "constant":
                env[name] = int(rest)
            else:
                a, b = (env[x.strip().lstrip("%")] for x in rest.split(","))
                env[name] = ops[op](a, b)
        store = re.search(r"memref\.store %\S+, %\w+\[%(\S+)\]", line)
        if store:
            return env[store.group(1)]
    raise AssertionError("no store")


def trees(leaves: st.SearchStrategy) -> st.SearchStrategy:
    def node(children: st.SearchStrategy) -> st.SearchStrategy:
        positive = st.integers(1, 9).map(lambda n: ("n", n))
        return st.one_of(
            st.tuples(st.sampled_from(["+", "-", "*", "min", "max"]), children, children),
            st.tuples(st.sampled_from(["//", "%"]), children, positive),
        )

    return st.recursive(leaves, node, max_leaves=6)


TREE = trees(
    st.one_of(st.just(("i",)), st.just(("j",)), st.integers(-9, 9).map(lambda n: ("n", n)))
)


def apply(tree: tuple, i, j):
    """Evaluate a tree on integers or on traced variables alike."""
    op, *rest = tree
    if op == "i":
        return i
    if op == "j":
        return j
    if op == "n":
        return rest[0]
    a, b = (apply(t, i, j) for t in rest)
    if op in ("min", "max"):
        return getattr(T, op)(a, b)
    return {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "//": lambda: a // b,
        "%": lambda: a % b,
    }[op]()


@settings(max_examples=200, deadline=None)
@given(TREE)
def test_emitted_index_arithmetic_is_python_arithmetic(tree: tuple) -> None:
    builder = Builder("f", None)
    with builder:
        tensor = builder.add_tensor("A", TensorSpec((4096,), "float32"), None)
        region, _ = builder.begin_launch([1], ["bx"], None)
        loop, (i, j) = builder.begin_parallel([5, 7], ["i", "j"])
        index = apply(tree, i, j) + 1_000_000  # never negative: no wrap-around of indices
        builder.store(tensor, index, 1.0)
        builder.close(loop)
        builder.close(region)
    text = builder.text()
    for a in range(5):
        for b in range(7):
            want = apply(tree, a, b) + 1_000_000
            assert evaluate(text, a, b) == want


@given(TREE)
def test_bounds_hold(tree: tuple) -> None:
    builder = Builder("f", None)
    with builder:
        region, _ = builder.begin_launch([1], ["bx"], None)
        _, (i, j) = builder.begin_parallel([5, 7], ["i", "j"])
        e = apply(tree, i, j)
    if isinstance(e, int):
        return
    values = [apply(tree, a, b) for a in range(5) for b in range(7)]
    assert e.lo is None or e.lo <= min(values)
    assert e.hi is None or e.hi >= max(values)
