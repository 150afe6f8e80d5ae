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
import operator
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
    """One block of the launch: its row `io` and column `jo` (and plane `zo`).

    `len_k` and `tile_order` are read and written, as in a plan of the user's own. A launch
    takes only the values that say nothing else than its program does: no `len_k`, since the
    program's loops say what they sum, and no `tile_order` but "row_major", the order in
    which the tiles of a block are moved.
    """

    io: int
    jo: int
    zo: int = 0
    len_k: int | None = None
    tile_order: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As in a plan of the user's own."""
        data = {"io": self.io, "jo": self.jo, "zo": self.zo or None}
        data |= {"len_k": self.len_k, "tile_order": self.tile_order}
        return {name: value for name, value in data.items() if value is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorkItem:
        """The inverse of to_json."""
        return cls(**data)


# -- values as attributes of the IR -------------------------------------------
def _attribute(value: Any, path: str, span: Span | None) -> str:
    """A value as an MLIR attribute."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise error(
                "TW1028",
                f"{path} is {value}, which has more than 64 bits",
                span,
                "use numbers of 64 bits",
            )
        return str(int(value))
    if isinstance(value, str):
        return f'"{_escaped(value)}"'
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


def _escaped(text: str) -> str:
    """The bytes of a string as MLIR writes them."""
    plain = (chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:02X}" for b in _bytes(text))
    return "".join(plain)


def _bytes(text: str) -> bytes:
    return str(text).encode("utf-8", "surrogatepass")


def _key(key: Any, span: Span | None) -> str:
    if not isinstance(key, str) or not (key.isidentifier() and key.isascii()):
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
        fields = _fields(buffer, entries, span)
        line = _LayoutLine(buffer, _dictionary(fields, buffer.name, span))
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


def _fields(buffer: Buffer, entries: Any, span: Span | None) -> Mapping[str, Any]:
    """The layout of a buffer, which must be a dictionary."""
    if not isinstance(entries, Mapping):
        raise error(
            "TW1028",
            f"the layout of {buffer.name or 'a buffer'} is {entries!r}, not a dictionary",
            span,
            '{"A": {"memory": "l1", "layout": "interleaved"}}',
        )
    return entries


def _annotate_buffer(builder: Any, buffer: Any, entries: Any, span: Span | None) -> None:
    """One annotation of a buffer, where the kernel stands."""
    if not isinstance(buffer, Buffer):
        raise error(
            "TW1028",
            f"a layout is given for a value of type '{type(buffer).__name__}'",
            span,
            'annotate_tt_layout({A: {"memory": "l1"}}) inside T.Kernel: keys are buffers',
        )
    builder.check_alive(buffer)
    fields = _dictionary(_fields(buffer, entries, span), buffer.name or "the layout", span)
    builder.lines.append((builder.depth, _LayoutLine(buffer, fields), span, None))


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
            _annotate_buffer(builder, buffer, given, span)
        return None
    if not isinstance(target, Buffer) or builder is None:
        raise error(
            "TW1028",
            "annotate_tt_layout expects a prim_func, or a buffer inside a kernel; it is given a "
            f"value of type '{type(target).__name__}'",
            span,
            'annotate_tt_layout(A, memory="l1") inside T.Kernel',
        )
    if layouts is not None:
        entries = {**_fields(target, layouts, span), **entries}
    _annotate_buffer(builder, target, entries, span)
    return None


# -- schedules ------------------------------------------------------------------
def _whole(value: Any) -> int:
    """A whole number that a user wrote; TypeError for anything else."""
    if isinstance(value, bool):
        raise TypeError
    return operator.index(value)


def _core(key: Any, span: Span | None) -> list[int]:
    try:
        parts = (
            [int(v) for v in key.strip("() ").replace(",", " ").split()]
            if (isinstance(key, str))
            else [_whole(v) for v in key]
        )
        x, y = parts
    except (TypeError, ValueError) as exc:
        raise error(
            "TW1028",
            f"{key!r} names no core",
            span,
            'write column and row: "(0, 1)" or (0, 1)',
        ) from exc
    return [x, y]


def _item(item: Any, span: Span | None) -> list[int]:
    try:
        if isinstance(item, Mapping):
            item = WorkItem.from_json(item)
        elif not isinstance(item, WorkItem) and isinstance(item, (list, tuple)):
            item = WorkItem(*item) if 2 <= len(item) <= 3 else None
        if isinstance(item, WorkItem):
            place = [_whole(v) for v in item[:3]]
            _check_item(item, span)
            return place
    except TypeError:
        pass
    raise error(
        "TW1028",
        f"{item!r} is no work item",
        span,
        "a work item is WorkItem(io, jo): the row and the column of a block of the launch",
    )


def _check_item(item: WorkItem, span: Span | None) -> None:
    """An error for what an item asks for and a launch does not do."""
    where = f"of work item ({item.io}, {item.jo})"
    if item.len_k is not None:
        raise error(
            "TW1028",
            f"len_k {where} is {item.len_k!r}; a launch does what its program says",
            span,
            "remove len_k, and give the loop over k that extent",
        )
    if item.tile_order not in (None, "row_major"):
        raise error(
            "TW1028",
            f"tile_order {where} is {item.tile_order!r}; the tiles of a block are moved row by row",
            span,
            "remove tile_order; annotate_tt_schedule(order=...) says in which order a core "
            "takes its blocks",
        )


def _range(each: Any, span: Span | None) -> list[int]:
    """[x0, y0, x1, y1] of a rectangle of cores."""
    try:
        if isinstance(each, Mapping):
            each = CoreRange.from_json(each)
        if isinstance(each, CoreRange):
            (x, y), (w, h) = ([_whole(v) for v in pair] for pair in each)
            return [x, y, x + w - 1, y + h - 1]
        x, y, right, bottom = (_whole(v) for v in each)
        return [x, y, right, bottom]
    except (TypeError, ValueError, KeyError) as exc:
        raise error(
            "TW1028",
            f"{each!r} is no rectangle of cores",
            span,
            "write CoreRange((x, y), (columns, rows)), or [x0, y0, x1, y1], both ends included",
        ) from exc


def _elements(values: Any, what: str, span: Span | None, fix: str) -> list[Any]:
    """The elements of what must be a list."""
    if not isinstance(values, (str, bytes, Mapping)):
        try:
            return list(values)
        except TypeError:
            pass
    raise error("TW1028", f"{what} is {values!r}, not a list", span, fix)


def _schedule(values: Mapping[str, Any], span: Span | None) -> str:
    made = dict(values)
    ranges = made.get("core_ranges")
    if ranges is not None:
        fix = "write core_ranges=[CoreRange((x, y), (columns, rows)), ...]"
        rows = _elements(ranges, "core_ranges", span, fix)
        made["core_ranges"] = [_range(each, span) for each in rows]
    partition = made.get("work_partition")
    if partition is not None:
        fix = "write work_partition={(x, y): [WorkItem(io, jo), ...]}"
        if not isinstance(partition, Mapping):
            raise error("TW1028", f"work_partition is {partition!r}, not a dictionary", span, fix)
        made["work_partition"] = [
            [*_core(core, span), *_item(item, span)]
            for core, items in partition.items()
            for item in _elements(items, f"the work of core {core!r}", span, fix)
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
        if schedule is not None and not isinstance(schedule, Mapping):
            raise error(
                "TW1028",
                f"the schedule is {schedule!r}, not a dictionary",
                span,
                'annotate_tt_schedule(func, {"core_grid": (4, 4)})',
            )
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
    return annotate_tt_schedule(func, {"core_ranges": ranges})


def with_work_partition(func: PrimFunc, partition: Mapping) -> PrimFunc:
    """The prim_func with its blocks given to cores by the user."""
    return annotate_tt_schedule(func, {"work_partition": partition})


def with_layout_desc(func: PrimFunc, layouts: Mapping) -> PrimFunc:
    """The same as annotate_tt_layout of a prim_func."""
    return annotate_tt_layout(func, layouts)


def apply_tt_defaults(func: PrimFunc) -> PrimFunc:
    """The prim_func with the five default attributes, unless it has a `tt_` one."""
    if not isinstance(func, PrimFunc):
        raise error(
            "TW1028",
            "apply_tt_defaults expects a prim_func; it is given a value of type "
            f"'{type(func).__name__}'",
            user_span(),
            "pass a function decorated with @T.prim_func",
        )
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
