"""Every diagnostic has an entry, an example that provokes it, and a test."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs" / "tools"))

import errors  # noqa: E402
from tilewright.explain import all_entries, explain  # noqa: E402


def test_nothing_is_missing() -> None:
    assert errors.missing() == []


def test_modules_publish_what_the_sources_say() -> None:
    assert set(all_entries()) == set(errors.entries())


def test_page_and_examples_have_every_code() -> None:
    page = errors.PAGE.read_text()
    shown = json.loads(errors.DATA.read_text())
    for code, entry in errors.entries().items():
        cells = [code, entry.slug, entry.meaning, entry.action]
        row = "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"
        assert row in page, "run docs/tools/errors.py"
        assert code in shown, "run docs/tools/errors.py"
        # An example stands in a test that is there.
        assert code not in shown or (ROOT / shown[code]["test"]).exists()


@pytest.mark.parametrize("code", sorted(errors.entries()))
def test_explain_shows_each(code: str, capsys: pytest.CaptureFixture) -> None:
    assert explain(code) == 0
    text = capsys.readouterr().out
    entry = errors.entries()[code]
    assert text.startswith(
        f"{code} ({entry.slug})\n  {entry.meaning}\n  What to do: {entry.action}"
    )
    assert "  Example:\n" in text
