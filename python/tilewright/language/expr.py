"""Scalar expressions of a traced kernel.

An `Expr` is an immutable tree. Operators build trees, fold constants and keep
integer bounds; nothing is emitted until a statement uses the tree (emit.py).
A tree that reads a buffer is emitted when it is bound to a name, so that the
read happens where the program says it does.
"""

from __future__ import annotations

import contextlib
import math
import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..diagnostics import error
from .dtypes import BOOL, FLOAT32, INT32, INT64, DType, dtype, promote

if TYPE_CHECKING:
    from .buffer import Buffer
    from .builder import SSA

_INT_KINDS = ("int", "uint", "bool")
_INDEX_OPS = {"add", "sub", "mul", "floordiv", "mod", "min", "max"}
_DIVISIONS = {"floordiv", "mod", "truncdiv", "truncmod"}
COMPARISONS = {"eq", "ne", "lt", "le", "gt", "ge"}
_SYMBOL = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "floordiv": "//",
    "mod": "%",
    "and": "&",
    "or": "|",
    "xor": "^",
    "shl": "<<",
    "shr": ">>",
    "pow": "**",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}


def _span():
    from .builder import user_span

    return user_span()


_UFUNCS = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "floor_divide": operator.floordiv,
    "remainder": operator.mod,
    "power": operator.pow,
    "bitwise_and": operator.and_,
    "bitwise_or": operator.or_,
    "bitwise_xor": operator.xor,
    "left_shift": operator.lshift,
    "right_shift": operator.rshift,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "equal": operator.eq,
    "not_equal": operator.ne,
}
_NAMES = {"maximum": "max", "minimum": "min", "absolute": "abs", "where": "if_then_else"}


def _is_scalar(value: Any) -> bool:
    return isinstance(value, Expr) or getattr(value, "ndim", 0) == 0


class Expr:
    """One node of a scalar expression."""

    __slots__ = ("op", "args", "dtype", "lo", "hi", "index", "reads", "_key")

    def __init__(
        self,
        op: str,
        args: tuple,
        dt: DType,
        bounds: tuple[int | None, int | None] = (None, None),
        index: bool = False,
        reads: bool = False,
    ):
        self.op = op
        self.args = args
        self.dtype = dt
        self.lo, self.hi = bounds
        self.index = index  # made of loop variables and constants only
        self.reads = reads  # reads a buffer when evaluated
        self._key = None

    # -- identity -----------------------------------------------------------
    @property
    def key(self) -> tuple:
        """Structural key: equal for trees that denote the same computation."""
        if self._key is None:
            self._key = (
                self.op,
                str(self.dtype),
                *(a.key if isinstance(a, Expr) else a for a in self.args),
            )
        return self._key

    def __hash__(self) -> int:
        return id(self)

    def equal(self, other: object) -> bool:
        """Structural equality, decided while tracing."""
        return isinstance(other, Expr) and self.key == other.key

    # -- use as a Python value ----------------------------------------------
    @property
    def is_const(self) -> bool:
        """True when the value is known while tracing."""
        return self.op == "const"

    @property
    def value(self) -> Any:
        """The value of a constant."""
        return self.args[0]

    def __bool__(self) -> bool:
        if self.op == "const":
            return bool(self.value)
        if self.op == "eq":
            return self.args[0].key == self.args[1].key
        if self.op == "ne":
            return self.args[0].key != self.args[1].key
        raise _not_known(self, "a truth value", "T.if_then_else(...), or `if` in the kernel body")

    def __index__(self) -> int:
        if self.op == "const" and self.dtype.kind in _INT_KINDS:
            return int(self.value)
        raise _not_known(self, "a Python int", "a compile-time constant")

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **_: Any) -> Any:
        """NumPy numbers in arithmetic; its functions are of arrays."""
        name = function.__name__
        same = _UFUNCS.get(name)
        if same and method == "__call__" and all(map(_is_scalar, inputs)):
            return same(*(x if isinstance(x, Expr) else as_expr(x) for x in inputs))
        from .names import TABLE

        name = _NAMES.get(name, name)
        there = f"T.{name}" if name in TABLE else "the functions of T"
        raise _not_known(self, f"an array for np.{function.__name__}", there)

    def __int__(self) -> int:
        if self.op == "const":
            return int(self.value)
        raise _not_known(self, "a Python int", "T.cast(x, 'int32')")

    def __float__(self) -> float:
        if self.op == "const":
            return float(self.value)
        raise _not_known(
            self, "a Python float", "T.cast(x, 'float32'), or T.exp and its like for math.exp"
        )

    def astype(self, dt: object) -> Expr:
        """The value converted to another type."""
        return cast(self, dtype(dt))

    # -- operators ----------------------------------------------------------
    def __add__(self, o):
        return binary("add", self, o)

    def __radd__(self, o):
        return binary("add", o, self)

    def __sub__(self, o):
        return binary("sub", self, o)

    def __rsub__(self, o):
        return binary("sub", o, self)

    def __mul__(self, o):
        return binary("mul", self, o)

    def __rmul__(self, o):
        return binary("mul", o, self)

    def __truediv__(self, o):
        return binary("div", self, o)

    def __rtruediv__(self, o):
        return binary("div", o, self)

    def __floordiv__(self, o):
        return binary("floordiv", self, o)

    def __rfloordiv__(self, o):
        return binary("floordiv", o, self)

    def __mod__(self, o):
        return binary("mod", self, o)

    def __rmod__(self, o):
        return binary("mod", o, self)

    def __pow__(self, o):
        return binary("pow", self, o)

    def __rpow__(self, o):
        return binary("pow", o, self)

    def __and__(self, o):
        return binary("and", self, o)

    def __rand__(self, o):
        return binary("and", o, self)

    def __or__(self, o):
        return binary("or", self, o)

    def __ror__(self, o):
        return binary("or", o, self)

    def __xor__(self, o):
        return binary("xor", self, o)

    def __rxor__(self, o):
        return binary("xor", o, self)

    def __lshift__(self, o):
        return binary("shl", self, o)

    def __rlshift__(self, o):
        return binary("shl", o, self)

    def __rshift__(self, o):
        return binary("shr", self, o)

    def __rrshift__(self, o):
        return binary("shr", o, self)

    def __neg__(self):
        return negate(self)

    def __pos__(self):
        return self

    def __abs__(self):
        return absolute(self)

    def __invert__(self):
        if self.dtype is BOOL:
            return logical_not(self)
        return binary("xor", self, const(-1, self.dtype))

    def __eq__(self, o):
        return compare("eq", self, o)

    def __ne__(self, o):
        return compare("ne", self, o)

    def __lt__(self, o):
        return compare("lt", self, o)

    def __le__(self, o):
        return compare("le", self, o)

    def __gt__(self, o):
        return compare("gt", self, o)

    def __ge__(self, o):
        return compare("ge", self, o)

    def __str__(self) -> str:
        return describe(self)

    __repr__ = __str__


class Var(Expr):
    """A value with a name: loop variable, block index, scalar argument, let."""

    __slots__ = ("ssa", "name", "native", "region")

    def __init__(
        self,
        ssa: SSA,
        name: str,
        dt: DType,
        region: Any,
        native: bool,
        bounds: tuple[int | None, int | None] = (None, None),
    ):
        super().__init__("var", (), dt, bounds, index=not native and dt is INT32)
        self.ssa = ssa
        self.name = name
        self.native = native  # has the type of dtype; otherwise `index`
        self.region = region
        self._key = ("var", ssa.number)


class BlockIndex(Var):
    """A block index; iterable so that `with T.Kernel(n) as (bx,)` works."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Expr]:
        yield self


class Param(Var):
    """A scalar argument of the kernel."""

    __slots__ = ("span",)


class Symbol(Expr):
    """A named dimension that is not known yet: T.dynamic or unsolved T.const."""

    __slots__ = ("name", "is_const_symbol")

    def __init__(self, name: str, dt: DType = INT32, is_const_symbol: bool = False):
        super().__init__("symbol", (name,), dt, (1, None), index=True)
        self.name = name
        self.is_const_symbol = is_const_symbol


class BufferLoad(Expr):
    """`A[i, j]`: an element, or the head of a region in T.copy."""

    __slots__ = ("buffer", "indices", "span")

    def __init__(self, buffer: Buffer, indices: tuple, span: Any):
        super().__init__("load", (), buffer.dtype, reads=True)
        self.buffer = buffer
        self.indices = indices
        self.span = span
        self._key = ("load", id(buffer), *(i.key for i in indices), id(self))


class Ref(BufferLoad):
    """A mutable scalar made by T.alloc_var; assigning its name stores."""

    __slots__ = ()

    def __getitem__(self, index: object) -> Ref:
        return self


def _not_known(e: Expr, what: str, instead: str):
    return error(
        "TW1005",
        f"'{describe(e)}' is only known when the kernel runs; it cannot become {what} "
        "while the kernel is traced",
        _span(),
        f"use {instead}",
    )


# -- constructors -------------------------------------------------------------
def const(value: Any, dt: DType) -> Expr:
    """A constant of type `dt`; the value is wrapped or rounded by the emitter."""
    if dt.kind == "float":
        return Expr("const", (float(value),), dt)
    if dt.kind == "bool":
        return Expr("const", (bool(value),), dt, (0, 1))
    value = int(value)
    return Expr("const", (value,), dt, (value, value), index=dt is INT32)


# Dimensions and scalar arguments that are known in this trace, by name.
_bound: dict[str, Any] = {}


@contextlib.contextmanager
def bound(values: dict[str, Any]) -> Iterator[None]:
    """Trace with these dimensions and scalar arguments known."""
    before = dict(_bound)
    _bound.update(values)
    try:
        yield
    finally:
        _bound.clear()
        _bound.update(before)


def bound_value(name: str) -> Any:
    """The value of a dimension or scalar argument, when this trace knows it."""
    return _bound.get(name)


def symbols_in(e: Expr) -> list[Symbol]:
    """The dimensions that an expression mentions."""
    if isinstance(e, Symbol):
        return [e]
    return [s for a in e.args if isinstance(a, Expr) for s in symbols_in(a)]


def resolve(e: Expr) -> Expr:
    """The tree with what is known filled in."""
    if not _bound or e.is_const or isinstance(e, (Var, BufferLoad)):
        return e
    if isinstance(e, Symbol):
        return const(_bound[e.name], e.dtype) if e.name in _bound else e
    args = tuple(resolve(a) if isinstance(a, Expr) else a for a in e.args)
    if all(a is b for a, b in zip(args, e.args, strict=True)):
        return e
    if e.op in COMPARISONS:
        return compare(e.op, *args)
    if e.op == "cast":
        return cast(args[0], e.dtype)
    if e.op in _FOLD:
        return binary(e.op, *args)
    return Expr(e.op, args, e.dtype, (e.lo, e.hi), e.index, e.reads)


def as_expr(value: Any) -> Expr:
    """A Python or NumPy scalar, or an expression, as an expression."""
    if isinstance(value, Expr):
        return resolve(value) if _bound else value
    kind = type(value)
    if kind is bool:
        return const(value, BOOL)
    if kind is int:
        return const(value, INT32 if -(1 << 31) <= value < (1 << 31) else INT64)
    if kind is float:
        return const(value, FLOAT32)
    if hasattr(value, "dtype") and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return const(value.item(), dtype(value.dtype))
    if hasattr(value, "__index__"):
        return as_expr(value.__index__())
    name = getattr(value, "name", None)
    if kind.__name__ == "Buffer":
        if value.shape == (1,):
            return value[0]
        raise error(
            "TW1008",
            f"buffer {value.label} stands where a scalar is needed",
            _span(),
            f"index it: {name or 'buffer'}[" + ", ".join("ijklmn"[: len(value.shape)]) + "]",
        )
    raise error(
        "TW1008",
        f"a value of type '{kind.__name__}' stands where a scalar is needed",
        _span(),
        "use a number, an element of a buffer or an expression of these",
    )


def _bounds(op: str, a: Expr, b: Expr) -> tuple[int | None, int | None]:
    al, ah, bl, bh = a.lo, a.hi, b.lo, b.hi
    if op == "mod" and b.is_const and b.value > 0:
        if al is not None and al >= 0 and ah is not None and ah < b.value:
            return (al, ah)
        return (0, b.value - 1)
    if op == "floordiv" and b.is_const and b.value > 0:
        d = b.value
        return (None if al is None else al // d, None if ah is None else ah // d)
    if op == "add":
        return (
            None if al is None or bl is None else al + bl,
            None if ah is None or bh is None else ah + bh,
        )
    if op == "sub":
        return (
            None if al is None or bh is None else al - bh,
            None if ah is None or bl is None else ah - bl,
        )
    if op == "min":
        highs = [h for h in (ah, bh) if h is not None]
        return (None if al is None or bl is None else min(al, bl), min(highs, default=None))
    if op == "max":
        lows = [v for v in (al, bl) if v is not None]
        return (max(lows, default=None), None if ah is None or bh is None else max(ah, bh))
    if op == "mul":
        if None not in (al, ah, bl, bh):
            corners = (al * bl, al * bh, ah * bl, ah * bh)
            return (min(corners), max(corners))
        if al is not None and bl is not None and al >= 0 and bl >= 0:
            return (al * bl, None)
    return (None, None)


def _truncated(a: int, b: int) -> int:
    """a / b rounded towards zero."""
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


_FOLD = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "floordiv": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "truncdiv": lambda a, b: _truncated(a, b),
    "truncmod": lambda a, b: a - _truncated(a, b) * b,
    "min": min,
    "max": max,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "shl": lambda a, b: a << b,
    "shr": lambda a, b: a >> b,
    "pow": lambda a, b: a**b,
    "div": lambda a, b: a / b,
}


def binary(op: str, left: Any, right: Any) -> Any:
    """A binary operation under TileLang's typing rules."""
    a, b = as_expr(left), as_expr(right)
    dt = promote(a.dtype, b.dtype)
    is_int = dt.kind in _INT_KINDS
    if op == "div" and is_int:
        raise error(
            "TW1012",
            f"'/' between {a.dtype} and {b.dtype} values",
            _span(),
            "write // for the floor, or cast one side: x.astype('float32') / y",
        )
    if op in ("and", "or", "xor", "shl", "shr") and not is_int:
        raise error(
            "TW1008",
            f"'{_SYMBOL[op]}' needs integers, not {a.dtype} and {b.dtype}",
            _span(),
            "cast to an integer type, or use T.reinterpret for the bits",
        )
    if dt is BOOL and op not in ("and", "or", "xor", "min", "max"):
        dt = INT32
    if op in _DIVISIONS and b.is_const and b.value == 0:
        raise error("TW1008", "division by zero", _span(), "use a divisor other than 0")
    if a.is_const and b.is_const and is_int and not (op == "pow" and b.value < 0):
        return const(_FOLD[op](a.value, b.value), dt)
    if is_int and a.dtype is dt and b.is_const:
        v = b.value
        if (v == 0 and op in ("add", "sub", "or", "xor", "shl", "shr")) or (
            v == 1 and op in ("mul", "floordiv")
        ):
            return a
        if v == 0 and op == "mul":
            return const(0, dt)
        if v == 1 and op == "mod":
            return const(0, dt)
    if is_int and b.dtype is dt and a.is_const:
        if a.value == 0 and op == "add":
            return b
        if a.value == 1 and op == "mul":
            return b
        if a.value == 0 and op == "mul":
            return const(0, dt)
    bounds = _bounds(op, a, b) if is_int else (None, None)
    index = op in _INDEX_OPS and a.index and b.index and dt is INT32
    return Expr(op, (a, b), dt, bounds, index, a.reads or b.reads)


def evaluate(value: Any, symbols: dict[str, int]) -> int | None:
    """The value of a shape expression for these sizes; None where they do not tell."""
    if isinstance(value, int):
        return value
    e = as_expr(value)
    if e.is_const:
        return int(e.value)
    if isinstance(e, Symbol):
        return symbols.get(e.name)
    if e.op not in _FOLD or len(e.args) != 2:
        return None
    a, b = (evaluate(x, symbols) for x in e.args)
    if a is None or b is None or (e.op in _DIVISIONS and b == 0):
        return None
    return _FOLD[e.op](a, b)


def compare(op: str, left: Any, right: Any) -> Any:
    """A comparison; constants are decided while tracing."""
    if right is None or isinstance(right, (str, tuple, list, dict)):
        return op == "ne"  # an expression never equals such a value
    a, b = as_expr(left), as_expr(right)
    if a.is_const and b.is_const:
        result = {
            "eq": a.value == b.value,
            "ne": a.value != b.value,
            "lt": a.value < b.value,
            "le": a.value <= b.value,
            "gt": a.value > b.value,
            "ge": a.value >= b.value,
        }[op]
        return const(result, BOOL)
    return Expr(op, (a, b), BOOL, (0, 1), False, a.reads or b.reads)


def logical(op: str, left: Any, right: Any) -> Expr:
    """`land` or `lor` of two truth values."""
    a, b = cast(as_expr(left), BOOL), cast(as_expr(right), BOOL)
    for x, y in ((a, b), (b, a)):
        if x.is_const:
            if op == "land":
                return y if x.value else const(False, BOOL)
            return const(True, BOOL) if x.value else y
    return Expr(op, (a, b), BOOL, (0, 1), False, a.reads or b.reads)


def logical_not(value: Any) -> Expr:
    """The negation of a truth value."""
    a = cast(as_expr(value), BOOL)
    if a.is_const:
        return const(not a.value, BOOL)
    return Expr("lnot", (a,), BOOL, (0, 1), False, a.reads)


def negate(value: Any) -> Expr:
    """-x."""
    a = as_expr(value)
    if a.is_const:
        return const(-a.value, a.dtype if a.dtype is not BOOL else INT32)
    if a.dtype.is_float:
        return Expr("neg", (a,), a.dtype, reads=a.reads)
    return binary("mul", a, const(-1, INT32 if a.dtype is BOOL else a.dtype))


def absolute(value: Any) -> Expr:
    """|x|."""
    a = as_expr(value)
    if a.is_const:
        return const(abs(a.value), a.dtype)
    return Expr("abs", (a,), a.dtype, (0, None), False, a.reads)


def cast(value: Any, dt: DType) -> Expr:
    """`value` converted to `dt`."""
    a = as_expr(value)
    if a.dtype is dt:
        return a
    if a.is_const and (dt.kind == "float" or not a.dtype.is_float or math.isfinite(a.value)):
        return const(a.value, dt)
    keep = dt.kind in ("int", "uint") and dt.bits >= 32 and not a.dtype.is_float
    return Expr("cast", (a,), dt, (a.lo, a.hi) if keep else (None, None), False, a.reads)


def select(cond: Any, a: Any, b: Any, guarded: bool) -> Any:
    """if_then_else (guarded: only the taken arm is evaluated) or Select."""
    c = as_expr(cond)
    c = cast(c, BOOL)
    x, y = as_expr(a), as_expr(b)
    dt = promote(x.dtype, y.dtype)
    x, y = cast(x, dt), cast(y, dt)
    if c.is_const:
        return x if c.value else y
    bounds: tuple[int | None, int | None] = (None, None)
    if None not in (x.lo, y.lo, x.hi, y.hi):
        bounds = (min(x.lo, y.lo), max(x.hi, y.hi))
    reads = c.reads or x.reads or y.reads
    return Expr("ite" if guarded else "select", (c, x, y), dt, bounds, False, reads)


def call(name: str, *values: Any, dt: DType | None = None) -> Expr:
    """A call of a mathematical function; integers become float32."""
    args = tuple(as_expr(v) for v in values)
    if dt is None:
        dt = args[0].dtype
        for a in args[1:]:
            dt = promote(dt, a.dtype)
        if not dt.is_float:
            dt = FLOAT32
        args = tuple(cast(a, dt) for a in args)
    return Expr("call", (name, *args), dt, reads=any(a.reads for a in args))


# -- analysis -----------------------------------------------------------------
def _term(e: Expr) -> tuple:
    """The key of a term: loads of one element are one term, since the parts of one index
    expression are read at the same moment."""
    if isinstance(e, BufferLoad):
        return ("load", id(e.buffer), *map(_term, e.indices))
    if not e.reads or not e.args:
        return e.key
    return (e.op, str(e.dtype), *(_term(a) if isinstance(a, Expr) else a for a in e.args))


def linear(e: Any) -> tuple[dict[tuple, int], int]:
    """`e` as an integer combination of opaque terms plus a constant."""
    e = as_expr(e)
    if e.is_const:
        return {}, int(e.value)
    if e.op in ("add", "sub"):
        left, c0 = linear(e.args[0])
        right, c1 = linear(e.args[1])
        sign = 1 if e.op == "add" else -1
        out = dict(left)
        for k, v in right.items():
            out[k] = out.get(k, 0) + sign * v
        return {k: v for k, v in out.items() if v}, c0 + sign * c1
    if e.op == "mul":
        for a, b in (e.args, e.args[::-1]):
            if b.is_const:
                terms, c = linear(a)
                return {k: v * b.value for k, v in terms.items() if v * b.value}, c * b.value
    return {_term(e): 1}, 0


def constant_difference(a: Any, b: Any) -> int | None:
    """a - b when it is a constant, else None."""
    terms, c = linear(binary("sub", a, b))
    return None if terms else c


def describe(e: Any) -> str:
    """Source-like text of an expression, for messages."""
    if not isinstance(e, Expr):
        return str(e)
    if e.op == "const":
        return str(e.value)
    if isinstance(e, (Var, Symbol)):
        return e.name
    if isinstance(e, Ref):
        return e.buffer.name or "x"
    if isinstance(e, BufferLoad):
        inner = ", ".join(describe(i) for i in e.indices)
        return f"{e.buffer.name or 'buffer'}[{inner}]"
    if e.op in _SYMBOL:
        parts = []
        for a in e.args:
            text = describe(a)
            nested = isinstance(a, Expr) and a.op in _SYMBOL
            parts.append(f"({text})" if nested else text)
        return f"{parts[0]} {_SYMBOL[e.op]} {parts[1]}"
    name = e.args[0] if e.op == "call" else {"ite": "if_then_else"}.get(e.op, e.op)
    rest = e.args[1:] if e.op == "call" else e.args
    return f"{name}(" + ", ".join(describe(a) for a in rest) + ")"
