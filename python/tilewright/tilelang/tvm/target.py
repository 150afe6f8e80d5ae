"""`tvm.target`."""

from __future__ import annotations

from typing import Any

from ...driver.target import read_target


def Target(value: Any = None, *_: Any, **__: Any) -> Any:
    """The target that a description names."""
    return read_target(value)
