"""The page of a run: summary, heat map, timeline, lines and L1 map."""

from __future__ import annotations

from html import escape
from typing import Any

from .heatmap import colour, core_grid
from .nocmap import noc_map
from .run import Line, Run
from .text import percent, summary
from .timeline import WAIT, WORK, core_timeline

STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 68em;
       padding: 0 1em; color: #1b2330; }
h1 { font-size: 1.4em; } h2 { font-size: 1.1em; margin-top: 2em; }
pre, code, td.code { font-family: ui-monospace, monospace; font-size: 12.5px; }
pre { background: #f5f7fa; padding: 1em; overflow-x: auto; }
table { border-collapse: collapse; } td, th { padding: 2px 10px; text-align: left; }
th { border-bottom: 1px solid #b9c3d0; } td.n { text-align: right; white-space: nowrap; }
svg { max-width: 100%; height: auto; }
.key { display: inline-block; width: 1em; height: 1em; vertical-align: -2px; }
"""


def page(run: Run, trace: dict[str, Any] | None, title: str, trace_file: str | None) -> str:
    """One HTML document that needs no other file."""
    parts = [
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1><pre>{escape(summary(run))}</pre>",
        "<h2>Cores</h2><p>Percent of each core's own time; the last panel is when a core "
        "ends, of the whole run.</p>",
        core_grid(run),
        "<h2>NoC</h2><p>Wider and darker links carry flits for more of the run; a square is "
        "the interface of a core or a DRAM bank.</p>",
        noc_map(run),
    ]
    if trace is not None and run.slowest:
        parts += [
            "<h2>Timeline of the core that ends last</h2><p>"
            f"<span class='key' style='background:{WORK}'></span> works "
            f"<span class='key' style='background:{WAIT}'></span> waits. ",
            f"Every call of every core: open <code>{escape(trace_file or '')}</code> at "
            "ui.perfetto.dev.</p>",
            core_timeline(run, trace, tuple(run.slowest["core"])),
        ]
    if run.origins:
        parts += _origins(run)
    parts += _kernels(run)
    parts += _l1(run)
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _cell(share: float) -> str:
    dark = "color:#fff;" if share > 0.5 else ""
    return f"<td class='n' style='background:{colour(share)};{dark}'>{percent(share, 1)}</td>"


def _origins(run: Run) -> list[str]:
    agents = list(run.by_agent)
    out = [
        "<h2>Lines of the program</h2><p>Time of each agent on what was made of a line, "
        "waiting included.</p><table><tr><th>line</th><th></th>"
        + "".join(f"<th>{a}</th>" for a in agents)
        + "</tr>"
    ]
    for place, text, shares in run.origins:
        cells = []
        for agent in agents:
            share = shares.get(agent)
            part = (share.busy + share.waited) / run.by_agent[agent].life if share else 0.0
            cells.append(_cell(part) if share else "<td></td>")
        out.append(
            f"<tr><td>{escape(place)}</td><td class='code'>{escape(text)}</td>"
            + "".join(cells)
            + "</tr>"
        )
    return [*out, "</table>"]


def _kernels(run: Run) -> list[str]:
    """Each kernel's text, with the time of each line beside it."""
    out = ["<h2>Kernels</h2>"]
    for name, text in run.document.get("sources", {}).items():
        mine = [line for line in run.lines if line.kernel == name and line.text]
        agents = [a for a in run.by_agent if any(line.agent == a for line in mine)]
        if not mine:
            continue
        at: dict[int, dict[str, Line]] = {}
        for line in mine:
            at.setdefault(line.line, {})[line.agent] = line
        out.append(
            f"<h3>{escape(name)}</h3><table><tr>"
            + "".join(f"<th>{a}</th>" for a in agents)
            + "<th></th><th></th></tr>"
        )
        for number, content in enumerate(text.splitlines(), 1):
            cells = []
            for agent in agents:
                line = at.get(number, {}).get(agent)
                life = run.by_agent[agent].life
                cells.append(_cell(line.cycles / life) if line else "<td></td>")
            out.append(
                "<tr>"
                + "".join(cells)
                + f"<td class='n' style='color:#889'>{number}</td>"
                + f"<td class='code'><code style='white-space:pre'>{escape(content)}</code></td>"
                + "</tr>"
            )
        out.append("</table>")
    return out


def _l1(run: Run) -> list[str]:
    """L1 of the core with most circular buffers."""
    by_core: dict[tuple, list[dict]] = {}
    for buffer in run.document["circular_buffers"]:
        by_core.setdefault(tuple(buffer["core"]), []).append(buffer)
    if not by_core:
        return []
    core, buffers = max(by_core.items(), key=lambda item: (len(item[1]), item[0]))
    rows = "".join(
        f"<tr><td class='n'>{b['address']:,}</td><td>{escape(b['name'])}</td>"
        f"<td class='n'>{b['pages'] * b['page_bytes']:,}</td>"
        f"<td class='n'>{b['pages']} x {b['page_bytes']}</td><td>{b['format']}</td>"
        f"<td class='n'>{b['mean']:.1f}</td><td class='n'>{b['peak']}</td></tr>"
        for b in sorted(buffers, key=lambda b: b["address"])
    )
    return [
        f"<h2>L1 of core {core[0]},{core[1]}</h2><table><tr><th>address</th><th>buffer</th>"
        "<th>bytes</th><th>pages</th><th>format</th><th>mean pages</th><th>most</th></tr>"
        f"{rows}</table>"
    ]
