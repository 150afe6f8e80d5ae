"""Layout objects of GPU memories: accepted, without effect on this target."""

from __future__ import annotations

from typing import Any

from ..language import Fragment, Layout


def make_swizzled_layout(buffer: Any, *args: Any, **kwargs: Any) -> Layout:
    """A layout object; tiles need no swizzle here."""
    return Layout(buffer)


make_linear_layout = make_swizzled_layout
make_volta_swizzled_layout = make_swizzled_layout
make_wgmma_swizzled_layout = make_swizzled_layout
make_tcgen05mma_swizzled_layout = make_swizzled_layout
make_full_bank_swizzled_layout = make_swizzled_layout
make_half_bank_swizzled_layout = make_swizzled_layout
make_quarter_bank_swizzled_layout = make_swizzled_layout

__all__ = ["Fragment", "Layout", "make_linear_layout", "make_swizzled_layout"]
