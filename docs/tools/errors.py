"""The error catalogue: every code with its meaning, what to do, an example that provokes
it, and the test that the example stands in.

python docs/tools/errors.py            writes docs/reference/errors.md and
                                       python/tilewright/error_examples.json
python docs/tools/errors.py --check    says which codes lack an entry, example or test

Examples are found in the tests by the code that they expect: a section of a lit file, a
program of test/python/errors or test/simulator/faults, a GoogleTest case, or a test
function.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

from tilewright.diagnostics import TABLE  # noqa: E402
from tilewright.explain import Entry, read_def, read_defs  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "errors.md"
DATA = ROOT / "python" / "tilewright" / "error_examples.json"
LONGEST = 40  # lines of an example


def entries() -> dict[str, Entry]:
    """Every code, from the sources (no build needed)."""
    found = dict(TABLE)
    found.update(read_defs(str(ROOT / "compiler" / "Support" / "Codes")))
    found.update(read_def(str(ROOT / "simulator" / "Support" / "Faults.def")))
    return dict(sorted(found.items()))


def fault_names() -> dict[str, str]:
    """TW8xxx by the name that C++ tests use."""
    text = (ROOT / "simulator" / "Support" / "Faults.def").read_text()
    rows = re.findall(r"TW_FAULT\(\s*(\w+),\s*(\d+)", text)
    return {name: f"TW{number}" for name, number in rows}


def _sections() -> list[tuple[int, Path, str]]:
    """(rank, file, text) of everything that may be an example; a lower rank is better."""
    rows: list[tuple[int, Path, str]] = []
    for folder in ("errors", "compile_errors"):
        for path in sorted((ROOT / "test" / "python" / folder).glob("*.py")):
            rows.append((0, path, path.read_text()))
    for path in sorted((ROOT / "test" / "compiler").rglob("*.mlir")):
        for part in re.split(r"^// -----\n", path.read_text(), flags=re.M):
            rows.append((1, path, part))
    for path in sorted((ROOT / "test" / "compiler").rglob("*.test")):
        rows.append((3, path, path.read_text()))
    for path in sorted((ROOT / "test" / "simulator").rglob("*.cpp")):
        if path.parent.name == "programs":
            rows.append((0, path, path.read_text()))
            continue
        for part in re.split(r"(?=^TEST(?:_F|_P)?\()", path.read_text(), flags=re.M)[1:]:
            rows.append((2, path, part[: part.find("\n}\n") + 2] if "\n}\n" in part else part))
    for folder in ("python", "seed"):
        for path in sorted((ROOT / "test" / folder).glob("test_*.py")):
            for part in re.split(r"(?=^(?:@|def test_))", path.read_text(), flags=re.M)[1:]:
                rows.append((4, path, part))
    return rows


def examples() -> dict[str, tuple[str, str]]:
    """{code: (example, test file)}."""
    names = fault_names()
    best: dict[str, tuple[tuple[int, int], str, str]] = {}
    for rank, path, text in _sections():
        codes = set(re.findall(r"TW\d{4}", text))
        codes |= {names[n] for n in re.findall(r"FaultCode::(\w+)", text) if n in names}
        for code in codes:
            key = (rank, len(text))
            if code not in best or key < best[code][0]:
                best[code] = (key, text, str(path.relative_to(ROOT)))
    return {code: (_shorten(text), where) for code, (_, text, where) in sorted(best.items())}


def _shorten(text: str) -> str:
    lines = text.strip("\n").splitlines()
    # A test that has nothing but commands is its own example.
    kept = [line for line in lines if not re.match(r"\s*(//|#) (RUN|EXPECT|CHECK)", line)]
    lines = kept if "".join(kept).strip() else lines
    if len(lines) > LONGEST:
        lines = [*lines[:LONGEST], "..."]
    return "\n".join(lines).strip("\n")


def data() -> str:
    """The text of error_examples.json."""
    rows = {code: {"example": text, "test": where} for code, (text, where) in examples().items()}
    known = entries()
    return json.dumps({c: r for c, r in rows.items() if c in known}, indent=1) + "\n"


def page() -> str:
    """The text of docs/reference/errors.md."""
    found = examples()
    lines = [
        "# Errors",
        "",
        "Written by `python docs/tools/errors.py`; do not edit. `tilewright explain CODE` shows "
        "one entry with an example.",
        "",
        "| code | name | meaning | what to do | test |",
        "|---|---|---|---|---|",
    ]
    for code, entry in entries().items():
        where = found.get(code, ("", ""))[1]
        cells = [code, entry.slug, entry.meaning, entry.action, f"`{where}`" if where else ""]
        lines.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines) + "\n"


def missing() -> list[str]:
    """Codes that lack something, with what they lack."""
    found = examples()
    rows = []
    for code, entry in entries().items():
        lacks = [
            name
            for name, value in (("meaning", entry.meaning), ("advice", entry.action))
            if not value
        ]
        if code not in found:
            lacks.append("example and test")
        if lacks:
            rows.append(f"{code} ({entry.slug}): {', '.join(lacks)}")
    return rows


if __name__ == "__main__":
    if "--check" in sys.argv:
        rows = missing()
        print("\n".join(rows))
        sys.exit(1 if rows else 0)
    PAGE.write_text(page())
    DATA.write_text(data())
