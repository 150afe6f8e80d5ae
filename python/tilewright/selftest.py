"""`tilewright test`: GoogleTest, lit and pytest, with one closing line."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree


def _root() -> str:
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.dirname(os.path.dirname(here))


def _show(command: list[str], cwd: str, env: dict[str, str]) -> int:
    """Run a command and show its output as it comes; its status."""
    print("$ " + " ".join(command), flush=True)
    try:
        return subprocess.run(command, cwd=cwd, env=env).returncode
    except OSError as failure:
        print(f"{command[0]}: {failure.strerror}", file=sys.stderr)
        return 1


class Count(NamedTuple):
    """Tests by outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def plus(self, other: Count) -> Count:
        """Both together."""
        return Count(*(a + b for a, b in zip(self, other, strict=True)))


def _count(status: int, report: str) -> Count:
    """The tests of a JUnit report. A run that failed without a failed test, or that ran
    nothing, counts as one failure. Tests that need --full or torch are skipped."""
    passed = failed = skipped = 0
    try:
        cases = list(ElementTree.parse(report).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        cases = []
    for case in cases:
        if any(case.find(tag) is not None for tag in ("failure", "error")):
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    if not failed and (status or not passed):
        failed = 1
    return Count(passed, failed, skipped)


def _cpp(build: str, env: dict[str, str], report: str) -> Count:
    command = ["ctest", "--output-on-failure", "-j2", "--progress", "--output-junit", report]
    return _count(_show(command, build, env), report)


def _lit(root: str, build: str, env: dict[str, str], report: str) -> Count:
    lit = os.path.join(os.path.dirname(sys.executable), "lit")
    folder = os.path.join(build, "test", "compiler")
    command = [lit, "-v", "--xunit-xml-output", report, folder]
    return _count(_show(command, root, env), report)


def _python(root: str, env: dict[str, str], report: str) -> Count:
    tests = [os.path.join(root, "test", "seed"), os.path.join(root, "test", "python")]
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *tests]
    return _count(_show(command, root, env), report)


def _sanitizers(compiler: str) -> bool:
    """Whether the compiler's own run-time library of ASan is installed."""
    try:
        done = subprocess.run(
            [compiler, "-print-runtime-dir"], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    folder = Path(done.stdout.strip())
    places = (folder, folder.parent / "linux")
    return any(list(place.glob("libclang_rt.asan*")) for place in places)


def run_sanitized(chosen: str = "") -> int:
    """Build the simulator and its tests with ASan and UBSan (preset `asan`) in build-asan and
    run them; `chosen` is a GoogleTest filter, all when empty. Status 0 when none failed."""
    root = _root()
    if not _sanitizers("clang++-22"):
        print(
            "the sanitizers of clang 22 are not installed; install them with\n"
            "    apt-get install -y libclang-rt-22-dev",
            file=sys.stderr,
        )
        return 1
    # A fiber that a fault stops is never unwound, so what it holds counts as lost.
    options = "detect_leaks=0:detect_stack_use_after_return=1"
    env = dict(os.environ, ASAN_OPTIONS=options, UBSAN_OPTIONS="halt_on_error=1")
    build = os.path.join(root, "build-asan")
    programs = ("numerics_tests", "simulator_tests")
    commands = [["cmake", "--preset", "asan"], ["ninja", "-C", build, *programs]]
    for command in commands:
        if _show(command, root, env):
            return 1
    status = 0
    for program in programs:
        command = [os.path.join(build, "test", "simulator", program)]
        if chosen:
            command.append(f"--gtest_filter={chosen}")
        status |= _show(command, root, env) != 0
    return int(status)


def run_tests(build: str | None, only: str | None, full: bool = False) -> int:
    """Run the chosen tests; status 0 only when none failed. `full` adds the long sweeps,
    which look at TILEWRIGHT_FULL_TESTS."""
    root = _root()
    build = os.path.abspath(
        build or os.environ.get("TILEWRIGHT_BUILD_DIR") or os.path.join(root, "build")
    )
    env = dict(os.environ)
    if full:
        env["TILEWRIGHT_FULL_TESTS"] = "1"
    source = os.path.join(root, "python")
    env["PYTHONPATH"] = os.pathsep.join([source, *filter(None, [env.get("PYTHONPATH")])])
    total = Count()
    kinds = ("cpp", "lit", "python") if only is None else (only,)
    if kinds != ("python",) and not os.path.isdir(build):
        print(f"no build in '{build}'; build first", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as reports:
        for kind in kinds:
            report = os.path.join(reports, f"{kind}.xml")
            if kind == "python":
                count = _python(root, env, report)
            elif kind == "cpp":
                count = _cpp(build, env, report)
            else:
                count = _lit(root, build, env, report)
            total = total.plus(count)
    skipped = f", {total.skipped} skipped" if total.skipped else ""
    # A test runner may have left its last line open.
    print(f"\n{total.passed} passed, {total.failed} failed{skipped}")
    return 1 if total.failed or not total.passed else 0
