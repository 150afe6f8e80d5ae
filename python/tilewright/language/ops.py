"""Tile operations: allocation, copy, fill, gemm, reduce and friends."""

from __future__ import annotations

from typing import Any

from ..diagnostics import error
from .buffer import Buffer, BufferRegion, read_shape, shape_text
from .builder import active, current, user_span
from .dtypes import BOOL, FLOAT32, DType, dtype
from .expr import BufferLoad, Expr, Ref, as_expr, cast, describe


class GemmWarpPolicy:
    """How a GPU splits a gemm over warps; accepted and ignored."""

    Square = 0
    FullRow = 1
    FullCol = 2


def _hints(builder: Any, function: str, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is not None and value is not False:
            builder.hint(f"{function}({name}=...)")


# -- allocation ---------------------------------------------------------------
def _alloc(shape: Any, dt: Any, scope: str, what: str) -> Buffer:
    builder = current(what)
    builder.forbid_parallel(what)
    span = user_span()
    return builder.alloc(read_shape(shape, what, static=True), dtype(dt), scope, span)


def alloc_shared(shape: Any, dtype: Any = FLOAT32, scope: str = "shared") -> Buffer:
    """A block of L1 that is filled by copies and read by tile operations."""
    return _alloc(shape, dtype, "shared", "T.alloc_shared")


def alloc_fragment(shape: Any, dtype: Any = FLOAT32, scope: str = "fragment") -> Buffer:
    """A block that tile operations compute into."""
    return _alloc(shape, dtype, "fragment", "T.alloc_fragment")


def alloc_local(shape: Any, dtype: Any = FLOAT32, scope: str = "local") -> Buffer:
    """A small array of scalars."""
    return _alloc(shape, dtype, "local", "T.alloc_local")


def alloc_var(dtype: Any, *args: Any, init: Any = None, scope: str = "local.var") -> Ref:
    """A mutable scalar; assigning to its name stores into it."""
    builder = current("T.alloc_var")
    builder.need_launch("T.alloc_var")
    from .dtypes import dtype as read_dtype

    for a in args:
        if not isinstance(a, str):
            init = a
    buffer = builder.alloc((1,), read_dtype(dtype), "local", user_span())
    ref = Ref(buffer, (as_expr(0),), None)
    if init is not None:
        builder.store(buffer, 0, init)
    return ref


def alloc_buffer(shape: Any, dtype: Any = FLOAT32, scope: str | None = None, **_: Any) -> Buffer:
    """A buffer whose memory is named by `scope`: without one, a workspace in DRAM
    outside T.Kernel and a local array inside."""
    if scope is None:
        inside = current("T.alloc_buffer").region.inside("launch")
        scope = "local" if inside else "global"
    kind = scope.split(".")[0]
    if kind == "global":
        return alloc_global(shape, dtype)
    if kind == "shared":
        return alloc_shared(shape, dtype)
    if "fragment" in scope:
        return alloc_fragment(shape, dtype)
    return alloc_local(shape, dtype)


def alloc_global(shape: Any, dtype: Any = FLOAT32, **_: Any) -> Buffer:
    """A workspace tensor in DRAM."""
    builder = current("T.alloc_global")
    from .buffer import TensorSpec

    return builder.add_workspace(TensorSpec(shape, dtype), user_span())


# -- regions ------------------------------------------------------------------
def _operand(value: Any, function: str, role: str) -> Any:
    """A Buffer, BufferRegion or BufferLoad, or a located error."""
    if isinstance(value, (Buffer, BufferRegion, BufferLoad)):
        return value
    kind = f"the expression '{describe(value)}'" if isinstance(value, Expr) else repr(value)
    if not isinstance(value, (Expr, int, float, str, bool, type(None))):
        kind = f"a value of type '{type(value).__name__}'"
    raise error(
        "TW1008",
        f"{function}: {role} is {kind}, not a buffer",
        user_span(),
        "pass a buffer, a slice A[a:b, c:d] or the head of a region A[i, j]",
    )


def _region_of(value: Any) -> BufferRegion:
    """Regions as they are; whole buffers and loads by their own extent."""
    if isinstance(value, BufferRegion):
        return value
    if isinstance(value, BufferLoad):
        return BufferRegion(value.buffer, value.indices, (1,) * len(value.indices), value.span)
    return value.whole()


def _stretch(head: BufferLoad, other: BufferRegion, role: str) -> BufferRegion:
    """A head takes the other side's extents, aligned at the right."""
    rank = len(head.indices)
    extents = other.extents
    if len(extents) > rank:
        spare, extents = extents[:-rank], extents[-rank:]
        if any(e != 1 for e in spare):
            raise error(
                "TW1009",
                f"T.copy: {role} {head.buffer.label} has {rank} dimension"
                f"{'s' if rank != 1 else ''}, the other side copies {shape_text(other.extents)}",
                user_span(),
                "index the operand with one index for each copied dimension",
            )
    extents = (1,) * (rank - len(extents)) + tuple(extents)
    return BufferRegion(head.buffer, head.indices, extents, head.span)


def _box(builder: Any, region: BufferRegion, span: Any) -> str:
    offsets = ", ".join(str(builder.as_index(o, span)) for o in region.offsets)
    extents = ", ".join(map(str, region.extents))
    return f"{region.buffer.ssa}[{offsets}] [{extents}]"


def copy(
    src: Any,
    dst: Any,
    *,
    coalesced_width: Any = None,
    disable_tma: Any = None,
    eviction_policy: Any = None,
    prefer_instruction: Any = None,
    annotations: Any = None,
    loop_layout: Any = None,
) -> None:
    """Copy a block between any two memories; see `docs/language.md`."""
    builder = current("T.copy")
    span = user_span()
    a = _operand(src, "T.copy", "the source")
    b = _operand(dst, "T.copy", "the destination")
    if isinstance(a, Ref) or isinstance(b, Ref):
        _copy_scalar(builder, a, b)
        return
    builder.forbid_parallel("T.copy")
    _hints(
        builder,
        "T.copy",
        {
            "coalesced_width": coalesced_width,
            "disable_tma": disable_tma,
            "eviction_policy": eviction_policy,
            "prefer_instruction": prefer_instruction,
            "annotations": annotations,
            "loop_layout": loop_layout,
        },
    )
    head_a = isinstance(a, BufferLoad)
    head_b = isinstance(b, BufferLoad)
    if head_a and head_b:
        _copy_scalar(builder, a, b)
        return
    if head_a:
        rb = _region_of(b)
        ra = _stretch(a, rb, "the source")
    elif head_b:
        ra = _region_of(a)
        rb = _stretch(b, ra, "the destination")
    else:
        ra, rb = _match(a, b, span)
    builder.check_alive(ra.buffer)
    builder.check_alive(rb.buffer)
    ra, rb = _of_base(ra), _of_base(rb)
    guarded = ra.buffer.safe_value is not None
    if guarded or hasattr(ra.buffer, "base") or hasattr(rb.buffer, "base"):
        _copy_elements(builder, ra, rb, "T.copy")
        return
    text = f"tile.copy {_box(builder, ra, span)} to {_box(builder, rb, span)}"
    builder.write(f"{text} : {ra.buffer.memref} to {rb.buffer.memref}", span)
    builder.note_read(ra.buffer)
    builder.note_write(rb.buffer, span)


def _of_base(region: BufferRegion) -> BufferRegion:
    """A region of a view of a tensor as one of the tensor, where it is a box of it."""
    if not hasattr(region.buffer, "base") or region.buffer.scope() != "global":
        return region
    return region.buffer.box(region) or region


def _copy_elements(builder: Any, src: BufferRegion, dst: BufferRegion, what: str) -> None:
    """Element by element, for what is no box of a buffer."""
    from .element_ops import over_regions

    for to, at in over_regions([dst, src], what):
        builder.store(dst.buffer, to, BufferLoad(src.buffer, at, user_span()))


def _match(a: Any, b: Any, span: Any) -> tuple[BufferRegion, BufferRegion]:
    """Two operands with extents. Equal element counts are the compiler's check;
    here a slice with 1-extents may stand against one without them."""
    whole_a, whole_b = isinstance(a, Buffer), isinstance(b, Buffer)
    if whole_a and not whole_b:
        if not all(isinstance(d, int) for d in a.shape):
            rb = _region_of(b)
            zero = (as_expr(0),) * len(a.shape)
            return _stretch(BufferLoad(a, zero, span), rb, "the source"), rb
    if whole_b and not whole_a:
        if not all(isinstance(d, int) for d in b.shape):
            ra = _region_of(a)
            zero = (as_expr(0),) * len(b.shape)
            return ra, _stretch(BufferLoad(b, zero, span), ra, "the destination")
    ra, rb = _region_of(a), _region_of(b)
    wide_a = [e for e in ra.extents if e != 1]
    wide_b = [e for e in rb.extents if e != 1]
    if len(wide_a) != len(wide_b):
        ra, rb = _tail_align(ra, rb), _tail_align(rb, ra)
    return ra, rb


def _tail_align(region: BufferRegion, other: BufferRegion) -> BufferRegion:
    """Extents of 1 stretch to the other side's, aligned at the right."""
    extents = list(region.extents)
    for k in range(1, min(len(extents), len(other.extents)) + 1):
        if extents[-k] == 1 and region.buffer.scope() == "global":
            extents[-k] = other.extents[-k]
    return BufferRegion(region.buffer, region.offsets, tuple(extents), region.span)


def _copy_scalar(builder: Any, a: Any, b: Any) -> None:
    value = a if isinstance(a, BufferLoad) else _region_of(a)
    if isinstance(value, BufferRegion):
        value = BufferLoad(value.buffer, value.offsets, value.span)
    if isinstance(b, BufferLoad):
        builder.store(b.buffer, b.indices, value)
    else:
        region = _region_of(b)
        builder.store(region.buffer, region.offsets, value)


def async_copy(src: Any, dst: Any, **kwargs: Any) -> None:
    """T.copy; every copy is overlapped where the pipeline allows it."""
    copy(src, dst)


def fill(buffer: Any, value: Any) -> None:
    """Set every element of a buffer or region."""
    builder = current("T.fill")
    target = _operand(buffer, "T.fill", "the target")
    span = user_span()
    if isinstance(target, Ref):
        builder.store(target.buffer, 0, value)
        return
    builder.forbid_parallel("T.fill")
    if isinstance(target, BufferLoad):
        builder.store(target.buffer, target.indices, value)
        return
    builder.check_alive(target if isinstance(target, Buffer) else target.buffer)
    if isinstance(target, BufferRegion) and not _is_whole(target) or hasattr(target, "base"):
        from .element_ops import over_regions

        region = _region_of(target)
        for (to,) in over_regions([region], "T.fill"):
            builder.store(region.buffer, to, value)
        return
    scalar = cast(as_expr(value), target.dtype)
    ssa = builder.native(scalar, span)
    ssa = builder.to_memory(ssa, target.dtype, span)
    if isinstance(target, BufferRegion):
        view, ty = subview(builder, target, span)
    else:
        view, ty = target.ssa, target.memref
    builder.write(f"tile.fill {view}, {ssa} : {ty}, {target.dtype.mlir}", span)
    builder.note_write(target if isinstance(target, Buffer) else target.buffer, span)


def clear(buffer: Any) -> None:
    """Set every element to zero."""
    target = _operand(buffer, "T.clear", "the target")
    fill(target, False if target.dtype is BOOL else 0)


def _is_whole(region: BufferRegion) -> bool:
    zero = all(isinstance(o, Expr) and o.is_const and o.value == 0 for o in region.offsets)
    return zero and region.extents == region.buffer.shape and not hasattr(region.buffer, "base")


def _staged(builder: Any, region: BufferRegion, span: Any, copied: bool = True) -> Buffer:
    """A buffer of its own for a region, with its elements where they are `copied`; leading
    extents of 1 are dropped."""
    extents = tuple(region.extents)
    while len(extents) > 2 and extents[0] == 1:
        extents = extents[1:]
    buffer = builder.alloc(extents, region.dtype, "fragment", span)
    buffer.name = f"{region.buffer.name or 'buffer'}_part"
    if copied:
        copy(region, buffer)
    return buffer


def subview(builder: Any, region: BufferRegion, span: Any) -> tuple[Any, str]:
    """A region of a buffer as a memref of its own."""
    b = region.buffer
    if all(isinstance(o, Expr) and o.is_const and o.value == 0 for o in region.offsets):
        if region.extents == b.shape:
            return b.ssa, b.memref
    raise error(
        "TW1003",
        f"a part of {b.label} is used as the operand of a tile operation",
        span,
        "copy the part into a buffer of its own with T.copy and use that buffer",
    )


# -- gemm ---------------------------------------------------------------------
def gemm(
    A: Any,
    B: Any,
    C: Any,
    transpose_A: bool = False,
    transpose_B: bool = False,
    policy: Any = None,
    clear_accum: bool = False,
    k_pack: int = 1,
    wg_wait: int = 0,
    mbar: Any = None,
    annotations: Any = None,
) -> None:
    """C += op(A) @ op(B); with clear_accum, C = op(A) @ op(B)."""
    builder = current("T.gemm")
    builder.forbid_parallel("T.gemm")
    span = user_span()
    _hints(
        builder,
        "T.gemm",
        {
            "policy": policy,
            "k_pack": k_pack if k_pack != 1 else None,
            "wg_wait": wg_wait if wg_wait else None,
            "mbar": mbar,
            "annotations": annotations,
        },
    )
    names, types = [], []
    back: Any = None
    clears = as_expr(bool(clear_accum) if not isinstance(clear_accum, Expr) else clear_accum)
    for role, operand in (("A", A), ("B", B), ("C", C)):
        value = _operand(operand, "T.gemm", role)
        if isinstance(value, BufferLoad):
            value = _region_of(value)
        if isinstance(value, Buffer) and (hasattr(value, "base") or len(value.shape) > 2):
            value = value.whole()
        if (
            isinstance(value, BufferRegion)
            and value.buffer.scope() != "global"
            and not (_is_whole(value) and len(value.buffer.shape) == 2)
        ):
            replaced = role == "C" and clears.is_const and bool(clears.value)
            staged = _staged(builder, value, span, copied=not replaced)
            if role == "C":
                back = (staged, value)
            value = staged
        buffer = value if isinstance(value, Buffer) else value.buffer
        builder.check_alive(buffer)
        if buffer.scope() == "global":
            raise error(
                "TW1008",
                f"T.gemm: {role} is the DRAM tensor {buffer.label}",
                span,
                "T.copy a block of it into a T.alloc_shared buffer first"
                if role != "C"
                else "accumulate into a T.alloc_fragment buffer and T.copy it out",
            )
        if isinstance(value, BufferRegion):
            ssa, ty = subview(builder, value, span)
        else:
            ssa, ty = value.ssa, value.memref
        if len(buffer.shape) < 2:
            raise error(
                "TW1009",
                f"T.gemm: {role} is {buffer.label}, not a matrix",
                span,
                "use buffers with two dimensions",
            )
        names.append(str(ssa))
        types.append(ty)
    flags = []
    for name, value in (
        ("transpose_a", transpose_A),
        ("transpose_b", transpose_B),
        ("clear_accum", clear_accum),
    ):
        e = as_expr(bool(value) if not isinstance(value, Expr) else value)
        if not e.is_const:
            raise error(
                "TW1005",
                f"T.gemm: {name} is '{describe(e)}', which is only known when the kernel runs",
                span,
                "use a compile-time value; for clear_accum, T.clear the accumulator instead",
            )
        if e.value:
            flags.append(name)
    words = "".join(f" {flag}" for flag in flags)
    builder.write(f"tile.gemm {', '.join(names)}{words} : {', '.join(types)}", span)
    if back is not None:
        copy(*back)


# -- reductions ---------------------------------------------------------------
def _reduce(kind: str, src: Any, out: Any, dim: int, clear: bool) -> None:
    what = f"T.reduce_{kind}"
    builder = current(what)
    builder.forbid_parallel(what)
    span = user_span()
    a = _operand(src, what, "the source")
    b = _operand(out, what, "the result")
    a_region, b_region = _region_of(a), _region_of(b)
    back = None
    if not _is_whole(a_region):
        a = _staged(builder, a_region, span)
    if not _is_whole(b_region):
        b = _staged(builder, b_region, span, copied=not clear)
        back = b_region
    if isinstance(a, BufferRegion):
        a = a.buffer
    if isinstance(b, BufferRegion):
        b = b.buffer
    rank = len(a.shape)
    axis = dim + rank if dim < 0 else dim
    if not 0 <= axis < rank:
        raise error(
            "TW1008",
            f"{what}: dim {dim} is no dimension of {a.label}",
            span,
            f"use 0 to {rank - 1}",
        )
    flag = " clear" if clear else ""
    builder.write(
        f"tile.reduce {kind} {a.ssa}, {b.ssa} dim {axis}{flag} : {a.memref}, {b.memref}", span
    )
    if back is not None:
        copy(b, back)


def reduce_sum(buffer: Any, out: Any, dim: int = -1, clear: bool = True, **_: Any) -> None:
    """Sum along one dimension."""
    _reduce("sum", buffer, out, dim, clear)


def reduce_max(buffer: Any, out: Any, dim: int = -1, clear: bool = True, **_: Any) -> None:
    """Maximum along one dimension."""
    _reduce("max", buffer, out, dim, clear)


def reduce_min(buffer: Any, out: Any, dim: int = -1, clear: bool = True, **_: Any) -> None:
    """Minimum along one dimension."""
    _reduce("min", buffer, out, dim, clear)


def reduce_absmax(buffer: Any, out: Any, dim: int = -1, clear: bool = True, **_: Any) -> None:
    """Maximum of absolute values along one dimension."""
    _reduce("absmax", buffer, out, dim, clear)


def reduce_abssum(buffer: Any, out: Any, dim: int = -1, **_: Any) -> None:
    """Sum of absolute values along one dimension."""
    _reduce("abssum", buffer, out, dim, True)


# -- hints --------------------------------------------------------------------
def hint_function(name: str) -> Any:
    """A function that records that it was called and does nothing."""

    def ignored(*args: Any, **kwargs: Any) -> None:
        builder = active()
        if builder is not None:
            builder.hint(f"T.{name}")

    ignored.__name__ = name
    ignored.__doc__ = "A hint for GPUs: accepted, without effect on this target."
    return ignored


def empty(*shape: Any, dtype: Any = None) -> Any:
    """An output tensor of an eager kernel; the function returns it."""
    from . import trace
    from .dtypes import dtype as read_dtype

    dims: Any = shape
    if len(shape) == 1 and hasattr(shape[0], "__iter__"):
        dims = shape[0]
    elif len(shape) == 2 and hasattr(shape[0], "__iter__"):
        dims, dtype = shape[0], shape[1] if dtype is None else dtype
    elif shape and isinstance(shape[-1], (str, DType)):
        dims, dtype = shape[:-1], shape[-1] if dtype is None else dtype
    return trace.declare_output(dims, read_dtype(FLOAT32 if dtype is None else dtype))
