"""The emitted files: names, sources, the folder, the commands that use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from tilewright.diagnostics import ArgumentError, CompileError

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))

import gemm  # noqa: E402
import report  # noqa: E402

FILES = ("reader.cpp", "compute.cpp", "writer.cpp", "main.cpp", "CMakeLists.txt", "tt.plan.json")


@pytest.fixture(scope="module")
def kernel():
    return gemm.matmul(100, 70, 96, 32, 64, 32, 2)


@pytest.fixture(scope="module")
def inputs() -> tuple[np.ndarray, np.ndarray]:
    return (
        report.random_array((100, 96), ml_dtypes.bfloat16, seed=1),
        report.random_array((96, 70), ml_dtypes.bfloat16, seed=2),
    )


def test_six_files(kernel) -> None:
    assert sorted(kernel.files) == sorted(FILES)
    assert json.loads(kernel.get_kernel_source()) == kernel.files
    for name in FILES:
        assert kernel.get_artifact(name) == kernel.files[name]
    with pytest.raises(CompileError, match="has no emitted file 'x.cpp'"):
        kernel.get_artifact("x.cpp")


def test_compiling_again_gives_the_same_bytes(kernel) -> None:
    again = gemm.matmul.get_tir(100, 70, 96, 32, 64, 32, 2)
    import tilelang

    assert tilelang.compile(again, out_idx=[-1]).files == kernel.files


def test_fourteen_passes(kernel) -> None:
    names = [name for name, _ in kernel.passes]
    for name in (
        "tt-infer-layout",
        "tt-propagate-layout",
        "tt-attach-tensor-accessor",
        "tt-partition-work",
        "tt-grid-to-core-grid",
        "tt-lower-shared-to-cb",
        "tt-lower-tile-intrinsics",
        "tt-build-tile-dfg",
        "tt-split-device-kernel",
        "tt-configure-tensor-accessor",
        "tt-lower-cb-intrinsics",
        "tt-insert-compute-init",
        "tt-insert-dst-management",
        "tt-finalize-signature",
        "tt-validate-split-kernels",
    ):
        assert name in names


def test_plan_satisfies_the_schema(kernel, root: Path) -> None:
    import jsonschema

    schema = json.loads((root / "docs" / "reference" / "plan.schema.json").read_text())
    jsonschema.validate(kernel.plan, schema)


def tilewright(root: Path, cwd: Path, *args: str) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(root / "python")}
    return subprocess.run(
        [sys.executable, "-m", "tilewright", *args],
        capture_output=True,
        text=True,
        env=env,
        cwd=cwd,
        check=False,
    )


def test_sim_of_the_folder_gives_the_same_bytes(kernel, inputs, root: Path, tmp_path: Path) -> None:
    want = kernel(*inputs)
    kernel.write_artifacts_to_disk(str(tmp_path))
    np.save(tmp_path / "A.npy", inputs[0])
    np.save(tmp_path / "B.npy", inputs[1])
    done = tilewright(root, root, "sim", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert np.load(tmp_path / "C.npy").tobytes() == want.tobytes()


def test_results_that_cannot_be_written_leave_the_old_ones(tmp_path: Path, monkeypatch) -> None:
    from tilewright import simulate

    first, second = str(tmp_path / "A.npy"), str(tmp_path / "B.npy")
    simulate._store({first: np.zeros(4), second: np.zeros(4)})
    save = np.save

    def full_disk(file, array) -> None:
        if file.name.startswith(second):
            file.write(b"half")
            raise OSError("4 requested and 2 written")
        save(file, array)

    monkeypatch.setattr(np, "save", full_disk)
    with pytest.raises(CompileError, match=r"TW1026.*B.npy' cannot be written: 4 requested"):
        simulate._store({first: np.ones(4), second: np.ones(4)})
    monkeypatch.undo()
    assert not np.load(first).any() and not np.load(second).any()
    os.unlink(second)
    os.mkdir(second)
    with pytest.raises(CompileError, match=r"B.npy' cannot be written: Is a directory"):
        simulate._store({second: np.ones(4)})
    assert sorted(os.listdir(tmp_path)) == ["A.npy", "B.npy"]


def test_main_cpp_gives_the_same_bytes(kernel, inputs, root: Path, tmp_path: Path) -> None:
    """main.cpp, built with its own CMakeLists.txt and run as a program."""
    want = kernel(*inputs)
    kernel.write_artifacts_to_disk(str(tmp_path))
    np.save(tmp_path / "A.npy", inputs[0])
    np.save(tmp_path / "B.npy", inputs[1])
    done = tilewright(root, root, "sim", str(tmp_path / "main.cpp"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert np.load(tmp_path / "C.npy").tobytes() == want.tobytes()


def test_compile_command(root: Path, tmp_path: Path) -> None:
    done = tilewright(root, root, "compile", "examples/gemm.py", "-o", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(FILES)


def test_report_command(kernel, root: Path, tmp_path: Path) -> None:
    kernel.write_artifacts_to_disk(str(tmp_path))
    done = tilewright(root, root, "report", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "cb_A_shared" in done.stdout and "L1 map" in done.stdout


@pytest.mark.parametrize("example", ["gemm", "add", "gemm_bias_gelu", "gemm_variants"])
def test_examples_pass(example: str, root: Path, tmp_path: Path) -> None:
    done = tilewright(root, tmp_path, "run", str(root / "examples" / f"{example}.py"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS" in done.stdout and "FAIL" not in done.stdout
    assert "cycles:" in done.stdout and "tt-infer-layout" in done.stdout


def test_wrong_number_of_arguments(kernel, inputs) -> None:
    with pytest.raises(ArgumentError) as caught:
        kernel(inputs[0])
    text = str(caught.value)
    assert "error: [TW7001] kernel 'main' takes 2 arguments (A, B), 1 given" in text
    assert text.startswith("test/python/test_end_to_end_files.py:") or "/test/python/" in text


def test_unreadable_and_malformed_ir(root: Path, tmp_path: Path) -> None:
    missing = tilewright(root, tmp_path, "compile", "no.mlir", "-o", "out")
    assert missing.returncode == 1
    assert missing.stderr.startswith("error: [TW1026] 'no.mlir' cannot be read: ")
    (tmp_path / "bad.mlir").write_text("tile.func @f(%A: memref<4xf32> {\n")
    bad = tilewright(root, tmp_path, "compile", "bad.mlir", "-o", "out")
    assert bad.returncode == 1
    assert "bad.mlir:1:31: error: [TW6015]" in bad.stderr and "Traceback" not in bad.stderr
    assert not (tmp_path / "out").exists()


def test_time_only_needs_no_tensors(root: Path, tmp_path: Path) -> None:
    example = str(root / "examples" / "add.py")
    assert tilewright(root, root, "compile", example, "-o", str(tmp_path)).returncode == 0
    done = tilewright(root, root, "sim", "--no-data", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("cycles: ")
    assert not list(tmp_path.glob("*.npy"))
