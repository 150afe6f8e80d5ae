"""`tilewright compile` up to a pass, one pass alone, and on from a file."""

from __future__ import annotations

import pytest
from tilewright.cli import main

PROGRAM = """
import tilelang
import tilelang.language as T

@T.prim_func
def copy(A: T.Tensor((32, 32), "bfloat16"), C: T.Tensor((32, 32), "bfloat16")):
    with T.Kernel(1):
        x = T.alloc_shared((32, 32), "bfloat16")
        T.copy(A, x)
        T.copy(x, C)

tilelang.compile(copy, out_idx=[-1])
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "copy.py"
    path.write_text(PROGRAM)
    return path


def test_stop_and_go_on(program, tmp_path, capsys):
    assert main(["compile", "--stop-after", "tt-verify-stage-b", str(program)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("// tilewright-ir: after=tt-verify-stage-b chip=n150")
    assert "tt.core_program" in text and "tile.launch" not in text
    stage = tmp_path / "stage.mlir"
    stage.write_text(text)
    assert main(["compile", "-o", str(tmp_path / "rest"), str(stage)]) == 0
    assert main(["compile", "-o", str(tmp_path / "whole"), str(program)]) == 0
    for name in ("reader.cpp", "compute.cpp", "writer.cpp"):
        rest, whole = ((tmp_path / d / name).read_text() for d in ("rest", "whole"))
        assert rest == whole
    capsys.readouterr()
    assert main(["compile", "--run-only", "tt-lower-shared-to-cb", str(stage)]) == 0
    assert "after=tt-lower-shared-to-cb" in capsys.readouterr().out


def test_options_may_stand_behind_the_file(program, tmp_path, capsys):
    assert main(["compile", str(program), "--stop-after=tt-verify-stage-b"]) == 0
    stage = tmp_path / "stage.mlir"
    stage.write_text(capsys.readouterr().out)
    assert stage.read_text().startswith("// tilewright-ir: after=tt-verify-stage-b")
    assert main(["compile", str(stage), "--run-only", "tt-lower-shared-to-cb"]) == 0
    assert "after=tt-lower-shared-to-cb" in capsys.readouterr().out
    assert main(["compile", str(program), "--stop-after", "tt-nothing"]) == 1
    assert "[TW6016]" in capsys.readouterr().err
    assert main(["compile", str(stage), "--stop-aft", "tt-verify-stage-c"]) == 1
    assert "[TW1026] '--stop-aft' stands behind" in capsys.readouterr().err
    # What stands behind "--" is the program's.
    program.write_text("import sys\nprint(sys.argv[1:])\n" + program.read_text())
    out = tmp_path / "out"
    assert main(["compile", str(program), "-o", str(out), "7", "--", "--strict", "-o"]) == 0
    assert "['7', '--strict', '-o']" in capsys.readouterr().out
    assert (out / "reader.cpp").exists()


def test_unknown_pass_lists_the_passes(program, capsys):
    assert main(["compile", "--stop-after", "tt-nothing", str(program)]) == 1
    err = capsys.readouterr().err
    assert "[TW6016] stop-after: the pipeline has no pass 'tt-nothing'" in err
    assert "fix: use one of tt-infer-layout" in err


def test_strict(program, tmp_path):
    assert main(["compile", "--strict", "-o", str(tmp_path / "out"), str(program)]) == 0
