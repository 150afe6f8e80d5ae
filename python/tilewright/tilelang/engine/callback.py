"""`tilelang.engine.callback`: hooks on CUDA source text, which does not exist here."""

from __future__ import annotations

from typing import Any


def register_cuda_postproc_callback(func: Any = None, **_: Any) -> Any:
    """Accepted and never called."""
    return func if func is not None else lambda f: f


register_hip_postproc_callback = register_cuda_postproc_callback
