"""JITKernel: a compiled kernel, its files, and its calls on the simulator."""

from __future__ import annotations

import json
import math
import operator
import os
import re
import sys
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import l1map
from ..diagnostics import (
    CompileError,
    Diagnostic,
    SimulationError,
    Span,
    argument_error,
    error,
    path_text,
)
from ..language.buffer import Buffer
from ..language.builder import user_span
from ..language.dtypes import dtype, numpy_dtype
from ..language.expr import Symbol, evaluate
from ..language.trace import PrimFunc
from ..plan import launches
from . import cache
from .target import Target
from .variants import Choice, is_internal, settle


def dump_dir() -> str | None:
    """Folder for IR dumps: the program's choice, else TT_DUMP_IR and TT_DUMP_IR_DIR."""
    from ..debug import chosen_folder

    wanted = os.environ.get("TT_DUMP_IR", "").strip().lower()
    off = wanted in ("", "0", "false", "no", "off")
    return chosen_folder(None if off else os.environ.get("TT_DUMP_IR_DIR") or "ir_dumps")


_dumped: dict[str, list[str]] = {}  # folder: the compilations dumped into it


def _dump_folder_of(whole: str, settings: dict[str, Any]) -> str | None:
    """Where a compilation is dumped: the first of a process into the folder itself, every
    other one into a folder kernel_2, kernel_3, .. of it."""
    folder = settings.get("dump_dir")
    if not folder:
        return None
    key = cache.key_of(whole, {**settings, "dump_dir": None})
    seen = _dumped.setdefault(os.path.abspath(folder), [])
    if key not in seen:
        seen.append(key)
    number = seen.index(key) + 1
    return folder if number == 1 else os.path.join(folder, f"kernel_{number}")


def _field(item: Any, name: str, default: Any = None) -> Any:
    if isinstance(item, dict):
        return item.get(name, default)
    return getattr(item, name, default)


def read_diagnostic(item: Any) -> Diagnostic:
    """A diagnostic of the compiler or the simulator as one of ours."""
    file, line = _field(item, "file", "") or "", _field(item, "line", 0) or 0
    column = _field(item, "column", 1) or 1
    span = Span(file, int(line), int(column)) if file else None
    severity = str(_field(item, "severity", "error") or "error").lower().rsplit(".", 1)[-1]
    code = _field(item, "code", "") or ""
    if isinstance(code, int):
        code = f"TW{code:04d}"
    notes = tuple(str(n) for n in _field(item, "notes", ()) or ())
    return Diagnostic(severity, str(code), str(_field(item, "message", "")), span, notes)


_SOURCE_LINE = re.compile(r"^\s*// ([^\s:]+:\d+): (.*)")


def with_source(found: Diagnostic, files: dict[str, str]) -> Diagnostic:
    """A diagnostic at a line of an emitted kernel, with the line of the program that
    the kernel's comments name for it."""
    text = files.get(os.path.basename(found.span.file)) if found.span else None
    for line in reversed(text.splitlines()[: found.span.line] if text else []):
        match = _SOURCE_LINE.match(line)
        if match:
            note = f"this is {match.group(1)}: {match.group(2).strip()}"
            return found._replace(notes=(*found.notes, note))
    return found


def _load(name: str) -> Any:
    """An extension module, or a diagnostic that says how to get it."""
    import importlib

    try:
        return importlib.import_module(f"tilewright.{name}")
    except ImportError as exc:
        raise error(
            "TW1026",
            f"the module tilewright.{name} cannot be loaded: {exc}",
            None,
            "build it: ./tilewright builds everything, or pip install .",
        ) from exc


def load_simulator() -> Any:
    """The simulator."""
    return _load("_simulator")


class CompiledSource:
    """What the compiler made of one kernel."""

    def __init__(
        self, files: dict[str, str], passes: list, remarks: list, seconds: float, ir: str = ""
    ):
        self.files = files
        self.ir = ir  # where the compilation stopped before the emitters
        self.passes = passes  # (name, milliseconds)
        self.remarks = remarks
        self.seconds = seconds


def _is_cacheable(settings: dict[str, Any]) -> bool:
    """Dumps and IR in between are wanted for what a compilation does on its way."""
    partial = ("dump_dir", "stop_after", "run_only", "fail_pass")
    return cache.is_enabled() and not any(settings.get(name) for name in partial)


def compile_ir(
    ir: str | list[str],
    name: str,
    target: Target,
    options: dict | None = None,
    file_name: str = "input.mlir",
    workspaces: list[str] | None = None,
) -> CompiledSource:
    """Run the compiler on tile IR; raise CompileError with its diagnostics. A list is
    the launches of one function, which share `workspaces`. `file_name` stands in messages
    about the text itself."""
    compiler = _load("_compiler")
    settings: dict[str, Any] = {
        "chip": target.device,
        "core_grid": list(target.cores) if target.cores else None,
        "metalium_api": target.metalium_api,
        "dump_dir": dump_dir(),
        "name": name,
        "math_fidelity": target.math_fidelity,
        "fast_math": target.fast_math,
        "dst_full_sync": target.dst_full_sync,
        "no_scalar": target.tiles_only,
    }
    settings.update(options or {})
    start = time.perf_counter()
    whole = ir if isinstance(ir, str) else "\0".join([*(workspaces or ()), "", *ir])
    settings["dump_dir"] = _dump_folder_of(whole, settings)
    key = cache.key_of(whole, settings) if _is_cacheable(settings) else None
    kept = cache.load(key) if key else None
    if kept is not None:
        seconds = time.perf_counter() - start
        remarks = [_unpack(d) for d in kept["remarks"]]
        return CompiledSource(kept["files"], [tuple(p) for p in kept["passes"]], remarks, seconds)
    if isinstance(ir, str):
        made, errors = _read_result(compiler.compile(ir, settings, file_name))
    else:
        held = workspaces or []
        made, errors = _read_result(compiler.compile_launches(ir, held, settings, file_name))
    if errors:
        raise CompileError(errors)
    made.seconds = time.perf_counter() - start
    if key:
        rows = [[d.severity, d.code, d.message, d.span, list(d.notes)] for d in made.remarks]
        cache.store(key, {"files": made.files, "passes": made.passes, "remarks": rows})
    return made


def _read_result(result: Any) -> tuple[CompiledSource, list[Diagnostic]]:
    """What the compiler gave, and its errors, as objects of Python: whoever keeps an error
    keeps the frames that it went through, and no object of the extension with them."""
    found = [read_diagnostic(d) for d in result.diagnostics]
    errors: list[Diagnostic] = []
    if not result.ok:
        errors = [d for d in found if d.severity == "error"] or found
        if not errors:
            text = "the compiler stopped without a message"
            errors = [Diagnostic("error", "TW9001", text, None, ("fix: report this program",))]
    remarks = [d for d in found if d.severity != "error"]
    remarks += [read_diagnostic(r) for r in getattr(result, "remarks", ()) if r not in found]
    passes = [(str(n), float(ms)) for n, ms in result.passes]
    return CompiledSource(dict(result.files), passes, remarks, 0.0, result.ir), errors


def compile_func(
    func: PrimFunc, out_idx: Any, target: Target, options: dict | None = None
) -> CompiledSource:
    """Run the compiler on a function: the launches become one folder."""
    place = func.span.file if func.span else func.name
    count = func.builder.launches
    if count == 1:
        return compile_ir(func.ir(out_idx), func.name, target, options, place)
    launches = [func.ir(out_idx, k) for k in range(count)]
    held = [buffer.name for buffer in func.builder.workspaces]
    return compile_ir(launches, func.name, target, options, place, held)


def _unpack(row: list) -> Diagnostic:
    severity, code, message, span, notes = row
    return Diagnostic(severity, code, message, Span(*span) if span else None, tuple(notes))


def write_files(files: dict[str, str], folder: str) -> list[str]:
    """Write all files into `folder`, or none of them."""
    folder = path_text(folder)
    problem = _load("_compiler").write_files(folder, files)
    if problem is not None:
        raise error(
            "TW1026",
            f"the output folder '{folder}' cannot be written: {problem}",
            None,
            "choose a folder you may write to; nothing was written",
        )
    return [os.path.join(folder, name) for name in files]


class RunInfo:
    """What the simulator measured in the last call."""

    def __init__(self, cycles: int, report: dict[str, Any], seconds: float, chip: str):
        self.cycles = cycles
        self.report = report
        self.seconds = seconds
        self.chip = chip

    @property
    def redundant_inits(self) -> int:
        """Set-up calls of the compute kernel that set what was set already, over all
        cores (inits of matmuls are not counted: they carry block sizes too)."""
        return int(self.report["redundant_inits"]["count"])


def output_positions(prim_func: PrimFunc, out_idx: Any) -> list[int]:
    """The parameters that a call returns."""
    params = prim_func.params
    if prim_func.outputs:
        if out_idx is not None:
            raise error(
                "TW1025",
                "out_idx is given for an eager kernel, which returns its outputs",
                prim_func.span,
                "remove out_idx",
            )
        return [k for k, p in enumerate(params) if any(p is b for b in prim_func.outputs)]
    if out_idx is None:
        return []
    wanted = list(out_idx) if isinstance(out_idx, (list, tuple)) else [out_idx]
    found = []
    for i in wanted:
        try:
            i = operator.index(i)
        except TypeError as exc:
            raise error(
                "TW1025",
                f"out_idx has {i!r}, which is no position of a parameter",
                prim_func.span,
                "use the position of the output tensor, e.g. out_idx=[-1]",
            ) from exc
        k = i + len(params) if i < 0 else i
        if not 0 <= k < len(params) or not isinstance(params[k], Buffer):
            raise error(
                "TW1025",
                f"out_idx {i} does not name a tensor among the {len(params)} parameters of "
                f"'{prim_func.name}'",
                prim_func.span,
                "use the position of the output tensor, e.g. out_idx=[-1]",
            )
        found.append(k)
    return found


class JITKernel:
    """A compiled kernel; call it with arrays."""

    def __init__(
        self,
        prim_func: PrimFunc,
        out_idx: Any = None,
        target: Target | None = None,
        pass_configs: dict | None = None,
        verbose: bool | None = None,
        options: dict | None = None,
        whole: bool = False,
    ):
        """`whole`: fail where values that only a call knows would have to be compiled in."""
        from .target import read_target

        self.prim_func = prim_func
        self.target = read_target(target)
        self.name = prim_func.name
        self.out_idx = output_positions(prim_func, out_idx)
        self._check_written()
        if pass_configs and not isinstance(pass_configs, Mapping):
            raise error(
                "TW1008",
                f"pass_configs is {pass_configs!r}, not a dictionary",
                user_span(),
                'write pass_configs={"tl.enable_fast_math": True}',
            )
        self.pass_configs = dict(pass_configs or {})
        if self._fast_math():
            self.target = self.target._replace(fast_math=True)
        self.ir = prim_func.ir(self.out_idx)
        self.options = options
        # What only a call knows: dimensions and scalar arguments.
        self.unknown = prim_func.unknown
        scalars = {p.name for p in self.params if not isinstance(p, Buffer)}
        self.scalars = [n for n in self.unknown if n in scalars]
        self.sizes = [n for n in self.unknown if n not in scalars]
        self.variants: dict[tuple, JITKernel] = {}
        self.compiled: CompiledSource | None = None
        # Why values have to be compiled into this kernel, and which, when they do.
        self.refusal: Diagnostic | None = None
        self.choice: Choice | None = None
        self.last_plan: dict[str, Any] | None = None
        if self.unknown and not whole:
            self._compile_for_all_values()
        else:
            self._compile()
        self.last_run: RunInfo | None = None
        self.latency: float | None = None
        self.ref_latency: float | None = None
        self.config: Any = None
        verbose = verbose if verbose is not None else _verbose()
        if verbose and self.compiled is not None:
            self.print_summary(sys.stderr)

    # -- set-up -------------------------------------------------------------
    def _fast_math(self) -> bool:
        keys = {str(getattr(k, "value", k)): v for k, v in self.pass_configs.items()}
        return bool(keys.get("tl.enable_fast_math"))

    def _check_written(self) -> None:
        builder = self.prim_func.builder
        for k in self.out_idx:
            buffer = self.params[k]
            if id(buffer) not in builder.written:
                raise error(
                    "TW1018",
                    f"output tensor {buffer.label} is never written",
                    buffer.span,
                    f"write it: T.copy(block, {buffer.name}[...])",
                )
        if not builder.written:
            raise error(
                "TW1018",
                f"kernel '{self.name}' writes no tensor",
                self.prim_func.span,
                "write a result with T.copy or an assignment",
            )

    def _compile(self) -> None:
        """What the compiler makes; shows what is likely a mistake, and what costs time."""
        self.compiled = compile_func(self.prim_func, self.out_idx, self.target, self.options)
        for remark in self.remarks:
            if remark.code in ("TW2018", "TW4013", "TW4043"):
                from ..diagnostics import render

                print(render(remark), file=sys.stderr)

    def _compile_for_all_values(self) -> None:
        """One compilation for all sizes and arguments, where that is possible on tiles."""
        options = self.options
        self.options = {**(options or {}), "no_scalar": True}
        try:
            self._compile()
        except CompileError as exc:
            if is_internal(exc):
                raise
            self.refusal = exc.diagnostics[0]
        finally:
            self.options = options

    @property
    def needed(self) -> list[str]:
        """What has to be known before this kernel can be compiled."""
        if self.compiled is not None:
            return []
        return self.choice.names if self.choice else self.unknown

    def specialise(self, values: dict[str, Any], tiles: bool = False) -> JITKernel:
        """The kernel for these dimensions and scalar arguments, compiled once. With
        `tiles`, an error where it has no tile form."""
        key = tuple(sorted(values.items()))
        kernel = self.variants.get(key)
        if kernel is None:
            kernel = JITKernel(
                self.prim_func.specialised({**self.prim_func.known, **values}),
                None if self.prim_func.outputs else self.out_idx or None,
                self.target,
                self.pass_configs,
                False,
                {**(self.options or {}), "no_scalar": True} if tiles else self.options,
                whole=True,
            )
            self.variants[key] = kernel
        return kernel

    def _variant(self, values: dict[str, Any]) -> JITKernel:
        """The kernel for a call with these values."""
        if self.choice is None:
            self.choice = settle(self, values)
        chosen = {n: values[n] for n in self.choice.names}
        return self.specialise(chosen, self.choice.tiles)

    @property
    def source(self) -> CompiledSource:
        """What the compiler made."""
        if self.compiled is not None:
            return self.compiled
        if self.variants:
            return list(self.variants.values())[-1].source
        raise error(
            "TW1026",
            f"kernel '{self.name}' is compiled when {', '.join(self.needed)} "
            f"{'are' if len(self.needed) > 1 else 'is'} known",
            user_span(),
            "call it first",
        )

    # -- sources ------------------------------------------------------------
    @property
    def params(self) -> list[Any]:
        """Parameters in order."""
        return self.prim_func.params

    @property
    def files(self) -> dict[str, str]:
        """The emitted files by name."""
        return self.source.files

    @property
    def passes(self) -> list[tuple[str, float]]:
        """The passes run, with their times in milliseconds."""
        return self.source.passes

    @property
    def remarks(self) -> list[Diagnostic]:
        """Remarks and warnings of the compiler."""
        if self.refusal is None or (self.choice and not self.choice.names):
            return self.source.remarks
        why = self.refusal
        remark = Diagnostic(
            "remark",
            "TW1044",
            f"kernel '{self.name}' is compiled anew for each {self._compiled_in()}: "
            f"{why.message} ({why.code})",
            why.span,
        )
        return [remark, *(self.source.remarks if self.variants else [])]

    def _compiled_in(self) -> str:
        """What is compiled in: `set of sizes (m, n)`, `value of n (m stays an argument)`."""
        names = self.choice.names if self.choice else self.unknown
        rest = [n for n in self.unknown if n not in names]
        kind = "sizes" if set(names) <= set(self.sizes) else "values"
        text = f"set of {kind} ({', '.join(names)})"
        if len(names) == 1 and rest:
            text = f"value of {names[0]}"
        verb = "stays an argument" if len(rest) == 1 else "stay arguments"
        return f"{text} ({', '.join(rest)} {verb})" if rest else text

    @property
    def hints(self) -> list[tuple[str, Span | None]]:
        """Hints of the program that have no effect on this target."""
        return self.prim_func.builder.hints

    @property
    def plan(self) -> dict[str, Any]:
        """tt.plan.json as a dictionary."""
        return json.loads(self.files["tt.plan.json"])

    @property
    def plans(self) -> list[dict[str, Any]]:
        """The plan of each launch; the plan itself where there is one."""
        return launches(self.plan)

    @property
    def cores(self) -> int:
        """Number of cores that have work; of a kernel for all sizes, in the last call."""
        if self.compiled is None and self.variants:
            return list(self.variants.values())[-1].cores
        return max(
            sum(1 for c in plan["work"]["per_core"] if c.get("count", 1))
            if "per_core" in plan["work"]
            else math.prod(plan["core_grid"])
            for plan in launches(self.last_plan or self.plan)
        )

    @property
    def kernel_source(self) -> str:
        """Same as get_kernel_source()."""
        return self.get_kernel_source()

    @property
    def host_source(self) -> str:
        """The emitted host program."""
        return self.files["main.cpp"]

    @property
    def artifact(self) -> JITKernel:
        """The kernel itself: it has files, params and sources."""
        return self

    @property
    def adapter(self) -> JITKernel:
        """The kernel itself."""
        return self

    def get_kernel_source(self, kernel_only: bool = True) -> str:
        """The emitted files as one JSON object, name to text."""
        return json.dumps(self.files, indent=2)

    def get_host_source(self) -> str:
        """The emitted host program."""
        return self.host_source

    def get_artifact(self, name: str) -> str:
        """The text of one emitted file."""
        if not isinstance(name, str) or name not in self.files:
            raise error(
                "TW1026",
                f"kernel '{self.name}' has no emitted file '{name}'",
                user_span(),
                f"use one of {', '.join(self.files)}",
            )
        return self.files[name]

    def show_source(self, which: str = "kernel") -> None:
        """Print the kernels, the host program, or both."""
        kernels = [k["file"] for plan in self.plans for k in plan["kernels"]]
        names = {
            "kernel": kernels,
            "host": ["main.cpp"],
            "both": [*kernels, "main.cpp"],
        }.get(which, list(self.files))
        for name in names:
            print(f"// {name}\n{self.files[name]}")

    print_source_code = show_source

    def export_sources(self, kernel_path: str | None = None, host_path: str | None = None) -> None:
        """Write the kernels as one JSON file, and the host program."""
        for path, text in (
            (kernel_path, self.get_kernel_source()),
            (host_path, self.host_source),
        ):
            if path:
                folder = os.path.dirname(os.path.abspath(path))
                write_files({os.path.basename(path): text}, folder)

    def write_artifacts_to_disk(self, folder: str) -> list[str]:
        """Write the emitted files into a folder, or none of them."""
        return write_files(self.files, folder)

    def print_summary(self, out: Any = None) -> None:
        """Passes with times, files, the L1 map, ignored hints and remarks."""
        out = out or sys.stdout
        total = sum(ms for _, ms in self.passes)
        print(f"kernel {self.name} for {self.target}", file=out)
        for name, ms in self.passes:
            print(f"  {name:<36} {ms:8.2f} ms", file=out)
        print(f"  {'all passes':<36} {total:8.2f} ms", file=out)
        for name, text in self.files.items():
            lines = text.count("\n")
            print(f"  {name:<36} {lines:8d} lines", file=out)
        for plan in self.plans:
            for line in (*l1map.lines(plan), *l1map.dst_lines(plan)):
                print(f"  {line}", file=out)
        for text, span in self.hints:
            place = f"{span}: " if span else ""
            print(f"  {place}hint {text} has no effect on this target", file=out)
        for remark in self.remarks:
            from ..diagnostics import render

            print(render(remark), file=out)

    # -- calls --------------------------------------------------------------
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        span = user_span()
        params = self.params
        expected = [k for k in range(len(params)) if k not in self.out_idx]
        values = list(args)
        names = [params[k].name for k in expected]
        for name in kwargs:
            if name not in names[len(values) :]:
                raise argument_error(
                    "TW7001",
                    f"kernel '{self.name}' has no free argument '{name}'",
                    span,
                    f"its arguments are ({', '.join(names)})",
                )
        values += [kwargs[n] for n in names[len(values) :] if n in kwargs]
        if len(values) != len(expected):
            raise argument_error(
                "TW7001",
                f"kernel '{self.name}' takes {len(expected)} argument"
                f"{'s' if len(expected) != 1 else ''} ({', '.join(names)}), {len(values)} given",
                span,
                "outputs named by out_idx are returned, all other tensors are passed"
                if self.out_idx
                else "pass every tensor, also the ones the kernel writes; or name outputs in "
                "out_idx",
            )
        return self._run(dict(zip(expected, values, strict=True)), span)

    def for_arguments(self, values: dict[str, Any]) -> JITKernel:
        """The kernel for the sizes of these arguments, by their names; the kernel
        itself where they do not tell."""
        from .arguments import check_array

        symbols: dict[str, int] = dict(self.prim_func.known)
        for p in self.params:
            value = values.get(p.name)
            if isinstance(p, Buffer) and hasattr(value, "shape"):
                check_array(value, p, symbols, user_span())
            elif value is not None and not isinstance(p, Buffer):
                symbols[p.name] = self._scalar(p, value, user_span())
        if self.compiled is not None or not set(self.unknown) <= set(symbols):
            return self
        return self._variant(symbols)

    def _run(self, given: dict[int, Any], span: Span | None) -> Any:
        from .arguments import check_array, result_array

        symbols: dict[str, int] = dict(self.prim_func.known)
        arrays = {}
        tensors: dict[str, Any] = {}
        for k, value in given.items():
            p = self.params[k]
            if isinstance(p, Buffer):
                arrays[k] = check_array(value, p, symbols, span)
                tensors[p.name] = arrays[k].bytes()
            else:
                number = self._scalar(p, value, span)
                symbols[p.name] = number
                # Kernels read it as a tensor of one element.
                tensors[p.name] = np.array([number], numpy_dtype(p.dtype)).view(np.uint8)
        if self.unknown:
            for name in self.unknown:
                if name not in symbols:
                    raise argument_error(
                        "TW7006",
                        f"'{name}' cannot be found from the arguments",
                        span,
                        "use it alone as a dimension of an input tensor",
                    )
        empty = self._nothing_to_write(symbols)
        if empty is not None:
            self.last_run = RunInfo(0, {}, 0.0, self.target.device)
            as_torch = any(a.is_torch for a in arrays.values())
            made = [
                result_array(b"", empty[k], self.params[k].dtype, as_torch) for k in self.out_idx
            ]
            return made[0] if len(made) == 1 else tuple(made) or None
        if self.compiled is None:
            variant = self._variant(symbols)
            try:
                return variant._run(given, span)
            finally:
                self.last_run = variant.last_run
        shapes = {}
        for k in self.out_idx:
            buffer = self.params[k]
            shapes[k] = tuple(self._size(d, symbols, buffer, span) for d in buffer.shape)
            tensors[buffer.name] = None
        outputs = self._simulate(tensors, symbols, span)
        builder = self.prim_func.builder
        for k, argument in arrays.items():
            p = self.params[k]
            if id(p) in builder.written and p.name in outputs:
                argument.write_back(outputs[p.name], span, p.name)
        as_torch = any(a.is_torch for a in arrays.values())
        results = [
            result_array(outputs[self.params[k].name], shapes[k], self.params[k].dtype, as_torch)
            for k in self.out_idx
        ]
        if not results:
            return None
        return results[0] if len(results) == 1 else tuple(results)

    def _nothing_to_write(self, symbols: dict[str, int]) -> dict[int, tuple] | None:
        """The shapes of the tensors that the kernel writes, where each of them has a size
        that is 0 in this call; else None."""
        if 0 not in (symbols.get(n) for n in self.unknown):
            return None
        written = {id(self.params[k]) for k in self.out_idx}
        written.update(self.prim_func.builder.written)
        shapes = {
            k: tuple(evaluate(d, symbols) for d in p.shape)
            for k, p in enumerate(self.params)
            if isinstance(p, Buffer) and id(p) in written
        }
        return shapes if all(0 in shape for shape in shapes.values()) else None

    def _scalar(self, p: Any, value: Any, span: Span | None) -> Any:
        try:
            return float(value) if p.dtype.is_float else int(value)
        except (TypeError, ValueError) as exc:
            raise argument_error(
                "TW7005",
                f"argument '{p.name}' is a value of type '{type(value).__name__}', the kernel "
                f"wants a {p.dtype} number",
                span,
                "pass a Python number",
            ) from exc

    def _size(self, d: Any, symbols: dict[str, int], buffer: Buffer, span: Span | None) -> int:
        if isinstance(d, int):
            return d
        if isinstance(d, Symbol) and d.name in symbols:
            return symbols[d.name]
        raise argument_error(
            "TW7006",
            f"the shape of output '{buffer.name}' cannot be found from the arguments",
            span,
            "use dimensions of the input tensors",
        )

    def _plan_text(self, symbols: dict[str, Any], span: Span | None) -> str:
        """The plan for the sizes of this call."""
        text = self.files["tt.plan.json"]
        if not self.sizes:
            return text
        simulator = load_simulator()
        sizes = {n: int(symbols[n]) for n in self.sizes}
        text, problems = simulator.resolve_plan(text, sizes)
        problems = problems or simulator.validate_plan(text)
        if problems:
            given = ", ".join(f"{n} = {v}" for n, v in sizes.items())
            raise argument_error(
                "TW7008",
                f"kernel '{self.name}' cannot run with {given}: {problems[0]}",
                span,
                "pass arrays of other sizes",
            )
        return text

    def _simulate(
        self, tensors: dict[str, Any], symbols: dict[str, Any], span: Span | None
    ) -> dict[str, Any]:
        """Run the plan; of several launches, the report is that of the last one."""
        text = self._plan_text(symbols, span)
        plan = self.last_plan = json.loads(text)
        given = {}
        for tensor in plan["tensors"]:
            data = tensors.get(tensor["name"])
            if data is None and tensor["role"] in ("input", "inout"):
                # A result that is updated before anything is written to it.
                size = numpy_dtype(dtype(tensor["dtype"])).itemsize
                data = np.zeros(math.prod(tensor["shape"]) * size, np.uint8)
            given[tensor["name"]] = self._as_held(tensor, data)
        names = [k["file"] for launch in launches(plan) for k in launch["kernels"]]
        kernels = {name: self.files[name] for name in names}
        start = time.perf_counter()
        result = load_simulator().run_plan(text, kernels, given, {})
        seconds = time.perf_counter() - start
        faults, fault = _field(result, "faults", None), None
        if faults is None:
            fault = _field(result, "fault", None)
            faults = [fault] if fault else []
        if getattr(result, "output", ""):
            print(result.output, end="")
        if faults:
            found = [with_source(read_diagnostic(f), kernels) for f in faults]
            # Whoever keeps the error keeps this frame.
            del result, faults, fault
            raise SimulationError(found)
        for warning in _field(result, "warnings", None) or []:
            from ..diagnostics import render

            print(render(with_source(read_diagnostic(warning), kernels)), file=sys.stderr)
        report: Any = result.report
        if isinstance(report, (str, bytes)):
            report = json.loads(report) if report else {}
        self.last_run = RunInfo(int(result.cycles), report, seconds, self.target.device)
        return {n: np.frombuffer(data, np.uint8) for n, data in dict(result.outputs).items()}

    def _as_held(self, tensor: dict[str, Any], data: Any) -> Any:
        """The elements in the type in which the program holds the tensor: 8-bit floats that
        it only reads are bfloat16 (compiler/Passes/A_Metadata/SmallFloats.cpp)."""
        builder = self.prim_func.builder
        for buffer in [*builder.tensors(), *builder.workspaces]:
            if buffer.name == tensor["name"] and data is not None:
                have, want = numpy_dtype(buffer.dtype), numpy_dtype(dtype(tensor["dtype"]))
                if have.itemsize != want.itemsize:
                    return data.view(have).astype(want).view(np.uint8)
        return data

    # -- measurement --------------------------------------------------------
    def get_profiler(self, tensor_supply_type: Any = None) -> Any:
        """A profiler whose times are simulated times."""
        from ..profiler import Profiler

        return Profiler(self, tensor_supply_type)

    def run_once(self) -> Any:
        """Call the kernel with generated inputs."""
        return self.get_profiler().run_once()


def _verbose() -> bool:
    return os.environ.get("TILEWRIGHT_VERBOSE", "") not in ("", "0")
