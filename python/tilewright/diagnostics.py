"""Diagnostics of the front end: the list of TW1xxx and TW7xxx codes, the one
way to render a diagnostic, and the exceptions that carry them.

The compiler (TW2xxx to TW6xxx, TW9xxx) and the simulator (TW8xxx) keep their
own lists; `tilewright explain` shows all three.
"""

from __future__ import annotations

import linecache
import os
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One diagnostic code: what it means and what to do about it."""

    code: str
    slug: str
    meaning: str
    action: str
    example: str = ""


_ENTRIES = [
    # --- TW1xxx: the TileLang program -------------------------------------
    Entry(
        "TW1001",
        "unknown-name",
        "The program uses a T. name that TileLang does not have.",
        "Correct the spelling; the message names the closest known name.",
        "T.alloc_shard((128, 32), 'bfloat16')",
    ),
    Entry(
        "TW1002",
        "no-meaning-here",
        "The T. name addresses GPU hardware (threads, warps, barriers, TMA, tensor "
        "memory) that a Tenstorrent core does not have.",
        "Write what the message suggests; most programs work with the line removed.",
        "T.alloc_barrier(128)",
    ),
    Entry(
        "TW1003",
        "not-supported",
        "The program is legal TileLang, but this target does not support the form yet.",
        "Rewrite the line in the form the message names.",
        "T.cumsum(x, dim=0)",
    ),
    Entry(
        "TW1004",
        "source-unavailable",
        "The source text of a decorated function cannot be read, so its statements "
        "cannot be traced.",
        "Define the function in a file (not through exec or a plain python prompt).",
    ),
    Entry(
        "TW1005",
        "value-not-known",
        "A value that is only known when the kernel runs is used where Python needs "
        "it while the kernel is being traced.",
        "Use T.if_then_else, an `if` statement in the kernel body, or a compile-time constant.",
        "n = int(bx)",
    ),
    Entry(
        "TW1006",
        "python-error",
        "A Python exception was raised by the program while it was being traced.",
        "Correct the Python error that the message quotes.",
    ),
    Entry(
        "TW1007",
        "outside-kernel",
        "A tile operation stands outside `with T.Kernel(...)`.",
        "Move the line inside the kernel body.",
        "A_shared = T.alloc_shared((32, 32), 'bfloat16')  # before T.Kernel",
    ),
    Entry(
        "TW1008",
        "bad-argument",
        "An argument of a T. function has the wrong kind, number or value.",
        "Pass what the message asks for.",
        "T.copy(A, 3)",
    ),
    Entry(
        "TW1009",
        "wrong-rank",
        "A buffer is indexed with the wrong number of indices.",
        "Give exactly one index or slice for each dimension.",
        "C_local[i] = 0.0  # C_local has two dimensions",
    ),
    Entry(
        "TW1010",
        "non-constant-shape",
        "A shape or extent must be known when the kernel is compiled, and is not.",
        "Use Python integers (or T.const in eager style) for on-chip shapes and region extents.",
        "T.alloc_shared((bx, 32), 'bfloat16')",
    ),
    Entry(
        "TW1011",
        "unknown-dtype",
        "The name is no TileLang data type.",
        "Use one of bool, int8 to int64, uint8 to uint64, float16, bfloat16, float32.",
        "T.Tensor((32, 32), 'bfloat61')",
    ),
    Entry(
        "TW1012",
        "integer-division",
        "`/` between two integers has no defined rounding in TileLang.",
        "Write `//`, or cast one side to a floating-point type.",
        "half = i / 2",
    ),
    Entry(
        "TW1013",
        "slice-step",
        "A slice of a buffer has a step other than 1.",
        "Slice with step 1, or index element by element in T.Parallel.",
        "T.copy(A[0:64:2, :], A_shared)",
    ),
    Entry(
        "TW1014",
        "out-of-scope",
        "A value made inside a run-time loop or branch is used after it ended.",
        "Make it a mutable scalar: x = T.alloc_var(dtype, init).",
        "if bx == 0:\n    off = 1\nelse:\n    off = 2\nT.copy(A[off, 0], S)",
    ),
    Entry(
        "TW1015",
        "loop-carried",
        "A Python name is read and then re-assigned in a run-time loop; tracing runs "
        "the body once, so the new value would be lost.",
        "Make it a mutable scalar: x = T.alloc_var(dtype, init).",
        "for k in T.serial(4):\n    total = total + k",
    ),
    Entry(
        "TW1016",
        "return-in-branch",
        "`return` stands inside a run-time loop or branch.",
        "Return once, at the end of the function.",
    ),
    Entry(
        "TW1017",
        "loop-exit",
        "A `break` of a loop without order, or one of Python's own, depends on a value that "
        "is only known when the kernel runs.",
        "Guard the rest of the body with `if`, or loop with T.serial.",
    ),
    Entry(
        "TW1018",
        "output-never-written",
        "A result of the kernel is never written by it.",
        "Write the tensor with T.copy or an assignment, or take it out of out_idx / "
        "the return statement.",
    ),
    Entry(
        "TW1019",
        "bad-nesting",
        "A loop or tile operation stands where it may not.",
        "Keep tile operations and pipelined loops outside T.Parallel; nest T.Parallel "
        "only as one T.Parallel with more dimensions.",
        "for i in T.Parallel(32):\n    T.copy(A, B)",
    ),
    Entry(
        "TW1020",
        "bad-signature",
        "A kernel parameter has no usable annotation.",
        "Annotate every parameter of a prim_func, e.g. A: T.Tensor((M, K), dtype).",
        "@T.prim_func\ndef main(A, B): ...",
    ),
    Entry(
        "TW1021",
        "constant-not-known",
        "A T.const value could not be found from the tensor arguments.",
        "Use each T.const directly as a dimension of a tensor parameter, or pass it to "
        ".compile(NAME=value).",
    ),
    Entry(
        "TW1022",
        "bad-target",
        "The target or device is not one that Tilewright compiles for.",
        'Use target="tenstorrent", optionally with -device=n150|n300|p150|p100a and -cores=XxY.',
        'tilelang.compile(f, target="cuda")',
    ),
    Entry(
        "TW1023",
        "index-out-of-range",
        "A constant index lies outside the buffer.",
        "Index within the shape that the message shows.",
        "A_local[32, 0]  # shape (32, 32)",
    ),
    Entry(
        "TW1024",
        "no-kernel",
        "The function opens no `with T.Kernel(...)`.",
        "Put the kernel body in `with T.Kernel(blocks_x, blocks_y) as (bx, by):`.",
    ),
    Entry(
        "TW1025",
        "bad-output-index",
        "out_idx does not name a tensor parameter of the kernel.",
        "Use indices of tensor parameters; negative ones count from the end.",
    ),
    Entry(
        "TW1026",
        "file-error",
        "A file or folder cannot be read or written.",
        "Check the path and its permissions.",
    ),
    Entry(
        "TW1028",
        "bad-annotation",
        "A layout or schedule annotation is not of the form that it must have.",
        "Pass a buffer inside a kernel, or a prim_func and a dictionary; fields are strings, "
        "integers, booleans, lists and dictionaries.",
        'T.annotate_tt_layout("A", memory="l1")  # A itself, not its name',
    ),
    Entry(
        "TW1029",
        "invalid-plan",
        "A tt.plan.json cannot be used: it is damaged, of a newer version, or contradicts itself.",
        "Compile the program again; the message lists every field that is wrong.",
    ),
    Entry(
        "TW1030",
        "unknown-intrinsic",
        "The registry of TT-Metalium calls is asked for a call or category that it does not "
        "have, or a call is given the wrong number of operands.",
        "docs/reference/intrinsics.md lists every call with its operands.",
        'tilelang.tenstorrent.get_intrinsic("cb_wait_back")',
    ),
    Entry(
        "TW1031",
        "no-such-step",
        "A difference is asked for between steps of a compilation that there are not.",
        "Use numbers within the list that trace_passes returns.",
        "show_diff(trace_passes(func), 0, 99)",
    ),
    Entry(
        "TW1032",
        "corrupt-cache-entry",
        "A kernel that was kept on disk is damaged; it is removed and built again.",
        "Nothing; if it happens often, check the disk, or set TILEWRIGHT_CACHE=0.",
    ),
    Entry(
        "TW1044",
        "compiled-for-each-size",
        "A kernel has sizes (T.dynamic) or scalar arguments that only a call knows, and "
        "something in it needs one of them as a number: it is compiled once for each set of "
        "these values, where others are compiled once. A remark; the results are the same.",
        "Nothing, or remove what the remark names: a layout annotation, a schedule, an update "
        "of the same elements by several blocks, a launch grid or a condition that depends on "
        "a scalar argument, what has no tile form.",
    ),
    Entry(
        "TW1090",
        "no-simulator-package",
        "The TT-Metalium headers and library of the simulator are not where this "
        "installation should have them.",
        "Build the project, or install the package again.",
    ),
    Entry(
        "TW1091",
        "host-program-does-not-build",
        "A TT-Metalium host program does not compile or link against the simulator.",
        "Read the compiler's text; what the simulator does not provide is named there.",
    ),
    Entry(
        "TW1092",
        "header-not-found",
        "A host program includes a header that neither the simulator has nor a folder "
        "beside or above the program.",
        "Give the folder of the header with -I; see docs/simulator/programs.md for the "
        "headers of the SDK that are there.",
    ),
    Entry(
        "TW1093",
        "no-sdk",
        "`tilewright test --sdk` compiles against TT-Metalium's own SDK, which is not where "
        "it was looked for.",
        "Install the SDK as the message says, or name its folder.",
        "./tilewright test --sdk /opt/tt-metal",
    ),
    # --- TW7xxx: arguments of a kernel call -------------------------------
    Entry(
        "TW7001",
        "argument-count",
        "The kernel is called with the wrong number of arguments.",
        "Pass one array for each input; outputs named by out_idx are returned.",
        "kernel(a)",
    ),
    Entry(
        "TW7002",
        "argument-dtype",
        "An array has another data type than the kernel's parameter.",
        "Convert the array first, e.g. a.astype(ml_dtypes.bfloat16).",
    ),
    Entry(
        "TW7003",
        "argument-rank",
        "An array has another number of dimensions than the kernel's parameter.",
        "Reshape the array to the declared shape.",
    ),
    Entry(
        "TW7004",
        "argument-shape",
        "An array has another shape than the kernel's parameter.",
        "Pass an array of the declared shape, or compile the kernel for this shape.",
    ),
    Entry(
        "TW7005",
        "argument-kind",
        "An argument is no array that can be read on the host.",
        "Pass a NumPy array, a CPU torch tensor or a DLPack object.",
    ),
    Entry(
        "TW7006",
        "argument-symbols",
        "Two arrays disagree about the value of one symbolic dimension.",
        "Pass arrays whose shapes agree.",
    ),
    Entry(
        "TW7007",
        "argument-read-only",
        "A result must be written into an argument that is read-only.",
        "Pass a writable array.",
    ),
    Entry(
        "TW7008",
        "argument-size",
        "A kernel for all sizes (T.dynamic) cannot run with the sizes of these arguments: one "
        "is 0 though there is something to write, or beyond 2^30, or tensors of these sizes do "
        "not fit into the memory of the chip, "
        "or there are more blocks than 32 bits count.",
        "Pass arrays whose sizes are within the limits that the message names.",
    ),
]

TABLE: dict[str, Entry] = {entry.code: entry for entry in _ENTRIES}


class Span(NamedTuple):
    """A place in the user's program. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Diagnostic(NamedTuple):
    """One message: severity, stable code, text, place, and notes."""

    severity: str
    code: str
    message: str
    span: Span | None = None
    notes: tuple[str, ...] = ()


def display_path(path: str) -> str:
    """The path as a user expects to see it: relative when below the cwd."""
    if not path or path.startswith("<"):
        return path
    absolute = os.path.abspath(path)
    base = os.getcwd()
    if absolute.startswith(base + os.sep):
        return absolute[len(base) + 1 :]
    return absolute


def render(diagnostic: Diagnostic) -> str:
    """The text of one diagnostic: place, code, message, source line, fix."""
    severity, code, message, span, notes = diagnostic
    label = f"[{code}] " if code else ""
    place = f"{span}: " if span and span.line > 0 else ""
    if span and span.line <= 0 and span.file:
        place = f"{span.file}: "
    lines = [f"{place}{severity}: {label}{message}"]
    if span and span.line > 0:
        text = linecache.getline(span.file, span.line).rstrip("\n")
        body = text.lstrip()
        if body:
            column = max(span.column - 1 - (len(text) - len(body)), 0)
            lines.append(f"    {body}")
            lines.append("    " + " " * min(column, len(body)) + "^")
    for note in notes:
        for i, part in enumerate(note.split("\n")):
            lines.append(("  " if i == 0 else "    ") + part)
    return "\n".join(lines)


class TilewrightError(Exception):
    """Base of every error a user of the package can cause.

    `str(error)` is the rendered diagnostic; `error.diagnostics` holds the parts.
    """

    def __init__(self, diagnostics: Diagnostic | list[Diagnostic]):
        if isinstance(diagnostics, Diagnostic):
            diagnostics = [diagnostics]
        self.diagnostics = list(diagnostics)
        super().__init__("\n".join(render(d) for d in self.diagnostics))

    @property
    def code(self) -> str:
        """The code of the first diagnostic."""
        return self.diagnostics[0].code if self.diagnostics else ""


class CompileError(TilewrightError):
    """The program cannot be traced or compiled."""


class ArgumentError(TilewrightError):
    """The kernel is called with arguments that do not fit it."""


class SimulationError(TilewrightError):
    """The simulated chip stopped with a fault."""


def error(
    code: str, message: str, span: Span | None = None, fix: str | None = None, *notes: str
) -> CompileError:
    """Build (not raise) a compile error with one of this module's codes."""
    assert code in TABLE, code
    extra = tuple(notes) + ((f"fix: {fix}",) if fix else ())
    return CompileError(Diagnostic("error", code, message, span, extra))


def path_text(value: Any) -> str:
    """A path that a user gives, as text; an error for what is none."""
    try:
        path = os.fsdecode(value)
    except TypeError:
        path = "\0"
    if "\0" in path:
        raise error("TW1008", f"{value!r} is no path", None, "pass a string or a pathlib.Path")
    return path


def argument_error(
    code: str, message: str, span: Span | None = None, fix: str | None = None
) -> ArgumentError:
    """Build (not raise) an argument error with one of this module's codes."""
    assert code in TABLE, code
    notes = (f"fix: {fix}",) if fix else ()
    return ArgumentError(Diagnostic("error", code, message, span, notes))
