"""Host programs built by their own CMake file against the simulator's package."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from tilewright import _simulator

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "test/simulator/Host/programs"


def package() -> Path:
    """The folder of the package: of the build that the module comes from."""
    module = Path(_simulator.__file__).resolve().parent
    for candidate in (module / "sdk", module.parent.parent):
        if (candidate / "lib/cmake/TT-Metalium").is_dir():
            return candidate
    raise AssertionError(f"no TT-Metalium package beside {module}")


def build(source: Path, folder: Path) -> Path:
    prefix = f"-DCMAKE_PREFIX_PATH={package()}"
    for command in (
        ["cmake", "-S", source, "-B", folder, prefix, "-DCMAKE_BUILD_TYPE=Release"],
        ["cmake", "--build", folder],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder / "main"


@pytest.fixture(scope="module")
def add_program(tmp_path_factory) -> Path:
    return build(PROGRAMS / "add", tmp_path_factory.mktemp("add"))


def save(folder: Path, name: str, array: np.ndarray) -> None:
    np.save(folder / f"{name}.npy", array)


def test_a_program_gives_the_bytes_of_its_plan(add_program, tmp_path):
    rng = np.random.default_rng(3)
    a, b = (rng.standard_normal((100, 200)).astype(ml_dtypes.bfloat16) for _ in "ab")
    save(tmp_path, "A", a)
    save(tmp_path, "B", b.view(np.uint16))
    done = subprocess.run([add_program, tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    c = np.load(tmp_path / "C.npy")
    assert c.shape == (100, 200)

    folder = PROGRAMS / "add"
    kernels = {f: (folder / f).read_text() for f in ("reader.cpp", "compute.cpp", "writer.cpp")}
    result = _simulator.run_plan(
        (folder / "tt.plan.json").read_text(), kernels, {"A": a.tobytes(), "B": b.tobytes()}
    )
    assert result.ok, str(result.fault)
    assert c.tobytes() == result.outputs["C"].tobytes()


def test_the_program_says_what_is_wrong_with_its_files(add_program, tmp_path):
    def message() -> str:
        done = subprocess.run([add_program, tmp_path], capture_output=True, text=True)
        assert done.returncode == 1
        return done.stderr

    assert "A.npy: not a .npy file" in message()
    save(tmp_path, "A", np.zeros((100, 200), np.float32))
    assert "A.npy: the type is not V2" in message()
    save(tmp_path, "A", np.zeros((200, 100), np.uint16))
    assert "A.npy: not row-major (100, 200)" in message()


def test_the_chip_and_the_report_come_from_the_environment(add_program, tmp_path):
    for name in "AB":
        save(tmp_path, name, np.zeros((100, 200), np.uint16))
    report = tmp_path / "report.json"
    env = dict(os.environ, TILEWRIGHT_DEVICE="p150", TILEWRIGHT_REPORT=str(report))
    done = subprocess.run([add_program, tmp_path], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    assert json.loads(report.read_text().splitlines()[0])["cycles"] > 0
    env["TILEWRIGHT_DEVICE"] = "n151"
    done = subprocess.run([add_program, tmp_path], capture_output=True, text=True, env=env)
    assert done.returncode == 1
    assert "there is no chip 'n151'" in done.stderr


def compile_snippet(text: str, tmp_path: Path) -> str:
    """The compiler's text for a program against the simulator's headers."""
    source = tmp_path / "snippet.cpp"
    source.write_text(text)
    command = ["clang++-22", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror"]
    include = ROOT / "simulator/Host/include"
    done = subprocess.run([*command, f"-I{include}", source], capture_output=True, text=True)
    return done.stderr


@pytest.mark.parametrize(
    "header", sorted(p.name for p in (ROOT / "simulator/Host/include/tt-metalium").glob("*.h*"))
)
def test_every_header_stands_by_itself(header, tmp_path):
    assert compile_snippet(f"#include <tt-metalium/{header}>\n", tmp_path) == ""


def test_what_is_missing_says_so_by_name(tmp_path):
    text = """
#include <tt-metalium/distributed.hpp>
void call(tt::tt_metal::Program &program) {
  tt::tt_metal::CreateGlobalCircularBuffer(program);
  tt::tt_metal::distributed::multihost::run(program);
}
"""
    errors = compile_snippet(text, tmp_path)
    for name in ("CreateGlobalCircularBuffer", "multihost"):
        assert name in errors


def test_headers_of_another_version_are_refused(tmp_path):
    """Kernels call through a table; one of another shape would crash."""
    headers = tmp_path / "include"
    shutil.copytree(ROOT / "simulator/DeviceApi/include", headers)
    table = headers / "tilewright/table.h"
    table.write_text(table.read_text() + "// newer\n")
    script = (
        "import pathlib, sys; from tilewright import _simulator; "
        "folder = pathlib.Path(sys.argv[1]); "
        "kernels = {p.name: p.read_text() for p in folder.glob('*.cpp') if p.name != 'main.cpp'}; "
        "data = bytes(100 * 200 * 2); "
        "result = _simulator.run_plan((folder / 'tt.plan.json').read_text(), kernels, "
        "{'A': data, 'B': data}); print(result.fault)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, PROGRAMS / "add"],
        env=dict(os.environ, TILEWRIGHT_DEVICE_INCLUDE=str(headers)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "TW8003" in done.stdout
    assert f"the device headers in {headers} are not those" in done.stdout
    assert "build it again" in done.stdout
