"""`tilelang.cache`: kernels are kept in memory for the life of the process."""

from ..driver import compile as cached


def clear_cache() -> None:
    """Nothing is kept on disk."""


__all__ = ["cached", "clear_cache"]
