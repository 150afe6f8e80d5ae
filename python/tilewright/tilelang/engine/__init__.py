"""`tilelang.engine`: lowering."""

from ...driver import lower

__all__ = ["lower"]
