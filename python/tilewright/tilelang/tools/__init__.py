"""`tilelang.tools`: drawing of GPU thread layouts, which do not exist here."""

from __future__ import annotations

from typing import Any

from ...diagnostics import error
from ...language.builder import user_span


def plot_layout(*_: Any, **__: Any) -> None:
    """Nothing to draw: a block is not spread over threads."""


class Analyzer:
    """TileLang's cost model of GPUs; here the simulator measures."""

    @classmethod
    def analysis(cls, *_: Any, **__: Any) -> Any:
        """Refused: there is no GPU to analyse."""
        raise error(
            "TW1002",
            "tilelang.tools.Analyzer models a GPU, which is not here",
            user_span(),
            "run the kernel with --report and read where its time goes",
        )
