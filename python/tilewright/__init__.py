"""Tilewright: TileLang programs compiled to TT-Metalium programs and run on a
simulated Tenstorrent chip.

`import tilewright` also lets `import tilelang` find this package when the real
TileLang is not installed (see _alias.py). Submodules load on first use.
"""

from __future__ import annotations

import os
from typing import Any

from . import _alias

__version__ = "0.1.0"

# In a clone, the extension modules lie in the build folder.
_build = os.environ.get("TILEWRIGHT_BUILD_DIR") or os.path.join(
    os.path.dirname(__file__), "..", "..", "build"
)
__path__.append(os.path.abspath(os.path.join(_build, "python", "tilewright")))

_alias.install()

_LAZY = {
    "jit": ("tilewright.driver", "jit"),
    "compile": ("tilewright.driver", "compile"),
    "par_compile": ("tilewright.driver", "par_compile"),
    "lower": ("tilewright.driver", "lower"),
    "JITKernel": ("tilewright.driver", "JITKernel"),
    "language": ("tilewright.language", None),
    "profiler": ("tilewright.profiler", None),
    "CompileError": ("tilewright.diagnostics", "CompileError"),
    "ArgumentError": ("tilewright.diagnostics", "ArgumentError"),
    "SimulationError": ("tilewright.diagnostics", "SimulationError"),
    "TilewrightError": ("tilewright.diagnostics", "TilewrightError"),
}


def __getattr__(name: str) -> Any:
    place = _LAZY.get(name)
    if place is None:
        raise AttributeError(f"module 'tilewright' has no attribute '{name}'")
    import importlib

    module = importlib.import_module(place[0])
    value = module if place[1] is None else getattr(module, place[1])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
