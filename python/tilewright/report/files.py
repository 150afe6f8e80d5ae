"""Reading the simulator's files, and writing what is made from them."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from ..diagnostics import error
from .heatmap import core_grid
from .nocmap import noc_map
from .page import page
from .run import Run
from .text import summary

_NAME = re.compile(r"^run-(\d+)\.json$")


def _read(path: str) -> Any:
    try:
        with open(path, encoding="utf-8") as source:
            return json.load(source)
    except OSError as exc:
        raise error(
            "TW1026",
            f"'{path}' cannot be read: {exc.strerror}",
            None,
            "name a folder that a run with --report has written",
        ) from exc
    except ValueError as exc:
        raise error("TW1026", f"'{path}' is not JSON: {exc}", None, "run it again") from exc


def read_runs(folder: str) -> list[tuple[str, Run]]:
    """The runs in a folder with their stems ("run-0"), in the order they ran."""
    try:
        names = [m for m in map(_NAME.match, os.listdir(folder)) if m]
    except OSError as exc:
        raise error(
            "TW1026", f"'{folder}' cannot be read: {exc.strerror}", None, "name a folder"
        ) from exc
    runs = []
    for match in sorted(names, key=lambda m: int(m.group(1))):
        path = os.path.join(folder, match.group(0))
        try:
            runs.append((match.group(0)[: -len(".json")], Run(_read(path))))
        except (ValueError, KeyError, TypeError) as exc:
            raise error(
                "TW1026", f"'{path}' is not a report of a run: {exc}", None, "run it again"
            ) from exc
    return runs


def render(folder: str, title: str) -> str:
    """Write the page, the heat map and the summary of every run in `folder`;
    return the summaries."""
    from ..driver.kernel import write_files

    texts = []
    for stem, run in read_runs(folder):
        trace_file = f"{stem}.trace.json"
        has_trace = os.path.isfile(os.path.join(folder, trace_file))
        trace = _read(os.path.join(folder, trace_file)) if has_trace else None
        text = summary(run)
        texts.append(text)
        write_files(
            {
                f"{stem}.txt": text,
                f"{stem}.svg": core_grid(run),
                f"{stem}.noc.svg": noc_map(run),
                f"{stem}.html": page(run, trace, f"{title}, {stem}", trace_file),
            },
            folder,
        )
    return "\n".join(texts)
