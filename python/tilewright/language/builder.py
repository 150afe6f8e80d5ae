"""The function under construction: regions, SSA names and textual tile IR.

One `Builder` lives while one prim_func is traced. Lines are kept with SSA
placeholders, because a buffer learns its Python name after its op is written;
`text()` resolves them. Every op carries `loc(...)` of the user's line.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from ..diagnostics import Span, display_path, error
from .buffer import Buffer, TensorSpec, shape_text
from .dtypes import INT32, DType
from .emit import Emitter, signless
from .expr import (
    BlockIndex,
    Expr,
    Param,
    Symbol,
    Var,
    as_expr,
    bound_value,
    cast,
    const,
    describe,
)

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_positions: dict[Any, list] = {}
_paths: dict[str, str] = {}


def display(path: str) -> str:
    """`display_path`, remembered."""
    shown = _paths.get(path)
    if shown is None:
        shown = _paths[path] = display_path(path)
    return shown


def user_span() -> Span | None:
    """The place in the user's program that is executing now."""
    frame = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        name = code.co_filename
        if not name.startswith(_PACKAGE) and not name.startswith("<frozen"):
            table = _positions.get(code)
            if table is None:
                table = _positions[code] = list(code.co_positions())
            line, _, column, _ = table[frame.f_lasti // 2]
            return Span(display(name), line or frame.f_lineno, (column or 0) + 1)
        frame = frame.f_back
    return None


def location(span: Span | None, name: str | None = None) -> str:
    """The `loc(...)` suffix of an op."""
    if span is None:
        place = "unknown"
    else:
        path = span.file.replace("\\", "\\\\").replace('"', '\\"')
        place = f'"{path}":{span.line}:{span.column}'
    if name:
        return f' loc("{name}"({place}))'
    return f" loc({place})"


class SSA:
    """A value of the IR whose printed name is chosen at the end."""

    __slots__ = ("number", "hint")

    def __init__(self, number: int, hint: str = ""):
        self.number = number
        self.hint = hint

    def __str__(self) -> str:
        return f"\x01{self.number}\x02"


class Region:
    """An open region: a launch, a loop or branch body, or the function."""

    def __init__(self, kind: str, parent: Region | None, span: Span | None, closer: Any = None):
        self.kind = kind
        self.parent = parent
        self.span = span
        self.closer = closer
        self.memo: dict[tuple, SSA] = {}
        self.active = True
        self.header: Any = None  # tile.parallel keeps its dims here until closed
        self.merged_into: Region | None = None
        self.start = 0
        self.reads: set[tuple[int, str]] = set()

    def inside(self, kind: str) -> bool:
        """True when this region or one around it has `kind`."""
        region: Region | None = self
        while region is not None:
            if region.kind == kind:
                return True
            region = region.parent
        return False


_current: list[Builder] = []


def current(what: str) -> Builder:
    """The builder at work, or a located error when there is none."""
    if not _current:
        raise error(
            "TW1007",
            f"{what} is executed outside a kernel",
            user_span(),
            "use it inside a function decorated with @T.prim_func or @tilelang.jit",
        )
    return _current[-1]


def active() -> Builder | None:
    """The builder at work, or None."""
    return _current[-1] if _current else None


def _size_names(param: Any) -> str:
    """For a tensor with dimensions that only a call knows, their names."""
    if not isinstance(param, Buffer) or all(isinstance(d, int) for d in param.shape):
        return ""
    names = (d.name if isinstance(d, Symbol) else "" for d in param.shape)
    return ", [" + ", ".join(f'"{n}"' for n in names) + "]"


class Builder(Emitter):
    """Builds one tile.func."""

    def __init__(self, name: str, span: Span | None):
        self.name = name
        self.span = span
        self.lines: list[Any] = []
        self.ssa: list[SSA] = []
        self.params: list[Any] = []  # Buffer or Var, in order
        self.written: dict[int, Span | None] = {}
        self.read: set[int] = set()
        self.buffers: list[Buffer] = []
        self.hints: list[tuple[str, Span | None]] = []
        self.workspaces: list[Buffer] = []
        self.launches = 0
        self.launch_header: Any = None
        self.launch_starts: list[int] = []  # lines
        self.launch_ends: list[int] = []
        self.launch_reads: dict[int, set[int]] = {}  # launch -> ids of tensors
        self.launch_writes: dict[int, set[int]] = {}
        self.grid: tuple = ()
        self.threads: Any = None
        self.symbols: dict[str, Any] = {}
        self.region = Region("func", None, span)
        self.depth = 2

    def __enter__(self) -> Builder:
        _current.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _current.pop()

    # -- writing ------------------------------------------------------------
    def new_ssa(self, hint: str = "") -> SSA:
        """A fresh value; `hint` is the wished name."""
        value = SSA(len(self.ssa), hint)
        self.ssa.append(value)
        return value

    def write(self, text: str, span: Span | None, name: Any = None) -> None:
        """Append one op with its location."""
        self.lines.append((self.depth, text, span, name))

    def insert_line(self, at: int, line: tuple) -> None:
        """Put an op before line `at`."""
        self.lines.insert(at, line)
        self.launch_starts = [k + (k >= at) for k in self.launch_starts]
        self.launch_ends = [k + (k >= at) for k in self.launch_ends]

    def value(self, text: str, span: Span | None, hint: str = "") -> SSA:
        """Append one op with one result."""
        result = self.new_ssa(hint)
        self.lines.append((self.depth, f"{result} = {text}", span, None))
        return result

    def open(self, kind: str, header: Any, span: Span | None, closer: str = "}") -> Region:
        """Open a region; `header` is text or an object with `text()`."""
        self.lines.append((self.depth, header, None, None))
        self.depth += 1
        region = Region(kind, self.region, span, closer)
        region.start = len(self.lines)
        self.region = region
        return region

    def close(self, region: Region, name: Any = None) -> None:
        """Close `region` and everything still open inside it."""
        while self.region is not region:
            self.region.active = False
            self.region = self.region.parent
        region.active = False
        self.region = region.parent
        if region.merged_into is None:
            self.depth -= 1
            self.lines.append((self.depth, region.closer, region.span, name))
        if region.kind == "launch":
            self.launch_ends.append(len(self.lines))

    # -- parameters ---------------------------------------------------------
    def add_tensor(self, name: str, spec: TensorSpec, span: Span | None) -> Buffer:
        """A tensor parameter."""
        spec = spec.resolved()
        buffer = Buffer(spec.shape, spec.dtype, "global", self.new_ssa(name), name, span)
        buffer.strides = spec.strides
        self.params.append(buffer)
        for d, size in enumerate(spec.shape):
            if isinstance(size, Symbol) and size.name not in self.symbols:
                self.symbols[size.name] = (buffer, d)
        return buffer

    def add_workspace(self, spec: TensorSpec, span: Span | None) -> Buffer:
        """A tensor in DRAM that hands data from one launch to the next."""
        buffer = self.add_tensor("", spec, span)
        self.params.pop()
        self.workspaces.append(buffer)
        self.buffers.append(buffer)
        return buffer

    def order_launch(self) -> None:
        """Blocks of this launch update the same elements."""
        if self.launch_header is not None:
            self.launch_header.ordered = True

    def add_scalar(self, name: str, dt: DType, span: Span | None) -> Var:
        """A run-time scalar parameter."""
        var = Param(self.new_ssa(name), name, dt, self.region, native=True)
        var.span = span
        self.params.append(var)
        known = bound_value(name)
        return var if known is None else const(known, dt)

    def tensors(self) -> list[Buffer]:
        """The tensor parameters in order."""
        return [p for p in self.params if isinstance(p, Buffer)]

    def note_read(self, buffer: Buffer) -> None:
        """Remember that the kernel reads a tensor."""
        buffer = getattr(buffer, "base", buffer)
        if buffer.scope() == "global":
            self.read.add(id(buffer))
            self.launch_reads.setdefault(len(self.launch_starts) - 1, set()).add(id(buffer))

    def note_write(self, buffer: Buffer, span: Span | None) -> None:
        """Remember that the kernel writes a tensor."""
        buffer = getattr(buffer, "base", buffer)
        if buffer.scope() == "global":
            self.written.setdefault(id(buffer), span)
            self.launch_writes.setdefault(len(self.launch_starts) - 1, set()).add(id(buffer))

    def role(self, buffer: Buffer) -> str:
        """'in', 'out' or 'inout' from what the kernel does with a tensor."""
        if id(buffer) not in self.written:
            return "in"
        return "inout" if id(buffer) in self.read else "out"

    def hint(self, text: str) -> None:
        """Record a hint that has no effect on this target."""
        entry = (text, user_span())
        if entry not in self.hints:
            self.hints.append(entry)

    # -- checks -------------------------------------------------------------
    def need_launch(self, what: str) -> None:
        """`what` may only stand inside T.Kernel."""
        if not self.region.inside("launch"):
            raise error(
                "TW1007",
                f"{what} stands outside `with T.Kernel(...)`",
                user_span(),
                "move it into the kernel body",
            )

    def forbid_parallel(self, what: str) -> None:
        """`what` works on whole blocks and may not stand in T.Parallel."""
        self.need_launch(what)
        if self.region.inside("parallel"):
            raise error(
                "TW1019",
                f"{what} stands inside a T.Parallel loop",
                user_span(),
                "move it before or after the loop; it works on whole blocks",
            )

    def check_alive(self, buffer: Buffer) -> None:
        """On-chip buffers end with their launch or loop."""
        if buffer.region is not None and not buffer.region.active:
            raise error(
                "TW1014",
                f"{buffer.label} is used outside the `with T.Kernel` or loop that made it",
                user_span(),
                "allocate it in the enclosing block",
            )

    # -- statements ---------------------------------------------------------
    def alloc(self, shape: tuple, dt: DType, scope: str, span: Span | None) -> Buffer:
        """An on-chip buffer."""
        ssa = self.new_ssa()
        buffer = Buffer(shape, dt, scope, ssa, "", span)
        buffer.region = self.region
        self.buffers.append(buffer)
        self.lines.append((self.depth, _Alloc(buffer), span, buffer))
        return buffer

    def store(self, buffer: Buffer, item: Any, value: Any) -> None:
        """`buffer[item] = value`."""
        span = user_span()
        target = buffer[item]
        if not hasattr(target, "indices"):
            from . import ops

            if isinstance(value, Buffer) or hasattr(value, "extents"):
                ops.copy(value, target)
            else:
                ops.fill(target, value)
            return
        if isinstance(value, Buffer) and value.shape != (1,):
            as_expr(value)  # raises the located error
        self.need_launch(f"an assignment to {buffer.name or 'a buffer'}")
        self.check_alive(buffer)
        if buffer.reducer:
            self._run_in_order()
        source = self.native(cast(as_expr(value), buffer.dtype), span)
        places = target.indices
        inside = buffer.inside(places) if hasattr(buffer, "base") else None
        guard = None if inside is None else self.begin_if(inside)
        if hasattr(buffer, "base"):
            source = self.as_bits(source, buffer.dtype, buffer.base.dtype, span)
            places, buffer = buffer.translate(places), buffer.base
        source = self.to_memory(source, buffer.dtype, span)
        indices = ", ".join(str(self.as_index(i, span)) for i in places)
        self.write(f"memref.store {source}, {buffer.ssa}[{indices}] : {buffer.memref}", span)
        if guard is not None:
            self.close(guard)
        self.note_write(buffer, span)

    def bind_value(self, name: str, e: Expr) -> Expr:
        """A name for an expression: a tree that reads buffers is computed now."""
        if not e.reads or hasattr(e, "indices") and not self.region.inside("launch"):
            return e
        span = user_span()
        ssa = self.native(e, span)
        if not ssa.hint:
            ssa.hint = name
        bounds = (e.lo, e.hi)
        return Var(ssa, name, e.dtype, self.region, True, bounds)

    def _run_in_order(self) -> None:
        """The T.Parallel loop around updates elements more than once."""
        region: Any = self.region
        while region is not None:
            if region.kind == "parallel":
                region.header.in_order = True
            region = region.parent

    # -- loops --------------------------------------------------------------
    def begin_for(
        self, kind: str, lb: Any, ub: Any, step: Any, stages: int, name: str
    ) -> tuple[Region, Var]:
        """Open a serial, unrolled or pipelined loop."""
        span = user_span()
        low, high, by = as_expr(lb), as_expr(ub), as_expr(step)
        operands = [self.as_index(e, span) for e in (low, high, by)]
        ssa = self.new_ssa(name)
        text = f"tile.for {kind}"
        if stages:
            text += f" stages {stages}"
        text += f' name "{name}" {ssa}{location(span, name)} = '
        text += f"{operands[0]} to {operands[1]} step {operands[2]} {{"
        region = self.open("for", text, span)
        top = None if high.hi is None else max(high.hi - 1, low.lo or 0)
        var = Var(ssa, name, INT32, region, False, (low.lo, top))
        return region, var

    def begin_parallel(self, extents: list, names: list[str]) -> tuple[Region, list[Var]]:
        """Open a T.Parallel loop, or widen one that directly encloses it."""
        self.need_launch("T.Parallel")
        span = user_span()
        outer = self.region
        if outer.inside("parallel"):
            if outer.kind != "parallel" or len(self.lines) != outer.start:
                raise error(
                    "TW1019",
                    "this T.Parallel is nested in another one with other statements beside it",
                    span,
                    "write one loop: for i, j in T.Parallel(M, N)",
                )
            region = Region("parallel", outer, span)
            region.merged_into = outer.merged_into or outer
            region.start = len(self.lines)
            header = outer.header
            region.header = header
            self.region = region
        else:
            header = _ParallelHeader(self)
            region = self.open("parallel", header, span, _ParallelCloser(header))
            region.header = header
        made = []
        for extent, name in zip(extents, names, strict=True):
            e = as_expr(extent)
            if not e.is_const:
                raise error(
                    "TW1010",
                    f"extent '{describe(e)}' of T.Parallel is only known when the kernel runs",
                    span,
                    "use a constant extent and guard with `if`",
                )
            ssa = self.new_ssa(name)
            header.add(f"{ssa}{location(span, name)}", int(e.value), name)
            made.append(Var(ssa, name, INT32, region, False, (0, int(e.value) - 1)))
        return region, made

    def begin_launch(
        self, extents: list, names: list[str], threads: Any
    ) -> tuple[Region, list[BlockIndex]]:
        """Open a T.Kernel launch."""
        span = user_span()
        if self.region.inside("launch"):
            raise error(
                "TW1019",
                "T.Kernel is opened inside another T.Kernel",
                span,
                "put the launches one after the other",
            )
        self.launches += 1
        self.threads = threads
        sizes = [as_expr(e) for e in extents]
        for e in sizes:
            if e.is_const and e.value <= 0:
                raise error(
                    "TW1008",
                    f"grid extent of T.Kernel is {e.value}",
                    span,
                    "use positive extents",
                )
        self.grid = tuple(e.value if e.is_const else e for e in sizes)
        extents = [str(self.as_index(n, span)) for n in sizes]
        ids = [self.new_ssa(n) for n in names]
        located = [f"{i}{location(span, n)}" for i, n in zip(ids, names, strict=True)]
        quoted = ", ".join(f'"{n}"' for n in names)
        text = f"({', '.join(located)}) in ({', '.join(extents)}) names [{quoted}] {{"
        self.launch_header = _LaunchHeader(text)
        region = self.open("launch", self.launch_header, span)
        self.launch_starts.append(len(self.lines) - 1)
        made = [
            BlockIndex(
                ssa, name, INT32, region, False, (0, size.hi - 1 if size.hi is not None else None)
            )
            for ssa, name, size in zip(ids, names, sizes, strict=True)
        ]
        return region, made

    def begin_if(self, cond: Expr) -> Region:
        """Open the `then` region of a run-time `if`."""
        self.need_launch("`if` on a run-time value")
        span = user_span()
        test = self.native(cast(cond, as_bool()), span)
        return self.open("if", f"scf.if {test} {{", span)

    def begin_else(self, region: Region) -> Region:
        """Close `then`, open `else` of the same `if`."""
        while self.region is not region:
            self.region.active = False
            self.region = self.region.parent
        region.active = False
        self.lines.append((self.depth - 1, "} else {", None, None))
        other = Region("if", region.parent, region.span, "}")
        other.start = len(self.lines)
        self.region = other
        return other

    # -- text ---------------------------------------------------------------
    def text(self, results: set[int] | None = None, launch: int | None = None) -> str:
        """The module as textual IR; `results` holds ids of returned tensors.
        With `launch`, that launch alone and the tensors that it uses."""
        results = results or set()
        self._unique_names()
        lines = []
        for k, (depth, item, span, name) in enumerate(self.lines):
            if launch is not None and self._is_of_other_launch(k, launch):
                continue
            text = item if isinstance(item, str) else item.text()
            if span is not None:
                label = name.name if isinstance(name, Buffer) else name
                text += location(span, label)
            lines.append("  " * depth + text)
        body = "\n".join(lines)
        if launch is not None:
            results = self._results_of_launch(results, launch)
        params = []
        tensors = []
        for p in [*self.params, *self.workspaces]:
            if not isinstance(p, Buffer) and bound_value(p.name) is not None:
                continue
            if launch is not None and str(p.ssa) not in body:
                continue
            loc = location(p.span, p.name)
            kind = p.memref if isinstance(p, Buffer) else signless(p.dtype)
            role = "result" if id(p) in results else "param"
            params.append(f"{p.ssa}: {kind}{loc}")
            tensors.append(f'#tile.tensor<"{p.name}", {role}{_size_names(p)}>')
        head = f"  tile.func @{self.name}({', '.join(params)})"
        out = ["module {", f"{head} tensors [{', '.join(tensors)}] {{"]
        out += [body, "  }" + location(self.span, self.name), "}"]
        return self._resolve("\n".join(out) + "\n")

    def _is_of_other_launch(self, line: int, launch: int) -> bool:
        ranges = zip(self.launch_starts, self.launch_ends, strict=True)
        return any(k != launch and a <= line < b for k, (a, b) in enumerate(ranges))

    def _results_of_launch(self, results: set[int], launch: int) -> set[int]:
        """Returned tensors that this launch is the first to write, unread."""
        earlier: set[int] = set()
        for k in range(launch):
            earlier |= self.launch_writes.get(k, set())
        mine = self.launch_writes.get(launch, set()) - earlier
        return results & mine - self.launch_reads.get(launch, set())

    def _unique_names(self) -> None:
        """Two buffers of one name (a macro called twice) get a number each."""
        used = {p.name for p in self.params}
        for b in self.buffers:
            base = name = b.name or "buffer"
            k = 1
            while name in used:
                name, k = f"{base}_{k}", k + 1
            used.add(name)
            b.name = b.ssa.hint = name

    def _resolve(self, text: str) -> str:
        names: dict[int, str] = {}
        used: set[str] = set()
        counter = 0

        def name_of(match: re.Match) -> str:
            nonlocal counter
            number = int(match.group(1))
            name = names.get(number)
            if name is None:
                hint = re.sub(r"[^A-Za-z0-9_]", "_", self.ssa[number].hint)
                if hint and hint[0].isdigit():
                    hint = "_" + hint
                name = hint
                k = 0
                while not name or name in used:
                    if not hint:
                        name = str(counter)
                        counter += 1
                    else:
                        name = f"{hint}_{k}"
                        k += 1
                used.add(name)
                names[number] = name
            return "%" + name

        return re.sub("\x01(\\d+)\x02", name_of, text)


class _Alloc:
    """An allocation line; the buffer's name is known only at the end."""

    def __init__(self, buffer: Buffer):
        self.buffer = buffer

    def text(self) -> str:
        b = self.buffer
        return f'{b.ssa} = tile.alloc "{b.name}" : {b.memref}'


class _LaunchHeader:
    """The first line of tile.launch; atomics in the body make it ordered."""

    def __init__(self, rest: str):
        self.rest = rest
        self.ordered = False

    def text(self) -> str:
        return f"tile.launch {'ordered ' if self.ordered else ''}{self.rest}"


class _ParallelHeader:
    """The first line of tile.parallel; nested perfect loops add to it."""

    def __init__(self, builder: Builder):
        self.builder = builder
        self.dims: list[tuple[str, int, str]] = []
        self.in_order = False  # iterations update a reducer

    def add(self, index: str, extent: int, name: str) -> None:
        self.dims.append((index, extent, name))

    def loops(self) -> str:
        """Serial loops instead."""
        new = self.builder.new_ssa
        zero, one = new("c0"), new("c1")
        out = [f"{zero} = arith.constant 0 : index", f"{one} = arith.constant 1 : index"]
        for index, extent, name in self.dims:
            end = new(f"c{extent}")
            out.append(f"{end} = arith.constant {extent} : index")
            out.append(f'tile.for serial name "{name}" {index} = {zero} to {end} step {one} {{')
        return "\n".join(out)

    def text(self) -> str:
        if self.in_order:
            return self.loops()
        ids = ", ".join(d[0] for d in self.dims)
        sizes = ", ".join(str(d[1]) for d in self.dims)
        names = ", ".join(f'"{d[2]}"' for d in self.dims)
        return f"tile.parallel ({ids}) in [{sizes}] names [{names}] {{"


class _ParallelCloser:
    """The end of tile.parallel, or of the loops in its place."""

    def __init__(self, header: _ParallelHeader):
        self.header = header

    def text(self) -> str:
        return "}\n" * (len(self.header.dims) - 1) + "}" if self.header.in_order else "}"


def as_bool() -> DType:
    """The bool type (kept out of the import cycle)."""
    from .dtypes import BOOL

    return BOOL


__all__ = ["Builder", "Region", "SSA", "active", "current", "shape_text", "user_span"]
