"""The L1 map of a plan in words: what lies in the memory of a core, and why.

A value that the compute kernel both makes and reads again did not stay in DST: it was
spilled to a circular buffer. The map names such values with the line that makes them, and
why the compiler decided so for each line that reads them. `dst_lines` says how each
section of the compute kernel uses DST.
"""

from __future__ import annotations

import math
from typing import Any

_ALIGNMENT = 32  # bytes; of a list of blocks in L1

# The reasons of `spilled` in the plan; the value is the subject.
REASONS = {
    "dst_capacity": "with what reads it, it needs more tiles than DST has",
    "accumulator": "the sum of a matmul loop, larger than DST; the packer adds it up in L1",
    "accumulator_loop": "the sum of a loop that does more than read and multiply; the packer "
    "adds it up in L1",
    "loop_carried": "a loop carries it from round to round",
    "matmul_operand": "operand of a matmul",
    "broadcast_operand": "spread from a row, a column or an element",
    "reduce_operand": "operand of a reduction",
    "transpose_operand": "operand of a transpose",
    "running_sums": "running sums have a section alone",
    "other_shape": "read by a section of another shape",
    "other_region": "read in another loop or branch",
    "later_section": "read again when its section has ended",
}

# The rules of `dst_sections` in the plan.
RULES = {
    "rows": "most tiles that DST holds, whole rows first",
    "operands": "fewest operand tiles loaded a product",
    "block": "the whole block, which stays in DST for a loop",
    "sums": "running sums stay whole",
    "reduced": "made smaller, since loaded operands take tiles too",
}


def purpose(cb: dict[str, Any]) -> str:
    """What a circular buffer is for, by the kernels at its two ends."""
    producer, consumer = cb["producer"], cb["consumer"]
    if producer == consumer == "compute":
        return "spilled from DST"
    if producer == consumer:
        return f"scratch of the {producer}"
    return f"{producer} to {consumer}"


def spills(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The circular buffers that hold values which left DST inside the compute kernel."""
    return [cb for cb in plan["circular_buffers"] if purpose(cb) == "spilled from DST"]


def reasons(cb: dict[str, Any]) -> list[str]:
    """Why the block of a circular buffer did not stay in DST: text, and the line of the
    program that reads it from there."""
    found = []
    for entry in cb.get("spilled", []):
        text = REASONS.get(entry["reason"], entry["reason"])
        found.append(f"{text} ({entry['reader']})" if "reader" in entry else text)
    return found


def dst_lines(plan: dict[str, Any]) -> list[str]:
    """The sections of DST as text, without indent: a head line, then one line each."""
    sections = plan.get("dst_sections", [])
    if not sections:
        return []
    rows = []
    for section in sections:
        block, part = ("x".join(map(str, section[k])) for k in ("block", "subblock"))
        rows.append(
            f"  {section['source']:<20} {part} of {block} tiles at a time, "
            f"{section['tiles']} of {section['capacity']} of DST: {RULES[section['rule']]}"
        )
    return [f"DST sections: {len(rows)}", *rows]


def tensor_bytes(tensor: dict[str, Any], cores: int) -> int:
    """Bytes that a tensor takes in the L1 of the fullest of `cores`; 0 for one in DRAM."""
    if tensor["memory"] != "l1":
        return 0
    shard = tensor.get("shard")
    if not shard:
        return math.ceil(tensor["pages"] / cores) * tensor["page_bytes"]
    times = math.ceil(math.prod(shard["grid"]) / math.prod(shard["cores"]))
    return times * math.prod(shard["shard_pages"]) * tensor["page_bytes"]


def table_bytes(plan: dict[str, Any]) -> int:
    """Bytes of the list of blocks that each core has in its L1; 0 where there is none."""
    kinds = {a["kind"] for k in plan["kernels"] for a in k["runtime_args"]}
    if "work_table" not in kinds:
        return 0
    longest = max(len(core["blocks"]) for core in plan["work"]["per_core"])
    return math.ceil(longest * 4 / _ALIGNMENT) * _ALIGNMENT


def lines(plan: dict[str, Any]) -> list[str]:
    """The map as text, without indent: a head line, then one line a buffer."""
    rows: list[tuple[str, int, str]] = []
    places: set[int] = set()
    total = 0
    for cb in plan["circular_buffers"]:
        detail = f"{cb['pages']} x {cb['page_bytes']} {cb['data_format']}, {purpose(cb)}"
        if cb.get("source"):
            detail += f", {cb['source']}"
        if purpose(cb) == "spilled from DST" and cb.get("spilled"):
            detail += f": {'; '.join(reasons(cb))}"
        if cb["l1_address"] in places:
            detail += ", in the memory of an earlier one"
        else:
            total += cb["bytes"]
        places.add(cb["l1_address"])
        rows.append((cb["name"], cb["bytes"], detail))
    for tensor in plan["tensors"]:
        taken = tensor_bytes(tensor, math.prod(plan["core_grid"]))
        if taken:
            rows.append((tensor["name"], taken, f"tensor, {tensor['layout']}"))
            total += taken
    table = table_bytes(plan)
    if table:
        rows.append(("list of blocks", table, "read by the kernels"))
        total += table
    capacity = plan["l1"]["capacity"]
    head = f"L1 map: {total} of {capacity} bytes, {100 * total / capacity:.0f} %"
    found = spills(plan)
    if found:
        head += f"; spilled from DST: {', '.join(cb['name'] for cb in found)}"
    return [head, *(f"  {name:<20} {size:>8} bytes = {why}" for name, size, why in rows)]


__all__ = [
    "REASONS",
    "RULES",
    "dst_lines",
    "lines",
    "purpose",
    "reasons",
    "spills",
    "table_bytes",
    "tensor_bytes",
]
