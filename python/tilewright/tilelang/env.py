"""Environment switches of TileLang, present so that programs find them."""

from __future__ import annotations


class _Cache:
    """There is no disk cache to switch."""

    def enable(self) -> None:
        """Nothing to do."""

    def disable(self) -> None:
        """Nothing to do."""


env = _Cache()
CUDA_HOME = ""


def is_cache_enabled() -> bool:
    """Kernels are kept in memory."""
    return False


def disable_cache() -> None:
    """Nothing to do."""


def enable_cache() -> None:
    """Nothing to do."""
