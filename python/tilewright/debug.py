"""Looking into a compilation: dumps of the IR, differences, an analysis of the kernels.

TT_DUMP_IR=1 (and TT_DUMP_IR_DIR) dump every compilation of a process, the second and
further ones into folders kernel_2, kernel_3, .. of the folder; here the same is switched
from a program, and single compilations are looked into without files.

    enable_ir_debugging("dumps")            # every kernel from here on
    steps = trace_passes(func)              # the IR after each pass, in memory
    print(show_diff(steps, -2, -1))
    print(analyze_kernels(steps)["kernels"])
"""

from __future__ import annotations

import difflib
import operator
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from .diagnostics import error

_folder: str | None = None
_disabled = False


def enable_ir_debugging(dump_dir: str = "ir_dumps") -> None:
    """Dump the IR of every compilation from here on into `dump_dir`."""
    global _folder, _disabled
    _folder, _disabled = dump_dir, False


def disable_ir_debugging() -> None:
    """Dump nothing from here on, whatever the environment says."""
    global _folder, _disabled
    _folder, _disabled = None, True


def reset_ir_debugging() -> None:
    """Leave it to TT_DUMP_IR again."""
    global _folder, _disabled
    _folder, _disabled = None, False


def chosen_folder(from_environment: str | None) -> str | None:
    """The folder to dump to: the program's choice, else the environment's."""
    return None if _disabled else _folder or from_environment


class Step(NamedTuple):
    """The IR after one pass, without locations."""

    name: str
    ir: str
    milliseconds: float


def trace_passes(func: Any, out_idx: Any = None, target: Any = None) -> list[Step]:
    """The IR before the first pass ("initial") and after each pass. A compilation that
    fails gives the steps up to the pass that failed. Of a function with several launches the
    steps of each follow each other, named "0/initial", "0/tt-infer-layout", .., "1/initial", ..
    """
    from .driver.kernel import output_positions
    from .driver.target import read_target
    from .language.trace import PrimFunc

    if not isinstance(func, PrimFunc):
        raise error(
            "TW1008",
            f"trace_passes is given a value of type '{type(func).__name__}'",
            None,
            "pass a function decorated with @T.prim_func",
        )
    goal = read_target(target)
    results = output_positions(func, out_idx)
    options: dict[str, Any] = {
        "chip": goal.device,
        "core_grid": list(goal.cores) if goal.cores else None,
        "metalium_api": goal.metalium_api,
        "math_fidelity": goal.math_fidelity,
        "fast_math": goal.fast_math,
    }
    count = func.builder.launches
    if count < 2:
        return _steps_of(func.ir(results), options, "")
    return [s for k in range(count) for s in _steps_of(func.ir(results, k), options, f"{k}/")]


def _steps_of(text: str, options: dict[str, Any], prefix: str) -> list[Step]:
    """The steps of one launch."""
    from . import _compiler

    steps = [Step(f"{prefix}initial", text, 0.0)]
    for name in _compiler.passes():
        made = _compiler.compile(text, {**options, "run_only": name}, "input.mlir")
        if not made.ok:
            break
        steps.append(Step(prefix + name, made.plain_ir, made.passes[-1][1]))
        text = made.ir
    return steps


def show_diff(steps: Sequence[Step], i: int = -2, j: int = -1, context: int = 3) -> str:
    """The unified difference between two steps; by default what the last pass did."""
    if not isinstance(steps, (list, tuple)) or not all(isinstance(s, Step) for s in steps):
        raise error("TW1031", f"{steps!r:.60} are no steps", None, "pass what trace_passes returns")
    if len(steps) < 2:
        raise error(
            "TW1031",
            f"Not enough IR history to show diff: {len(steps)} steps",
            None,
            "trace_passes gives one step a pass",
        )
    try:
        old, new, context = steps[i], steps[j], max(operator.index(context), 0)
    except (IndexError, TypeError) as exc:
        raise error(
            "TW1031",
            f"Invalid pass indices {i} and {j}: there are {len(steps)} steps",
            None,
            "use whole numbers within the list of steps, and of lines for context",
        ) from exc
    lines = difflib.unified_diff(
        old.ir.splitlines(), new.ir.splitlines(), old.name, new.name, lineterm="", n=context
    )
    return "\n".join(lines)


_KERNEL = re.compile(r"metalium\.kernel @(\w+) +(reader|compute|writer)")
_OP = re.compile(r"^\s*(?:[%\w:, ]+ = )?([a-z_]+\.[a-z_0-9.]+)")


def analyze_kernels(steps: Sequence[Step]) -> dict[str, Any]:
    """What the last step holds: kernels by role with their statements and the
    TT-Metalium calls they use, empty bodies, circular buffers. Of several launches the last
    step of each counts, and kernels are named "0/reader", .., buffers "0/cb_A", ..."""
    from .registry import intrinsics

    if not isinstance(steps, (list, tuple)) or not steps or not isinstance(steps[-1], Step):
        raise error("TW1031", f"{steps!r:.60} are no steps", None, "pass what trace_passes returns")
    calls = intrinsics()
    kernels: dict[str, dict[str, Any]] = {}
    current, depth = None, 0
    buffers = []
    last = {step.name.rpartition("/")[0]: step.ir for step in steps}
    lines = [(f"{n}/" if n else "", line) for n in last for line in last[n].splitlines()]
    for launch, line in lines:
        head = _KERNEL.search(line)
        if head:
            current = {"role": head[2], "statements": 0, "intrinsics": {}}
            kernels[launch + head[1]] = current
            depth = 0
        elif "metalium.circular_buffer @" in line:
            buffers.append(launch + line.split("@", 1)[1].split()[0])
        elif current is not None:
            found = _OP.match(line)
            if found:
                current["statements"] += 1
                name = found[1].rsplit(".", 1)[-1]
                if name in calls:
                    used = current["intrinsics"]
                    used[name] = used.get(name, 0) + 1
        if current is not None:
            depth += line.count("{") - line.count("}")
            if depth <= 0 and not head:
                current = None
    by_role: dict[str, list[str]] = {}
    for name, kernel in kernels.items():
        by_role.setdefault(kernel["role"], []).append(name)
    return {
        "total_functions": len(kernels),
        "kernels": kernels,
        "kernels_by_role": by_role,
        "statement_counts": {n: k["statements"] for n, k in kernels.items()},
        "empty_bodies": [n for n, k in kernels.items() if not k["statements"]],
        "intrinsics_used": sorted({c for k in kernels.values() for c in k["intrinsics"]}),
        "circular_buffers": buffers,
    }


__all__ = [
    "Step",
    "analyze_kernels",
    "disable_ir_debugging",
    "enable_ir_debugging",
    "reset_ir_debugging",
    "show_diff",
    "trace_passes",
]
