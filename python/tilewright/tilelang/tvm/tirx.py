"""`tvm.tirx`: expression builders, as T has them."""

from __future__ import annotations

from typing import Any

from ...language.dtypes import dtype as _dtype
from ...language.expr import Expr as PrimExpr
from ...language.expr import as_expr, cast
from ...language.expr import const as _const
from ...language.scalars import And, Not, Or, Select, if_then_else, reinterpret
from ...language.scalars import maximum as Max
from ...language.scalars import minimum as Min

Var = PrimExpr


def const(value: Any, dtype: Any = "int32", span: Any = None) -> PrimExpr:
    """A constant of a type."""
    return _const(value, _dtype(dtype))


def Cast(dtype: Any, value: Any) -> PrimExpr:
    """A value converted to a type."""
    return cast(as_expr(value), _dtype(dtype))


def all(*parts: Any) -> Any:
    """Whether every condition holds."""
    return And(*parts)


def any(*parts: Any) -> Any:
    """Whether one condition holds."""
    return Or(*parts)


__all__ = [
    "And",
    "Cast",
    "Max",
    "Min",
    "Not",
    "Or",
    "PrimExpr",
    "Select",
    "Var",
    "all",
    "any",
    "const",
    "if_then_else",
    "reinterpret",
]
