"""`tilelang.utils.target`: target names."""

from __future__ import annotations

from typing import Any

from ...driver.target import TENSTORRENT_TARGET, read_target, require_backend

AVAILABLE_TARGETS = {TENSTORRENT_TARGET: "Tenstorrent chips, on the simulator"}
AVALIABLE_TARGETS = AVAILABLE_TARGETS  # the spelling TileLang programs import


def determine_target(target: Any = "auto", return_object: bool = False) -> Any:
    """The target a program asks for: its name, or the object."""
    require_backend()
    found = read_target(target)
    return found if return_object else TENSTORRENT_TARGET


__all__ = ["AVAILABLE_TARGETS", "AVALIABLE_TARGETS", "TENSTORRENT_TARGET", "determine_target"]
