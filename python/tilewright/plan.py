"""tt.plan.json: write it, read it, and say what is wrong with it.

The rules stand in docs/reference/plan.schema.json and, for what a schema cannot say
(references, sums, overlaps, coverage, limits of the chip), in the simulator, which
reads plans; the functions here and the simulator apply the same ones.
"""

from __future__ import annotations

import json
import os
from typing import Any

from .diagnostics import error, path_text

SCHEMA_VERSION = 2  # the newest; a plan of a single launch has version 1


def launches(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The launches of a plan; the plan itself where there is one."""
    return plan.get("launches") or [plan]


def extract_runtime_plan(kernel: Any) -> dict[str, Any]:
    """The plan of a compiled kernel, or of a prim_func, as a dictionary."""
    plan = getattr(kernel, "plan", None)
    if plan is None:
        from .driver import lower

        plan = json.loads(lower(kernel).files["tt.plan.json"])
    return plan


def emit_tt_plan(kernel: Any, out_path: str | os.PathLike | None = None) -> dict[str, Any]:
    """The plan of a kernel or prim_func; written to `out_path` as well when given."""
    plan = extract_runtime_plan(kernel)
    if out_path is not None:
        path = path_text(out_path)
        from .driver.kernel import write_files

        text = json.dumps(plan, indent=2) + "\n"
        write_files({os.path.basename(path): text}, os.path.dirname(os.path.abspath(path)))
    return plan


def validate_plan(plan: Any) -> list[str]:
    """What is wrong with a plan (a dictionary, or its text), one line each, naming the
    field by its path and the value found; empty when nothing is."""
    from .driver.kernel import load_simulator

    try:
        text = plan if isinstance(plan, str) else json.dumps(plan)
    except (TypeError, ValueError, RecursionError) as exc:
        return [f"the plan: a value of type '{type(plan).__name__}' is not JSON: {exc}"]
    return list(load_simulator().validate_plan(text))


def load_tt_plan(path: str | os.PathLike) -> dict[str, Any]:
    """The plan in a file; a plan that is not valid is an error that lists why."""
    path = path_text(path)
    try:
        with open(path, encoding="utf-8") as source:
            text = source.read()
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or "it is not UTF-8 text"
        raise error(
            "TW1026", f"'{path}' cannot be read: {reason}", None, "give a tt.plan.json"
        ) from exc
    problems = validate_plan(text)
    if problems:
        shown = "\n".join(f"  {line}" for line in problems)
        raise error(
            "TW1029",
            f"'{path}' is not a valid plan:\n{shown}",
            None,
            "compile the program again with this version",
        )
    return json.loads(text)


__all__ = [
    "SCHEMA_VERSION",
    "emit_tt_plan",
    "extract_runtime_plan",
    "launches",
    "load_tt_plan",
    "validate_plan",
]
