"""Write the table of calibration targets into docs/simulator.md.

Runs the calibration tests and takes the largest error of each target from the rows that
they print.

    ./tilewright run docs/tools/targets.py             # rewrites the table
    ./tilewright run docs/tools/targets.py --print     # only shows it
"""

import argparse
import os
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BUILD = os.environ.get("TILEWRIGHT_BUILD_DIR", os.path.join(ROOT, "build"))
TESTS = os.path.join(BUILD, "test", "simulator", "calibration", "calibration_tests")
PAGE = os.path.join(ROOT, "docs", "simulator.md")
BEGIN, END = "<!-- from: docs/tools/targets.py -->\n", "<!-- end -->\n"

# What, the table that the tests print, a part of the case's name, tolerance in percent.
TARGETS = [
    ("matmul tile loops, Wormhole", "matmul loops WH", "", 8),
    ("2048^3 bf16, 64 cores, Wormhole", "matmul n150 2048^3, bf16", "", 10),
    ("2048^3 bfp8 and bfp4, Wormhole", "matmul n150 2048^3, block float", "", 12),
    ("512^3, five precisions, Wormhole", "matmul n150 512x512x512", "", 20),
    ("2560x3328x3328 bf16, Blackhole", "matmul p150 2560x3328x3328 bfloat16 HiFi4", "", 6),
    ("products of attention, Blackhole", "products BH", "", 5),
    ("L1 to L1 write, Wormhole", "Wormhole write, one core to one", "", 6),
    ("L1 to L1 read, Wormhole", "Wormhole read, one core from one", "", 6),
    ("L1 to L1 write, Blackhole", "Blackhole write, one core to one", "", 6),
    ("DRAM read, one core, Wormhole", "Wormhole DRAM read, one core", "", 8),
    ("DRAM write, one core, Wormhole", "Wormhole DRAM write, one core", "", 8),
    ("12 adjacent readers, Wormhole", "Wormhole DRAM, all banks", "12 placed readers", 12),
    (
        "12 random readers NoC 0, Wormhole",
        "Wormhole DRAM, all banks",
        "12 random readers NoC 0",
        20,
    ),
    (
        "12 random readers NoC 1, Wormhole",
        "Wormhole DRAM, all banks",
        "12 random readers NoC 1",
        30,
    ),
    ("8 adjacent readers, Blackhole", "Blackhole DRAM, all banks", "placed", 10),
    ("8 readers anywhere, Blackhole", "Blackhole DRAM, all banks", "first row", 20),
    ("8 readers, barriers, Blackhole", "Blackhole DRAM, all banks", "barrier", 15),
    ("multicast, Wormhole", "Multicast, Wormhole", "", 15),
    ("multicast, Blackhole", "Multicast, Blackhole", "", 15),
    ("all from all, 64 cores, Wormhole", "Wormhole, all from all", "", 30),
    ("all to all, 64 cores, Wormhole", "Wormhole, all to all", "", 30),
    ("48 random readers, Wormhole", "Wormhole DRAM, all banks", "48 random readers", 30),
    ("random writers, Wormhole", "Wormhole DRAM, all banks", "random writers", 40),
    ("tanh, gelu, sigmoid, Wormhole", "vector unit WH", "", 10),
    ("tilize and untilize of a tile", "row-major tiles", "", 15),
]


def points() -> list[tuple[str, str, float]]:
    """Table, case and error in percent of every point of the calibration tests."""
    env = dict(os.environ, TILEWRIGHT_CALIBRATION_TABLE="rows")
    done = subprocess.run([TESTS], env=env, capture_output=True, text=True, check=False)
    rows = []
    for line in done.stdout.splitlines():
        fields = line.strip("| ").split(" | ")
        if len(fields) == 5 and fields[4].endswith(" %"):
            rows.append((fields[0], fields[1], float(fields[4][:-2])))
    if not rows:
        sys.exit(done.stdout + done.stderr)
    return rows


def render(rows: list[tuple[str, str, float]]) -> str:
    text = "| target | points | mean error | largest | tolerance | reached |\n"
    text += "|---|---|---|---|---|---|\n"
    for what, table, case, tolerance in TARGETS:
        errors = [e for t, c, e in rows if t.startswith(table) and case in c]
        if not errors:
            sys.exit(f"no point of '{table}' with '{case}' in its name")
        mean = sum(abs(e) for e in errors) / len(errors)
        worst = max(errors, key=abs)
        reached = "yes" if abs(worst) <= tolerance else "no"
        text += f"| {what} | {len(errors)} | {mean:.1f} % | {worst:+.1f} % "
        text += f"| {tolerance} % | {reached} |\n"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="leave the page as it is")
    options = parser.parse_args()
    table = render(points())
    if options.print:
        print(table, end="")
        return
    with open(PAGE) as file:
        head, rest = file.read().split(BEGIN)
    tail = rest.split(END, 1)[1]
    with open(PAGE, "w") as file:
        file.write(head + BEGIN + table + END + tail)


if __name__ == "__main__":
    main()
