"""The names of the `tilelang` package that TileLang programs use."""

from __future__ import annotations

import enum
import importlib
from typing import Any

from .. import language, profiler, torch_device
from .. import testing as testing
from ..driver import JITImpl, JITKernel, compile, jit, lower, par_compile
from ..language.scalars import ceildiv
from ..language.trace import PrimFunc
from ..profiler import TensorSupplyType
from . import env, layout, math, tools, tvm, utils
from .autotuner import autotune
from .tvm import DataType

torch_device.install()

__version__ = "0.1.13+tilewright"

cdiv = ceildiv


class _PassConfigMeta(enum.EnumMeta):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return "tl." + name.removeprefix("TL_").lower()


class PassConfigKey(enum.Enum, metaclass=_PassConfigMeta):
    """Keys of pass_configs. Only fast math has a meaning here; every other name is
    accepted."""

    TL_ENABLE_FAST_MATH = "tl.enable_fast_math"
    TL_DISABLE_FAST_MATH = "tl.disable_fast_math"
    TL_DISABLE_WARP_SPECIALIZED = "tl.disable_warp_specialized"
    TL_DISABLE_TMA_LOWER = "tl.disable_tma_lower"


disable_cache = env.disable_cache
enable_cache = env.enable_cache


def set_log_level(level: Any) -> None:
    """Accepted; messages are diagnostics here."""


# Loaded at first use: `tilelang.tenstorrent.annotate_tt_layout` after `import tilelang`.
_SUBMODULES = ("cache", "carver", "contrib", "engine", "tenstorrent", "tileop", "transform")


def __getattr__(name: str) -> Any:
    if name in _SUBMODULES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module 'tilelang' has no attribute '{name}'")


__all__ = [
    "DataType",
    "JITImpl",
    "JITKernel",
    "PassConfigKey",
    "PrimFunc",
    "TensorSupplyType",
    "autotune",
    "cdiv",
    "compile",
    "disable_cache",
    "enable_cache",
    "env",
    "jit",
    "language",
    "layout",
    "math",
    "lower",
    "par_compile",
    "profiler",
    "set_log_level",
    "tenstorrent",
    "testing",
    "tools",
    "tvm",
    "utils",
]
