"""`tilelang.carver.template`: TileLang's search for GPU tilings, refused on use."""

from __future__ import annotations

from typing import Any

from ...diagnostics import error
from ...language.builder import user_span


class _Template:
    """A description of a computation."""

    def __init__(self, *_: Any, **__: Any):
        raise error(
            "TW1002",
            f"tilelang.carver.template.{type(self).__name__} proposes tilings for a GPU",
            user_span(),
            "give the configurations as a list: autotune takes the one of fewest cycles",
        )


class MatmulTemplate(_Template):
    """Matrix products."""


class GEMVTemplate(_Template):
    """Matrix-vector products."""


class ElementwiseTemplate(_Template):
    """Element-wise functions."""


class GeneralReductionTemplate(_Template):
    """Reductions."""


class FlashAttentionTemplate(_Template):
    """Attention."""


class ConvTemplate(_Template):
    """Convolutions."""
