"""X1-X3: the examples of the seed, attribute names, dumps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tilelang
from tilelang import tenstorrent as tt
from tilewright import _compiler
from tilewright.diagnostics import TilewrightError

ROOT = Path(__file__).resolve().parents[2]


def test_X1_minimal_gemm(seed):
    plan = seed.plan(seed.gemm(256, 256, 256, 32, 32, 32))
    assert plan["work"]["launch_grid"] == [8, 8]


def test_X1_gemm_with_explicit_blocks(seed):
    plan = seed.plan(seed.gemm(512, 512, 512, 128, 128, 32))
    assert plan["work"]["launch_grid"] == [4, 4]
    sizes = {cb["buffer"]: cb["pages"] for cb in plan["circular_buffers"]}
    assert (sizes["left"], sizes["right"]) == (2 * 4, 2 * 4)


def test_X1_sizes_for_the_chip(seed):
    plan = seed.plan(seed.gemm(1024, 1024, 1024, 128, 128, 64))
    assert len(plan["work"]["per_core"]) == 64
    assert {c["count"] for c in plan["work"]["per_core"]} == {1}


def test_X1_diagonal_partition(seed):
    diagonal = {(c, c): [tt.WorkItem(c, c)] for c in range(4)}
    rest = [(i, j) for i in range(4) for j in range(4) if i != j]
    diagonal[(7, 7)] = rest
    plan = seed.plan(tt.with_work_partition(seed.elementwise(), diagonal))
    blocks = {tuple(c["core"]): c["blocks"] for c in plan["work"]["per_core"]}
    assert blocks[(2, 2)] == [10]
    assert blocks[(7, 7)] == [i * 4 + j for i, j in rest]


def test_X1_several_core_ranges(seed):
    func = tt.with_core_ranges(
        seed.elementwise(), [tt.CoreRange((0, 0), (1, 1)), tt.CoreRange((6, 6), (2, 2))]
    )
    plan = seed.plan(func)
    assert plan["core_ranges"] == [
        {"start": [0, 0], "end": [0, 0]},
        {"start": [6, 6], "end": [7, 7]},
    ]
    assert [c["count"] for c in plan["work"]["per_core"]] == [4, 3, 3, 3, 3]


def test_X1_examples_compile_without_swallowing_errors(tmp_path):
    from tilewright.cli import main

    for name in ("gemm.py", "add.py"):
        folder = tmp_path / name
        assert main(["compile", str(ROOT / "examples" / name), "-o", str(folder)]) == 0
        assert (folder / "tt.plan.json").exists()
    wrong = tmp_path / "wrong.py"
    wrong.write_text((ROOT / "examples" / "add.py").read_text().replace("T.copy(", "T.cpoy(", 1))
    (tmp_path / "report.py").write_text((ROOT / "examples" / "report.py").read_text())
    assert main(["compile", str(wrong), "-o", str(tmp_path / "none")]) == 1
    assert not (tmp_path / "none").exists()


def test_X2_attribute_names_are_defined_once():
    # Metadata is typed attributes of three dialects: each mnemonic has one definition,
    # and no pass sets a discardable attribute.
    mnemonics: dict[str, str] = {}
    for path in sorted((ROOT / "compiler" / "Dialect").rglob("*.td")):
        dialect = path.parent.name
        for name in re.findall(
            r"def \w+\s*:\s*(?:TT|Tile|Metalium)_Attr<\"\w+\",\s*\"(\w+)\">", path.read_text()
        ):
            key = f"{dialect}.{name}"
            assert key not in mnemonics, f"{key}: {mnemonics.get(key)} and {path.name}"
            mnemonics[key] = path.name
    assert {"TT.layout", "TT.cb", "TT.work", "TT.shard", "TT.order", "Metalium.arg"} <= set(
        mnemonics
    )
    for path in (ROOT / "compiler").rglob("*.cpp"):
        assert not re.search(r"setDiscardableAttr|->setAttr\(\"tt\.", path.read_text()), path


def test_X3_dump_after_every_pass(seed, tmp_path, monkeypatch):
    tt.enable_ir_debugging(str(tmp_path / "chosen"))
    try:
        tilelang.lower(seed.elementwise())
        names = sorted(p.name for p in (tmp_path / "chosen").iterdir())
        passes = _compiler.passes()
        assert [n for n in names if n.endswith(".mlir")] == ["00_initial.mlir"] + [
            f"{i + 1:02}_{p}.mlir" for i, p in enumerate(passes)
        ]
        assert "summary.txt" in names
        tt.disable_ir_debugging()
        monkeypatch.setenv("TT_DUMP_IR", "1")
        monkeypatch.setenv("TT_DUMP_IR_DIR", str(tmp_path / "never"))
        tilelang.lower(seed.elementwise())
        assert not (tmp_path / "never").exists()
        tt.reset_ir_debugging()
        tilelang.lower(seed.elementwise())
        assert (tmp_path / "never" / "summary.txt").exists()
        monkeypatch.setenv("TT_DUMP_IR_DIR", "/dev/null/dump")
        with pytest.raises(
            TilewrightError,
            match=r"^error: \[TW6017\] IR dump: cannot write a folder into '/dev/null'",
        ):
            tilelang.lower(seed.elementwise())
    finally:
        tt.reset_ir_debugging()


SCALAR = """
def main(A: T.Tensor((64, 64), "float32"), C: T.Tensor((64, 64), "float32")):
    with T.Kernel(2) as bx:
        x = T.alloc_shared((32, 64), "float32")
        T.copy(A[bx * 32, 0], x)
        for i in T.serial(32):
            x[i, (i * 7) % 64] = x[i, 0] * 3.0
        T.copy(x, C[bx * 32, 0])
"""


def test_X3_dumped_files_go_on_from_where_they_are(seed, tmp_path):
    for name, func in (("tiles", seed.gemm()), ("elements", seed.trace(SCALAR))):
        folder = tmp_path / name
        whole = seed.result(func, dump_dir=str(folder))
        assert whole.ok
        if name == "elements":
            (remark,) = [r for r in whole.remarks if r.code == "TW4043"]
            assert "runs element by element" in remark.message
            late = (folder / "07_tt-verify-stage-b.mlir").read_text()
            note = "only a whole program is tried element by element, not the IR after "
            assert seed.errors(late)[0][2][0] == note + "tt-verify-stage-b"
            folder /= "element_by_element"
        dumps = sorted(folder.glob("*.mlir"))
        assert len(dumps) == 1 + len(_compiler.passes(name == "elements"))
        for path in dumps[:: 2 if name == "tiles" else 1]:
            again = seed.result(path.read_text())
            assert again.ok and dict(again.files) == dict(whole.files), path


def test_X3_difference_and_summary(seed):
    steps = tt.trace_passes(seed.elementwise(), out_idx=[2])
    assert steps[0].name == "initial" and steps[-1].name == "tt-validate-split-kernels"
    names = [s.name for s in steps]
    diff = tt.show_diff(steps, 0, names.index("tt-infer-layout"))
    assert diff.startswith("--- initial\n+++ tt-infer-layout\n@@ ")
    assert "-" in diff and "#tile.scope<shared>" in diff and "+" in diff
    found = tt.analyze_kernels(steps)
    assert found["kernels_by_role"] == {
        "reader": ["reader"],
        "compute": ["compute"],
        "writer": ["writer"],
    }
    assert found["kernels"]["reader"]["intrinsics"]["cb_reserve_back"] == 2
    assert found["kernels"]["compute"]["intrinsics"]["add_tiles"] == 1
    assert found["statement_counts"]["writer"] > 4
    assert found["empty_bodies"] == [] and found["circular_buffers"] == ["cb_x", "cb_y", "cb_z"]
    # Of several launches each has its steps and kernels.
    twice = seed.trace("""
def main(A: T.Tensor((32, 32), "float32"), B: T.Tensor((32, 32), "float32")):
    for source, target in ((A, B), (B, A)):
        with T.Kernel(1):
            x = T.alloc_shared((32, 32), "float32")
            T.copy(source, x)
            T.copy(x, target)
""")
    both = tt.trace_passes(twice)
    assert [s.name for s in both if s.name.endswith("/initial")] == ["0/initial", "1/initial"]
    assert len(both) == 2 * len(steps) and both[-1].name == "1/tt-validate-split-kernels"
    assert tt.analyze_kernels(both)["kernels_by_role"]["writer"] == ["0/writer", "1/writer"]
    with pytest.raises(TilewrightError, match="Not enough IR history to show diff"):
        tt.show_diff(steps[:1])
    with pytest.raises(TilewrightError, match="Invalid pass indices"):
        tt.show_diff(steps, 0, 99)
