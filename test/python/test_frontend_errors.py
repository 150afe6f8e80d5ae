"""Bad programs: each file in errors/ breaks one rule and ends with the exact text
of the one diagnostic it must give."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from tilewright.diagnostics import TABLE, TilewrightError

FOLDER = Path(__file__).parent / "errors"
CASES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_diagnostic(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    for name in ("TILEWRIGHT_DEVICE", "TILEWRIGHT_CORES"):
        monkeypatch.delenv(name, raising=False)
    expected = path.read_text().split("# EXPECT:\n")[1]
    lines = [line.removeprefix("#").removeprefix(" ") for line in expected.splitlines()]
    with pytest.raises(TilewrightError) as caught:
        runpy.run_path(path.name)
    assert str(caught.value) == "\n".join(lines)
    assert len(caught.value.diagnostics) == 1


def test_every_front_end_code_has_a_test() -> None:
    """Codes of this module's table appear in errors/ or in the other error tests."""
    text = "".join(p.read_text() for p in CASES)
    text += "".join(p.read_text() for p in Path(__file__).parent.glob("test_*.py"))
    missing = [code for code in TABLE if code not in text]
    assert missing == []
