"""Emission of expression trees as arith, math and memref ops.

Integers made of loop variables and constants are computed as `index`; other
integers in their own type. A computation without reads is emitted once for each
region and found again in the regions inside it.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from typing import Any

from ..diagnostics import error
from .dtypes import BOOL, FLOAT32, INT32, DType
from .expr import (
    COMPARISONS,
    BufferLoad,
    Expr,
    Symbol,
    Var,
    as_expr,
    binary,
    cast,
    compare,
    const,
    logical,
)

_FLOAT_OPS = {
    "add": "addf",
    "sub": "subf",
    "mul": "mulf",
    "div": "divf",
    "mod": "remf",
    "min": "minimumf",
    "max": "maximumf",
}
_INT_OPS = {
    "add": "addi",
    "sub": "subi",
    "mul": "muli",
    "and": "andi",
    "or": "ori",
    "xor": "xori",
    "shl": "shli",
}
_SIGNED_OPS = {
    "min": "minsi",
    "max": "maxsi",
    "shr": "shrsi",
    "truncdiv": "divsi",
    "truncmod": "remsi",
}
_UNSIGNED_OPS = {
    "min": "minui",
    "max": "maxui",
    "shr": "shrui",
    "floordiv": "divui",
    "mod": "remui",
}
_FLOAT_PRED = {"eq": "oeq", "ne": "une", "lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge"}
_MATH = {
    "exp",
    "exp2",
    "log",
    "log2",
    "log10",
    "sqrt",
    "rsqrt",
    "sin",
    "cos",
    "tan",
    "sinh",
    "cosh",
    "tanh",
    "erf",
    "atan",
    "floor",
    "ceil",
    "trunc",
    "round",
    "roundeven",
}


def signless(dt: DType) -> str:
    """The MLIR type arithmetic on `dt` uses."""
    return dt.mlir[1:] if dt.mlir.startswith("ui") else dt.mlir


def float_text(value: float, dt: DType) -> str:
    """A float literal MLIR reads back exactly."""
    if value != value or value in (float("inf"), float("-inf")):
        bits32 = struct.unpack(">I", struct.pack(">f", value))[0]
        if dt.mlir == "f64":
            return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"
        if dt.mlir in ("f32", "tf32"):
            return f"0x{bits32:08X}"
        if dt.mlir == "bf16":
            return f"0x{bits32 >> 16:04X}"
        return f"0x{struct.unpack('>H', struct.pack('>e', value))[0]:04X}"
    text = repr(float(value))
    mantissa, _, exponent = text.partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return mantissa + (f"e{exponent}" if exponent else "")


def _harmless(e: Expr) -> bool:
    """Evaluating `e` where its value is not wanted does no harm: reads of tensors
    give 0 outside, reads of blocks must be provably inside."""
    if not e.reads:
        return True
    if isinstance(e, BufferLoad):
        if e.buffer.scope() == "global":
            return all(map(_harmless, e.indices))
        return all(
            _harmless(i) and i.lo is not None and i.lo >= 0 and i.hi is not None and i.hi < size
            for i, size in zip(e.indices, e.buffer.shape, strict=True)
        )
    return all(_harmless(a) for a in e.args if isinstance(a, Expr))


class _Unchecked(BufferLoad):
    """A load whose indices were compared already."""

    __slots__ = ()
    unchecked = True


def _guarded(e: BufferLoad) -> Expr:
    """The element, or the tensor's safe value where an index lies outside."""
    inside: Any = as_expr(True)
    for index, size in zip(e.indices, e.buffer.shape, strict=True):
        for bound in (compare("ge", index, 0), compare("lt", index, size)):
            inside = bound if inside.is_const else logical("land", inside, bound)
    return _chosen(e, inside, e.buffer.safe_value)


def _chosen(e: BufferLoad, inside: Expr, otherwise: Any) -> Expr:
    value = cast(as_expr(otherwise or 0), e.dtype)
    load = _Unchecked(e.buffer, e.indices, e.span)
    return Expr("select", (inside, load, value), e.dtype, reads=True)


class Emitter(ABC):
    """The part of the builder that emits expressions."""

    region: Any

    @abstractmethod
    def value(self, text: str, span: Any, hint: str = "") -> Any:
        """Add an op that defines one value; provided by the builder."""

    # -- memo ---------------------------------------------------------------
    def _found(self, key: tuple) -> Any:
        region = self.region
        while region is not None:
            hit = region.memo.get(key)
            if hit is not None:
                return hit
            region = region.parent
        return None

    def _memo(self, key: tuple, text: str, span: Any, hint: str = "") -> Any:
        hit = self._found(key)
        if hit is None:
            hit = self.region.memo[key] = self.value(text, span, hint)
        return hit

    def _index_const(self, value: int, span: Any) -> Any:
        hint = f"c{value}" if value >= 0 else f"cm{-value}"
        return self._memo(("index", value), f"arith.constant {value} : index", span, hint)

    # -- index --------------------------------------------------------------
    def as_index(self, value: Any, span: Any) -> Any:
        """The SSA value of an integer expression, of type index."""
        e = as_expr(value)
        if e.is_const:
            return self._index_const(int(e.value), span)
        if isinstance(e, Var) and not e.native:
            self._check_var(e, span)
            return e.ssa
        key = ("as_index", e.key)
        hit = None if e.reads else self._found(key)
        if hit is not None:
            return hit
        result = self._as_index(e, span)
        if not e.reads:
            self.region.memo[key] = result
        return result

    def _as_index(self, e: Expr, span: Any) -> Any:
        if isinstance(e, Symbol):
            return self._symbol(e, span)
        if e.op in ("add", "sub", "mul", "min", "max") and e.dtype.kind == "int":
            a, b = (self.as_index(x, span) for x in e.args)
            op = _INT_OPS.get(e.op) or _SIGNED_OPS[e.op]
            return self.value(f"arith.{op} {a}, {b} : index", span)
        if e.op in ("floordiv", "mod") and e.dtype.kind == "int":
            return self._floor(e, *(self.as_index(x, span) for x in e.args), "index", span)
        if e.op == "cast" and e.args[0].dtype.kind == "int" and e.dtype.bits >= 32:
            return self.as_index(e.args[0], span)
        native = self.native(e, span)
        op = "index_castui" if e.dtype.kind in ("uint", "bool") else "index_cast"
        return self.value(f"arith.{op} {native} : {signless(e.dtype)} to index", span)

    def _floor(self, e: Expr, a: Any, b: Any, ty: str, span: Any) -> Any:
        x, y = e.args
        plain = x.lo is not None and x.lo >= 0 and y.lo is not None and y.lo > 0
        if e.op == "floordiv":
            op = "divsi" if plain else "floordivsi"
            return self.value(f"arith.{op} {a}, {b} : {ty}", span)
        if plain:
            return self.value(f"arith.remsi {a}, {b} : {ty}", span)
        q = self.value(f"arith.floordivsi {a}, {b} : {ty}", span)
        p = self.value(f"arith.muli {q}, {b} : {ty}", span)
        return self.value(f"arith.subi {a}, {p} : {ty}", span)

    def _symbol(self, e: Symbol, span: Any) -> Any:
        home = self.symbols.get(e.name)
        if home is None:
            raise error(
                "TW1021" if e.is_const_symbol else "TW1010",
                f"'{e.name}' is no dimension of a tensor parameter",
                span,
                f"declare a tensor parameter with {e.name} as one of its dimensions",
            )
        buffer, d = home
        at = self._index_const(d, span)
        text = f"memref.dim {buffer.ssa}, {at} : {buffer.memref}"
        return self._memo(("dim", e.name), text, span, e.name)

    def _check_var(self, e: Var, span: Any) -> None:
        if e.region is not None and not e.region.active:
            what = {
                "for": "loop",
                "parallel": "T.Parallel loop",
                "launch": "T.Kernel",
                "if": "branch",
            }.get(e.region.kind, "region")
            raise error(
                "TW1014",
                f"'{e.name}' is used after the {what} that defines it",
                span,
                f"keep the value in a mutable scalar: {e.name} = T.alloc_var('{e.dtype}')",
            )

    # -- native -------------------------------------------------------------
    def native(self, value: Any, span: Any) -> Any:
        """The SSA value of an expression in the (signless) type of its dtype."""
        e = as_expr(value)
        key = ("native", e.key)
        if not e.reads:
            hit = self._found(key)
            if hit is not None:
                if isinstance(e, Var):
                    self._check_var(e, span)
                return hit
        result = self._native(e, span)
        if not e.reads:
            self.region.memo[key] = result
        return result

    def _native(self, e: Expr, span: Any) -> Any:
        ty = signless(e.dtype)
        if e.is_const:
            return self._const(e, ty, span)
        if isinstance(e, Var):
            self._check_var(e, span)
            if e.native:
                return e.ssa
            return self.value(f"arith.index_cast {e.ssa} : index to {ty}", span)
        if isinstance(e, BufferLoad):
            return self._load(e, span)
        if e.index:
            i = self.as_index(e, span)
            return self.value(f"arith.index_cast {i} : index to {ty}", span)
        op = e.op
        if op in COMPARISONS:
            return self._compare(e, span)
        if op in ("land", "lor"):
            a, b = (self.native(x, span) for x in e.args)
            return self.value(f"arith.{'andi' if op == 'land' else 'ori'} {a}, {b} : i1", span)
        if op == "lnot":
            one = self.native(const(True, BOOL), span)
            return self.value(f"arith.xori {self.native(e.args[0], span)}, {one} : i1", span)
        if op == "cast":
            return self._cast(e.args[0], e.dtype, span)
        if op == "neg":
            return self.value(f"arith.negf {self.native(e.args[0], span)} : {ty}", span)
        if op == "abs":
            a = self.native(e.args[0], span)
            return self.value(f"math.{'absf' if e.dtype.is_float else 'absi'} {a} : {ty}", span)
        if op == "reinterpret":
            a = self.native(e.args[0], span)
            src = signless(e.args[0].dtype)
            return a if src == ty else self.value(f"arith.bitcast {a} : {src} to {ty}", span)
        if op in ("ite", "select"):
            return self._select(e, ty, span)
        if op == "call":
            return self._call(e, ty, span)
        return self._binary(e, ty, span)

    def _const(self, e: Expr, ty: str, span: Any) -> Any:
        if e.dtype.is_float:
            text = float_text(e.value, e.dtype)
            return self._memo(("const", ty, text), f"arith.constant {text} : {ty}", span, "cst")
        if e.dtype is BOOL:
            text = "true" if e.value else "false"
            return self._memo(("const", ty, text), f"arith.constant {text}", span, text)
        bits = e.dtype.bits
        wrapped = (e.value + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))
        hint = f"c{wrapped}_{ty}" if wrapped >= 0 else f"cm{-wrapped}_{ty}"
        return self._memo(("const", ty, wrapped), f"arith.constant {wrapped} : {ty}", span, hint)

    def _load(self, e: BufferLoad, span: Any) -> Any:
        buffer = e.buffer
        if buffer.safe_value is not None and not getattr(e, "unchecked", False):
            return self.native(_guarded(e), span)
        self.need_launch(f"reading {buffer.name or 'a buffer'}")
        self.check_alive(buffer)
        place = e.span or span
        places = e.indices
        if hasattr(buffer, "base"):
            inside = None if getattr(e, "unchecked", False) else buffer.inside(places)
            if inside is not None:
                return self.native(_chosen(e, inside, buffer.base.safe_value), span)
            places, buffer = buffer.translate(places), buffer.base
        indices = ", ".join(str(self.as_index(i, span)) for i in places)
        self.note_read(buffer)
        got = self.value(f"memref.load {buffer.ssa}[{indices}] : {buffer.memref}", place)
        got = self.from_memory(got, buffer.dtype, place)
        return self.as_bits(got, buffer.dtype, e.buffer.dtype, place)

    def as_bits(self, value: Any, dt: DType, to: DType, span: Any) -> Any:
        """The bits of an arithmetic value of type `dt` as one of `to`."""
        old, new = signless(dt), signless(to)
        return value if old == new else self.value(f"arith.bitcast {value} : {old} to {new}", span)

    def from_memory(self, value: Any, dt: DType, span: Any) -> Any:
        """Element type to arithmetic type (they differ for unsigned only)."""
        if not dt.mlir.startswith("ui"):
            return value
        text = f"builtin.unrealized_conversion_cast {value} : {dt.mlir} to {signless(dt)}"
        return self.value(text, span)

    def to_memory(self, value: Any, dt: DType, span: Any) -> Any:
        """Arithmetic type to element type (they differ for unsigned only)."""
        if not dt.mlir.startswith("ui"):
            return value
        text = f"builtin.unrealized_conversion_cast {value} : {signless(dt)} to {dt.mlir}"
        return self.value(text, span)

    def _compare(self, e: Expr, span: Any) -> Any:
        from .dtypes import promote

        x, y = e.args
        if x.index and y.index:
            a, b = self.as_index(x, span), self.as_index(y, span)
            pred = e.op if e.op in ("eq", "ne") else "s" + e.op
            return self.value(f"arith.cmpi {pred}, {a}, {b} : index", span)
        dt = promote(x.dtype, y.dtype)
        a, b = self.native(cast(x, dt), span), self.native(cast(y, dt), span)
        ty = signless(dt)
        if dt.is_float:
            return self.value(f"arith.cmpf {_FLOAT_PRED[e.op]}, {a}, {b} : {ty}", span)
        sign = "s" if dt.kind == "int" else "u"
        pred = e.op if e.op in ("eq", "ne") else sign + e.op
        return self.value(f"arith.cmpi {pred}, {a}, {b} : {ty}", span)

    def _cast(self, x: Expr, dt: DType, span: Any) -> Any:
        a = self.native(x, span)
        src, dst = signless(x.dtype), signless(dt)
        if dt is BOOL:
            zero = self.native(const(0, x.dtype), span)
            if x.dtype.is_float:
                return self.value(f"arith.cmpf une, {a}, {zero} : {src}", span)
            return self.value(f"arith.cmpi ne, {a}, {zero} : {src}", span)
        if src == dst:
            return a
        if x.dtype.is_float and dt.is_float:
            if x.dtype.bits == dt.bits:
                a = self.value(f"arith.extf {a} : {src} to f32", span)
                src = "f32"
            op = "extf" if dt.bits > x.dtype.bits else "truncf"
            return self.value(f"arith.{op} {a} : {src} to {dst}", span)
        if x.dtype.is_float:
            op = "fptoui" if dt.kind == "uint" else "fptosi"
        elif dt.is_float:
            op = "sitofp" if x.dtype.kind == "int" else "uitofp"
        elif x.dtype is not BOOL and dt.bits < x.dtype.bits:
            op = "trunci"
        else:
            op = "extsi" if x.dtype.kind == "int" else "extui"
        return self.value(f"arith.{op} {a} : {src} to {dst}", span)

    def _select(self, e: Expr, ty: str, span: Any) -> Any:
        cond = self.native(e.args[0], span)
        if e.op == "select" or all(_harmless(arm) for arm in e.args[1:]):
            a, b = self.native(e.args[1], span), self.native(e.args[2], span)
            return self.value(f"arith.select {cond}, {a}, {b} : {ty}", span)
        result = self.new_ssa()
        region = self.open("if", f"{result} = scf.if {cond} -> ({ty}) {{", span)
        a = self.native(e.args[1], span)
        self.write(f"scf.yield {a} : {ty}", span)
        other = self.begin_else(region)
        b = self.native(e.args[2], span)
        self.write(f"scf.yield {b} : {ty}", span)
        self.close(other)
        return result

    def _call(self, e: Expr, ty: str, span: Any) -> Any:
        name = e.args[0]
        if name == "sigmoid":  # 1 / (1 + exp(-x))
            x = e.args[1]
            one = const(1.0, e.dtype)
            from .expr import call, negate

            tree = binary("div", one, binary("add", one, call("exp", negate(x))))
            return self.native(tree, span)
        args = [self.native(a, span) for a in e.args[1:]]
        if name == "fma":
            return self.value(f"math.fma {args[0]}, {args[1]}, {args[2]} : {ty}", span)
        if name == "isfinite":
            src = signless(e.args[1].dtype)
            return self.value(f"math.isfinite {args[0]} : {src}", span)
        if name in ("isnan", "isinf"):
            src = signless(e.args[1].dtype)
            return self.value(f"math.{name} {args[0]} : {src}", span)
        if name in _MATH:
            return self.value(f"math.{name} {args[0]} : {ty}", span)
        raise error("TW1003", f"T.{name} is not supported on this target", span)

    def _binary(self, e: Expr, ty: str, span: Any) -> Any:
        op, dt = e.op, e.dtype
        x, y = e.args
        a = self.native(cast(x, dt), span)
        if op == "pow":
            if dt.is_float and y.dtype.kind == "int":
                b = self.native(cast(y, INT32), span)
                return self.value(f"math.fpowi {a}, {b} : {ty}, i32", span)
            b = self.native(cast(y, dt), span)
            return self.value(f"math.{'powf' if dt.is_float else 'ipowi'} {a}, {b} : {ty}", span)
        b = self.native(cast(y, dt), span)
        if dt.is_float:
            if op == "floordiv":
                q = self.value(f"arith.divf {a}, {b} : {ty}", span)
                return self.value(f"math.floor {q} : {ty}", span)
            return self.value(f"arith.{_FLOAT_OPS[op]} {a}, {b} : {ty}", span)
        if dt.kind in ("uint", "bool") and op in _UNSIGNED_OPS:
            return self.value(f"arith.{_UNSIGNED_OPS[op]} {a}, {b} : {ty}", span)
        if op in ("floordiv", "mod"):
            return self._floor(e, a, b, ty, span)
        name = _INT_OPS.get(op) or _SIGNED_OPS[op]
        return self.value(f"arith.{name} {a}, {b} : {ty}", span)


__all__ = ["Emitter", "FLOAT32", "float_text", "signless"]
