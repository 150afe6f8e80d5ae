"""TileLang data types: str-like objects that also cast when called.

`promote` is TileLang's typing rule for binary operations: there are no weak
literals, so `f16 * 0.5` is computed in float32 (a Python float is float32).
"""

from __future__ import annotations

import difflib

from ..diagnostics import error

# name -> (kind, bits, MLIR type). Kinds: bool, int, uint, float.
_SCALARS: dict[str, tuple[str, int, str]] = {
    "bool": ("bool", 8, "i1"),
    "int4": ("int", 4, "i4"),
    "int8": ("int", 8, "i8"),
    "int16": ("int", 16, "i16"),
    "int32": ("int", 32, "i32"),
    "int64": ("int", 64, "i64"),
    "uint4": ("uint", 4, "ui4"),
    "uint8": ("uint", 8, "ui8"),
    "uint16": ("uint", 16, "ui16"),
    "uint32": ("uint", 32, "ui32"),
    "uint64": ("uint", 64, "ui64"),
    "float16": ("float", 16, "f16"),
    "bfloat16": ("float", 16, "bf16"),
    "tfloat32": ("float", 32, "f32"),
    "float32": ("float", 32, "f32"),
    "float64": ("float", 64, "f64"),
    "float8_e4m3fn": ("float", 8, "f8E4M3FN"),
    "float8_e4m3fnuz": ("float", 8, "f8E4M3FNUZ"),
    "float8_e5m2": ("float", 8, "f8E5M2"),
    "float8_e5m2fnuz": ("float", 8, "f8E5M2FNUZ"),
    "float8_e8m0fnu": ("float", 8, "f8E8M0FNU"),
    "float6_e2m3fn": ("float", 6, "f6E2M3FN"),
    "float6_e3m2fn": ("float", 6, "f6E3M2FN"),
    "float4_e2m1fn": ("float", 4, "f4E2M1FN"),
}

_ALIASES = {
    "short": "int16",
    "int": "int32",
    "uint": "uint32",
    "long": "int64",
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "fp16": "float16",
    "bf16": "bfloat16",
    "fp32": "float32",
    "float8_e4m3": "float8_e4m3fn",  # as every GPU that TileLang compiles for has it
    "bool_": "bool",
    "boolean": "bool",
}

_RANK = {"bool": 0, "uint": 1, "int": 1, "float": 2}


class DType(str):
    """A data type. Equal to its name, usable as a string, callable as a cast."""

    __slots__ = ()

    def __new__(cls, name: str) -> DType:
        """The one object for `name`."""
        return _INTERNED.get(name) or str.__new__(cls, name)

    @property
    def kind(self) -> str:
        """'bool', 'int', 'uint' or 'float'."""
        return _SCALARS[str(self)][0]

    @property
    def bits(self) -> int:
        """Width of one element in bits."""
        return _SCALARS[str(self)][1]

    @property
    def bytes(self) -> int:
        """Width of one element in whole bytes."""
        return (self.bits + 7) // 8

    @property
    def itemsize(self) -> int:
        """NumPy's name for `bytes`."""
        return self.bytes

    @property
    def mlir(self) -> str:
        """Spelling of the type in the IR."""
        return _SCALARS[str(self)][2]

    @property
    def is_float(self) -> bool:
        """True for floating-point types."""
        return self.kind == "float"

    def __call__(self, value: object = 0) -> object:
        from .expr import cast

        return cast(value, self)

    def as_torch(self) -> object:
        """The torch dtype of the same name (needs torch)."""
        import torch

        return getattr(torch, str(self))

    def as_numpy(self) -> object:
        """The NumPy dtype (through ml_dtypes where NumPy has none)."""
        return numpy_dtype(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return str.__repr__(self)


_INTERNED: dict[str, DType] = {}
_INTERNED.update({name: str.__new__(DType, name) for name in _SCALARS})


def dtype(value: object, what: str = "dtype") -> DType:
    """Read a data type from any form TileLang programs use."""
    if type(value) is DType:
        return value
    if isinstance(value, str):
        name = value
    elif value is float:
        name = "float32"
    elif value is int:
        name = "int32"
    elif value is bool:
        name = "bool"
    elif isinstance(value, type) and hasattr(value, "__name__"):
        name = value.__name__  # numpy and ml_dtypes scalar classes
    elif type(value).__module__.split(".")[0] == "torch":
        name = str(value).rsplit(".", 1)[-1]
    elif hasattr(value, "name"):
        name = str(value.name)  # numpy dtype objects
    else:
        name = str(value)
    name = name.removeprefix("torch.")
    found = _INTERNED.get(_ALIASES.get(name, name))
    if found is not None:
        return found
    from .builder import user_span

    close = difflib.get_close_matches(name, [*_SCALARS, *_ALIASES], n=1)
    hint = f"did you mean '{close[0]}'?" if close else "use e.g. 'bfloat16' or 'float32'"
    raise error("TW1011", f"{what} '{name}' is not a TileLang data type", user_span(), hint)


def promote(a: DType, b: DType) -> DType:
    """The type in which a binary operation on `a` and `b` is computed."""
    if a is b:
        return a
    rank_a, rank_b = _RANK[a.kind], _RANK[b.kind]
    if rank_a != rank_b:
        return a if rank_a > rank_b else b
    if a.kind == "float":
        if a.bits != b.bits:
            return a if a.bits > b.bits else b
        if "float16" in (a, b):  # float16 with bfloat16
            return _INTERNED["float16"]
        return _INTERNED["float32"] if "float32" in (a, b) else a
    if a.bits != b.bits:
        return a if a.bits > b.bits else b
    return a if a.kind == "uint" else b


def numpy_dtype(dt: DType) -> object:
    """The NumPy dtype that holds `dt` on the host."""
    import numpy as np

    name = str(dt)
    if dt.kind in ("bool", "int", "uint") and dt.bits >= 8:
        return np.dtype(name)
    if name in ("float16", "float32", "float64"):
        return np.dtype(name)
    if name == "tfloat32":
        return np.dtype("float32")
    import ml_dtypes

    return np.dtype(getattr(ml_dtypes, name))


ALL_DTYPES: dict[str, DType] = dict(_INTERNED)
BOOL = _INTERNED["bool"]
INT32 = _INTERNED["int32"]
INT64 = _INTERNED["int64"]
FLOAT32 = _INTERNED["float32"]
