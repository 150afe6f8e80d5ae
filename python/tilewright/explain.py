"""`tilewright explain`: the diagnostics of the front end, the compiler and the
simulator in one list.

The compiler and the simulator publish their tables through their modules; in a
source tree that is not built yet, the .def files are read instead.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from .diagnostics import TABLE, Entry, error
from .faults import example

_DEF = re.compile(
    r"TW_(?:DIAGNOSTIC|NO_TILE_FORM|FAULT)\s*\(\s*\w+\s*,\s*(\d+)\s*,"
    r'\s*"([^"]*)"\s*,((?:\s*"(?:[^"\\]|\\.)*")+)\s*,((?:\s*"(?:[^"\\]|\\.)*")+)\s*\)'
)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _join(literals: str) -> str:
    return "".join(_TEXT.findall(literals)).replace('\\"', '"')


def read_def(path: str) -> dict[str, Entry]:
    """The entries of one .def file."""
    try:
        with open(path, encoding="utf-8") as source:
            text = source.read()
    except OSError:
        return {}
    text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    found = {}
    for number, slug, meaning, action in _DEF.findall(text):
        code = f"TW{int(number):04d}"
        found[code] = Entry(code, slug, _join(meaning), _join(action))
    return found


def read_defs(folder: str) -> dict[str, Entry]:
    """The entries of every .def file of a folder."""
    found: dict[str, Entry] = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith(".def"):
            found.update(read_def(os.path.join(folder, name)))
    return found


def _from_module(name: str, attribute: str) -> dict[str, Entry]:
    try:
        module: Any = __import__(f"tilewright.{name}", fromlist=[name])
        rows = getattr(module, attribute)
    except (ImportError, AttributeError):
        return {}
    found = {}
    for row in rows() if callable(rows) else rows:
        code, slug, meaning, action = (str(part) for part in tuple(row)[:4])
        code = code if code.startswith("TW") else f"TW{int(code):04d}"
        found[code] = Entry(code, slug, meaning, action)
    return found


def all_entries() -> dict[str, Entry]:
    """Every code of the three tables, sorted."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    found = dict(TABLE)
    found.update(
        _from_module("_compiler", "diagnostic_table")
        or read_defs(os.path.join(root, "compiler", "Support", "Codes"))
    )
    found.update(
        _from_module("_simulator", "fault_table")
        or read_def(os.path.join(root, "simulator", "Support", "Faults.def"))
    )
    return dict(sorted(found.items()))


def example_of(code: str) -> str:
    """A program that provokes the code, from the tests; "" where there is none."""
    import json

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "error_examples.json")
    try:
        with open(path, encoding="utf-8") as source:
            return json.load(source).get(code, {}).get("example", "")
    except (OSError, ValueError):
        return ""


def explain(code: str | None) -> int:
    """Print one entry, or the list of all."""
    entries = all_entries()
    if code is None:
        for entry in entries.values():
            print(f"{entry.code}  {entry.slug:<28} {entry.meaning}")
        return 0
    wanted = code.upper()
    if wanted.isdigit():
        wanted = "TW" + wanted
    entry = entries.get(wanted) or next(
        (e for e in entries.values() if e.slug == code.lower()), None
    )
    if entry is None:
        raise error(
            "TW1026", f"'{code}' is no code of Tilewright", None, "list them: tilewright explain"
        )
    print(f"{entry.code} ({entry.slug})\n  {entry.meaning}\n  What to do: {entry.action}")
    shown = entry.example or (example(entry.code, entry.slug) if entry.code[2] == "8" else "")
    shown = shown or example_of(entry.code)
    if shown:
        print("  Example:")
        for line in shown.splitlines():
            print(f"    {line}".rstrip())
    sys.stdout.flush()
    return 0
