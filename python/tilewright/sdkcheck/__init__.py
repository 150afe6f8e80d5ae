"""`tilewright test --sdk`: what the compiler emits, against TT-Metalium's own SDK.

1. `find` looks for the SDK and its parts.
2. Every example runs on the simulator, in the API generation that the SDK's headers
   declare, and leaves the files of its kernels (`collect`). The texts that hold every call
   of the registry are added.
3. `kernels` and `hosts` compile each distinct file; a line says what came of it.

Status 0: everything was compiled and accepted; 1: something was refused, or no SDK is
there; 2: nothing was refused, but not all could be checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from .find import INSTALL, Sdk, find
from .hosts import Hosts
from .kernels import COMPUTE, PROCESSORS, Kernels, Verdict, chip_of

_ROOT = Path(__file__).resolve().parents[3]


class Work(NamedTuple):
    """One file to compile, and where it comes from."""

    name: str
    chip: str
    path: Path


def _write(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _collect(program: Path, device: str, generation: str, folder: Path) -> list[Work]:
    """Run a program; the files of its kernels."""
    source = str(Path(__file__).resolve().parents[2])
    environment = dict(os.environ)
    environment |= {"TILEWRIGHT_DEVICE": device, "TILEWRIGHT_METALIUM_API": generation}
    paths = filter(None, [source, environment.get("PYTHONPATH")])
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    command = [sys.executable, "-m", "tilewright.sdkcheck.collect", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        text = done.stderr.strip().splitlines() or ["no message"]
        said = next((line for line in text if "[TW" in line), text[-1])
        print(f"{program.name} on {device}: does not run: {said.strip()}")
    try:
        rows = json.loads(lines[-1]) if lines else []
    except ValueError:
        rows = []
    works = []
    for k, row in enumerate(rows):
        place = folder / f"{program.stem}-{device}-{k}"
        _write(row["files"], place)
        for name in row["files"]:
            if name.endswith(".cpp"):
                label = f"{program.stem}/{k}/{name}" if len(rows) > 1 else f"{program.stem}/{name}"
                works.append(Work(label, chip_of(row["device"]), place / name))
    return works


def _registry(generation: str, chips: Iterable[str], folder: Path) -> list[Work]:
    """Every call of the registry, as the tests of the compiler hold it."""
    inputs = _ROOT / "test" / "compiler" / "Target" / "Kernel" / "Inputs"
    works: list[Work] = []
    for text in sorted(inputs.glob(f"*calls*{generation}.txt")):
        for part in text.read_text().split("//--- ")[1:]:
            name, _, body = part.partition("\n")
            path = folder / text.stem / name.strip()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
            works += [Work(f"{text.stem}/{path.name}", chip, path) for chip in chips]
    return works


def _distinct(works: Sequence[Work]) -> Iterator[Work]:
    """One of those that have the same text; a host program is the same on all chips."""
    seen = set()
    for work in works:
        host = work.path.name == "main.cpp"
        text = hashlib.sha256(work.path.read_bytes()).hexdigest()
        key = (text, "" if host else work.chip, work.path.name)
        if key not in seen:
            seen.add(key)
            yield work


def _describe(sdk: Sdk, kernels: dict[str, Kernels], hosts: Hosts) -> None:
    print(f"TT-Metalium's SDK in {sdk.root} (found by {sdk.found_by})")
    print(f"  API generation      {sdk.generation}")
    compiler = sdk.compiler or "none: kernels are checked as text, with clang++"
    print(f"  kernel compiler     {compiler}")
    print(f"  low-level kernels   {sdk.low_level or 'none'}")
    print(f"  host headers        {sdk.package or sdk.host or 'none'}")
    for chip, one in kernels.items():
        for processor in ("NCRISC", "BRISC", *COMPUTE):
            verdict = one.probe(processor)
            if verdict.state != "accepted":
                print(f"  {chip} {processor}: not checked: {verdict.why}")
    if hosts.probe().state != "accepted":
        print(f"  host programs: not checked: {hosts.probe().why}")


def run(
    named: str | None = None,
    programs: Sequence[str] | None = None,
    devices: Sequence[str] = ("n150", "p150"),
) -> int:
    """Check the programs (by default the examples) against the SDK; the status."""
    sdk = find(named)
    kernels = {chip: Kernels(sdk, chip) for chip in dict.fromkeys(map(chip_of, devices))}
    hosts = Hosts(sdk)
    _describe(sdk, kernels, hosts)
    chosen = [Path(p) for p in programs or sorted((_ROOT / "examples").glob("*.py"))]

    def judge(work: Work) -> Verdict:
        if work.path.name == "main.cpp":
            return hosts.check(work.path.parent)
        processors = PROCESSORS.get(work.path.name, COMPUTE)
        return kernels[work.chip].check(work.path, processors)

    counts = {"accepted": 0, "refused": 0, "not checked": 0}
    partly = False
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = Path(place)
        pairs = [(p, d) for p in chosen for d in devices]
        found = pool.map(lambda pair: _collect(*pair, sdk.generation, folder), pairs)
        works = _registry(sdk.generation, kernels, folder) if programs is None else []
        works += [work for rows in found for work in rows]
        works = list(_distinct(works))
        for work, verdict in zip(works, pool.map(judge, works), strict=True):
            counts[verdict.state] += 1
            partly |= verdict.state == "accepted" and bool(verdict.why)
            lines = verdict.why.splitlines() or [""]
            why = f": {lines[0]}" if lines[0] else ""
            print(f"{work.name} ({work.chip}): {verdict.state}{why}", flush=True)
            for line in lines[1:]:
                print(f"    {line}")
    print(", ".join(f"{n} {state}" for state, n in counts.items()))
    if counts["refused"]:
        return 1
    if counts["not checked"] or partly or not counts["accepted"]:
        print(f"not everything could be checked; {INSTALL}")
        return 2
    return 0
