"""Scalar functions of the T namespace: minima, casts, mathematics, bits."""

from __future__ import annotations

from typing import Any

from ..diagnostics import error
from .builder import user_span
from .dtypes import BOOL, DType, dtype, promote
from .expr import Expr, as_expr, binary, const, logical, logical_not, select
from .expr import absolute as _absolute
from .expr import call as _call
from .expr import cast as _cast


def ceildiv(a: Any, b: Any) -> Any:
    """The smallest integer not below a / b."""
    if isinstance(a, Expr) or isinstance(b, Expr):
        return (a + (b - 1)) // b
    return -(-a // b)


def align_up(a: Any, b: Any) -> Any:
    """`a` rounded up to a multiple of `b`."""
    return ceildiv(a, b) * b


def floordiv(a: Any, b: Any) -> Any:
    """a // b."""
    return a // b


def floormod(a: Any, b: Any) -> Any:
    """a % b with the sign of b."""
    return a % b


def _truncated(op: str, floor: str, a: Any, b: Any) -> Any:
    x, y = as_expr(a), as_expr(b)
    dt = promote(x.dtype, y.dtype)
    if dt.is_float:
        return binary("mod", a, b) if op == "truncmod" else _call("trunc", binary("div", a, b))
    # The two roundings differ where one side may be negative only.
    plain = all(e.lo is not None and e.lo >= 0 for e in (x, y))
    return binary(floor if plain or dt.kind != "int" else op, a, b)


def truncdiv(a: Any, b: Any) -> Any:
    """a / b rounded towards zero."""
    return _truncated("truncdiv", "floordiv", a, b)


def truncmod(a: Any, b: Any) -> Any:
    """The remainder of truncdiv: the sign of a."""
    return _truncated("truncmod", "mod", a, b)


def _pick(op: str, values: tuple) -> Any:
    if len(values) == 1 and isinstance(values[0], (list, tuple)):
        values = tuple(values[0])
    if not values:
        raise error("TW1008", f"T.{op} has no argument", user_span(), "pass two values")
    if not any(isinstance(v, Expr) for v in values) and all(
        isinstance(v, (int, float)) for v in values
    ):
        return min(values) if op == "min" else max(values)
    result = values[0]
    for v in values[1:]:
        result = binary(op, result, v)
    return result


def minimum(*values: Any) -> Any:
    """The smaller value."""
    return _pick("min", values)


def maximum(*values: Any) -> Any:
    """The larger value."""
    return _pick("max", values)


def clamp(x: Any, low: Any, high: Any) -> Any:
    """x limited to low..high."""
    return minimum(maximum(x, low), high)


def if_then_else(cond: Any, a: Any, b: Any) -> Any:
    """`a` where `cond` holds, else `b`; only the taken side is evaluated."""
    if isinstance(cond, bool):
        return a if cond else b
    return select(cond, a, b, guarded=True)


def Select(cond: Any, a: Any, b: Any) -> Any:
    """`a` where `cond` holds, else `b`; both sides are evaluated."""
    if isinstance(cond, bool):
        return a if cond else b
    return select(cond, a, b, guarded=False)


def infinity(dt: Any) -> Expr:
    """Positive infinity of a floating-point type."""
    return const(float("inf"), _float_type(dt, "T.infinity"))


def _float_type(dt: Any, what: str) -> DType:
    kind = dtype(dt)
    if not kind.is_float:
        raise error("TW1008", f"{what}: {kind} has no such value", user_span(), "use a float type")
    return kind


def min_value(dt: Any) -> Expr:
    """The least finite value of a type."""
    kind = dtype(dt)
    if kind.is_float:
        import ml_dtypes

        return const(float(ml_dtypes.finfo(kind.as_numpy()).min), kind)
    low = 0 if kind.kind != "int" else -(1 << (kind.bits - 1))
    return const(low, kind)


def max_value(dt: Any) -> Expr:
    """The greatest finite value of a type."""
    kind = dtype(dt)
    if kind.is_float:
        import ml_dtypes

        return const(float(ml_dtypes.finfo(kind.as_numpy()).max), kind)
    if kind is BOOL:
        return const(True, kind)
    high = (1 << (kind.bits - (kind.kind == "int"))) - 1
    return const(high, kind)


def cast(value: Any, dt: Any) -> Expr:
    """`value` converted to `dt` (arguments in either order)."""
    if isinstance(value, DType) or (isinstance(value, str) and not isinstance(dt, str)):
        value, dt = dt, value
    return _cast(value, dtype(dt))


def reinterpret(value: Any, dt: Any) -> Expr:
    """The bits of `value` read as `dt`."""
    if isinstance(value, (DType, str)):
        value, dt = dt, value
    e, kind = as_expr(value), dtype(dt)
    if e.dtype.bits != kind.bits:
        raise error(
            "TW1008",
            f"T.reinterpret: {e.dtype} has {e.dtype.bits} bits, {kind} has {kind.bits}",
            user_span(),
            "use types of one width",
        )
    return e if e.dtype is kind else Expr("reinterpret", (e,), kind, reads=e.reads)


def _unary(name: str, op: str | None = None) -> Any:
    def function(x: Any) -> Any:
        return _call(op or name, x)

    function.__name__ = name
    function.__doc__ = f"{name} of a value; integers become float32."
    return function


exp = _unary("exp")
exp2 = _unary("exp2")
log = _unary("log")
log2 = _unary("log2")
log10 = _unary("log10")
sqrt = _unary("sqrt")
rsqrt = _unary("rsqrt")
sin = _unary("sin")
cos = _unary("cos")
tan = _unary("tan")
sinh = _unary("sinh")
cosh = _unary("cosh")
tanh = _unary("tanh")
erf = _unary("erf")
atan = _unary("atan")
sigmoid = _unary("sigmoid")


def _rounding(name: str, op: str) -> Any:
    def function(x: Any) -> Any:
        e = as_expr(x)
        return _call(op, e) if e.dtype.is_float else e

    function.__name__ = name
    function.__doc__ = f"{name} of a value; integers stay as they are."
    return function


floor = _rounding("floor", "floor")
ceil = _rounding("ceil", "ceil")
trunc = _rounding("trunc", "trunc")
round_ = _rounding("round", "round")
nearbyint = _rounding("nearbyint", "roundeven")


def exp10(x: Any) -> Any:
    """10 to the power x."""
    return _call("exp2", as_expr(x) * 3.321928094887362)


def absolute(x: Any) -> Any:
    """|x|."""
    return _absolute(x)


def power(x: Any, y: Any) -> Any:
    """x to the power y."""
    return binary("pow", x, y)


def fmod(x: Any, y: Any) -> Any:
    """Remainder with the sign of x."""
    return binary("mod", x, y)


def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c."""
    return binary("add", binary("mul", a, b), c)


def _test(name: str) -> Any:
    def function(x: Any) -> Any:
        return _call(name, as_expr(x), dt=BOOL)

    function.__name__ = name
    function.__doc__ = f"{name} of a floating-point value."
    return function


isfinite = _test("isfinite")
isnan = _test("isnan")
isinf = _test("isinf")


def shift_left(a: Any, b: Any) -> Any:
    """a << b."""
    return binary("shl", a, b)


def shift_right(a: Any, b: Any) -> Any:
    """a >> b."""
    return binary("shr", a, b)


def bitwise_and(a: Any, b: Any) -> Any:
    """a & b."""
    return binary("and", a, b)


def bitwise_or(a: Any, b: Any) -> Any:
    """a | b."""
    return binary("or", a, b)


def bitwise_xor(a: Any, b: Any) -> Any:
    """a ^ b."""
    return binary("xor", a, b)


def bitwise_not(a: Any) -> Any:
    """~a."""
    return ~as_expr(a)


def And(*values: Any) -> Any:
    """Logical and."""
    result = as_expr(values[0])
    for v in values[1:]:
        result = logical("land", result, v)
    return result


def Or(*values: Any) -> Any:
    """Logical or."""
    result = as_expr(values[0])
    for v in values[1:]:
        result = logical("lor", result, v)
    return result


def Not(value: Any) -> Any:
    """Logical not."""
    return logical_not(value)
