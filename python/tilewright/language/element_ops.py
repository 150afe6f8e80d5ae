"""Operations that are written out element by element: atomics, transposes, scans,
patches, tests over buffers, printing. What they do is a loop of loads and stores;
whether that has a tile form is the compiler's question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..diagnostics import error
from .buffer import Buffer, BufferRegion, shape_text
from .builder import current, user_span
from .dtypes import INT32
from .expr import BufferLoad, Expr, Ref, as_expr, binary, cast, compare
from .loops import Loop, ParallelLoop


def _loop(extents: Sequence[Any]) -> Any:
    """One T.Parallel loop; yields a tuple of indices."""
    for made in ParallelLoop(tuple(extents)):
        yield made if isinstance(made, tuple) else (made,)


def _region(value: Any, what: str, role: str) -> BufferRegion:
    if isinstance(value, Buffer):
        return value.whole()
    if isinstance(value, BufferLoad):
        return BufferRegion(value.buffer, value.indices, (1,) * len(value.indices), value.span)
    if isinstance(value, BufferRegion):
        return value
    raise error(
        "TW1008",
        f"{what}: {role} is not a buffer",
        user_span(),
        "pass a buffer, a slice A[a:b, c:d] or an element A[i, j]",
    )


def _wide(region: BufferRegion) -> tuple[int, ...]:
    return tuple(e for e in region.extents if e != 1)


def _at(region: BufferRegion, point: Sequence[Any]) -> tuple:
    """Indices of the buffer at a point of the region's wide dimensions."""
    rest = iter(point)
    return tuple(
        o if e == 1 else o + next(rest) for o, e in zip(region.offsets, region.extents, strict=True)
    )


def over_regions(regions: Sequence[BufferRegion], what: str) -> Any:
    """One parallel loop over regions of equal wide extents; yields the indices of
    each."""
    wide = _wide(regions[0])
    for other in regions[1:]:
        if _wide(other) != wide:
            raise error(
                "TW1009",
                f"{what}: {regions[0]} has {shape_text(wide or (1,))} elements, {other} has "
                f"{shape_text(_wide(other) or (1,))}",
                user_span(),
                "use regions of one shape",
            )
    for point in _loop(wide or (1,)):
        used = point if wide else ()
        yield [_at(r, used) for r in regions]


# -- atomics --------------------------------------------------------------------
_UPDATES = {
    "add": lambda old, value: binary("add", old, value),
    "max": lambda old, value: binary("max", old, value),
    "min": lambda old, value: binary("min", old, value),
    "or": lambda old, value: binary("or", old, value),
}


def _atomic(kind: str, target: Any, value: Any, return_prev: bool) -> Any:
    what = f"T.atomic_{kind}"
    builder = current(what)
    builder.need_launch(what)
    update = _UPDATES[kind]
    dst = _region(target, what, "the target")
    if dst.buffer.scope() == "global":
        builder.order_launch()
    is_tile = isinstance(value, (Buffer, BufferRegion))
    if isinstance(target, BufferLoad) and not is_tile:
        old = BufferLoad(dst.buffer, dst.offsets, user_span())
        before = builder.bind_value("previous", old) if return_prev else None
        builder.store(dst.buffer, dst.offsets, update(old, as_expr(value)))
        return before
    if return_prev:
        raise error(
            "TW1003",
            f"{what}: return_prev with a whole block",
            user_span(),
            "update one element at a time",
        )
    if not is_tile:
        for (to,) in over_regions([dst], what):
            old = BufferLoad(dst.buffer, to, user_span())
            builder.store(dst.buffer, to, update(old, as_expr(value)))
        return None
    src = _region(value, what, "the value")
    if isinstance(target, BufferLoad) or len(_wide(dst)) != len(_wide(src)):
        rank = len(dst.extents)
        extents = (1,) * rank + tuple(src.extents)
        dst = BufferRegion(dst.buffer, dst.offsets, extents[-rank:], dst.span)
    for to, at in over_regions([dst, src], what):
        old = BufferLoad(dst.buffer, to, user_span())
        new = BufferLoad(src.buffer, at, user_span())
        builder.store(dst.buffer, to, update(old, new))
    return None


def atomic_add(dst: Any, value: Any, *_: Any, return_prev: bool = False, **__: Any) -> Any:
    """Add to elements that several blocks update."""
    return _atomic("add", dst, value, return_prev)


def atomic_max(dst: Any, value: Any, *_: Any, return_prev: bool = False, **__: Any) -> Any:
    """Maximum into elements that several blocks update."""
    return _atomic("max", dst, value, return_prev)


def atomic_min(dst: Any, value: Any, *_: Any, return_prev: bool = False, **__: Any) -> Any:
    """Minimum into elements that several blocks update."""
    return _atomic("min", dst, value, return_prev)


def atomic_or(dst: Any, value: Any, *_: Any, return_prev: bool = False, **__: Any) -> Any:
    """Bits set in elements that several blocks update."""
    return _atomic("or", dst, value, return_prev)


def _atomic_lanes(count: int, dst: Any, value: Any) -> None:
    to, of = _region(dst, "T.atomic_addx", "the target"), _region(value, "T.atomic_addx", "value")
    for k in range(count):
        last = (*to.offsets[:-1], to.offsets[-1] + k)
        source = (*of.offsets[:-1], of.offsets[-1] + k)
        atomic_add(to.buffer[last], of.buffer[source])


def atomic_addx2(dst: Any, value: Any, *_: Any, **__: Any) -> None:
    """Add two consecutive elements."""
    _atomic_lanes(2, dst, value)


def atomic_addx4(dst: Any, value: Any, *_: Any, **__: Any) -> None:
    """Add four consecutive elements."""
    _atomic_lanes(4, dst, value)


def atomic_load(src: Any, *_: Any, **__: Any) -> Any:
    """An element that other blocks may update."""
    builder = current("T.atomic_load")
    builder.order_launch()
    return src


def atomic_store(dst: Any, value: Any, *_: Any, **__: Any) -> None:
    """Store an element that other blocks may read."""
    builder = current("T.atomic_store")
    region = _region(dst, "T.atomic_store", "the target")
    builder.order_launch()
    builder.store(region.buffer, region.offsets, value)


# -- shapes ---------------------------------------------------------------------
def transpose(src: Any, dst: Any) -> None:
    """Copy with the last two dimensions exchanged."""
    builder = current("T.transpose")
    builder.forbid_parallel("T.transpose")
    a, b = _region(src, "T.transpose", "source"), _region(dst, "T.transpose", "target")
    wide = _wide(a)
    if len(wide) != 2 or _wide(b) != (wide[1], wide[0]):
        raise error(
            "TW1009",
            f"T.transpose: the source has {shape_text(wide)} elements, the target "
            f"{shape_text(_wide(b))}",
            user_span(),
            "give the target the exchanged extents",
        )
    for i, j in _loop((wide[1], wide[0])):
        value = BufferLoad(a.buffer, _at(a, (j, i)), user_span())
        builder.store(b.buffer, _at(b, (i, j)), value)


def im2col(
    img: Any,
    col: Any,
    nhw_step: Any,
    c_step: Any,
    kernel: int,
    stride: int,
    dilation: int,
    pad: int,
    *_: Any,
    **__: Any,
) -> None:
    """Patches of an NHWC image as rows of a matrix; zero outside the image."""
    builder = current("T.im2col")
    builder.forbid_parallel("T.im2col")
    image, rows = _region(img, "T.im2col", "the image").buffer, _region(col, "T.im2col", "target")
    _n, height, width, channels = image.shape
    out_h = (height + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1
    out_w = (width + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1
    bm, bk = _wide(rows)
    for i, j in _loop((bm, bk)):
        m, k = as_expr(nhw_step) * bm + i, as_expr(c_step) * bk + j
        at_h = m % (out_h * out_w) // out_w * stride + k // (kernel * channels) * dilation - pad
        at_w = m % out_w * stride + k // channels % kernel * dilation - pad
        index = (m // (out_h * out_w), at_h, at_w, k % channels)
        builder.store(rows.buffer, _at(rows, (i, j)), BufferLoad(image, index, user_span()))


c2d_im2col = im2col


# -- scans and tests ------------------------------------------------------------
def _is_float_block(region: BufferRegion) -> bool:
    """Whether `region` is a whole buffer of floats on the chip."""
    buffer = region.buffer
    return (
        buffer.scope() != "global"
        and buffer.dtype.is_float
        and tuple(region.extents) == tuple(buffer.shape)
        and all(as_expr(o).is_const and as_expr(o).value == 0 for o in region.offsets)
    )


def _scan(kind: str, src: Any, dst: Any, dim: int, reverse: bool) -> None:
    what = f"T.cum{kind}"
    builder = current(what)
    builder.forbid_parallel(what)
    a = _region(src, what, "the source")
    b = a if dst is None else _region(dst, what, "the target")
    # `dim` counts all dimensions where both sides have the same ones.
    same = len(a.extents) == len(b.extents)
    extents = tuple(a.extents) if same else _wide(a) or (1,)
    axis = dim + len(extents) if dim < 0 else dim
    if not 0 <= axis < len(extents) or _wide(b) != _wide(a):
        raise error(
            "TW1008",
            f"{what}: dim {dim} of {a}, into {b}",
            user_span(),
            "use regions of one shape and one of their dimensions",
        )
    if kind == "sum" and same and not reverse and _is_float_block(a) and _is_float_block(b):
        x, y = a.buffer, b.buffer
        builder.write(
            f"tile.cumsum {x.ssa}, {y.ssa} dim {axis} : {x.memref}, {y.memref}", user_span()
        )
        return
    length = extents[axis]
    others = extents[:axis] + extents[axis + 1 :]

    def element(region: BufferRegion, point: tuple, k: Any) -> BufferLoad:
        full = (*point[:axis], k, *point[axis:])
        if same:
            at = tuple(o + p for o, p in zip(region.offsets, full, strict=True))
        else:
            at = _at(region, full)
        return BufferLoad(region.buffer, at, user_span())

    def place(k: Any) -> Any:
        return (length - 1) - k if reverse else k

    combine = "add" if kind == "sum" else "max"
    for point in _loop(others or (1,)):
        used = point if others else ()
        first = element(b, used, place(as_expr(0)))
        builder.store(first.buffer, first.indices, element(a, used, place(as_expr(0))))
    for k in Loop(1, length):
        for point in _loop(others or (1,)):
            used = point if others else ()
            to = element(b, used, place(k))
            value = binary(combine, element(b, used, place(k - 1)), element(a, used, place(k)))
            builder.store(to.buffer, to.indices, value)


def cumsum(src: Any, dst: Any = None, dim: int = 0, reverse: bool = False, **_: Any) -> None:
    """Sums of all elements up to each one along a dimension."""
    _scan("sum", src, dst, dim, reverse)


def cummax(src: Any, dst: Any = None, dim: int = 0, reverse: bool = False, **_: Any) -> None:
    """Maxima of all elements up to each one along a dimension."""
    _scan("max", src, dst, dim, reverse)


def _test(what: str, value: Any, start: int) -> Expr:
    from .ops import alloc_var

    builder = current(what)
    builder.forbid_parallel(what)
    region = _region(value, what, "the operand")
    found: Ref = alloc_var("int32", init=start)
    opened = []
    point = []
    for extent in _wide(region):
        loop, var = builder.begin_for("serial", 0, extent, 1, 0, "ijkl"[len(opened) % 4])
        opened.append(loop)
        point.append(var)
    element = BufferLoad(region.buffer, _at(region, point), user_span())
    truth = cast(compare("ne", element, 0), INT32)
    combine = "max" if start == 0 else "min"
    builder.store(found.buffer, 0, binary(combine, found, truth))
    for loop in reversed(opened):
        builder.close(loop)
    return compare("ne", builder.bind_value("found", found), 0)


def any_of(value: Any) -> Expr:
    """Whether one element is not zero."""
    return _test("T.any_of", value, 0)


def all_of(value: Any) -> Expr:
    """Whether no element is zero."""
    return _test("T.all_of", value, 1)


# -- loops ----------------------------------------------------------------------
def Persistent(domain: Sequence[Any], wave_size: Any, index: Any, group_size: Any = 8) -> Any:
    """The points of `domain` that block `index` of `wave_size` blocks has: each point
    once over all blocks. `group_size` is a raster hint."""
    builder = current("T.Persistent")
    builder.need_launch("T.Persistent")
    builder.hint("T.Persistent(group_size=...)")
    total: Any = as_expr(1)
    for extent in domain:
        total = total * extent
    waves = (total + wave_size - 1) // wave_size
    region, wave = builder.begin_for("serial", 0, waves, 1, 0, "wave")
    tile = wave * wave_size + index
    condition = compare("lt", tile, total)
    inner = None if condition.is_const and condition.value else builder.begin_if(condition)
    point: list[Any] = []
    for extent in reversed(list(domain)):
        point.insert(0, tile % extent)
        tile = tile // extent
    yield tuple(point)
    if inner is not None:
        builder.close(inner)
    builder.close(region)


# -- reducers -------------------------------------------------------------------
_COMBINE = {"sum": "add", "max": "max", "min": "min"}


def alloc_reducer(shape: Any, dtype: Any = "float32", op: str = "sum", **_: Any) -> Buffer:
    """A buffer whose elements several iterations of T.Parallel may update."""
    from .ops import alloc_fragment

    if op not in _COMBINE:
        raise error(
            "TW1003", f"T.alloc_reducer(op={op!r})", user_span(), "use 'sum', 'max' or 'min'"
        )
    buffer = alloc_fragment(shape, dtype)
    buffer.reducer = op
    return buffer


def reducer_init(reducer: Buffer) -> None:
    """Set a reducer to the value that changes nothing."""
    from .ops import fill
    from .scalars import max_value, min_value

    if reducer.reducer == "sum":
        fill(reducer, 0)
    else:
        limit = min_value if reducer.reducer == "max" else max_value
        fill(reducer, limit(reducer.dtype))


def reducer_update(element: Any, value: Any) -> None:
    """Combine a value into an element of a reducer."""
    if not isinstance(element, BufferLoad) or not element.buffer.reducer:
        raise error(
            "TW1008",
            "T.reducer_update: the target is no element of a reducer",
            user_span(),
            "pass r[i] of r = T.alloc_reducer(...)",
        )
    op = _COMBINE[element.buffer.reducer]
    builder = current("T.reducer_update")
    builder.store(element.buffer, element.indices, binary(op, element, as_expr(value)))


def finalize_reducer(reducer: Buffer, dst: Any = None) -> None:
    """The reducer holds its result already; `dst` gets a copy."""
    from .ops import copy

    if dst is not None:
        copy(reducer, dst)


def annotate_safe_value(values: Any) -> None:
    """What reads outside tensors give: {A: -1.0}."""
    current("T.annotate_safe_value")
    for buffer, value in dict(values).items():
        buffer.safe_value = value


# -- debugging --------------------------------------------------------------------
def print_(obj: Any = None, msg: str = "", *_: Any, **__: Any) -> None:
    """Print a scalar, all elements of a buffer, or a message."""
    builder = current("T.print")
    builder.need_launch("T.print")
    span = user_span()
    if isinstance(obj, str):
        obj, msg = None, obj
    text = msg.replace("\\", "\\\\").replace('"', '\\"')
    if obj is None:
        builder.write(f'tile.print "{text}"', span)
        return
    if isinstance(obj, Buffer) and obj.shape != (1,):
        if obj.scope() == "global":
            raise error(
                "TW1003",
                f"T.print of the DRAM tensor {obj.label}",
                span,
                "T.copy the block you want to see to a buffer and print that",
            )
        label = text or obj.name
        builder.write(f'tile.print "{label}" ({obj.ssa} : {obj.memref})', span)
        return
    from .emit import signless

    value = as_expr(obj)
    ssa = builder.native(value, span)
    builder.write(f'tile.print "{text}" ({ssa} : {signless(value.dtype)})', span)


def device_assert(condition: Any, msg: str = "", *_: Any, **__: Any) -> None:
    """Stop the device where the condition does not hold."""
    from .dtypes import BOOL

    builder = current("T.device_assert")
    builder.need_launch("T.device_assert")
    span = user_span()
    text = msg.replace("\\", "\\\\").replace('"', '\\"')
    ssa = builder.native(cast(as_expr(condition), BOOL), span)
    builder.write(f'tile.assert {ssa}, "{text}"', span)
