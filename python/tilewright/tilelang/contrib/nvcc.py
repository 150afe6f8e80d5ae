"""`tilelang.contrib.nvcc`: programs choose among their kernels by GPU generation."""

from __future__ import annotations

from typing import Any


def get_target_compute_version(*_: Any) -> str:
    """The oldest generation with tensor cores: its kernels need no features that
    came later."""
    return "8.0"


def parse_compute_version(version: str) -> tuple[int, int]:
    """'8.0' as (8, 0)."""
    major, minor = version.split(".")
    return int(major), int(minor)
