"""Shared set-up of the Python tests."""

from __future__ import annotations

import linecache
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = str(ROOT / "python")
if SOURCE not in sys.path:
    sys.path.insert(0, SOURCE)

import pytest  # noqa: E402
import tilewright  # noqa: E402, F401  (lets `import tilelang` work)

_count = 0


@pytest.fixture
def program():
    """Runs program text as a module of its own; returns its namespace."""

    def run(text: str, **names):
        global _count
        _count += 1
        file = f"/program_{_count}.py"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        scope = {"__name__": "program", "__file__": file, **names}
        exec(compile(text, file, "exec"), scope)
        return scope

    return run


@pytest.fixture
def root() -> Path:
    """The root of the source tree."""
    return ROOT
