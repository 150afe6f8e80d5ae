"""The T namespace: `import tilewright.language as T`.

Which names exist, and what each does on this target, stands in names.py.
"""

from __future__ import annotations

import difflib
from typing import Any

from ..diagnostics import error
from . import scalars as _scalars
from .annotations import CoreRange, WorkItem, annotate_tt_layout, annotate_tt_schedule
from .buffer import Buffer as _Buffer
from .buffer import StridedTensor, Tensor, symbols_of
from .builder import user_span
from .dtypes import ALL_DTYPES, DType
from .dtypes import dtype as _read_dtype
from .element_ops import (
    Persistent,
    all_of,
    alloc_reducer,
    annotate_safe_value,
    any_of,
    atomic_add,
    atomic_addx2,
    atomic_addx4,
    atomic_load,
    atomic_max,
    atomic_min,
    atomic_or,
    atomic_store,
    cummax,
    cumsum,
    device_assert,
    finalize_reducer,
    im2col,
    reducer_init,
    reducer_update,
    transpose,
)
from .element_ops import print_ as print
from .loops import Kernel, Parallel, Pipelined, grid, loop_break, serial, unroll, vectorized
from .names import GPU_PREFIXES, TABLE
from .ops import (
    GemmWarpPolicy,
    alloc_buffer,
    alloc_fragment,
    alloc_global,
    alloc_local,
    alloc_shared,
    alloc_var,
    async_copy,
    clear,
    copy,
    empty,
    fill,
    gemm,
    hint_function,
    reduce_absmax,
    reduce_abssum,
    reduce_max,
    reduce_min,
    reduce_sum,
)
from .trace import Macro, PrimFunc, const, macro, prim_func
from .views import reshape, view


def dtype(value: Any) -> DType:
    """A data type from a name, or a torch or NumPy type."""
    return _read_dtype(value)


def dynamic(names: str, dtype: Any = "int32") -> Any:
    """Dimensions that are known only at the call: T.dynamic("m") or ("m, n")."""
    return symbols_of(names, False, dtype)


class _Annotation:
    """A parameter annotation of a macro; it carries no information here."""

    def __call__(self, *_: Any, **__: Any) -> _Annotation:
        return self

    def __getitem__(self, _: Any) -> _Annotation:
        return self


class _LayoutHint:
    """A GPU layout object; accepted, without effect."""

    def __init__(self, *args: Any, **kwargs: Any):
        self.args = args

    def __getattr__(self, name: str) -> Any:
        return lambda *a, **k: self


Buffer = Tensor
SharedBuffer = FragmentBuffer = LocalBuffer = Ref = _Annotation()
Layout = Fragment = _LayoutHint
symbolic = dynamic
Serial = serial
parallel = Parallel
ceildiv = cdiv = _scalars.ceildiv
min = _scalars.minimum
max = _scalars.maximum
abs = _scalars.absolute
pow = power = _scalars.power
round = _scalars.round_
Cast = _scalars.cast

_g = globals()
for _name in (
    "align_up floordiv floormod truncdiv truncmod clamp if_then_else Select infinity min_value "
    "max_value cast reinterpret exp exp2 exp10 log log2 log10 sqrt rsqrt sin cos tan sinh cosh "
    "tanh atan erf sigmoid floor ceil trunc nearbyint fmod fma isfinite isnan isinf shift_left "
    "shift_right bitwise_and bitwise_or bitwise_xor bitwise_not And Or Not"
).split():
    _g[_name] = getattr(_scalars, _name)
for _name, _dt in ALL_DTYPES.items():
    _g[_name] = _dt
for _name, _alias in (
    ("short", "int16"),
    ("int", "int32"),
    ("uint", "uint32"),
    ("long", "int64"),
    ("half", "float16"),
    ("float", "float32"),
    ("double", "float64"),
    ("float8_e4m3", "float8_e4m3fn"),
):
    _g[_name] = ALL_DTYPES[_alias]
for _row in TABLE.values():
    if _row.kind == "hint" and _row.name not in _g:
        _g[_row.name] = hint_function(_row.name)


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    row = TABLE.get(name)
    span = user_span()
    if row is None and name.startswith(GPU_PREFIXES):
        raise error(
            "TW1002",
            f"T.{name} is a GPU instruction and has no meaning on this target",
            span,
            "use T.copy, T.gemm or T.Pipelined; the compiler adds all synchronisation",
        )
    scalar, _, width = name.rpartition("x")
    if row is None and scalar in ALL_DTYPES and width.isdigit():
        raise error(
            "TW1003",
            f"the vector type T.{name} is not supported on this target yet",
            span,
            f"use T.{scalar} and one more index",
        )
    if row is None:
        known = [n for n, r in TABLE.items() if r.kind not in ("gpu", "unsupported")]
        close = difflib.get_close_matches(name, [*known, *ALL_DTYPES, *TABLE], n=1)
        fix = f"did you mean T.{close[0]}?" if close else "see docs/language.md for all T names"
        raise error("TW1001", f"T.{name} is not a TileLang name", span, fix)
    if row.kind == "gpu":
        raise error("TW1002", f"T.{name} {row.what}", span, row.instead)
    raise error(
        "TW1003", f"T.{name} ({row.what}) is not supported on this target yet", span, row.instead
    )


__all__ = [
    "CoreRange",
    "GemmWarpPolicy",
    "Kernel",
    "Macro",
    "Parallel",
    "Persistent",
    "Pipelined",
    "PrimFunc",
    "StridedTensor",
    "Tensor",
    "WorkItem",
    "_Buffer",
    "all_of",
    "alloc_buffer",
    "alloc_fragment",
    "alloc_global",
    "alloc_local",
    "alloc_reducer",
    "alloc_shared",
    "alloc_var",
    "annotate_safe_value",
    "annotate_tt_layout",
    "annotate_tt_schedule",
    "any_of",
    "async_copy",
    "atomic_add",
    "atomic_addx2",
    "atomic_addx4",
    "atomic_load",
    "atomic_max",
    "atomic_min",
    "atomic_or",
    "atomic_store",
    "clear",
    "const",
    "copy",
    "cummax",
    "cumsum",
    "device_assert",
    "dtype",
    "dynamic",
    "empty",
    "fill",
    "finalize_reducer",
    "gemm",
    "grid",
    "im2col",
    "loop_break",
    "macro",
    "prim_func",
    "print",
    "reduce_absmax",
    "reduce_abssum",
    "reduce_max",
    "reduce_min",
    "reduce_sum",
    "reducer_init",
    "reducer_update",
    "reshape",
    "serial",
    "transpose",
    "unroll",
    "vectorized",
    "view",
]
