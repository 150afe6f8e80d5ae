"""One run: the simulator's JSON document and what follows from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

AGENTS = ("NCRISC", "UNPACK", "MATH", "PACK", "BRISC")

#: What an agent waits for, by the key of the document.
WAITS = {
    "cb_pages": "pages in a circular buffer",
    "cb_space": "room in a circular buffer",
    "src": "operands from UNPACK",
    "src_free": "room in Src",
    "dst_free": "a free DST section",
    "dst_full": "a committed DST section",
    "noc": "transfers",
    "semaphore": "a semaphore",
}

_ORIGIN = re.compile(r"^\s*// (\S+\.py:\d+): (.*)$")


@dataclass
class Share:
    """Cycles of several agents together: work, waits by kind, and their life."""

    busy: int = 0
    life: int = 0
    waits: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, busy: int, life: int, waits: dict[str, int]) -> None:
        """Add one agent or one line."""
        self.busy += busy
        self.life += life
        for kind, cycles in waits.items():
            self.waits[kind] += cycles

    @property
    def waited(self) -> int:
        """All waiting."""
        return sum(self.waits.values())

    def worst_waits(self, count: int = 2) -> list[tuple[str, int]]:
        """The kinds of wait that took most, with their cycles."""
        order = sorted(self.waits.items(), key=lambda item: (-item[1], item[0]))
        return [item for item in order[:count] if item[1]]


@dataclass
class Line:
    """One line of a kernel as one agent ran it, over all cores."""

    kernel: str
    agent: str
    file: str
    line: int
    call: str
    calls: int
    share: Share
    text: str = ""
    #: "gemm.py:32" and that line's text, when the kernel was generated.
    origin: tuple[str, str] | None = None

    @property
    def cycles(self) -> int:
        """Work and waiting."""
        return self.share.busy + self.share.waited


class Run:
    """A run, read from the simulator's document."""

    def __init__(self, document: dict[str, Any]):
        version = document.get("schema_version")
        if version != 2:
            raise ValueError(f"schema_version is {version!r}, this version reads 2")
        self.document = document
        self.cycles: int = document["cycles"]
        self.clock_ghz: float = document["clock_ghz"] or 1.0
        self.grid: tuple[int, int] = tuple(document["grid"])
        self.agents: list[dict[str, Any]] = document["agents"]

    @property
    def microseconds(self) -> float:
        """Simulated time at the chip's nominal clock."""
        return self.cycles / self.clock_ghz / 1e3

    @cached_property
    def cores(self) -> list[tuple[int, int]]:
        """Cores with kernels, row by row."""
        return sorted({tuple(a["core"]) for a in self.agents}, key=lambda c: (c[1], c[0]))

    @cached_property
    def by_agent(self) -> dict[str, Share]:
        """All cores' agents of one kind together, in the order of data."""
        shares: dict[str, Share] = {}
        for name in AGENTS:
            share = Share()
            for a in self.agents:
                if a["agent"] == name:
                    share.add(a["busy"], a["end"] - a["start"], a["waits"])
            if share.life:
                shares[name] = share
        return shares

    @cached_property
    def slowest(self) -> dict[str, Any] | None:
        """The agent that ended last."""
        return max(self.agents, key=lambda a: a["end"], default=None)

    def agent_at(self, core: tuple[int, int], name: str) -> dict[str, Any] | None:
        """One agent of one core."""
        return self._agents.get((core, name))

    @cached_property
    def _agents(self) -> dict[tuple[tuple[int, int], str], dict[str, Any]]:
        return {(tuple(a["core"]), a["agent"]): a for a in self.agents}

    @cached_property
    def lines(self) -> list[Line]:
        """Every line that took time, the longest first."""
        sources = {
            name: text.splitlines() for name, text in self.document.get("sources", {}).items()
        }
        origins = {name: _origins(text) for name, text in sources.items()}
        found = []
        for item in self.document["lines"]:
            share = Share()
            share.add(item["busy"], 0, item["waits"])
            line = Line(
                item["kernel"],
                item["agent"],
                item["file"],
                item["line"],
                item["call"],
                item["calls"],
                share,
            )
            text = sources.get(item["kernel"], [])
            # A header's line is not a line of the kernel.
            if 0 < line.line <= len(text) and _same_file(line.file, line.kernel):
                line.text = text[line.line - 1].strip()
                line.origin = origins[item["kernel"]].get(line.line)
            found.append(line)
        found.sort(key=lambda x: (-x.cycles, x.kernel, x.agent, x.line))
        return found

    @cached_property
    def origins(self) -> list[tuple[str, str, dict[str, Share]]]:
        """Lines of the TileLang program (place, text, share by agent), in order."""
        table: dict[tuple[str, str], dict[str, Share]] = {}
        for line in self.lines:
            if line.origin:
                shares = table.setdefault(line.origin, {})
                share = shares.setdefault(line.agent, Share())
                share.add(line.share.busy, 0, line.share.waits)
        return [(*place, table[place]) for place in sorted(table, key=_place_key)]


def _place_key(origin: tuple[str, str]) -> tuple[str, int]:
    file, _, line = origin[0].rpartition(":")
    return file, int(line)


def _same_file(file: str, kernel: str) -> bool:
    return file.rsplit("/", 1)[-1] == kernel.rsplit("/", 1)[-1]


def _origins(text: Iterable[str]) -> dict[int, tuple[str, str]]:
    """For each line of a generated kernel the source line named last before it."""
    found: dict[int, tuple[str, str]] = {}
    current = None
    for number, line in enumerate(text, 1):
        match = _ORIGIN.match(line)
        if match:
            current = (match.group(1), match.group(2))
        elif current:
            found[number] = current
    return found
