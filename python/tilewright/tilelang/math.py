"""Integer helpers."""

from __future__ import annotations

from ..language.scalars import ceildiv as cdiv


def next_power_of_2(n: int) -> int:
    """The smallest power of two that is not below n."""
    return 1 if n <= 1 else 1 << (n - 1).bit_length()


__all__ = ["cdiv", "next_power_of_2"]
