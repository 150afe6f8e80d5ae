"""docs/language.md, written from the table of T names.

python -m tilewright.language.reference > docs/language.md
"""

from __future__ import annotations

from .dtypes import ALL_DTYPES
from .names import TABLE

_TITLES = {
    "core": ("Programs, memory, loops, tile operations", "supported"),
    "scalar": ("Scalar functions", "supported"),
    "hint": ("Hints", "accepted, listed in verbose mode, without effect"),
    "unsupported": ("Not supported yet", "a located error, TW1003"),
    "gpu": ("No meaning on this machine", "a located error, TW1002"),
}


def markdown() -> str:
    """docs/language.md: every T name and what happens to it."""
    out = [
        "# T names",
        "",
        "Written by `python -m tilewright.language.reference`; do not edit. An unknown name is a",
        "located error, TW1001.",
    ]
    for kind, (title, effect) in _TITLES.items():
        out += ["", f"## {title}", "", f"These are {effect}.", ""]
        out.append(
            "| name | what it is | instead |"
            if kind in ("unsupported", "gpu")
            else "| name | what it is |"
        )
        out.append("|---|---|---|" if kind in ("unsupported", "gpu") else "|---|---|")
        for row in TABLE.values():
            if row.kind == kind:
                cells = [f"`T.{row.name}`", row.what, *([row.instead] if row.instead else [])]
                out.append("| " + " | ".join(cells) + " |")
    out += ["", "## Data types", "", ", ".join(f"`T.{d}`" for d in ALL_DTYPES) + ".", ""]
    return "\n".join(out)


if __name__ == "__main__":
    print(markdown(), end="")
