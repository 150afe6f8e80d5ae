"""What the agents of one core do over time, as an SVG of stacked bins."""

from __future__ import annotations

from html import escape
from typing import Any

from .run import AGENTS, Run

WIDTH, ROW, LEFT, BINS = 900, 34, 80, 300
WORK, WAIT = "#1f5fa8", "#f0b27a"


def bins(run: Run, trace: dict[str, Any], core: tuple[int, int]) -> dict[str, list[tuple]]:
    """For each agent of the core (share of work, share of waiting) in each bin."""
    process = core[1] * run.grid[0] + core[0] + 1
    names: dict[int, str] = {}
    events = []
    for event in trace["traceEvents"]:
        if event.get("pid") != process:
            continue
        if event["ph"] == "M" and event["name"] == "thread_name":
            names[event["tid"]] = event["args"]["name"].split(" ", 1)[0]
        elif event["ph"] == "X":
            events.append(event)
    step = run.microseconds / BINS
    work = {name: [0.0] * BINS for name in names.values()}
    wait = {name: [0.0] * BINS for name in names.values()}
    for event in events:
        name = names[event["tid"]]
        cycles = max(1, event["args"]["cycles"])
        waited = min(1.0, event["args"]["waited"] / cycles)
        # A call waits first and works after.
        turn = event["ts"] + event["dur"] * waited
        _spread(wait[name], event["ts"], turn, step)
        _spread(work[name], turn, event["ts"] + event["dur"], step)
    return {name: list(zip(work[name], wait[name], strict=True)) for name in AGENTS if name in work}


def _spread(row: list[float], begin: float, end: float, step: float) -> None:
    k = int(begin / step)
    while begin < end and k < len(row):
        stop = min(end, (k + 1) * step)
        row[k] += (stop - begin) / step
        begin, k = stop, k + 1


def core_timeline(run: Run, trace: dict[str, Any], core: tuple[int, int]) -> str:
    """One row an agent; blue is work, orange waiting, white neither."""
    rows = bins(run, trace, core)
    height = 24 + ROW * len(rows) + 20
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" '
        f'height="{height}" viewBox="0 0 {LEFT + WIDTH + 20} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{LEFT + WIDTH + 20}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="14" font-size="13">core {core[0]},{core[1]}</text>',
    ]
    wide = WIDTH / BINS
    for k, (name, row) in enumerate(rows.items()):
        top = 24 + k * ROW
        out.append(f'<text x="{LEFT - 8}" y="{top + 18}" text-anchor="end">{escape(name)}</text>')
        inner = ROW - 8
        for i, (work, wait) in enumerate(row):
            high = min(1.0, work) * inner
            rest = min(1.0, wait) * inner
            x = LEFT + i * wide
            if high > 0.05:
                out.append(_bar(x, top + inner - high, wide, high, WORK))
            if rest > 0.05:
                out.append(_bar(x, top + inner - high - rest, wide, rest, WAIT))
    base = 24 + ROW * len(rows) + 12
    for k in range(5):
        x = LEFT + WIDTH * k / 4
        out.append(
            f'<text x="{x}" y="{base}" text-anchor="middle" fill="#555">'
            f"{run.microseconds * k / 4:.1f} us</text>"
        )
    return "\n".join([*out, "</svg>"]) + "\n"


def _bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width + 0.2:.1f}" height="{height:.1f}" '
        f'fill="{fill}"/>'
    )
