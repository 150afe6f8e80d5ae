"""The texts in README.md and docs/walkthrough.md are what the tool produces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_pages_are_fresh(root: Path) -> None:
    command = [sys.executable, str(root / "docs" / "tools" / "walkthrough.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert run.returncode == 0, run.stdout + run.stderr


def test_pages_name_files_that_exist(root: Path) -> None:
    import re

    for page in [root / "README.md", root / "CONTRIBUTING.md", *root.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page}: {target}"
