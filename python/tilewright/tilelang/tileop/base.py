"""`tilelang.tileop.base`."""

from ...language.ops import GemmWarpPolicy

__all__ = ["GemmWarpPolicy"]
