"""Refreshes the generated parts of README.md and docs/walkthrough.md, or checks them.

    .venv/bin/python docs/tools/walkthrough.py [--check]

A part of a page between `<!-- from: NAME -->` and `<!-- end -->` is replaced by what
the tool produces for the GEMM of that page: `NAME` is `source` (the kernel's TileLang
text), a pass (the IR after it), or an emitted file; `add/NAME` is the same of the
element-wise addition of examples/add.py. Attributes that repeat are given
aliases, as MLIR's own syntax has them, and locations are left out; nothing else is
changed.
"""

from __future__ import annotations

import argparse
import collections
import functools
import importlib
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Page and M, N, K, block_M, block_N, block_K of its GEMM; README has the defaults of
# examples/gemm.py.
PAGES = {
    ROOT / "README.md": (1024, 1024, 1024, 128, 128, 64),
    ROOT / "docs" / "walkthrough.md": (512, 512, 512, 128, 128, 32),
}
SHORT = {"tt.layout": "layout", "tt.work": "work", "tt.cb": "cb"}


def _balanced(text: str, start: int) -> int:
    """Index just behind the `<...>` that opens at `start`."""
    depth = 0
    for i in range(start, len(text)):
        if text[i] == "<":
            depth += 1
        elif text[i] == ">" and text[i - 1] != "-":
            depth -= 1
            if depth == 0:
                return i + 1
    return len(text)


def without_locations(ir: str) -> str:
    """Drops ` loc(...)`, which has nested parentheses."""
    out, position = [], 0
    while (start := ir.find(" loc(", position)) >= 0:
        out.append(ir[position:start])
        depth, i = 0, start + 4
        while True:
            depth += {"(": 1, ")": -1}.get(ir[i], 0)
            i += 1
            if depth == 0:
                break
        position = i
    return "".join(out) + ir[position:]


def with_aliases(ir: str) -> str:
    """Gives repeated `#tt...<...>` attributes aliases, defined at the top."""
    pattern = re.compile(r"#(tt\.(?:layout|work))<")
    aliases: dict[str, str] = {}
    counts: collections.Counter[str] = collections.Counter()
    out, position = [], 0
    while match := pattern.search(ir, position):
        end = _balanced(ir, match.end() - 1)
        attribute = ir[match.start() : end]
        if attribute not in aliases:
            kind = SHORT[match.group(1)]
            aliases[attribute] = f"#{kind}{counts[kind]}"
            counts[kind] += 1
        out += [ir[position : match.start()], aliases[attribute]]
        position = end
    body = "".join(out) + ir[position:]
    head = "".join(f"{alias} = {attribute}\n" for attribute, alias in aliases.items())
    return head + body


def produce(sizes: tuple[int, ...]) -> dict[str, str]:
    """Every text that a page may show, by name."""
    found = trace("gemm", "matmul", sizes)
    shown = trace("add", "add_lazy", (128, 128, 32, 32, "bfloat16"))
    return found | {f"add/{name}": text for name, text in shown.items()}


@functools.cache
def trace(example: str, factory: str, arguments: tuple) -> dict[str, str]:
    """What one kernel of the examples becomes, by name."""
    sys.path[:0] = [str(ROOT / "python"), str(ROOT / "examples")]
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as dumps:
        os.environ.update(TT_DUMP_IR="1", TT_DUMP_IR_DIR=dumps, TILEWRIGHT_DEVICE="n150")
        os.environ.pop("TILEWRIGHT_CORES", None)
        importlib.import_module("tilewright")  # lets `import tilelang` find it
        module = importlib.import_module(example)
        kernel = getattr(module, factory).compile(*arguments)
        files = dict(kernel.files)
        found: dict[str, str] = {}
        for path in sorted(Path(dumps).rglob("*.mlir")):
            name = re.sub(r"^\d+[_-]", "", path.stem)
            text = path.read_text()
            if text.startswith("//"):  # where a compilation of the file goes on
                text = text.split("\n", 1)[1]
            found[name] = with_aliases(without_locations(text))
    found.update(files)
    text = (ROOT / "examples" / f"{example}.py").read_text()
    start = text.index("@tilelang.jit")
    end = re.compile(r"^    return \w+$", re.M).search(text, start).end()
    found["source"] = text[start:end] + "\n"
    return found


LANGUAGE = {".cpp": "cpp", ".json": "json", ".txt": "cmake"}


def refresh(page: str, produced: dict[str, str]) -> str:
    def part(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in produced:
            known = ", ".join(sorted(produced))
            raise SystemExit(f"the page asks for '{name}'; there are: {known}")
        kind = "python" if name.endswith("source") else LANGUAGE.get(Path(name).suffix, "mlir")
        return f"<!-- from: {name} -->\n```{kind}\n{produced[name].rstrip()}\n```\n<!-- end -->"

    return re.sub(r"<!-- from: (\S+) -->\n.*?<!-- end -->", part, page, flags=re.S)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail if the page is stale")
    options = parser.parse_args()
    stale = []
    for page, sizes in PAGES.items():
        text = page.read_text()
        fresh = refresh(text, produce(sizes))
        if fresh == text:
            continue
        stale.append(str(page.relative_to(ROOT)))
        if not options.check:
            page.write_text(fresh)
    if options.check and stale:
        print(f"stale: {', '.join(stale)}; run {Path(__file__).relative_to(ROOT)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
