"""The registry of TT-Metalium calls: look a call up by name or category, and see how it
is written in C++.

The records come from the metalium dialect (compiler/Dialect/Metalium/*.td); nothing is
repeated here. docs/reference/intrinsics.md is the page of all of them.
"""

from __future__ import annotations

import difflib
import functools
import re
import struct
from typing import Any, NamedTuple

from .diagnostics import error


class Intrinsic(NamedTuple):
    """One TT-Metalium call."""

    name: str  # the operation, without the dialect: "cb_reserve_back"
    category: str  # cb, noc, dst, compute, init, sync, args, ...
    threads: str  # dm, unpack, math, pack
    template: str  # C++ in the newest generation; "" where it has none
    template_2026_03: str  # C++ in the generation before
    operands: tuple[tuple[str, str], ...]  # (name, what it is)
    attributes: tuple[tuple[str, str], ...]
    summary: str
    kinds: tuple[str, ...] = ()  # of the operands: dst, pages, ...; "" for handles
    header: str = ""  # that data movement includes; "" where it may not call it
    compute_header: str = ""  # that compute includes
    init: str = ""  # the call that sets this one up

    def emit(self, *values: Any, **named: Any) -> str:
        """The call in C++ with these texts for its operands and attributes, in the order
        of the record or by name; a wrong number is an error."""
        names = [n for n, _ in (*self.operands, *self.attributes)]
        given = dict(zip(names, values, strict=False)) | named
        wanted = set(re.findall(r"%(\w+)", re.sub(r"\{[^{}]*\}", "", self.template)))
        missing = [n for n in names if n in wanted and n not in given]
        unknown = [n for n in named if n not in names and n not in wanted]
        if len(values) > len(names) or missing or unknown:
            what = f"{len(values) + len(named)} values are given"
            if missing:
                what += f", {', '.join(missing)} missing"
            if unknown:
                what += f", it has no {', '.join(unknown)}"
            raise error(
                "TW1030",
                f"{self.name} takes ({', '.join(names)}); {what}",
                None,
                "give one text for each operand",
            )
        self._check(given)
        text = self.template
        for _ in range(4):  # groups may be nested
            text = re.sub(
                r"\{(!?)(\w+):([^{}]*)\}",
                lambda m: m[3] if (given.get(m[2], False) is not False) != bool(m[1]) else "",
                text,
            )
        return re.sub(
            r"%(\w+)(?::(\w+))?",
            lambda m: _text(given[m[1]], m[2]) if m[1] in given else m[0],
            text,
        )

    def _check(self, given: dict[str, Any]) -> None:
        """An error for an operand that is not of the record's kind. Texts are taken as they
        are: only the C++ compiler knows what they stand for."""
        for (name, summary), kind in zip(self.operands, self.kinds, strict=False):
            value = given.get(name)
            if value is None or isinstance(value, str) and not value.isdigit():
                continue
            low, high = _LIMITS.get(kind, (0, 0xFFFFFFFF))
            number = int(value) if isinstance(value, (int, str)) else -1
            if not isinstance(value, bool) and low <= number <= high:
                continue
            raise error(
                "TW1030",
                f"{self.name}: operand {name} is {summary}, not {value!r}",
                None,
                f"give a number from {low} to {high}, or the text of an expression",
            )


# Numbers that operands of a kind may be; others are 32-bit numbers.
_LIMITS = {
    "dst": (0, 15),
    "pages": (1, 0xFFFF),
    "count": (1, 0xFFFFFFFF),
    "bytes": (1, 0xFFFFFFFF),
    "packet_bytes": (1, 16384),
}


def _text(value: Any, form: str | None) -> str:
    """A value in C++: `bits` are those of a float or a whole number, `bool` is true or false;
    a flag is 1 or 0 otherwise."""
    if form == "bits" and isinstance(value, float):
        return f"0x{struct.unpack('<I', struct.pack('<f', value))[0]:08x}"
    if form == "bits" and isinstance(value, int):
        return f"0x{value & 0xFFFFFFFF:08x}"
    if form == "bool":
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, bool) else str(value)


def _plain(name: Any) -> str:
    return str(name).rsplit(".", 1)[-1]


@functools.cache
def intrinsics() -> dict[str, Intrinsic]:
    """Every call by name."""
    from . import _compiler

    found = {}
    for row in _compiler.intrinsics():
        name = _plain(row["name"])
        found[name] = Intrinsic(
            name,
            row["category"],
            row["threads"],
            row["text"],
            row["text_2026_03"],
            tuple(map(tuple, row["operands"])),
            tuple(map(tuple, row["attributes"])),
            row["summary"],
            tuple(row["kinds"]),
            row["header"],
            row["compute_header"],
            row["init"],
        )
    return found


def is_intrinsic_registered(name: str) -> bool:
    """Whether there is a call of that name ("cb_wait_front", "metalium.cb_wait_front")."""
    return _plain(name) in intrinsics()


def get_intrinsic(name: str) -> Intrinsic:
    """The call of that name; an error names the closest ones."""
    found = intrinsics().get(_plain(name))
    if found is None:
        close = difflib.get_close_matches(_plain(name), intrinsics(), n=3)
        raise error(
            "TW1030",
            f"Unknown intrinsic: {name}",
            None,
            f"did you mean {', '.join(close)}?" if close else "see docs/reference/intrinsics.md",
        )
    return found


def get_by_category(category: str) -> list[Intrinsic]:
    """The calls of a category, by name; an error names the categories."""
    found = [i for i in intrinsics().values() if i.category == category]
    if not found:
        known = sorted({i.category for i in intrinsics().values()})
        raise error(
            "TW1030",
            f"there is no category '{category}' of intrinsics",
            None,
            f"the categories are {', '.join(known)}",
        )
    return found


def generate_cpp_for_intrinsic(name: str, *values: Any, **named: Any) -> str:
    """The statement in C++."""
    return get_intrinsic(name).emit(*values, **named) + ";"


__all__ = [
    "Intrinsic",
    "generate_cpp_for_intrinsic",
    "get_by_category",
    "get_intrinsic",
    "intrinsics",
    "is_intrinsic_registered",
]
