"""Runs the public TT-Metalium example programs and writes the table of results.

    docs/tools/public_programs.py LABEL=CHECKOUT... [--only NAME] [--write]

CHECKOUT is a checkout of tenstorrent/tt-metal, LABEL what the table calls it. Each host
program under tt_metal/programming_examples is run unmodified with `tilewright sim`, from
its checkout, without arguments. A program passes when it exits with 0; most compare
their result with a computation on the host. With --write the table goes to
docs/public-programs.md, otherwise to the standard output.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "public-programs.md"
HEAD = """# The public example programs

Every host program under `tt_metal/programming_examples` of tenstorrent/tt-metal, run as
it is with `tilewright sim` on a simulated {device}, at {labels}. Written by

```
docs/tools/public_programs.py {command} --write
```

from checkouts of those commits; a date stands for the main branch of that day. "runs"
means that the program ends with exit status 0: those that compare their numbers find them
right, and no fault was found. Programs that end otherwise are shown with the first thing
that is said.

"""

# Why a program that is right on its chip, or meant to be wrong, does not run here.
NOTES = {
    "distributed/4_distributed_trace_and_events/distributed_trace_and_events.cpp": (
        "the compute kernel reads a third argument, which the host program never sets"
    ),
    "eltwise_binary/eltwise_binary.cpp": (
        "early in 2025 the compute kernel reads a third argument, which the host program "
        "never sets"
    ),
    "hello_world_datatypes_kernel/hello_world_datatypes_kernel.cpp": (
        "reads DRAM at NoC coordinates (1, 0), where Wormhole has an Ethernet core"
    ),
    "profiler/test_device_api_debugger/test_device_api_debugger.cpp": (
        "exercises a debugger: two kernels of a core use the same bytes of L1 at once"
    ),
    "pad/pad_multi_core.cpp": (
        "reads DRAM to places of L1 that are not aligned alike; later commits align them"
    ),
    "sharding/shard_data_rm.cpp": "prints words of a page before the barrier of its read",
    "tests/package_integration_test.cpp": "tests that a program can use protobuf, too",
}


def programs(checkout: Path) -> list[Path]:
    """Host programs: sources with a main function, outside the folders of kernels."""
    base = checkout / "tt_metal" / "programming_examples"
    found = []
    for path in sorted(base.rglob("*.cpp")):
        text = path.read_text(encoding="utf-8", errors="replace")
        if "kernels" not in path.parts and re.search(r"^\s*int\s+main\s*\(", text, re.M):
            found.append(path)
    return found


def reason(text: str) -> str:
    """The first line that says what is wrong."""
    patterns = (
        r"^.*?(TW8\d+[^\n]*)",
        r"^[^\n]*?error: (?:fatal error: )?([^\n]*)",
        r"^.*?(TW1\d+[^\n]*)",
        r"^[^\n]*?((?:TT_FATAL|TT_THROW)[^\n]*)",
        r"^([^\n]*(?:[Mm]ismatch|[Ff]ail|FAIL)[^\n]*)",
    )
    for pattern in patterns:
        match = re.search(pattern, text, re.M)
        if match:
            return re.sub(r"^\[?(TW\d+)\] ", r"\1: ", match[1].strip())
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no output"


def run(path: Path, checkout: Path, limit: float) -> tuple[str, str, float]:
    """Result, reason and seconds of one program."""
    environment = dict(os.environ, TT_METAL_HOME=str(checkout))
    environment["PYTHONPATH"] = str(ROOT / "python")
    start = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tilewright", "sim", str(path)],
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "stopped", f"longer than {limit:.0f} s", limit
    seconds = time.monotonic() - start
    if done.returncode == 0:
        return "runs", "", seconds
    said = reason(done.stderr + done.stdout).replace(str(checkout) + "/", "").replace("|", "\\|")
    return "does not run", said, seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkouts", nargs="+", metavar="LABEL=CHECKOUT")
    parser.add_argument("--only", help="programs whose path contains this")
    parser.add_argument("--limit", type=float, default=300, help="seconds for a program")
    parser.add_argument("--write", action="store_true", help="write docs/public-programs.md")
    options = parser.parse_args()
    results: dict[str, dict[str, tuple[str, str]]] = {}
    labels = []
    for given in options.checkouts:
        label, _, folder = given.partition("=")
        checkout = Path(folder).resolve()
        labels.append(label)
        for path in programs(checkout):
            name = str(path.relative_to(checkout / "tt_metal" / "programming_examples"))
            if options.only and options.only not in name:
                continue
            result, why, seconds = run(path, checkout, options.limit)
            print(f"{label} {name}: {result} ({seconds:.1f} s) {why}", file=sys.stderr, flush=True)
            results.setdefault(name, {})[label] = (result, why)
    rows = ["| program | " + " | ".join(labels) + " |", "|---|" + "---|" * len(labels)]
    for name in sorted(results):
        cells = []
        for label in labels:
            result, why = results[name].get(label, ("", ""))
            cells.append(result + (f": {why}" if why else ""))
        rows.append(f"| `{name}` | " + " | ".join(cells) + " |")
    count = {
        label: (
            sum(r.get(label, ("",))[0] == "runs" for r in results.values()),
            sum(label in r for r in results.values()),
        )
        for label in labels
    }
    rows.append("")
    rows += [f"{label}: {good} of {every} run." for label, (good, every) in count.items()]
    failing = [n for n in NOTES if any(r[0] != "runs" for r in results.get(n, {}).values())]
    rows += ["", *(f"* `{name}`: {NOTES[name]}." for name in failing)] if failing else []
    table = "\n".join(rows) + "\n"
    if options.write:
        device = os.environ.get("TILEWRIGHT_DEVICE", "n150")
        command = " ".join(f"{label}=CHECKOUT" for label in labels)
        head = HEAD.format(device=device, labels=", ".join(labels), command=command)
        PAGE.write_text(head + table, encoding="utf-8")
    else:
        print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
