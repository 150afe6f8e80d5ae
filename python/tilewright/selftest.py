"""`tilewright test`: GoogleTest, lit and pytest, with one closing line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys


def _root() -> str:
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.dirname(os.path.dirname(here))


def _stream(command: list[str], cwd: str, env: dict[str, str]) -> tuple[int, str]:
    """Run a command, show its output as it comes, return status and text."""
    print("$ " + " ".join(command), flush=True)
    process = subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line)
    return process.wait(), "".join(lines)


def _number(pattern: str, text: str) -> int:
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def _counted(status: int, passed: int, failed: int) -> tuple[int, int]:
    """A run that failed without counting a failure counts as one."""
    return passed, failed if failed or not status else 1


def _cpp(build: str, env: dict[str, str]) -> tuple[int, int]:
    status, text = _stream(["ctest", "--output-on-failure", "-j2"], build, env)
    match = re.search(r"(\d+)% tests passed, (\d+) tests failed out of (\d+)", text)
    failed = int(match.group(2)) if match else 0
    total = int(match.group(3)) if match else 0
    return _counted(status, total - failed, failed)


def _lit(root: str, build: str, env: dict[str, str]) -> tuple[int, int]:
    lit = next((p for p in ("lit", "llvm-lit-22", "llvm-lit") if shutil.which(p)), None)
    command = [lit] if lit else [sys.executable, "-m", "lit.main"]
    folder = os.path.join(build, "test", "compiler")
    if not os.path.isfile(os.path.join(folder, "lit.site.cfg.py")):
        folder = os.path.join(root, "test", "compiler")
    status, text = _stream([*command, "-v", folder], root, env)
    passed = _number(r"Passed\s*:\s*(\d+)", text)
    failed = _number(r"Failed\s*:\s*(\d+)", text) + _number(r"Unresolved\s*:\s*(\d+)", text)
    return _counted(status, passed, failed)


def _python(root: str, env: dict[str, str]) -> tuple[int, int]:
    command = [sys.executable, "-m", "pytest", "-q", os.path.join(root, "test", "python")]
    status, text = _stream(command, root, env)
    passed = _number(r"(\d+) passed", text)
    failed = _number(r"(\d+) failed", text) + _number(r"(\d+) errors?\b", text)
    failed += _number(r"(\d+) skipped", text)  # a skipped test is not a passed one
    return _counted(status, passed, failed)


def run_tests(build: str | None, only: str | None) -> int:
    """Run the chosen tests; status 0 only when none failed."""
    root = _root()
    build = os.path.abspath(
        build or os.environ.get("TILEWRIGHT_BUILD_DIR") or os.path.join(root, "build")
    )
    env = dict(os.environ)
    source = os.path.join(root, "python")
    env["PYTHONPATH"] = os.pathsep.join([source, *filter(None, [env.get("PYTHONPATH")])])
    passed = failed = 0
    kinds = ("cpp", "lit", "python") if only is None else (only,)
    for kind in kinds:
        if kind == "python":
            p, f = _python(root, env)
        elif not os.path.isdir(build):
            print(f"no build in '{build}'; build first", file=sys.stderr)
            p, f = 0, 1
        else:
            p, f = _cpp(build, env) if kind == "cpp" else _lit(root, build, env)
        passed, failed = passed + p, failed + f
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
