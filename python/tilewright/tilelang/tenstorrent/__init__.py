"""`tilelang.tenstorrent`: what TileLang's Tenstorrent back end offers beside the language.

Annotations, the plan, artifacts, the registry of intrinsics and the IR debugger.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ...debug import (
    Step,
    analyze_kernels,
    disable_ir_debugging,
    enable_ir_debugging,
    reset_ir_debugging,
    show_diff,
    trace_passes,
)
from ...diagnostics import error
from ...driver import lower
from ...driver.kernel import write_files
from ...driver.target import TENSTORRENT_TARGET
from ...language.annotations import (
    TT_DEFAULTS,
    CoreRange,
    WorkItem,
    annotate_tt_layout,
    annotate_tt_schedule,
    apply_tt_defaults,
    with_core_grid,
    with_core_ranges,
    with_layout_desc,
    with_work_partition,
)
from ...plan import emit_tt_plan, extract_runtime_plan, load_tt_plan, validate_plan
from ...registry import (
    Intrinsic,
    generate_cpp_for_intrinsic,
    get_by_category,
    get_intrinsic,
    intrinsics,
    is_intrinsic_registered,
)


def emit_tt_artifacts(func: Any, target: Any = None) -> dict[str, str]:
    """The emitted files of a prim_func or a compiled kernel, name to text."""
    files = getattr(func, "files", None)
    return dict(files if files is not None else lower(func, target=target).files)


def write_artifacts_to_disk(artifacts: dict[str, str], output_dir: Any) -> list[str]:
    """Write the files byte for byte, and metadata.json with their names and checksums."""
    texts = [*artifacts.items()] if isinstance(artifacts, dict) else [(None, None)]
    if not all(isinstance(n, str) and isinstance(t, str) for n, t in texts):
        raise error(
            "TW1008",
            f"the artifacts are no texts of files by name: {artifacts!r:.80}",
            None,
            "pass what emit_tt_artifacts returns",
        )
    sums = {n: hashlib.sha256(t.encode()).hexdigest() for n, t in artifacts.items()}
    try:
        plan = dict(json.loads(artifacts.get("tt.plan.json", "{}")))
    except (ValueError, TypeError, RecursionError):
        plan = {}  # what is wrong with it is said where it is read
    metadata = {
        "files": list(artifacts),
        "sha256": sums,
        "generator": plan.get("generator", "tilewright"),
        "schema_version": plan.get("schema_version"),
    }
    text = json.dumps(metadata, indent=2) + "\n"
    return write_files({**artifacts, "metadata.json": text}, output_dir)


__all__ = [
    "TENSTORRENT_TARGET",
    "TT_DEFAULTS",
    "CoreRange",
    "Intrinsic",
    "Step",
    "WorkItem",
    "analyze_kernels",
    "annotate_tt_layout",
    "annotate_tt_schedule",
    "apply_tt_defaults",
    "disable_ir_debugging",
    "emit_tt_artifacts",
    "emit_tt_plan",
    "enable_ir_debugging",
    "extract_runtime_plan",
    "generate_cpp_for_intrinsic",
    "get_by_category",
    "get_intrinsic",
    "intrinsics",
    "is_intrinsic_registered",
    "load_tt_plan",
    "lower",
    "reset_ir_debugging",
    "show_diff",
    "trace_passes",
    "validate_plan",
    "with_core_grid",
    "with_core_ranges",
    "with_layout_desc",
    "with_work_partition",
    "write_artifacts_to_disk",
]
