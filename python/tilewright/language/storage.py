"""How values are held where the chip computes: 8-bit floats that are only read.

bfloat16 has every value of the 8-bit formats (at most 3 bits of mantissa, exponents
within its own), so a program that reads such tensors and never makes such values is
the same program on bfloat16, for which there are tiles. A call converts the arrays.
"""

from __future__ import annotations

import re

HELD_AS = "bf16"
_SMALL = {
    "f8E4M3FN": "float8_e4m3fn",
    "f8E5M2": "float8_e5m2",
}
# Operations that take such values and make none.
_READERS = ("tile.func ", "tile.gemm ", "memref.load ", "tile.alloc ")
_COPY = re.compile(r": memref<([^>]*)#tile[^:]* to memref<([^>]*)#tile")


def _only_reads(line: str, small: str) -> bool:
    body = line.split("= ", 1)[-1].lstrip() if line.lstrip().startswith("%") else line.lstrip()
    if body.startswith(_READERS):
        return True
    if body.startswith("arith.extf "):  # to something that bfloat16 extends to
        return f"{small} to f32" in body
    sides = _COPY.search(body)
    return body.startswith("tile.copy ") and sides is not None and small in sides.group(1)


def read_only_types(ir: str, written: set[str]) -> set[str]:
    """The 8-bit types of which `ir`, the text of all launches, makes no value.
    `written` holds the MLIR types of tensors that the program writes."""
    found = set()
    for small in _SMALL:
        lines = [text for text in ir.split("\n") if re.search(rf"{small}\b", text)]
        if lines and small not in written and all(_only_reads(t, small) for t in lines):
            found.add(small)
    return found


def hold(ir: str, types: set[str]) -> str:
    """`ir` with values of these types held as bfloat16."""
    for small in types:
        ir = re.sub(rf"(?<![a-wyzA-Z0-9_]){small}\b", HELD_AS, ir)
    return ir


def numpy_names(types: set[str]) -> set[str]:
    """The names of `types` as data types."""
    return {_SMALL[t] for t in types}
