"""The table of T names, the namespace and the reference page agree."""

from __future__ import annotations

from pathlib import Path

import pytest
import tilewright.language as T
from tilewright.diagnostics import CompileError
from tilewright.language.names import TABLE
from tilewright.language.reference import markdown


def test_reference_page_is_current(root: Path) -> None:
    page = (root / "docs" / "language.md").read_text()
    assert page == markdown(), "run: python -m tilewright.language.reference > docs/language.md"


@pytest.mark.parametrize("name", [r.name for r in TABLE.values()])
def test_name_does_what_the_table_says(name: str) -> None:
    row = TABLE[name]
    if row.kind in ("gpu", "unsupported"):
        code = "TW1002" if row.kind == "gpu" else "TW1003"
        with pytest.raises(CompileError, match=code):
            getattr(T, name)
        assert row.instead
    else:
        assert getattr(T, name) is not None
