"""Programs that trace and do not compile: each file in compile_errors/ ends with
the text that the one diagnostic it must give begins with."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from tilewright.diagnostics import CompileError

FOLDER = Path(__file__).parent / "compile_errors"
CASES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_diagnostic(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    for name in ("TILEWRIGHT_DEVICE", "TILEWRIGHT_CORES"):
        monkeypatch.delenv(name, raising=False)
    expected = path.read_text().split("# EXPECT:\n")[1]
    lines = [line.removeprefix("#").removeprefix(" ") for line in expected.splitlines()]
    with pytest.raises(CompileError) as caught:
        runpy.run_path(path.name)
    assert str(caught.value).startswith("\n".join(lines))
    assert len(caught.value.diagnostics) == 1
