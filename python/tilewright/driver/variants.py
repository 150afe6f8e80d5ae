"""Which values of a call are compiled in: of dimensions and scalar arguments that only a
call knows, as few as the program allows.

A kernel is compiled for all values first. Where the compiler needs one as a number, the
first call finds out which: one name after the other is given its value, then pairs, and
last all of them. What then compiles is kept; later calls compile again only for other
values of these names. Programs that run element by element anyway do so with everything
known that they need: tiles are tried first, with every choice of names.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from ..diagnostics import CompileError

# With more names, only single ones and all of them are tried.
_FEW = 3


def choices(names: list[str]) -> Iterator[list[str]]:
    """What may be compiled in, the least first; `names` is not empty."""
    sizes = range(1, len(names)) if len(names) <= _FEW else (1,)
    for count in sizes:
        if count < len(names):
            yield from map(list, combinations(names, count))
    yield list(names)


def is_internal(failure: CompileError) -> bool:
    """Whether the compiler itself failed: no other values help, and it has to be heard."""
    return any(d.code.startswith("TW9") for d in failure.diagnostics)


class Choice:
    """Names whose values are compiled in, and whether the program has a tile form then."""

    def __init__(self, names: list[str], tiles: bool):
        self.names = names
        self.tiles = tiles


def settle(kernel: Any, values: dict[str, Any]) -> Choice:
    """What has to be compiled in for `kernel`, which is not compiled for all values;
    raises the compiler's error where nothing helps."""
    sized = bool(kernel.sizes)
    for tiles in (True, False):
        # Element by element, extents have to be numbers, other arguments need not.
        first = [] if tiles or sized else [[]]
        for names in [*first, *choices(kernel.unknown)]:
            try:
                kernel.specialise({n: values[n] for n in names}, tiles)
            except CompileError as exc:
                if is_internal(exc) or (not tiles and names == kernel.unknown):
                    raise
                continue
            return Choice(names, tiles)
    raise AssertionError("the last choice either compiles or raises")
