"""Runs TileLang's own example programs here, unmodified, and counts what passes.

    python test/tools/tilelang_examples.py CHECKOUT [--only PATTERN] [--write]

CHECKOUT is a checkout of github.com/tile-ai/tilelang. Each test function of
examples/*/test_*.py is run at the sizes it asks for, in a process of its own; the
programs in examples/ that no test imports are run as scripts. The programs compare
their results with torch themselves, so a run without an exception is a pass.
A *kernel* is one prim_func or eager kernel by the place of its definition; it
counts as passed when it was called in a run that passed.

Needs torch, einops and pytest. --write refreshes docs/tilelang-examples.md.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import types
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
PAGE = HERE.parents[2] / "docs" / "tilelang-examples.md"


# -- in the child ---------------------------------------------------------------
def _watch(out: str) -> tuple[list[str], list[str]]:
    """Record where compiled and called kernels are defined; keep in `out` what is
    going on, for the case that the run is stopped."""
    import tilewright.driver.kernel as kernel

    made: list[str] = []
    called: list[str] = []
    scalar: list[str] = []

    def doing(what: str) -> None:
        report = {"ok": False, "code": "time", "doing": what, "scalar": scalar}
        Path(out).write_text(json.dumps({**report, "made": made, "called": called}))

    doing("in its own Python code")

    def place(self: Any) -> str:
        span = self.prim_func.span
        file = os.path.basename(span.file) if span else "?"
        return f"{file}:{span.line if span else 0}:{self.prim_func.name}"

    init, call = kernel.JITKernel.__init__, kernel.JITKernel.__call__

    def note_init(self: Any, *args: Any, **kwargs: Any) -> None:
        func = args[0] if args else kwargs["prim_func"]
        self.prim_func = func
        made.append(place(self))
        doing(f"compiling {self.prim_func.name}")
        init(self, *args, **kwargs)
        note_remarks(self)
        doing("in its own Python code")

    def note_remarks(self: Any) -> None:
        for remark in self.remarks:
            if remark.code == "TW4043" and remark.message not in scalar:
                scalar.append(remark.message)

    def note_call(self: Any, *args: Any, **kwargs: Any) -> Any:
        doing(f"simulating {self.prim_func.name}")
        result = call(self, *args, **kwargs)
        called.append(place(self))
        note_remarks(self)  # what is compiled at the call has them only now
        doing("in its own Python code")
        return result

    kernel.JITKernel.__init__, kernel.JITKernel.__call__ = note_init, note_call
    return made, called


def _run_child(kind: str, path: str, name: str, out: str) -> None:
    """Run one test or script; write what happened as JSON."""
    from tilewright import _alias, torch_device

    _alias.install(wins=True)
    torch_device.install()
    made, called = _watch(out)
    folder = os.path.dirname(os.path.abspath(path))
    sys.path.insert(0, folder)
    os.chdir(folder)
    report: dict[str, Any] = {"ok": False, "code": "", "why": ""}
    try:
        import random

        import numpy as np
        import torch

        random.seed(0)
        np.random.seed(0)
        torch.manual_seed(0)
        if kind == "script":
            import runpy

            sys.argv = [path]
            runpy.run_path(path, run_name="__main__")
            report["ok"] = True
        else:
            import pytest

            _import_what_it_can(path)

            class Plugin:
                """Runs what is marked for one GPU generation too."""

                def pytest_collection_modifyitems(self, items: list) -> None:
                    for item in items:
                        item.own_markers = [
                            m for m in item.own_markers if m.name not in ("skip", "skipif")
                        ]

                def pytest_exception_interact(self, call: Any) -> None:
                    report.update(_reason(call.excinfo.value))

            status = pytest.main(
                ["-q", "-x", "-p", "no:cacheprovider", f"{path}::{name}"], plugins=[Plugin()]
            )
            report["ok"] = status == 0
            if status and not report["why"]:
                report["why"] = f"pytest ended with status {int(status)}"
    except SystemExit as exc:
        report["ok"] = exc.code in (None, 0)
    except BaseException as exc:
        report.update(_reason(exc))
    report["made"] = sorted(set(made))
    report["called"] = sorted(set(called))
    Path(out).write_text(json.dumps(report))


def _import_what_it_can(path: str) -> None:
    """Import what a test file imports; a module that fails says why when it is
    used, so that the tests of its neighbours still run."""
    import importlib

    class Failed(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            raise self.__dict__["error"]

    for node in ast.parse(Path(path).read_text()).body:
        for name in [a.name for a in node.names] if isinstance(node, ast.Import) else []:
            try:
                importlib.import_module(name)
            except Exception as exc:
                sys.modules[name] = Failed(name)
                sys.modules[name].__dict__["error"] = exc


def _reason(exc: BaseException) -> dict[str, str]:
    from tilewright.diagnostics import TilewrightError

    if isinstance(exc, TilewrightError) and exc.diagnostics:
        first = next((d for d in exc.diagnostics if d.severity == "error"), exc.diagnostics[0])
        return {"code": first.code, "why": first.message}
    text = [line.strip() for line in str(exc).splitlines() if line.strip()]
    if text and text[0].startswith("Tensor-likes are not"):
        text = [" ".join(text[:3])]  # how many elements, and by how much
    return {"code": type(exc).__name__, "why": text[0][:200] if text else ""}


# -- in the parent --------------------------------------------------------------
def _tests(examples: Path) -> list[tuple[str, Path, str]]:
    found = []
    imported: set[str] = set()
    for path in sorted(examples.rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {a.name for a in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.append(("test", path, node.name))
    tested = {p for _, p, _ in found}
    for path in sorted(examples.rglob("*.py")):
        text = path.read_text()
        if path in tested or path.stem in imported or "__main__" not in text:
            continue
        if re.search(r"\bT\.Kernel\(", text) and "bitnet-1.58b" not in str(path):
            found.append(("script", path, path.stem))
    return found


def _run(kind: str, path: Path, name: str, limit: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "report.json")
        command = [sys.executable, str(HERE), "--child", kind, str(path), name, out]
        start = time.monotonic()
        try:
            # Time of the processor, so that what else runs does not count.
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=12 * limit,
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_CPU, (int(limit), int(limit) + 1)
                ),
            )
        except subprocess.TimeoutExpired:
            return _stopped(Path(out), limit)
        if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return _stopped(Path(out), limit)
        report = {"ok": False, "code": "time"}
        if os.path.exists(out):
            report = json.loads(Path(out).read_text())
        if report["code"] == "time":  # it ended without a word
            tail = (done.stderr or done.stdout).strip().splitlines()
            why = f"status {done.returncode}: {tail[-1] if tail else ''}"
            report = {"ok": False, "code": "crash", "why": why}
        report["seconds"] = round(time.monotonic() - start, 1)
        return report


def _stopped(out: Path, limit: float) -> dict[str, Any]:
    """What a run was doing when it took too long."""
    try:
        report = json.loads(out.read_text())
    except (OSError, ValueError):
        report = {}
    report.update(ok=False, code="time")
    why = f"more than {limit:.0f} s, {report.get('doing', 'ending')}"
    for text in report.get("scalar", ()):
        why += "; element by element: " + text.partition("slow: ")[2]
    return {**report, "why": why}


def _page(rows: list[dict[str, Any]], untried: list[str], commit: str, limit: float) -> str:
    passed = sorted({k for r in rows if r["ok"] for k in r.get("called", [])})
    runs = [r for r in rows if r["ok"]]
    latest = max((r.get("taken", "") for r in rows), default="")
    older = [r for r in rows if r.get("taken", "") != latest]
    lines = [
        "# TileLang's public examples, run here",
        "",
        "Written by `python test/tools/tilelang_examples.py CHECKOUT --write`"
        + (f" at commit `{commit}`" if commit else "")
        + f", with {limit:.0f} s of processor time for each run.",
        "A run is one test function of TileLang's `examples/`, or a program there that no test",
        "imports; it compares its results with torch itself. A kernel counts when a run that",
        "called it passed.",
        "",
        "Where a GEMM of float16 operands misses a tolerance of 1 %, it is by the matrix unit: it",
        "uses 9 of the 10 bits of mantissa of its second operand, which leaves a relative error",
        "of 5e-4 in the Frobenius norm (bfloat16 operands are exact).",
        "",
        f"**{len(passed)} kernels pass, in {len(runs)} of {len(rows)} runs.**"
        + (f" {len(untried)} more runs were not tried." if untried else "")
        + " A time in a reason is the limit of",
        "that run."
        + (f" {len(older)} rows, marked †, were taken before {latest}." if older else ""),
        "",
        "| run | result | reason |",
        "|---|---|---|",
    ]
    for r in rows:
        why = " ".join(filter(None, [r.get("code"), r.get("why")])) if not r["ok"] else ""
        why = why.replace("|", "\\|").replace("<", "&lt;")
        what = ("passes" if r["ok"] else "fails") + (" †" if r in older else "")
        lines.append(f"| {r['run']} | {what} | {why} |".replace("  |", " |"))
    lines += [f"| {run} | not tried | |" for run in untried]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--only", default="", help="runs whose name matches this pattern")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="runs at a time")
    parser.add_argument(
        "--limit", type=float, default=120, help="seconds of the processor for each run"
    )
    parser.add_argument("--commit", default="", help="the checkout's commit, for the page")
    parser.add_argument("--save", type=Path, help="keep the results in this JSON file")
    parser.add_argument("--write", action="store_true", help="write docs/tilelang-examples.md")
    options = parser.parse_args()
    examples = (options.checkout / "examples").resolve()
    wanted = []
    found = _tests(examples)
    for kind, path, name in found:
        run = f"{path.relative_to(examples)}" + (f"::{name}" if kind == "test" else "")
        if re.search(options.only, run):
            wanted.append((run, kind, path, name))
    done: dict[str, dict[str, Any]] = {}
    if options.save and options.save.exists():  # what this call does not repeat
        done = {row["run"]: row for row in json.loads(options.save.read_text())}

    def work(item: tuple[str, str, Path, str]) -> None:
        run, *what = item
        row = {"run": run, **_run(*what, options.limit), "taken": date.today().isoformat()}
        done[run] = row
        why = "" if row["ok"] else f"  {row.get('code')} {row.get('why')}"
        print(f"{'pass' if row['ok'] else 'FAIL'}  {run}{why}", flush=True)
        if options.save:
            options.save.write_text(json.dumps(list(done.values()), indent=1))

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(work, wanted))
    order = [f"{p.relative_to(examples)}" + (f"::{n}" if k == "test" else "") for k, p, n in found]
    rows = [done[run] for run in order if run in done]
    codes = Counter(r.get("code") for r in rows if not r["ok"])
    kernels = {k for r in rows if r["ok"] for k in r.get("called", [])}
    print(f"{len(kernels)} kernels in {sum(r['ok'] for r in rows)} of {len(rows)} runs; {codes}")
    if options.write:
        untried = [run for run in order if run not in done]
        PAGE.write_text(_page(rows, untried, options.commit, options.limit))


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--child":
        _run_child(*sys.argv[2:])
    else:
        main()
