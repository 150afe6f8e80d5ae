"""What the rewritten statements of a traced function call (see rewrite.py).

One `Frame` lives for each call of a traced function. It gives buffers their
Python names, turns assignments to mutable scalars into stores, opens run-time
branches and loops, and finds values that do not survive a run-time region.
"""

from __future__ import annotations

import operator
from typing import Any

from ..diagnostics import error
from .buffer import Buffer, BufferRegion, TensorSpec
from .builder import Region, active, current, user_span
from .dtypes import DType
from .expr import BufferLoad, Expr, Ref, Var, as_expr, binary, cast, describe, logical, logical_not
from .expr import select as select_expr
from .loops import Loop, traced_range

_COMPARE = {
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Is": operator.is_,
    "IsNot": operator.is_not,
    "In": lambda a, b: a in b,
    "NotIn": lambda a, b: a not in b,
}
_RUNTIME = ("if", "for", "while", "parallel")
_LOOPS = ("for", "while", "parallel")


def _name_buffers(name: str, value: Any) -> None:
    """Give unnamed buffers the name they are bound to."""
    if isinstance(value, Ref):
        value = value.buffer
    if isinstance(value, Buffer):
        if not value.name:
            value.name = name
            value.ssa.hint = name
    elif isinstance(value, (list, tuple)):
        for k, v in enumerate(value):
            if isinstance(v, (Buffer, Ref, list, tuple)):
                _name_buffers(f"{name}_{k}", v)
    elif isinstance(value, dict):
        for k, v in value.items():
            if isinstance(v, (Buffer, Ref)):
                _name_buffers(f"{name}_{k}", v)


def _matmul(*_: Any) -> Any:
    raise error("TW1003", "'@' between expressions", user_span(), "use T.gemm on shared buffers")


def combine(op: str, a: Any, b: Any) -> Any:
    """`a op b` for plain Python values and expressions alike."""
    if op == "matmul":
        return _matmul()
    if isinstance(a, Expr) or isinstance(b, Expr):
        return binary(op, a, b)
    name = {"div": "truediv", "shl": "lshift", "shr": "rshift"}.get(op, op)
    name = {"and": "iand", "or": "ior"}.get(name, "i" + name)
    return getattr(operator, name)(a, b)


class Frame:
    """State of one call of a traced function."""

    slice = slice
    range = staticmethod(traced_range)

    def __init__(self, session: Any = None):
        self.session = session
        builder = active()
        self.entry: Region | None = builder.region if builder else None
        self.bound: dict[str, Region | None] = {}
        self.refs: dict[str, Ref] = {}
        self.loops: dict[str, tuple[bool, Region | None]] = {}
        self.stops: dict[str, Ref] = {}  # 1 where an iteration of the loop has broken

    # -- names --------------------------------------------------------------
    def bind(self, name: str, value: Any) -> Any:
        """`name = value`."""
        builder = active()
        ref = self.refs.get(name)
        fresh = isinstance(value, Ref) and not value.buffer.name
        if ref is not None and not fresh and isinstance(value, (Expr, int, float, bool)):
            current("an assignment").store(ref.buffer, 0, value)
            return ref
        if isinstance(value, Ref):
            if fresh:
                _name_buffers(name, value)
                self.refs[name] = value
            return value if fresh else self._let(builder, name, value)
        self.refs.pop(name, None)
        self._note_bind(builder, name)
        if isinstance(value, BufferLoad):
            return self._let(builder, name, value)
        if isinstance(value, Expr):
            if value.is_const and value.dtype.kind == "int" and value.dtype.bits == 32:
                return value.value
            return self._let(builder, name, value)
        _name_buffers(name, value)
        return value

    def held(self, value: Any, names: tuple[str, ...]) -> Any:
        """What several targets are given: read before the first of them changes."""
        if isinstance(value, tuple) and len(value) == len(names):
            return tuple(self.held(v, (n,)) for v, n in zip(value, names, strict=True))
        if not isinstance(value, Expr) or isinstance(value, Ref) and not value.buffer.name:
            return value
        return self._let(active(), names[0], value)

    def _let(self, builder: Any, name: str, value: Expr) -> Expr:
        if builder is None or not builder.region.inside("launch"):
            return value
        return builder.bind_value(name, value)

    def _note_bind(self, builder: Any, name: str) -> None:
        if builder is None:
            return
        region = builder.region
        while region is not None:
            if region.kind in _LOOPS and (id(self), name) in region.reads:
                raise error(
                    "TW1015",
                    f"'{name}' is read and then assigned in a run-time loop; the assignment "
                    "would not reach the next iteration",
                    user_span(),
                    f"make it a mutable scalar before the loop: {name} = T.alloc_var(dtype, init)",
                )
            region = region.parent
        self.bound[name] = builder.region

    def rval(self, name: str, value: Any) -> Any:
        """A read of a name that some loop or branch assigns."""
        if name not in self.bound:
            return value
        home = self.bound[name]
        if isinstance(value, Var) and value.name == name and _is_running(value.region):
            return value  # a loop around has taken the name over
        if home is not None and not home.active and not isinstance(value, Buffer):
            raise error(
                "TW1014",
                f"'{name}' was assigned inside a run-time {_region_word(home)} that has ended",
                user_span(),
                f"make it a mutable scalar before it: {name} = T.alloc_var(dtype, init)",
            )
        builder = active()
        region = builder.region if builder else None
        while region is not None and region is not home:
            if region.kind in _LOOPS:
                region.reads.add((id(self), name))
            region = region.parent
        return value

    def augment(self, name: str, op: str, old: Any, value: Any) -> Any:
        """`name op= value`."""
        ref = self.refs.get(name)
        if ref is not None:
            current("an assignment").store(ref.buffer, 0, binary(op, ref, value))
            return ref
        return self.bind(name, combine(op, self.rval(name, old), value))

    def annotated(self, name: str, note: Any, value: Any) -> Any:
        """`name: note = value`."""
        if isinstance(note, DType) and isinstance(value, (Expr, int, float)):
            value = cast(value, note)
        return self.bind(name, value)

    def declare(self, name: str, note: Any, value: Any) -> Any:
        """`name: T.Tensor(...)` in the body declares a tensor parameter."""
        if isinstance(note, (TensorSpec, DType)) and self.session is not None:
            return self.session.declare(name, note, value)
        if isinstance(note, TensorSpec):
            raise error(
                "TW1020",
                f"'{name}' is declared as a tensor in the body of a prim_func",
                user_span(),
                "annotate the parameter instead: def main(A: T.Tensor(...))",
            )
        return value

    # -- stores -------------------------------------------------------------
    def store(self, target: Any, index: Any, value: Any) -> None:
        """`target[index] = value`."""
        if isinstance(target, Buffer):
            current("an assignment to a buffer").store(target, index, value)
        elif isinstance(target, Ref):
            current("an assignment").store(target.buffer, 0, value)
        else:
            target[index] = value

    def augment_store(self, target: Any, index: Any, op: str, value: Any) -> None:
        """`target[index] op= value`."""
        if isinstance(target, Buffer):
            old = target[index]
            if isinstance(old, BufferRegion):
                raise error(
                    "TW1003",
                    f"'{op}=' on a slice of {target.label}",
                    user_span(),
                    "write the elements in a T.Parallel loop",
                )
            current("an assignment to a buffer").store(target, index, binary(op, old, value))
        elif isinstance(target, Ref):
            current("an assignment").store(target.buffer, 0, binary(op, target, value))
        else:
            target[index] = combine(op, target[index], value)

    # -- control flow -------------------------------------------------------
    def if_(self, test: Any) -> If:
        """`if test:`."""
        return If(test)

    def for_(self, iterable: Any, names: list[str], token: str, breaks: bool = False) -> Any:
        """`for names in iterable:`. `breaks`: a branch of its body leaves it."""
        builder = active()
        traced = hasattr(iterable, "names") and type(iterable).__module__.startswith("tilewright")
        self.loops[token] = (traced, builder.region if builder else None)
        if traced:
            iterable.names = names
            if breaks and isinstance(iterable, Loop):
                self._add_stop(token)
        elif isinstance(iterable, Expr):
            raise error(
                "TW1008",
                f"a loop runs over the expression '{describe(iterable)}'",
                user_span(),
                "loop over range(n), T.serial(n) or T.Parallel(n)",
            )
        return iterable

    def while_(self, test: Any, token: str, breaks: bool = False) -> While:
        """`while test():`. `breaks`: a branch of its body leaves it."""
        builder = active()
        loop = While(test)
        self.loops[token] = (loop.traced, builder.region if builder else None)
        if breaks and loop.traced:
            self._add_stop(token)
            loop.test = lambda: self.and_(lambda: self.goes_on(token), test)
        return loop

    def _add_stop(self, token: str) -> None:
        from .ops import alloc_var

        stop = alloc_var("int32", init=0)
        _name_buffers("stopped", stop)
        self.stops[token] = stop

    def goes_on(self, token: str) -> Any:
        """Whether no iteration of the loop has met its `break` yet."""
        stop = self.stops.get(token)
        return True if stop is None else stop == 0

    def loop_exit(self, token: str, kind: str) -> bool:
        """`break` or `continue`, which Python does where it runs the loop; else a `break`
        is noted for `goes_on`."""
        traced, region = self.loops.get(token, (False, None))
        builder = active()
        if kind == "break" and traced and token in self.stops:
            current("`break`").store(self.stops[token].buffer, 0, 1)
            return False
        if traced or (builder is not None and builder.region is not region):
            raise error(
                "TW1017",
                f"`{kind}` depends on a value that is only known when the kernel runs",
                user_span(),
                "guard the rest of the loop body with `if`",
            )
        return True

    def with_(self, context: Any, names: list[str]) -> Any:
        """`with context as names:`."""
        if hasattr(context, "names") and type(context).__module__.startswith("tilewright"):
            context.names = names
        return context

    def ret(self, value: Any) -> Any:
        """`return value`."""
        builder = active()
        region = builder.region if builder else None
        while region is not None and region is not self.entry:
            if region.kind in _RUNTIME:
                raise error(
                    "TW1016",
                    f"`return` stands inside a run-time {_region_word(region)}",
                    user_span(),
                    "return once, at the end of the function",
                )
            region = region.parent
        return value

    # -- truth --------------------------------------------------------------
    def and_(self, *parts: Any) -> Any:
        """`a and b`, with Python's short cut for Python values."""
        result: Any = True
        for part in parts:
            value = part()
            if _runtime(value) or _runtime(result):
                result = logical("land", result, value) if result is not True else value
            elif not value:
                return value
            else:
                result = value
        return result

    def chain(self, names: list[str], *parts: Any) -> Any:
        """`a < b < c`: each part is evaluated once, and no further than needed."""
        result: Any = True
        left = parts[0]()
        for name, part in zip(names, parts[1:], strict=True):
            right = part()
            value = _COMPARE[name](left, right)
            if _runtime(value) or _runtime(result):
                result = logical("land", result, value) if result is not True else value
            elif not value:
                return value
            else:
                result = value
            left = right
        return result

    def or_(self, *parts: Any) -> Any:
        """`a or b`, with Python's short cut for Python values."""
        result: Any = False
        for part in parts:
            value = part()
            if _runtime(value) or _runtime(result):
                result = logical("lor", result, value) if result is not False else value
            elif value:
                return value
            else:
                result = value
        return result

    def not_(self, value: Any) -> Any:
        """`not value`."""
        return logical_not(value) if _runtime(value) else not value

    def ifexp(self, test: Any, a: Any, b: Any) -> Any:
        """`a if test else b`."""
        if _runtime(test):
            return select_expr(test, a(), b(), guarded=True)
        return a() if test else b()

    def assert_(self, test: Any, message: Any) -> None:
        """`assert test, message`: decided now when it can be."""
        if _runtime(test):
            builder = active()
            if builder is not None:
                builder.hint("assert on a run-time value")
        elif not test:
            text = message()
            raise error(
                "TW1006",
                "assertion failed" + (f": {text}" if text else ""),
                user_span(),
            )


def _runtime(value: Any) -> bool:
    """True for expressions Python cannot decide."""
    return isinstance(value, Expr) and not value.is_const


def _is_running(region: Any) -> bool:
    return region is not None and region.active and region.kind in _LOOPS


def _region_word(region: Region) -> str:
    return {"if": "branch", "launch": "kernel"}.get(region.kind, "loop")


class If:
    """One `if` statement."""

    def __init__(self, test: Any):
        self.test = test
        self.region: Region | None = None
        self.traced = _runtime(test)
        if self.traced and test.op in ("eq", "ne") and test.args[0].key == test.args[1].key:
            self.traced = False
            self.test = test.op == "eq"
        self.taken = None if self.traced else bool(self.test)

    def then(self) -> bool:
        """Enter the `then` part?"""
        if not self.traced:
            return bool(self.taken)
        builder = current("an `if` on a run-time value")
        self.region = builder.begin_if(as_expr(self.test))
        return True

    def orelse(self) -> bool:
        """Enter the `else` part?"""
        if not self.traced:
            return not self.taken
        assert self.region is not None
        self.region = current("`else`").begin_else(self.region)
        return True

    def end(self) -> None:
        """After both parts."""
        if self.region is not None:
            current("`if`").close(self.region)


class While:
    """One `while` statement: Python's own, or scf.while."""

    def __init__(self, test: Any):
        self.test = test
        self.first = test()
        self.traced = _runtime(self.first)
        self.region: Region | None = None
        self.started = False

    def step(self) -> bool:
        """Run the body (again)?"""
        if not self.traced:
            value = self.first if not self.started else self.test()
            self.started = True
            return bool(value)
        builder = current("`while`")
        if self.region is None:
            builder.need_launch("`while` on a run-time value")
            span = user_span()
            outer = builder.open("while", "scf.while : () -> () {", span)
            cond = builder.native(cast(as_expr(self.test()), as_expr(True).dtype), span)
            builder.write(f"scf.condition({cond})", span)
            outer.active = False
            builder.lines.append((builder.depth - 1, "} do {", None, None))
            self.region = Region("while", outer.parent, span, "}")
            builder.region = self.region
            return True
        builder.write("scf.yield", self.region.span)
        builder.close(self.region)
        return False
