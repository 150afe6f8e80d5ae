"""docs/seed-parity.md: the behaviours of the seed system with their tests and results.

python docs/tools/seed_parity.py > docs/seed-parity.md     runs test/seed
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "test" / "seed"
sys.path[:0] = [str(FOLDER), str(ROOT / "python")]

import pytest  # noqa: E402
from behaviours import BEHAVIOURS  # noqa: E402
from test_ids import names_by_id as tests  # noqa: E402


class Recorder:
    """Outcomes by file and function; a failure of one case is one of the function."""

    def __init__(self) -> None:
        self.outcomes: dict[str, set[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            name = Path(report.location[0]).name + "::" + report.location[2].split("[")[0]
            self.outcomes.setdefault(name, set()).add(report.outcome)


def page() -> tuple[str, bool]:
    """The page, and whether all tests pass."""
    recorder = Recorder()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", str(FOLDER)], plugins=[recorder])
    lines = [
        "# The behaviours of the seed system",
        "",
        "Written by `python docs/tools/seed_parity.py`, which runs `test/seed`; do not edit.",
        "",
        "| id | behaviour | tests | result |",
        "|---|---|---|---|",
    ]
    good = True
    found = tests()
    for code, behaviour in BEHAVIOURS.items():
        names = found.get(code, [])
        passed = bool(names) and all(recorder.outcomes.get(n) == {"passed"} for n in names)
        good &= passed
        shown = ", ".join(f"`{n.split('::')[1]}`" for n in names)
        lines.append(f"| {code} | {behaviour} | {shown} | {'pass' if passed else 'FAIL'} |")
    return "\n".join(lines) + "\n", good


if __name__ == "__main__":
    text, good = page()
    print(text, end="")
    sys.exit(0 if good else 1)
