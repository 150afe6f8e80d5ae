"""tilewright._compiler: options, results, diagnostics, tables, files on disk."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import tilewright
from tilewright import _compiler

FILES = ["CMakeLists.txt", "compute.cpp", "main.cpp", "reader.cpp", "tt.plan.json", "writer.cpp"]


def device_program(root: Path, **changes: str) -> str:
    """The emitters' test program with its upper-case words replaced."""
    words = {
        "SHAPE": "64x64xbf16",
        "PLANE": "0, 1",
        "FORMAT": "Float16_b",
        "PAGE": "2048",
        "UNPACK": "",
        "WORK": "launch = [2, 2, 1], cores = [2, 1], starts = [0, 2], counts = [2, 2]",
        **changes,
    }
    path = root / "test" / "compiler" / "Target" / "Host" / "Inputs" / "add.mlir"
    text = path.read_text(encoding="utf-8")
    # The first lines of the file are about the words.
    return re.sub(r"\b(" + "|".join(words) + r")\b", lambda m: words[m.group(1)], text)


def emit(ir: str, **options):
    return _compiler.compile(ir, {"emit_only": True, **options})


def test_six_files_and_checksums(root: Path) -> None:
    result = emit(device_program(root), name="sum")
    assert result.ok, [str(d) for d in result.diagnostics]
    assert sorted(result.files) == FILES
    plan = json.loads(result.files["tt.plan.json"])
    assert plan["name"] == "sum"
    for entry in plan["kernels"] + plan["host_files"]:
        text = result.files[entry["file"]].encode()
        assert hashlib.sha256(text).hexdigest() == entry["sha256"]


def test_plan_satisfies_schema(root: Path) -> None:
    import jsonschema

    schema = json.loads((root / "docs/reference/plan.schema.json").read_text(encoding="utf-8"))
    plan = json.loads(emit(device_program(root)).files["tt.plan.json"])
    jsonschema.validate(plan, schema, jsonschema.Draft202012Validator)


def test_same_input_same_bytes(root: Path) -> None:
    ir = device_program(root)
    assert emit(ir).files == emit(ir).files


def test_l1_addresses_do_not_overlap(root: Path) -> None:
    plan = json.loads(emit(device_program(root)).files["tt.plan.json"])
    end = plan["l1"]["base"]
    for cb in plan["circular_buffers"]:
        assert cb["l1_address"] % 32 == 0 and cb["l1_address"] >= end
        end = cb["l1_address"] + cb["bytes"]
    assert plan["l1"]["used"] == end - plan["l1"]["base"] <= plan["l1"]["capacity"]


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        ({"chip": "n151"}, "TW6016", "there is no chip 'n151'"),
        ({"chip": 3}, "TW6016", "option 'chip' is 3, not a string"),
        ({"core_grid": [0, 1]}, "TW6016", "a core grid of 0x1 is not on n150"),
        ({"core_grid": "8x8"}, "TW6016", "option 'core_grid' is '8x8', not [columns, rows]"),
        ({"metalium_api": "2020-01"}, "TW6014", "there is no TT-Metalium API generation '2020-01'"),
        ({"math_fidelity": "HiFi5"}, "TW6016", "there is no math fidelity 'HiFi5'"),
        ({"colour": "red"}, "TW6016", "there is no option 'colour'"),
    ],
)
def test_bad_options(options: dict, code: str, text: str) -> None:
    result = _compiler.compile("module {}", options)
    assert not result.ok and not result.files
    (found,) = result.diagnostics
    assert (found.severity, found.code, found.message) == ("error", code, text)
    assert any(note.startswith("fix: ") for note in found.notes)


def test_located_error_of_malformed_text(tmp_path: Path) -> None:
    result = _compiler.compile("module {\n  nonsense\n}\n", {}, "bad.mlir")
    (found,) = result.diagnostics
    assert (found.code, found.file, found.line, found.column) == ("TW6015", "bad.mlir", 2, 3)


@pytest.mark.parametrize("text", ["", "\0", "é" * 50, "module {", "}" * 100, "%" * 9, "#a = " * 9])
def test_no_text_crashes(text: str) -> None:
    result = _compiler.compile(text, {})
    assert not result.ok
    assert all(re.fullmatch(r"TW\d{4}", d.code) for d in result.diagnostics)
    assert result.diagnostics


@pytest.mark.parametrize("text", ["module {" * 50000, "#a = " + "[" * 200000])
def test_deep_nesting_is_an_error(text: str) -> None:
    (found,) = _compiler.compile(text, {}).diagnostics
    assert (found.code, found.message) == ("TW6015", "brackets are nested deeper than 200")


def test_write_files_is_whole_or_nothing(tmp_path: Path) -> None:
    files = {"a.txt": "one\n", "b.txt": "two\n"}
    folder = tmp_path / "new" / "out"
    assert _compiler.write_files(str(folder), files) is None
    assert {p.name: p.read_text() for p in folder.iterdir()} == files
    assert os.listdir(tmp_path / "new") == ["out"]

    (folder / "b.txt").unlink()
    (folder / "b.txt").mkdir()
    assert "b.txt" in _compiler.write_files(str(folder), {"a.txt": "new\n", "b.txt": "new\n"})
    assert (folder / "a.txt").read_text() == "one\n"
    assert "a.txt" in _compiler.write_files(str(folder / "a.txt" / "x"), files)
    assert sorted(os.listdir(tmp_path)) == ["new"]


def test_tables() -> None:
    rows = _compiler.diagnostic_catalogue()
    codes = [code for code, *_ in rows]
    assert codes == sorted(set(codes)) and all(len(row) == 4 for row in rows)
    assert all(all(part for part in row) for row in rows)
    assert _compiler.chips()["n150"]["arch"] == "wormhole_b0"
    passes = _compiler.passes()
    assert passes[0] == "tt-infer-layout" and len(passes) == len(set(passes))
    cb = {call["name"] for call in _compiler.intrinsics("cb")}
    assert "metalium.cb_push_back" in cb and cb < {c["name"] for c in _compiler.intrinsics()}


def test_threads_compile_at_once(root: Path) -> None:
    ir = device_program(root)
    expected = emit(ir).files
    results: list = []
    threads = [threading.Thread(target=lambda: results.append(emit(ir).files)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_module_needs_no_shared_llvm() -> None:
    text = subprocess.run(["ldd", _compiler.__file__], capture_output=True, text=True).stdout
    assert "MLIR" not in text and "LLVM" not in text
    code = "import sys; from tilewright import _compiler; print('numpy' in sys.modules)"
    # Not sys.path as it is: other tests put folders of programs in front.
    places = [os.environ.get("PYTHONPATH", ""), str(Path(tilewright.__file__).parents[1])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in places if p)}
    subprocess.run([sys.executable, "-c", code], check=True, env=env)


KEPT_ERROR = """
import ctypes, sys
import numpy as np
import tilewright, tilelang
import tilelang.language as T
from tilewright.diagnostics import TilewrightError

@T.prim_func
def unread(A: T.Tensor((64, 64), "float32"), C: T.Tensor((64, 64), "float32")):
    with T.Kernel(1) as bx:
        s = T.alloc_shared((64, 64), "float32")
        T.copy(s, C)

@T.prim_func
def wrong(A: T.Tensor((4,), "int32"), C: T.Tensor((4,), "int32")):
    with T.Kernel(1) as bx:
        T.device_assert(A[0] == 1, "A starts with 1")
        for i in T.Parallel(4):
            C[i] = A[i]

kernel = tilelang.compile(wrong, out_idx=[1])
for fails in (lambda: tilelang.compile(unread, out_idx=[1]), lambda: kernel(np.zeros(4, np.int32))):
    try:
        fails()
        sys.exit("nothing failed")
    except TilewrightError as error:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(error))
"""


def test_a_kept_error_keeps_nothing_of_the_modules(tmp_path: Path) -> None:
    """An error whose frames live until the interpreter ends, as a test runner keeps it."""
    program = tmp_path / "kept.py"
    program.write_text(KEPT_ERROR, encoding="utf-8")
    # Not sys.path as it is: other tests put folders of programs in front.
    places = [os.environ.get("PYTHONPATH", ""), str(Path(tilewright.__file__).parents[1])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in places if p)}
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "leaked" not in done.stderr
