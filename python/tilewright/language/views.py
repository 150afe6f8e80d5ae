"""Second shapes of a buffer: T.reshape, T.view, T.Tensor(shape, dtype, data).

A view shares the elements of its buffer: the element with the same position in
row-major order. Loads and stores through it are translated while tracing."""

from __future__ import annotations

import functools
import math
from typing import Any

from ..diagnostics import error
from .buffer import Buffer, BufferRegion, read_shape, shape_text
from .builder import current, user_span
from .dtypes import DType
from .dtypes import dtype as read_dtype
from .expr import Expr, as_expr, compare, logical


class View(Buffer):
    """A buffer's elements under another shape, or their bits as another type."""

    def __init__(self, base: Buffer, shape: tuple, dt: DType):
        super().__init__(shape, dt, base.scope(), base.ssa, "", base.span)
        self.base = base
        self.region = base.region
        self.groups = _groups(shape, base.shape)

    def translate(self, indices: tuple) -> tuple[Expr, ...]:
        """Indices of the base that name the same element, where `inside` holds."""
        out: list[Any] = []
        for mine, its in self.groups:
            position: Any = as_expr(0)
            for d in mine:
                position = position * self.shape[d] + indices[d]
            found: list[Any] = []
            for d in reversed(its[1:]):
                position, rest = _divide(position, self.base.shape[d])
                found.insert(0, rest)
            out += [position, *found] if its else []
        return tuple(as_expr(i) for i in out)

    def inside(self, indices: tuple) -> Expr | None:
        """That the indices lie inside the view, as far as indices of the base do not
        say it: one beyond the end of a dimension of the view names another element of
        the base. None where nothing is to be asked."""
        bounds = []
        safe = self.base.safe_value is not None
        for mine, its in self.groups if self.scope() == "global" else ():
            for d in mine if safe or not its else mine[1:]:
                e, size = as_expr(indices[d]), self.shape[d]
                if e.lo is None or e.lo < 0:
                    bounds.append(compare("ge", e, 0))
                if e.hi is None or not isinstance(size, int) or e.hi >= size:
                    bounds.append(compare("lt", e, size))
        return functools.reduce(lambda a, b: logical("land", a, b), bounds) if bounds else None

    def box(self, region: BufferRegion) -> BufferRegion | None:
        """The region as a box of the base with the same elements in the same order, or
        None where it is none."""
        if self.dtype is not self.base.dtype or self.inside(region.offsets) is not None:
            return None
        offsets, extents = self.translate(region.offsets), [1] * len(self.base.shape)
        for mine, its in self.groups:
            wide = [d for d in mine if region.extents[d] != 1]
            if not wide:
                continue
            if len(mine) == len(its) == 1:
                extents[its[0]] = region.extents[wide[0]]
                continue
            # A part of one row on both sides: the block divides both rows.
            size, rows = region.extents[mine[-1]], [self.shape[mine[-1]]] if mine[1:] else []
            rows += [self.base.shape[its[-1]]] if its[1:] else []
            if wide != mine[-1:] or not all(isinstance(r, int) and r % size == 0 for r in rows):
                return None
            if _divisor(as_expr(region.offsets[mine[-1]])) % size != 0:
                return None
            extents[its[-1]] = size
        return BufferRegion(self.base, offsets, tuple(extents), region.span)


def _groups(view: tuple, base: tuple) -> list[tuple[list[int], list[int]]]:
    """The dimensions of both shapes in groups that hold equally many elements: an index
    of a group depends on no index of another."""

    def same(a: Any, b: Any) -> bool:
        if isinstance(a, int) or isinstance(b, int):
            return isinstance(a, int) and isinstance(b, int) and a == b
        return as_expr(a).equal(as_expr(b))

    i, j, m, n = 0, 0, len(view), len(base)
    back: list[tuple[list[int], list[int]]] = []
    while m and n and same(view[m - 1], base[n - 1]):
        m, n = m - 1, n - 1
        back.insert(0, ([m], [n]))
    front: list[tuple[list[int], list[int]]] = []
    while i < m and j < n:
        if same(view[i], base[j]):
            front.append(([i], [j]))
            i, j = i + 1, j + 1
            continue
        if same(view[i], 1) or same(base[j], 1):
            front.append(([i], []) if same(view[i], 1) else ([], [j]))
            i, j = i + len(front[-1][0]), j + len(front[-1][1])
            continue
        p, q = i + 1, j + 1
        while not _alike(view[i:p], base[j:q]) and (p < m or q < n):
            p, q = _longer(view[i:m], base[j:n], p - i, q - j)
            p, q = p + i, q + j
        front.append((list(range(i, p)), list(range(j, q))))
        i, j = p, q
    if i < m or j < n:
        front.append((list(range(i, m)), list(range(j, n))))
    return front + back


def _alike(a: tuple, b: tuple) -> bool:
    return all(isinstance(d, int) for d in (*a, *b)) and math.prod(a) == math.prod(b)


def _longer(a: tuple, b: tuple, p: int, q: int) -> tuple[int, int]:
    """One more dimension for the side that holds fewer elements; all where a dimension
    is known to a call only."""
    if not all(isinstance(d, int) for d in (*a[:p], *b[:q])):
        return len(a), len(b)
    if (math.prod(a[:p]) < math.prod(b[:q]) or q == len(b)) and p < len(a):
        return p + 1, q
    return p, q + 1


def _terms(e: Expr) -> list[Expr]:
    return [t for a in e.args for t in _terms(a)] if e.op == "add" else [e]


def _divisor(e: Expr) -> int:
    """A number that divides the value (0 for the constant 0)."""
    if e.is_const:
        return abs(int(e.value))
    if e.op in ("add", "sub"):
        return math.gcd(*map(_divisor, e.args))
    return math.prod(map(_divisor, e.args)) if e.op == "mul" else 1


def _divide(position: Any, extent: Any) -> tuple[Any, Any]:
    """Quotient and remainder. Terms that stay below a common divisor of the others and
    of the extent are in the remainder as they are: (32 * b + i) / 64 is 32 * b / 64 for
    i < 32, whatever i is."""
    terms = _terms(as_expr(position))
    if isinstance(extent, int):
        for step in sorted({math.gcd(_divisor(t), extent) for t in terms}, reverse=True):
            low = [t for t in terms if _divisor(t) % step]
            if all(t.lo is not None and t.lo >= 0 and t.hi is not None for t in low):
                if sum(t.hi for t in low) < step:
                    high: Any = sum((t for t in terms if _divisor(t) % step == 0), as_expr(0))
                    return high // extent, sum(low, high % extent)
    return position // extent, position % extent


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
