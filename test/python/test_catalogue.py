"""Every diagnostic has an entry, an example that provokes it, and a test."""

from __future__ import annotations

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


def test_page_and_examples_are_current() -> None:
    assert errors.PAGE.read_text() == errors.page(), "run docs/tools/errors.py"
    assert errors.DATA.read_text() == errors.data(), "run docs/tools/errors.py"


@pytest.mark.parametrize("code", sorted(errors.entries()))
def test_explain_shows_each(code: str, capsys: pytest.CaptureFixture) -> None:
    assert explain(code) == 0
    text = capsys.readouterr().out
    entry = errors.entries()[code]
    assert text.startswith(
        f"{code} ({entry.slug})\n  {entry.meaning}\n  What to do: {entry.action}"
    )
    assert "  Example:\n" in text or code in errors.NOT_SHOWN
