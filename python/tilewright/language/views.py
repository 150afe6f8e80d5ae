"""Second shapes of a buffer: T.reshape, T.view, T.Tensor(shape, dtype, data).

A view shares the elements of its buffer: the element with the same position in
row-major order. Loads and stores through it are translated while tracing."""

from __future__ import annotations

import math
from typing import Any

from ..diagnostics import error
from .buffer import Buffer, read_shape, shape_text
from .builder import current, user_span
from .dtypes import DType
from .dtypes import dtype as read_dtype
from .expr import Expr, as_expr


class View(Buffer):
    """A buffer's elements under another shape, or their bits as another type."""

    def __init__(self, base: Buffer, shape: tuple, dt: DType):
        super().__init__(shape, dt, base.scope(), base.ssa, "", base.span)
        self.base = base
        self.region = base.region

    def translate(self, indices: tuple) -> tuple[Expr, ...]:
        """Indices of the base that name the same element."""
        position: Any = as_expr(0)
        for index, extent in zip(indices, self.shape, strict=True):
            position = position * extent + index
        out: list[Any] = []
        for extent in reversed(self.base.shape[1:]):
            out.insert(0, position % extent)
            position = position // extent
        return tuple(as_expr(i) for i in (position, *out))


def reshape(src: Any, shape: Any) -> Buffer:
    """The elements of a buffer under another shape."""
    current("T.reshape")
    if not isinstance(src, Buffer):
        raise error("TW1008", "T.reshape: the operand is not a buffer", user_span(), "pass one")
    dims = read_shape(shape, "T.reshape", static=False)
    base = src.base if isinstance(src, View) else src
    if all(isinstance(d, int) for d in (*dims, *base.shape)) and math.prod(dims) != math.prod(
        base.shape
    ):
        raise error(
            "TW1009",
            f"T.reshape: {src.label} has {math.prod(base.shape)} elements, "
            f"{shape_text(dims)} has {math.prod(dims)}",
            user_span(),
            "use a shape with the same number of elements",
        )
    return View(base, dims, src.dtype)


def view(src: Any, shape: Any = None, dtype: Any = None) -> Buffer:
    """T.reshape; with `dtype`, a type of the same width, what the bits are as that."""
    if not isinstance(src, Buffer):
        raise error("TW1008", "T.view: the operand is not a buffer", user_span(), "pass one")
    kind = src.dtype if dtype is None else read_dtype(dtype)
    if kind.bits != src.dtype.bits:
        raise error(
            "TW1003",
            f"T.view reads {src.label} of {src.dtype} as {kind}, which has another width",
            user_span(),
            "use a type of the same width, or T.reinterpret of words put together",
        )
    made = reshape(src, src.shape if shape is None else shape)
    return View(made.base, made.shape, kind)
