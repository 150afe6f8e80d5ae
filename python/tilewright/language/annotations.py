"""Layouts and schedules that the user decides: annotate_tt_layout, annotate_tt_schedule.

An annotation becomes an op with the place where it was written, beside the buffer
(`tile.annotate_layout`) or in the launch (`tile.annotate_schedule`); pass A1 and pass
B1 judge and use them, so that their messages name the user's line.

    with T.Kernel(8, 8) as (bx, by):
        T.annotate_tt_layout(A, memory="l1", layout="sharded",
                             nd_shard={"axes": ["M", "N"], "grid": [8, 8]})
        T.annotate_tt_schedule(order="column_major", core_grid=(8, 8))

Outside a kernel the same functions take a prim_func and a dictionary.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..diagnostics import Span, error
from .buffer import Buffer
from .builder import active, user_span
from .trace import PrimFunc

#: Attributes of a prim_func that say nothing of TT, in the order they are set.
TT_DEFAULTS = {
    "tt_schedule_policy": "contiguous",
    "tt_schedule_order": "row_major",
    "tt_layout_type": "dram_interleaved",
    "tt_tile_height": 32,
    "tt_tile_width": 32,
}


class CoreRange(NamedTuple):
    """A rectangle of cores: its first core (x, y) and its extent in x and y."""

    start: tuple[int, int]
    extent: tuple[int, int]

    def to_json(self) -> dict[str, list[int]]:
        """As in a plan of the user's own."""
        return {"start": list(self.start), "extent": list(self.extent)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CoreRange:
        """The inverse of to_json."""
        return cls(tuple(data["start"]), tuple(data["extent"]))  # type: ignore[arg-type]


class WorkItem(NamedTuple):
    """One block of the launch: its row `io` and column `jo` (and plane `zo`)."""

    io: int
    jo: int
    zo: int = 0

    def to_json(self) -> dict[str, int]:
        """As in a plan of the user's own."""
        data = {"io": self.io, "jo": self.jo}
        return {**data, "zo": self.zo} if self.zo else data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorkItem:
        """The inverse of to_json."""
        return cls(data["io"], data["jo"], data.get("zo", 0))


# -- values as attributes of the IR -------------------------------------------
def _attribute(value: Any, path: str, span: Span | None) -> str:
    """A value as an MLIR attribute."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        text = str(value).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{text}"'
    if isinstance(value, Mapping):
        entries = [
            f"{_key(k, span)} = {_attribute(v, f'{path}.{k}', span)}" for k, v in value.items()
        ]
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        items = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(items, Iterable):
            return "[" + ", ".join(_attribute(v, path, span) for v in items) + "]"
    raise error(
        "TW1028",
        f"{path} is {value!r}, of type '{type(value).__name__}'",
        span,
        "use strings, integers, True or False, lists and dictionaries of them",
    )


def _key(key: Any, span: Span | None) -> str:
    if not isinstance(key, str) or not key.isidentifier():
        raise error("TW1028", f"{key!r} is no field name", span, "use the documented names")
    return key


def _dictionary(values: Mapping[str, Any], what: str, span: Span | None) -> str:
    return _attribute({k: v for k, v in values.items() if v is not None}, what, span)


# -- layouts --------------------------------------------------------------------
def _find(func: PrimFunc, name: Any, span: Span | None) -> Buffer:
    builder = func.builder
    for buffer in [*builder.tensors(), *builder.buffers]:
        if buffer is name or buffer.name == name:
            return buffer
    known = ", ".join(b.name for b in [*builder.tensors(), *builder.buffers])
    raise error(
        "TW1028",
        f"'{func.name}' has no buffer '{getattr(name, 'name', name)}' to annotate",
        span,
        f"its buffers are {known}",
    )


class _LayoutLine:
    """`tile.annotate_layout`; the buffer's name may still change."""

    def __init__(self, buffer: Buffer, entries: str):
        self.buffer, self.entries = buffer, entries

    def text(self) -> str:
        return f"tile.annotate_layout {self.buffer.ssa} {self.entries} : {self.buffer.memref}"


def _annotate_func(func: PrimFunc, layouts: Mapping[Any, Mapping], span: Span | None) -> PrimFunc:
    made = _copy(func)
    lines = made.builder.lines
    for name, entries in layouts.items():
        buffer = _find(func, name, span)
        if not isinstance(entries, Mapping):
            raise error(
                "TW1028",
                f"the layout of {buffer.name} is {entries!r}, not a dictionary",
                span,
                '{"A": {"memory": "l1", "layout": "interleaved"}}',
            )
        line = _LayoutLine(buffer, _dictionary(entries, buffer.name, span))
        at, depth = 0, 2
        for k, entry in enumerate(lines):
            if entry[3] is buffer:  # after its allocation
                at, depth = k + 1, entry[0]
        made.builder.insert_line(at, (depth, line, span, None))
    return made


def _copy(func: PrimFunc) -> PrimFunc:
    made = copy.copy(func)
    made.builder = copy.copy(func.builder)
    made.builder.lines = list(func.builder.lines)
    made.builder.launch_starts = list(func.builder.launch_starts)
    made.builder.launch_ends = list(func.builder.launch_ends)
    made.attrs = dict(func.attrs)
    made.__dict__.pop("_kernels", None)
    return made


def annotate_tt_layout(target: Any, layouts: Mapping | None = None, **entries: Any) -> Any:
    """Decide where a tensor or buffer lies and how it is cut into pages and shards.

    In a kernel: `annotate_tt_layout(A, memory="l1", layout="sharded", nd_shard={...})`,
    or a dictionary of several buffers. On a prim_func: `annotate_tt_layout(func,
    {"A": {...}})` returns the annotated prim_func. Fields: memory ("dram", "l1"), layout
    ("interleaved", "sharded"), tile_shape, dtype, depth (blocks of an on-chip buffer) and
    nd_shard, whose fields are axes, grid, shard_shape_elems, order, align_tiles,
    projected_grid and projected_shard_tiles; docs/sharding.md describes them.
    """
    span = user_span()
    if isinstance(target, PrimFunc):
        if not isinstance(layouts, Mapping):
            raise error(
                "TW1028",
                "annotate_tt_layout of a prim_func needs a dictionary of layouts",
                span,
                'annotate_tt_layout(func, {"A": {"memory": "l1"}})',
            )
        return _annotate_func(target, layouts, span)
    builder = active()
    if isinstance(target, Mapping) and layouts is None and builder is not None:
        for buffer, given in target.items():
            annotate_tt_layout(buffer, **given)
        return None
    if not isinstance(target, Buffer) or builder is None:
        raise error(
            "TW1028",
            "annotate_tt_layout expects a prim_func, or a buffer inside a kernel; it is given a "
            f"value of type '{type(target).__name__}'",
            span,
            'annotate_tt_layout(A, memory="l1") inside T.Kernel',
        )
    builder.check_alive(target)
    line = _LayoutLine(target, _dictionary(entries, target.name or "the layout", span))
    builder.lines.append((builder.depth, line, span, None))
    return None


# -- schedules ------------------------------------------------------------------
def _core(key: Any, span: Span | None) -> list[int]:
    text = key.strip("() ").replace(",", " ").split() if isinstance(key, str) else key
    try:
        x, y = (int(v) for v in text)
    except (TypeError, ValueError) as exc:
        raise error(
            "TW1028",
            f"{key!r} names no core",
            span,
            'write column and row: "(0, 1)" or (0, 1)',
        ) from exc
    return [x, y]


def _item(item: Any, span: Span | None) -> list[int]:
    if isinstance(item, Mapping):
        unknown = set(item) - {"io", "jo", "zo"}
        if {"io", "jo"} <= set(item) and not unknown:
            return list(WorkItem.from_json(item))
    elif isinstance(item, (list, tuple)) and 2 <= len(item) <= 3:
        return [*(int(v) for v in item), *([0] if len(item) == 2 else [])]
    raise error(
        "TW1028",
        f"{item!r} is no work item",
        span,
        "a work item is WorkItem(io, jo): the row and the column of a block of the launch",
    )


def _schedule(values: Mapping[str, Any], span: Span | None) -> str:
    made = dict(values)
    ranges = made.get("core_ranges")
    if ranges is not None:
        rows = []
        for each in ranges:
            if isinstance(each, Mapping):
                each = CoreRange.from_json(each)
            if isinstance(each, CoreRange):
                (x, y), (w, h) = each
                rows.append([x, y, x + w - 1, y + h - 1])
            else:
                rows.append(list(each))
        made["core_ranges"] = rows
    partition = made.get("work_partition")
    if isinstance(partition, Mapping):
        made["work_partition"] = [
            [*_core(core, span), *_item(item, span)]
            for core, items in partition.items()
            for item in items
        ]
    return "tile.annotate_schedule " + _dictionary(made, "the schedule", span)


def annotate_tt_schedule(func: Any = None, schedule: Mapping | None = None, **values: Any) -> Any:
    """Decide which cores run the launch and in which order they take its blocks.

    In a kernel: `annotate_tt_schedule(order="z_order", core_grid=(4, 4))`. On a
    prim_func: `annotate_tt_schedule(func, {...})` returns the annotated prim_func.
    Fields: policy ("contiguous", "strided"), order ("row_major", "column_major",
    "block_linear(k)", "z_order", "match_shard"), core_grid (columns, rows),
    core_ranges (several, disjoint: CoreRange or [x0, y0, x1, y1]), and work_partition
    ({(x, y): [WorkItem, ...]}), which gives every block to a core itself.
    """
    span = user_span()
    if isinstance(func, PrimFunc):
        made = _copy(func)
        text = _schedule({**(schedule or {}), **values}, span)
        for start in reversed(made.builder.launch_starts):
            depth = made.builder.lines[start][0]
            made.builder.insert_line(start + 1, (depth + 1, text, span, None))
        return made
    builder = active()
    if func is not None or schedule is not None or builder is None:
        given = func if func is not None else schedule
        raise error(
            "TW1028",
            "annotate_tt_schedule expects a prim_func and a dictionary, or keywords inside a "
            f"kernel; it is given a value of type '{type(given).__name__}'",
            span,
            'annotate_tt_schedule(order="column_major") inside T.Kernel',
        )
    builder.need_launch("T.annotate_tt_schedule")
    builder.write(_schedule(values, span), span)
    return None


# -- the same as functions of their own -------------------------------------------
def with_core_grid(func: PrimFunc, x: int, y: int) -> PrimFunc:
    """The prim_func on a grid of `x` columns and `y` rows of cores."""
    return annotate_tt_schedule(func, {"core_grid": [x, y]})


def with_core_ranges(func: PrimFunc, ranges: Iterable[Any]) -> PrimFunc:
    """The prim_func on these rectangles of cores."""
    return annotate_tt_schedule(func, {"core_ranges": list(ranges)})


def with_work_partition(func: PrimFunc, partition: Mapping) -> PrimFunc:
    """The prim_func with its blocks given to cores by the user."""
    return annotate_tt_schedule(func, {"work_partition": partition})


def with_layout_desc(func: PrimFunc, layouts: Mapping) -> PrimFunc:
    """The same as annotate_tt_layout of a prim_func."""
    return annotate_tt_layout(func, layouts)


def apply_tt_defaults(func: PrimFunc) -> PrimFunc:
    """The prim_func with the five default attributes, unless it has a `tt_` one."""
    if any(name.startswith("tt_") for name in func.attrs):
        return func
    made = _copy(func)
    made.attrs.update(TT_DEFAULTS)
    return made


def schedule_of_attributes(func: PrimFunc) -> PrimFunc:
    """The attributes of a prim_func that are not the defaults, as annotations."""
    attrs = apply_tt_defaults(func).attrs
    values = {
        key: attrs[name]
        for key, name in (("order", "tt_schedule_order"), ("policy", "tt_schedule_policy"))
        if attrs.get(name, TT_DEFAULTS[name]) != TT_DEFAULTS[name]
    }
    if values:
        func = annotate_tt_schedule(func, values)
    memory, _, layout = attrs.get("tt_layout_type", "dram_interleaved").partition("_")
    tile = [attrs.get("tt_tile_height", 32), attrs.get("tt_tile_width", 32)]
    entries: dict[str, Any] = {}
    if (memory, layout) != ("dram", "interleaved"):
        entries.update(memory=memory, layout=layout)
    if tile != [32, 32]:
        entries["tile_shape"] = tile
    if entries:
        func = annotate_tt_layout(func, {b: entries for b in func.builder.tensors()})
    return func


__all__ = [
    "TT_DEFAULTS",
    "CoreRange",
    "WorkItem",
    "annotate_tt_layout",
    "annotate_tt_schedule",
    "apply_tt_defaults",
    "with_core_grid",
    "with_core_ranges",
    "with_layout_desc",
    "with_work_partition",
]
