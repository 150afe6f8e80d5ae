"""Buffers and regions of buffers, and the annotations that declare tensors."""

from __future__ import annotations

from typing import Any

from ..diagnostics import Span, error
from .dtypes import FLOAT32, INT32, DType, dtype
from .expr import BufferLoad, Expr, Symbol, as_expr, binary, constant_difference, describe


def _span() -> Span | None:
    from .builder import user_span

    return user_span()


def shape_text(shape: Any) -> str:
    """(128, 32) as a message shows it."""
    inner = ", ".join(describe(d) for d in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def read_shape(shape: Any, what: str, static: bool) -> tuple:
    """A shape from any accepted form; `static` demands Python integers."""
    if isinstance(shape, (int, Expr)) or not hasattr(shape, "__iter__"):
        shape = (shape,)
    out: list[Any] = []
    for d in shape:
        if isinstance(d, Expr):
            d = as_expr(d)
        if isinstance(d, Expr) and d.is_const:
            d = d.value
        elif not isinstance(d, (int, Expr)) and hasattr(d, "__index__"):
            d = d.__index__()
        if isinstance(d, bool) or not isinstance(d, (int, Expr)):
            raise error(
                "TW1008",
                f"{what}: dimension {len(out)} of the shape is {d!r}, not an integer",
                _span(),
                "give a tuple of integers",
            )
        if isinstance(d, Expr) and static:
            raise error(
                "TW1010",
                f"{what}: dimension {len(out)} of the shape is '{describe(d)}', which is "
                "only known when the kernel runs",
                _span(),
                "use a compile-time integer and mask or guard what lies outside",
            )
        if isinstance(d, int) and d <= 0:
            raise error(
                "TW1008",
                f"{what}: dimension {len(out)} of the shape is {d}",
                _span(),
                "use positive dimensions",
            )
        out.append(d)
    return tuple(out)


class TensorSpec:
    """What `T.Tensor(shape, dtype)` says: the annotation of a parameter."""

    def __init__(self, shape: Any, dt: Any = FLOAT32, strides: Any = None):
        self.shape = read_shape(shape, "T.Tensor", static=False)
        self.dtype = dtype(dt)
        self.strides = strides
        self.span = _span()

    def resolved(self) -> TensorSpec:
        """With the dimensions that this trace knows."""
        shape = tuple(as_expr(d) if isinstance(d, Expr) else d for d in self.shape)
        if all(a is b for a, b in zip(shape, self.shape, strict=True)):
            return self
        made = TensorSpec(shape, self.dtype, self.strides)
        made.span = self.span
        return made

    def __repr__(self) -> str:
        return f"T.Tensor({shape_text(self.shape)}, '{self.dtype}')"


class _TensorFactory:
    """`T.Tensor`: called or subscripted, both give a TensorSpec."""

    def __call__(self, shape: Any, dtype: Any = FLOAT32, data: Any = None, **_: Any) -> Any:
        if data is not None:
            from .views import view

            return view(data, shape, dtype)
        return TensorSpec(shape, dtype)

    def __getitem__(self, item: Any) -> TensorSpec:
        if isinstance(item, tuple) and len(item) == 2 and not isinstance(item[1], (int, Expr)):
            return TensorSpec(item[0], item[1])
        return TensorSpec(item)

    def __or__(self, other: object) -> object:
        return self


class _StridedTensorFactory(_TensorFactory):
    """`T.StridedTensor(shape, strides, dtype)`."""

    def __call__(self, shape: Any, strides: Any = None, dtype: Any = FLOAT32, **_: Any) -> Any:
        return TensorSpec(shape, dtype, strides)


Tensor = _TensorFactory()
StridedTensor = _StridedTensorFactory()


def _of_elements(operator: str) -> Any:
    """An operator that a buffer of one element has, and others have not."""

    def method(self: Buffer, *others: Any) -> Any:
        if self.shape == (1,):
            return getattr(self[0], operator)(*others)
        letters = ", ".join("ijklmn"[: len(self.shape)])
        raise error(
            "TW1003",
            f"arithmetic on the whole buffer {self.label}",
            _span(),
            f"write its elements, {self.name or 'buffer'}[{letters}], in a T.Parallel loop",
        )

    return method


class Buffer:
    """Storage with a shape, a type and a scope.

    Scopes: global (DRAM tensor), shared and fragment (L1 blocks), local.
    """

    def __init__(self, shape: tuple, dt: DType, scope: str, ssa: Any, name: str, span: Any):
        self.shape = shape
        self.dtype = dt
        self._scope = scope
        self.ssa = ssa
        self.name = name
        self.span = span
        self.strides: Any = None
        self.reducer = ""  # how iterations of T.Parallel combine: sum, max, min
        self.safe_value: Any = None  # what reads outside a tensor give, when not 0
        self.region: Any = None  # where an on-chip buffer is alive
        self.defined_dims: dict[int, Any] = {}

    def scope(self) -> str:
        """Name of the memory the buffer lives in."""
        return self._scope

    @property
    def data(self) -> Buffer:
        """The storage; the buffer itself, since there are no raw pointers."""
        return self

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def label(self) -> str:
        """Name and shape, for messages."""
        return f"{self.name or 'buffer'} {shape_text(self.shape)}"

    @property
    def memref(self) -> str:
        """The MLIR type."""
        dims = "".join(f"{d}x" if isinstance(d, int) else "?x" for d in self.shape)
        return f"memref<{dims}{self.dtype.mlir}, #tile.scope<{self._scope}>>"

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Any:
        raise error(
            "TW1003",
            f"buffer {self.label} cannot be iterated",
            _span(),
            "loop with T.Parallel or T.serial and index the buffer",
        )

    __add__, __radd__ = _of_elements("__add__"), _of_elements("__radd__")
    __sub__, __rsub__ = _of_elements("__sub__"), _of_elements("__rsub__")
    __mul__, __rmul__ = _of_elements("__mul__"), _of_elements("__rmul__")
    __truediv__, __rtruediv__ = _of_elements("__truediv__"), _of_elements("__rtruediv__")
    __neg__, __pow__ = _of_elements("__neg__"), _of_elements("__pow__")
    __lt__, __le__ = _of_elements("__lt__"), _of_elements("__le__")
    __gt__, __ge__ = _of_elements("__gt__"), _of_elements("__ge__")

    def __len__(self) -> int:
        raise error(
            "TW1003",
            f"buffer {self.label} has no len()",
            _span(),
            f"use {self.name or 'buffer'}.shape[0]",
        )

    def __getitem__(self, item: Any) -> Any:
        span = _span()
        items = self._expand(item, span)
        if not any(isinstance(i, slice) for i in items):
            indices = tuple(self._index(i, d, span) for d, i in enumerate(items))
            return BufferLoad(self, indices, span)
        offsets: list[Expr] = []
        extents: list[int] = []
        for d, i in enumerate(items):
            if isinstance(i, slice):
                start, extent = self._slice(i, d, span)
                offsets.append(start)
                extents.append(extent)
            else:
                offsets.append(self._index(i, d, span))
                extents.append(1)
        return BufferRegion(self, tuple(offsets), tuple(extents), span)

    def __setitem__(self, item: Any, value: Any) -> None:
        from .builder import current

        current("an assignment to a buffer").store(self, item, value)

    def _expand(self, item: Any, span: Any) -> list:
        items = list(item) if isinstance(item, tuple) else [item]
        if any(i is Ellipsis for i in items):
            at = next(k for k, i in enumerate(items) if i is Ellipsis)
            fill = len(self.shape) - (len(items) - 1)
            items[at : at + 1] = [slice(None)] * max(fill, 0)
        if len(items) != len(self.shape):
            raise error(
                "TW1009",
                f"{self.label} has {len(self.shape)} dimension"
                f"{'s' if len(self.shape) != 1 else ''} and is indexed with {len(items)}",
                span,
                f"give {len(self.shape)} indices or slices",
            )
        return items

    def _index(self, value: Any, d: int, span: Any) -> Expr:
        e = as_expr(value)
        if e.dtype.is_float:
            raise error(
                "TW1008",
                f"index {d} of {self.label} is a {e.dtype} value",
                span,
                "cast it: T.cast(x, 'int32')",
            )
        size = self.shape[d]
        if e.hi is not None and e.hi < 0:
            if e.is_const and isinstance(size, int) and -e.value > size:
                raise self._outside(e, d, span)
            return binary("add", e, as_expr(size))
        if e.is_const and isinstance(size, int) and e.value >= size and self._scope != "global":
            raise self._outside(e, d, span)
        return e

    def _outside(self, e: Expr, d: int, span: Any):
        return error(
            "TW1023",
            f"index {describe(e)} of dimension {d} lies outside {self.label}",
            span,
            f"index 0 to {self.shape[d] - 1}",
        )

    def _slice(self, s: slice, d: int, span: Any) -> tuple[Expr, int]:
        if s.step is not None and not (isinstance(s.step, int) and s.step == 1):
            raise error(
                "TW1013",
                f"slice of dimension {d} of {self.label} has step {describe(s.step)}",
                span,
                "use step 1",
            )
        size = self.shape[d]
        start = self._index(0 if s.start is None else s.start, d, span)
        stop = as_expr(size if s.stop is None else s.stop)
        if stop.hi is not None and stop.hi < 0:
            stop = binary("add", stop, as_expr(size))
        extent = constant_difference(stop, start)
        if extent is None:
            raise error(
                "TW1010",
                f"slice {describe(start)}:{describe(stop)} of dimension {d} of {self.label} "
                "has no constant length",
                span,
                "write it as start : start + <constant>; parts outside the tensor read as "
                "0 and are not written",
            )
        if extent <= 0:
            raise error(
                "TW1008",
                f"slice of dimension {d} of {self.label} has length {extent}",
                span,
                "give a stop greater than the start",
            )
        return start, extent

    def whole(self) -> BufferRegion:
        """The region that covers the buffer."""
        zero = as_expr(0)
        extents = []
        for d, n in enumerate(self.shape):
            if not isinstance(n, int):
                raise error(
                    "TW1010",
                    f"dimension {d} of {self.label} is only known when the kernel runs",
                    _span(),
                    "give the block to copy: A[row, col] or A[r0:r0 + 32, c0:c0 + 32]",
                )
            extents.append(n)
        return BufferRegion(self, (zero,) * len(self.shape), tuple(extents), self.span)

    def __repr__(self) -> str:
        return f"{self.name or 'buffer'}: {self._scope} {shape_text(self.shape)} {self.dtype}"


class BufferRegion:
    """A box of a buffer: offsets (expressions) and constant extents."""

    def __init__(self, buffer: Buffer, offsets: tuple, extents: tuple, span: Any):
        self.buffer = buffer
        self.offsets = offsets
        self.extents = extents
        self.span = span

    @property
    def dtype(self) -> DType:
        """Element type of the buffer."""
        return self.buffer.dtype

    @property
    def shape(self) -> tuple:
        """The extents."""
        return self.extents

    def __repr__(self) -> str:
        parts = [
            f"{describe(o)}:+{e}" if e != 1 else describe(o)
            for o, e in zip(self.offsets, self.extents, strict=True)
        ]
        return f"{self.buffer.name or 'buffer'}[{', '.join(parts)}]"


def symbols_of(names: str, is_const: bool, dt: Any = INT32) -> Any:
    """Symbols from "M, N" or "M N"; one name gives one symbol."""
    parts = names.replace(",", " ").split()
    made = [Symbol(n, dtype(dt), is_const) for n in parts]
    return made[0] if len(made) == 1 else made
