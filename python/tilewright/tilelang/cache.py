"""`tilelang.cache`: compiled kernels, in memory and on disk."""

from ..driver import cache as _disk
from ..driver import compile as cached


def clear_cache() -> None:
    """Remove every kernel that is kept on disk."""
    _disk.clear()


__all__ = ["cached", "clear_cache"]
