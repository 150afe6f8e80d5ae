"""The commands of `./tilewright`: run, compile, sim, report, explain, test.

Every error a user can cause is printed as one located diagnostic, exit status 1.
Heavy modules (NumPy, the compiler, the simulator) load only when a command needs
them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from .diagnostics import TilewrightError, error

DEVICES = ("n150", "n300", "p150", "p100a")
_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def _compile_options(parser: argparse.ArgumentParser) -> None:
    """The options of `compile` that may stand before or behind the file."""
    parser.add_argument("-o", "--output", metavar="DIR", help="folder for the files")
    parser.add_argument("--stop-after", metavar="PASS", help="print the IR after this pass")
    parser.add_argument("--run-only", metavar="PASS", help="run one pass, print the IR after it")
    parser.add_argument("--after", metavar="PASS", help="the IR of a .mlir file is that after PASS")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="tilewright",
        description="Compile TileLang programs to TT-Metalium and run them on a simulated chip.",
    )
    from . import __version__

    top.add_argument("--version", action="version", version=f"tilewright {__version__}")
    sub = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def device_options(p: argparse.ArgumentParser) -> None:
        p.add_argument("--device", choices=DEVICES, help="the chip (default n150)")
        p.add_argument("--cores", help="core grid, e.g. 4x4 (default: the whole chip)")
        p.add_argument(
            "-v", "--verbose", action="store_true", help="passes with times, files, ignored hints"
        )

    def adversarial(p: argparse.ArgumentParser) -> None:
        p.add_argument(
            "--adversarial",
            metavar="SEED",
            type=int,
            help="seeded delays everywhere; a right program gives the same results",
        )

    run = sub.add_parser("run", help="run a TileLang program on the simulator")
    device_options(run)
    run.add_argument(
        "--report", metavar="DIR", help="write what each run did: page, heat map, trace, JSON"
    )
    adversarial(run)
    run.add_argument("file", help="the program")
    run.add_argument("args", nargs=argparse.REMAINDER, help="arguments of the program")

    comp = sub.add_parser("compile", help="emit the artifact folder of a TileLang program")
    device_options(comp)
    _compile_options(comp)
    comp.add_argument("file", help="a TileLang program, or a .mlir file of any stage")
    comp.add_argument("args", nargs=argparse.REMAINDER, help="arguments of the program")

    sim = sub.add_parser("sim", help="run a TT-Metalium program or an artifact folder")
    sim.add_argument(
        "--report", metavar="DIR", help="write what each run did: page, heat map, trace, JSON"
    )
    sim.add_argument(
        "--no-data", action="store_true", help="time only: compute and move no tile data"
    )
    adversarial(sim)
    device_options(sim)
    sim.add_argument(
        "--with",
        dest="more",
        action="append",
        default=[],
        metavar="SOURCE",
        help="a further source of the host program",
    )
    sim.add_argument(
        "-I",
        dest="include",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of headers of the host program",
    )
    sim.add_argument(
        "-D",
        dest="define",
        action="append",
        default=[],
        metavar="NAME[=VALUE]",
        help="a macro of the host program",
    )
    sim.add_argument("path", help="a host program in C++, a CMake project, or an artifact folder")
    sim.add_argument("args", nargs=argparse.REMAINDER, help="arguments of the program")

    rep = sub.add_parser(
        "report", help="where the time of an artifact folder or of a reported run goes"
    )
    rep.add_argument("path", help="an artifact folder, or a folder that --report has written")

    replay = sub.add_parser(
        "replay", help="run NoC traces of tt-metal's device profiler on the simulated chip"
    )
    replay.add_argument(
        "--chip", default="n150", choices=("n150", "n300", "p150", "p100a"), help="n150 by default"
    )
    replay.add_argument(
        "--own", action="store_true", help="issue calls as the chip allows, not as recorded"
    )
    replay.add_argument("traces", nargs="+", metavar="TRACE", help="a trace, or JSON of it")

    exp = sub.add_parser("explain", help="what an error code means")
    exp.add_argument("code", nargs="?", help="a code such as TW1001; without it, all codes")

    test = sub.add_parser("test", help="run every test")
    test.add_argument("--build-dir", help="the CMake build folder")
    test.add_argument("--only", choices=("cpp", "lit", "python"), help="run one kind of test")
    test.add_argument(
        "--full", action="store_true", help="also the long sweeps (TILEWRIGHT_FULL_TESTS=1)"
    )
    test.add_argument(
        "--sanitize",
        nargs="?",
        const="",
        metavar="FILTER",
        help="the simulator's C++ tests built with ASan and UBSan instead; FILTER is a "
        "GoogleTest filter",
    )
    test.add_argument(
        "--sdk",
        nargs="?",
        const="",
        metavar="DIR",
        help="compile what the examples emit against TT-Metalium's own SDK instead "
        "(in DIR, TT_METAL_HOME, or the package ttnn)",
    )
    return top


def _set_environment(options: argparse.Namespace) -> None:
    if options.device:
        os.environ["TILEWRIGHT_DEVICE"] = options.device
    if options.cores:
        os.environ["TILEWRIGHT_CORES"] = options.cores
    if options.verbose:
        os.environ["TILEWRIGHT_VERBOSE"] = "1"


def _set_seed(options: argparse.Namespace) -> None:
    if options.adversarial is not None:
        os.environ["TILEWRIGHT_ADVERSARIAL"] = str(options.adversarial)


def _execute(path: str, args: Sequence[str]) -> int:
    """Run a Python file as the main program, with `tilelang` served by us."""
    import runpy

    from . import _alias

    if not os.path.isfile(path):
        what = "is a folder" if os.path.isdir(path) else "does not exist"
        raise error("TW1026", f"'{path}' {what}", None, "give the path of a Python program")
    if not os.access(path, os.R_OK):
        raise error("TW1026", f"'{path}' cannot be read", None, "check its permissions")
    _alias.install(wins=True)
    sys.argv = [path, *args]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as exc:
        if isinstance(exc.code, int) or exc.code is None:
            return int(exc.code or 0)
        print(exc.code, file=sys.stderr)
        return 1
    except (TilewrightError, KeyboardInterrupt):
        raise
    except SyntaxError as exc:
        # Text that is no text at all (zero bytes) has no line.
        place = f"{exc.filename}:{exc.lineno}:{exc.offset}" if exc.lineno else path
        print(f"{place}: error: {exc.msg}\n    {(exc.text or '').strip()}", file=sys.stderr)
        return 1
    except Exception as exc:  # the program's own error: show the program's own frames
        _print_user_traceback(exc)
        return 1
    return 0


def _print_user_traceback(exc: BaseException) -> None:
    import traceback

    frames = [
        f
        for f in traceback.extract_tb(exc.__traceback__)
        if not f.filename.startswith((_PACKAGE, "<frozen"))
    ]
    print("Traceback of the program (most recent call last):", file=sys.stderr)
    print("".join(traceback.format_list(frames)), end="", file=sys.stderr)
    print("".join(traceback.format_exception_only(exc)), end="", file=sys.stderr)


def _run(options: argparse.Namespace) -> int:
    from .report.command import reporting

    _set_environment(options)
    _set_seed(options)
    with reporting(options.report, os.path.basename(options.file)):
        return _execute(options.file, options.args)


# -- compile --------------------------------------------------------------------
class _Called(BaseException):
    """A kernel was called while only its files are wanted."""


def _options_behind(options: argparse.Namespace) -> list[str]:
    """Takes over the options of `compile` that stand behind the file; the rest are the
    arguments of the program, as is all that stands behind `--`."""
    args = list(options.args)
    end = args.index("--") if "--" in args else len(args)
    known = argparse.ArgumentParser(prog="tilewright compile", add_help=False, allow_abbrev=False)
    _compile_options(known)
    found, rest = known.parse_known_args(args[:end])
    for name, value in vars(found).items():
        setattr(options, name, value or getattr(options, name))
    return rest + args[end + 1 :]


def _compile(options: argparse.Namespace) -> int:
    _set_environment(options)
    args = _options_behind(options)
    folder = options.output
    if folder is None:
        stem = os.path.splitext(os.path.basename(options.file))[0]
        folder = os.path.join("tilewright-out", stem)
    if options.file.endswith(".mlir"):
        if args:
            raise error(
                "TW1026",
                f"'{args[0]}' stands behind '{options.file}', which is no program with arguments",
                None,
                "tilewright compile --help lists the options",
            )
        return _compile_ir(options.file, folder, options)
    if options.after:
        raise error(
            "TW1026",
            f"--after {options.after} says which IR a .mlir file holds, and '{options.file}' "
            "is a program",
            None,
            "leave it out, or give a .mlir file",
        )
    from .driver.kernel import JITKernel

    made: list[Any] = []
    first, call = JITKernel.__init__, JITKernel.__call__

    def note(self: Any, *a: Any, **k: Any) -> None:
        try:
            first(self, *a, **k)
        except TilewrightError:
            # What goes wrong behind the last wanted pass does not matter.
            if not _wants_ir(options) or not hasattr(self, "ir"):
                raise
        made.append(self)

    def stop(self: Any, *a: Any, **k: Any) -> None:
        raise _Called

    JITKernel.__init__, JITKernel.__call__ = note, stop  # type: ignore[method-assign]
    try:
        status = _execute(options.file, args)
    except _Called:
        status = 0
    finally:
        JITKernel.__init__, JITKernel.__call__ = first, call  # type: ignore[method-assign]
    if not made:
        if status:
            return status
        raise error(
            "TW1024",
            f"'{options.file}' compiles no kernel",
            None,
            "call a function decorated with @tilelang.jit, or tilelang.compile(...)",
        )
    if _wants_ir(options) or options.strict:
        for kernel in made:
            _show_ir(kernel.ir, kernel.name, kernel.target, options, options.file)
        if _wants_ir(options):
            return 0
    names: set[str] = set()
    for kernel in made:
        place = folder
        if len(made) > 1:
            base = name = kernel.name
            k = 1
            while name in names:
                name, k = f"{base}-{k}", k + 1
            names.add(name)
            place = os.path.join(folder, name)
        for path in kernel.write_artifacts_to_disk(place):
            print(path)
    return 0


def _wants_ir(options: argparse.Namespace) -> bool:
    return bool(options.stop_after or options.run_only)


def _show_ir(
    ir: str, name: str, target: Any, options: argparse.Namespace, file_name: str
) -> dict[str, str]:
    """Compile as far as the options say, print the IR when they stop before the end, and
    give the files."""
    from .driver.kernel import compile_ir

    chosen = {
        "stop_after": options.stop_after,
        "run_only": options.run_only,
        "start_after": options.after,
        "strict": options.strict,
    }
    made = compile_ir(ir, name, target, {k: v for k, v in chosen.items() if v}, file_name)
    if made.ir:
        print(made.ir, end="")
    return made.files


def _compile_ir(path: str, folder: str, options: argparse.Namespace) -> int:
    from .driver.kernel import write_files
    from .driver.target import read_target

    try:
        with open(path, encoding="utf-8") as source:
            text = source.read()
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or "it is not UTF-8 text"
        raise error(
            "TW1026", f"'{path}' cannot be read: {reason}", None, "give a .mlir file of tile IR"
        ) from exc
    name = os.path.splitext(os.path.basename(path))[0]
    files = _show_ir(text, name, read_target(None), options, path)
    for written in write_files(files, folder) if files else ():
        print(written)
    return 0


# -- sim and report -------------------------------------------------------------
def _sim(options: argparse.Namespace) -> int:
    from . import programs, simulate
    from .report.command import reporting

    _set_environment(options)
    if options.device or options.cores:
        # Host programs take the grid with the name of the chip.
        chip = options.device or os.environ.get("TILEWRIGHT_DEVICE", "n150").split(":")[0]
        os.environ["TILEWRIGHT_DEVICE"] = chip + (f":{options.cores}" if options.cores else "")
    name = os.path.basename(os.path.normpath(options.path))
    if options.no_data:
        os.environ["TILEWRIGHT_NO_DATA"] = "1"
    _set_seed(options)
    with reporting(options.report, name):
        if os.path.isdir(options.path):
            is_project = os.path.isfile(os.path.join(options.path, "CMakeLists.txt"))
            if is_project and not simulate.is_emitted(options.path):
                return simulate.run_project(options.path, options.args)
            _check_folder_options(options)
            if options.no_data:
                return simulate.run_timed(options.path, show=True)
            return simulate.run_folder(options.path)
        wanted = programs.Build([options.path, *options.more], options.include, options.define)
        return programs.run(wanted, options.args, options.verbose)


def _check_folder_options(options: argparse.Namespace) -> None:
    """An artifact folder runs as its plan says: nothing else can be asked for."""
    if options.args:
        given, fix = f"'{options.args[0]}'", "options stand before the folder"
    elif options.device or options.cores:
        given = f"--device {options.device}" if options.device else f"--cores {options.cores}"
        fix = "compile the program again with this option"
    else:
        return
    raise error(
        "TW1026",
        f"{given} has no meaning for '{options.path}': an artifact folder runs on the chip and "
        "cores that it was compiled for, and takes no arguments",
        None,
        fix,
    )


def _report(options: argparse.Namespace) -> int:
    if not os.path.isdir(options.path):
        what = "is no folder" if os.path.exists(options.path) else "does not exist"
        raise error(
            "TW1026",
            f"'{options.path}' {what}",
            None,
            "give an artifact folder, or a folder that --report has written",
        )
    from . import simulate
    from .report.command import reporting, show
    from .report.files import read_runs

    name = os.path.basename(os.path.normpath(options.path))
    if os.path.isdir(options.path) and read_runs(options.path):
        show(options.path, name)
        return 0
    simulate.report_folder(options.path)
    with reporting(os.path.join(options.path, "report"), name):
        return simulate.run_timed(options.path)


# -- explain --------------------------------------------------------------------
def _explain(options: argparse.Namespace) -> int:
    from .explain import explain

    return explain(options.code)


def _test(options: argparse.Namespace) -> int:
    if options.sanitize is not None:
        from .selftest import run_sanitized

        return run_sanitized(options.sanitize)
    if options.sdk is not None:
        from . import sdkcheck

        return sdkcheck.run(options.sdk or None)
    from .selftest import run_tests

    return run_tests(options.build_dir, options.only, options.full)


def _replay(options: argparse.Namespace) -> int:
    from .replay import replay

    return replay(options.chip, options.own, options.traces)


_COMMANDS = {
    "run": _run,
    "compile": _compile,
    "sim": _sim,
    "report": _report,
    "replay": _replay,
    "explain": _explain,
    "test": _test,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit status."""
    options = _parser().parse_args(argv)
    try:
        return _COMMANDS[options.command](options)
    except TilewrightError as exc:
        print(exc, file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
