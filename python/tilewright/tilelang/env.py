"""Environment switches of TileLang, present so that programs find them."""

from __future__ import annotations

import os

from ..driver import cache as _disk


class _Cache:
    """The switch of the kernel cache on disk."""

    def enable(self) -> None:
        """Keep kernels on disk."""
        _disk.enable()

    def disable(self) -> None:
        """Keep kernels in memory only."""
        _disk.disable()


env = _Cache()
CUDA_HOME = ""


def __getattr__(name: str) -> str:
    """TILELANG_CACHE_DIR: the folder that TILELANG_CACHE_DIR of the environment names,
    else the one of the cache's entries; looked up when it is asked for."""
    if name == "TILELANG_CACHE_DIR":
        return os.environ.get(name) or _disk.folder()
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


def is_cache_enabled() -> bool:
    """Whether kernels are kept on disk."""
    return _disk.is_enabled()


def disable_cache() -> None:
    """Keep kernels in memory only."""
    _disk.disable()


def enable_cache() -> None:
    """Keep kernels on disk."""
    _disk.enable()
