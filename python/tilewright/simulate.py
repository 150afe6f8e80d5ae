"""Running emitted folders and host programs, and describing folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from . import l1map
from .diagnostics import SimulationError, error
from .plan import launches


def read_folder(folder: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The plan and the kernel sources of an artifact folder."""
    from .plan import load_tt_plan

    plan = load_tt_plan(os.path.join(folder, "tt.plan.json"))
    emitted = [kernel for launch in launches(plan) for kernel in launch["kernels"]]
    for entry in (*emitted, *plan.get("host_files", [])):
        _check_file(os.path.join(folder, entry["file"]), entry["sha256"])
    kernels = {}
    for kernel in emitted:
        name = kernel["file"]
        try:
            with open(os.path.join(folder, name), encoding="utf-8") as source:
                kernels[name] = source.read()
        except OSError as exc:
            raise error(
                "TW1026",
                f"'{os.path.join(folder, name)}' cannot be read: {exc.strerror}",
                None,
                "compile the program again",
            ) from exc
    return plan, kernels


def _check_file(path: str, wanted: str) -> None:
    """A file of the folder is there and is the one that the plan was written with."""
    import hashlib

    try:
        with open(path, "rb") as source:
            found = hashlib.sha256(source.read()).hexdigest()
    except OSError as exc:
        raise error(
            "TW1026", f"'{path}' cannot be read: {exc.strerror}", None, "compile the program again"
        ) from exc
    if found != wanted:
        raise error(
            "TW1029",
            f"'{path}' has been changed: its checksum is {found}, the plan has {wanted}",
            None,
            "compile the program again; the plan describes the files it was written with",
        )


def _load(path: str, tensor: dict[str, Any]) -> Any:
    import numpy as np

    from .language.dtypes import dtype, numpy_dtype

    try:
        array = np.load(path)
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise error(
            "TW1026",
            f"input tensor '{tensor['name']}' cannot be read from '{path}': {reason}",
            None,
            f"save it with numpy.save: shape {tuple(tensor['shape'])}, {tensor['dtype']}",
        ) from exc
    host = numpy_dtype(dtype(tensor["dtype"]))
    same = array.dtype == host or (
        array.dtype.itemsize == host.itemsize and array.dtype.kind in "Vu"
    )
    if not same or list(array.shape) != list(tensor["shape"]):
        raise error(
            "TW1026",
            f"'{path}' holds {array.dtype} {array.shape}, tensor '{tensor['name']}' is "
            f"{tensor['dtype']} {tuple(tensor['shape'])}",
            None,
            "save an array of this shape and type",
        )
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def _for_sizes(plan: dict[str, Any], folder: str) -> dict[str, Any]:
    """The plan for the sizes that the tensors in the folder have."""
    import numpy as np

    from .driver.kernel import load_simulator

    sizes: dict[str, int] = {}
    for size in plan.get("sizes", []):
        path = os.path.join(folder, size["tensor"] + ".npy")
        try:
            shape = np.load(path, mmap_mode="r").shape
        except (OSError, ValueError) as exc:
            reason = getattr(exc, "strerror", None) or str(exc)
            raise error(
                "TW1026",
                f"size '{size['name']}' of the plan is dimension {size['dim']} of tensor "
                f"'{size['tensor']}', which cannot be read from '{path}': {reason}",
                None,
                "save the tensor with numpy.save",
            ) from exc
        sizes[size["name"]] = int(shape[size["dim"]]) if size["dim"] < len(shape) else 0
    if not sizes:
        return plan
    simulator = load_simulator()
    text, problems = simulator.resolve_plan(json.dumps(plan), sizes)
    problems = problems or simulator.validate_plan(text)
    if problems:
        given = ", ".join(f"{n} = {v}" for n, v in sizes.items())
        raise error(
            "TW7008",
            f"'{folder}' cannot run with {given}: {problems[0]}",
            None,
            "save tensors of other sizes",
        )
    return json.loads(text)


def run_folder(folder: str) -> int:
    """`tilewright sim DIR`: inputs from DIR/NAME.npy, outputs to DIR/NAME.npy."""
    import numpy as np

    from .driver.kernel import _field, load_simulator, read_diagnostic
    from .language.dtypes import dtype, numpy_dtype

    plan, kernels = read_folder(folder)
    plan = _for_sizes(plan, folder)
    tensors: dict[str, Any] = {}
    for tensor in plan["tensors"]:
        path = os.path.join(folder, tensor["name"] + ".npy")
        is_read = tensor["role"] in ("input", "inout")
        tensors[tensor["name"]] = _load(path, tensor) if is_read else None
    result = load_simulator().run_plan(json.dumps(plan), kernels, tensors, {})
    faults = _field(result, "faults", None)
    if faults is None:
        fault = _field(result, "fault", None)
        faults = [fault] if fault else []
    if faults:
        raise SimulationError([read_diagnostic(f) for f in faults])
    for tensor in plan["tensors"]:
        data = result.outputs.get(tensor["name"])
        if data is None:
            continue
        host = numpy_dtype(dtype(tensor["dtype"]))
        array = np.frombuffer(data, dtype=host).reshape(tensor["shape"])
        path = os.path.join(folder, tensor["name"] + ".npy")
        np.save(path, array)
        print(f"wrote {path}")
    print(f"cycles: {result.cycles} simulated")
    return 0


def run_timed(folder: str, show: bool = False) -> int:
    """Time a folder without the numbers: tensors are zeros that nobody computes with.
    `show` prints the cycles."""
    from .driver.kernel import _field, load_simulator, read_diagnostic
    from .language.dtypes import dtype, numpy_dtype

    plan, kernels = read_folder(folder)
    plan = _for_sizes(plan, folder)
    tensors: dict[str, Any] = {}
    for tensor in plan["tensors"]:
        count = numpy_dtype(dtype(tensor["dtype"])).itemsize
        for extent in tensor["shape"]:
            count *= extent
        is_read = tensor["role"] in ("input", "inout")
        tensors[tensor["name"]] = bytes(count) if is_read else None
    options = {"with_data": False}
    result = load_simulator().run_plan(json.dumps(plan), kernels, tensors, options)
    faults = _field(result, "faults", None)
    if faults:
        raise SimulationError([read_diagnostic(f) for f in faults])
    if show:
        print(f"cycles: {result.cycles} simulated, without data")
    return 0


def run_project(folder: str, args: list[str]) -> int:
    """`tilewright sim DIR` of a CMake project: builds it with the simulator as its
    package TT-Metalium and runs the program that it builds."""
    from .programs import find_prefix, project_folder, run_built

    build = project_folder(folder)
    configure = ["cmake", "-S", folder, "-B", build, "-DCMAKE_BUILD_TYPE=Release"]
    configure += [f"-DCMAKE_PREFIX_PATH={find_prefix()}", "-DCMAKE_CXX_COMPILER=clang++-22"]
    if not os.path.isfile(os.path.join(build, "CMakeCache.txt")):
        configure += ["-G", "Ninja"]
    print(f"tilewright: building {folder}", file=sys.stderr, flush=True)
    for step in (configure, ["cmake", "--build", build]):
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stderr.write(done.stdout + done.stderr)
            raise error(
                "TW1091",
                f"the project '{folder}' does not build against the simulator",
                None,
                "the text above names the place; what the simulator lacks is named there",
            )
    made = [
        os.path.join(place, name)
        for place, folders, names in os.walk(build)
        if "CMakeFiles" not in place.split(os.sep)
        for name in sorted(names)
        if os.access(os.path.join(place, name), os.X_OK) and "." not in name
    ]
    if len(made) > 1 and args:
        named = [m for m in made if os.path.basename(m) == args[0]]
        made, args = (named, args[1:]) if named else (made, args)
    if len(made) != 1:
        names = ", ".join(os.path.basename(m) for m in made) or "none"
        raise error(
            "TW1026",
            f"the project '{folder}' builds these programs: {names}",
            None,
            "name the one to run behind the folder" if made else "add an executable",
        )
    return run_built(made[0], os.path.join(folder, "CMakeLists.txt"), args)


def report_folder(folder: str) -> int:
    """`tilewright report DIR`: cores, work, L1 map and kernels of a folder."""
    plan, kernels = read_folder(folder)
    chip = plan.get("chip", {})
    print(f"{plan.get('name')} for {chip.get('name')} ({chip.get('arch')})")
    print("  tensors")
    for t in plan.get("tensors", []):
        shape = "x".join(map(str, t["shape"]))
        pages = f" {t['pages']} pages" if "pages" in t else ""
        print(f"    {t['name']:<16} {t['role']:<9} {shape:<16} {t['dtype']:<9}{pages}")
    for number, launch in enumerate(launches(plan)):
        if "launches" in plan:
            print(f"launch {number}: {launch['name']}")
        _report_launch(launch, kernels)
    return 0


def _report_launch(plan: dict[str, Any], kernels: dict[str, str]) -> None:
    """Cores, L1 map, kernels and estimate of one launch."""
    work = plan.get("work", {})
    counts = [c.get("count", 0) for c in work.get("per_core", [])]
    if counts:
        print(
            f"  {work.get('items')} work items on {len(counts)} cores, {min(counts)} to "
            f"{max(counts)} each"
        )
    for line in (*l1map.lines(plan), *l1map.dst_lines(plan)):
        print(f"  {line}")
    print("  kernels")
    for k in plan.get("kernels", []):
        lines = kernels[k["file"]].count("\n")
        print(f"    {k['role']:<8} {k['file']:<14} {lines:>5} lines")
    estimate = plan.get("estimate") or {}
    if estimate:
        print("  estimate: " + ", ".join(f"{k} {v}" for k, v in estimate.items()))
