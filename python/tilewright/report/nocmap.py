"""The load of every link of the two NoCs as an SVG."""

from __future__ import annotations

from .heatmap import colour
from .run import Run

STEP, BOX, MARGIN = 46, 16, 44

_DELTA = {"+x": (1, 0), "-x": (-1, 0), "+y": (0, 1), "-y": (0, -1)}


def noc_map(run: Run) -> str:
    """One panel a NoC, physical coordinates; links that leave the edge wrap
    around. A router is shaded by the busier direction of its interface."""
    noc = run.document["noc"]
    columns, rows = noc["grid"]
    width, height = MARGIN * 2 + (columns - 1) * STEP, MARGIN * 2 + (rows - 1) * STEP
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{2 * width}" height="{height}" '
        f'viewBox="0 0 {2 * width} {height}" font-family="sans-serif" font-size="10">',
        f'<rect width="{2 * width}" height="{height}" fill="#ffffff"/>',
    ]
    for which in (0, 1):
        out.append(f'<g transform="translate({which * width},0)">')
        out.append(f'<text x="{MARGIN - BOX}" y="14" font-size="13">NoC {which}</text>')
        out += _links(run, [link for link in noc["links"] if link["noc"] == which])
        out += _routers(run, [niu for niu in noc["nius"] if niu["noc"] == which])
        out.append("</g>")
    return "\n".join([*out, "</svg>"]) + "\n"


def _place(x: float, y: float) -> tuple[float, float]:
    return MARGIN + x * STEP, MARGIN + y * STEP


def _links(run: Run, links: list[dict]) -> list[str]:
    out = []
    for link in links:
        share = link["busy"] / max(1, run.cycles)
        x, y = link["from"]
        dx, dy = _DELTA[link["direction"]]
        x1, y1 = _place(x + dx * BOX / STEP / 2, y + dy * BOX / STEP / 2)
        x2, y2 = _place(x + dx * (1 - BOX / STEP / 2), y + dy * (1 - BOX / STEP / 2))
        out.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour(0.1 + 0.9 * share)}" stroke-width="{2 + 8 * share:.1f}">'
            f"<title>{x},{y} {link['direction']}: busy {100 * share:.1f} %, "
            f"{link['bytes'] / max(1, run.cycles):.1f} B/cycle</title></line>"
        )
    return out


def _routers(run: Run, nius: list[dict]) -> list[str]:
    columns, rows = run.document["noc"]["grid"]
    load: dict[tuple[int, int], float] = {}
    for niu in nius:
        at = tuple(niu["at"])
        load[at] = max(load.get(at, 0.0), niu["busy"] / max(1, run.cycles))
    out = []
    for y in range(rows):
        for x in range(columns):
            px, py = _place(x, y)
            share = load.get((x, y))
            fill = "none" if share is None else colour(share)
            label = "" if share is None else f"<title>{x},{y}: busy {100 * share:.1f} %</title>"
            out.append(
                f'<g>{label}<rect x="{px - BOX / 2:.1f}" y="{py - BOX / 2:.1f}" width="{BOX}" '
                f'height="{BOX}" rx="3" fill="{fill}" stroke="#b9c3d0"/></g>'
            )
    for x in range(columns):
        px, _ = _place(x, 0)
        out.append(f'<text x="{px}" y="{MARGIN - BOX}" text-anchor="middle">{x}</text>')
    for y in range(rows):
        _, py = _place(0, y)
        out.append(f'<text x="{MARGIN - BOX - 8}" y="{py + 4}" text-anchor="end">{y}</text>')
    return out
