"""T.Kernel and the loops. Each is a plain Python object: a context manager that
opens a launch, or an iterable that opens a loop, yields its variables once and
closes the loop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..diagnostics import error
from .builder import active, current, user_span
from .expr import Expr, as_expr


class NoBuilder(Exception):
    """T.Kernel was opened while nothing is being traced (finds the eager style)."""


class Kernel:
    """A launch: `with T.Kernel(x[, y[, z]], threads=...) as ids:`."""

    def __init__(self, *blocks: Any, threads: Any = None, prelude: Any = None, **kwargs: Any):
        if active() is None:
            raise NoBuilder
        if not 1 <= len(blocks) <= 3:
            raise error(
                "TW1008",
                f"T.Kernel takes 1 to 3 grid extents, not {len(blocks)}",
                user_span(),
                "fold further dimensions into one: bz = b * heads + h",
            )
        for b in blocks:
            if isinstance(b, float):
                raise error(
                    "TW1008",
                    f"T.Kernel: the grid extent {b} is a float",
                    user_span(),
                    "use T.ceildiv(n, block) or //",
                )
        self.blocks = [as_expr(b) for b in blocks]
        self.threads = threads
        self.names: list[str] = []
        for name in kwargs:
            if name not in ("is_cpu", "cluster_dims"):
                raise error(
                    "TW1008",
                    f"T.Kernel has no parameter '{name}'",
                    user_span(),
                    "its parameters are the grid extents and threads",
                )
            current("T.Kernel").hint(f"T.Kernel({name}=...)")

    def __enter__(self) -> Any:
        from .trace import kernel_entered

        kernel_entered()
        builder = current("T.Kernel")
        count = len(self.blocks)
        default = ["bx", "by", "bz"][:count]
        names = self.names if len(self.names) == count else default
        if self.threads is not None:
            builder.hint("T.Kernel(threads=...)")
        self.region, ids = builder.begin_launch(self.blocks, names, self.threads)
        return ids[0] if count == 1 else ids

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            current("T.Kernel").close(self.region)


class Loop:
    """One loop object; iterate it once."""

    kind = "serial"

    def __init__(self, start: Any, stop: Any = None, step: Any = None, stages: int = 0):
        if stop is None:
            start, stop = 0, start
        self.start, self.stop = as_expr(start), as_expr(stop)
        self.step = as_expr(1 if step is None else step)
        self.stages = stages
        self.names: list[str] = []
        for what, e in (("start", self.start), ("stop", self.stop), ("step", self.step)):
            if e.dtype.is_float:
                raise error(
                    "TW1008",
                    f"the {what} of the loop is a {e.dtype} value",
                    user_span(),
                    "use an integer (// instead of /)",
                )

    def __iter__(self) -> Iterator[Any]:
        builder = current("a loop")
        builder.need_launch("a run-time loop")
        if self.kind == "pipelined":
            builder.forbid_parallel("T.Pipelined")
        start, stop, step = self.start, self.stop, self.step
        span = user_span()
        if not step.is_const:
            raise error("TW1008", "the step of the loop is not a constant", span, "use 1")
        if step.value == 0:
            raise error(
                "TW1008",
                "the step of the loop is 0, so it would never end",
                span,
                "use a step of 1 or more, or a negative one to count down",
            )
        name = self.names[0] if self.names else "i"
        if step.value < 0:
            count = (start - stop + (-step.value) - 1) // (-step.value)
            region, var = builder.begin_for(self.kind, 0, count, 1, self.stages, name)
            yield start + var * step.value
        else:
            region, var = builder.begin_for(self.kind, start, stop, step, self.stages, name)
            yield var
        builder.close(region)


class Unroll(Loop):
    """A loop that the compiler unrolls."""

    kind = "unroll"


class PipelinedLoop(Loop):
    """A loop whose copies run ahead of its compute."""

    kind = "pipelined"


class ParallelLoop:
    """T.Parallel: every element once, in no order."""

    def __init__(self, extents: tuple):
        self.extents = [as_expr(e) for e in extents]
        self.names: list[str] = []

    def __iter__(self) -> Iterator[Any]:
        builder = current("T.Parallel")
        count = len(self.extents)
        names = self.names if len(self.names) == count else list("ijklmn"[:count])
        region, made = builder.begin_parallel(self.extents, names)
        yield made[0] if count == 1 else tuple(made)
        builder.close(region)


class GridLoop:
    """T.grid: nested serial loops."""

    def __init__(self, extents: tuple):
        self.extents = extents
        self.names: list[str] = []

    def __iter__(self) -> Iterator[Any]:
        builder = current("T.grid")
        builder.need_launch("T.grid")
        count = len(self.extents)
        names = self.names if len(self.names) == count else list("ijklmn"[:count])
        opened = [
            builder.begin_for("serial", 0, e, 1, 0, n)
            for e, n in zip(self.extents, names, strict=True)
        ]
        made = tuple(var for _, var in opened)
        yield made[0] if count == 1 else made
        for region, _ in reversed(opened):
            builder.close(region)


def loop_break() -> None:
    """`break`; as a statement in a loop it is rewritten and does not come here."""
    raise error(
        "TW1017",
        "T.loop_break() stands outside of any loop",
        user_span(),
        "write it in the body of the loop that it leaves",
    )


def serial(start: Any, stop: Any = None, step: Any = None, **_: Any) -> Loop:
    """A loop executed in order."""
    return Loop(start, stop, step)


def unroll(start: Any, stop: Any = None, step: Any = None, **_: Any) -> Unroll:
    """A loop executed in order and unrolled."""
    return Unroll(start, stop, step)


def vectorized(start: Any, stop: Any = None, step: Any = None, **_: Any) -> Loop:
    """A serial loop; vector width is the tile here."""
    return Loop(start, stop, step)


def Pipelined(
    start: Any,
    stop: Any = None,
    num_stages: int = 0,
    order: Any = None,
    stage: Any = None,
    sync: Any = None,
    group: Any = None,
    **_: Any,
) -> PipelinedLoop:
    """A loop whose copies may run up to `num_stages` iterations ahead."""
    builder = current("T.Pipelined")
    hints = {"order": order, "stage": stage, "sync": sync, "group": group}
    for name, value in hints.items():
        if value is not None:
            builder.hint(f"T.Pipelined({name}=...)")
    stages = as_expr(num_stages)
    if not stages.is_const or stages.dtype.is_float or stages.value < 0:
        raise error(
            "TW1008",
            f"T.Pipelined: num_stages is {num_stages}",
            user_span(),
            "use a compile-time integer, 0 or more",
        )
    return PipelinedLoop(start, stop, None, int(stages.value))


def Parallel(*extents: Any, **hints: Any) -> ParallelLoop:
    """Every index of the box once, in no order; the body is element-wise."""
    builder = current("T.Parallel")
    for name, value in hints.items():
        if value is not None:
            builder.hint(f"T.Parallel({name}=...)")
    if not extents:
        raise error("TW1008", "T.Parallel has no extent", user_span(), "use T.Parallel(M, N)")
    return ParallelLoop(extents)


def grid(*extents: Any) -> GridLoop:
    """Nested serial loops."""
    return GridLoop(extents)


def traced_range(*args: Any) -> Any:
    """`range` in a traced body: a serial loop inside a launch, else Python's."""
    builder = active()
    if builder is not None and builder.region.inside("launch"):
        return Loop(*args)
    return range(*(a.__index__() if isinstance(a, Expr) else a for a in args))
