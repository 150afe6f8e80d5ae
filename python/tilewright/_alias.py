"""Serves `import tilelang` from this package.

A finder at the front of sys.meta_path answers for `tilelang` only when no
TileLang is installed, so the real one wins; `tilewright run` asks it to win.

  tilelang            -> tilewright.tilelang
  tilelang.language   -> tilewright.language (the same module object)
  tilelang.X          -> tilewright.tilelang.X
  tvm, tvm.tirx       -> tilewright.tilelang.tvm, for the few names of TVM that
                         TileLang programs use; only when no TVM is installed
"""

from __future__ import annotations

import sys
from typing import Any

_SAME = {
    "tilelang.language": "tilewright.language",
    "tilelang.profiler": "tilewright.profiler",
    "tilelang.testing": "tilewright.testing",
    "tilelang.jit": "tilewright.tilelang.jit",
    "tilelang.language.fp8": "tilewright.language.fp8",
}


class _Loader:
    """Loads an alias: the module that already exists under its own name."""

    def __init__(self, real: str):
        self.real = real

    def create_module(self, spec: Any) -> Any:
        import importlib

        module = importlib.import_module(self.real)
        self.spec = module.__spec__
        return module

    def exec_module(self, module: Any) -> None:
        module.__spec__ = self.spec


class _Finder:
    """Finds `tilelang` and its submodules."""

    def __init__(self) -> None:
        self.wins = False

    def _serves(self, name: str) -> bool:
        if name == "tilelang":
            from importlib.machinery import PathFinder

            return self.wins or PathFinder.find_spec(name) is None
        if name == "tvm":
            from importlib.machinery import PathFinder

            return PathFinder.find_spec(name) is None
        if name.startswith("tvm."):
            parent = sys.modules.get("tvm")
            return getattr(parent, "__name__", "") == "tilewright.tilelang.tvm"
        parent = sys.modules.get("tilelang")
        return getattr(parent, "__name__", "") == "tilewright.tilelang"

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.split(".")[0] not in ("tilelang", "tvm"):
            return None
        if not self._serves(name):
            return None
        import importlib.util
        from importlib.machinery import ModuleSpec

        real = "tilewright." + name if name.startswith("tilelang") else _tvm_name(name)
        real = _SAME.get(name, real)
        try:
            found = importlib.util.find_spec(real)
        except ModuleNotFoundError:
            return None
        if found is None:
            return None
        package = found.submodule_search_locations is not None
        return ModuleSpec(name, _Loader(real), is_package=package)


def _tvm_name(name: str) -> str:
    return "tilewright.tilelang." + name


_finder = _Finder()


def install(wins: bool = False) -> None:
    """Install the finder; `wins` makes it win over an installed TileLang."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    if wins and not _finder.wins:
        _finder.wins = True
        for name in [m for m in sys.modules if m.split(".")[0] == "tilelang"]:
            del sys.modules[name]
