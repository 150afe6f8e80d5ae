"""Every behaviour has a test, every test a behaviour, and the page says so."""

from __future__ import annotations

import re
from pathlib import Path

from behaviours import BEHAVIOURS

HERE = Path(__file__).parent


def id_of(name: str) -> str | None:
    """'A1.2' for 'test_A1_2_annotation_overrides'."""
    found = re.match(r"test_([A-Z]\d+)(?:_(\d+))?_", name)
    return ".".join(part for part in found.groups() if part) if found else None


def names_by_id() -> dict[str, list[str]]:
    """Names of the tests of each id."""
    found: dict[str, list[str]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for name in re.findall(r"^def (test_\w+)\(", path.read_text(), re.M):
            code = id_of(name)
            if code:
                found.setdefault(code, []).append(f"{path.name}::{name}")
    return found


def test_every_behaviour_has_a_test():
    assert sorted(names_by_id()) == sorted(BEHAVIOURS)


def test_no_test_is_skipped_or_expected_to_fail():
    for path in HERE.glob("test_*.py"):
        marks = "|".join(("ski" + "p", "xfa" + "il"))
        assert not re.search(rf"mark\.({marks})|pytest\.({marks})", path.read_text()), path


def test_page_lists_every_test():
    page = (HERE.parents[1] / "docs" / "seed-parity.md").read_text()
    for code, names in names_by_id().items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {code} |")]
        assert BEHAVIOURS[code] in row
        for name in names:
            assert name.split("::")[1] in row
        assert row.endswith("| pass |")
