"""`tilelang.jit` is both a decorator and a module; this is the module."""

from __future__ import annotations

import sys
import types
from typing import Any

from ..driver import JITImpl, JITKernel, compile, jit, lower, par_compile

__all__ = ["JITImpl", "JITKernel", "compile", "jit", "lower", "par_compile"]


class _CallableModule(types.ModuleType):
    """`import tilelang.jit` must not take the decorator away."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return jit(*args, **kwargs)


sys.modules[__name__].__class__ = _CallableModule
