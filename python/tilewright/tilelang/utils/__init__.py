"""`tilelang.utils`."""

from . import target, tensor

__all__ = ["target", "tensor"]
