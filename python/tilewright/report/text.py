"""A run as text that a person can read at once."""

from __future__ import annotations

from .run import WAITS, Run, Share

#: What bounds a run, in one sentence.
BOUNDS = {
    "math": "the math unit",
    "unpack": "the unpackers",
    "pack": "the packer",
    "dram": "DRAM",
    "noc": "the NoC",
    "issue": "the issue of transfers",
    "latency": "latency: no unit is busy half of the time",
}


def percent(part: float, whole: float) -> str:
    """`part` of `whole` as a whole number of percent."""
    return f"{100 * part / whole:3.0f} %" if whole else "  - "


def size(count: float) -> str:
    """Bytes with a binary unit."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"


def _waits(share: Share) -> str:
    return ", ".join(
        f"{percent(cycles, share.life).strip()} {WAITS[kind]}"
        for kind, cycles in share.worst_waits()
    )


def summary(run: Run, lines: int = 8) -> str:
    """The run in about thirty lines."""
    doc = run.document
    out = [
        f"{doc['chip']}, {len(run.cores)} cores of {run.grid[0]}x{run.grid[1]}: "
        f"{run.cycles:,} cycles = {run.microseconds:,.1f} us at {run.clock_ghz:g} GHz; "
        f"bound by {BOUNDS.get(doc['bound'], doc['bound'])}"
    ]
    out += [f"  {fault['code']}: {fault['message']}" for fault in doc["faults"]]
    products = doc["tile_multiply_adds"]
    if products:
        per_core = products / max(1, len(run.cores))
        out.append(
            f"  work     {products:,} tile multiply-adds, {run.cycles / per_core:.1f} cycles "
            "each and core"
        )
    moved = []
    for key, name in (("dram_read_bytes", "read"), ("dram_write_bytes", "written")):
        if doc[key]:
            moved.append(f"{size(doc[key])} {name} ({doc[key] / run.cycles:.1f} B/cycle)")
    if moved:
        out.append("  DRAM     " + ", ".join(moved))
    if doc["noc_bytes"]:
        out.append(
            f"  NoC      {size(doc['noc_bytes'])} moved "
            f"({doc['noc_bytes'] / run.cycles:.1f} B/cycle)"
        )
    out += _servers(run)
    out.append("  agent    works  waits for")
    for name, share in run.by_agent.items():
        out.append(f"  {name:<8} {percent(share.busy, share.life)}  {_waits(share)}")
    if run.slowest:
        x, y = run.slowest["core"]
        out.append(f"  last     core {x},{y} {run.slowest['agent']} at {run.slowest['end']:,}")
    out += _lines(run, lines)
    out += _buffers(run)
    for warning in doc["warnings"]:
        out.append(f"  {warning['code']}: {warning['message']}")
    return "\n".join(out) + "\n"


def _servers(run: Run) -> list[str]:
    """The busiest bank, link and interface."""
    noc = run.document["noc"]
    found = []
    for bank in _busiest(noc["banks"]):
        moved = bank["read_bytes"] + bank["write_bytes"]
        found.append((bank, f"DRAM bank {bank['bank']}", moved))
    for link in _busiest(noc["links"]):
        x, y = link["from"]
        name = f"NoC {link['noc']} link {link['direction']} of router {x},{y}"
        found.append((link, name, link["bytes"]))
    for niu in _busiest(noc["nius"]):
        x, y = niu["at"]
        way = "out of" if niu["out"] else "into"
        found.append((niu, f"NoC {niu['noc']} interface {way} {x},{y}", niu["bytes"]))
    return [
        f"  {percent(use['busy'], run.cycles)}  busy: {name}, {moved / run.cycles:.1f} B/cycle"
        for use, name, moved in found
    ]


def _busiest(servers: list[dict]) -> list[dict]:
    return sorted(servers, key=lambda s: -s["busy"])[:1]


def _lines(run: Run, count: int) -> list[str]:
    out = []
    for line in run.lines[:count]:
        life = run.by_agent[line.agent].life
        place = f"{line.file.rsplit('/', 1)[-1]}:{line.line}"
        what = line.text or line.call
        out.append(
            f"  {line.agent:<8} {percent(line.cycles, life)}  {place:<18} {what[:60]}"
            + ("" if line.share.busy * 2 > line.cycles else "  (waits)")
        )
    return ["  where the time of each agent goes", *out] if out else []


def _buffers(run: Run) -> list[str]:
    """Circular buffers by name: depth, and how full they were."""
    rows: dict[tuple[int, str], list[dict]] = {}
    for buffer in run.document["circular_buffers"]:
        rows.setdefault((buffer["index"], buffer["name"]), []).append(buffer)
    out = []
    for (index, name), found in sorted(rows.items()):
        depth = max(b["pages"] for b in found)
        mean = sum(b["mean"] for b in found) / len(found)
        peak = max(b["peak"] for b in found)
        out.append(
            f"  {index:>2} {name:<20} {depth:>4} pages of {found[0]['page_bytes']:<5} "
            f"{found[0]['format']:<10} mean {mean:5.1f}  most {peak}"
        )
    return ["  circular buffers", *out] if out else []
