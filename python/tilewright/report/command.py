"""`--report DIR` of `run` and `sim`, and `tilewright report`."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

from ..diagnostics import error
from .files import read_runs, render

_OURS = re.compile(r"^run-\d+(\.trace|\.noc)?\.(json|txt|svg|html)$")


@contextlib.contextmanager
def reporting(folder: str | None, title: str) -> Iterator[None]:
    """Every run inside writes its report to `folder`; afterwards the pages are
    made and the summaries printed. Nothing happens without a folder."""
    if folder is None:
        yield
        return
    folder = os.path.abspath(folder)
    try:
        os.makedirs(folder, exist_ok=True)
        for name in os.listdir(folder):
            if _OURS.match(name):
                os.remove(os.path.join(folder, name))
    except OSError as exc:
        raise error(
            "TW1026",
            f"the report folder '{folder}' cannot be written: {exc.strerror}",
            None,
            "name a folder that you may write to",
        ) from exc
    before = os.environ.get("TILEWRIGHT_REPORT_DIR")
    os.environ["TILEWRIGHT_REPORT_DIR"] = folder
    try:
        yield
    finally:
        if before is None:
            del os.environ["TILEWRIGHT_REPORT_DIR"]
        else:
            os.environ["TILEWRIGHT_REPORT_DIR"] = before
    show(folder, title)


def show(folder: str, title: str) -> None:
    """Make the pages of a folder of runs and print the summaries."""
    runs = read_runs(folder)
    if not runs:
        print(f"no run wrote a report to {folder}")
        return
    print(render(folder, title), end="")
    for stem, _ in runs:
        print(f"wrote {os.path.join(folder, stem)}.html .svg .noc.svg .txt .json .trace.json")
