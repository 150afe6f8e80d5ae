"""T.prim_func, T.macro and the eager trace: from Python function to tile IR."""

from __future__ import annotations

import copy
import re
import sys
import types
from typing import Any

from ..diagnostics import CompileError, Span, TilewrightError, error
from .buffer import Buffer, TensorSpec, shape_text
from .builder import _PACKAGE, Builder, active, display, user_span
from .dtypes import DType, dtype
from .expr import Expr, Symbol, bound, symbols_in
from .loops import NoBuilder
from .rewrite import rewrite
from .runtime import Frame


class PrimFunc:
    """A traced kernel: its parameters and its tile IR."""

    def __init__(self, name: str, builder: Builder, fn: Any, outputs: list[Buffer] | None = None):
        self.name = name
        self.builder = builder
        self.fn = fn
        self.outputs = outputs or []
        self.retrace: Any = None  # traces the function again
        self.known: dict[str, Any] = {}  # what this trace was specialised for
        self.attrs: dict[str, Any] = {"global_symbol": name}
        self.__name__ = name

    @property
    def params(self) -> list[Any]:
        """Parameters in order: tensors (Buffer) and scalars."""
        return self.builder.params

    @property
    def buffer_map(self) -> dict[str, Buffer]:
        """Tensor parameters by name."""
        return {b.name: b for b in self.builder.tensors()}

    @property
    def span(self) -> Span | None:
        """Where the function is defined."""
        return self.builder.span

    @property
    def unknown(self) -> list[str]:
        """Dimensions and scalar arguments that only a call knows."""
        names = []
        for p in self.params:
            if not isinstance(p, Buffer):
                names.append(p.name)
                continue
            names += [s.name for d in p.shape if isinstance(d, Expr) for s in symbols_in(d)]
        return [n for n in dict.fromkeys(names) if n not in self.known]

    def specialised(self, values: dict[str, Any]) -> PrimFunc:
        """The kernel for these dimensions and scalar arguments."""
        with bound(values):
            func = self.retrace()
        func.known = dict(values)
        return func

    def ir(self, out_idx: list[int] | None = None, launch: int | None = None) -> str:
        """The tile IR; `out_idx` are the parameters a call returns. With `launch`,
        that of one launch alone."""
        from .annotations import schedule_of_attributes

        results = {id(self.params[i]) for i in out_idx or []} | {id(b) for b in self.outputs}
        with bound(self.known):
            return schedule_of_attributes(self).builder.text(results, launch)

    def with_attr(self, name: str, value: Any) -> PrimFunc:
        """A copy with one more attribute; those named tt_ choose schedule and layout."""
        made = copy.copy(self)
        made.attrs = {**self.attrs, name: value}
        made.__dict__.pop("_kernels", None)
        return made

    def script(self) -> str:
        """The tile IR as text."""
        return self.ir()

    def __str__(self) -> str:
        return self.script()

    def __call__(self, *_: Any) -> None:
        raise error(
            "TW1003",
            f"prim_func '{self.name}' is called directly",
            user_span(),
            "compile it first: kernel = tilelang.compile(f)",
        )


class Macro:
    """A function inlined into the kernel that calls it."""

    def __init__(self, fn: types.FunctionType):
        self.fn = fn
        self.__name__ = fn.__name__
        self.__doc__ = fn.__doc__
        self.made: Any = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if active() is None:
            return self.fn(*args, **kwargs)
        if self.made is None:
            self.made = rewrite(self.fn, Frame)
        return self.made(*args, **kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)


def macro(fn: Any = None, **_: Any) -> Any:
    """Mark a function whose statements are traced where it is called."""
    return Macro(fn) if fn is not None else Macro


def _definition_span(fn: types.FunctionType) -> Span:
    code = fn.__code__
    return Span(display(code.co_filename), code.co_firstlineno, 1)


def _annotations(fn: types.FunctionType) -> dict[str, Any]:
    """Parameter annotations as objects, also under `from __future__ import
    annotations`, where names may live in the callers."""
    notes = dict(fn.__annotations__)
    if not any(isinstance(v, str) and not isinstance(v, DType) for v in notes.values()):
        return notes
    scope = dict(fn.__globals__)
    frame: Any = sys._getframe(1)
    chain = []
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_PACKAGE):
            chain.append(frame.f_locals)
        frame = frame.f_back
    for values in reversed(chain[:3]):
        scope.update(values)
    for name, cell in zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True):
        try:
            scope[name] = cell.cell_contents
        except ValueError:
            continue
    for name, text in notes.items():
        if isinstance(text, str) and not isinstance(text, DType):
            notes[name] = eval(text, scope)  # noqa: S307 - the program's own text
    return notes


def _python_error(exc: BaseException, fallback: Span | None) -> CompileError:
    """A Python exception of the traced program as a located diagnostic."""
    span = fallback
    tb = exc.__traceback__
    while tb is not None:
        code = tb.tb_frame.f_code
        if not code.co_filename.startswith((_PACKAGE, "<frozen")):
            positions = list(code.co_positions())
            line, _, column, _ = positions[tb.tb_lasti // 2]
            span = Span(display(code.co_filename), line or tb.tb_lineno, (column or 0) + 1)
        tb = tb.tb_next
    text = str(exc)
    if isinstance(exc, KeyError):
        text = f"key {text} not found"
    if isinstance(exc, RecursionError):
        text = "the program recurses without end while it is traced"
    return error("TW1006", f"{type(exc).__name__}: {text}", span)


def _run(builder: Builder, fn: Any, args: tuple, kwargs: dict) -> Any:
    """Execute a rewritten function; every failure becomes a located diagnostic."""
    with builder:
        try:
            return fn(*args, **kwargs)
        except (TilewrightError, NoBuilder, Restart):
            raise
        except Exception as exc:
            raise _python_error(exc, builder.span) from exc


def _symbol_name(fn: Any) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", fn.__name__) or "kernel"


def _check_launch(builder: Builder) -> None:
    if builder.launches == 0:
        raise error(
            "TW1024",
            f"'{builder.name}' opens no `with T.Kernel(...)`",
            builder.span,
            "put the kernel body in `with T.Kernel(blocks_x, blocks_y) as (bx, by):`",
        )


def prim_func(fn: Any = None, **_: Any) -> Any:
    """Trace a function with annotated parameters into a kernel."""
    if fn is None:
        return lambda f: prim_func(f)
    span = _definition_span(fn)
    builder = Builder(_symbol_name(fn), span)
    code = fn.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    notes = _annotations(fn)
    args = []
    for name in names:
        note = notes.get(name)
        if isinstance(note, TensorSpec):
            args.append(builder.add_tensor(name, note, note.span or span))
        elif isinstance(note, DType):
            args.append(builder.add_scalar(name, note, span))
        elif isinstance(note, type) and note in (int, float, bool):
            args.append(builder.add_scalar(name, dtype(note), span))
        else:
            what = "has no annotation" if note is None else f"is annotated with {note!r}"
            raise error(
                "TW1020",
                f"parameter '{name}' of '{fn.__name__}' {what}",
                span,
                f"annotate it: {name}: T.Tensor((M, N), 'bfloat16')",
            )
    _run(builder, rewrite(fn, Frame), tuple(args), {})
    _check_launch(builder)
    func = PrimFunc(fn.__name__, builder, fn)
    func.retrace = lambda: prim_func(fn)
    return func


# -- eager style ----------------------------------------------------------------
class Restart(Exception):
    """The constants of an eager kernel are now known: trace again."""


class EagerSession:
    """One eager trace: solves T.const, declares tensors, collects outputs."""

    def __init__(self, fn: types.FunctionType, values: dict[str, Any], consts: dict[str, int]):
        self.fn = fn
        self.values = values  # parameter -> array, TensorSpec or Python value
        self.consts = dict(consts)
        self.span = _definition_span(fn)
        self.begin()

    def begin(self) -> None:
        """Forget the last attempt, keep the solved constants."""
        self.builder = Builder(_symbol_name(self.fn), self.span)
        self.declared: dict[str, Buffer] = {}
        self.asked: set[str] = set()
        self.progress = False
        self.outputs: list[Buffer] = []

    def constant(self, names: str) -> Any:
        """T.const("M, N")."""
        made = []
        for name in names.replace(",", " ").split():
            self.asked.add(name)
            known = self.consts.get(name)
            made.append(Symbol(name, is_const_symbol=True) if known is None else known)
        return made[0] if len(made) == 1 else tuple(made)

    def declare(self, name: str, note: Any, value: Any) -> Any:
        """`A: T.Tensor(...)` in the body."""
        if isinstance(note, DType):
            if name in self.values and not isinstance(value, Buffer):
                return self.builder.add_scalar(name, note, user_span())
            return value
        if name not in self.values:
            raise error(
                "TW1020",
                f"'{name}' is declared as a tensor and is no parameter of '{self.fn.__name__}'",
                user_span(),
                f"add {name} to the parameters, or make an output with T.empty",
            )
        if name in self.declared:
            return self.declared[name]
        span = user_span()
        given = self.values[name]
        shape = tuple(getattr(given, "shape", ()) or ())
        if given is not None and hasattr(given, "shape"):
            if len(shape) != len(note.shape):
                raise error(
                    "TW7003",
                    f"'{name}' is declared with shape {shape_text(note.shape)} and called "
                    f"with an array of shape {shape_text(shape)}",
                    span,
                    "pass an array with the declared number of dimensions",
                )
            for d, size in zip(note.shape, shape, strict=True):
                if isinstance(d, Symbol) and d.is_const_symbol and isinstance(size, int):
                    known = self.consts.setdefault(d.name, int(size))
                    if known != size:
                        raise error(
                            "TW7006",
                            f"'{d.name}' is {known} in one tensor and {size} in '{name}' "
                            f"of shape {shape_text(shape)}",
                            span,
                            "pass arrays whose shapes agree",
                        )
                    self.progress = True
                elif isinstance(d, int) and isinstance(size, int) and d != size:
                    raise error(
                        "TW7004",
                        f"'{name}' is declared with shape {shape_text(note.shape)} and called "
                        f"with an array of shape {shape_text(shape)}",
                        span,
                        "pass an array of the declared shape",
                    )
        if self.progress and all(n in self.consts for n in self.asked):
            raise Restart
        buffer = self.builder.add_tensor(name, note, span)
        self.declared[name] = buffer
        return buffer

    def output(self, shape: Any, dt: DType) -> Buffer:
        """T.empty(shape, dtype)."""
        spec = TensorSpec(shape, dt)
        buffer = self.builder.add_tensor("", spec, user_span())
        self.outputs.append(buffer)
        return buffer

    def check_constants(self) -> None:
        """At T.Kernel every T.const must be known."""
        missing = sorted(n for n in self.asked if n not in self.consts)
        if not missing:
            return
        if self.progress:
            raise Restart
        raise error(
            "TW1021",
            f"the value of T.const {', '.join(repr(m) for m in missing)} cannot be found",
            user_span() or self.span,
            "use it directly as a dimension of a tensor parameter, or pass it to "
            f".compile({missing[0]}=...)",
        )

    def trace(self) -> PrimFunc:
        """Run the function until all constants are known, then keep the trace."""
        fn = rewrite(self.fn, lambda: Frame(self))
        notes = _annotations(self.fn)
        for _ in range(len(self.values) + 2):
            args = dict(self.values)
            for name, note in notes.items():
                if isinstance(note, TensorSpec) and name in args:
                    args[name] = self.declare(name, note, None)
            _sessions.append(self)
            try:
                result = _run(self.builder, fn, (), args)
            except Restart:
                self.begin()
                continue
            finally:
                _sessions.pop()
            return self._finish(result)
        raise error("TW1021", "the constants of the kernel do not settle", self.span)

    def _finish(self, result: Any) -> PrimFunc:
        _check_launch(self.builder)
        returned = [] if result is None else result
        if not isinstance(returned, (tuple, list)):
            returned = [returned]
        for value in returned:
            if not any(value is b for b in self.outputs):
                what = value.label if isinstance(value, Buffer) else repr(value)
                raise error(
                    "TW1020",
                    f"'{self.fn.__name__}' returns {what}, which was not made by T.empty",
                    self.span,
                    "return tensors made by T.empty; written parameters need no return",
                )
        order = {name: k for k, name in enumerate(self.values)}
        inputs = [p for p in self.builder.params if not any(p is b for b in self.outputs)]
        inputs.sort(key=lambda p: order[p.name])
        spare = [b for b in self.outputs if not any(b is r for r in returned)]
        for b in spare:
            raise error(
                "TW1018",
                f"tensor '{b.name}' made by T.empty is not returned",
                b.span,
                f"return it: return {b.name}",
            )
        for k, b in enumerate(returned):
            if not b.name:
                b.name = b.ssa.hint = f"out_{k}" if len(returned) > 1 else "out"
        self.builder.params = [*inputs, *returned]
        func = PrimFunc(self.fn.__name__, self.builder, self.fn, list(returned))
        func.retrace = lambda: EagerSession(self.fn, self.values, self.consts).trace()
        return func


_sessions: list[EagerSession] = []


def const(names: str, **_: Any) -> Any:
    """Compile-time constants solved from the tensors' shapes (eager style)."""
    if not _sessions:
        raise error(
            "TW1007",
            "T.const is used outside an eager kernel",
            user_span(),
            "use it in a function decorated with @tilelang.jit; in lazy style pass Python ints",
        )
    return _sessions[-1].constant(names)


def declare_output(shape: Any, dt: DType) -> Any:
    """T.empty."""
    if not _sessions:
        raise error(
            "TW1007",
            "T.empty is used outside an eager kernel",
            user_span(),
            "in lazy style make the output a parameter and name it in out_idx",
        )
    return _sessions[-1].output(shape, dt)


def kernel_entered() -> None:
    """Called when T.Kernel opens: constants must be known by now."""
    if _sessions:
        _sessions[-1].check_constants()


def is_eager_value(value: Any) -> bool:
    """True for arguments that stand for tensors."""
    if isinstance(value, (TensorSpec, Buffer)):
        return True
    return hasattr(value, "shape") and hasattr(value, "dtype") and not isinstance(value, Expr)
