"""`tilelang.transform`: the pass configuration keys."""

from . import PassConfigKey

__all__ = ["PassConfigKey"]
