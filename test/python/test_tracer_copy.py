"""T.copy: which region each form of operand means."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilewright.diagnostics import CompileError
from tilewright.language import ops
from tilewright.language.buffer import TensorSpec
from tilewright.language.builder import Builder

_COPY = re.compile(r"tile\.copy %\w+\[(.*?)\] \[(.*?)\] to %\w+\[(.*?)\] \[(.*?)\]")


def traced_copy(tensor_shape, block_shape, make) -> tuple[list[int], list[int]]:
    """Extents of both sides of the copy that `make(A, S, bx)` returns operands for."""
    builder = Builder("f", None)
    with builder:
        tensor = builder.add_tensor("A", TensorSpec(tensor_shape, "float32"), None)
        _, (bx,) = builder.begin_launch([2], ["bx"], None)
        block = ops.alloc_shared(block_shape, "float32")
        ops.copy(*make(tensor, block, bx))
    match = _COPY.search(builder.text())
    assert match

    def numbers(text: str) -> list[int]:
        return [int(x) for x in text.split(",")]

    return numbers(match.group(2)), numbers(match.group(4))


@pytest.mark.parametrize(
    ("tensor", "block", "make", "source", "target"),
    [
        # whole to whole
        ((64, 32), (64, 32), lambda A, S, b: (A, S), [64, 32], [64, 32]),
        # head: sized by the block
        ((256, 256), (64, 32), lambda A, S, b: (A[b * 64, 0], S), [64, 32], [64, 32]),
        ((256, 256), (64, 32), lambda A, S, b: (S, A[b * 64, 0]), [64, 32], [64, 32]),
        # head of higher rank: leading extents 1, aligned at the right
        ((4, 256, 64), (64, 32), lambda A, S, b: (A[b, 0, 0], S), [1, 64, 32], [64, 32]),
        # slices, with a rank that differs
        (
            (2, 8, 256, 64),
            (64, 64),
            lambda A, S, b: (A[0, b, b * 64 : b * 64 + 64, :], S),
            [1, 1, 64, 64],
            [64, 64],
        ),
        # the plane is not the last two dimensions
        (
            (2, 256, 8, 64),
            (32, 64),
            lambda A, S, b: (A[0, b * 32 : (b + 1) * 32, b, :], S),
            [1, 32, 1, 64],
            [32, 64],
        ),
        # open ends and ellipsis
        ((64, 64), (64, 64), lambda A, S, b: (A[:, :], S), [64, 64], [64, 64]),
        ((2, 64, 64), (64, 64), lambda A, S, b: (A[b, ...], S), [1, 64, 64], [64, 64]),
        # vectors
        ((1024,), (32,), lambda A, S, b: (A[b * 32], S), [32], [32]),
        # a part of the block
        ((64, 64), (64, 64), lambda A, S, b: (A[0:32, :], S[0:32, :]), [32, 64], [32, 64]),
    ],
)
def test_extents(tensor, block, make, source, target) -> None:
    assert traced_copy(tensor, block, make) == (source, target)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_head_takes_the_extents_of_the_block(data: st.DataObject) -> None:
    """A head of any rank >= the block's copies exactly the block."""
    block = tuple(data.draw(st.lists(st.integers(1, 8), min_size=1, max_size=3)))
    lead = data.draw(st.lists(st.integers(1, 4), max_size=2))
    tensor = (*lead, *(d * 4 for d in block))
    source, target = traced_copy(tensor, block, lambda A, S, b: (A[(0,) * len(tensor)], S))
    assert source == [1] * len(lead) + list(block)
    assert target == list(block)


@settings(max_examples=100, deadline=None)
@given(st.integers(-3, 5), st.integers(1, 64), st.integers(0, 3))
def test_slice_length_is_found_symbolically(offset: int, length: int, scale: int) -> None:
    """start and stop may be any linear expressions that differ by a constant."""

    def make(A, S, b):
        start = b * scale * 4 + offset + 8
        return A[start : b * (scale * 4) + (8 + offset) + length], S

    assert traced_copy((4096,), (length,), make) == ([length], [length])


def test_negative_constant_index_counts_from_the_end() -> None:
    builder = Builder("f", None)
    with builder:
        tensor = builder.add_tensor("A", TensorSpec((8, 64), "float32"), None)
        builder.begin_launch([2], ["bx"], None)
        builder.store(tensor, (-1, 0), 1.0)
    assert "arith.constant 7 : index" in builder.text()


def test_reading_past_the_end_of_a_global_tensor_is_allowed() -> None:
    """Reads outside a tensor give 0, so a block may stick out."""
    assert traced_copy((100,), (128,), lambda A, S, b: (A[0], S)) == ([128], [128])


def test_scalar_copy_is_a_store() -> None:
    builder = Builder("f", None)
    with builder:
        tensor = builder.add_tensor("A", TensorSpec((8,), "float32"), None)
        _, (bx,) = builder.begin_launch([2], ["bx"], None)
        ops.copy(tensor[bx], tensor[bx + 1])
    assert "memref.store" in builder.text()
    assert "tile.copy" not in builder.text()


def test_step_is_refused() -> None:
    with pytest.raises(CompileError, match="TW1013"):
        traced_copy((64,), (32,), lambda A, S, b: (A[0:64:2], S))
