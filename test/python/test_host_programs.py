"""`tilewright sim` of host programs in C++: single sources and CMake projects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = "test/simulator/Host/programs/project"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def sim(root: Path, cache: Path, *args: str, cwd: Path | None = None):
    env = dict(os.environ, XDG_CACHE_HOME=str(cache), PYTHONPATH=str(root / "python"))
    return subprocess.run(
        [sys.executable, "-m", "tilewright", "sim", *args],
        capture_output=True,
        text=True,
        env=env,
        cwd=cwd or root,
        check=False,
    )


def test_sources_and_kernels_are_found_from_anywhere(
    root: Path, cache: Path, tmp_path: Path
) -> None:
    main = root / PROJECT / "main.cpp"
    more = root / PROJECT / "program.cpp"
    done = sim(root, cache, "--with", str(more), str(main), "7", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "right\n"
    assert "building" in done.stderr
    again = sim(root, cache, "--with", str(more), str(main), "7", cwd=tmp_path)
    assert again.returncode == 0 and "building" not in again.stderr
    other = sim(root, cache, "--device", "p150", "--with", str(more), str(main), cwd=tmp_path)
    assert other.returncode == 0, other.stderr


def test_cmake_project(root: Path, cache: Path) -> None:
    done = sim(root, cache, PROJECT, "5")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "right\n"


def test_errors_name_the_place(root: Path, cache: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.cpp"
    bad.write_text("#include <tt-metalium/no_such.hpp>\nint main() {}\n")
    done = sim(root, cache, str(bad))
    assert done.returncode == 1
    assert "[TW1092]" in done.stderr and "bad.cpp:1" in done.stderr
    assert "<tt-metalium/no_such.hpp> is one of the SDK" in done.stderr
    bad.write_text("int main() { return missing(); }\n")
    done = sim(root, cache, str(bad))
    assert done.returncode == 1
    assert "bad.cpp:1:" in done.stderr and "[TW1091]" in done.stderr


def test_a_fault_of_a_kernel_ends_the_program_with_its_code(
    root: Path, cache: Path, tmp_path: Path
) -> None:
    program = tmp_path / "fault.cpp"
    program.write_text(
        "#include <tt-metalium/distributed.hpp>\n"
        "using namespace tt::tt_metal;\n"
        "int main() {\n"
        "  auto mesh = distributed::MeshDevice::create_unit_mesh(0);\n"
        "  Program program = CreateProgram();\n"
        '  CreateKernel(program, "wait.cpp", CoreCoord(0, 0), DataMovementConfig{});\n'
        "  distributed::MeshWorkload workload;\n"
        "  workload.add_program(distributed::MeshCoordinateRange(mesh->shape()),\n"
        "                       std::move(program));\n"
        "  distributed::EnqueueMeshWorkload(mesh->mesh_command_queue(), workload, true);\n"
        "}\n"
    )
    (tmp_path / "wait.cpp").write_text("void kernel_main() {\n  cb_wait_front(3, 1);\n}\n")
    done = sim(root, cache, str(program))
    assert done.returncode == 1
    assert "TW8101" in done.stderr and "wait.cpp:2" in done.stderr
    assert "terminate called" not in done.stderr
