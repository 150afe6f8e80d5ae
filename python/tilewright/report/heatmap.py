"""The core grid as an SVG heat map."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from .run import Run

CELL, GAP, LEFT, TOP = 44, 3, 30, 34

#: Panels of the map: title, and the share of a core's time as a function.
PANELS: tuple[tuple[str, Callable[[Run, tuple[int, int]], float | None]], ...] = (
    ("MATH works (%)", lambda run, core: _busy(run, core, "MATH")),
    ("NCRISC waits for transfers (%)", lambda run, core: _wait(run, core, "NCRISC", "noc")),
    ("BRISC waits for transfers (%)", lambda run, core: _wait(run, core, "BRISC", "noc")),
    ("ends, of the whole run (%)", lambda run, core: _end(run, core)),
)


def _busy(run: Run, core: tuple[int, int], agent: str) -> float | None:
    a = run.agent_at(core, agent)
    return None if a is None else a["busy"] / max(1, a["end"] - a["start"])


def _wait(run: Run, core: tuple[int, int], agent: str, kind: str) -> float | None:
    a = run.agent_at(core, agent)
    return None if a is None else a["waits"].get(kind, 0) / max(1, a["end"] - a["start"])


def _end(run: Run, core: tuple[int, int]) -> float | None:
    ends = [a["end"] for a in run.agents if tuple(a["core"]) == core]
    return max(ends) / max(1, run.cycles) if ends else None


def colour(share: float) -> str:
    """From pale to dark blue; readable without colour vision, as it darkens."""
    share = min(1.0, max(0.0, share))
    low, high = (239, 243, 255), (8, 48, 107)
    mixed = [round(a + (b - a) * share) for a, b in zip(low, high, strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def core_grid(run: Run) -> str:
    """Every panel that has a value, side by side in rows of two."""
    width = LEFT + run.grid[0] * (CELL + GAP) + 24
    height = TOP + run.grid[1] * (CELL + GAP) + 24
    panels = []
    for title, measure in PANELS:
        values = {core: measure(run, core) for core in run.cores}
        if any(v is not None for v in values.values()):
            panels.append((title, values))
    columns = min(2, max(1, len(panels)))
    rows = (len(panels) + columns - 1) // columns
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * width}" '
        f'height="{rows * height}" viewBox="0 0 {columns * width} {rows * height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{columns * width}" height="{rows * height}" fill="#ffffff"/>',
    ]
    for k, (title, values) in enumerate(panels):
        out.append(f'<g transform="translate({k % columns * width},{k // columns * height})">')
        out += _panel(run, title, values)
        out.append("</g>")
    return "\n".join([*out, "</svg>"]) + "\n"


def _panel(run: Run, title: str, values: dict[tuple[int, int], float | None]) -> list[str]:
    out = [f'<text x="{LEFT}" y="14" font-size="13">{escape(title)}</text>']
    for x in range(run.grid[0]):
        at = LEFT + x * (CELL + GAP) + CELL / 2
        out.append(f'<text x="{at}" y="{TOP - 6}" text-anchor="middle" fill="#555">{x}</text>')
    for y in range(run.grid[1]):
        at = TOP + y * (CELL + GAP) + CELL / 2 + 4
        out.append(f'<text x="{LEFT - 8}" y="{at}" text-anchor="end" fill="#555">{y}</text>')
    for y in range(run.grid[1]):
        for x in range(run.grid[0]):
            value = values.get((x, y))
            left, top = LEFT + x * (CELL + GAP), TOP + y * (CELL + GAP)
            if value is None:
                out.append(
                    f'<rect x="{left}" y="{top}" width="{CELL}" height="{CELL}" rx="4" '
                    'fill="none" stroke="#ddd"/>'
                )
                continue
            dark = value > 0.5
            out.append(
                f"<g><title>core {x},{y}: {100 * value:.1f} %</title>"
                f'<rect x="{left}" y="{top}" width="{CELL}" height="{CELL}" rx="4" '
                f'fill="{colour(value)}" stroke="#c6d2e4"/>'
                f'<text x="{left + CELL / 2}" y="{top + CELL / 2 + 4}" text-anchor="middle" '
                f'fill="{"#fff" if dark else "#123"}">{100 * value:.0f}</text></g>'
            )
    return out
