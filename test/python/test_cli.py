"""The commands, as a user types them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tilewright.diagnostics import CompileError
from tilewright.driver.kernel import write_files


def tilewright(root: Path, *args: str, cwd: Path | None = None) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(root / "python")}
    command = [sys.executable, "-m", "tilewright", *args]
    return subprocess.run(
        command, capture_output=True, text=True, env=env, cwd=cwd or root, check=False
    )


def test_run_of_a_missing_file(root: Path) -> None:
    done = tilewright(root, "run", "nowhere.py")
    assert done.returncode == 1
    assert done.stderr == (
        "error: [TW1026] 'nowhere.py' does not exist\n  fix: give the path of a Python program\n"
    )


def test_run_prints_only_the_located_diagnostic(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import tilelang.language as T\nx = T.alloc_shard\n")
    done = tilewright(root, "run", "bad.py", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "bad.py:2:5: error: [TW1001] T.alloc_shard is not a TileLang name\n"
        "    x = T.alloc_shard\n"
        "        ^\n"
        "  fix: did you mean T.alloc_shared?\n"
    )


def test_run_passes_arguments_and_exit_status(root: Path, tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("import sys\nprint(sys.argv[1:])\nsys.exit(7)\n")
    done = tilewright(root, "run", "p.py", "--x", "1", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (7, "['--x', '1']\n")


def test_run_sets_the_device(root: Path, tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text(
        "from tilelang.utils.target import determine_target\n"
        "print(determine_target(return_object=True))\n"
    )
    done = tilewright(root, "run", "--device", "p150", "--cores", "4x2", "p.py", cwd=tmp_path)
    assert done.stdout == "tenstorrent -device=p150 -cores=4x2\n"


def test_an_error_of_the_program_shows_its_own_frames_only(root: Path, tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("def f():\n    return 1 // 0\nf()\n")
    done = tilewright(root, "run", "p.py", cwd=tmp_path)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr and "tilewright/" not in done.stderr


def test_syntax_error(root: Path, tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("def f(:\n")
    done = tilewright(root, "run", "p.py", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("p.py:1:7: error: ") and "Traceback" not in done.stderr


def test_compile_of_a_program_without_kernel(root: Path, tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text("print('nothing')\n")
    done = tilewright(root, "compile", "p.py", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "[TW1024] 'p.py' compiles no kernel" in done.stderr
    assert not (tmp_path / "out").exists()


def test_explain(root: Path) -> None:
    done = tilewright(root, "explain", "TW1012")
    assert done.returncode == 0
    assert done.stdout.startswith("TW1012 (integer-division)\n")
    assert "What to do: Write `//`" in done.stdout


def test_explain_lists_all_three_tables(root: Path) -> None:
    done = tilewright(root, "explain")
    for code in ("TW1001", "TW2001", "TW7001", "TW8101"):
        assert code in done.stdout


def test_sim_of_a_folder_without_plan(root: Path, tmp_path: Path) -> None:
    done = tilewright(root, "sim", str(tmp_path))
    assert done.returncode == 1
    assert "tt.plan.json' cannot be read" in done.stderr


def test_replay_compares_a_trace_with_its_record(root: Path) -> None:
    trace = root / "test/data/silicon/noc-traces/1x2_BLOCK_TO_2x4_HEIGHT.trace"
    done = tilewright(root, "replay", str(trace))
    assert done.returncode == 0, done.stderr
    recorded, simulated = (int(word) for word in done.stdout.splitlines()[1].split()[:2])
    assert recorded == 7320
    assert 0.87 < simulated / recorded < 1.13


def test_replay_names_a_trace_that_is_not_there(root: Path) -> None:
    done = tilewright(root, "replay", "nothing.trace")
    assert done.returncode == 1
    assert "[TW1026] 'nothing.trace' cannot be read" in done.stderr


FILES = {"reader.cpp": "// r\n", "tt.plan.json": "{}\n"}


def test_files_are_written_into_a_new_folder(tmp_path: Path) -> None:
    write_files(FILES, str(tmp_path / "a" / "b"))
    assert {p.name: p.read_text() for p in (tmp_path / "a" / "b").iterdir()} == FILES


def test_files_replace_older_ones_and_leave_others(tmp_path: Path) -> None:
    (tmp_path / "A.npy").write_text("data")
    (tmp_path / "reader.cpp").write_text("old")
    write_files(FILES, str(tmp_path))
    assert (tmp_path / "reader.cpp").read_text() == "// r\n"
    assert {p.name for p in tmp_path.iterdir()} == {"A.npy", *FILES}


def test_nothing_is_left_when_the_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(CompileError, match="TW1026.*'.*out' cannot be written"):
        write_files(FILES, str(tmp_path / "out"))
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_text() == "a file"


def test_nothing_is_left_when_one_file_cannot_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "tt.plan.json").mkdir()
    with pytest.raises(CompileError, match="TW1026"):
        write_files(FILES, str(tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == ["tt.plan.json"]


def test_nothing_is_left_when_the_parent_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CompileError, match="TW1026"):
        write_files(FILES, str(tmp_path / "file" / "out"))


def test_sim_without_the_library_says_what_to_build(monkeypatch: pytest.MonkeyPatch) -> None:
    from tilewright import programs
    from tilewright.diagnostics import TilewrightError

    monkeypatch.setattr(programs.os.path, "isfile", lambda path: False)
    with pytest.raises(TilewrightError, match="TW1090"):
        programs.find_sdk()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("sim", "p.py"), "'p.py' is no C++ source by its name"),
        (("report", "p.py"), "'p.py' is no folder"),
        (("report", "nowhere"), "'nowhere' does not exist"),
        (("compile", "p.py", "--after", "tt-infer-layout"), "--after tt-infer-layout says"),
        (("sim", "--device", "p150", "out"), "--device p150 has no meaning for 'out'"),
        (("sim", "--cores", "4x4", "out"), "--cores 4x4 has no meaning for 'out'"),
        (("sim", "out", "--no-data"), "'--no-data' has no meaning for 'out'"),
    ],
)
def test_what_a_command_cannot_take_is_an_error(
    root: Path, tmp_path: Path, args: tuple[str, ...], message: str
) -> None:
    (tmp_path / "p.py").write_text("print('nothing')\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "tt.plan.json").write_text("{}")
    done = tilewright(root, *args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"error: [TW1026] {message}" in done.stderr


def test_a_program_that_is_no_text(root: Path, tmp_path: Path) -> None:
    (tmp_path / "p.py").write_bytes(b"\x7fELF\0\0")
    done = tilewright(root, "run", "p.py", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("p.py: error: ") and "None" not in done.stderr


def test_tests_of_no_build_run_nothing(root: Path, tmp_path: Path) -> None:
    done = tilewright(root, "test", "--build-dir", str(tmp_path / "nothing"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"no build in '{tmp_path / 'nothing'}'; build first\n"


def test_replay_of_nothing_has_no_mean(root: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.trace").write_text("")
    done = tilewright(root, "replay", str(tmp_path / "empty.trace"))
    assert done.returncode == 1 and "mean error" not in done.stdout
